"""The takes of one learner: answers, never overwritten."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select

from bot.store.database import Database, Write
from bot.store.tables import MediaState, drill, take


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


_own: BindParameter[Any] = bindparam("learner_id")
_drill_no: BindParameter[Any] = bindparam("drill_no")
_LAST_TAKE = (
    select(take)
    .where(take.c.learner_id == _own, take.c.drill_no == _drill_no)
    .order_by(take.c.take_no.desc())
    .limit(1)
)
_OF_DRILL = (
    select(take)
    .where(take.c.learner_id == _own, take.c.drill_no == _drill_no)
    .order_by(take.c.take_no)
)
_TAKE = select(take).where(take.c.learner_id == _own, take.c.take_no == bindparam("take_no"))
_TAKE_BY_MESSAGE = (
    select(take)
    .where(take.c.learner_id == _own, take.c.message_id == bindparam("message_id"))
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


async def last_of_drill(database: Database, learner_id: int, drill_no: int) -> Take | None:
    """The newest take of one drill."""
    rows = await database.read(_LAST_TAKE, learner_id=learner_id, drill_no=drill_no)
    return Take(**dict(rows[0])) if rows else None


async def of_drill(database: Database, learner_id: int, drill_no: int) -> list[Take]:
    """Every take of one drill, oldest first."""
    rows = await database.read(_OF_DRILL, learner_id=learner_id, drill_no=drill_no)
    return [Take(**dict(row)) for row in rows]


async def of_question(database: Database, learner_id: int, question_id: str) -> list[Take]:
    """Every take of one question, oldest first."""
    rows = await database.read(_TAKES_OF_QUESTION, learner_id=learner_id, question_id=question_id)
    return sorted((Take(**dict(row)) for row in rows), key=lambda found: found.take_no)


async def find(database: Database, learner_id: int, take_no: int) -> Take | None:
    """One take of this learner, or None."""
    rows = await database.read(_TAKE, learner_id=learner_id, take_no=take_no)
    return Take(**dict(rows[0])) if rows else None


async def by_message(database: Database, learner_id: int, message_id: int) -> Take | None:
    """The take that a message of the learner became, as it was last edited; None: it became none."""
    rows = await database.read(_TAKE_BY_MESSAGE, learner_id=learner_id, message_id=message_id)
    return Take(**dict(rows[0])) if rows else None


def taken(value: Take) -> Write:
    """The write that stores a take."""
    return Write(_INSERT_TAKE, asdict(value), rows=1)
