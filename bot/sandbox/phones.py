"""Open phones: pages that follow what happens in one person's chat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from bot.sandbox.shapes import Json

Events = asyncio.Queue[bytes | None]


class Phones:
    """Passes events on to every page that listens to a person; none of them is kept."""

    def __init__(self) -> None:
        self._listening: dict[int, set[Events]] = {}

    @contextmanager
    def listen(self, person: int) -> Iterator[Events]:
        """A queue of JSON events, while the page is open; `None` in it is the end."""
        events: Events = asyncio.Queue()
        self._listening.setdefault(person, set()).add(events)
        try:
            yield events
        finally:
            listeners = self._listening[person]
            listeners.discard(events)
            if not listeners:
                del self._listening[person]

    def open(self) -> list[int]:
        """Whose phones are open."""
        return list(self._listening)

    def tell(self, person: int, kind: str, **event: object) -> None:
        """Send one event to the person's pages."""
        listeners = self._listening.get(person)
        if not listeners:
            return
        data = orjson.dumps({"type": kind, **event})
        for events in listeners:
            events.put_nowait(data)

    def message(self, person: int, kind: str, message: Json) -> None:
        """Tell of a new (`message`) or changed (`edit`) message."""
        self.tell(person, kind, message=message)

    def close(self) -> None:
        """End every page's events."""
        for listeners in self._listening.values():
            for events in listeners:
                events.put_nowait(None)
