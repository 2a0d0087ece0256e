"""A database for tests: a real file, migrated once and copied, and rows that have nothing wrong."""

import functools
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, text

from bot.drill.tone import Mode
from bot.store import inbox, learners
from bot.store.circles import Circle, Member
from bot.store.coach_ratings import CoachRating
from bot.store.coachings import Coaching
from bot.store.database import Database, Row, Write
from bot.store.deeds import Deed
from bot.store.drills import Drill
from bot.store.ears import Ear
from bot.store.erasures import Erasures
from bot.store.errands import Errand
from bot.store.inbox import StoredUpdate
from bot.store.learners import Learner
from bot.store.listens import ListenRow
from bot.store.mocks import Mock
from bot.store.opening import bring_up_to_date
from bot.store.outbox import Message
from bot.store.own_questions import OwnQuestion
from bot.store.pictures import PictureWish
from bot.store.ratings import RatingRow
from bot.store.shares import Share
from bot.store.tables import CoachingState, DeedKind, ErrandKind, Given, PictureKind, TakeKind
from bot.store.takes import Take
from bot.store.uploads import Upload
from bot.store.wishes import Wish

NOW = 1_795_435_200_000
"""2026-11-23 12:00 UTC, a Monday."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ANN, BEN = 1001, 1002


@functools.cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sprung.db"
        bring_up_to_date(path)
        return path.read_bytes()


def new_file(folder: Path) -> Path:
    """An empty database of this release."""
    path = folder / "sprung.db"
    path.write_bytes(_migrated())
    return path


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Database]:
    """An open database in a folder of its own."""
    async with Database(new_file(folder)) as database:
        yield database


def learner(learner_id: int = ANN, **fields: Any) -> Learner:
    """A learner who has come in."""
    return Learner(**{"learner_id": learner_id, "joined_at": NOW, "enrolled_at": NOW, **fields})


def drill(drill_no: int = 1, learner_id: int = ANN, **fields: Any) -> Drill:
    """A surprise that has just been asked."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "drill_no": drill_no,
        "question_id": "a-bad-boss",
        "set_id": "hard-questions",
        "wording": 0,
        "mode": Mode.SURPRISE,
        "asked_at": NOW,
        "expires_at": NOW + HOUR,
    }
    return Drill(**{**known, **fields})


def deed(deed_no: int = 1, learner_id: int = ANN, **fields: Any) -> Deed:
    """A question that has just been skipped."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "deed_no": deed_no,
        "kind": DeedKind.SKIP,
        "about": f"1 {NOW + HOUR}",
        "done_at": NOW,
    }
    return Deed(**{**known, **fields})


def errand(errand_no: int = 1, learner_id: int = ANN, **fields: Any) -> Errand:
    """A second listen that is due now, left by the learner's own doing."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "from_id": learner_id,
        "errand_no": errand_no,
        "kind": ErrandKind.LISTEN,
        "due_at": NOW,
    }
    return Errand(**{**known, **fields})


def take(take_no: int = 1, learner_id: int = ANN, **fields: Any) -> Take:
    """A written answer to the first drill."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "take_no": take_no,
        "drill_no": 1,
        "kind": TakeKind.TEXT,
        "text": "I asked both.",
        "message_id": 500 + take_no,
        "taken_at": NOW,
    }
    return Take(**{**known, **fields})


def rating(rating_no: int = 1, learner_id: int = ANN, **fields: Any) -> RatingRow:
    """A four for the first take."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "rating_no": rating_no,
        "drill_no": 1,
        "take_no": 1,
        "question_id": "a-bad-boss",
        "tone": 4,
        "mode": Mode.SURPRISE,
        "local_day": 739_943,
        "rated_at": NOW,
    }
    return RatingRow(**{**known, **fields})


def listen(listen_no: int = 1, learner_id: int = ANN, **fields: Any) -> ListenRow:
    """The first take, just played again."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "listen_no": listen_no,
        "take_no": 1,
        "question_id": "a-bad-boss",
        "offered_at": NOW,
    }
    return ListenRow(**{**known, **fields})


def own_question(own_no: int = 1, learner_id: int = ANN, **fields: Any) -> OwnQuestion:
    """A question of somebody's own, kept."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "own_no": own_no,
        "question_id": f"own-{learner_id}-{own_no}",
        "ask": f"What was number {own_no} about?",
        "added_at": NOW,
        "kept_at": NOW,
    }
    return OwnQuestion(**{**known, **fields})


def mock(mock_no: int = 1, learner_id: int = ANN, **fields: Any) -> Mock:
    """An interview that has just begun."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "mock_no": mock_no,
        "pressing": 0,
        "plan": "[]",
        "step_asked_at": NOW,
        "started_at": NOW,
    }
    return Mock(**{**known, **fields})


def share(share_no: int = 1, learner_id: int = ANN, **fields: Any) -> Share:
    """A link that is open for a day."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "share_no": share_no,
        "token_hash": f"hash {learner_id} {share_no}",
        "created_at": NOW,
        "expires_at": NOW + DAY,
    }
    return Share(**{**known, **fields})


def coaching(coaching_no: int = 1, learner_id: int = ANN, **fields: Any) -> Coaching:
    """Somebody who has Ben as a coach, for takes and ratings."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "coaching_no": coaching_no,
        "token_hash": f"coach {learner_id} {coaching_no}",
        "created_at": NOW,
        "expires_at": NOW + DAY,
        "state": CoachingState.ACTIVE,
        "given": Given.TAKES | Given.RATINGS,
        "other_id": BEN,
        "coach_no": 70 + coaching_no,
        "coach_name": "Ben",
    }
    return Coaching(**{**known, **fields})


def coach_rating(take_no: int = 1, learner_id: int = ANN, **fields: Any) -> CoachRating:
    """A three from Ben."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "take_no": take_no,
        "coaching_no": 1,
        "other_id": BEN,
        "tone": 3,
        "rated_at": NOW,
    }
    return CoachRating(**{**known, **fields})


def wish(wish_no: int = 1, learner_id: int = ANN, **fields: Any) -> Wish:
    """A question that Ben wants sprung."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "coaching_no": 1,
        "wish_no": wish_no,
        "other_id": BEN,
        "question_id": "a-bad-boss",
        "from_at": NOW,
    }
    return Wish(**{**known, **fields})


def ear(ear_no: int = 1, learner_id: int = ANN, **fields: Any) -> Ear:
    """A link to the first take that is open for a day."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "ear_no": ear_no,
        "take_no": 1,
        "token_hash": f"ear {learner_id} {ear_no}",
        "created_at": NOW,
        "expires_at": NOW + DAY,
    }
    return Ear(**{**known, **fields})


def circle(circle_no: int = 1, learner_id: int = ANN, **fields: Any) -> Circle:
    """A circle with a link."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "circle_no": circle_no,
        "title": "Fridays",
        "token_hash": f"circle {learner_id} {circle_no}",
        "made_at": NOW,
    }
    return Circle(**{**known, **fields})


def member(learner_id: int = ANN, **fields: Any) -> Member:
    """Somebody in Ben's first circle."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "other_id": BEN,
        "circle_no": 1,
        "name": f"Number {learner_id}",
        "joined_at": NOW,
    }
    return Member(**{**known, **fields})


def message(message_no: int = 1, learner_id: int = ANN, **fields: Any) -> Message:
    """A reply that waits to be sent."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "message_no": message_no,
        "method": "sendMessage",
        "payload": '{"text":"Saved."}',
        "created_at": NOW,
    }
    return Message(**{**known, **fields})


def upload(upload_no: int = 1, learner_id: int = ANN, **fields: Any) -> Upload:
    """A question set that waits to be fetched."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "upload_no": upload_no,
        "message_id": 500 + upload_no,
        "file_id": "file",
        "file_name": "set.yaml",
        "sent_at": NOW,
    }
    return Upload(**{**known, **fields})


def picture_wish(learner_id: int = ANN, **fields: Any) -> PictureWish:
    """A picture of how far the learner is, wanted now."""
    known: dict[str, Any] = {
        "learner_id": learner_id,
        "kind": PictureKind.PROGRESS,
        "wanted_at": NOW,
    }
    return PictureWish(**{**known, **fields})


def update(update_id: int = 1, learner_id: int = ANN, raw: bytes = b"{}") -> StoredUpdate:
    """An update as it comes in."""
    return StoredUpdate(update_id, learner_id, raw)


async def keep(database: Database, *people: Learner) -> None:
    """Store learners who were not there before."""
    await database.commit([learners.saved(None, person) for person in people])


async def receive(database: Database, *updates: StoredUpdate, now: int = NOW) -> list[int]:
    """Store updates; returns the ids of those that wait to be handled."""
    return await inbox.store(database, updates, now)


async def rows(database: Database, table: Table, **where: Any) -> list[Row]:
    """Everything in a table, or the rows where columns have these values, in order of the key."""
    statement = select(table).order_by(*table.primary_key.columns)
    for name, value in where.items():
        statement = statement.where(table.c[name] == value)
    return await database.read(statement)


async def only(database: Database, table: Table, **where: Any) -> dict[str, Any]:
    """The one row of a table where columns have these values."""
    (row,) = await rows(database, table, **where)
    return dict(row)


def put(name: str, value: str = "", *, expect: int | None = None) -> Write:
    """The plainest write there is: a new name with a value; `expect`: rows it must touch."""
    statement = text("INSERT INTO installation (name, value) VALUES (:name, :value)")
    return Write(statement, {"name": name, "value": value}, rows=expect)


def emptied(table: Table, column: str) -> Write:
    """A write that leaves nothing in a column of a table, whosever it is."""
    return Write(text(f"UPDATE {table.name} SET {column} = NULL"), {})


async def names(database: Database) -> set[str]:
    """The names that `put` left in the database."""
    return {row["name"] for row in await database.read(text("SELECT name FROM installation"))}


def log_of(database: Database) -> bytes:
    """The write-ahead log as it is on disk; nothing once everybody has let go of the file."""
    log = Path(f"{database.path}-wal")
    return log.read_bytes() if log.exists() else b""


def erasures_in(folder: Path) -> Erasures:
    """The list of who was erased, for a database in this folder."""
    return Erasures(folder / "backups" / "erased", lambda: "salt")


def files(folder: Path) -> set[str]:
    """Every file in a folder and below it, as paths from there."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@asynccontextmanager
async def written(database: Database) -> AsyncIterator[list[str]]:
    """Every statement that reaches the writing connection meanwhile."""
    seen: list[str] = []
    await database._on_writer(lambda connection: connection.set_trace_callback(seen.append))
    yield seen
    await database._on_writer(lambda connection: connection.set_trace_callback(None))


async def pragma(database: Database, setting: str) -> Any:
    """Set or read something of the writing connection."""
    fetched: Any = await database._on_writer(
        lambda connection: connection.execute(f"PRAGMA {setting}").fetchone()
    )
    return fetched and fetched[0]


@contextmanager
def no_file_grows_over(size: int) -> Iterator[None]:
    """Let the system refuse every write beyond this many bytes of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
