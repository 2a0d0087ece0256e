"""Learners and their open hours: reading them, writing them back, and who is due."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, delete, func, insert, or_, select, update

from bot.store.database import Database, Row, Write
from bot.store.tables import FOREVER, DrillState, drill, learner, open_hours

CLAIM_MS = 60_000
"""How long one claim of a due drill holds; a process that dies leaves the drill to the next claim."""

WEEK = tuple((9 * 60, 20 * 60) for _ in range(7))
"""Open hours of somebody who never changed them: 9 to 20, every day (opens, closes in minutes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """One row of `learner`; see `tables` for units. `version` guards against a lost race."""

    learner_id: int
    joined_at: int
    version: int = 0
    sequence: int = 0
    enrolled_at: int | None = None
    left_at: int | None = None
    admitted: int = 0
    language: str = "en"
    active_set: str | None = None
    zone: str | None = None
    pace: int = 3
    eased: int = 0
    cap: int = 6
    expiry_minutes: int = 60
    interview_day: int | None = None
    paused_until: int | None = None
    next_drill_at: int | None = None
    claimed_until: int = 0
    snoozed_drill: int | None = None
    open_drill: int | None = None
    free_from: int | None = None
    sent_day: int = 0
    sent_count: int = 0
    ignored: int = 0
    awaiting: str | None = None
    triage_question: str | None = None
    triaged: int = 0
    level: int | None = None
    own_since: int | None = None
    media_days: int | None = None
    sought: str | None = None


_fields = [column.name for column in learner.columns]
_own: BindParameter[Any] = bindparam("learner_id")
_READ = select(learner).where(learner.c.learner_id == _own)
_HOURS = select(open_hours).where(open_hours.c.learner_id == _own).order_by(open_hours.c.weekday)
_INSERT = insert(learner).values({name: bindparam(name) for name in _fields})
_SAVE = (
    update(learner)
    .where(
        learner.c.learner_id == _own,
        learner.c.version == bindparam("seen_version"),
        # Somebody who was erased and came again begins anew, versions included.
        learner.c.joined_at == bindparam("joined_at"),
    )
    .values({name: bindparam(name) for name in _fields if name != "learner_id"})
)
_CLEAR_HOURS = delete(open_hours).where(open_hours.c.learner_id == _own)
_INSERT_HOURS = insert(open_hours).values({c.name: bindparam(c.name) for c in open_hours.columns})
_EVERYBODY = select(learner.c.learner_id, learner.c.joined_at)
_PART = select(learner.c.learner_id).where(
    learner.c.learner_id % bindparam("parts") == bindparam("part")
)
_now: BindParameter[Any] = bindparam("now")
_due = (
    select(learner.c.learner_id)
    .where(learner.c.next_drill_at <= _now, learner.c.claimed_until <= _now)
    .order_by(learner.c.next_drill_at)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(learner)
    .where(learner.c.learner_id.in_(_due))
    .values(claimed_until=bindparam("until"))
    .returning(learner.c.learner_id)
)
_EARLIEST = select(func.min(learner.c.next_drill_at).label("at")).where(
    learner.c.next_drill_at.is_not(None)
)
_open = select(drill.c.learner_id).where(drill.c.state == int(DrillState.OPEN))
_OVERDUE = select(learner.c.learner_id).where(
    or_(
        learner.c.next_drill_at <= _now,
        learner.c.learner_id.in_(_open.where(drill.c.expires_at <= _now)),
    )
)
_soon: BindParameter[Any] = bindparam("soon")
_later: BindParameter[Any] = bindparam("later")
_STRAYED = select(learner.c.learner_id).where(
    or_(
        learner.c.next_drill_at > bindparam("farthest"),
        learner.c.claimed_until > _soon,
        learner.c.free_from > _soon,
        learner.c.sent_day > bindparam("tomorrow"),
        and_(learner.c.paused_until > _later, learner.c.paused_until < FOREVER),
        learner.c.learner_id.in_(_open.where(drill.c.expires_at > _later)),
    )
)
_COUNTS = select(
    func.count().label("learners"),
    func.count(learner.c.enrolled_at).label("enrolled"),
    func.count(learner.c.left_at).label("gone"),
)


async def find(database: Database, learner_id: int) -> Learner | None:
    """Return the learner, or None for somebody never met."""
    rows = await database.read(_READ, learner_id=learner_id)
    return Learner(**dict(rows[0])) if rows else None


async def part(database: Database, number: int, of: int) -> list[int]:
    """The ids of one of so many equal parts of everybody; `number` counts from 0."""
    return [row["learner_id"] for row in await database.read(_PART, part=number, parts=of)]


async def hours(database: Database, learner_id: int) -> tuple[tuple[int, int], ...]:
    """Return seven (opens, closes) in minutes of the local day, Monday first."""
    week = list(WEEK)
    for row in await database.read(_HOURS, learner_id=learner_id):
        week[row["weekday"]] = (row["opens"], row["closes"])
    return tuple(week)


def hours_written(learner_id: int, week: Sequence[tuple[int, int]]) -> list[Write]:
    """Writes that replace the learner's open hours."""
    return [Write(_CLEAR_HOURS, {"learner_id": learner_id})] + [
        Write(
            _INSERT_HOURS,
            {"learner_id": learner_id, "weekday": day, "opens": opens, "closes": closes},
            rows=1,
        )
        for day, (opens, closes) in enumerate(week)
    ]


def saved(before: Learner | None, after: Learner) -> Write:
    """The write that stores `after`, which holds only if nobody stored another version meanwhile."""
    values = asdict(after)
    if before is None:
        return Write(_INSERT, values, rows=1)
    return Write(
        _SAVE,
        {**values, "version": before.version + 1, "seen_version": before.version},
        rows=1,
    )


async def everybody(database: Database) -> list[Row]:
    """Who is here: `learner_id` and `joined_at`."""
    return await database.read(_EVERYBODY)


async def claim_due(database: Database, now: int, most: int) -> list[int]:
    """Claim up to `most` learners whose drill is due, in one statement, and return their ids."""
    rows = await database.claim(_CLAIM, now=now, most=most, until=now + CLAIM_MS)
    return [row["learner_id"] for row in rows]


async def earliest_drill(database: Database) -> int | None:
    """The earliest planned drill of anybody; None when nobody has one."""
    rows: list[Row] = await database.read(_EARLIEST)
    moment: int | None = rows[0]["at"]
    return moment


async def overdue(database: Database, now: int) -> list[int]:
    """Learners whose drill is due, or whose open drill's time is over."""
    return [row["learner_id"] for row in await database.read(_OVERDUE, now=now)]


async def strayed(
    database: Database, *, soon: int, later: int, farthest: int, tomorrow: int
) -> list[int]:
    """Learners with something farther in the future than a clock that is right could put it.

    `soon`: as a lease or the end of a drill; `later`: as a pause or an open drill; `farthest`: as a
    plan; `tomorrow`: as the day of the last drill.
    """
    limits = {"soon": soon, "later": later, "farthest": farthest, "tomorrow": tomorrow}
    return [row["learner_id"] for row in await database.read(_STRAYED, **limits)]


async def counts(database: Database) -> Row:
    """How many learners there are: `learners`, `enrolled`, `gone`."""
    return (await database.read(_COUNTS))[0]
