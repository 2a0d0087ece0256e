"""A learner's practice in figures, from their own rows: for a picture, and for its words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bot.banks.library import Library
from bot.drill.badge import POINTS_NEEDED
from bot.drill.forecast import badges_foretold, days_to_badges
from bot.drill.open_hours import OpenHours
from bot.drill.question import Question
from bot.drill.standing import Standing
from bot.drill.streak import weeks_running
from bot.drill.strength import drifted
from bot.drill.tone import Mode
from bot.practice import Drill, DrillState, Transaction, plan
from bot.practice.ask import all_standings, pool
from bot.store import drills, ratings, takes
from bot.store.ratings import RatingRow

MOST_QUESTIONS = 12
NEAREST = 6
"""Of those shown, how many are the nearest to a badge, if there are as many; the rest are the worst."""

MOST_TAKES = 60
WEEKS = 12
RECENT_ANSWERS = 30
"""Over how many answers the usual time to answer is taken."""

OVER = (DrillState.ANSWERED, DrillState.RATED, DrillState.EXPIRED)


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question: its ratings, oldest first, its points and whether it holds its badge."""

    question: Question
    ratings: tuple[RatingRow, ...]
    points: int
    badge: bool


@dataclass(frozen=True, slots=True)
class Foretold:
    """About how many more days, from and to, bring so many badges of all the questions."""

    quick: int
    slow: int
    badges: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A learner's practice. Days are local ordinals.

    `badges` of `questions` in the active set; `shown`: the questions nearest to a badge, the worst,
    then those with one; `foretold`: None, where nothing honest can be said. `days`: answers on each
    local day of twelve weeks, from a Monday to `today`; `weeks`: the run of weeks with an answer.
    `cold` of `surprises` were answered in time, usually `seconds` after the question came.
    """

    today: int
    badges: int
    questions: int
    shown: tuple[QuestionFigures, ...]
    foretold: Foretold | None
    days: tuple[int, ...]
    weeks: int
    surprises: int
    cold: int
    seconds: int | None

    @property
    def answers(self) -> int:
        """How many answers the days have."""
        return sum(self.days)

    @property
    def days_with_answers(self) -> int:
        """On how many of the days there was one."""
        return sum(1 for answers in self.days if answers)


async def of_learner(tx: Transaction, library: Library) -> Figures:
    """The figures of the learner's active set, and of all that they have answered."""
    whose = tx.database, tx.learner.learner_id
    hours = await plan.open_hours(tx)
    today = hours.local_day(tx.now)
    known, asked = await all_standings(tx, library), pool(tx, library)
    history = await drills.of_learner(*whose)
    taken = await takes.moments(*whose)
    # An answer that was edited later is one answer, given when it was first given.
    first = {row["message_id"]: row["taken_at"] for row in reversed(taken)}
    answered = [hours.local_day(at) for at in first.values()]
    surprises, waits = _cold(history, {row["take_no"]: row["taken_at"] for row in taken})
    badges = sum(1 for question in asked if _standing(known, question).badge_at is not None)
    return Figures(
        today=today,
        badges=badges,
        questions=len(asked),
        shown=_shown(asked, known, await ratings.of_learner(*whose), tx.now),
        foretold=_foretold([_standing(known, q) for q in asked], tx.learner.pace),
        days=_by_day(answered, today),
        weeks=weeks_running(answered, _asked_on(history, hours), today),
        surprises=surprises,
        cold=len(waits),
        seconds=round(median(waits[-RECENT_ANSWERS:]) / 1000) if waits else None,
    )


def _standing(known: dict[str, Standing], question: Question) -> Standing:
    return known.get(question.id, Standing())


def _cold(history: Iterable[Drill], moments: dict[int, int]) -> tuple[int, list[int]]:
    """How many surprises came and are over, and how long each took that was answered in time.

    One that was skipped or put off was a choice, and one that may never have arrived is nobody's.
    """
    over = [
        drill
        for drill in history
        if drill.mode == Mode.SURPRISE
        and drill.state in OVER
        and (drill.message_id is not None or drill.take_no is not None)
    ]
    waits = []
    for drill in over:
        taken_at = None if drill.take_no is None else moments.get(drill.take_no)
        if taken_at is not None and taken_at <= drill.expires_at:
            waits.append(taken_at - drill.asked_at)
    return len(over), waits


def _asked_on(history: Iterable[Drill], hours: OpenHours) -> list[int]:
    return [hours.local_day(drill.asked_at) for drill in history if drill.mode == Mode.SURPRISE]


def _by_day(answered: Iterable[int], today: int) -> tuple[int, ...]:
    count, monday = Counter(answered), today - (today - 1) % 7
    return tuple(count[day] for day in range(monday - 7 * (WEEKS - 1), today + 1))


async def foretold(tx: Transaction, library: Library) -> Foretold | None:
    """What can be foretold of the active set."""
    known = await all_standings(tx, library)
    return _foretold([_standing(known, one) for one in pool(tx, library)], tx.learner.pace)


def _foretold(asked: Sequence[Standing], pace: int) -> Foretold | None:
    """Nothing for a set without questions, nor for one that has come as far as can be foretold."""
    goal = badges_foretold(len(asked))
    badges = sum(1 for one in asked if one.badge_at is not None)
    if not asked or badges >= goal:
        return None
    points = sum(POINTS_NEEDED if one.badge_at is not None else one.points for one in asked)
    earned = points / (POINTS_NEEDED * len(asked))
    quick, slow = days_to_badges(len(asked), pace, earned, badges)
    return Foretold(quick, slow, goal, len(asked))


def _shown(
    asked: Sequence[Question], known: dict[str, Standing], rated: Iterable[RatingRow], now: int
) -> tuple[QuestionFigures, ...]:
    by_question: dict[str, list[RatingRow]] = {}
    for row in rated:
        by_question.setdefault(row.question_id, []).append(row)
    chosen = _chosen([q for q in asked if q.id in by_question], known, now)
    return tuple(
        QuestionFigures(
            question,
            tuple(by_question[question.id][-MOST_TAKES:]),
            _standing(known, question).points,
            _standing(known, question).badge_at is not None,
        )
        for question in chosen
    )


def _chosen(rated: Sequence[Question], known: dict[str, Standing], now: int) -> list[Question]:
    """Six with most points, then the weakest, then badges; each group in its own order."""

    def strength(question: Question) -> float:
        standing = _standing(known, question)
        return drifted(standing.strength, standing.strength_at, now)

    def points(question: Question) -> tuple[int, float]:
        return -_standing(known, question).points, -strength(question)

    badges = [q for q in rated if _standing(known, q).badge_at is not None]
    without = [q for q in rated if _standing(known, q).badge_at is None]
    near = sorted((q for q in without if _standing(known, q).points), key=points)[:NEAREST]
    weak = sorted((q for q in without if q not in near), key=strength)
    return [*near, *weak, *badges][:MOST_QUESTIONS]
