"""Looking at a database and its recordings beside whoever works on them; nothing is changed by it.

`mending` makes the writes for what can be put right without asking anybody.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlalchemy.sql import ClauseElement

from bot.store import outbox
from bot.store.backup import reading
from bot.store.database import Write
from bot.store.statements import Statements
from bot.store.tables import MediaState, SendState, UpdateState, inbox, take
from bot.store.tables import outbox as messages

YOUNG_SECONDS = 3600
"""A recording that came in just now may have a file and no row yet."""

_state: BindParameter[Any] = bindparam("state")
_INBOX = select(func.count()).where(inbox.c.state == _state, inbox.c.received_at < bindparam("old"))
_OUTBOX = select(func.count()).where(
    messages.c.state == _state, messages.c.created_at < bindparam("old")
)
_RECORDINGS = select(
    take.c.learner_id, take.c.take_no, take.c.media_path, take.c.media_state
).where(take.c.media_path.is_not(None))
_TO_FETCH = (
    update(take)
    .where(
        take.c.learner_id == bindparam("learner_id"),
        take.c.take_no == bindparam("this_take"),
        take.c.media_state == int(MediaState.KEPT),
        take.c.file_id.is_not(None),
    )
    .values(media_state=int(MediaState.WANTED), media_path=None, media_failures=0, media_retry_at=0)
)
_LOST = (
    update(take)
    .where(
        take.c.learner_id == bindparam("learner_id"),
        take.c.take_no == bindparam("this_take"),
        take.c.media_state == int(MediaState.KEPT),
        take.c.file_id.is_(None),
    )
    .values(media_state=int(MediaState.GONE), media_path=None)
)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found. `old` in a name: from before the moment that was handed in.

    `missing`: (learner, take) whose recording should be here; `orphans`: files that no take names.
    """

    old_waiting: int
    dead: int
    old_ready: int
    sending: int
    unknown: int
    missing: list[tuple[int, int]]
    orphans: list[Path]


def damages(path: Path) -> list[str]:
    """What SQLite's full check finds wrong with the file, at most ten lines. Raises `sqlite3.Error`."""
    with closing(reading(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
    return [] if found == ["ok"] else found


def examine(path: Path, media: Path, old: int, now_seconds: float) -> Examined:
    """Count what is stuck, and compare the takes with the files. Raises `sqlite3.Error` or `OSError`."""
    statements, far = Statements(), 2**62

    with closing(reading(path)) as connection:

        def rows(statement: ClauseElement, **values: Any) -> list[tuple[Any, ...]]:
            return connection.execute(statements.sql(statement), values).fetchall()

        def number(statement: ClauseElement, state: int, before: int = far) -> int:
            count: int = rows(statement, state=state, old=before)[0][0]
            return count

        named = {
            f"{learner}/{Path(name).name}": (learner, no, state)
            for learner, no, name, state in rows(_RECORDINGS)
        }
        kept = {
            name: (learner, no)
            for name, (learner, no, state) in named.items()
            if state == MediaState.KEPT
        }
        files = {str(file.relative_to(media)): file for file in _files(media)}
        return Examined(
            old_waiting=number(_INBOX, UpdateState.WAITING, old),
            dead=number(_INBOX, UpdateState.DEAD),
            old_ready=number(_OUTBOX, SendState.READY, old),
            sending=number(_OUTBOX, SendState.SENDING, old),
            unknown=number(_OUTBOX, SendState.UNKNOWN),
            missing=sorted(kept[name] for name in kept.keys() - files.keys()),
            orphans=[
                files[name]
                for name in sorted(files.keys() - named.keys())
                if now_seconds - files[name].stat().st_mtime > YOUNG_SECONDS
            ],
        )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def mending(found: Examined) -> list[Write]:
    """The writes that put right what is stuck, while no bot runs."""
    return [outbox.interrupted()] + [
        Write(statement, {"learner_id": learner_id, "this_take": take_no})
        for learner_id, take_no in found.missing
        for statement in (_TO_FETCH, _LOST)
    ]
