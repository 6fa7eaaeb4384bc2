"""Responses that are produced while they are sent."""

from collections.abc import Iterator
from typing import Any, TypeVar, cast

from flask import Flask, current_app

Part = TypeVar("Part", str, bytes)


def in_application(parts: Iterator[Part]) -> Iterator[Part]:
    """Return the parts, each of which may read the database.

    Unlike with Flask's ``stream_with_context``, no context stays pushed between two
    parts, so a response that is not sent to its end leaves nothing behind.
    """
    app: Flask = cast(Any, current_app)._get_current_object()

    def generate() -> Iterator[Part]:
        while True:
            with app.app_context():
                part = next(parts, None)
            if part is None:
                return
            yield part

    return generate()
