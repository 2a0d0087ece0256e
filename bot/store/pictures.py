"""Pictures that are still to be drawn for learners."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.database import Database, Write
from bot.store.tables import picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureWish:
    """One row of `picture`: a picture to be drawn, and what of."""

    learner_id: int
    kind: int
    wanted_at: int
    about: str = ""


_own: BindParameter[Any] = bindparam("learner_id")
_this = (picture.c.learner_id == _own) & (picture.c.kind == bindparam("kind"))
_WISH = select(picture).where(_this)
_wanted_at: BindParameter[Any] = bindparam("wanted_at")
_about: BindParameter[Any] = bindparam("about")
_WANT = (
    upsert(picture)
    .values(learner_id=_own, kind=bindparam("kind"), wanted_at=_wanted_at, about=_about)
    .on_conflict_do_update(
        index_elements=["learner_id", "kind"], set_={"wanted_at": _wanted_at, "about": _about}
    )
)
_DONE = delete(picture).where(_this, picture.c.wanted_at == _wanted_at)
_WANTED = (
    select(picture)
    .where(picture.c.wanted_at <= bindparam("now"))
    .order_by(picture.c.wanted_at)
    .limit(bindparam("most"))
)


async def find(database: Database, learner_id: int, kind: int) -> PictureWish | None:
    """The wish of this kind; None: the learner has none."""
    rows = await database.read(_WISH, learner_id=learner_id, kind=int(kind))
    return PictureWish(**dict(rows[0])) if rows else None


async def wanted(database: Database, now: int, most: int) -> list[PictureWish]:
    """Wishes of anybody, those that wait longest first."""
    return [PictureWish(**dict(row)) for row in await database.read(_WANTED, now=now, most=most)]


def wished(value: PictureWish) -> Write:
    """The write that asks for a picture; one of this kind that is not drawn yet gives way."""
    return Write(_WANT, asdict(value), rows=1)


def settled(value: PictureWish) -> Write:
    """The write that ends a wish, if it is still this one; else it is a lost race."""
    keys = {"learner_id": value.learner_id, "kind": value.kind, "wanted_at": value.wanted_at}
    return Write(_DONE, keys, rows=1)
