"""Errands: what is to be done for a learner at a moment, other than a drill."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import errand


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One row of `errand`: `about` is for whoever does it, `from_id` is whose doing it comes from."""

    learner_id: int
    from_id: int
    errand_no: int
    kind: int
    due_at: int
    about: str = ""

    @property
    def key(self) -> tuple[int, int, int]:
        """What names it."""
        return self.learner_id, self.from_id, self.errand_no


_own: BindParameter[Any] = bindparam("learner_id")
_this = (
    (errand.c.learner_id == _own)
    & (errand.c.from_id == bindparam("from_id"))
    & (errand.c.errand_no == bindparam("errand_no"))
)
_ERRAND = select(errand).where(_this)
_OF_KIND = select(errand).where(errand.c.learner_id == _own, errand.c.kind == bindparam("kind"))
_INSERT = insert(errand).values({c.name: bindparam(c.name) for c in errand.columns})
_DELETE = delete(errand).where(_this)
_FROM = delete(errand).where(errand.c.from_id == _own)
_far: BindParameter[Any] = bindparam("far")
_DUE_FAR = update(errand).where(errand.c.due_at > _far).values(due_at=_far)
_DUE = (
    select(errand.c.learner_id, errand.c.from_id, errand.c.errand_no)
    .where(errand.c.due_at <= bindparam("now"))
    .order_by(errand.c.due_at)
    .limit(bindparam("most"))
)
_EARLIEST = select(func.min(errand.c.due_at).label("at"))


async def find(database: Database, key: tuple[int, int, int]) -> Errand | None:
    """One errand by its key; None: it is done, or was dropped."""
    learner_id, from_id, errand_no = key
    rows = await database.read(_ERRAND, learner_id=learner_id, from_id=from_id, errand_no=errand_no)
    return Errand(**dict(rows[0])) if rows else None


async def of_kind(database: Database, learner_id: int, kind: int) -> list[Errand]:
    """The learner's errands of one kind, the earliest first."""
    rows = await database.read(_OF_KIND, learner_id=learner_id, kind=int(kind))
    return sorted((Errand(**dict(row)) for row in rows), key=lambda one: (one.due_at, one.key))


async def due(database: Database, now: int, most: int) -> list[tuple[int, int, int]]:
    """The keys of what is due, the longest due first."""
    rows = await database.read(_DUE, now=now, most=most)
    return [(row["learner_id"], row["from_id"], row["errand_no"]) for row in rows]


async def earliest(database: Database) -> int | None:
    """When the next errand of anybody is due; None: there is none."""
    moment: int | None = (await database.read(_EARLIEST))[0]["at"]
    return moment


def given(value: Errand) -> Write:
    """The write that stores an errand."""
    return Write(_INSERT, asdict(value), rows=1)


def dropped(value: Errand) -> Write:
    """The write that ends an errand, done or not; one that is gone already is a lost race."""
    learner_id, from_id, errand_no = value.key
    keys = {"learner_id": learner_id, "from_id": from_id, "errand_no": errand_no}
    return Write(_DELETE, keys, rows=1)


def erased_from(learner_id: int) -> Write:
    """The write that drops whatever a learner has given others to be done."""
    return Write(_FROM, {"learner_id": learner_id})


def not_due_beyond(far: int) -> Write:
    """The write that brings errands to this moment which a clock that was ahead has put after it."""
    return Write(_DUE_FAR, {"far": far})
