"""Everything of one learner: handed out without a gap, and erased without a trace."""

import random
from typing import Any

import pytest
from sqlalchemy import Table, bindparam, insert

from bot.store import (
    archive,
    circles,
    coach_ratings,
    coachings,
    deeds,
    drills,
    ears,
    errands,
    inbox,
    learners,
    listens,
    looks,
    mocks,
    outbox,
    own_questions,
    pictures,
    ratings,
    shares,
    standings,
    takes,
    uploads,
    wishes,
)
from bot.store.database import Database, Write
from bot.store.tables import LEARNER_TABLES, UpdateState, metadata
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, receive, rows, update

PERSONAL = {name for name, table in metadata.tables.items() if "learner_id" in table.columns}
MARK = {ANN: "canary-of-ann", BEN: "canary-of-ben"}


def everything_of(learner_id: int) -> list[Write]:
    """Rows in each table, with the learner's mark in every text that can hold one."""
    mark = MARK[learner_id]
    return [
        learners.saved(
            None,
            cabinet.learner(learner_id, zone=mark, awaiting=mark, active_set=mark, sought=mark),
        ),
        *learners.hours_written(learner_id, learners.WEEK),
        drills.asked(cabinet.drill(1, learner_id, question_id=mark, words=mark)),
        deeds.done(cabinet.deed(10, learner_id, about=mark)),
        takes.taken(cabinet.take(2, learner_id, text=mark * 5000, file_id=mark)),
        ratings.rated(cabinet.rating(3, learner_id, question_id=mark)),
        listens.offered(cabinet.listen(10, learner_id, question_id=mark)),
        own_questions.added(cabinet.own_question(6, learner_id, ask=mark)),
        shares.made(cabinet.share(7, learner_id, token_hash=mark, told_from=mark)),
        coachings.made(
            cabinet.coaching(
                10, learner_id, other_id=0, token_hash=mark, told_from=mark, coach_name=mark
            )
        ),
        coach_ratings.rated(
            cabinet.coach_rating(2, learner_id, other_id=0, line=mark, note_file_id=mark)
        ),
        wishes.made(cabinet.wish(11, learner_id, other_id=0, question_id=mark, words=mark)),
        ears.made(
            cabinet.ear(
                12, learner_id, token_hash=mark, told_from=mark, answer_hash=mark, line=mark
            )
        ),
        circles.made(cabinet.circle(13, learner_id, title=mark, token_hash=mark)),
        circles.joined(cabinet.member(learner_id, other_id=0, name=mark)),
        standings.heard(learner_id, mark, 1),
        errands.given(cabinet.errand(8, learner_id, about=mark)),
        mocks.begun(cabinet.mock(10, learner_id, plan=mark)),
        errands.given(cabinet.errand(9, learner_id + 10, from_id=learner_id, about=mark)),
        pictures.wished(cabinet.picture_wish(learner_id, about=mark)),
        looks.put(looks.Looks(learner_id=learner_id, digest_day=6)),
        uploads.wanted(cabinet.upload(6, learner_id, file_id=mark, text=mark, set_id=mark)),
        outbox.posted(cabinet.message(4, learner_id, payload=f'{{"text":"{mark}"}}')),
        outbox.posted(cabinet.message(5, learner_id, method=mark, attachment=mark, error=mark)),
    ]


async def fill(database: Database) -> None:
    """All that two people could have left."""
    for number, person in enumerate(MARK, 1):
        await database.commit(everything_of(person))
        raw = MARK[person].encode()
        await receive(database, *(update(10 * number + n, person, raw) for n in range(3)))
        await database.commit([inbox.done(10 * number), inbox.dead(10 * number + 1, 3, "KeyError")])


def traces(database: Database, mark: str) -> int:
    """How often a mark stands anywhere on disk."""
    return (database.path.read_bytes() + cabinet.log_of(database)).count(mark.encode())


def test_every_table() -> None:
    """Every table with somebody's id in it is either a learner's or the inbox."""
    assert {table.name for table in LEARNER_TABLES} | {"inbox"} == PERSONAL
    for table in LEARNER_TABLES:
        assert next(iter(table.primary_key.columns)).name == "learner_id"


async def test_everything(database: Database) -> None:
    """What is handed out holds each row of the learner's tables, whole, and none of anybody else's."""
    await fill(database)
    found = await archive.everything(database, ANN)
    assert found.keys() == PERSONAL - {"outbox"}
    for name, handed_out in found.items():
        stored: list[dict[str, Any]] = [
            dict(row) for row in await rows(database, metadata.tables[name], learner_id=ANN)
        ]
        if name == "inbox":
            stored = [row | {"raw": row["raw"].decode()} for row in stored if row["state"] == 3]
        assert handed_out == [told(row) for row in stored]
        assert stored
    assert MARK[BEN] not in repr(found)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row without the numbers of other people."""
    return {name: value for name, value in row.items() if name not in archive.UNTOLD}


def generated(table: Table, dice: random.Random, number: int) -> dict[str, Any]:
    """A row of Ann's with something of its own in every column, or nothing where that is allowed."""
    row: dict[str, Any] = {}
    for column in table.columns:
        kind = column.type.python_type
        value: Any = dice.randrange(2**31) if kind is int else dice.random()
        if kind in (str, bytes):
            value = f"{column.name} {dice.random()} ü 🙂"
        keeps = column.primary_key or not column.nullable or dice.random() < 0.7
        row[column.name] = (value.encode() if kind is bytes else value) if keeps else None
    if table.name == "inbox":
        row["state"] = int(UpdateState.DEAD)
    return row | {"learner_id": ANN} | ({"sequence": number} if "sequence" in row else {})


@pytest.mark.parametrize("seed", range(5))
async def test_generated(database: Database, seed: int) -> None:
    """Whatever stands in any column of any table that names somebody is handed out as it stands.

    A table or column that is added one day is in this test without anybody thinking of it.
    """
    dice = random.Random(seed)
    kept: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(PERSONAL - {"outbox"}):
        table = metadata.tables[name]
        one_only = [c.name for c in table.primary_key.columns] == ["learner_id"]
        kept[name] = [generated(table, dice, n) for n in range(1 if one_only else 5)]
        columns: dict[str, Any] = {column.name: bindparam(column.name) for column in table.columns}
        await database.commit([Write(insert(table).values(columns), row) for row in kept[name]])
    found = await archive.everything(database, ANN)
    assert found.keys() == kept.keys()
    for name, given in kept.items():
        for row in given:
            plain = {k: v.decode() if isinstance(v, bytes) else v for k, v in row.items()}
            assert told(plain) in found[name]
        assert len(found[name]) == len(given)


async def test_nothing(database: Database) -> None:
    """Somebody never met has everything handed out: nothing."""
    assert await archive.everything(database, ANN) == {name: [] for name in PERSONAL - {"outbox"}}


async def test_erased(database: Database) -> None:
    """Erasing leaves no row and no byte of one learner, and every row of another."""
    await fill(database)
    await database.truncate_log()
    before = [await rows(database, metadata.tables[name], learner_id=BEN) for name in PERSONAL]
    waiting = update(12, ANN).update_id
    await database.commit([*archive.erased(ANN), inbox.done(waiting)])
    for name in PERSONAL:
        assert await rows(database, metadata.tables[name], learner_id=ANN) == []
    await database.truncate_log()
    assert traces(database, MARK[ANN]) == 0
    assert str(ANN) not in repr([await rows(database, table) for table in metadata.sorted_tables])
    assert traces(database, MARK[BEN]) > 10
    after = [await rows(database, metadata.tables[name], learner_id=BEN) for name in PERSONAL]
    assert [list(map(dict, one)) for one in before] == [list(map(dict, one)) for one in after]


WITH_OTHERS = [table for table in LEARNER_TABLES if archive.OTHER in table.columns]


@pytest.mark.parametrize("table", WITH_OTHERS, ids=lambda table: table.name)
async def test_goes_with_either(database: Database, table: Table) -> None:
    """A row that concerns two people is erased with either; the other's number is not handed out."""
    dice = random.Random(3)
    one, mine, apart = (generated(table, dice, number) for number in range(3))
    one |= {"learner_id": BEN, archive.OTHER: ANN}
    mine |= {archive.OTHER: BEN}
    apart |= {"learner_id": BEN, archive.OTHER: BEN + 10}
    columns: dict[str, Any] = {column.name: bindparam(column.name) for column in table.columns}
    await database.commit([Write(insert(table).values(columns), row) for row in (one, mine, apart)])
    if table.name != "outbox":
        assert str(BEN) not in repr((await archive.everything(database, ANN))[table.name])
    await database.commit(archive.erased(ANN))
    assert [dict(row) for row in await rows(database, table)] == [apart]


async def test_erased_twice(database: Database) -> None:
    """Erasing somebody who is gone already is no error."""
    await fill(database)
    for _ in range(2):
        await database.commit(archive.erased(ANN))


async def test_said_afterwards(database: Database) -> None:
    """What was sent after the wish to be erased and still waits is not lost: it begins anew."""
    await fill(database)
    await receive(database, update(13, ANN, b"/start"))
    await database.commit([*archive.erased(ANN), inbox.done(12)])
    assert [one.update_id for one in await inbox.waiting(database, -1, 9)] == [13, 22]
    await database.commit([inbox.done(13)])
