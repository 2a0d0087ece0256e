"""A whole interview, from the first question to the last: what is asked next, and what waits.

Its current question is an open drill, so that nothing else is sprung meanwhile; that drill's end,
a day after it was asked, is the end of an interview which nobody goes on with.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import orjson

from bot.banks.library import ALL_SETS, Library
from bot.drill.dice import Dice
from bot.drill.mock import Interviewer, Step
from bot.drill.question import at_level
from bot.drill.standing import Standing
from bot.drill.tone import Mode
from bot.drill.weakness import weakness
from bot.practice import Transaction, ask, plan
from bot.store import drills, mocks
from bot.store.drills import Drill
from bot.store.mocks import Mock
from bot.store.tables import DrillState, ErrandKind, MockState

PATIENCE_MS = 30 * ask.MINUTE_MS
LIFE_MS = 24 * plan.HOUR_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Step):
    """One question of an interview and what became of it.

    `answered_in` and `probed_in`: how many ms the answer and the one to the follow-up took;
    `probe_take`: that answer.
    """

    drill_no: int | None = None
    answered_in: int | None = None
    probe_take: int | None = None
    probed_in: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """An interview that waits for an answer, and the drill of its current question."""

    mock: Mock
    parts: tuple[Part, ...]
    drill: Drill

    @property
    def part(self) -> Part:
        """The current question."""
        return self.parts[self.mock.step]

    @property
    def words(self) -> str:
        """What was asked last: the question, or what was asked on it."""
        return (self.mock.probing and self.part.follow_up) or self.part.words


@dataclass(frozen=True, slots=True)
class Over:
    """An interview that has just ended; `drill` is its last as this transaction leaves it."""

    mock: Mock
    drill: Drill


def parts_of(mock: Mock) -> tuple[Part, ...]:
    """What is asked, in order."""
    return tuple(Part(**part) for part in orjson.loads(mock.plan))


def with_parts(mock: Mock, parts: Sequence[Part]) -> Mock:
    """An interview with these questions."""
    return replace(mock, plan=orjson.dumps([asdict(part) for part in parts]).decode())


async def current(tx: Transaction) -> Running | None:
    """The interview that waits for an answer; None: there is none."""
    drill = await ask.open_drill(tx)
    if drill is None or drill.mode != Mode.MOCK or drill.state != DrillState.OPEN:
        return None
    mock = await mocks.of_drill(tx.database, drill.learner_id, drill.drill_no)
    return Running(mock, parts_of(mock), drill) if mock and mock.ended_at is None else None


async def begin(
    tx: Transaction, library: Library, count: int, dice: Dice, *, pressing: bool
) -> Running | None:
    """Begin an interview of 3, 5 or 8 questions; None: there is nothing to ask.

    Nothing else may be open.
    """
    steps = (await _interviewer(tx, library, dice)).compose(count, pressing=pressing)
    mock = Mock(
        learner_id=tx.learner.learner_id,
        mock_no=tx.number(),
        pressing=int(pressing),
        plan="[]",
        step_asked_at=tx.now,
        started_at=tx.now,
    )
    begun = await _put(tx, library, mock, [Part(**asdict(step)) for step in steps], 0)
    if begun is None:
        return None
    tx.write(mocks.begun(begun.mock))
    look_again(tx, begun.mock, tx.now + PATIENCE_MS)
    return begun


async def _interviewer(tx: Transaction, library: Library, dice: Dice) -> Interviewer:
    known = await ask.all_standings(tx, library)
    active = ask.pool(tx, library)
    ids = {one.id for one in active}
    every = at_level(library.active(ALL_SETS), tx.learner.level)
    return Interviewer(
        active=active,
        others=[one for one in every if one.id not in ids],
        weakness=lambda one: weakness(known.get(one.id, Standing()), tx.now),
        heard=lambda one: known.get(one.id, Standing()).last_wording,
        dice=dice,
    )


async def _put(
    tx: Transaction, library: Library, mock: Mock, parts: Sequence[Part], step: int
) -> Running | None:
    """Ask the question of this step, or of the next that is still in the banks; None: none is left."""
    left = list(parts)
    while step < len(left):
        question = library.question(left[step].question_id)
        if question is None or question.retired:
            del left[step]
            continue
        drill = await ask.put(
            tx, question, left[step].wording, Mode.MOCK, expires_at=tx.now + LIFE_MS
        )
        left[step] = replace(left[step], drill_no=drill.drill_no)
        after = replace(
            with_parts(mock, left),
            state=MockState.RUNNING,
            step=step,
            probing=0,
            card_no=mock.card_no + 1,
            step_asked_at=tx.now,
        )
        return Running(after, tuple(left), drill)
    return None


def look_again(tx: Transaction, mock: Mock, at: int) -> None:
    """Look at that moment whether it goes on."""
    tx.errand(ErrandKind.MOCK, at, str(mock.mock_no))


async def onward(
    tx: Transaction, library: Library, running: Running, after: Drill, dice: Dice
) -> Running | Over:
    """Close the current question, whose drill becomes `after`, and ask the next; after the last, end."""
    closed = _closed(tx, running.drill, after)
    following = await _put(tx, library, running.mock, running.parts, running.mock.step + 1)
    if following is None:
        # What is not in the banks any more was not asked.
        asked = running.parts[: running.mock.step + 1]
        return await _over(tx, with_parts(running.mock, asked), closed, dice)
    tx.write(mocks.changed(following.mock))
    return following


def _closed(tx: Transaction, before: Drill, after: Drill) -> Drill:
    """Close a drill: with its answer, or as skipped."""
    if after.take_no is not None:
        closed = replace(after, state=DrillState.ANSWERED, closed_at=tx.now)
    else:
        closed = replace(after, state=DrillState.SKIPPED, closed_at=tx.now, expires_at=tx.now - 1)
    tx.write(drills.changed(before, closed))
    return closed


async def _over(tx: Transaction, mock: Mock, closed: Drill, dice: Dice) -> Over:
    mock = replace(mock, state=MockState.ENDED, ended_at=tx.now)
    tx.write(mocks.changed(mock))
    tx.change(open_drill=None, free_from=tx.now)
    if any(part.answered_in is not None for part in parts_of(mock)):
        tx.change(ignored=0, eased=0)
    await plan.replan(tx, dice)
    return Over(mock, closed)


async def skip(
    tx: Transaction, library: Library, running: Running, dice: Dice
) -> tuple[Running | Over, int]:
    """Leave the current question, or what was asked on it, and how many were taken out after it."""
    if running.mock.state == MockState.PAUSED:
        look_again(tx, running.mock, tx.now + PATIENCE_MS)
    after = await onward(tx, library, running, running.drill, dice)
    return after, len(running.parts) - len(parts_of(after.mock))


async def end(tx: Transaction, running: Running, dice: Dice) -> Over:
    """End it here; what was answered is kept."""
    closed = _closed(tx, running.drill, running.drill)
    return await _over(tx, running.mock, closed, dice)


async def resume(tx: Transaction, running: Running) -> Running:
    """Go on: the current question is asked once more, and its time begins anew."""
    if running.mock.state == MockState.PAUSED:
        look_again(tx, running.mock, tx.now + PATIENCE_MS)
    mock = replace(
        running.mock,
        state=MockState.RUNNING,
        card_no=running.mock.card_no + 1,
        step_asked_at=tx.now,
    )
    after = replace(running.drill, expires_at=tx.now + LIFE_MS)
    tx.write(
        mocks.changed(mock),
        drills.changed(running.drill, after),
        drills.another_card(after.learner_id, after.drill_no),
    )
    return Running(mock, running.parts, replace(after, message_id=None))


async def nudge(tx: Transaction, mock_no: int) -> Running | None:
    """Whether to ask if it goes on: nobody has said a word for half an hour. Asked once a pause."""
    running = await current(tx)
    if running is None or running.mock.mock_no != mock_no:
        return None
    quiet_until = running.mock.step_asked_at + PATIENCE_MS
    if tx.now < quiet_until:
        # A clock that was ahead may have set that far away.
        look_again(tx, running.mock, min(quiet_until, tx.now + PATIENCE_MS))
        return None
    mock = replace(running.mock, state=MockState.PAUSED)
    tx.write(mocks.changed(mock))
    return replace(running, mock=mock)


async def lost(tx: Transaction, drill: Drill) -> None:
    """The drill of an interview ended without it (a restored backup): so did the interview."""
    mock = await mocks.of_drill(tx.database, drill.learner_id, drill.drill_no)
    if mock is not None and mock.ended_at is None:
        tx.write(mocks.changed(replace(mock, state=MockState.ENDED, ended_at=tx.now)))
