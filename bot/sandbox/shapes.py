"""Shapes of parameters: each reads one value as Telegram would, or says what it should be.

Telegram takes every parameter as text too (forms know nothing else), so numbers, truth values and
whole objects are read from their text as well. Fields that no method knows are refused here, while
Telegram ignores them: the sandbox is for finding mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
Shape = Callable[[Any], Any]

_WHOLE = re.compile(r"-?\d{1,19}")
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Mistyped(ValueError):
    """The value is not of the shape; the text says what it must be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    mime_type: str
    data: bytes


def whole(value: Any) -> int:
    """An integer of 64 bits, or its decimal text."""
    if type(value) is int:
        number = value
    elif isinstance(value, str) and _WHOLE.fullmatch(value):
        number = int(value)
    else:
        raise Mistyped("must be an Integer")
    if not -(2**63) <= number < 2**63:
        raise Mistyped("must be an Integer of 64 bits")
    return number


def text(value: Any) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise Mistyped("must be a String")


def flag(value: Any) -> bool:
    """A truth value, or a word for it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise Mistyped("must be a Boolean")


def chat(value: Any) -> int | str:
    """A chat id, or a `@username`."""
    if isinstance(value, str) and value.startswith("@"):
        return value
    try:
        return whole(value)
    except Mistyped:
        raise Mistyped("must be an Integer or a @username") from None


def file(value: Any) -> Upload | str:
    """An uploaded file, or the id of one that is already here."""
    if isinstance(value, Upload | str):
        return value
    raise Mistyped("must be a file or a file_id")


def not_offered(_value: Any) -> Any:
    """A parameter Telegram knows and the sandbox does not; whatever its value, it is refused."""
    raise Mistyped("is not offered by the sandbox")


def word_of(*words: str) -> Shape:
    """One of the given words."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise Mistyped(f"must be one of {', '.join(words)}")

    return read


def array(of: Shape) -> Shape:
    """A list whose every element has the shape `of`."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Mistyped("must be an Array")
        return [_within(f"[{index}]", of, element) for index, element in enumerate(value)]

    return read


def record(
    needs: Mapping[str, Shape] | None = None, takes: Mapping[str, Shape] | None = None
) -> Shape:
    """An object with all fields of `needs`, perhaps those of `takes`, and no others."""
    needs, takes = needs or {}, takes or {}
    shapes = {**needs, **takes}

    def read(value: Any) -> Json:
        if not isinstance(value, dict):
            raise Mistyped("must be an Object")
        for name in needs:
            if name not in value:
                raise Mistyped(f'lacks the field "{name}"')
        return {name: _within(name, _known(shapes, name), field) for name, field in value.items()}

    return read


def encoded(of: Shape) -> Shape:
    """The shape `of`, itself or as its JSON text."""

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            return of(value)
        try:
            decoded = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise Mistyped("is not JSON") from None
        return of(decoded)

    return read


def _known(shapes: Mapping[str, Shape], name: str) -> Shape:
    if name not in shapes:
        raise Mistyped(f'has an unknown field "{name}"')
    return shapes[name]


def _within(name: str, shape: Shape, value: Any) -> Any:
    try:
        return shape(value)
    except Mistyped as error:
        raise Mistyped(f"{name} {error}") from None
