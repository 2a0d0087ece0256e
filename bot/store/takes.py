"""The takes of one learner: answers, never overwritten; what one holds goes when its learner says so."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, insert, select, update
from sqlalchemy.sql.dml import Update

from bot.store.database import Database, Row, Write
from bot.store.tables import DELETED, MediaState, drill, take


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
    starred_at: int | None = None
    deleted_at: int | None = None

    @property
    def is_erased(self) -> bool:
        """Whether it was deleted and nothing of it is left but that it was."""
        return self.deleted_at is not None and self.text is None and self.file_id is None

    @property
    def is_let_go(self) -> bool:
        """Whether its recording is kept no more, and cannot be had from Telegram either."""
        return self.media_state == MediaState.GONE and self.file_id is None


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
_this = (take.c.learner_id == _own) & (take.c.take_no == bindparam("this_take"))
_STAR = update(take).where(_this).values(starred_at=bindparam("at"))
_DELETE = update(take).where(_this, take.c.deleted_at.is_(None)).values(deleted_at=bindparam("at"))
_BRING_BACK = update(take).where(_this, DELETED).values(deleted_at=None)
_gone = case(
    (take.c.media_state == int(MediaState.NONE), int(MediaState.NONE)),
    else_=int(MediaState.GONE),
)
_ERASE = (
    update(take)
    .where(_this, take.c.deleted_at.is_not(None))
    .values(text=None, file_id=None, media_state=_gone)
)
_LET_GO = (
    update(take)
    .where(
        _this,
        take.c.media_state == int(MediaState.KEPT),
        take.c.starred_at.is_(None),
        take.c.deleted_at.is_(None),
    )
    .values(file_id=None, media_state=int(MediaState.GONE))
)
_TO_ERASE = (
    select(take.c.learner_id, take.c.take_no)
    .where(DELETED, take.c.deleted_at <= bindparam("before"))
    .order_by(take.c.deleted_at)
    .limit(bindparam("most"))
)
_SPACE = select(
    func.count().label("recordings"), func.coalesce(func.sum(take.c.file_size), 0).label("bytes")
).where(take.c.learner_id == _own, take.c.media_state == int(MediaState.KEPT))
_LATEST_COUNTED = (
    select(take)
    .join(
        drill,
        (drill.c.learner_id == _own)
        & (drill.c.drill_no == take.c.drill_no)
        & (drill.c.take_no == take.c.take_no),
    )
    .where(take.c.learner_id == _own)
    .order_by(take.c.take_no.desc())
)
_COUNT_SINCE = select(func.count(take.c.drill_no.distinct()).label("answers")).where(
    take.c.learner_id == _own, take.c.taken_at >= bindparam("moment")
)
_MOMENTS = select(take.c.take_no, take.c.message_id, take.c.taken_at).where(
    take.c.learner_id == _own
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


async def latest_counted(database: Database, learner_id: int, most: int) -> list[Take]:
    """The newest takes that count for their drills, newest first."""
    rows = await database.read(_LATEST_COUNTED, learner_id=learner_id, most=most)
    return [Take(**dict(row)) for row in rows]


async def count_since(database: Database, learner_id: int, moment: int) -> int:
    """How many answers somebody has given since a moment."""
    rows = await database.read(_COUNT_SINCE, learner_id=learner_id, moment=moment)
    count: int = rows[0]["answers"]
    return count


async def moments(database: Database, learner_id: int) -> list[Row]:
    """Every take of the learner, oldest first: `take_no`, `message_id`, `taken_at`."""
    rows = await database.read(_MOMENTS, learner_id=learner_id)
    return sorted(rows, key=lambda row: row["take_no"])


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


async def space(database: Database, learner_id: int) -> tuple[int, int]:
    """How many recordings of the learner are kept, and how many bytes they take."""
    row = (await database.read(_SPACE, learner_id=learner_id))[0]
    return row["recordings"], row["bytes"]


async def to_erase(database: Database, before: int, most: int) -> list[tuple[int, int]]:
    """(learner, take) deleted before a moment and not erased yet, those deleted first in front."""
    rows = await database.read(_TO_ERASE, before=before, most=most)
    return [(row["learner_id"], row["take_no"]) for row in rows]


def starred(learner_id: int, take_no: int, at: int | None) -> Write:
    """The write that keeps a take for ever, or with None no longer than others."""
    return _on(_STAR, learner_id, take_no, at=at)


def deleted(learner_id: int, take_no: int, at: int) -> Write:
    """The write that deletes a take; it can be brought back until it is erased."""
    return _on(_DELETE, learner_id, take_no, at=at)


def brought_back(learner_id: int, take_no: int) -> Write:
    """The write that undoes a deletion; too late is a lost race."""
    return _on(_BRING_BACK, learner_id, take_no)


def erased(learner_id: int, take_no: int) -> Write:
    """The write that drops what a deleted take holds. Its file goes after that is on disk."""
    return Write(_ERASE, {"learner_id": learner_id, "this_take": take_no})


def let_go(learner_id: int, take_no: int) -> Write:
    """The write that gives up a recording neither starred nor deleted. Its file goes when it is on disk."""
    return _on(_LET_GO, learner_id, take_no)


def _on(statement: Update, learner_id: int, take_no: int, **values: int | None) -> Write:
    keys = {"learner_id": learner_id, "this_take": take_no}
    return Write(statement, keys | values, rows=1)
