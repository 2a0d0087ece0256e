"""Standings, drills, takes and ratings of one learner."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, union_all, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.drill.standing import Rating, Standing
from bot.drill.tone import Mode, Tone
from bot.store.database import Database, Row, Write
from bot.store.tables import DrillState, MediaState, drill, rating, standing, take


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One row of `drill`: one asking of one question."""

    learner_id: int
    drill_no: int
    question_id: str
    set_id: str
    wording: int
    mode: int
    state: int = DrillState.OPEN
    planned_at: int | None = None
    asked_at: int
    expires_at: int
    closed_at: int | None = None
    message_id: int | None = None
    rating_message_id: int | None = None
    take_no: int | None = None
    hinted: int = 0
    swapped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One row of `take`: one answer, never overwritten."""

    learner_id: int
    take_no: int
    drill_no: int
    kind: int
    text: str | None = None
    file_id: str | None = None
    duration: int | None = None
    file_size: int | None = None
    message_id: int
    taken_at: int
    media_state: int = MediaState.NONE
    media_path: str | None = None
    media_failures: int = 0
    media_retry_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRow:
    """One row of `rating`; `withdrawn_at` is set by undo, the row itself stays."""

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

    def rating(self) -> Rating:
        """The rating as the engine knows it."""
        return Rating(
            tone=Tone(self.tone),
            mode=Mode(self.mode),
            rated_at=self.rated_at,
            local_day=self.local_day,
        )


_own: BindParameter[Any] = bindparam("learner_id")
_drill_no: BindParameter[Any] = bindparam("drill_no")
_STANDINGS = select(standing).where(standing.c.learner_id == _own)
_STANDING = _STANDINGS.where(standing.c.question_id == bindparam("question_id"))
_RENAMES = [
    update(table)
    .where(table.c.learner_id == _own, table.c.question_id == bindparam("old_id"))
    .values(question_id=bindparam("new_id"))
    for table in (standing, drill, rating)
]
_standing_values: dict[str, BindParameter[Any]] = {
    column.name: bindparam(column.name) for column in standing.columns
}
_PUT_STANDING = (
    upsert(standing)
    .values(_standing_values)
    .on_conflict_do_update(
        index_elements=["learner_id", "question_id"],
        set_={
            name: bind
            for name, bind in _standing_values.items()
            if name not in ("learner_id", "question_id")
        },
    )
)
_HEARD = (
    upsert(standing)
    .values(_standing_values)
    .on_conflict_do_update(
        index_elements=["learner_id", "question_id"],
        set_={
            "heard_at": bindparam("heard_at"),
            "last_wording": func.coalesce(bindparam("last_wording"), standing.c.last_wording),
        },
    )
)
_DRILL = select(drill).where(drill.c.learner_id == _own, drill.c.drill_no == _drill_no)
_message_id: BindParameter[Any] = bindparam("message_id")
_DRILL_BY_MESSAGE = union_all(
    select(drill).where(drill.c.learner_id == _own, drill.c.message_id == _message_id),
    select(drill).where(drill.c.learner_id == _own, drill.c.rating_message_id == _message_id),
)
_LATEST_DRILL = (
    select(drill).where(drill.c.learner_id == _own).order_by(drill.c.drill_no.desc()).limit(1)
)
_LATEST_UNRATED = (
    select(drill)
    .where(drill.c.learner_id == _own, drill.c.state == int(DrillState.ANSWERED))
    .order_by(drill.c.drill_no.desc())
    .limit(1)
)
_INSERT_DRILL = insert(drill).values({c.name: bindparam(c.name) for c in drill.columns})
_UPDATE_DRILL = (
    update(drill)
    .where(
        drill.c.learner_id == _own,
        drill.c.drill_no == _drill_no,
        drill.c.state == bindparam("seen_state"),
    )
    .values(
        {
            c.name: bindparam(c.name)
            for c in drill.columns
            if c.name not in ("learner_id", "drill_no", "message_id", "rating_message_id")
        }
    )
)
_this = (drill.c.learner_id == _own) & (drill.c.drill_no == _drill_no)
_SET_CARD = update(drill).where(_this).values(message_id=bindparam("sent_id"))
_SET_RATING_CARD = update(drill).where(_this).values(rating_message_id=bindparam("sent_id"))
_EXPIRED = (
    select(drill.c.learner_id, drill.c.drill_no)
    .where(drill.c.state == int(DrillState.OPEN), drill.c.expires_at <= bindparam("now"))
    .order_by(drill.c.expires_at)
    .limit(bindparam("most"))
)
_EARLIEST_EXPIRY = select(func.min(drill.c.expires_at).label("at")).where(
    drill.c.state == int(DrillState.OPEN)
)
_TAKES = (
    select(take)
    .where(take.c.learner_id == _own, take.c.drill_no == _drill_no)
    .order_by(take.c.take_no)
)
_TAKE = select(take).where(take.c.learner_id == _own, take.c.take_no == bindparam("take_no"))
_TAKE_BY_MESSAGE = (
    select(take)
    .where(take.c.learner_id == _own, take.c.message_id == _message_id)
    .order_by(take.c.take_no.desc())
    .limit(1)
)
_drills_of_question = select(drill.c.drill_no).where(
    drill.c.learner_id == _own, drill.c.question_id == bindparam("question_id")
)
# Not in order: SQLite would rather walk through all of the learner's takes than sort these few.
_TAKES_OF_QUESTION = select(take).where(
    take.c.learner_id == _own, take.c.drill_no.in_(_drills_of_question)
)
_INSERT_TAKE = insert(take).values({c.name: bindparam(c.name) for c in take.columns})
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
_WITHDRAWN = select(rating).where(
    rating.c.learner_id == _own, rating.c.drill_no == _drill_no, rating.c.withdrawn_at.is_not(None)
)
_LATEST_RATING = (
    select(rating)
    .where(rating.c.learner_id == _own, rating.c.withdrawn_at.is_(None))
    .order_by(rating.c.rating_no.desc())
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
_COUNTS = select(
    select(func.count()).select_from(drill).scalar_subquery().label("drills"),
    select(func.count()).select_from(take).scalar_subquery().label("takes"),
    select(func.count()).select_from(rating).scalar_subquery().label("ratings"),
)


def _standing(row: Row) -> Standing:
    return Standing(
        strength=row["strength"],
        strength_at=row["strength_at"],
        heard_at=row["heard_at"],
        points=row["points"],
        sprung=bool(row["sprung"]),
        counted_day=row["counted_day"],
        low=bool(row["low"]),
        badge_at=row["badge_at"],
        last_wording=row["last_wording"],
    )


async def standings(database: Database, learner_id: int) -> dict[str, Standing]:
    """Every standing of the learner by question id; a question never asked is not in it."""
    rows = await database.read(_STANDINGS, learner_id=learner_id)
    return {row["question_id"]: _standing(row) for row in rows}


async def standing_of(
    database: Database, learner_id: int, question_id: str
) -> tuple[Standing, float]:
    """One standing and its prior (0.5, or what the triage said)."""
    rows = await database.read(_STANDING, learner_id=learner_id, question_id=question_id)
    return (_standing(rows[0]), rows[0]["prior"]) if rows else (Standing(), 0.5)


def put_standing(learner_id: int, question_id: str, value: Standing, prior: float) -> Write:
    """The write that stores one standing, new or not."""
    return Write(_PUT_STANDING, _standing_row(learner_id, question_id, value, prior), rows=1)


def heard(learner_id: int, question_id: str, at: int, wording: int | None = None) -> Write:
    """The write that remembers when a question was asked or answered, and in which wording.

    All else of its standing stays as it is: this is also right for a question that is being renamed
    in the same transaction. `wording`: None leaves the last one.
    """
    fresh = Standing(heard_at=at, last_wording=wording)
    return Write(_HEARD, _standing_row(learner_id, question_id, fresh, 0.5), rows=1)


def _standing_row(
    learner_id: int, question_id: str, value: Standing, prior: float
) -> dict[str, Any]:
    return {
        **asdict(value),
        "sprung": int(value.sprung),
        "low": int(value.low),
        "learner_id": learner_id,
        "question_id": question_id,
        "prior": prior,
    }


def renamed(learner_id: int, old_id: str, new_id: str) -> list[Write]:
    """Writes that carry everything of a renamed question over."""
    values = {"learner_id": learner_id, "old_id": old_id, "new_id": new_id}
    return [Write(statement, values) for statement in _RENAMES]


async def find(database: Database, learner_id: int, drill_no: int) -> Drill | None:
    """One drill of this learner, or None."""
    return _one(await database.read(_DRILL, learner_id=learner_id, drill_no=drill_no))


async def by_message(database: Database, learner_id: int, message_id: int) -> Drill | None:
    """The drill whose card or rating card this message is."""
    return _one(
        await database.read(_DRILL_BY_MESSAGE, learner_id=learner_id, message_id=message_id)
    )


async def latest(database: Database, learner_id: int) -> Drill | None:
    """The drill asked last."""
    return _one(await database.read(_LATEST_DRILL, learner_id=learner_id))


async def latest_unrated(database: Database, learner_id: int) -> Drill | None:
    """The drill answered last that still waits for its rating."""
    return _one(await database.read(_LATEST_UNRATED, learner_id=learner_id))


def _one(rows: list[Row]) -> Drill | None:
    return Drill(**dict(rows[0])) if rows else None


def asked(value: Drill) -> Write:
    """The write that stores a new drill."""
    return Write(_INSERT_DRILL, asdict(value), rows=1)


def changed(before: Drill, after: Drill) -> Write:
    """The write that stores `after`, if the drill is still in the state of `before`."""
    return Write(_UPDATE_DRILL, {**asdict(after), "seen_state": int(before.state)}, rows=1)


def card_sent(learner_id: int, drill_no: int, message_id: int, *, rating_card: bool) -> Write:
    """The write that keeps the message id Telegram gave to a card of this drill."""
    statement = _SET_RATING_CARD if rating_card else _SET_CARD
    return Write(statement, {"learner_id": learner_id, "drill_no": drill_no, "sent_id": message_id})


async def expired(database: Database, now: int, most: int) -> list[tuple[int, int]]:
    """(learner id, drill number) of open drills whose time is over."""
    rows = await database.read(_EXPIRED, now=now, most=most)
    return [(row["learner_id"], row["drill_no"]) for row in rows]


async def earliest_expiry(database: Database) -> int | None:
    """When the next open drill expires; None when none is open."""
    moment: int | None = (await database.read(_EARLIEST_EXPIRY))[0]["at"]
    return moment


async def takes(database: Database, learner_id: int, drill_no: int) -> list[Take]:
    """The takes of one drill, oldest first."""
    rows = await database.read(_TAKES, learner_id=learner_id, drill_no=drill_no)
    return [Take(**dict(row)) for row in rows]


async def takes_of_question(database: Database, learner_id: int, question_id: str) -> list[Take]:
    """Every take of one question, oldest first."""
    rows = await database.read(_TAKES_OF_QUESTION, learner_id=learner_id, question_id=question_id)
    return sorted((Take(**dict(row)) for row in rows), key=lambda found: found.take_no)


async def find_take(database: Database, learner_id: int, take_no: int) -> Take | None:
    """One take of this learner, or None."""
    rows = await database.read(_TAKE, learner_id=learner_id, take_no=take_no)
    return Take(**dict(rows[0])) if rows else None


async def take_by_message(database: Database, learner_id: int, message_id: int) -> Take | None:
    """The take that a message of the learner became, as it was last edited; None: it became none."""
    rows = await database.read(_TAKE_BY_MESSAGE, learner_id=learner_id, message_id=message_id)
    return Take(**dict(rows[0])) if rows else None


def taken(value: Take) -> Write:
    """The write that stores a take."""
    return Write(_INSERT_TAKE, asdict(value), rows=1)


def rated(value: RatingRow) -> Write:
    """The write that stores a rating."""
    return Write(_INSERT_RATING, asdict(value), rows=1)


async def ratings(database: Database, learner_id: int, question_id: str) -> list[RatingRow]:
    """The ratings of one question that were not withdrawn, oldest first."""
    rows = await database.read(_RATINGS, learner_id=learner_id, question_id=question_id)
    return [RatingRow(**dict(row)) for row in rows]


async def withdrawn_ratings(database: Database, learner_id: int, drill_no: int) -> list[RatingRow]:
    """The ratings of one drill that were taken back."""
    rows = await database.read(_WITHDRAWN, learner_id=learner_id, drill_no=drill_no)
    return [RatingRow(**dict(row)) for row in rows]


async def latest_rating(database: Database, learner_id: int) -> RatingRow | None:
    """The newest rating that was not withdrawn."""
    rows = await database.read(_LATEST_RATING, learner_id=learner_id)
    return RatingRow(**dict(rows[0])) if rows else None


async def ever_rated(database: Database, learner_id: int) -> bool:
    """Whether the learner has rated anything, even if it was taken back."""
    return bool(await database.read(_EVER_RATED, learner_id=learner_id))


def withdrawn(learner_id: int, rating_no: int, now: int) -> Write:
    """The write that takes a rating back; it may be taken back once."""
    return Write(_WITHDRAW, {"learner_id": learner_id, "rating_no": rating_no, "now": now}, rows=1)


async def counts(database: Database) -> Row:
    """How many `drills`, `takes` and `ratings` there are in all."""
    return (await database.read(_COUNTS))[0]
