"""How far a learner is: badges by set, and what comes next."""

from dataclasses import dataclass

from bot.banks.library import Library
from bot.drill.badge import Remaining, remaining
from bot.drill.question import Question, at_level
from bot.practice import Transaction, plan
from bot.practice.ask import all_standings, pool
from bot.practice.enrol import ALL_SETS
from bot.store import ratings


@dataclass(frozen=True, slots=True)
class SetProgress:
    """One set: how many badges of how many questions; `active`: this is the one being practised."""

    set_id: str
    title: str
    badges: int
    questions: int
    active: bool


@dataclass(frozen=True, slots=True)
class QuestionProgress:
    """One question that was rated at least once."""

    question: Question
    points: int
    badge: bool
    remaining: Remaining


async def by_set(tx: Transaction, library: Library) -> list[SetProgress]:
    """Every set in the order of the library, with the learner's badges, as far as their level goes."""
    known = await all_standings(tx, library)
    active = tx.learner.active_set
    return [
        SetProgress(
            set_id=bank.id,
            title=bank.title,
            badges=sum(1 for q in questions if q.id in known and known[q.id].badge_at),
            questions=len(questions),
            active=active in (bank.id, ALL_SETS),
        )
        for bank in library.sets.values()
        for questions in [at_level(library.active(bank.id), tx.learner.level)]
    ]


async def is_first_rating(tx: Transaction) -> bool:
    """Whether nothing was rated before this transaction."""
    return not await ratings.ever_rated(tx.database, tx.learner.learner_id)


async def rated_questions(tx: Transaction, library: Library) -> list[QuestionProgress]:
    """Rated questions of the active set, badges first, then the nearest to one."""
    known = await all_standings(tx, library)
    today = (await plan.open_hours(tx)).local_day(tx.now)
    rows = [
        QuestionProgress(
            question=question,
            points=standing.points,
            badge=standing.badge_at is not None,
            remaining=remaining(standing, today),
        )
        for question in pool(tx, library)
        if (standing := known.get(question.id)) and standing.strength_at is not None
    ]
    return sorted(rows, key=lambda row: (not row.badge, -row.points, row.question.id))
