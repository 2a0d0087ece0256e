"""How far a learner is, as the chat shows it; and the owner's counts."""

from bot.banks.library import library_of
from bot.practice import progress, tally
from tests.chat.banks import bank, question
from tests.practice.desk import Desk


async def test_sets(desk: Desk) -> None:
    """Each set shows its badges of its active questions; retired ones are not counted."""
    desk.library = library_of(
        [
            bank("small-set", question("why-leaving"), question("gap-year"), title="Small"),
            bank("other", question("old", "other", retired=True), question("new", "other")),
        ]
    )
    for _ in range(2):
        await desk.practise(5)
    await desk.practise(5, "new")
    async with desk.turn() as tx:
        small, other = await progress.by_set(tx, desk.library)
        tx.change(active_set="*")
        everything = await progress.by_set(tx, desk.library)
    assert (small.title, small.badges, small.questions, small.active) == ("Small", 1, 2, True)
    assert (other.set_id, other.badges, other.questions, other.active) == ("other", 0, 1, False)
    assert [one.active for one in everything] == [True, True]


async def test_questions(desk: Desk) -> None:
    """Badges come first, then what is nearest to one; what was never rated is not shown."""
    async with desk.turn() as tx:
        assert await progress.is_first_rating(tx)
    await desk.practise(4, "gap-year")
    for _ in range(2):
        await desk.practise(5, "why-leaving")
    await desk.ask(question_id="bad-boss")
    async with desk.turn() as tx:
        shown = await progress.rated_questions(tx, desk.library)
        assert not await progress.is_first_rating(tx)
    assert [(one.question.id, one.badge) for one in shown] == [
        ("why-leaving", True),
        ("gap-year", False),
    ]
    assert shown[1].remaining.points == 4


async def test_counts(desk: Desk) -> None:
    """The owner sees numbers of everything, zero where there is nothing, and nobody's words."""
    await desk.practise(5)
    async with desk.turn() as tx:
        found = await tally.counts(tx)
    assert all(isinstance(count, int) for count in found.values())
    assert (found["learners"], found["drills"], found["takes"], found["ratings"]) == (1, 1, 1, 1)
    assert (found["waiting"], found["dead"], found["failed"]) == (0, 0, 0)
