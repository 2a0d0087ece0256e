"""The whole bot and a sandbox over real HTTP, driven step by step: no waiting, no wall clock."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.app import App, for_sandbox
from bot.banks.library import Library, load_library
from bot.clock import Clock
from bot.sandbox.limits import Limits
from bot.sandbox.server import Sandbox
from bot.settings import load_settings, shipped_banks
from bot.store.database import Database
from bot.store.opening import bring_up_to_date

MONDAY_NOON = 1_795_435_200_000
"""2026-11-23 12:00 UTC, a Monday, in the middle of everybody's open hours."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ANN, CARL, OLGA = 1001, 1002, 1003
Message = dict[str, Any]


@dataclass
class Wall:
    """A wall clock that stands still until it is put forward; in seconds, as `time.time`."""

    now: float = MONDAY_NOON / 1000

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass
class Street:
    """A bot, its sandbox and its clock. Every step returns when the bot has nothing left to do."""

    app: App
    sandbox: Sandbox
    wall: Wall
    folder: Path
    _seen: dict[int, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Bring every waiting update to the bot and wait until it has handled and answered them."""
        while updates := [orjson.loads(one.body) for one in self._take()]:
            await self.app.intake.store(updates)
        await self.app.intake.idle()
        await self.app.sender.idle()
        await self.app.fetcher.fetch_waiting()

    def _take(self) -> Sequence[Any]:
        updates = self.sandbox.world.updates
        waiting = updates.take(0, 100)
        if waiting:
            updates.take(waiting[-1].id + 1, 0)
        return waiting

    async def say(self, text: str, person: int = ANN, reply_to: int | None = None) -> Message:
        """Somebody writes; returns the bot's newest message."""
        self.sandbox.world.say(person, text, reply_to=reply_to)
        await self.settle()
        return self.last(person)

    async def tap(self, label: str, person: int = ANN) -> Message:
        """Somebody presses the newest button with this label; returns the bot's newest message."""
        self.sandbox.world.tap(person, label)
        await self.settle()
        return self.last(person)

    async def press(self, message_id: int, data: str, person: int = ANN) -> Message:
        """Somebody presses a button of their own making."""
        self.sandbox.world.press(person, message_id, data)
        await self.settle()
        return self.last(person)

    async def voice(
        self,
        person: int = ANN,
        *,
        seconds: int = 50,
        reply_to: int | None = None,
        kind: str = "voice",
    ) -> Message:
        """Somebody sends a recording; returns the bot's newest message."""
        self.sandbox.world.send(
            person, kind, b"OggS" + bytes(200), duration=seconds, reply_to=reply_to
        )
        await self.settle()
        return self.last(person)

    async def later(self, ms: int) -> None:
        """Time passes; whatever falls due meanwhile happens at its own moment."""
        end = self.app.clock.now() + ms
        while True:
            due = await self.app.dispatcher.ring()
            await self.settle()
            if due is None or due > end:
                break
            self._wall_to(due)
        self._wall_to(end)
        await self.app.dispatcher.ring()
        await self.settle()

    async def jump(self, ms: int) -> None:
        """The bot was not there for a while, then looks at what is due."""
        self._wall_to(self.app.clock.now() + ms)
        await self.app.dispatcher.ring()
        await self.settle()

    async def enrol(self, person: int = ANN, bank: str = "Hard questions") -> Message:
        """The three taps of the first run; returns the first drill's card."""
        await self.say("/start", person)
        await self.tap(self.label(bank, person), person)
        return await self.tap(self.clock_label(), person)

    def clock_label(self) -> str:
        """What London's clock shows."""
        minutes = (self.app.clock.now() // MINUTE) % 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"

    def messages(self, person: int = ANN) -> list[Message]:
        """The chat as the phone shows it."""
        return self.sandbox.world.messages(person)

    def last(self, person: int = ANN) -> Message:
        """The bot's newest message (an edit leaves a message in its place)."""
        return next(
            (m for m in reversed(self.messages(person)) if not m.get("outgoing")), {"text": ""}
        )

    def labels(self, message: Message) -> list[str]:
        """The labels of a message's buttons."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    def label(self, beginning: str, person: int = ANN) -> str:
        """The whole label of the newest button that begins like this."""
        for message in reversed(self.messages(person)):
            for label in self.labels(message):
                if label.startswith(beginning):
                    return label
        raise LookupError(beginning)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a Bot API method so far."""
        return [e.parameters for e in self.sandbox.journal.since(0) if e.method == method]

    def toasts(self) -> list[str]:
        """What the presses were answered with."""
        return [call.get("text", "") for call in self.calls("answerCallbackQuery")]

    def _wall_to(self, moment: int) -> None:
        self.wall.now += (moment - self.app.clock.now()) / 1000 / self.app.clock.speed


@asynccontextmanager
async def street(
    folder: Path,
    *,
    environ: dict[str, str] | None = None,
    library: Library | None = None,
    wall: Wall | None = None,
) -> AsyncIterator[Street]:
    """A street on this folder; opened again on the same folder it goes on where it was."""
    wall = wall or Wall()
    sandbox = Sandbox(now=wall, limits=Limits.unlimited(), dice=random.Random(7))
    await sandbox.start()
    settings = for_sandbox(
        load_settings({"SPRUNG_DATA": str(folder), "SPRUNG_SEED": "1", **(environ or {})}, None),
        token=sandbox.token,
        api_url=sandbox.url,
        owner=OLGA,
    )
    path = settings.database_path
    path.parent.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(path)
    if library is None:
        library, _ = load_library([shipped_banks()])
    try:
        async with Database(path) as database:
            app = App(settings, database, library, Clock(wall=wall))
            await app.begin()
            try:
                yield Street(app, sandbox, wall, path.parent)
            finally:
                await app.end()
    finally:
        await sandbox.stop()
        await asyncio.sleep(0)
