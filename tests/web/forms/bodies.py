"""Bodies that somebody may send to a page instead of its form."""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

FORM = "application/x-www-form-urlencoded"
NO_FORM, NO_TEXT, TOO_LARGE = 415, 400, 413
DEEP = 30_000
DIGITS = "9" * 400
FIELDS = [
    *("user_name", "password", "code", "label", "version", "page"),
    *("idle_minutes", "absolute_hours", "secret_expires_on", "audit_days"),
    *("provisioning_days", "backup_folder", "backup_hour", "backups_kept"),
]


@dataclass(frozen=True)
class Body:
    """Bytes and their headers; ``status`` is the expected refusal, None for a form."""

    data: bytes
    content_type: str | None = FORM
    status: int | None = NO_FORM
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_form(self):
        """Tell whether pages accept the body."""
        return self.status is None

    def with_token(self, token):
        """Return the bytes, with a token as a field if they are form fields."""
        is_of_fields = (self.content_type or "").lower().startswith(FORM)
        return b"csrf_token=%s&%s" % (token, self.data) if is_of_fields else self.data


def _multipart(name, value, more=""):
    part = f'Content-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}'
    return f"--x\r\n{part}\r\n--x--\r\n".encode()


def _json(value):
    return Body(json.dumps(value).encode(), "application/json")


NAMES_AND_NUMBERS = "&".join(f"{name}={DIGITS}" for name in FIELDS).encode()
NO_FORMS = {
    "a list in JSON": _json([1]),
    "a number in JSON": _json(5),
    "null in JSON": _json(None),
    "an object in JSON": _json({"user_name": {"a": 1}, "password": ["x"]}),
    "a form in JSON": _json({"user_name": "ada", "password": "x"}),
    "a lone surrogate in JSON": _json("\ud800"),
    "a lone surrogate in an object": _json({"user_name": "\ud800", "password": "x"}),
    "deep lists": Body(b"[" * DEEP, "application/json"),
    "deep objects": Body(b'{"a":' * 10_000, "application/json"),
    "400 digits in JSON": Body(DIGITS.encode(), "application/json"),
    "nothing as JSON": Body(b"", "application/json"),
    "JSON by a suffix": Body(b"[1]", "application/problem+json"),
    "JSON of SCIM": Body(b"[1]", "application/scim+json"),
    "multipart": Body(
        _multipart("user_name", "ada"), "multipart/form-data; boundary=x"
    ),
    "a file": Body(
        _multipart("user_name", "ada", '; filename="a"'),
        "multipart/form-data; boundary=x",
    ),
    "multipart without a boundary": Body(b"--x", "multipart/form-data"),
    "text": Body(b"user_name=ada&password=x", "text/plain"),
    "no type": Body(b"user_name=ada&password=x", None),
    "half a type": Body(b"user_name=ada", ";"),
    "two types": Body(b"user_name=ada", f"{FORM}, application/json"),
    "UTF-16": Body("user_name=ada".encode("utf-16"), f"{FORM}; charset=utf-16"),
    "another charset": Body(b"user_name=ada", f"{FORM}; charset=iso-8859-1"),
    "two charsets": Body(b"user_name=ada", f"{FORM}; charset=utf-8; charset=utf-7"),
    "compressed": Body(
        zlib.compress(b"user_name=ada"), headers={"Content-Encoding": "deflate"}
    ),
}
NO_TEXTS = {
    "a surrogate": Body(b"user_name=%ED%A0%80&password=%ED%A0%80", status=NO_TEXT),
    "bytes of Latin-1": Body(b"user_name=%E9", status=NO_TEXT),
    "raw bytes": Body(b"user_name=\xff\xfe", status=NO_TEXT),
    "an overlong slash": Body(b"user_name=%C0%AF", status=NO_TEXT),
    "a name that is no text": Body(b"%FF=1", status=NO_TEXT),
    "NUL": Body(b"user_name=%00&password=a%00b", status=NO_TEXT),
    "NUL in a name": Body(b"user%00name=1", status=NO_TEXT),
    "raw NUL": Body(b"user_name=\0", status=NO_TEXT),
    "too many fields": Body(b"a=1&" * 600, status=NO_TEXT),
    "too large": Body(b"user_name=" + b"x" * 70_000, status=TOO_LARGE),
}
FORMS = {
    "empty": Body(b"", None, None),
    "an empty form": Body(b"", status=None),
    "a form with charset": Body(b"a=%C3%A9", f'{FORM};charset="UTF-8"', None),
    "a form type in upper case": Body(b"a=b", FORM.upper(), None),
    "400 digits": Body(NAMES_AND_NUMBERS, status=None),
    "digits of another script": Body(
        NAMES_AND_NUMBERS.replace(b"9", b"%D9%A3"), FORM, None
    ),
    "a field many times": Body(b"user_id=x&" * 400, status=None),
    "no fields": Body(b"&&&;;;==&=&%", status=None),
    "names of internals": Body(b"__class__=1&constructor=1&0=1", status=None),
    "an invalid sealed form": Body(b"sealed_form=gAAAA", status=None),
    "a long field": Body(b"user_name=" + b"x" * 60_000, status=None),
}
HOSTILE = {**NO_FORMS, **NO_TEXTS, **FORMS}

BOMB = urlsafe_b64encode(zlib.compress(bytes(10_000_000))).rstrip(b"=").decode()
_SIGNED = "aAAAAA." + "A" * 27
COOKIES = {
    "nothing": "npn_session=",
    "8 kB": "npn_session=" + "x" * 8_192,
    "bad base64": "npn_session=!!!.!!!.!!!",
    "percent signs": "npn_session=%%%",
    "a bad signature": f"npn_session=eyJfdXNlcl9pZCI6IngifQ.{_SIGNED}",
    "half a stream": "npn_session=.eJzt.x.y",
    "a bomb": f"npn_session=.{BOMB}.{_SIGNED}",
    "two": "npn_session=a.b.c; npn_session=a.b.cx",
    "no pairs": ";;;===;\t",
    "bytes": "npn_session=\xff\xfe; npn_browser=\x80",
    "a bomb of a browser": f"npn_browser=.{BOMB}.{_SIGNED}",
    "many": "; ".join(f"a{number}=b" for number in range(500)),
}

QUERIES = {
    "raw bytes": "next=\xff&q=\xff&page=\xff&v=\xff&state=\xff",
    "Latin-1": "next=%E9&q=%E9&page=%E9&state=%E9",
    "a surrogate": "next=%ED%A0%80&q=%ED%A0%80&sid=%ED%A0%80%ED%A0%80%ED%A0%80",
    "NUL": "next=%00&q=%00&page=%00&sid=%00%00%00%00%00%00%00%00&reference=%00",
    "thousands of fields": "a=1&" * 5_000,
}
ODD_QUERIES = {
    "400 digits": f"page={DIGITS}&code={DIGITS}&state={DIGITS}",
    "5,000 digits": f"page={'9' * 5_000}",
    "a long one": "q=" + "x" * 30_000 + "&next=/" + "y" * 1_000,
    "no pairs": "&&;;==%%%",
}
