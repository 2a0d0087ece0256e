"""A copy of a database as one plain file, made while the bot writes; checked before it counts."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.disk import move_into_place


def copy(source: Path, target: Path) -> None:
    """Copy a database, whole and consistent, over whatever is at `target`.

    Raises `sqlite3.Error` or `OSError`; then `target` is as it was before.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(part)) as made:
            original.backup(made)
            # The log's settings come along in the first page; a copy is one file without a log.
            made.execute("PRAGMA journal_mode=DELETE")
            _check(made)
        move_into_place(part, target)
    finally:
        part.unlink(missing_ok=True)


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {found}")
