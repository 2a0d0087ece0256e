"""The ratings of one learner; one that is taken back stays as a row."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update

from bot.drill.standing import Rating
from bot.drill.tone import Mode, Tone
from bot.store.database import Database, Write
from bot.store.tables import rating


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRow:
    """One row of `rating`; `withdrawn_at` is set by undo, the row itself stays.

    `spoken`: whether the take was; None: rated before that made a difference.
    """

    learner_id: int
    rating_no: int
    drill_no: int
    take_no: int
    question_id: str
    tone: int
    mode: int
    local_day: int
    rated_at: int
    withdrawn_at: int | None = None
    spoken: int | None = None

    def rating(self) -> Rating:
        """The rating as the engine knows it."""
        return Rating(
            tone=Tone(self.tone),
            mode=Mode(self.mode),
            rated_at=self.rated_at,
            local_day=self.local_day,
            spoken=bool(self.spoken),
        )


_own: BindParameter[Any] = bindparam("learner_id")
_drill_no: BindParameter[Any] = bindparam("drill_no")
_INSERT_RATING = insert(rating).values({c.name: bindparam(c.name) for c in rating.columns})
_RATINGS = (
    select(rating)
    .where(
        rating.c.learner_id == _own,
        rating.c.question_id == bindparam("question_id"),
        rating.c.withdrawn_at.is_(None),
    )
    .order_by(rating.c.rating_no)
)
_ALL_RATINGS = select(rating).where(rating.c.learner_id == _own, rating.c.withdrawn_at.is_(None))
_WITHDRAWN = select(rating).where(
    rating.c.learner_id == _own, rating.c.drill_no == _drill_no, rating.c.withdrawn_at.is_not(None)
)
_LATEST_RATING = (
    select(rating)
    .where(rating.c.learner_id == _own, rating.c.withdrawn_at.is_(None))
    .order_by(rating.c.rating_no.desc())
    .limit(1)
)
_NEWEST = (
    select(rating)
    .where(rating.c.learner_id == _own, rating.c.withdrawn_at.is_(None))
    .order_by(rating.c.rating_no.desc())
    .limit(bindparam("most"))
)
_LATEST_WITHDRAWN = (
    select(rating)
    .where(rating.c.learner_id == _own, rating.c.withdrawn_at.is_not(None))
    .order_by(rating.c.withdrawn_at.desc())
    .limit(1)
)
_EVER_RATED = select(rating.c.rating_no).where(rating.c.learner_id == _own).limit(1)
_WITHDRAW = (
    update(rating)
    .where(
        rating.c.learner_id == _own,
        rating.c.rating_no == bindparam("rating_no"),
        rating.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"))
)


def rated(value: RatingRow) -> Write:
    """The write that stores a rating."""
    return Write(_INSERT_RATING, asdict(value), rows=1)


async def of_question(database: Database, learner_id: int, question_id: str) -> list[RatingRow]:
    """The ratings of one question that were not withdrawn, oldest first."""
    rows = await database.read(_RATINGS, learner_id=learner_id, question_id=question_id)
    return [RatingRow(**dict(row)) for row in rows]


async def of_learner(database: Database, learner_id: int) -> list[RatingRow]:
    """Every rating of the learner that was not withdrawn, oldest first."""
    rows = await database.read(_ALL_RATINGS, learner_id=learner_id)
    return sorted((RatingRow(**dict(row)) for row in rows), key=lambda row: row.rating_no)


async def withdrawn_of(database: Database, learner_id: int, drill_no: int) -> list[RatingRow]:
    """The ratings of one drill that were taken back."""
    rows = await database.read(_WITHDRAWN, learner_id=learner_id, drill_no=drill_no)
    return [RatingRow(**dict(row)) for row in rows]


async def latest(database: Database, learner_id: int) -> RatingRow | None:
    """The newest rating that was not withdrawn."""
    rows = await database.read(_LATEST_RATING, learner_id=learner_id)
    return RatingRow(**dict(rows[0])) if rows else None


async def newest(database: Database, learner_id: int, most: int) -> list[RatingRow]:
    """The newest ratings that were not withdrawn, newest first."""
    rows = await database.read(_NEWEST, learner_id=learner_id, most=most)
    return [RatingRow(**dict(row)) for row in rows]


async def latest_withdrawn(database: Database, learner_id: int) -> RatingRow | None:
    """The rating that was taken back last."""
    rows = await database.read(_LATEST_WITHDRAWN, learner_id=learner_id)
    return RatingRow(**dict(rows[0])) if rows else None


async def ever_rated(database: Database, learner_id: int) -> bool:
    """Whether the learner has rated anything, even if it was taken back."""
    return bool(await database.read(_EVER_RATED, learner_id=learner_id))


def withdrawn(learner_id: int, rating_no: int, now: int) -> Write:
    """The write that takes a rating back; it may be taken back once."""
    return Write(_WITHDRAW, {"learner_id": learner_id, "rating_no": rating_no, "now": now}, rows=1)
