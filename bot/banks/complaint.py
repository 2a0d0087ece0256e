"""What the shape has against a file, in plain words: what is wrong, and what it should be."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.banks.characters import shown
from bot.banks.document import BankEntry

Place = tuple[str | int, ...]


def complaint(error: ErrorDetails) -> str:
    """One sentence on one error of the shape, such as "`seconds` is `20`; it should be …"."""
    place = error["loc"]
    if error["type"] == "extra_forbidden":
        return _unknown(place)
    return f"{_subject(place)} {_wrong(error)}; {_aim(place)}"


def _subject(place: Place) -> str:
    """The field by its name, and the number of the entry in a list."""
    if not place:
        return "the file"
    last = place[-1]
    if isinstance(last, str):
        return f"`{last}`"
    if place[:-1] == ("questions",):
        return f"question {last + 1}"
    return f"`{place[-2]}`, entry {last + 1},"


def _wrong(error: ErrorDetails) -> str:
    value = error["input"]
    match error["type"]:
        case "missing":
            return "is missing"
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_too_short" | "string_too_long" if value:
            return _counted(len(value.strip()), "character", "characters")
        case "too_short" | "too_long":
            return _counted(len(value), "entry", "entries")
    return _is(value)


def _counted(number: int, one: str, many: str) -> str:
    return f"has {number} {one if number == 1 else many}"


def _is(value: object) -> str:
    """What a value of the wrong type is, and the slip of the pen that often makes it so."""
    if isinstance(value, dict):
        return "is a mapping (a text that holds `: ` takes quotes)"
    if isinstance(value, list):
        return "is a list (a text that begins with `[` or `- ` takes quotes)"
    return f"is {shown(str(value))}" if value else "is empty"


def _aim(place: Place) -> str:
    names = [step for step in place if isinstance(step, str)]
    field = _model(names[:-1]).model_fields[names[-1]] if names else None
    whole = not names or isinstance(place[-1], int)
    mapping = _mapping(field) if whole else None
    if field is None or mapping is not None:
        return f"it should be a mapping of {_names(mapping or BankEntry)}"
    return f"it should be {field.description}"


def _unknown(place: Place) -> str:
    fields = _model([step for step in place[:-1] if isinstance(step, str)]).model_fields
    name = str(place[-1])
    near = get_close_matches(name[:40], fields, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"it should be one of {', '.join(fields)}"
    return f"{shown(name)} is no field here; {hint}"


def _names(model: type[BaseModel]) -> str:
    fields = model.model_fields.items()
    return ", ".join(f"`{name}`" for name, field in fields if field.is_required())


def _model(names: Sequence[str]) -> type[BaseModel]:
    """The mapping of the shape that the fields of these names lead into, from the file inwards."""
    model: type[BaseModel] = BankEntry
    for name in names:
        model = _mapping(model.model_fields[name]) or model
    return model


def _mapping(field: FieldInfo | None) -> type[BaseModel] | None:
    """The mapping that a field holds, alone or in a list; None if it holds none."""
    kind = field.annotation if field else None
    for candidate in (kind, *get_args(kind)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None
