"""The inbox at work: updates are on disk before Telegram is told, and each is handled exactly once.

One update is one transaction: what it changes, what it says and "done" are committed together. The
updates of one learner are handled in order, those of different learners side by side.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog

from bot.clock import Clock
from bot.store import inbox
from bot.store.database import Conflict, Database, StorageError
from bot.store.inbox import StoredUpdate
from bot.store.transaction import Transaction
from bot.telemetry.health import Health

Raw = Mapping[str, Any]
Handle = Callable[[Transaction, Raw], Awaitable[None]]
Committed = Callable[[Transaction], Awaitable[None]]
Died = Callable[[Transaction, Raw, Exception], Awaitable[None]]

FAILURES = 3
RACES = 20
STORAGE_WAIT_SECONDS = 3.0
NOBODY = 0
PAGE = 500
BACKLOG = 2000

log = structlog.get_logger(__name__)


class Intake:
    """Stores updates and has them handled.

    `handle` fills a transaction with what the update does; `committed` is told once it is on disk;
    `died` fills the transaction that sets a thrice failed update aside.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        health: Health,
        *,
        handle: Handle,
        committed: Committed,
        died: Died,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._handle = handle
        self._committed = committed
        self._died = died
        self._lanes: dict[int, deque[StoredUpdate]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def backlog(self) -> int:
        """How many stored updates wait or are being handled."""
        return len(self._known)

    async def room(self) -> None:
        """Return when the backlog is small enough to take more in."""
        while self.backlog > BACKLOG:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def store(self, updates: Sequence[Raw]) -> None:
        """Return when the updates are on disk; they are handled after that. Raises `StorageError`."""
        stored = [
            StoredUpdate(raw["update_id"], sender_of(raw), orjson.dumps(raw)) for raw in updates
        ]
        waiting = set(await inbox.store(self._database, stored, self._clock.now()))
        for item in stored:
            if item.update_id in waiting:
                self._enqueue(item)

    async def resume(self) -> int:
        """Take up what an earlier run stored and did not finish; returns how many updates."""
        found = 0
        after = -1
        while page := await inbox.waiting(self._database, after, PAGE):
            for item in page:
                self._enqueue(item)
            found += len(page)
            after = page[-1].update_id
        return found

    async def idle(self) -> None:
        """Return when everything stored so far has been handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _enqueue(self, item: StoredUpdate) -> None:
        if item.update_id in self._known:
            return
        self._known.add(item.update_id)
        lane = self._lanes.get(item.learner_id)
        if lane is not None:
            lane.append(item)
            return
        self._lanes[item.learner_id] = deque([item])
        task = asyncio.create_task(self._run_lane(item.learner_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run_lane(self, learner_id: int) -> None:
        lane = self._lanes[learner_id]
        try:
            while lane:
                await self._settle(lane[0])
                self._known.discard(lane.popleft().update_id)
        finally:
            del self._lanes[learner_id]

    async def _settle(self, item: StoredUpdate) -> None:
        """Handle one update until it is done or dead; a full disk is waited out."""
        failures = item.failures
        while failures is not None:
            try:
                failures = await self._try(item, failures)
            except StorageError as error:
                log.warning("the disk refused; trying on", reason=str(error))
                self._health.trouble("writer", str(error))
                await asyncio.sleep(STORAGE_WAIT_SECONDS)
        self._health.progress("intake", self._clock.now())

    async def _try(self, item: StoredUpdate, failures: int) -> int | None:
        """One try; returns how often it has failed by now, or None when it is settled."""
        try:
            if failures < FAILURES:
                await self._until_won(item)
            else:
                await self._bury(item, failures)
        except StorageError:
            raise
        except Exception as error:  # the update must not be lost to whatever went wrong in it
            if failures >= FAILURES:
                log.error("an update could not even be set aside", error=_where(error))
                return None
            return await self._failed(item, failures, error)
        return None

    async def _until_won(self, item: StoredUpdate) -> None:
        for _ in range(RACES):
            try:
                return await self._attempt(item)
            except Conflict:
                continue
        return await self._attempt(item)

    async def _attempt(self, item: StoredUpdate) -> None:
        if item.learner_id == NOBODY:
            await self._database.commit([inbox.done(item.update_id)])
            return
        tx = await Transaction.begin(self._database, item.learner_id, self._clock.now())
        await self._handle(tx, orjson.loads(item.raw))
        await tx.commit(inbox.done(item.update_id))
        await self._committed(tx)

    async def _failed(self, item: StoredUpdate, failures: int, error: Exception) -> int:
        # The traceback may quote the learner: only the kind of error is logged and stored.
        where = _where(error)
        log.warning("an update failed", update=item.update_id, error=where, failures=failures + 1)
        try:
            await self._database.commit([inbox.failed(item.update_id, failures + 1, where)])
        except Conflict:
            log.warning("an update was settled elsewhere", update=item.update_id)
            return failures
        return failures + 1

    async def _bury(self, item: StoredUpdate, failures: int) -> None:
        error = RuntimeError("failed three times")
        log.error("an update was set aside", update=item.update_id)
        if item.learner_id == NOBODY:
            await self._database.commit([inbox.dead(item.update_id, failures, str(error))])
            return
        tx = await Transaction.begin(self._database, item.learner_id, self._clock.now())
        await self._died(tx, orjson.loads(item.raw), error)
        await tx.commit(inbox.dead(item.update_id, failures, str(error)))
        await self._committed(tx)


def sender_of(raw: Raw) -> int:
    """The Telegram id of whoever caused the update; `NOBODY` when no person did."""
    for content in raw.values():
        if isinstance(content, dict):
            sender = content.get("from")
            if isinstance(sender, dict) and isinstance(sender.get("id"), int):
                return int(sender["id"])
    return NOBODY


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" at {frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{place}"
