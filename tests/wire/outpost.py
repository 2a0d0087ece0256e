"""One part of the wire between a real database file and a sandbox over real HTTP, step by step."""

import asyncio
import heapq
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from bot.clock import Clock
from bot.sandbox.conversation import Person
from bot.sandbox.faults import Fault
from bot.sandbox.limits import Limits as Allowance
from bot.sandbox.server import Sandbox
from bot.store import learners, outbox
from bot.store.database import Database, Row, StorageError, Write
from bot.store.tables import Priority, Role
from bot.store.tables import outbox as outbox_table
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.limits import Limits
from bot.wire.sender import Sender
from bot.wire.transport import AiohttpRequest, Timeouts
from tests.house import Wall
from tests.store import cabinet

ANN, CARL, OLGA = 1001, 1002, 1003


async def until(
    holds: Callable[[], object] | Callable[[], Awaitable[object]], seconds: float = 60.0
) -> None:
    """Let everything run until the condition holds; fails when it does not."""
    async with asyncio.timeout(seconds):
        while True:
            answer = holds()
            if await answer if isinstance(answer, Awaitable) else answer:
                return
            await asyncio.sleep(0)


class MoodyDatabase(Database):
    """A database whose disk fails now and then: for so many commits, or so many reads.

    `just_before`: what somebody else does one moment before the next commit. `just_after`: and one
    moment after a read that found nothing.
    """

    full_for = 0
    unreadable_for = 0
    refused = 0
    just_before: Callable[[], Awaitable[None]] | None = None
    just_after: Callable[[], Awaitable[None]] | None = None

    async def commit(self, writes: Sequence[Write]) -> None:
        """Commit, or fail like a full disk."""
        if (others := self.just_before) is not None:
            self.just_before = None
            await others()
        if self.full_for > 0:
            self.full_for -= 1
            self.refused += 1
            raise StorageError("database or disk is full")
        await super().commit(writes)

    async def read(self, statement: Any, **values: Any) -> list[Row]:
        """Read, or fail like a broken disk."""
        if self.unreadable_for > 0:
            self.unreadable_for -= 1
            self.refused += 1
            raise StorageError("disk I/O error")
        rows = await super().read(statement, **values)
        if (others := self.just_after) is not None and not rows:
            self.just_after = None
            await others()
        return rows


class Timer:
    """Real seconds, moved by hand: `now` is the monotonic clock, `sleep` waits for it."""

    def __init__(self) -> None:
        self.at = 0.0
        self._numbers = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """The time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Return when the time has come."""
        done = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._numbers), done))
        await done

    @property
    def sleeping(self) -> int:
        """How many wait."""
        return sum(not done.done() for _, _, done in self._sleepers)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
        while self._sleepers and self._sleepers[0][0] <= self.at:
            _, _, done = heapq.heappop(self._sleepers)
            if not done.done():
                done.set_result(None)


class Unlimited(Limits):
    """No waiting for Telegram's rates."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0)

    async def message(self, chat_id: int) -> None:
        """Go ahead."""

    async def drill(self) -> None:
        """Go ahead."""


@dataclass
class Outpost:
    """A database, a sandbox with Ann, Carl and Olga in it, and a client between them."""

    database: MoodyDatabase
    sandbox: Sandbox
    transport: AiohttpRequest
    api: BotApi
    wall: Wall
    clock: Clock
    health: Health
    folder: Path
    gone: list[int] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)

    async def blocked(self, learner_id: int) -> None:
        """Give up everything for somebody who does not want the bot, as the whole bot does."""
        self.gone.append(learner_id)
        await self.database.commit([outbox.all_failed(learner_id, "blocked")])

    def sender(self, limits: Limits | None = None) -> Sender:
        """A sender for this outbox; without limits it is never held up by rates."""
        return Sender(
            self.database,
            self.api,
            self.clock,
            self.health,
            limits or Unlimited(),
            blocked=self.blocked,
            storage_wait_seconds=0,
        )

    def somebody(self) -> int:
        """One more person, who has started the bot."""
        person: Person = self.sandbox.world.add_person("Pat")
        self.sandbox.world.chats[person.id].is_open = True
        return person.id

    async def post(self, text: str, learner_id: int = ANN, **fields: Any) -> int:
        """Put a message into the outbox; returns its number. `parameters`: more of the call's."""
        number = self._numbers[learner_id] = self._numbers.get(learner_id, 0) + 1
        more = fields.pop("parameters", {})
        parameters = {"chat_id": learner_id} | ({"text": text} if text else {}) | more
        message = outbox.Message(
            learner_id=learner_id,
            message_no=number,
            method=fields.pop("method", "sendMessage"),
            payload=orjson.dumps(parameters).decode(),
            created_at=self.clock.now(),
            **fields,
        )
        await self.database.commit([outbox.posted(message)])
        return number

    async def drill(self, text: str, learner_id: int = ANN, drill_no: int = 1) -> int:
        """Put a surprise into the outbox."""
        return await self.post(
            text, learner_id, priority=Priority.DRILL, drill_no=drill_no, role=Role.CARD
        )

    async def row(self, number: int, learner_id: int = ANN) -> dict[str, Any]:
        """A message of the outbox."""
        return await cabinet.only(
            self.database, outbox_table, learner_id=learner_id, message_no=number
        )

    async def known(self, *people: int) -> None:
        """Let the bot know these people."""
        now = self.clock.now()
        await self.database.commit(
            [learners.saved(None, learners.Learner(learner_id=p, joined_at=now)) for p in people]
        )

    def fault(self, method: str, **fields: Any) -> None:
        """Let something go wrong at the sandbox."""
        self.sandbox.faults.pending.append(Fault(method, **fields))

    def texts(self, person: int = ANN) -> list[str]:
        """What the person's phone shows of the bot."""
        shown = self.sandbox.world.messages(person)
        return [m.get("text", "") for m in shown if not m.get("outgoing")]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every request of a method so far."""
        return [e.parameters for e in self.sandbox.journal.since(0) if e.method == method]

    def later(self, seconds: float) -> None:
        """Put the wall clock forward."""
        self.wall.now += seconds


@asynccontextmanager
async def outpost(folder: Path) -> AsyncIterator[Outpost]:
    """An outpost on a new database."""
    wall = Wall()
    clock = Clock(wall=wall)
    sandbox = Sandbox(now=wall, limits=Allowance.unlimited(), dice=random.Random(7))
    await sandbox.start()
    for person in (ANN, CARL, OLGA):
        sandbox.world.chats[person].is_open = True
    transport = AiohttpRequest(timeouts=Timeouts(connect=2.0, read=2.0))
    api = BotApi(sandbox.token, sandbox.url, transport)
    database = MoodyDatabase(cabinet.new_file(folder))
    try:
        async with database, transport:
            health = Health({}, clock.now())
            yield Outpost(database, sandbox, transport, api, wall, clock, health, folder)
    finally:
        await sandbox.stop()
