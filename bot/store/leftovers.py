"""What lies beside the database for a while and must not stay: copies made before a migration, exports."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import structlog
from sqlalchemy import select

from bot.store.database import Database
from bot.store.tables import UNSENT, outbox

KEEP_COPY_MS = 7 * 24 * 3600 * 1000
"""How long the copy from before a migration is kept: a week shows whether the new version works."""

_WAITING = select(outbox.c.attachment).where(UNSENT, outbox.c.attachment.is_not(None))

log = structlog.get_logger(__name__)


def copy_place(database: Path, revision: str) -> Path:
    """Where the copy belongs that is made before a migration to `revision`."""
    return database.with_name(f"{database.stem}-before-{revision}{database.suffix}")


def copies(database: Path) -> list[Path]:
    """The copies made before migrations."""
    return sorted(database.parent.glob(copy_place(database, "*").name))


def erase_from_copies(database: Path, learner_id: int) -> None:
    """Erase a learner from every copy. One that cannot be written is deleted: no text may outlive this."""
    for copy in copies(database):
        try:
            _erase(copy, learner_id)
        except sqlite3.Error as error:
            log.error("a copy was deleted, as nobody could be erased from it", reason=str(error))
            copy.unlink(missing_ok=True)


def _erase(copy: Path, learner_id: int) -> None:
    # A copy has the tables of its own time: all that name a learner are emptied of this one.
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        found = connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name IN ('learner_id', 'other_id', 'from_id')"
        )
        columns = list(found)
        connection.execute("BEGIN IMMEDIATE")
        for table, column in columns:
            connection.execute(f'DELETE FROM "{table}" WHERE "{column}" = ?', (learner_id,))  # noqa: S608
        connection.execute("COMMIT")


def drop_old_copies(database: Path, now: int) -> None:
    """Delete copies older than `KEEP_COPY_MS`. Raises `OSError`."""
    for copy in copies(database):
        if now - copy.stat().st_mtime * 1000 > KEEP_COPY_MS:
            copy.unlink()


class Exports:
    """The folder of exports on their way to their learners."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stray: set[Path] = set()

    async def sweep(self, database: Database, *, at_start: bool = False) -> None:
        """Delete exports that no message waits to deliver, found so twice in a row.

        Once is enough at the start. Otherwise one may just be being made, its message not stored yet.
        Raises `StorageError` or `OSError`.
        """
        found = {path for path in self._folder.rglob("*") if path.is_file()}
        rows = await database.read(_WAITING)
        stray = found - {Path(row["attachment"]) for row in rows}
        for path in stray if at_start else stray & self._stray:
            path.unlink(missing_ok=True)
        self._stray = stray
        _remove_empty(path.parent for path in stray)


def _remove_empty(folders: Iterable[Path]) -> None:
    for folder in set(folders):
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()
