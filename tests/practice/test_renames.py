"""Banks change: a renamed question carries everything along, a vanished one keeps its history."""

import random

import pytest

from bot.drill.standing import Standing
from bot.drill.tone import Mode, Tone
from bot.practice import ask, enrol, progress, rate
from bot.store import ratings, standings, takes
from bot.store.tables import DrillState, drill, rating, standing
from tests.chat.banks import question
from tests.practice.desk import SET, Desk, library
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, MINUTE

RENAMED = library("bad-boss", new=question("why-left", SET, renamed_from=("why-leaving",)))
GONE = library("bad-boss", "gap-year")


@pytest.fixture
async def practised(desk: Desk) -> Desk:
    """Somebody who has been asked the question three times, after a triage, and has a badge in it."""
    async with desk.turn() as tx:
        tx.change(triage_question="why-leaving")
        await enrol.triage(tx, desk.library, 0, Tone.SMOOTH)
    for tone in (2, 5, 5):
        await desk.practise(tone)
    assert (await desk.standing("why-leaving")).badge_at is not None
    return desk


async def test_carried_over(practised: Desk) -> None:
    """Progress, start, ratings and takes of a renamed question go on under its new name."""
    desk = practised
    before = await standings.find(desk.database, ANN, "why-leaving")
    desk.library = RENAMED
    async with desk.turn() as tx:
        known = await ask.all_standings(tx, desk.library)
    assert known["why-left"] == before[0]
    assert await standings.find(desk.database, ANN, "why-left") == before
    assert await standings.find(desk.database, ANN, "why-leaving") == (Standing(), 0.5)
    for table in (standing, drill, rating):
        names = {row["question_id"] for row in await cabinet.rows(desk.database, table)}
        assert names == {"why-left"}
    assert len(await takes.of_question(desk.database, ANN, "why-left")) == 3
    latest = await desk.drill()
    async with desk.turn() as tx:
        assert await rate.rating_of(tx, latest) == Tone.SMOOTH


async def test_asked_again(practised: Desk) -> None:
    """The first asking under the new name knows the badge, the start, and the wording used last."""
    desk = practised
    before, prior = await standings.find(desk.database, ANN, "why-leaving")
    desk.library = RENAMED
    asked = await desk.ask(Mode.SURPRISE, "why-leaving")
    after, prior_after = await standings.find(desk.database, ANN, "why-left")
    assert asked.question.id == "why-left"
    assert asked.drill.wording != before.last_wording
    assert (after.badge_at, after.points, prior_after) == (before.badge_at, before.points, prior)
    assert after.heard_at == desk.now


async def test_drawn_again(practised: Desk) -> None:
    """A surprise drawn after the renaming carries progress over as well as one asked for does."""
    desk = practised
    desk.library = library(new=question("why-left", SET, renamed_from=("why-leaving",)))
    before = await desk.standing("why-leaving")
    await desk.ask(Mode.SURPRISE, None)
    assert (await desk.standing("why-left")).badge_at == before.badge_at


async def test_swapped_to(practised: Desk) -> None:
    """A swap that lands on a renamed question does not begin it anew."""
    desk = practised
    before = await desk.standing("why-leaving")
    asked = await desk.ask(question_id="gap-year")
    desk.library = library("gap-year", new=question("why-left", SET, renamed_from=("why-leaving",)))
    async with desk.turn() as tx:
        swapped = await ask.swap(tx, desk.library, asked.drill, desk.dice)
    assert swapped
    assert swapped.question.id == "why-left"
    after = await desk.standing("why-left")
    assert (after.badge_at, after.strength) == (before.badge_at, before.strength)


async def test_swapped_from(practised: Desk) -> None:
    """A question renamed while it is open is not offered in exchange for itself."""
    desk = practised
    asked = await desk.ask()
    desk.library = library(new=question("why-left", SET, renamed_from=("why-leaving",)))
    async with desk.turn() as tx:
        assert await ask.swap(tx, desk.library, asked.drill, desk.dice) is None


@pytest.mark.parametrize("seen_before", ["the answer", "the rating", "the undo", "nothing"])
async def test_renamed_under_way(practised: Desk, seen_before: str) -> None:
    """Wherever between question and undo a question is renamed, nothing of the drill is lost."""
    desk = practised
    before, prior = await standings.find(desk.database, ANN, "why-leaving")
    await desk.ask(Mode.SURPRISE)
    desk.later(MINUTE)

    async def renamed(moment: str) -> None:
        desk.library = RENAMED
        if seen_before == moment:
            async with desk.turn() as tx:
                await progress.by_set(tx, desk.library)

    await renamed("the answer")
    await desk.answer()
    await renamed("the rating")
    rated = await desk.rate(1)
    assert rated
    assert rated.lost
    assert rated.question
    assert rated.question.id == "why-left"
    async with desk.turn() as tx:
        known = await ask.all_standings(tx, RENAMED)
    assert known["why-left"] == rated.after
    assert known.keys() == {"why-left"}
    await renamed("the undo")
    assert await desk.undo()
    after, prior_after = await standings.find(desk.database, ANN, "why-left")
    assert (after.badge_at, after.points, prior_after) == (before.badge_at, before.points, prior)
    assert len(await takes.of_question(desk.database, ANN, "why-left")) == 4


async def test_both_known(practised: Desk) -> None:
    """Where two questions became one, the progress of the one that stays stands; nothing is deleted."""
    desk = practised
    await desk.practise(3, "bad-boss")
    before = await desk.standing("bad-boss")
    desk.library = library(
        one=question("bad-boss", SET, renamed_from=("why-leaving", "never-asked"))
    )
    for _ in range(2):
        async with desk.turn() as tx:
            assert (await ask.all_standings(tx, desk.library))["bad-boss"] == before
    assert (await desk.standing("why-leaving")).badge_at is not None
    assert len(await ratings.of_question(desk.database, ANN, "why-leaving")) == 3


async def test_own_names_only(practised: Desk) -> None:
    """Carrying Ann's progress over leaves Ben's to his own next turn."""
    desk = practised
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    await ben.practise(5)
    desk.library = RENAMED
    await desk.ask()
    assert (await ben.standing("why-leaving")).points == 3
    ben.library = RENAMED
    await ben.ask()
    assert (await ben.standing("why-left")).points == 3


async def test_vanished(practised: Desk) -> None:
    """A question that is gone is not asked any more; back again it is as it was left."""
    desk = practised
    before = await desk.standing("why-leaving")
    desk.library, shelved = GONE, desk.library
    for _ in range(6):
        asked = await desk.ask(question_id="why-leaving")
        assert asked.question.id in ("bad-boss", "gap-year")
        await desk.answer()
        desk.later(DAY)
    assert await desk.standing("why-leaving") == before
    assert len(await ratings.of_question(desk.database, ANN, "why-leaving")) == 3
    desk.library = shelved
    assert (await desk.ask()).question.id == "why-leaving"


async def test_vanished_under_way(practised: Desk) -> None:
    """A drill whose question vanishes while it is open can still be answered, rated and undone."""
    desk = practised
    asked = await desk.ask()
    desk.library = GONE
    async with desk.turn() as tx:
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 77) is None
    await desk.answer()
    rated = await desk.rate(1)
    assert rated
    assert (rated.question, rated.lost) == (None, True)
    assert await desk.undo()
    assert (await desk.standing("why-leaving")).badge_at is not None
    assert (await desk.drill()).state == DrillState.ANSWERED


async def test_retired(desk: Desk) -> None:
    """A retired question is not drawn, and asked for by name it gives way to another."""
    desk.library = library("bad-boss", old=question("why-leaving", SET, retired=True))
    desk.dice = random.Random(1)
    for question_id in (None, "why-leaving"):
        assert (await desk.ask(question_id=question_id)).question.id == "bad-boss"
        await desk.answer()
