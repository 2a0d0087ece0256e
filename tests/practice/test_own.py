"""A learner's own questions: taken up, kept, drilled, changed, removed, and nobody else's."""

from dataclasses import replace

import pytest

from bot.banks.library import ALL_SETS, Library
from bot.drill.tone import Mode
from bot.practice import OwnQuestion, Transaction, ask, enrol, own, plan, progress
from bot.practice.own import MINE, Flaw
from bot.store import own_questions, takes
from tests.practice.desk import SET, Desk, library
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, MINUTE, written

WHY = "Why did you leave so soon?"
SHIPPED = library("why-leaving", "bad-boss", "gap-year")


async def draft(desk: Desk, words: str = WHY) -> OwnQuestion | Flaw:
    """Take some words up, with a secret that was never used."""
    async with desk.turn() as tx:
        return await own.draft(tx, own.cleaned(words), f"secret {desk.now} {words}")


async def kept(desk: Desk, words: str = WHY) -> OwnQuestion:
    """Take a question up and keep it."""
    one = await draft(desk, words)
    assert isinstance(one, OwnQuestion)
    async with desk.turn() as tx:
        found = await own.keep(tx, one.own_no)
    assert found
    return found


async def shelf(desk: Desk) -> Library:
    """The library as the learner sees it."""
    async with desk.turn() as tx:
        return await own.shelf(tx, SHIPPED, "My questions")


async def practising_own(desk: Desk, *words: str) -> list[OwnQuestion]:
    """Keep questions and practise nothing else."""
    found = [await kept(desk, one) for one in words or (WHY,)]
    async with desk.turn() as tx:
        tx.change(active_set=MINE)
    desk.library = await shelf(desk)
    return found


async def test_a_draft_is_not_drawn_until_it_is_kept(desk: Desk) -> None:
    """What was taken up stands on no shelf before the learner says so."""
    one = await draft(desk)
    assert isinstance(one, OwnQuestion)
    before = await shelf(desk)
    assert (before.active(MINE), MINE in before.sets) == ((), False)
    async with desk.turn() as tx:
        assert await own.keep(tx, one.own_no)
    [question] = (await shelf(desk)).active(MINE)
    assert (question.ask, question.id, question.set_id) == (WHY, one.question_id, MINE)


async def test_without_own_questions_nothing_is_read(desk: Desk) -> None:
    """Somebody who never added one gets the library itself, without a single statement."""
    async with desk.turn() as tx:

        async def refuse(*_: object, **__: object) -> None:
            raise AssertionError("something was read")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(own_questions, "of_learner", refuse)
            assert await own.shelf(tx, desk.library, "My questions") is desk.library
            assert await own.mine(tx) == []


async def test_the_shelf_is_the_learners_alone(desk: Desk) -> None:
    """Ann's own set is in all her sets; the library itself and Ben's shelf know nothing of it."""
    one = await kept(desk)
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    await kept(ben, "What would you do differently?")
    mine = await shelf(desk)
    assert [q.id for q in mine.active(ALL_SETS)][-1] == one.question_id
    assert len(mine.active(ALL_SETS)) == len(desk.library.active(ALL_SETS)) + 1
    assert desk.library.question(one.question_id) is None
    assert (await shelf(ben)).question(one.question_id) is None


async def test_ids_tell_nothing(desk: Desk) -> None:
    """The same question of two people has ids that are alike in nothing but their beginning."""
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    ids = [(await kept(desk)).question_id, (await kept(desk, "And what came then?")).question_id]
    async with ben.turn() as tx:
        other = await own.draft(tx, WHY, "another secret")
    assert isinstance(other, OwnQuestion)
    ids.append(other.question_id)
    assert len(set(ids)) == 3
    for one in ids:
        assert one.startswith("own-")
        assert len(one) == 28
        assert str(ANN) not in one


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("Why?", Flaw.SHORT),
        ("x" * 9, Flaw.SHORT),
        ("x" * 10, None),
        ("x" * 240, None),
        ("x" * 241, Flaw.LONG),
        ("Why did you leave?\nAnd why so soon?", Flaw.LINES),
        ("\n\n  Why did\t you leave?\u200b \u202e \n", None),
    ],
)
async def test_what_can_be_a_question(desk: Desk, words: str, fault: Flaw | None) -> None:
    """One line of ten to 240 characters; empty lines, spare spaces and hidden characters go."""
    one = await draft(desk, words)
    if fault is None:
        assert isinstance(one, OwnQuestion)
        assert one.ask == " ".join(words.strip("\n \u200b\u202e").split())
    else:
        assert one == fault
        assert await own_questions.of_learner(desk.database, ANN) == []


async def test_the_same_words_again(desk: Desk) -> None:
    """A question that is there already, in other case and marks, is not stored twice."""
    one = await kept(desk)
    assert await draft(desk, "“why did you leave so soon”") == one
    assert len(await own_questions.of_learner(desk.database, ANN)) == 1


async def test_two_hundred(desk: Desk) -> None:
    """The 201st is refused, and so is bringing one back, until another is removed."""
    full = [cabinet.own_question(number) for number in range(1, own.MOST + 1)]
    removed = cabinet.own_question(900, ask="What is your weakness?", removed_at=desk.now)
    await desk.database.commit([own_questions.added(one) for one in (*full, removed)])
    async with desk.turn() as tx:
        tx.change(own_since=desk.now, sequence=1000)
    assert await draft(desk) == Flaw.FULL
    async with desk.turn() as tx:
        assert await own.bring_back(tx, 900) == Flaw.FULL
    async with desk.turn() as tx:
        assert await own.remove(tx, 7)
    assert isinstance(await draft(desk), OwnQuestion)


async def test_what_is_let_go(desk: Desk) -> None:
    """Drafts of last week go when something is added; of removed ones the latest 300 stay."""
    removed = [
        cabinet.own_question(number, removed_at=desk.now + number) for number in range(1, 303)
    ]
    old = cabinet.own_question(500, kept_at=None, added_at=desk.now - own.DRAFT_MS - 1)
    young = cabinet.own_question(501, kept_at=None, added_at=desk.now - own.DRAFT_MS)
    await desk.database.commit([own_questions.added(one) for one in (*removed, old, young)])
    async with desk.turn() as tx:
        tx.change(own_since=desk.now, sequence=1000)
    await draft(desk)
    left = [one.own_no for one in await own_questions.of_learner(desk.database, ANN)]
    assert left == [*range(3, 303), 501, 1001]


async def test_drilled_like_any_other(desk: Desk) -> None:
    """Drawn, answered, rated, badged: all of it by the same verbs, and found again by its id."""
    [one] = await practising_own(desk)
    for tone in (5, 5):
        asked = await desk.ask(Mode.SURPRISE, None)
        assert (asked.question.id, asked.wording) == (one.question_id, WHY)
        desk.later(MINUTE)
        await desk.answer()
        rated = await desk.rate(tone)
        assert rated
        assert rated.question
        assert rated.question.ask == WHY
        desk.later(DAY)
    assert (await desk.standing(one.question_id)).badge_at is not None
    async with desk.turn() as tx:
        assert [row.badges for row in await progress.by_set(tx, desk.library)] == [0, 1]


async def test_new_words_keep_the_progress(desk: Desk) -> None:
    """Put in other words it is the same question: same id, same standing, other card."""
    [one] = await practising_own(desk)
    await desk.practise(4, one.question_id)
    before = await desk.standing(one.question_id)
    async with desk.turn() as tx:
        assert await own.reword(tx, one.own_no, "Why only four months?")
    desk.library = await shelf(desk)
    assert await desk.standing(one.question_id) == before
    assert (await desk.ask(question_id=None)).wording == "Why only four months?"
    async with desk.turn() as tx:
        assert await own.reword(tx, one.own_no, "Why?") == Flaw.SHORT
        assert await own.reword(tx, 999, WHY) is None


async def test_removed_it_is_drawn_no_more_and_its_history_stays(desk: Desk) -> None:
    """Takes and standing stay, the id is still known, and another question comes; undo brings it back."""
    one, other = await practising_own(desk, WHY, "What do you expect to earn?")
    await desk.practise(2, one.question_id)
    async with desk.turn() as tx:
        assert await own.remove(tx, one.own_no)
    desk.library = await shelf(desk)
    assert [q.id for q in desk.library.active(MINE)] == [other.question_id]
    assert (await desk.ask(question_id=one.question_id)).question.id == other.question_id
    found = desk.library.question(one.question_id)
    assert found
    assert found.retired
    assert len(await takes.of_question(desk.database, ANN, one.question_id)) == 1
    async with desk.turn() as tx:
        assert await own.bring_back(tx, one.own_no) == one
    assert len((await shelf(desk)).active(MINE)) == 2
    assert (await desk.standing(one.question_id)).strength_at is not None


async def test_removed_while_it_is_open(desk: Desk) -> None:
    """The card of a question that was removed meanwhile still takes its answer and its rating."""
    [one] = await practising_own(desk)
    asked = await desk.ask(Mode.SURPRISE, None)
    async with desk.turn() as tx:
        await own.remove(tx, one.own_no)
    desk.library = await shelf(desk)
    assert MINE not in desk.library.sets
    async with desk.turn() as tx:
        assert await ask.pressed(tx, desk.library, asked.drill.drill_no, 77)
    await desk.answer()
    rated = await desk.rate(3)
    assert rated
    assert rated.question
    assert rated.question.ask == WHY
    async with desk.turn() as tx:
        assert await ask.ask(tx, desk.library, desk.dice, Mode.SELF) is None


async def test_put_off_and_removed(desk: Desk) -> None:
    """A question that was put off and then removed gives way to another at the promised moment."""
    one, other = await practising_own(desk, WHY, "What do you expect to earn?")
    asked = await desk.ask(question_id=one.question_id)
    async with desk.turn() as tx:
        await plan.snooze(tx, asked.drill, plan.Snooze.HOUR, desk.dice)
    async with desk.turn() as tx:
        await own.remove(tx, one.own_no)
    desk.library = await shelf(desk)
    desk.later()
    async with desk.turn() as tx:
        sprung = await ask.spring(tx, desk.library, desk.dice)
    assert sprung
    assert sprung.question.id == other.question_id


async def test_thrown_away(desk: Desk) -> None:
    """A draft that is thrown away leaves no row; a kept question cannot be thrown away."""
    one = await draft(desk)
    assert isinstance(one, OwnQuestion)
    async with desk.turn() as tx:
        assert await own.throw_away(tx, one.own_no)
    assert await own_questions.of_learner(desk.database, ANN) == []
    stays = await kept(desk)
    async with desk.turn() as tx:
        assert not await own.throw_away(tx, stays.own_no)
        assert not await own.throw_away(tx, one.own_no)
        assert await own.keep(tx, one.own_no) is None


async def test_the_tone_that_slips(desk: Desk) -> None:
    """A slip of the vocabulary stands on the shelf; none takes it away; another word is no slip."""
    one = await kept(desk)
    async with desk.turn() as tx:
        assert await own.tell_slip(tx, one.own_no, "bitter") == replace(one, slip="bitter")
    [question] = (await shelf(desk)).active(MINE)
    assert question.tone_risk.slip == "bitter"
    async with desk.turn() as tx:
        assert await own.tell_slip(tx, one.own_no, "loud") is None
    async with desk.turn() as tx:
        assert await own.tell_slip(tx, one.own_no, "") == one
    assert (await shelf(desk)).active(MINE)[0].tone_risk.slip == ""


async def test_a_repeat_writes_nothing(desk: Desk) -> None:
    """The second tap on Keep, Remove, Undo or the same tone changes no row of the question."""
    one = await kept(desk)
    async with desk.turn() as tx:
        await own.tell_slip(tx, one.own_no, "flat")
    async with written(desk.database) as seen:
        await again(desk, one.own_no)
    assert not [statement for statement in seen if "own_question" in statement]


async def again(desk: Desk, own_no: int) -> None:
    """Tap what was tapped before."""

    async def tapped(tx: Transaction) -> None:
        assert await own.keep(tx, own_no)
        assert await own.tell_slip(tx, own_no, "flat")
        assert await own.bring_back(tx, own_no)

    async with desk.turn() as tx:
        await tapped(tx)


async def test_somebody_elses_number_is_nobodys(desk: Desk) -> None:
    """Ben, naming the number of Ann's question, reaches nothing."""
    one = await kept(desk)
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    async with ben.turn() as tx:
        tx.change(own_since=ben.now)
    async with ben.turn() as tx:
        assert await own.find(tx, one.own_no) is None
        assert await own.keep(tx, one.own_no) is None
        assert await own.reword(tx, one.own_no, "Something of Ben's.") is None
        assert await own.tell_slip(tx, one.own_no, "flat") is None
        assert await own.remove(tx, one.own_no) is None
        assert await own.bring_back(tx, one.own_no) is None
    assert await own_questions.of_learner(desk.database, ANN) == [one]


async def test_back_to_the_shipped_sets(desk: Desk) -> None:
    """Choosing another set leaves the own ones as they are, and they are not drawn."""
    [one] = await practising_own(desk)
    await desk.practise(4, one.question_id)
    async with desk.turn() as tx:
        await enrol.choose_set(tx, SET, desk.dice)
    for _ in range(5):
        asked = await desk.ask(question_id=None)
        assert asked.question.set_id == SET
        await desk.answer()
    assert len(await takes.of_question(desk.database, ANN, one.question_id)) == 1
