"""A method of the Bot API: its name, its parameters, and what it does to the world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json, Mistyped, Shape
from bot.sandbox.world import World

Run = Callable[[World, Json], Any | Awaitable[Any]]

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "file_id": "file_id not specified",
    "voice": "there is no voice in the request",
    "video_note": "there is no video note in the request",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "action": "wrong parameter action in request",
}


@dataclass(frozen=True, slots=True)
class Method:
    """`run` gets the world and the typed parameters; what it returns is the result."""

    name: str
    run: Run
    needs: Mapping[str, Shape] = field(default_factory=dict)
    takes: Mapping[str, Shape] = field(default_factory=dict)

    def read(self, given: Json) -> Json:
        """The parameters of one request, typed; an empty one counts as absent, as with Telegram.

        Raises Refusal (400) for an unknown, mistyped or missing parameter.
        """
        read: Json = {}
        for name, value in given.items():
            shape = self.needs.get(name) or self.takes.get(name)
            if shape is None:
                raise bad_request(f'unknown parameter "{name}"')
            if value is not None and value != "":
                read[name] = _typed(name, shape, value)
        for name in self.needs:
            if name not in read:
                raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
        return read


def _typed(name: str, shape: Shape, value: Any) -> Any:
    try:
        return shape(value)
    except Mistyped as error:
        raise bad_request(f'parameter "{name}" {error}') from None
