"""The two fonts that every page is checked in, on every machine.

A page must look right in any font, and fonts differ in line height and word width. So
a narrow and a wide family are used, which Debian has in small packages, and macOS and
Windows have similar ones. The line heights are those of the lowest and the tallest font
that ``system-ui`` and ``sans-serif`` usually select: Helvetica and Noto Sans, which
Segoe UI is close to.
"""

PACKAGES = ("fonts-liberation", "fonts-dejavu-core")
FONTS = {
    "low": (
        ("Liberation Sans", "Arimo", "Arial"),
        {"ascentOverride": "77%", "descentOverride": "23%", "lineGapOverride": "0%"},
    ),
    "tall": (
        ("DejaVu Sans", "Verdana"),
        {"ascentOverride": "107%", "descentOverride": "29%", "lineGapOverride": "0%"},
    ),
}
# The policy of the pages forbids inline styles, but not a sheet made by a script.
APPLY_FONT = """
async ([name, families, metrics]) => {
  const faces = [["", "normal"], [" Bold", "bold"]].map(([style, weight]) => {
    const source = families.map((each) => `local("${each}${style}")`).join();
    return new FontFace(name, source, { weight, ...metrics });
  });
  try { await Promise.all(faces.map((face) => face.load())); } catch { return false; }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { font-family: "${name}" !important; }`);
  faces.forEach((face) => document.fonts.add(face));
  document.adoptedStyleSheets = [sheet];
  return true;
}
"""


def apply_font(page, name):
    """Apply a font to the whole page; return whether the browser finds it."""
    return page.evaluate(APPLY_FONT, [name, *FONTS[name]])


def missing(page):
    """Return the families of which the browser finds no name."""
    return [
        families for name, (families, _) in FONTS.items() if not apply_font(page, name)
    ]
