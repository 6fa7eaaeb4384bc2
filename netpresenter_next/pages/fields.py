"""Form fields that several pages use."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import NumberRange

from netpresenter_next.lib.text import parse_whole_number
from netpresenter_next.lib.translation import gettext as _


class NumberField(IntegerField):
    """A whole number between two bounds, with one message for every invalid value."""

    def __init__(self, label: str, least: int, most: int, **options: Any) -> None:
        self._bounds = least, most
        advice = _(
            "Enter a whole number from %(least)s to %(most)s.", least=least, most=most
        )
        super().__init__(label, [NumberRange(least, most, advice)], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else becomes None and fails the validator."""
        typed = valuelist[0].strip() if valuelist else None
        self.data = parse_whole_number(typed, *self._bounds)
