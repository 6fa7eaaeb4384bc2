"""Why lines of an import were refused, in the reader's language.

Reasons are stored in English, as files and commands show them.  A page finds the
sentence of a reason here, and translates it; one that is not here stays in English.
"""

import re
from functools import cache

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, ngettext
from netpresenter_next.pages.settings import people_csv

# What somebody may not be called, which a sentence below has as ``fault``.
_FAULTS = (
    marked("is empty"),
    marked("is longer than %(limit)s characters"),
    marked("starts or ends with a space"),
    marked("contains the invisible character %(code)s"),
)
_OF_FIELDS = (
    marked("Enter one e-mail address, such as jan@example.org."),
    marked("Enter a telephone number, such as +31 20 123 45 67."),
    marked("Enter at most %(most)s characters."),
)
_SENTENCES = (
    marked("It contains a NUL character."),
    marked("There is no userName."),
    marked("Line %(before)s has the same userName."),
    marked("active must be true or false."),
    marked("The userName %(fault)s."),
    marked("Another account has the user name %(name)s."),
    marked("You cannot disable yourself."),
    marked(
        "Microsoft Entra ID manages %(user_name)s: make the change there, and the next "
        "provisioning cycle brings it here."
    ),
    marked(
        "%(user_name)s is the last administrator with a local password: make another "
        "one first."
    ),
    marked(
        "%(user_name)s is the last administrator with emergency access: grant it to "
        "another one first."
    ),
)
_ONE_VALUE = "It has %(num)s value, but there are %(titles)s titles."
_VALUES = "It has %(num)s values, but the number of titles is %(titles)s."
_COLUMN = "|".join(map(re.escape, people_csv.TITLES.values()))
# Each reason of a field begins with its column.
_NEXT_FIELD = re.compile(rf"(?<=[.!?]) (?=(?:{_COLUMN}): )")
_OF_FIELD = re.compile(rf"({_COLUMN}): (.+)", re.DOTALL)


def translate(reason: str) -> str:
    """Return a stored reason in the language of the request."""
    parts = _NEXT_FIELD.split(reason)
    fields = [_OF_FIELD.fullmatch(each) for each in parts]
    said = [f"{each[1]}: {_say(each[2], _OF_FIELDS)}" for each in fields if each]
    if len(said) == len(parts):
        return " ".join(said)
    for form in (_ONE_VALUE, _VALUES):
        if found := _compile(form).fullmatch(reason):
            number, titles = int(found["num"]), found["titles"]
            return ngettext(_ONE_VALUE, _VALUES, number, titles=titles)
    return _say(reason, _SENTENCES)


def _say(text: str, sentences: tuple[str, ...]) -> str:
    """Return a text in the reader's language, if it is one of the sentences."""
    for each in sentences:
        if found := _compile(each).fullmatch(text):
            values = found.groupdict()
            if "fault" in values:
                values["fault"] = _say(values["fault"], _FAULTS)
            return _(each, **values)
    return text


@cache
def _compile(sentence: str) -> re.Pattern[str]:
    """Return the pattern of the texts that a sentence with placeholders makes."""
    pieces = re.split(r"%\((\w+)\)s", sentence)
    # A user name may say anything, so what is counted must be a number.
    values = dict.fromkeys(("num", "titles", "before"), "[0-9]{1,9}")
    pattern = "".join(
        f"(?P<{each}>{values.get(each, '.*')})" if number % 2 else re.escape(each)
        for number, each in enumerate(pieces)
    )
    return re.compile(pattern, re.DOTALL)
