"""The drills of one learner, and those of everybody that are over."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, union_all, update

from bot.store.database import Database, Row, Write
from bot.store.tables import DrillState, drill, rating, take


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
    words: str | None = None


_own: BindParameter[Any] = bindparam("learner_id")
_drill_no: BindParameter[Any] = bindparam("drill_no")
_DRILL = select(drill).where(drill.c.learner_id == _own, drill.c.drill_no == _drill_no)
_message_id: BindParameter[Any] = bindparam("message_id")
_DRILL_BY_MESSAGE = union_all(
    select(drill).where(drill.c.learner_id == _own, drill.c.message_id == _message_id),
    select(drill).where(drill.c.learner_id == _own, drill.c.rating_message_id == _message_id),
)
_LATEST_DRILL = (
    select(drill).where(drill.c.learner_id == _own).order_by(drill.c.drill_no.desc()).limit(1)
)
_ALL_DRILLS = select(drill).where(drill.c.learner_id == _own)
# In the order of the index that holds just these: to sort by another SQLite would walk through all.
_UNRATED = (
    select(drill)
    .where(drill.c.learner_id == _own, drill.c.state == int(DrillState.ANSWERED))
    .order_by(drill.c.drill_no.desc())
    .limit(100)
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
_ANOTHER_CARD = (
    update(drill).where(_this).values(message_id=None, rating_message_id=drill.c.message_id)
)
_EXPIRED = (
    select(drill.c.learner_id, drill.c.drill_no)
    .where(drill.c.state == int(DrillState.OPEN), drill.c.expires_at <= bindparam("now"))
    .order_by(drill.c.expires_at)
    .limit(bindparam("most"))
)
_EARLIEST_EXPIRY = select(func.min(drill.c.expires_at).label("at")).where(
    drill.c.state == int(DrillState.OPEN)
)
_COUNTS = select(
    select(func.count()).select_from(drill).scalar_subquery().label("drills"),
    select(func.count()).select_from(take).scalar_subquery().label("takes"),
    select(func.count()).select_from(rating).scalar_subquery().label("ratings"),
)


async def find(database: Database, learner_id: int, drill_no: int) -> Drill | None:
    """One drill of this learner, or None."""
    return _one(await database.read(_DRILL, learner_id=learner_id, drill_no=drill_no))


async def by_message(database: Database, learner_id: int, message_id: int) -> Drill | None:
    """The drill whose card or rating card this message is."""
    return _one(
        await database.read(_DRILL_BY_MESSAGE, learner_id=learner_id, message_id=message_id)
    )


async def of_learner(database: Database, learner_id: int) -> list[Drill]:
    """Every drill of the learner, oldest first."""
    rows = await database.read(_ALL_DRILLS, learner_id=learner_id)
    return sorted((Drill(**dict(row)) for row in rows), key=lambda one: one.drill_no)


async def latest(database: Database, learner_id: int) -> Drill | None:
    """The drill asked last."""
    return _one(await database.read(_LATEST_DRILL, learner_id=learner_id))


async def latest_unrated(database: Database, learner_id: int) -> Drill | None:
    """The drill answered last that still waits for its rating."""
    rows = await database.read(_UNRATED, learner_id=learner_id)
    waiting = [Drill(**dict(row)) for row in rows]
    return max(waiting, key=lambda one: (one.closed_at or 0, one.drill_no), default=None)


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


def another_card(learner_id: int, drill_no: int) -> Write:
    """The write for one more card of an open drill, on its way: a reply to the last is still known."""
    return Write(_ANOTHER_CARD, {"learner_id": learner_id, "drill_no": drill_no})


async def expired(database: Database, now: int, most: int) -> list[tuple[int, int]]:
    """(learner id, drill number) of open drills whose time is over."""
    rows = await database.read(_EXPIRED, now=now, most=most)
    return [(row["learner_id"], row["drill_no"]) for row in rows]


async def earliest_expiry(database: Database) -> int | None:
    """When the next open drill expires; None when none is open."""
    moment: int | None = (await database.read(_EARLIEST_EXPIRY))[0]["at"]
    return moment


async def counts(database: Database) -> Row:
    """How many `drills`, `takes` and `ratings` there are in all."""
    return (await database.read(_COUNTS))[0]
