"""Looking through one's takes: by question, by date, by tone, by the words of typed ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.practice import Transaction
from bot.store import drills, seen_takes
from bot.store.seen_takes import UNRATED, SeenTake

__all__ = ["UNRATED", "Page", "SeenTake"]

PAGE = 6
MOST_SOUGHT = 60
"""Characters of what is searched for; more is an answer rather than a search."""
AT_ONCE = 300

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and whether more come after them; `number` counts pages from 0."""

    rows: Sequence[Row]
    number: int
    more: bool


def _page(rows: Sequence[Row], number: int) -> Page[Row]:
    return Page(rows[:PAGE], number, len(rows) > PAGE)


async def by_question(tx: Transaction, number: int) -> Page[list[SeenTake]]:
    """A page of questions, the one answered last first; of each its takes, oldest first."""
    database, learner_id = tx.database, tx.learner.learner_id
    found = _page(await seen_takes.questions(database, learner_id, number * PAGE, PAGE + 1), number)
    takes = [_there(await seen_takes.of_question(database, learner_id, q)) for q in found.rows]
    return Page(takes, number, found.more)


def _there(takes: Sequence[SeenTake]) -> list[SeenTake]:
    return [one for one in takes if one.take.deleted_at is None]


async def by_date(tx: Transaction, number: int) -> Page[SeenTake]:
    """A page of takes, the newest first."""
    rows = await seen_takes.by_date(tx.database, tx.learner.learner_id, number * PAGE, PAGE + 1)
    return _page(rows, number)


async def by_tone(tx: Transaction, tone: int, number: int) -> Page[SeenTake]:
    """A page of the takes of one tone, or of those `UNRATED`, the newest first."""
    rows = await seen_takes.by_tone(
        tx.database, tx.learner.learner_id, tone, number * PAGE, PAGE + 1
    )
    return _page(rows, number)


async def tones(tx: Transaction) -> dict[int, int]:
    """How many takes there are of each tone, and `UNRATED`."""
    return await seen_takes.tones(tx.database, tx.learner.learner_id)


async def find(tx: Transaction, take_no: int) -> SeenTake | None:
    """One take of this learner, deleted or not."""
    return await seen_takes.find(tx.database, tx.learner.learner_id, take_no)


async def of_drill(tx: Transaction, drill_no: int) -> list[SeenTake] | None:
    """The takes of the question that a drill asked, oldest first, those not deleted; None: no such drill."""
    drill = await drills.find(tx.database, tx.learner.learner_id, drill_no)
    if drill is None:
        return None
    takes = await seen_takes.of_question(tx.database, drill.learner_id, drill.question_id)
    return _there(takes)


def seek(tx: Transaction, words: str) -> bool:
    """Remember what is searched for; False: there is nothing in it, or it is too long for that."""
    plain = " ".join(words.split())
    if not plain or len(plain) > MOST_SOUGHT:
        return False
    tx.change(sought=plain)
    return True


async def found(tx: Transaction, number: int) -> Page[SeenTake]:
    """A page of the takes in whose text every word searched for stands, in any case; newest first."""
    wanted = (tx.learner.sought or "").casefold().split()
    numbers = await _holding(tx, wanted, (number + 1) * PAGE + 1) if wanted else []
    shown = _page(numbers[number * PAGE :], number)
    rows = [await find(tx, take_no) for take_no in shown.rows]
    return Page([one for one in rows if one is not None], number, shown.more)


async def _holding(tx: Transaction, wanted: Sequence[str], most: int) -> list[int]:
    """The newest takes with all these words; read a few at a time, and no more than are needed."""
    numbers: list[int] = []
    before = tx.learner.sequence + 1
    while len(numbers) < most:
        some = await seen_takes.texts(tx.database, tx.learner.learner_id, before, AT_ONCE)
        numbers += [
            take_no for take_no, text in some if all(word in text.casefold() for word in wanted)
        ]
        if len(some) < AT_ONCE:
            break
        before = some[-1][0]
    return numbers[:most]
