"""What a whole interview came to: answers, times, tones, and which question to drill next."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.drill.tone import Tone
from bot.practice import Transaction, ask, rate
from bot.practice.mock import Part, parts_of
from bot.store import mocks, takes
from bot.store.drills import Drill
from bot.store.mocks import Mock
from bot.store.tables import DrillState
from bot.store.takes import Take

_ANSWERED = (DrillState.ANSWERED, DrillState.RATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question that was put. `waited`: ms from asked to answered, with what was asked on it
    (None: not answered while it was open); `spoken`: seconds of the recordings (None: typed).
    """

    words: str
    question_id: str
    drill_no: int
    again: bool
    answered: bool
    waited: int | None
    spoken: int | None
    tone: Tone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MockSummary:
    """A whole interview in figures. `planned`: how many questions it had; `answers`: those put.

    `total`: ms spent on answers; breaks are not in it. `first`: ms to the first answer.
    """

    planned: int
    answers: tuple[Answer, ...]
    pressing: bool
    started_at: int
    ended_at: int | None
    total: int
    first: int | None

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(one.answered for one in self.answers)

    @property
    def unrated(self) -> int:
        """How many answers wait for their rating."""
        return sum(one.answered and one.tone is None for one in self.answers)

    @property
    def drill_next(self) -> Answer | None:
        """The lowest tone, the one that took longest among equals; else one that was left out.

        None: there is nothing better than to go on as ever.
        """
        rated = [one for one in self.answers if one.tone is not None]
        if rated:
            return min(rated, key=lambda one: (one.tone or 0, -(one.waited or 0)))
        return next((one for one in self.answers if not one.answered), None)


async def find(tx: Transaction, mock_no: int) -> Mock | None:
    """One interview of this learner."""
    return await mocks.find(tx.database, tx.learner.learner_id, mock_no)


async def of_drill(tx: Transaction, drill: Drill) -> Mock | None:
    """The interview that a drill belongs to; None: it belongs to none."""
    mock = await mocks.of_drill(tx.database, drill.learner_id, drill.drill_no)
    mine = mock is not None and any(one.drill_no == drill.drill_no for one in parts_of(mock))
    return mock if mine else None


async def latest(tx: Transaction) -> Mock | None:
    """The interview begun last."""
    return await mocks.of_drill(tx.database, tx.learner.learner_id, tx.learner.sequence + 1)


async def summary(
    tx: Transaction, mock: Mock, *fresh: Drill, rated: Mapping[int, Tone] | None = None
) -> MockSummary:
    """What an interview came to.

    What this same transaction does is not to be read yet: `fresh` are drills as it leaves them,
    `rated` the tones that it gives, by drill.
    """
    parts = parts_of(mock)
    put = [part for part in parts if part.drill_no is not None]
    will_be = {drill.drill_no: drill for drill in fresh}
    answers = [
        await _answer(tx, part, drill, rated or {})
        for part in put
        if (drill := will_be.get(part.drill_no or 0) or await ask.find(tx, part.drill_no or 0))
    ]
    first = [part.answered_in for part in put if part.answered_in is not None][:1]
    return MockSummary(
        planned=len(parts),
        answers=tuple(answers),
        pressing=bool(mock.pressing),
        started_at=mock.started_at,
        ended_at=mock.ended_at,
        total=sum(one.waited or 0 for one in answers),
        first=first[0] if first else None,
    )


async def _answer(tx: Transaction, part: Part, drill: Drill, rated: Mapping[int, Tone]) -> Answer:
    lengths = [take.duration for take in await recordings(tx, drill, part) if take.duration]
    return Answer(
        words=part.words,
        question_id=part.question_id,
        drill_no=drill.drill_no,
        again=part.again,
        answered=drill.state in _ANSWERED,
        waited=None if part.answered_in is None else part.answered_in + (part.probed_in or 0),
        spoken=sum(lengths) if lengths else None,
        tone=rated.get(drill.drill_no) or await rate.rating_of(tx, drill),
    )


async def recordings(tx: Transaction, drill: Drill, part: Part) -> list[Take]:
    """The answer that counts, and the one to what was asked on it."""
    kept = await takes.of_drill(tx.database, drill.learner_id, drill.drill_no)
    return [take for take in kept if take.take_no in (drill.take_no, part.probe_take)]


@dataclass(frozen=True, slots=True)
class ToRate:
    """The next answer of an interview to rate: the `number`-th of so many.

    `card`: the message that asked for the ratings so far, or an older one.
    """

    part: Part
    drill: Drill
    number: int
    of: int
    card: int | None


async def to_rate(tx: Transaction, mock: Mock, *fresh: Drill) -> ToRate | None:
    """The first answer that is not rated yet; None: all are. `fresh`: drills as they will be."""
    will_be = {drill.drill_no: drill for drill in fresh}
    answered: list[tuple[Part, Drill]] = []
    for part in parts_of(mock):
        drill = will_be.get(part.drill_no or 0) or await ask.find(tx, part.drill_no or 0)
        if drill is not None and drill.state in _ANSWERED:
            answered.append((part, drill))
    cards = [drill.rating_message_id for _, drill in answered if drill.rating_message_id]
    for number, (part, drill) in enumerate(answered, 1):
        if drill.state == DrillState.ANSWERED:
            return ToRate(part, drill, number, len(answered), max(cards, default=None))
    return None
