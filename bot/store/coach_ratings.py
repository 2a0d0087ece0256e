"""How coaches heard takes; a row belongs to the learner who spoke, and goes with either of the two."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import coach_rating
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachRating:
    """One row of `coach_rating`. `line` or `note_file_id`: what the coach added, in words or spoken."""

    learner_id: int
    take_no: int
    coaching_no: int
    other_id: int
    tone: int
    rated_at: int
    line: str | None = None
    note_file_id: str | None = None

    @property
    def has_note(self) -> bool:
        """Whether something was added."""
        return self.line is not None or self.note_file_id is not None


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = select(coach_rating).where(coach_rating.c.learner_id == _own)
_INSERT = insert(coach_rating).values({c.name: bindparam(c.name) for c in coach_rating.columns})
_NOTE = (
    update(coach_rating)
    .where(
        coach_rating.c.learner_id == _own,
        coach_rating.c.take_no == bindparam("take_no"),
        coach_rating.c.coaching_no == bindparam("coaching_no"),
        coach_rating.c.line.is_(None),
        coach_rating.c.note_file_id.is_(None),
    )
    .values(line=bindparam("line"), note_file_id=bindparam("note_file_id"))
)


async def of_learner(database: Database, learner_id: int) -> list[CoachRating]:
    """Every rating of a learner's takes by a coach, in the order of the takes."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    found = (CoachRating(**dict(row)) for row in rows)
    return sorted(found, key=lambda one: (one.take_no, one.coaching_no))


async def ratings_by_coach(tx: Transaction) -> list[tuple[int, int]]:
    """How coaches heard the learner's takes: (take number, tone), in the order of the takes."""
    rows = await of_learner(tx.database, tx.learner.learner_id)
    return [(row.take_no, row.tone) for row in rows]


def rated(value: CoachRating) -> Write:
    """The write that stores a rating; a coach rates a take once."""
    return Write(_INSERT, asdict(value), rows=1)


def noted(value: CoachRating) -> Write:
    """The write that adds a note to a rating that has none."""
    keys = ("learner_id", "take_no", "coaching_no", "line", "note_file_id")
    return Write(_NOTE, {key: getattr(value, key) for key in keys}, rows=1)
