"""The inbox at work: updates are on disk before Telegram is told, and each is handled exactly once.

One update is one transaction: what it changes, what it says and "done" are committed together. The
updates of one learner are handled in order, those of different learners side by side.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from bot.clock import Clock
from bot.store import inbox
from bot.store.database import Conflict, Database, StorageError
from bot.store.inbox import NOBODY, StoredUpdate
from bot.store.transaction import Transaction
from bot.telemetry.health import Health
from bot.telemetry.metrics import UPDATES
from bot.wire.payload import decode, encode

Raw = Mapping[str, Any]
Handle = Callable[[Transaction, Raw], Awaitable[None]]
Committed = Callable[[Transaction], Awaitable[None]]
Died = Callable[[Transaction, Raw, Exception], Awaitable[None]]

FAILURES = 3
RACES = 20
STORAGE_WAIT_SECONDS = 3.0
PAGE = 500
BACKLOG = 2000
LARGEST_ID = 2**63 - 1

log = structlog.get_logger(__name__)


class Intake:
    """Stores updates and has them handled.

    `handle` fills a transaction with what the update does; `committed` is told once it is on disk;
    `died` fills the transaction that sets a thrice failed update aside, and is told how it failed.
    `room`: raises `StorageError` while the disk is nearly full. `backlog`: how many updates may wait
    in memory before no more are taken.
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
        room: Callable[[], None] | None = None,
        backlog: int = BACKLOG,
        storage_wait_seconds: float = STORAGE_WAIT_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._handle = handle
        self._committed = committed
        self._died = died
        self._room_check = room
        self._most = backlog
        self._storage_wait_seconds = storage_wait_seconds
        self._lanes: dict[int, deque[StoredUpdate]] = {}
        self._known: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()

    @property
    def backlog(self) -> int:
        """How many stored updates wait or are being handled."""
        return len(self._known)

    def ready(self) -> None:
        """Raise `StorageError` when nothing more may be taken in."""
        if self._room_check is not None:
            self._room_check()

    async def store(self, updates: Sequence[Raw]) -> None:
        """Return when the updates are on disk; they are handled after that. Raises `StorageError`.

        While the backlog is too long it waits, and so does whoever brings more.
        """
        self.ready()
        await self._has_room()
        stored = [_stored(raw) for raw in updates if has_id(raw)]
        # What is being handled may be read as waiting one moment before it is settled.
        under_way = self._known.intersection(item.update_id for item in stored)
        waiting = set(await inbox.store(self._database, stored, self._clock.now())) - under_way
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
            await self._has_room()
        return found

    async def idle(self) -> None:
        """Return when everything stored so far has been handled."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Stop handling; what is not done stays on disk for the next start."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _has_room(self) -> None:
        while self.backlog > self._most:
            self._room.clear()
            await self._room.wait()

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
                if self.backlog <= self._most:
                    self._room.set()
        finally:
            del self._lanes[learner_id]

    async def _settle(self, item: StoredUpdate) -> None:
        tx = await self._until_settled(item)
        if tx is not None:
            await self._tell(tx)
        self._health.progress("intake", self._clock.now())

    async def _until_settled(self, item: StoredUpdate) -> Transaction | None:
        """Handle one update until it is done or dead; a full disk is waited out and is no failure."""
        last: Exception = RuntimeError("failed before the last start")
        while True:
            try:
                return await self._until_won(item, last)
            except StorageError as error:
                log.warning("the disk refused; trying on", reason=str(error))
                self._health.trouble("intake", str(error))
                await asyncio.sleep(self._storage_wait_seconds)
            except Exception as error:  # the update must not be lost to whatever went wrong in it
                last = error
                item = await self._failed(item, _where(error))

    async def _until_won(self, item: StoredUpdate, last: Exception) -> Transaction | None:
        for _ in range(RACES):
            try:
                return await self._attempt(item, last)
            except Conflict:
                if not await self._still_waits(item):
                    log.warning("an update was settled elsewhere", update=item.update_id)
                    return None
        return await self._attempt(item, last)

    async def _still_waits(self, item: StoredUpdate) -> bool:
        found = await inbox.waiting(self._database, item.update_id - 1, 1)
        return bool(found) and found[0].update_id == item.update_id

    async def _attempt(self, item: StoredUpdate, last: Exception) -> Transaction | None:
        raw = decode(item.raw)
        if item.learner_id == NOBODY:
            kinds = [kind for kind in raw if kind != "update_id"]
            log.warning("an update from nobody was left alone", update=item.update_id, kinds=kinds)
            await self._database.commit([inbox.done(item.update_id)])
            return None
        dead = inbox.dead(item.update_id, item.failures, _where(last))
        if item.failures > FAILURES:
            log.error("nobody could be told of an update set aside", update=item.update_id)
            await self._database.commit([dead])
            return None
        tx = await Transaction.begin(self._database, item.learner_id, self._clock.now())
        if item.failures < FAILURES:
            await self._handle(tx, raw)
            await tx.commit(inbox.done(item.update_id))
            UPDATES.labels("done").inc()
        else:
            await self._died(tx, raw, last)
            await tx.commit(dead)
            UPDATES.labels("dead").inc()
        return tx

    async def _failed(self, item: StoredUpdate, where: str) -> StoredUpdate:
        # The error's text may quote the learner: only its kind and place are logged and stored.
        item = replace(item, failures=item.failures + 1)
        if item.failures < FAILURES:
            log.warning("an update failed", update=item.update_id, error=where)
        else:
            log.error("an update is set aside", update=item.update_id, error=where)
        try:
            await self._database.commit([inbox.failed(item.update_id, item.failures, where)])
        except (Conflict, StorageError) as error:
            log.warning("a failure was not counted on disk", reason=type(error).__name__)
        return item

    async def _tell(self, tx: Transaction) -> None:
        try:
            await self._committed(tx)
        except Exception as error:  # it is on disk and done; the others will look for themselves
            log.error("what follows an update failed", error=_where(error))


def has_id(raw: object) -> bool:
    """Whether this can be told from other updates at all."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return type(number) is int and 0 <= number <= LARGEST_ID


def sender_of(raw: Raw) -> int:
    """The Telegram id of whoever caused the update; `NOBODY` when no person did."""
    for content in raw.values():
        sender = content.get("from") if isinstance(content, dict) else None
        number = sender.get("id") if isinstance(sender, dict) else None
        if type(number) is int and 0 < number <= LARGEST_ID:
            return number
    return NOBODY


def _stored(raw: Raw) -> StoredUpdate:
    try:
        return StoredUpdate(raw["update_id"], sender_of(raw), encode(raw))
    except (TypeError, ValueError, RecursionError) as error:
        log.warning("an update has no JSON form", update=raw["update_id"], error=_where(error))
        return StoredUpdate(raw["update_id"], NOBODY, b"{}")


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" at {frame.tb_frame.f_globals.get('__name__')}:{frame.tb_lineno}" if frame else ""
    return f"{type(error).__name__}{place}"
