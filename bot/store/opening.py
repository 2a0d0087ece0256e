"""Opening the database file: whose it is, whether it is whole, and bringing it up to date.

Runs synchronously before anything else does: one process owns the file, so nothing waits on it.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event

from bot.store.tables import SPRUNG_FILE

SAFE_VERSIONS = "3.51.3, 3.50.7, 3.44.6"
"""SQLite releases without the WAL-reset bug. Older ones are safe here because one connection writes."""


class CannotOpen(Exception):
    """The database file cannot be used; the message says why and what to do."""


@contextmanager
def only_here(path: Path) -> Iterator[None]:
    """Hold the file's lock while open: a second copy of the bot on the same data must not start."""
    lock = path.with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = lock.open("w")
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


def bring_up_to_date(path: Path) -> None:
    """Check the file, copy it if it must change, and migrate it. Raises `CannotOpen`."""
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            fresh = _check(connection, path)
    except sqlite3.Error as error:
        raise CannotOpen(f"{path}: {_reason(error)}") from error
    config = _config(path)
    newest = ScriptDirectory.from_config(config).get_current_head()
    current = None if fresh else _revision(path)
    if current == newest:
        return
    if not fresh:
        _copy(path, path.with_name(f"{path.stem}-before-{newest}{path.suffix}"))
    command.upgrade(config, "head")


def _check(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether the file is new. Raises `CannotOpen` for a foreign or a damaged one."""
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and owner != SPRUNG_FILE:
        raise CannotOpen(
            f"{path}: this is another program's database. Set SPRUNG_DATABASE_URL to a file of Sprung's."
        )
    problems = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
    if problems != ["ok"]:
        raise CannotOpen(
            f"{path}: the database is damaged ({problems[0]}). Nothing was changed. "
            "Put a backup in its place and start again."
        )
    # A busy writer elsewhere shows here, not at the first answer of a learner.
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")
    if not tables:
        connection.execute(f"PRAGMA application_id={SPRUNG_FILE}")
    return not tables


def _reason(error: sqlite3.Error) -> str:
    text = str(error)
    if "locked" in text:
        return "the database is locked by another program. Close it and start again."
    if "not a database" in text:
        return "this is not a database. Set SPRUNG_DATABASE_URL to a file of Sprung's."
    return f"cannot be opened: {text}"


def _revision(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return row[0] if row else None


def _copy(path: Path, target: Path) -> None:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _engine(path: Path) -> Engine:
    """An engine whose migrations are one transaction: the driver would commit before each DDL."""
    engine = create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT")
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _config(path: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.attributes["engine"] = _engine(path)
    return config
