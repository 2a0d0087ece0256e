"""The whole bot and a sandbox over real HTTP, driven step by step: no waiting, no wall clock."""

import asyncio
import functools
import random
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.app import App
from bot.banks.library import Library, load_library
from bot.clock import Clock
from bot.rehearsal import for_sandbox
from bot.sandbox.limits import Limits
from bot.sandbox.server import Sandbox
from bot.settings import load_settings, shipped_banks
from bot.store.database import Database
from bot.store.opening import bring_up_to_date
from bot.store.statements import Statements
from bot.wire.limits import Limits as Rates
from bot.wire.sender import Sender
from tests.fakes.copyist import Copyist

MONDAY_NOON = 1_795_435_200_000
"""2026-11-23 12:00 UTC, a Monday, in the middle of everybody's open hours."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ANN, CARL, OLGA = 1001, 1002, 1003
Message = dict[str, Any]

_STATEMENTS = Statements()
"""Compiling a statement takes longer than most tests do: it is done once for all of them."""


@dataclass
class Wall:
    """A wall clock that stands still until it is put forward; in seconds, as `time.time`."""

    now: float = MONDAY_NOON / 1000

    def __call__(self) -> float:
        """The time."""
        return self.now


class Unhurried(Rates):
    """No waiting for Telegram's rates, which count real seconds; the sandbox here has none either."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0)

    async def message(self, chat_id: int) -> None:
        """Go ahead."""

    async def drill(self) -> None:
        """Go ahead."""


@dataclass
class Street:
    """A bot, its sandbox and its clock. Every step returns when the bot has nothing left to do."""

    app: App
    sandbox: Sandbox
    wall: Wall
    folder: Path
    studio: Copyist = field(default_factory=Copyist)
    _seen: dict[int, int] = field(default_factory=dict)

    async def settle(self) -> None:
        """Bring every waiting update to the bot and wait until it has handled and answered them."""
        while updates := [orjson.loads(one.body) for one in self._take()]:
            await self.app.intake.store(updates)
        await self.app.intake.idle()
        await self.app.sender.idle()
        await self.app.fetcher.fetch_waiting()
        await self.app.documents.fetch_waiting()
        await self.app.sender.idle()

    def _take(self) -> Sequence[Any]:
        updates = self.sandbox.world.updates
        waiting = updates.take(0, 100)
        if waiting:
            updates.take(waiting[-1].id + 1, 0)
        return waiting

    async def painted(self, person: int = ANN) -> Message:
        """Let every picture that is wished for be drawn; returns the bot's newest message."""
        await self.app.painter.draw_waiting()
        await self.settle()
        return self.last(person)

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

    async def document(
        self, content: str | bytes, person: int = OLGA, *, name: str = "set.yaml"
    ) -> Message:
        """Somebody sends a file; returns the bot's newest message."""
        raw = content.encode() if isinstance(content, str) else content
        self.sandbox.world.send(person, "document", raw, mime_type="text/yaml", name=name)
        await self.settle()
        return self.last(person)

    async def post(
        self, content: dict[str, Any], person: int = ANN, *, reply_to: int | None = None
    ) -> Message:
        """Somebody sends a message of any content; returns the bot's newest message."""
        self.sandbox.world.post(person, content, reply_to=reply_to)
        await self.settle()
        return self.last(person)

    async def edit(self, message_id: int, text: str, person: int = ANN) -> Message:
        """Somebody changes a text of theirs; returns the bot's newest message."""
        self.sandbox.world.edit(person, message_id, text)
        await self.settle()
        return self.last(person)

    async def double_tap(self, label: str, person: int = ANN) -> Message:
        """Somebody presses twice before the bot hears of it; returns the bot's newest message."""
        message_id, data = self.button(label, person)
        self.sandbox.world.press(person, message_id, data)
        return await self.press(message_id, data, person)

    async def surprise(self, person: int = ANN) -> Message:
        """Time passes until somebody's next surprise; returns its card."""
        planned = self.row("learner", person)["next_drill_at"]
        await self.later(planned - self.app.clock.now())
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

    def button(self, label: str, person: int = ANN) -> tuple[int, str]:
        """The message and the payload of the newest button with this label."""
        for message in reversed(self.messages(person)):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return message["message_id"], button["callback_data"]
        raise LookupError(label)

    def shown(self, message_id: int, person: int = ANN) -> Message:
        """One message as the phone shows it now."""
        return next(m for m in self.messages(person) if m["message_id"] == message_id)

    def mine(self, person: int = ANN) -> Message:
        """What somebody sent last."""
        return next(m for m in reversed(self.messages(person)) if m.get("outgoing"))

    def since(self, message_id: int, person: int = ANN) -> list[str]:
        """The texts that the bot sent after a message."""
        return [
            m.get("text", "")
            for m in self.messages(person)
            if m["message_id"] > message_id and not m.get("outgoing")
        ]

    def rows(self, table: str, person: int = ANN) -> list[dict[str, Any]]:
        """The rows of one person in a table of the database file, oldest first."""
        with closing(sqlite3.connect(self.app.settings.database_path)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute(
                f"SELECT * FROM {table} WHERE learner_id = ? ORDER BY rowid", (person,)
            )
            return [dict(row) for row in found]

    def row(self, table: str, person: int = ANN) -> dict[str, Any]:
        """The newest of these rows."""
        return self.rows(table, person)[-1]

    def refusals(self) -> list[str]:
        """What the Bot API refused so far, without what only says that nothing had to be done."""
        return [
            f"{v.method}: {v.description}"
            for v in self.sandbox.journal.violations
            if "not modified" not in v.description
        ]

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
    if path.exists():
        bring_up_to_date(path)
    else:
        path.write_bytes(_fresh_database())
    try:
        async with Database(path) as database:
            database._statements = _STATEMENTS
            await _without_waiting_for_the_disk(database)
            studio = Copyist()
            app = App(settings, database, library or _shipped(), Clock(wall=wall), studio=studio)
            app.sender = Sender(
                database, app.api, app.clock, app.health, Unhurried(), blocked=app.occasions.blocked
            )
            await app.begin()
            opened = Street(app, sandbox, wall, path.parent, studio)
            try:
                yield opened
            finally:
                await opened.app.end()  # which may be another by now
    finally:
        await sandbox.stop()
        await asyncio.sleep(0)


async def _without_waiting_for_the_disk(database: Database) -> None:
    # Nothing dies here: an fsync at every commit would be most of what a test takes.
    if database._writer is not None:
        await database._writer.execute("PRAGMA synchronous=OFF")


@functools.cache
def _shipped() -> Library:
    return load_library([shipped_banks()])[0]


@functools.cache
def _fresh_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fresh.db"
        bring_up_to_date(path)
        return path.read_bytes()
