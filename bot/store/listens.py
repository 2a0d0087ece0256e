"""Takes of one learner that were played to them again, and what they said of them then."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update

from bot.drill.standing import Listen
from bot.drill.tone import Tone
from bot.store.database import Database, Row, Write
from bot.store.tables import TakeKind, listen, rating, take

MOST_SPOKEN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenRow:
    """One row of `listen`: a take offered to be heard again, rated (`tone`) or not.

    `rated_no` is numbered like ratings and orders it among them. `withdrawn_at` is set by undo; the
    row stays, and another takes its place.
    """

    learner_id: int
    listen_no: int
    take_no: int
    question_id: str
    offered_at: int
    tone: int | None = None
    rated_at: int | None = None
    rated_no: int | None = None
    withdrawn_at: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its rating."""
        return self.tone is None and self.withdrawn_at is None

    @property
    def counts(self) -> bool:
        """Whether it was rated, and that was not taken back."""
        return self.tone is not None and self.withdrawn_at is None

    def listen(self, first_rated_at: int) -> Listen:
        """A rated one as the engine knows it."""
        return Listen(Tone(self.tone or 0), self.rated_at or 0, first_rated_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A rated take that can be played: `tone` and `rated_at` of its rating, `taken_at` its own."""

    take_no: int
    question_id: str
    tone: int
    rated_at: int
    taken_at: int


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = (
    select(listen)
    .where(listen.c.learner_id == _own)
    .order_by(listen.c.learner_id, listen.c.listen_no)
)
_this = (listen.c.learner_id == _own) & (listen.c.listen_no == bindparam("listen_no"))
_LISTEN = select(listen).where(_this)
_INSERT = insert(listen).values({c.name: bindparam(c.name) for c in listen.columns})
_RATE = (
    update(listen)
    .where(_this, listen.c.tone.is_(None), listen.c.withdrawn_at.is_(None))
    .values({name: bindparam(name) for name in ("tone", "rated_at", "rated_no")})
)
_WITHDRAW = (
    update(listen)
    .where(_this, listen.c.tone.is_not(None), listen.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now"))
)
CAN_BE_PLAYED = (take.c.kind != int(TakeKind.TEXT)) & take.c.file_id.is_not(None)
_SPOKEN = (
    select(
        rating.c.take_no, rating.c.question_id, rating.c.tone, rating.c.rated_at, take.c.taken_at
    )
    .join_from(rating, take, rating.c.take_no == take.c.take_no)
    .where(
        rating.c.learner_id == _own,
        take.c.learner_id == _own,
        rating.c.withdrawn_at.is_(None),
        take.c.taken_at <= bindparam("before"),
        take.c.deleted_at.is_(None),
        CAN_BE_PLAYED,
    )
    .order_by(rating.c.rating_no.desc())
    .limit(MOST_SPOKEN)
)
_PAIRS = (
    select(listen.c.take_no, rating.c.tone.label("then"), listen.c.tone.label("later"))
    .join_from(listen, rating, listen.c.take_no == rating.c.take_no)
    .where(
        listen.c.learner_id == _own,
        rating.c.learner_id == _own,
        rating.c.withdrawn_at.is_(None),
        listen.c.withdrawn_at.is_(None),
        listen.c.tone.is_not(None),
    )
)


async def find(database: Database, learner_id: int, listen_no: int) -> ListenRow | None:
    """One of this learner's, or None."""
    rows = await database.read(_LISTEN, learner_id=learner_id, listen_no=listen_no)
    return ListenRow(**dict(rows[0])) if rows else None


async def of_learner(database: Database, learner_id: int) -> list[ListenRow]:
    """Every one of the learner's, in the order of offering; there is about one a day."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    return [ListenRow(**dict(row)) for row in rows]


async def spoken(database: Database, learner_id: int, before: int) -> list[Spoken]:
    """The takes that can be played to the learner, said `before` or earlier; latest rated first."""
    rows = await database.read(_SPOKEN, learner_id=learner_id, before=before)
    return [Spoken(**dict(row)) for row in rows]


async def pairs(database: Database, learner_id: int) -> list[Row]:
    """How each take that was listened to was rated: `take_no`, `then`, `later`."""
    return await database.read(_PAIRS, learner_id=learner_id)


def offered(value: ListenRow) -> Write:
    """The write that stores a new one."""
    return Write(_INSERT, asdict(value), rows=1)


def rated(value: ListenRow) -> Write:
    """The write that stores the rating of an open one."""
    keys = ("learner_id", "listen_no", "tone", "rated_at", "rated_no")
    return Write(_RATE, {key: getattr(value, key) for key in keys}, rows=1)


def withdrawn(value: ListenRow, now: int) -> Write:
    """The write that takes a rating back; it may be taken back once."""
    keys = {"learner_id": value.learner_id, "listen_no": value.listen_no, "now": now}
    return Write(_WITHDRAW, keys, rows=1)
