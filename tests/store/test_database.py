"""The one writer: who waits together is written together, and nobody pays for another's mistake."""

import asyncio
import sqlite3
import tempfile
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from bot.store import learners
from bot.store.database import BATCH, READERS, Conflict, Damaged, Database, StorageError, Write
from bot.store.tables import drill, learner
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, names, no_file_grows_over, pragma, put

SQL = {
    "missing": Write(text("INSERT INTO installation VALUES (:name, :value)"), {"name": "x"}),
    "too-long": Write(text("INSERT INTO installation VALUES (:a, :b)"), {"a": 2**64, "b": ""}),
    "surrogate": Write(text("INSERT INTO installation VALUES (:a, '')"), {"a": "\ud800"}),
    "unfit": Write(text("INSERT INTO installation VALUES (:a, '')"), {"a": object()}),
    "no-table": Write(text("INSERT INTO nowhere VALUES (1)"), {}),
    "no-value": Write(text("INSERT INTO installation VALUES ('x', NULL)"), {}),
    "mismatch": Write(text("INSERT INTO inbox VALUES ('x', 1, 1, 1, 1, '', '')"), {}),
}


async def outcomes(database: Database, *plans: Sequence[Write]) -> list[Any]:
    """What comes of plans that wait for the same fsync: None, or what was raised."""
    commits = [database.commit(plan) for plan in plans]
    return await asyncio.gather(*commits, return_exceptions=True)


async def test_settings(database: Database) -> None:
    """Every connection keeps a write-ahead log, syncs each commit and wipes what it deletes."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
    assert {name: await pragma(database, name) for name in wanted} == wanted
    for _ in range(READERS):
        reader = database._readers.get_nowait()
        found = {}
        for name in (*wanted, "query_only"):
            (row,) = await reader.execute_fetchall(f"PRAGMA {name}")
            found[name] = row[0]
        assert found == {**wanted, "query_only": 1}


async def test_no_log(tmp_path: Path) -> None:
    """A place where no write-ahead log is possible is refused, not used with less safety."""
    with pytest.raises(StorageError, match="write-ahead log"):
        async with Database(Path(":memory:")):
            pass


async def test_readers_cannot_write(database: Database) -> None:
    """A write that comes in as a read is refused and changes nothing."""
    await cabinet.keep(database, cabinet.learner())
    with pytest.raises(StorageError, match="readonly"):
        await database.read(delete(learner))
    assert len(await cabinet.rows(database, learner)) == 1


async def test_read_your_commits(database: Database) -> None:
    """Whatever was committed before a read is seen by it, on whichever connection it runs."""
    for number in range(20):
        await database.commit([put(f"name-{number}")])
        seen = await asyncio.gather(*(names(database) for _ in range(2 * READERS)))
        assert [len(one) for one in seen] == [number + 1] * 2 * READERS


async def test_group_commit(database: Database) -> None:
    """Transactions that wait at the same moment share one commit, and with it one fsync."""
    async with cabinet.written(database) as statements:
        assert await outcomes(database, *([put(f"n{n}")] for n in range(BATCH))) == [None] * BATCH
    assert statements.count("COMMIT") == 1
    assert statements.count("SAVEPOINT plan") == BATCH


async def test_batches(database: Database) -> None:
    """Many more are taken in turns, so that nobody waits for a batch without an end."""
    async with cabinet.written(database) as statements:
        await outcomes(database, *([put(f"n{n}")] for n in range(2 * BATCH + 1)))
    assert statements.count("COMMIT") == 3
    assert len(await names(database)) == 2 * BATCH + 1


async def test_all_or_nothing(database: Database) -> None:
    """A plan whose last write loses its race leaves none of its writes; its neighbours stay."""
    lost = [put("half"), Write(update(drill).values(hinted=1), {}, rows=1)]
    told = await outcomes(database, [put("before")], lost, [put("after")])
    assert [type(one) for one in told] == [type(None), Conflict, type(None)]
    assert await names(database) == {"before", "after"}


async def test_unique(database: Database) -> None:
    """Two who make the same row at once: one does, the other is told that it lost."""
    told = await outcomes(database, [put("same", "mine")], [put("other"), put("same", "yours")])
    assert told[0] is None
    assert isinstance(told[1], Conflict)
    assert await names(database) == {"same"}


@pytest.mark.parametrize("wrong", SQL.values(), ids=SQL.keys())
async def test_wrong_call(database: Database, wrong: Write) -> None:
    """A mistake in a write reaches whoever made it, as neither a race nor a trouble of the disk."""
    told = await outcomes(database, [put("before")], [put("half"), wrong], [put("after")])
    assert (told[0], told[2]) == (None, None)
    assert isinstance(told[1], Exception)
    assert not isinstance(told[1], Conflict | StorageError)
    assert await names(database) == {"before", "after"}
    await database.commit([put("later")])


async def test_wrong_statement(database: Database) -> None:
    """Something that is no statement at all is refused before anybody else is bothered."""
    nonsense: Any = object()
    told = await outcomes(database, [put("before")], [Write(nonsense, {})], [put("after")])
    assert [type(one) for one in told] == [type(None), AttributeError, type(None)]
    assert await names(database) == {"before", "after"}


@pytest.mark.parametrize("statement", ["SELECT :missing", "SELECT * FROM nowhere"])
async def test_wrong_read(database: Database, statement: str) -> None:
    """A mistake in a read does not look like a trouble of the disk, which would be tried again."""
    with pytest.raises(sqlite3.Error):
        await database.read(text(statement))


_plans = st.lists(
    st.lists(st.sampled_from(["put", "put", "put", "taken", *SQL]), min_size=1, max_size=4),
    min_size=1,
    max_size=12,
)


@given(_plans)
@settings(max_examples=40, deadline=None)
def test_any_batch(batch: list[list[str]]) -> None:
    """Of any mix of good, lost and wrong plans, the good ones are kept whole and the others not at all."""
    plans, expected = [], set()
    for number, kinds in enumerate(batch):
        own = [put(f"{number}.{place}") for place in range(len(kinds))]
        odd = {**SQL, "taken": put("taken")}
        plans.append([odd.get(kind, one) for kind, one in zip(kinds, own, strict=True)])
        if set(kinds) == {"put"}:
            expected |= {one.values["name"] for one in own}

    async def commit_all(folder: Path) -> set[str]:
        async with cabinet.opened(folder) as database:
            await database.commit([put("taken")])
            told = await outcomes(database, *plans)
            assert [one is None for one in told] == [set(kinds) == {"put"} for kinds in batch]
            return await names(database)

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(commit_all(Path(folder))) == expected | {"taken"}


async def test_cancelled(database: Database) -> None:
    """What was handed over is written even if whoever handed it over does not wait any more."""
    caller = asyncio.create_task(database.commit([put("kept")]))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.commit([put("next")])
    assert await names(database) == {"kept", "next"}


async def test_cancelled_and_lost(database: Database) -> None:
    """A lost race that nobody waits for any more bothers nobody."""
    complaints: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    await database.commit([put("same")])
    caller = asyncio.create_task(database.commit([put("same")]))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    del caller
    await database.commit([put("next")])
    assert complaints == []


async def test_cancelled_read(database: Database) -> None:
    """A reader whose caller was cancelled serves the next caller as if nothing had been."""
    for _ in range(2 * READERS):
        caller = asyncio.create_task(database.read(text("SELECT count(*) FROM sqlite_master")))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)
    assert [row["n"] for row in await database.read(text("SELECT 7 AS n"))] == [7]


async def test_close_while_waiting(tmp_path: Path) -> None:
    """Closing waits for all that was handed over, also for what nobody waits for any more."""
    async with cabinet.opened(tmp_path) as database:
        callers = [asyncio.create_task(database.commit([put(f"n{n}")])) for n in range(300)]
        await asyncio.sleep(0)
        callers[7].cancel()
    assert all(caller.done() for caller in callers)
    async with Database(database.path) as again:
        assert len(await names(again)) == 300


async def test_closed(tmp_path: Path) -> None:
    """After closing, whoever comes is told at once and does not wait for ever."""
    async with cabinet.opened(tmp_path) as database:
        await database.commit([put("kept")])
    for call in (
        database.commit([put("late")]),
        database.read(text("SELECT 1")),
        database.claim(text("DELETE FROM installation RETURNING name")),
        database.truncate_log(),
        database.backup(tmp_path / "copy.db"),
    ):
        with pytest.raises(StorageError, match="not open"):
            await asyncio.wait_for(call, 60)


async def test_closed_under_readers(tmp_path: Path) -> None:
    """Reads that stood in a queue when the database was closed end, and leave no thread behind."""
    async with cabinet.opened(tmp_path) as database:
        reads = [asyncio.create_task(database.read(text("SELECT 1"))) for _ in range(20)]
        await asyncio.sleep(0)
    told = await asyncio.wait_for(asyncio.gather(*reads, return_exceptions=True), 60)
    assert all(isinstance(one, list | StorageError) for one in told)
    assert cabinet.files(tmp_path) == {"sprung.db"}, "somebody has not let go of the file"


async def test_failed_opening(tmp_path: Path) -> None:
    """What cannot be opened is refused without a thread staying behind to keep the program up."""
    path = tmp_path / "sprung.db"
    path.write_bytes(b"not a database" * 100)
    for place, reason in ((path, "not a database"), (tmp_path, "unable to open")):
        with pytest.raises(StorageError, match=reason):
            async with Database(place):
                pass
    for thread in threading.enumerate():
        if "_connection_worker" in thread.name:
            thread.join(5)
            assert not thread.is_alive()


async def fill(database: Database, spare_pages: int = 0) -> None:
    """Let the disk be full, but for some pages."""
    used = await pragma(database, "page_count")
    await pragma(database, f"max_page_count={used + spare_pages}")


async def test_full_disk(database: Database) -> None:
    """When the disk is full a whole batch is undone and told so; with room again all goes on."""
    await database.commit([put("before")])
    await fill(database)
    large = "x" * 50_000
    told = await outcomes(database, [put("small")], [put("large", large)], [put("after")])
    assert [type(one) for one in told] == [StorageError] * 3
    assert await names(database) == {"before"}
    assert await pragma(database, "integrity_check") == "ok"
    await pragma(database, "max_page_count=1000000")
    assert await outcomes(database, [put("small")], [put("large", large)]) == [None, None]
    assert await names(database) == {"before", "small", "large"}


async def test_full_disk_at_each_page(database: Database) -> None:
    """Wherever in a transaction the disk fills up, nothing of it is half there."""
    for spare in range(12):
        await fill(database, spare)
        plan = [put(f"{spare}.{n}", "x" * 9000) for n in range(4)]
        (told,) = await outcomes(database, plan)
        kept = [name for name in await names(database) if name.startswith(f"{spare}.")]
        assert (told is None, len(kept)) in [(True, 4), (False, 0)]
    assert await pragma(database, "integrity_check") == "ok"


async def test_refused_by_the_system(database: Database) -> None:
    """When the disk fails at the commit itself, the batch is undone and later ones are written."""
    await database.commit([put("before", "x" * 100_000)])
    with no_file_grows_over(len(cabinet.log_of(database)) + 6000):
        told = await outcomes(database, [put("half", "y" * 50_000)], [put("other")])
    assert [type(one) for one in told] == [StorageError] * 2
    await database.commit([put("after")])
    assert await names(database) == {"before", "after"}
    assert await pragma(database, "integrity_check") == "ok"


async def test_locked(database: Database) -> None:
    """While another program holds the file nothing is written, and everything once it lets go."""
    await pragma(database, "busy_timeout=1")
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = await outcomes(database, [put("a")], [put("b")])
        assert [type(one) for one in told] == [StorageError] * 2
        assert await database.read(text("SELECT * FROM installation")) == []
        with pytest.raises(StorageError, match="locked"):
            await learners.claim_due(database, 1, 1)
        other.execute("ROLLBACK")
    await database.commit([put("a")])
    assert await names(database) == {"a"}


async def test_failed_claim(database: Database) -> None:
    """A claim that goes wrong leaves no transaction open for the next one to fall into."""
    with pytest.raises(sqlite3.Error):
        await database.claim(text("UPDATE learner SET pace=:missing RETURNING learner_id"))
    await database.commit([put("next")])
    assert await names(database) == {"next"}


async def test_truncate_log(database: Database) -> None:
    """Folding the log in leaves it empty and everything in the file itself."""
    await database.commit([put("canary")])
    assert b"canary" in cabinet.log_of(database)
    await database.truncate_log()
    assert cabinet.log_of(database) == b""
    assert b"canary" in database.path.read_bytes()


async def test_log_in_use(database: Database) -> None:
    """A log that cannot be cut, since somebody reads an older state, is reported and not ignored."""
    await database.commit([put("old")])
    await pragma(database, "busy_timeout=1")
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM installation").fetchall()
        await database.commit([put("new")])
        with pytest.raises(StorageError, match="log"):
            await database.truncate_log()
    await database.truncate_log()


async def test_two_people(database: Database) -> None:
    """What two people do at the same moment is in one commit and stays their own."""
    await cabinet.keep(database, cabinet.learner(ANN), cabinet.learner(BEN))
    people = [await learners.find(database, one) for one in (ANN, BEN)]
    assert [person and person.learner_id for person in people] == [ANN, BEN]


async def test_damaged_while_open(tmp_path: Path) -> None:
    """A page that breaks under a running bot is noticed by whoever reads or writes it."""
    path = cabinet.new_file(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        place = "SELECT rootpage FROM sqlite_master WHERE tbl_name='installation'"
        roots = [row[0] for row in connection.execute(place)]
    damaged = bytearray(path.read_bytes())
    for root in roots:
        damaged[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    for write in (False, True):
        path.write_bytes(damaged)
        async with Database(path) as database:
            assert not database.damaged.is_set()
            with pytest.raises(Damaged):
                await (database.commit([put("x")]) if write else names(database))
            assert database.damaged.is_set()
