"""What can be wrong with updates themselves: told twice, told again, out of order, renumbered, nonsense."""

import asyncio
from typing import Any

from bot.drill.dice import Dice
from bot.sandbox.shapes import Json
from bot.sandbox.world import World
from tests.faults.simulation.line import Line

UPDATES = (
    "duplicate update",
    "old batch again",
    "press before its message",
    "update ids begin anew",
    "unparsable update",
)
EVERY_SECONDS = 200.0
STRANGER = 777

NONSENSE: tuple[dict[str, Any], ...] = (
    {"message": {"message_id": 1, "from": {"id": STRANGER}, "text": 5}},
    {"message": {"message_id": "one", "chat": None, "from": {"id": STRANGER, "is_bot": "no"}}},
    {"callback_query": {"id": 7, "from": {"id": STRANGER}, "data": ["v1"]}},
    {"edited_message": []},
    {"message": {"from": {"id": -5}}},
    {"no_such_kind": {"from": {"id": STRANGER, "first_name": "N", "is_bot": False}}},
)


class Mischief:
    """Plays the kinds it is given, every few minutes one of them, until a moment of the loop."""

    def __init__(self, world: World, line: Line, dice: Dice, kinds: tuple[str, ...]) -> None:
        self._world = world
        self._line = line
        self._dice = dice
        self._kinds = kinds
        self.met: dict[str, int] = {}
        if "press before its message" in kinds:
            self._hold_messages_back()

    async def play(self, until: float) -> None:
        """Make mischief until then."""
        loop = asyncio.get_running_loop()
        while self._kinds and loop.time() < until:
            await asyncio.sleep(2 * EVERY_SECONDS * self._dice.random())
            kind = self._kinds[int(len(self._kinds) * self._dice.random())]
            self.met[kind] = self.met.get(kind, 0) + 1
            self._do(kind)

    def _do(self, kind: str) -> None:
        handed = list(self._line.handed.values())
        updates = self._world.updates
        if kind == "duplicate update" and handed:
            updates.repeat(handed[int(len(handed) * self._dice.random())])
        elif kind == "old batch again":
            for update in handed[-20:]:
                updates.repeat(update)
        elif kind == "update ids begin anew":
            updates.next_id = 10**9 + int(9e8 * self._dice.random())
        elif kind == "unparsable update":
            updates.push_raw(NONSENSE[int(len(NONSENSE) * self._dice.random())])

    def _hold_messages_back(self) -> None:
        updates = self._world.updates
        push = updates.push

        def late(kind: str, payload: Json, *, order: int, **given: float) -> None:
            if kind != "message" or self._dice.random() < 0.8:
                push(kind, payload, order=order, **given)
                return
            loop = asyncio.get_running_loop()
            wait = 20 * self._dice.random()
            loop.call_later(wait, lambda: push(kind, payload, order=order, **given))

        updates.push = late  # type: ignore[method-assign]
