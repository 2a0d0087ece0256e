"""Questions that coaches want sprung, until they are."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select

from bot.store.database import Database, Write
from bot.store.tables import wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One row of `wish`. `words`: of a question that the coach put themself; None: one of a set."""

    learner_id: int
    coaching_no: int
    wish_no: int
    other_id: int
    question_id: str
    words: str | None = None
    from_at: int


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = select(wish).where(wish.c.learner_id == _own)
_of_coaching = (wish.c.learner_id == _own) & (wish.c.coaching_no == bindparam("coaching_no"))
_INSERT = insert(wish).values({c.name: bindparam(c.name) for c in wish.columns})
_DROP = delete(wish).where(_of_coaching, wish.c.wish_no == bindparam("wish_no"))
_DROP_ALL = delete(wish).where(_of_coaching)


async def of_learner(database: Database, learner_id: int) -> list[Wish]:
    """What coaches want to have sprung on a learner, what may come first first."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    found = (Wish(**dict(row)) for row in rows)
    return sorted(found, key=lambda one: (one.from_at, one.coaching_no, one.wish_no))


def made(value: Wish) -> Write:
    """The write that stores a wish."""
    return Write(_INSERT, asdict(value), rows=1)


def fulfilled(value: Wish) -> Write:
    """The write that ends a wish; one that was dropped meanwhile is a lost race."""
    keys = ("learner_id", "coaching_no", "wish_no")
    return Write(_DROP, {key: getattr(value, key) for key in keys}, rows=1)


def dropped(learner_id: int, coaching_no: int) -> Write:
    """The write that drops whatever one coach wished."""
    return Write(_DROP_ALL, {"learner_id": learner_id, "coaching_no": coaching_no})
