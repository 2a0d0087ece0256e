"""The questions that a learner added, as drafts, kept, or removed again."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import own_question


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnQuestion:
    """One row of `own_question`. Not kept yet: a draft. Removed: kept for its history alone.

    `slip`: the tone that slips in it, of `vocabulary.SLIPS`; None: nobody said. `other_id`: the coach
    whose words it is; None: the learner's own.
    """

    learner_id: int
    own_no: int
    question_id: str
    ask: str
    slip: str | None = None
    added_at: int
    kept_at: int | None = None
    removed_at: int | None = None
    other_id: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether it may be drawn."""
        return self.kept_at is not None and self.removed_at is None

    @property
    def is_draft(self) -> bool:
        """Whether it still waits for a word."""
        return self.kept_at is None


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = (
    select(own_question)
    .where(own_question.c.learner_id == _own)
    .order_by(own_question.c.learner_id, own_question.c.own_no)
)
_this = (own_question.c.learner_id == _own) & (own_question.c.own_no == bindparam("own_no"))
_INSERT = insert(own_question).values({c.name: bindparam(c.name) for c in own_question.columns})
_CHANGE = (
    update(own_question)
    .where(_this)
    .values({name: bindparam(name) for name in ("ask", "slip", "kept_at", "removed_at")})
)
_DROP = delete(own_question).where(_this)


async def of_learner(database: Database, learner_id: int) -> list[OwnQuestion]:
    """Every row of the learner in the order of adding."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    return [OwnQuestion(**dict(row)) for row in rows]


def added(value: OwnQuestion) -> Write:
    """The write that stores a new one."""
    return Write(_INSERT, asdict(value), rows=1)


def changed(value: OwnQuestion) -> Write:
    """The write that stores its words, slip and state."""
    return Write(_CHANGE, asdict(value), rows=1)


def dropped(value: OwnQuestion) -> Write:
    """The write that forgets one for good."""
    return Write(_DROP, {"learner_id": value.learner_id, "own_no": value.own_no}, rows=1)
