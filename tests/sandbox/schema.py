"""Checks requests, answers and updates against the Bot API's published schema, where it is at hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

Json = dict[str, Any]

LEFT_OUT = (
    "left out: no Bot API schema here; set SPRUNG_BOTAPI to a botapi-10.0.json "
    "to check every request and answer against it"
)

_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_RANGE = re.compile(r"[Vv]alues between (\d+)-(\d+)")
_CONSTANT = re.compile(r"(?:always \"|must be (?=[a-z_]+$))([a-z_]+)\"?")
_CHOICE = re.compile(r"(?:one of|can be either) ((?:\"[^\"]+\"(?: \([^)]*\))?(?:, | or )?)+)")
_ARRAY = "Array of "
_SCALARS: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
}
_PARSED = {"text": "parse_mode", "caption": "parse_mode", "quote": "quote_parse_mode"}


def schema_path() -> Path | None:
    """Where the schema is: SPRUNG_BOTAPI, else `shared/botapi` beside the repository."""
    if "SPRUNG_BOTAPI" in os.environ:
        return Path(os.environ["SPRUNG_BOTAPI"])
    beside = Path(__file__).parents[3] / "shared" / "botapi" / "botapi-10.0.json"
    return beside if beside.is_file() else None


class BotApiSchema:
    """The schema; every check returns what is wrong, one line each, with the path to it."""

    def __init__(self, path: Path) -> None:
        schema = orjson.loads(path.read_bytes())
        self._methods: dict[str, Json] = schema["methods"]
        self._types: dict[str, Json] = schema["types"]

    def fields_of(self, method: str) -> list[Json]:
        """The parameters of a method, as the schema describes them."""
        fields: list[Json] = self._methods[method].get("fields", [])
        return fields

    def check_request(self, method: str, params: Json) -> list[str]:
        """What is wrong with the parameters; nested ones may be given as JSON text."""
        known = self._methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        return list(self._fields(method, known.get("fields", []), params, from_bot=True))

    def check_answer(self, method: str, result: Any) -> list[str]:
        """What is wrong with the `result` of a successful answer."""
        known = self._methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        return self._best(f"{method} answer", known["returns"], result, from_bot=False)

    def check_update(self, update: Json) -> list[str]:
        """What is wrong with an update."""
        problems = list(self._object("update", "Update", update, from_bot=False))
        if len(update) != 2:
            problems.append(f"update: holds {sorted(update)}, not an id and one content")
        return problems

    def _fields(
        self, where: str, fields: list[Json], value: Json, *, from_bot: bool
    ) -> Iterator[str]:
        known = {field["name"]: field for field in fields}
        for name in value.keys() - known.keys():
            yield f"{where}: unknown field {name}"
        for name, field in known.items():
            if name in value:
                there = f"{where}.{name}"
                yield from self._best(there, field["types"], value[name], from_bot=from_bot)
                yield from _described(there, field, value)
            elif field["required"]:
                yield f"{where}: lacks {name}"

    def _best(self, where: str, kinds: list[str], value: Any, *, from_bot: bool) -> list[str]:
        """The problems of the alternative that fits best."""
        tried = [list(self._value(where, kind, value, from_bot=from_bot)) for kind in kinds]
        return min(tried, key=len)

    def _value(self, where: str, kind: str, value: Any, *, from_bot: bool) -> Iterator[str]:
        if from_bot and isinstance(value, str) and kind not in ("String", "InputFile"):
            value = _decoded(value)
        if kind.startswith(_ARRAY):
            yield from self._array(where, kind, value, from_bot=from_bot)
        elif kind in _SCALARS:
            if not _is_scalar(kind, value):
                yield f"{where}: {value!r} is no {kind}"
        elif kind == "InputFile":
            if not isinstance(value, dict) or "file_size" not in value:
                yield f"{where}: {value!r} is no uploaded file"
        else:
            yield from self._object(where, kind, value, from_bot=from_bot)

    def _array(self, where: str, kind: str, value: Any, *, from_bot: bool) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no {kind}"
            return
        for index, element in enumerate(value):
            of = kind.removeprefix(_ARRAY)
            yield from self._value(f"{where}[{index}]", of, element, from_bot=from_bot)

    def _object(self, where: str, kind: str, value: Any, *, from_bot: bool) -> Iterator[str]:
        known = self._types[kind]
        if "subtypes" in known:
            yield from self._best(where, known["subtypes"], value, from_bot=from_bot)
        elif not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind}"
        else:
            fields = known.get("fields", [])
            yield from self._fields(where, fields, value, from_bot=from_bot)


def _decoded(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _is_scalar(kind: str, value: Any) -> bool:
    is_truth = isinstance(value, bool)
    return isinstance(value, _SCALARS[kind]) and is_truth == (kind in ("Boolean", "True"))


def _described(where: str, field: Json, siblings: Json) -> Iterator[str]:
    """What the description of a field says of its value: length, range, constant, choice."""
    text, value = field["description"], siblings[field["name"]]
    parsed = siblings.get(_PARSED.get(field["name"], ""))
    if isinstance(value, str):
        if (length := _LENGTH.search(text)) and not parsed:
            yield from _measured(where, length, value)
        if (constant := _CONSTANT.search(text)) and value != constant.group(1):
            yield f"{where}: {value!r} must be {constant.group(1)!r}"
        if choice := _CHOICE.search(text):
            words = re.findall(r"\"([^\"]+)\"", choice.group(1))
            if value not in words:
                yield f"{where}: {value!r} is none of {words}"
    elif isinstance(value, int) and (span := _RANGE.search(text)):
        least, most = map(int, span.groups())
        if not least <= value <= most:
            yield f"{where}: {value} is not within {least}-{most}"


def _measured(where: str, length: re.Match[str], value: str) -> Iterator[str]:
    least, most, unit = int(length.group(1)), int(length.group(2)), length.group(3)
    size = len(value.encode()) if unit == "bytes" else len(value)
    if not least <= size <= most:
        yield f"{where}: {size} {unit}, not {least}-{most}"
