"""Letting a coach hear takes, one at a time, and keeping how they heard them."""

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeGuard

from bot.banks.library import Library
from bot.drill.tone import Tone
from bot.practice import (
    Coaching,
    CoachRating,
    Drill,
    ErrandKind,
    Given,
    Take,
    TakeKind,
    Transaction,
)
from bot.practice.coach import Refused, act, look
from bot.practice.rate import rating_of
from bot.store import coach_ratings, drills, own_questions, ratings, takes

LINE_CHARACTERS = 300
NOTE_SECONDS = 60
LATEST = 100
"""How many of the newest takes a coach may hear; and of how many ratings the latest are shown."""

RATINGS = 12


@dataclass(frozen=True, slots=True)
class Lent:
    """A take to be heard: it is number `number` of the answers to `question` (None: gone by now)."""

    take: Take
    number: int
    question: str | None


class Unheard(Enum):
    """Why a take cannot be rated, or a note not be added."""

    GONE = auto()
    ALREADY = auto()
    NOT_RATED = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class Heard:
    """How a coach heard a take, beside the learner's own ear; `own`: None if they did not rate it."""

    coaching: Coaching
    rating: CoachRating
    take: Take
    drill: Drill
    own: Tone | None


def audible(take: Take | None) -> TypeGuard[Take]:
    """Whether there is anything to hear or read: it is there, and was not deleted or let go."""
    if take is None or take.deleted_at is not None:
        return False
    return (take.text if take.kind == TakeKind.TEXT else take.file_id) is not None


async def waiting(tx: Transaction, one: Coaching) -> list[Take]:
    """The learner's takes that this coach has not rated, newest first."""
    counted = await takes.latest_counted(tx.database, one.learner_id, LATEST)
    known = await _rated(tx, one)
    return [take for take in counted if take.take_no not in known and audible(take)]


async def _rated(tx: Transaction, one: Coaching) -> dict[int, CoachRating]:
    rows = await coach_ratings.of_learner(tx.database, one.learner_id)
    return {row.take_no: row for row in rows if row.coaching_no == one.coaching_no}


async def next_take(
    tx: Transaction, library: Library, one: Coaching, before: int | None
) -> Lent | Refused | None:
    """The newest take that waits, or the next one `before` a take; None: there is no more."""
    left = [take for take in await waiting(tx, one) if before is None or take.take_no < before]
    if not left:
        look(tx, one)
        return None
    return act(tx, one) or await lent(tx, library, left[0])


async def lent(tx: Transaction, library: Library, take: Take) -> Lent:
    """A take with its number among the answers to its question."""
    drill = await drills.find(tx.database, take.learner_id, take.drill_no)
    if drill is None:
        return Lent(take, 1, None)
    every = await takes.of_question(tx.database, take.learner_id, drill.question_id)
    number = 1 + sum(other.take_no < take.take_no for other in every)
    asked = await words(tx, library, take.learner_id, drill.question_id)
    return Lent(take, number, asked or drill.words)


async def words(tx: Transaction, library: Library, learner_id: int, question_id: str) -> str | None:
    """A question in its author's words, one of the learner's own among them; None: it is gone."""
    found = library.question(question_id)
    if found is not None:
        return found.ask
    own = await own_questions.of_learner(tx.database, learner_id)
    return next((each.ask for each in own if each.question_id == question_id), None)


async def rate(tx: Transaction, one: Coaching, take_no: int, tone: Tone) -> CoachRating | Unheard:
    """Keep how the coach heard a take, once, and let the learner know."""
    if not audible(await takes.find(tx.database, one.learner_id, take_no)):
        return Unheard.GONE
    if take_no in await _rated(tx, one) or one.other_id is None:
        return Unheard.ALREADY
    rating = CoachRating(
        learner_id=one.learner_id,
        take_no=take_no,
        coaching_no=one.coaching_no,
        other_id=one.other_id,
        tone=tone,
        rated_at=tx.now,
    )
    look(tx, one)
    tx.write(coach_ratings.rated(rating))
    _tell(tx, ErrandKind.COACH_HEARD, rating)
    return rating


async def may_note(tx: Transaction, one: Coaching, take_no: int) -> Unheard | None:
    """Why nothing can be added to a rating; None: it can."""
    if not audible(await takes.find(tx.database, one.learner_id, take_no)):
        return Unheard.GONE
    rating = (await _rated(tx, one)).get(take_no)
    if rating is None:
        return Unheard.NOT_RATED
    return Unheard.ALREADY if rating.has_note else None


async def note(
    tx: Transaction, one: Coaching, take_no: int, *, line: str | None, file_id: str | None
) -> CoachRating | Unheard | Refused:
    """Add a line, or a recording at Telegram, to a rating; the learner gets it."""
    if (reason := await may_note(tx, one, take_no)) is not None:
        return reason
    if (refused := act(tx, one)) is not None:
        return refused
    rated = (await _rated(tx, one))[take_no]
    noted = replace(rated, line=line, note_file_id=file_id)
    tx.write(coach_ratings.noted(noted))
    _tell(tx, ErrandKind.COACH_NOTE, noted)
    return noted


def _tell(tx: Transaction, kind: ErrandKind, rating: CoachRating) -> None:
    about = f"{rating.coaching_no} {rating.take_no}"
    tx.errand(kind, tx.now, about, to=rating.learner_id)


async def heard(tx: Transaction, one: Coaching, take_no: int) -> Heard | None:
    """For the learner: how a coach heard their take; None: the rating or the take is gone."""
    rating = (await _rated(tx, one)).get(take_no)
    take = await takes.find(tx.database, one.learner_id, take_no)
    drill = await drills.find(tx.database, one.learner_id, take.drill_no) if take else None
    if rating is None or take is None or drill is None:
        return None
    counts = drill.take_no == take_no
    return Heard(one, rating, take, drill, await rating_of(tx, drill) if counts else None)


async def latest_ratings(
    tx: Transaction, library: Library, one: Coaching
) -> list[tuple[Tone, str | None]]:
    """For a coach who may have them: the learner's latest ratings, each with its question.

    Of takes that the coach can still rate none is shown: theirs shall be another ear. Questions of
    the learner's own are not named: they go with the takes, if those are given.
    """
    look(tx, one)
    rows = await ratings.newest(tx.database, one.learner_id, LATEST)
    if one.gives(Given.TAKES):
        known = await _rated(tx, one)
        rows = [row for row in rows if row.take_no in known]
    found = ((Tone(row.tone), library.question(row.question_id)) for row in rows[:RATINGS])
    return [(tone, question.ask if question else None) for tone, question in found]
