"""Lists of takes: every take once, the newest first, page after page; words are found in any case."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice import SeenTake, Transaction, browse
from bot.practice.browse import AT_ONCE, PAGE, Page
from bot.store import drills, ratings, takes
from bot.store.database import Database
from bot.store.tables import DrillState
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, NOW


async def filled(database: Database, count: int) -> None:
    """So many typed takes of three questions; every third is rated, every fourth deleted."""
    writes = []
    for number in range(1, count + 1):
        question_id = f"q{number % 3}"
        writes += [
            drills.asked(
                cabinet.drill(number, question_id=question_id, state=DrillState.RATED, words="W?")
            ),
            takes.taken(
                cabinet.take(
                    number,
                    drill_no=number,
                    text=f"Take {number}{' GRÜN' if number % 50 == 1 else ''}",
                    deleted_at=NOW if number % 4 == 0 else None,
                )
            ),
        ]
        if number % 3 == 0:
            writes.append(
                ratings.rated(
                    cabinet.rating(
                        number,
                        drill_no=number,
                        take_no=number,
                        question_id=question_id,
                        tone=number % 5 + 1,
                    )
                )
            )
    await cabinet.keep(database, cabinet.learner(sequence=count), cabinet.learner(BEN))
    await database.commit(writes)


def numbers(page: Page[SeenTake]) -> list[int]:
    """The takes on a page."""
    return [one.take.take_no for one in page.rows]


async def begun(database: Database, learner_id: int = ANN, **fields: object) -> Transaction:
    """A transaction of somebody."""
    tx = await Transaction.begin(database, learner_id, NOW)
    tx.change(**fields)
    return tx


@pytest.mark.parametrize("count", [0, 5, 6, 7, 40])
async def test_pages_by_date(database: Database, count: int) -> None:
    """All pages together are all takes that are there, once each, the newest first; the last says so."""
    await filled(database, count)
    tx = await begun(database)
    seen, number = list[int](), 0
    while (page := await browse.by_date(tx, number)).more:
        assert len(page.rows) == PAGE
        seen += numbers(page)
        number += 1
    seen += numbers(page)
    assert seen == [n for n in range(count, 0, -1) if n % 4]
    assert (await browse.by_date(tx, number + 1)).rows == []
    assert (await browse.by_date(await begun(database, BEN), 0)).rows == []


async def test_tones_add_up(database: Database) -> None:
    """The counts of the tones are the lengths of their lists, and together all takes that are there."""
    await filled(database, 40)
    tx = await begun(database)
    counts = await browse.tones(tx)
    assert sum(counts.values()) == 30
    assert counts[browse.UNRATED] == 20
    for tone, count in counts.items():
        first = await browse.by_tone(tx, tone, 0)
        assert (len(first.rows), first.more) == (min(count, PAGE), count > PAGE)
        assert {one.tone for one in first.rows} == {None if tone == browse.UNRATED else tone}


async def test_a_rating_taken_back_is_none(database: Database) -> None:
    """A take whose rating was withdrawn is not rated; rated again it is in the lists once."""
    await filled(database, 3)
    await database.commit([ratings.withdrawn(ANN, 3, NOW)])
    tx = await begun(database)
    assert await browse.tones(tx) == {browse.UNRATED: 3}
    await database.commit(
        [ratings.rated(cabinet.rating(9, drill_no=3, take_no=3, question_id="q0", tone=5))]
    )
    assert await browse.tones(tx) == {browse.UNRATED: 2, 5: 1}
    assert numbers(await browse.by_date(tx, 0)) == [3, 2, 1]


async def test_questions(database: Database) -> None:
    """Each question once, the one answered last first, with its takes, oldest first, none deleted."""
    await filled(database, 12)
    page = await browse.by_question(await begun(database), 0)
    found = [[one.take.take_no for one in takes] for takes in page.rows]
    assert found == [[2, 5, 11], [1, 7, 10], [3, 6, 9]]


async def test_search_far_back(database: Database) -> None:
    """Words are found however far back they are, without reading more than a part at a time."""
    await filled(database, 2 * AT_ONCE + 100)
    tx = await begun(database, sought="grün take")
    hits = [n for n in range(2 * AT_ONCE + 100, 0, -1) if n % 50 == 1 and n % 4]
    found = [number for page in range(5) for number in numbers(await browse.found(tx, page))]
    assert found == hits
    assert len(hits) > 2 * PAGE
    assert [(await browse.found(tx, page)).more for page in range(3)] == [True, True, False]


async def test_nothing_sought(database: Database) -> None:
    """Whoever has searched for nothing finds nothing."""
    await filled(database, 5)
    assert (await browse.found(await begun(database), 0)).rows == []


@given(st.text(max_size=100))
def test_what_can_be_sought(words: str) -> None:
    """What is remembered is one line of words, short enough; anything else is refused."""
    learner = cabinet.learner()
    tx = Transaction(Database(Path("none")), learner, new=False, now=NOW)
    plain = " ".join(words.split())
    assert browse.seek(tx, words) is (0 < len(plain) <= browse.MOST_SOUGHT)
    assert tx.learner.sought in (None, plain)


async def test_in_any_order_of_keeping(database: Database) -> None:
    """The latest answer is what its number says, not where its row lies."""
    order = list(range(1, 8))
    random.Random(3).shuffle(order)
    await cabinet.keep(database, cabinet.learner(sequence=9))
    await database.commit([drills.asked(cabinet.drill(1))])
    for number in order:
        await database.commit([takes.taken(cabinet.take(number))])
    tx = await begun(database)
    found = await browse.of_drill(tx, 1)
    assert found is not None
    assert [one.take.take_no for one in found] == list(range(1, 8))
    assert await browse.of_drill(tx, 2) is None
