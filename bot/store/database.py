"""The one place where statements reach SQLite: many readers, one writer, one fsync for all who wait.

A verb never writes by itself: it hands over a list of `Write`s, which all happen or none does. Lists that
wait at the same moment share one transaction on disk (group commit), each inside its own savepoint.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy.sql import ClauseElement

from bot.store import backup
from bot.store.statements import Statements
from bot.telemetry.metrics import BATCHES

Row = Mapping[str, Any]
Found = TypeVar("Found")
Connect = Callable[..., AbstractAsyncContextManager[aiosqlite.Connection]]

READERS = 2
BATCH = 100
"""Transactions that share one fsync at the most; more would hold the writer for too long."""

SETTINGS = {"synchronous": "FULL", "foreign_keys": "ON", "secure_delete": "ON"}
BUSY_MS = 5000

RACES = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)
DAMAGES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
MISTAKES = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_RANGE,
)
"""What SQLite says of a wrong statement or wrong values; all else is trouble of the disk or the file."""


class StorageError(Exception):
    """The disk or the database refused; nothing of this transaction was kept. Try again later."""


class Damaged(StorageError):
    """The database file itself is damaged: trying again is in vain, a backup has to take its place."""


class Conflict(Exception):
    """A condition of a write no longer holds: somebody was faster. Nothing was changed; read again."""


@dataclass(frozen=True, slots=True)
class Write:
    """One statement with its values. `rows`: how many rows it must touch, else `Conflict`; None: any."""

    statement: ClauseElement
    values: Mapping[str, Any]
    rows: int | None = None


_Plan = Sequence[tuple[str, Mapping[str, Any], int | None]]


@dataclass(slots=True)
class _Waiting:
    plan: _Plan
    outcome: asyncio.Future[Exception | None]


class Database:
    """SQLite in WAL mode with `synchronous=FULL`. Use as an async context manager.

    `connect`: the driver, called as `aiosqlite.connect` is.
    """

    def __init__(self, path: Path, connect: Connect = aiosqlite.connect) -> None:
        self.path = path
        self._driver = connect
        self._statements = Statements()
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._writer: aiosqlite.Connection
        self._closing = AsyncExitStack()
        self._open = False
        self.damaged = asyncio.Event()
        """Set as soon as the file turns out damaged."""

    async def __aenter__(self) -> "Database":
        async with AsyncExitStack() as opened:
            # Opened first, the writer is closed last: nobody else ever folds the log into the file.
            self._writer = await self._connect(opened)
            for _ in range(READERS):
                reader = await self._connect(opened)
                await reader.execute("PRAGMA query_only=ON")
                self._readers.put_nowait(reader)
            writing = asyncio.create_task(self._write_forever(), name="writer")
            opened.push_async_callback(self._finish, writing)
            self._closing = opened.pop_all()
        self._open = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._open = False
        await self._closing.aclose()

    async def _finish(self, writing: asyncio.Task[None]) -> None:
        await self._queue.join()
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing

    async def read(self, statement: ClauseElement, **values: Any) -> list[Row]:
        """Rows of one SELECT, as mappings by column name; sees everything committed before the call."""
        self._must_be_open()
        sql = self._statements.sql(statement)
        reader = await self._readers.get()
        try:
            self._must_be_open()
            return list(await reader.execute_fetchall(sql, values))  # type: ignore[arg-type]
        except sqlite3.Error as error:
            raise self._noticed(_told(error)) from error
        finally:
            self._readers.put_nowait(reader)

    async def commit(self, writes: Sequence[Write]) -> None:
        """Return when all `writes` are on disk. Raises `Conflict` or `StorageError`: then none is."""
        self._must_be_open()
        plan = [(self._statements.sql(one.statement), one.values, one.rows) for one in writes]
        waiting = _Waiting(plan, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        # The writer finishes what it was given even when whoever asked has been cancelled.
        error = await asyncio.shield(waiting.outcome)
        if error is not None:
            raise error

    async def claim(self, statement: ClauseElement, **values: Any) -> list[Row]:
        """Run one `UPDATE … RETURNING` in a transaction of its own and return its rows."""
        self._must_be_open()
        sql = self._statements.sql(statement)
        return await self._on_writer(lambda connection: _fetch_committed(connection, sql, values))

    async def truncate_log(self) -> None:
        """Fold the write-ahead log into the file and cut it, so that erased text is gone from disk."""
        self._must_be_open()
        await self._on_writer(_truncate)

    @property
    def log_bytes(self) -> int:
        """How large the write-ahead log is."""
        log = self.path.with_name(f"{self.path.name}-wal")
        return log.stat().st_size if log.exists() else 0

    async def backup(self, target: Path) -> None:
        """Copy the running database to `target`, which becomes one whole, checked file or stays as it was.

        Raises `StorageError`.
        """
        self._must_be_open()
        try:
            await asyncio.to_thread(backup.copy, self.path, target)
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"cannot make a copy: {error}") from error

    def _must_be_open(self) -> None:
        if not self._open:
            raise StorageError("the database is not open")

    async def _on_writer(self, function: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run a function in the writer's thread. Raises `StorageError`."""
        try:
            # aiosqlite has no public way to run several statements in one hop to its thread.
            run: Any = self._writer._execute  # noqa: SLF001
            found: Found = await run(function, self._writer._conn)  # noqa: SLF001
        except sqlite3.Error as error:
            raise self._noticed(_told(error)) from error
        except StorageError as error:
            self._noticed(error)
            raise
        return found

    def _noticed(self, error: Exception) -> Exception:
        if isinstance(error, Damaged):
            self.damaged.set()
        return error

    async def _write_forever(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while len(waiting) < BATCH and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            BATCHES.observe(len(waiting))
            await self._write(waiting)
            for _ in waiting:
                self._queue.task_done()

    async def _write(self, waiting: Sequence[_Waiting]) -> None:
        plans = [item.plan for item in waiting]
        try:
            outcomes = await self._on_writer(lambda connection: _write_batch(connection, plans))
        except Exception as error:  # handed to everybody who waits; the writer itself goes on
            outcomes = [error] * len(waiting)
        for item, outcome in zip(waiting, outcomes, strict=True):
            item.outcome.set_result(outcome)

    async def _connect(self, opened: AsyncExitStack) -> aiosqlite.Connection:
        connecting = self._driver(self.path, timeout=BUSY_MS / 1000, isolation_level=None)
        try:
            connection = await opened.enter_async_context(connecting)
            connection.row_factory = sqlite3.Row
            (mode,) = await connection.execute_fetchall("PRAGMA journal_mode=WAL")
            for name, value in SETTINGS.items():
                await connection.execute(f"PRAGMA {name}={value}")
        except sqlite3.Error as error:
            raise _told(error) from error
        if mode[0] != "wal":
            raise StorageError(f"{self.path}: no write-ahead log is possible here")
        return connection


def _write_batch(
    connection: sqlite3.Connection, plans: Iterable[_Plan]
) -> Sequence[Exception | None]:
    """Run every plan in its own savepoint, then commit once; a full disk undoes the whole batch."""
    with _transaction(connection):
        return [_write_one(connection, plan) for plan in plans]


def _write_one(connection: sqlite3.Connection, plan: _Plan) -> Exception | None:
    connection.execute("SAVEPOINT plan")
    outcome = None
    try:
        for sql, values, rows in plan:
            touched = connection.execute(sql, values).rowcount
            if rows is not None and touched != rows:
                raise Conflict(f"{touched} rows instead of {rows}: {sql.split(' SET ')[0][:60]}")
    except Exception as error:
        outcome = _told(error)
        # SQLite itself ends a transaction that it cannot go on with; then nobody's plan is left.
        if isinstance(outcome, StorageError) or not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO plan")
    connection.execute("RELEASE plan")
    return outcome


def _told(error: Exception) -> Exception:
    """What a caller is told: a lost race, trouble of the disk, or, as it is, a mistake of ours."""
    if not isinstance(error, sqlite3.Error):
        return error
    # Mistakes that Python's driver finds by itself have no code.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in RACES:
        return Conflict(str(error))
    if code & 0xFF in DAMAGES:
        return Damaged(str(error))
    return error if code & 0xFF in MISTAKES else StorageError(str(error))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _fetch_committed(
    connection: sqlite3.Connection, sql: str, values: Mapping[str, Any]
) -> list[Row]:
    with _transaction(connection):
        rows: list[Row] = connection.execute(sql, values).fetchall()
        return rows


def _truncate(connection: sqlite3.Connection) -> None:
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StorageError("the log cannot be cut: somebody reads an older state")
