"""Question sets that were sent: one step at a time, one version at a time, and only the last one runs."""

import asyncio
from dataclasses import replace

import pytest

from bot.store import uploads
from bot.store.database import Conflict, Database
from bot.store.tables import UploadState
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, NOW, keep, learner, upload


async def running(database: Database) -> dict[str, tuple[int, str]]:
    """Which version of each set runs, and what it says."""
    rows = await uploads.running(database)
    return {row["set_id"]: (row["version_no"], row["text"]) for row in rows}


async def test_a_document_moves_on_once(database: Database) -> None:
    """Of two that would move it from the same state one succeeds; another owner's is left alone."""
    mine, theirs = upload(7), upload(7, BEN)
    await database.commit([uploads.wanted(mine), uploads.wanted(theirs)])
    proposed = replace(mine, state=UploadState.PROPOSED, text="set: x", set_id="x")
    outcomes = await asyncio.gather(
        *(database.commit([uploads.changed(mine, proposed)]) for _ in range(3)),
        return_exceptions=True,
    )
    assert [type(one) for one in outcomes if one] == [Conflict, Conflict]
    assert await uploads.find(database, ANN, 7) == proposed
    assert await uploads.find(database, BEN, 7) == theirs
    assert await uploads.find(database, ANN, 8) is None


async def test_what_is_still_to_be_fetched(database: Database) -> None:
    """The longest waiting first, so many at the most; what has moved on is not among them."""
    sent = [upload(number, sent_at=NOW - number) for number in range(1, 5)]
    await database.commit([uploads.wanted(one) for one in sent])
    await database.commit([uploads.changed(sent[3], replace(sent[3], state=UploadState.REFUSED))])
    rows = await uploads.still_wanted(database, 2)
    assert [row["upload_no"] for row in rows] == [3, 2]


async def test_the_last_version_that_was_not_undone_runs(database: Database) -> None:
    """Each undo uncovers the version before; when all are undone, none runs."""
    for number in (1, 2, 3):
        await database.commit([uploads.went_live("a-set", number, f"text {number}", NOW)])
    await database.commit([uploads.went_live("b-set", 1, "text b", NOW)])
    for number in (3, 2, 1):
        assert await running(database) == {
            "a-set": (number, f"text {number}"),
            "b-set": (1, "text b"),
        }
        await database.commit([uploads.undone("a-set", number, NOW)])
    assert await running(database) == {"b-set": (1, "text b")}
    rows = await uploads.versions(database, "a-set")
    assert [(row["version_no"], row["undone_at"]) for row in rows] == [(n, NOW) for n in (1, 2, 3)]
    assert await uploads.text_of(database, "a-set", 2) == "text 2"


async def test_only_what_runs_is_undone(database: Database) -> None:
    """A version under a newer one, one undone already and one that never was are refused."""
    for number in (1, 2):
        await database.commit([uploads.went_live("a-set", number, "text", NOW)])
    for number in (1, 3):
        with pytest.raises(Conflict):
            await database.commit([uploads.undone("a-set", number, NOW)])
    await database.commit([uploads.undone("a-set", 2, NOW)])
    with pytest.raises(Conflict):
        await database.commit([uploads.undone("a-set", 2, NOW)])
    await database.commit([uploads.undone("a-set", 1, NOW)])


async def test_of_two_with_one_number_one_goes_live(database: Database) -> None:
    """Nothing of the other one's transaction is kept."""
    await database.commit([uploads.went_live("a-set", 1, "first", NOW)])
    with pytest.raises(Conflict):
        await database.commit([cabinet.put("in"), uploads.went_live("a-set", 1, "second", NOW)])
    assert await running(database) == {"a-set": (1, "first")}
    assert await cabinet.names(database) == set()


async def test_who_practises_a_set(database: Database) -> None:
    """Learners who have it active are counted; who practises another set, or all, is not."""
    sets = ("a-set", "a-set", "b-set", "*", None)
    people = [learner(2000 + number, active_set=one) for number, one in enumerate(sets)]
    await keep(database, *people)
    assert await uploads.practising(database, "a-set") == 2
    assert await uploads.practising(database, "c-set") == 0
