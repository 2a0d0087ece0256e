"""Delivering the outbox: replies at least once, drills at most once with an unknown outcome.

Each learner's replies go in order, different learners' side by side. A drill waits for its turn among
all drills; meanwhile the learner's replies overtake it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog
from telegram.error import InvalidToken

from bot.clock import Clock
from bot.store import outbox
from bot.store.database import Conflict, Database, StorageError, Write
from bot.store.outbox import Message
from bot.store.tables import Priority
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.bell import Bell
from bot.wire.delivery import Delivery, Ending
from bot.wire.limits import Limits

RUN = 5
"""Messages that are sent before what became of them is written: a crash repeats no more replies."""

PAGE = 200
LOOK_AGAIN_SECONDS = 30.0
STORAGE_WAIT_SECONDS = 3.0
STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)

Blocked = Callable[[int], Awaitable[None]]
T = TypeVar("T")


@dataclass(slots=True)
class _Lane:
    """One learner's messages on their way.

    `news`: there may be more to do than was last looked at. `turn`: a place in the queue of drills.
    """

    news: asyncio.Event
    turn: asyncio.Task[None] | None = None


class Sender:
    """Sends what is in the outbox. `blocked` is told when a learner does not want the bot any more."""

    def __init__(
        self,
        database: Database,
        api: BotApi,
        clock: Clock,
        health: Health,
        limits: Limits,
        *,
        blocked: Blocked,
        storage_wait_seconds: float = STORAGE_WAIT_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._limits = limits
        self._delivery = Delivery(api, clock, health, limits)
        self._blocked = blocked
        self._storage_wait_seconds = storage_wait_seconds
        self._lanes: dict[int, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._bell = Bell()
        self._more = False
        self._refused: InvalidToken | None = None
        self._closing = False

    def offer(self, learner_id: int) -> None:
        """Say that there is something new in the outbox for this learner."""
        if learner_id in self._lanes:
            self._lanes[learner_id].news.set()
        elif not self._closing:
            lane = self._lanes[learner_id] = _Lane(asyncio.Event())
            task = asyncio.create_task(self._run_lane(learner_id, lane))
            self._tasks.add(task)
            task.add_done_callback(partial(self._lane_ended, learner_id))

    async def recover(self) -> None:
        """At start: what was being sent when the program died has an unknown outcome."""
        await self._stored(partial(self._database.commit, [outbox.interrupted()]))

    async def run(self) -> None:
        """Serve for ever. Raises `InvalidToken` when Telegram does not know the token any more."""
        while self._refused is None:
            self._bell.silence()
            try:
                wait = await self.look()
                self._health.progress("sender", self._clock.now())
            except StorageError as error:
                wait = self._storage_wait_seconds
                self._health.trouble("sender", str(error))
            await self._bell.heard(wait)
        raise self._refused

    async def look(self) -> float:
        """Begin to send what may be sent now; returns in how many seconds there may be more."""
        now = self._clock.now()
        page = await outbox.learners_to_serve(self._database, now, PAGE)
        self._more = len(page) == PAGE
        for learner_id in page:
            self.offer(learner_id)
        retry = await outbox.next_retry(self._database, now)
        if retry is None:
            return LOOK_AGAIN_SECONDS
        return min(LOOK_AGAIN_SECONDS, self._clock.real_seconds_until(retry) + 0.001)

    async def idle(self) -> None:
        """Return when nothing is being sent."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, patience_seconds: float = STOP_SECONDS) -> None:
        """Let what is being sent come to its end, then stop; the rest stays in the outbox."""
        self._closing = True
        for lane in self._lanes.values():
            lane.news.set()
        tasks = set(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=patience_seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _lane_ended(self, learner_id: int, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        lane = self._lanes.pop(learner_id)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, InvalidToken):
            self._refused = error
            self._bell.ring()
        elif error is not None:
            log.error("sending stopped for a learner", error=type(error).__name__)
            self._health.trouble("sender", type(error).__name__)
        elif lane.news.is_set():
            self.offer(learner_id)
        if self._more and len(self._lanes) < PAGE // 2:
            self._bell.ring()

    async def _run_lane(self, learner_id: int, lane: _Lane) -> None:
        try:
            while not self._closing:
                lane.news.clear()
                now = self._clock.now()
                run = await self._stored(
                    partial(outbox.run_of, self._database, learner_id, now, RUN)
                )
                if not run or not await self._send(run, lane):
                    return
        finally:
            if lane.turn:
                lane.turn.cancel()

    async def _send(self, run: Sequence[Message], lane: _Lane) -> bool:
        """Send the replies of a run, or its drill if there is none; False: nothing more for now."""
        if any(message.priority != Priority.DRILL for message in run):
            ending = await self._send_replies(run)
        elif self._delivery.is_late(run[0]) or await self._has_turn(lane):
            ending = await self._send_drill(run[0])
        else:
            return True
        if ending.blocked:
            await self._stored(partial(self._blocked, run[0].learner_id))
        elif ending.again_at is not None:
            self._bell.ring()
        return ending.goes_on

    async def _send_replies(self, run: Sequence[Message]) -> Ending:
        """Send them in order, up to the first that must wait; returns how the last one ended."""
        drills = [message for message in run if message.priority == Priority.DRILL]
        ending = Ending([])
        settled: list[Write] = []
        over: list[Message] = []
        try:
            for message in run:
                if message in drills or not ending.goes_on or self._closing:
                    continue
                ending = await self._delivery.attempt(message)
                settled += ending.writes
                if ending.again_at is None:
                    over.append(message)
                else:
                    # Telegram or the network holds this chat: what was overtaken waits as well.
                    settled += [outbox.again(drill, ending.again_at, "held") for drill in drills]
        finally:
            await self._stored(partial(self._database.commit, settled))
            _delete_attachments(over)
        return ending

    async def _has_turn(self, lane: _Lane) -> bool:
        """Whether it is a drill's turn; if not, return when it may be, or something new has come."""
        if lane.turn is None:
            lane.turn = asyncio.create_task(self._limits.drill())
            lane.turn.add_done_callback(lambda _: lane.news.set())
        if not lane.turn.done():
            await lane.news.wait()
            return False
        lane.turn = None
        return True

    async def _send_drill(self, drill: Message) -> Ending:
        if self._delivery.is_late(drill):
            ending = self._delivery.given_up(drill)
        else:
            try:
                # On disk before the attempt: from here on a crash leaves the outcome unknown.
                await self._stored(partial(self._database.commit, [outbox.sending(drill)]))
            except Conflict:
                return Ending([])  # withdrawn while it waited: the learner left, or was erased
            ending = await self._attempt_drill(drill)
        await self._stored(partial(self._database.commit, ending.writes))
        return ending

    async def _attempt_drill(self, drill: Message) -> Ending:
        try:
            return await self._delivery.attempt(drill)
        except InvalidToken:
            unsent = outbox.again(drill, self._clock.now(), "InvalidToken")
            await self._stored(partial(self._database.commit, [unsent]))
            raise

    async def _stored(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it; a full disk is waited out, as what happened at Telegram must not be forgotten."""
        while True:
            try:
                return await work()
            except StorageError as error:
                if self._closing:
                    raise
                self._health.trouble("sender", str(error))
                await asyncio.sleep(self._storage_wait_seconds)


def _delete_attachments(messages: Sequence[Message]) -> None:
    for message in messages:
        if message.attachment:
            Path(message.attachment).unlink(missing_ok=True)
