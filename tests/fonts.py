"""The two fonts that every page is checked in, whatever else the machine has.

A page must hold in any font, and fonts differ in how high a line is and how wide a
word. So the letters are those of a narrow and of a wide family: Debian has small
packages of them, and macOS and Windows have their like. The height of the line is set
to that of the lowest and of the tallest font that ``system-ui`` and ``sans-serif``
often stand for: of Helvetica, and of Noto Sans, which Segoe UI comes near to.
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
# The policy of the pages forbids inline style; a sheet that a script makes is none.
WEAR = """
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


def wear(page, name):
    """Set the whole page in a font; return whether the browser finds it."""
    return page.evaluate(WEAR, [name, *FONTS[name]])


def missing(page):
    """Return the families that the browser does not find, by any of their names."""
    return [families for name, (families, _) in FONTS.items() if not wear(page, name)]
