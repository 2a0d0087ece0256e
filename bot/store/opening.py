"""Opening the database file: whose it is, whether it is whole, and bringing it up to date.

Runs synchronously before anything else does: one process owns the file, so nothing waits on it.
SQLite before 3.51.3 (3.50.7, 3.44.6) can lose writes when two connections fold the log into the
file; here one connection writes and folds, so that older ones are safe too.
"""

import fcntl
import os
import shlex
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event

from bot.store import backup
from bot.store.backup import Backups
from bot.store.leftovers import copy_place
from bot.store.tables import SPRUNG_FILE

REVISIONS = Path(__file__).parent / "migrations" / "versions"
PATIENCE_SECONDS = 5.0

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_OWNER = slice(68, 72)  # PRAGMA application_id, as it stands in the file


class CannotOpen(Exception):
    """The database file cannot be used; the message says why and what to do."""


@contextmanager
def only_here(path: Path) -> Iterator[None]:
    """Hold the file's lock while open: a second copy of the bot on the same data must not start."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = path.with_suffix(".lock").open("w")
    except OSError as error:
        raise CannotOpen(f"{path.parent}: cannot be written: {error.strerror}") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotOpen(
                f"{path}: another copy of Sprung is using this database. Stop it, "
                "or set SPRUNG_DATA to another folder."
            ) from error
        yield


def is_in_use(path: Path) -> bool:
    """Whether a bot holds the file's lock. Makes nothing."""
    lock = path.with_suffix(".lock")
    if not lock.exists():
        return False
    with lock.open("r") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def revision_of(path: Path) -> str | None:
    """The revision of a database, without changing anything. Raises `sqlite3.Error`."""
    with closing(backup.reading(path)) as connection:
        return _revision(connection)


def newest_revision() -> str:
    """The revision that this release brings a database to."""
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    return str(ScriptDirectory.from_config(config).get_current_head())


def how_to_restore(path: Path) -> str:
    """What to do about a database that is damaged or gone: the newest good backup and the command."""
    backups = Backups(path)
    good = backups.newest_good()
    # A rehearsal has a folder of its own: its backup must not land in the place of the real one.
    command = f"SPRUNG_DATA={shlex.quote(str(path.parent))} sprung restore"
    if good is None:
        return (
            f"Put a backup in its place: {command} FILE ({backups.folder} has none that is whole)."
        )
    return f"Put a backup in its place; the newest good one: {command} {shlex.quote(str(good))}"


def must_not_be_gone(path: Path) -> None:
    """Raise `CannotOpen` when there is no database, but what belongs to one.

    A bot on an empty database in its place would greet its learners as strangers. The lock file is no
    sign: it is made before the first database is.
    """
    if path.exists() and path.stat().st_size:
        return
    beside = path.parent / "media", Backups(path).folder, path.with_name(f"{path.name}-wal")
    left = [str(place) for place in beside if _is_used(place)]
    if left:
        raise CannotOpen(
            f"{path}: the database is gone, but {' and '.join(left)} of it remain. Nothing was changed. "
            f"{how_to_restore(path)} To begin anew on purpose, move them somewhere else first."
        )


def _is_used(place: Path) -> bool:
    if place.is_dir():
        return any(path.is_file() for path in place.rglob("*"))
    return place.exists() and place.stat().st_size > 0


def bring_up_to_date(
    path: Path,
    revisions: Sequence[Path] = (REVISIONS,),
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Check the file, copy it if it must change, and migrate it. Raises `CannotOpen`.

    `revisions`: the folders of the migrations; `patience_seconds`: how long to wait for another
    program to let go of the file.
    """
    try:
        if not _is_ours(path):
            _mark(path)
        current = _check(path, patience_seconds)
        _migrate(path, current, _config(path, revisions))
    except (sqlite3.Error, OSError) as error:
        raise CannotOpen(f"{path}: {_reason(error, path)}") from error


def _is_ours(path: Path) -> bool:
    """Return False for a new file. Raises `CannotOpen` for a foreign one, which SQLite never sees:
    merely opening a database may fold its log into it.
    """
    if not path.exists() or (path.is_file() and not path.stat().st_size):
        return False
    if (reason := foreign(path)) is not None:
        raise CannotOpen(f"{path}: {reason}. Set SPRUNG_DATABASE_URL to a file of Sprung's.")
    return True


def foreign(path: Path) -> str | None:
    """Why a file is no database of Sprung's; None if it is. Raises `OSError`."""
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC):
        return "this is not a database"
    if int.from_bytes(header[_OWNER], "big") != SPRUNG_FILE:
        return "this is another program's database"
    return None


def _mark(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id={SPRUNG_FILE}")


def _check(path: Path, patience_seconds: float) -> str | None:
    """Return the file's revision, None before the first. Raises `CannotOpen` for a damaged file."""
    # Read-only, so that closing a damaged file does not fold the log into it.
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, timeout=patience_seconds, uri=True)) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
        if problems != ["ok"]:
            raise sqlite3.DatabaseError("malformed: " + " ".join(problems[0].split()))
        revision = _revision(connection)
    with closing(sqlite3.connect(path, timeout=patience_seconds)) as connection:
        # A busy writer elsewhere, or a file without the right to write it, shows here and not at the
        # first answer of a learner.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={SPRUNG_FILE}")
        connection.execute("ROLLBACK")
    return revision


def _revision(connection: sqlite3.Connection) -> str | None:
    if not connection.execute("PRAGMA table_info(alembic_version)").fetchall():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _migrate(path: Path, current: str | None, config: Config) -> None:
    scripts = ScriptDirectory.from_config(config)
    newest = scripts.get_current_head()
    if current == newest:
        return
    if current not in (None, *(script.revision for script in scripts.walk_revisions())):
        raise CannotOpen(
            f"{path}: a newer Sprung made this (revision {current}, here {newest}). "
            "Nothing was changed. Start the newer one, or put a backup in its place."
        )
    copy = copy_place(path, str(newest))
    if current is not None:
        backup.copy(path, copy)
    try:
        command.upgrade(config, "head")
    except Exception as error:
        raise CannotOpen(
            f"{path}: cannot be brought up to date ({' '.join(str(error).split())}). "
            f"Nothing was changed{f'; a copy is in {copy}' if current else ''}."
        ) from error


def _reason(error: sqlite3.Error | OSError, path: Path) -> str:
    text = str(error)
    if isinstance(error, OSError):
        return f"cannot be used: {error.strerror}."
    if "locked" in text:
        return "the database is locked by another program. Close it and start again."
    if "malformed" in text or "not a database" in text:
        return f"the database is damaged ({text}). Nothing was changed. {how_to_restore(path)}"
    return f"cannot be used: {text}."


def _engine(path: Path) -> Engine:
    """An engine whose migrations are one transaction: the driver would commit before each DDL."""
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _config(path: Path, revisions: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    folders = os.pathsep.join(map(str, revisions))
    config.set_main_option("version_locations", folders.replace("%", "%%"))
    config.attributes["engine"] = _engine(path)
    return config
