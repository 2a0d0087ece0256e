"""Migrations: a copy first, then all or nothing; and they lead to just what `tables` describes."""

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.store.opening import REVISIONS, CannotOpen, _config, bring_up_to_date
from bot.store.tables import metadata
from tests.store import cabinet
from tests.store.cabinet import new_file, no_file_grows_over

NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = "{after}"
def upgrade():
    op.create_table("made_by_{revision}", sa.Column("x", sa.Integer()))
    op.execute("UPDATE installation SET value='by {revision}'")
    {trouble}
def downgrade():
    op.drop_table("made_by_{revision}")
"""


def next_release(folder: Path, *troubles: str) -> list[Path]:
    """Revisions after those of this release, each ending in a trouble ("pass": none)."""
    folder.mkdir()
    scripts = ScriptDirectory.from_config(_config(folder, [REVISIONS]))
    after = scripts.get_current_head()
    for number, trouble in enumerate(troubles, 900):
        script = NEXT.format(revision=f"0{number}", after=after, trouble=trouble)
        (folder / f"v0{number}.py").write_text(script)
        after = f"0{number}"
    return [REVISIONS, folder]


def in_use(folder: Path) -> Path:
    """A database of this release that has been used."""
    path = new_file(folder)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("INSERT INTO installation VALUES ('origin', 'by 1')")
        connection.commit()
    return path


def tables(path: Path) -> dict[str, str]:
    """How each table and index of a database was made, in one spelling."""
    with closing(sqlite3.connect(path)) as connection:
        made = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: re.sub(r"[\s\"]+", "", sql) for name, sql in made if "alembic" not in name}


def origin(path: Path) -> str:
    """Who changed the database last."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT value FROM installation").fetchone()[0])


def revision(path: Path) -> str:
    """The revision that a database says it is of."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_copy_first(tmp_path: Path) -> None:
    """Before a file in use is migrated it is copied as it was."""
    path = in_use(tmp_path)
    before, was = tables(path), revision(path)
    bring_up_to_date(path, next_release(tmp_path / "next 50%", "pass", "pass"))
    assert (origin(path), revision(path)) == ("by 0901", "0901")
    assert {"made_by_0900", "made_by_0901"} <= tables(path).keys()
    copy = tmp_path / "sprung-before-0901.db"
    assert (tables(copy), origin(copy), revision(copy)) == (before, "by 1", was)


def test_failed(tmp_path: Path) -> None:
    """A migration that fails leaves the file as it was, says so in one line and names the copy."""
    path = in_use(tmp_path)
    before, was = tables(path), revision(path)
    trouble = "raise RuntimeError('first line\\nsecond line')"
    with pytest.raises(CannotOpen) as told:
        bring_up_to_date(path, next_release(tmp_path / "next", "pass", trouble))
    copy = tmp_path / "sprung-before-0901.db"
    assert str(told.value) == (
        f"{path}: cannot be brought up to date (first line second line). "
        f"Nothing was changed; a copy is in {copy}."
    )
    assert (tables(path), origin(path), revision(path)) == (before, "by 1", was)
    bring_up_to_date(path)


def test_killed(tmp_path: Path) -> None:
    """A migration that is killed half way leaves the file as it was."""
    path = in_use(tmp_path)
    before, was = tables(path), revision(path)
    folders = next_release(tmp_path / "next", "pass", "os.kill(os.getpid(), signal.SIGKILL)")
    migrate = (
        "import sys, pathlib\nfrom bot.store.opening import bring_up_to_date\n"
        "bring_up_to_date(*[pathlib.Path(p) for p in sys.argv[1:2]], [*map(pathlib.Path, sys.argv[2:])])"
    )
    done = subprocess.run([sys.executable, "-c", migrate, path, *folders], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tables(path), origin(path), revision(path)) == (before, "by 1", was)
    bring_up_to_date(path)


def test_no_room_for_the_copy(tmp_path: Path) -> None:
    """Without room for the copy nothing is migrated."""
    path = in_use(tmp_path)
    before = tables(path)
    folders = next_release(tmp_path / "next", "pass")
    with no_file_grows_over(60_000), pytest.raises(CannotOpen) as told:
        bring_up_to_date(path, folders)
    assert "\n" not in str(told.value)
    assert (tables(path), origin(path)) == (before, "by 1")
    assert not {name for name in cabinet.files(tmp_path) if "before" in name}


def test_stairway(tmp_path: Path) -> None:
    """Each step can be taken up, down and up again, and down again leads to where it began."""
    path = tmp_path / "sprung.db"
    config = _config(path, [REVISIONS])
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    for script in reversed(steps):
        below = tables(path)
        command.upgrade(config, script.revision)
        above = tables(path)
        command.downgrade(config, "-1")
        assert tables(path) == below
        command.upgrade(config, script.revision)
        assert tables(path) == above != below


def test_same_as_tables(tmp_path: Path) -> None:
    """What the migrations lead to is what `tables` describes, down to each index and its condition."""
    described = tmp_path / "described.db"
    engine = create_engine(f"sqlite:///{described}")
    metadata.create_all(engine)
    engine.dispose()
    assert tables(new_file(tmp_path)) == tables(described)


def test_nothing_to_generate(tmp_path: Path) -> None:
    """Alembic sees no difference either, so that the next revision holds only what is new."""
    engine = create_engine(f"sqlite:///{new_file(tmp_path)}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
