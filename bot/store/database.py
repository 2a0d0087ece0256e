"""The one place where statements reach SQLite: many readers, one writer, one fsync for all who wait.

A verb never writes by itself: it hands over a list of `Write`s, which all happen or none does. Lists that
wait at the same moment share one transaction on disk (group commit), each inside its own savepoint.
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement

Row = Mapping[str, Any]

READERS = 2
BATCH = 100
"""Transactions that share one fsync at the most; more would hold the writer for too long."""

WRONG_CALLS = (sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Mistakes of ours, such as a missing value: they are no trouble of the disk and must not look so."""

_DIALECT = sqlite.dialect(paramstyle="named")


class StorageError(Exception):
    """The disk or the database refused; nothing of this transaction was kept. Try again later."""


class Conflict(Exception):
    """A condition of a write no longer holds: somebody was faster. Nothing was changed; read again."""


@dataclass(frozen=True, slots=True)
class Write:
    """One statement with its values. `rows`: how many rows it must touch, else `Conflict`; None: any."""

    statement: ClauseElement
    values: Mapping[str, Any]
    rows: int | None = None


@dataclass(slots=True)
class _Waiting:
    writes: Sequence[Write]
    done: asyncio.Future[None]


class Statements:
    """SQL text of each statement, compiled once; statements are module constants, so this stays small."""

    def __init__(self) -> None:
        self._known: dict[ClauseElement, tuple[str, dict[str, Any]]] = {}

    def sql(
        self, statement: ClauseElement, values: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        """Return the text and its full parameters."""
        known = self._known.get(statement)
        if known is None:
            compiled = statement.compile(
                dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
            )
            # Parameters without `required` are values that stand in the statement itself.
            binds = compiled.binds  # type: ignore[attr-defined]
            constants = {name: b.value for name, b in binds.items() if not b.required}
            known = self._known[statement] = (str(compiled), constants)
        text, constants = known
        return text, {**constants, **values} if constants else values


class Database:
    """SQLite in WAL mode with `synchronous=FULL`. Use as an async context manager."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._statements = Statements()
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._writer: aiosqlite.Connection | None = None
        self._writing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Database":
        self._writer = await _connect(self.path)
        for _ in range(READERS):
            reader = await _connect(self.path)
            await reader.execute("PRAGMA query_only=ON")
            self._readers.put_nowait(reader)
        self._writing = asyncio.create_task(self._write_forever(), name="writer")
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._queue.join()
        if self._writing:
            self._writing.cancel()
            with suppress(asyncio.CancelledError):
                await self._writing
        while not self._readers.empty():
            await self._readers.get_nowait().close()
        if self._writer:
            await self._writer.close()

    async def read(self, statement: ClauseElement, **values: Any) -> list[Row]:
        """Rows of one SELECT, as mappings by column name; sees everything committed before the call."""
        sql, parameters = self._statements.sql(statement, values)
        reader = await self._readers.get()
        try:
            return list(await reader.execute_fetchall(sql, parameters))  # type: ignore[arg-type]
        except WRONG_CALLS:
            raise
        except sqlite3.Error as error:
            raise StorageError(f"cannot read: {error}") from error
        finally:
            self._readers.put_nowait(reader)

    async def commit(self, writes: Sequence[Write]) -> None:
        """Return when all `writes` are on disk. Raises `Conflict` or `StorageError`: then none is."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Waiting(writes, done))
        # The writer finishes what it was given even when whoever asked has been cancelled.
        await asyncio.shield(done)

    async def claim(self, statement: ClauseElement, **values: Any) -> list[Row]:
        """Run one `UPDATE … RETURNING` in a transaction of its own and return its rows."""
        sql, parameters = self._statements.sql(statement, values)
        rows: list[Row] = await self._on_writer(_fetch_committed, sql, parameters)
        return rows

    async def truncate_log(self) -> None:
        """Fold the write-ahead log into the file and cut it, so that erased text is gone from disk."""
        await self._on_writer(_truncate)

    async def backup(self, target: Path) -> None:
        """Copy the running database to `target` with SQLite's online backup, whole and consistent."""
        async with aiosqlite.connect(target) as copy:
            reader = await self._readers.get()
            try:
                await reader.backup(copy)
            finally:
                self._readers.put_nowait(reader)

    async def _on_writer(self, function: Any, *args: Any) -> Any:
        if self._writer is None:
            raise StorageError("the database is not open")
        try:
            # aiosqlite has no public way to run several statements in one hop to its thread.
            run: Any = self._writer._execute  # noqa: SLF001
            return await run(function, self._writer._conn, *args)  # noqa: SLF001
        except WRONG_CALLS:
            raise
        except sqlite3.Error as error:
            raise StorageError(str(error)) from error

    async def _write_forever(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while len(waiting) < BATCH and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            await self._write(waiting)
            for _ in waiting:
                self._queue.task_done()

    async def _write(self, waiting: Sequence[_Waiting]) -> None:
        try:
            plans = [
                [(*self._statements.sql(w.statement, w.values), w.rows) for w in item.writes]
                for item in waiting
            ]
            outcomes = await self._on_writer(_write_batch, plans)
        except Exception as error:  # handed to everybody who waits; the writer itself goes on
            outcomes = [error] * len(waiting)
        for item, outcome in zip(waiting, outcomes, strict=True):
            if item.done.done():
                continue
            if outcome is None:
                item.done.set_result(None)
            else:
                item.done.set_exception(outcome)


_Plan = Sequence[tuple[str, Mapping[str, Any], int | None]]


def _write_batch(connection: sqlite3.Connection, plans: Iterable[_Plan]) -> list[Exception | None]:
    """Run every plan in its own savepoint, then commit once; a full disk undoes the whole batch."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_write_one(connection, plan) for plan in plans]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return outcomes


def _write_one(connection: sqlite3.Connection, plan: _Plan) -> Exception | None:
    connection.execute("SAVEPOINT plan")
    try:
        for sql, parameters, rows in plan:
            touched = connection.execute(sql, parameters).rowcount
            if rows is not None and touched != rows:
                raise Conflict(f"{touched} rows instead of {rows}: {sql.split(' SET ')[0][:60]}")
    except (Conflict, sqlite3.IntegrityError, *WRONG_CALLS) as lost:
        connection.execute("ROLLBACK TO plan")
        connection.execute("RELEASE plan")
        return Conflict(str(lost)) if isinstance(lost, sqlite3.IntegrityError) else lost
    connection.execute("RELEASE plan")
    return None


def _fetch_committed(
    connection: sqlite3.Connection, sql: str, parameters: Mapping[str, Any]
) -> list[Row]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        rows: list[Row] = connection.execute(sql, parameters).fetchall()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return rows


def _truncate(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "secure_delete=ON",
    ):
        await connection.execute(f"PRAGMA {pragma}")
    return connection
