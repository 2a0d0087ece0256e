"""Asking: which question, in which words, now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.drill.dice import Dice
from bot.drill.open_hours import OpenHours
from bot.drill.question import Question, at_level
from bot.drill.standing import Standing
from bot.drill.surprise import LATE_MS, may_send
from bot.drill.tone import Mode
from bot.drill.weakness import choose, choose_wording
from bot.practice import ErrandKind, Transaction, plan, wishes
from bot.store import drills, outbox, standings
from bot.store.drills import Drill
from bot.store.tables import DrillState
from bot.store.wishes import Wish

MINUTE_MS = 60_000
MOCK_WAIT_MS = 10 * MINUTE_MS
"""How long what falls due in a mock interview waits before it asks again whether that is over."""


def pool(tx: Transaction, library: Library) -> tuple[Question, ...]:
    """What may be drawn: the active set at the learner's level; all of it if it has none of that."""
    learner = tx.learner
    return at_level(library.active(learner.active_set or ""), learner.level)


@dataclass(frozen=True, slots=True)
class Asked:
    """A drill and its question, ready to be put on a card. `wished`: a coach wanted it sprung."""

    drill: Drill
    question: Question
    wished: bool = False

    @property
    def wording(self) -> str:
        """The words of this asking."""
        return self.drill.words or _words(self.question, self.drill.wording)


def _words(question: Question, wording: int) -> str:
    wordings = question.wordings()
    # A bank edited meanwhile may have fewer.
    return wordings[wording % len(wordings)]


async def all_standings(tx: Transaction, library: Library) -> dict[str, Standing]:
    """Every standing of the learner; progress of renamed questions is carried over on the way."""
    known = await standings.of_learner(tx.database, tx.learner.learner_id)
    for old_id in [key for key in known if key in library.renamed]:
        new_id = library.renamed[old_id]
        if new_id not in known:
            known[new_id] = known.pop(old_id)
            tx.write(*standings.renamed(tx.learner.learner_id, old_id, new_id))
    return known


async def ask(
    tx: Transaction,
    library: Library,
    dice: Dice,
    mode: Mode,
    *,
    question_id: str | None = None,
    planned_at: int | None = None,
) -> Asked | None:
    """Open a drill; None when the active set has no question. `question_id`: this one, not a draw."""
    learner = tx.learner
    known = await all_standings(tx, library)
    question = library.question(question_id) if question_id else None
    if question is None or question.retired:
        question = _drawn(tx, library, known, dice)
    if question is None:
        # The set may come back with the next edit of the banks: look again another time.
        tx.change(snoozed_drill=None)
        await plan.replan(tx, dice)
        return None
    drill = await put(
        tx,
        question,
        _wording(question, known, dice),
        mode,
        expires_at=tx.now + learner.expiry_minutes * MINUTE_MS,
        planned_at=planned_at,
    )
    return Asked(drill, question)


async def put(
    tx: Transaction,
    question: Question,
    wording: int,
    mode: Mode,
    *,
    expires_at: int,
    planned_at: int | None = None,
) -> Drill:
    """Open a drill of this question, in these words."""
    learner = tx.learner
    drill = Drill(
        learner_id=learner.learner_id,
        drill_no=tx.number(),
        question_id=question.id,
        set_id=question.set_id,
        wording=wording,
        words=_words(question, wording),
        mode=mode,
        planned_at=planned_at,
        asked_at=tx.now,
        expires_at=expires_at,
    )
    tx.write(drills.asked(drill), standings.heard(learner.learner_id, question.id, tx.now, wording))
    # What a card wanted typed is not awaited any more: the question is what is said last.
    tx.change(open_drill=drill.drill_no, awaiting=None)
    if not await _still_promised(tx, question):
        tx.change(next_drill_at=None, snoozed_drill=None, claimed_until=0)
    return drill


async def _still_promised(tx: Transaction, asked: Question) -> bool:
    """Whether a question that was put off shall come back all the same; not if it is this one."""
    snoozed = tx.learner.snoozed_drill
    if snoozed is None or not plan.keeps_promise(tx):
        return False
    before = await drills.find(tx.database, tx.learner.learner_id, snoozed)
    return before is not None and before.question_id != asked.id


def _drawn(
    tx: Transaction, library: Library, known: Mapping[str, Standing], dice: Dice
) -> Question | None:
    drawable = {one.id: known.get(one.id, Standing()) for one in pool(tx, library)}
    return library.questions[choose(drawable, tx.now, dice)] if drawable else None


def _wording(question: Question, known: Mapping[str, Standing], dice: Dice) -> int:
    """The author's own words the first time; from then on any but the last."""
    last = known.get(question.id, Standing()).last_wording
    return 0 if last is None else choose_wording(len(question.wordings()), last, dice)


async def spring(tx: Transaction, library: Library, dice: Dice) -> Asked | None:
    """Ask what is due, if it still may come; otherwise draw another moment and return None."""
    learner = tx.learner
    due = learner.next_drill_at
    if learner.open_drill is not None and learner.snoozed_drill is not None:
        await _wait_for_the_open_one(tx)
        return None
    if due is None or due > tx.now or learner.open_drill is not None or learner.left_at:
        await plan.replan(tx, dice)
        return None
    hours = await plan.open_hours(tx)
    snoozed = learner.snoozed_drill
    if not _may_come(tx, hours, due):
        tx.change(snoozed_drill=None)
        await plan.replan(tx, dice)
        return None
    if snoozed is not None:
        before = await drills.find(tx.database, learner.learner_id, snoozed)
        return await ask(
            tx, library, dice, Mode.SELF, question_id=before.question_id if before else None
        )
    return await _surprise(tx, library, dice, hours, await wishes.due(tx), due)


async def _surprise(
    tx: Transaction,
    library: Library,
    dice: Dice,
    hours: OpenHours,
    wish: Wish | None,
    planned_at: int,
) -> Asked | None:
    """Ask the one that is wished, or a draw, and count it for the day."""
    if wish is not None:
        library = await wishes.fulfil(tx, library, wish)
    wished = wish.question_id if wish else None
    asked = await ask(tx, library, dice, Mode.SURPRISE, question_id=wished, planned_at=planned_at)
    if asked is None:
        return None
    today = hours.local_day(tx.now)
    count = tx.learner.sent_count + 1 if tx.learner.sent_day == today else 1
    tx.change(sent_day=today, sent_count=count)
    return replace(asked, wished=asked.question.id == wished)


async def spring_wished(tx: Transaction, library: Library, dice: Dice, wish: Wish) -> Asked | None:
    """Ask what a coach wants sprung now; None: not at this moment, it is put off."""
    hours = await plan.open_hours(tx)
    if wishes.may_come(tx.learner, hours, tx.now):
        return await _surprise(tx, library, dice, hours, wish, tx.now)
    chance = await wishes.next_chance(tx, hours)
    if chance is not None:
        about = f"{wish.coaching_no} {wish.wish_no}"
        tx.errand(ErrandKind.COACH_SPRINGS, chance, about)
    return None


async def _wait_for_the_open_one(tx: Transaction) -> None:
    """Put a promised question off until the time of the one that is open is over.

    A whole interview may take long, or not: it is asked for again and again.
    """
    drill = await open_drill(tx)
    over = drill.expires_at if drill else tx.now
    if drill is not None and drill.mode == Mode.MOCK:
        over = tx.now + MOCK_WAIT_MS
    tx.change(next_drill_at=max(over, tx.now) + 1, claimed_until=0)


def _may_come(tx: Transaction, hours: OpenHours, due: int) -> bool:
    """Whether what was due may be asked now.

    A surprise found late is drawn anew and never caught up. A snoozed question was asked for: only
    the night keeps it away, neither the cap nor a pause.
    """
    if tx.learner.snoozed_drill is not None:
        return hours.is_open(tx.now)
    sent_on = (tx.learner.sent_day, tx.learner.sent_count)
    return tx.now - due <= LATE_MS and may_send(plan.rhythm(tx, hours), tx.now, sent_on)


async def open_drill(tx: Transaction) -> Drill | None:
    """The drill that waits for its answer; its question may be gone from the banks."""
    number = tx.learner.open_drill
    return await find(tx, number) if number is not None else None


async def find(tx: Transaction, drill_no: int) -> Drill | None:
    """One drill of this learner, in whatever state."""
    return await drills.find(tx.database, tx.learner.learner_id, drill_no)


async def pressed(
    tx: Transaction, library: Library, drill_no: int, message_id: int
) -> Asked | None:
    """The open drill of a pressed card; None if it is not open, or this message is not its card.

    A press on a card whose receipt was lost proves that it arrived, and tells its message id. In a
    mock interview nothing is hinted, swapped or put off.
    """
    drill = await drills.find(tx.database, tx.learner.learner_id, drill_no)
    question = library.question(drill.question_id) if drill else None
    if drill is None or question is None or drill.state != DrillState.OPEN:
        return None
    if drill.mode == Mode.MOCK:
        return None
    if drill.message_id is None:
        tx.write(
            drills.card_sent(drill.learner_id, drill_no, message_id, rating_card=False),
            outbox.delivered(drill.learner_id, drill_no),
        )
    elif drill.message_id != message_id:
        return None
    return Asked(drill, question)


async def hint(tx: Transaction, drill: Drill) -> None:
    """Remember that the outline was shown."""
    tx.write(drills.changed(drill, replace(drill, hinted=1)))


async def swap(tx: Transaction, library: Library, drill: Drill, dice: Dice) -> Asked | None:
    """Put another question in the place of this one, once a drill; None when there is no other."""
    known = await all_standings(tx, library)
    others = {
        q.id: known.get(q.id, Standing())
        for q in pool(tx, library)
        if q != library.question(drill.question_id)
    }
    if drill.swapped or not others:
        return None
    question = library.questions[choose(others, tx.now, dice)]
    wording = _wording(question, known, dice)
    after = replace(
        drill,
        question_id=question.id,
        set_id=question.set_id,
        wording=wording,
        words=_words(question, wording),
        swapped=1,
        hinted=0,
        state=DrillState.OPEN,
    )
    tx.write(
        drills.changed(drill, after),
        standings.heard(drill.learner_id, question.id, tx.now, wording),
    )
    return Asked(after, question)
