"""The record of every request and its answer, and of what the bot did wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from bot.sandbox.shapes import Json

_VIOLATION_LIMIT = 10_000


@dataclass(slots=True)
class Entry:
    """One request: its parameters as they were read, and the answer as it was sent.

    Both are kept as JSON text: fifty thousand of them as objects would slow every request down,
    by what the garbage collector has to look through. A status of 0 is a connection that was
    reset. `delivered` tells of a request that met a fault whether it was carried out all the same.
    """

    method: str
    given: bytes
    status: int
    body: bytes
    at: int  # sandbox time, milliseconds
    delivered: bool = True
    n: int = 0

    @property
    def parameters(self) -> Json:
        """The parameters, decoded."""
        parameters: Json = orjson.loads(self.given)
        return parameters

    @property
    def answer(self) -> Any:
        """The answer, decoded; its text where it is no JSON, none where there was none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return self.body.decode(errors="replace") or None

    def shown(self) -> Json:
        """The entry as `/phone/journal` gives it."""
        names = ("n", "method", "parameters", "status", "answer", "at", "delivered")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that Telegram refuses, or a limit that it documents, with the journal's number."""

    n: int
    method: str
    description: str
    parameters: Json


class Journal:
    """The last requests, numbered from 1."""

    def __init__(self, limit: int) -> None:
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.violations: deque[Violation] = deque(maxlen=_VIOLATION_LIMIT)
        self.next = 1

    def record(self, entry: Entry, objection: str = "") -> None:
        """Add one entry under the next number; an objection makes it a violation too."""
        entry.n, self.next = self.next, self.next + 1
        self.entries.append(entry)
        if objection:
            violation = Violation(entry.n, entry.method, objection, entry.parameters)
            self.violations.append(violation)

    def since(self, number: int) -> Iterable[Entry]:
        """The entries from this number on."""
        first = self.next - len(self.entries)
        return islice(self.entries, max(0, number - first), None)
