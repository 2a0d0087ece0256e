"""The file at start: one clear line for whatever is wrong with it, and nothing changed by looking."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.backup import Backups
from bot.store.opening import (
    CannotOpen,
    bring_up_to_date,
    is_in_use,
    must_not_be_gone,
    only_here,
)
from bot.store.tables import SPRUNG_FILE
from tests.store import cabinet
from tests.store.cabinet import new_file, no_file_grows_over

PAGE = 4096
NOBODY = 65534


@contextmanager
def refused(path: Path, *, because: str, and_do: str = "") -> Iterator[None]:
    """Whatever happens inside ends with one line that names the file, and touches nothing."""
    before = content(path.parent)
    with pytest.raises(CannotOpen, match=because) as told:
        yield
    line = str(told.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert and_do in line
    assert before == content(path.parent)


def refusal(path: Path) -> str:
    """Why a file is refused; nothing if it is not."""
    try:
        bring_up_to_date(path)
    except CannotOpen as told:
        return str(told)
    return ""


def content(folder: Path) -> dict[str, bytes]:
    """What is in each file, but for the empty ones and the index that SQLite keeps of a log."""
    found = {name: (folder / name).read_bytes() for name in cabinet.files(folder)}
    return {name: b for name, b in found.items() if b and not name.endswith("-shm")}


def run(path: Path, *statements: str) -> None:
    """Do something to a database without Sprung."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def with_a_log(path: Path, *statements: str) -> None:
    """Do something to a database, then lose the power: its log stays beside it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        for statement in statements:
            connection.execute(statement)
        with tempfile.TemporaryDirectory() as elsewhere:
            for name in (path.name, f"{path.name}-wal"):
                shutil.copy(path.with_name(name), elsewhere)
            connection.close()
            shutil.copytree(elsewhere, path.parent, dirs_exist_ok=True)


def test_fresh(tmp_path: Path) -> None:
    """A file that is not there yet is made, marked as Sprung's, and is no reason for a copy."""
    path = tmp_path / "sprung.db"
    bring_up_to_date(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (SPRUNG_FILE,)
        assert connection.execute("SELECT count(*) FROM learner").fetchone() == (0,)
    assert cabinet.files(tmp_path) == {"sprung.db"}


def test_empty(tmp_path: Path) -> None:
    """An empty file is as good as none: a first start may have died over it."""
    path = tmp_path / "sprung.db"
    path.touch()
    bring_up_to_date(path)
    run(path, "SELECT * FROM learner")


def test_died_before_the_tables(tmp_path: Path) -> None:
    """A first start that died between the mark and the tables is taken up."""
    path = tmp_path / "sprung.db"
    run(path, f"PRAGMA application_id={SPRUNG_FILE}")
    bring_up_to_date(path)
    run(path, "SELECT * FROM learner")
    assert cabinet.files(tmp_path) == {"sprung.db"}


def test_up_to_date(tmp_path: Path) -> None:
    """A file that is as it should be stays as it is, byte for byte."""
    path = new_file(tmp_path)
    before = content(tmp_path)
    bring_up_to_date(path)
    assert content(tmp_path) == before


def test_strange_folder_names(tmp_path: Path) -> None:
    """Signs that mean something in addresses and settings are plain letters in a folder's name."""
    folder = tmp_path / "50 % off? #1 & ü"
    folder.mkdir()
    bring_up_to_date(folder / "sprung.db")
    bring_up_to_date(folder / "sprung.db")
    assert cabinet.files(folder) == {"sprung.db"}


@pytest.mark.parametrize("mark", ["", "PRAGMA application_id=252006673"])
def test_foreign(tmp_path: Path, mark: str) -> None:
    """Another program's database is refused untouched, even the log that it left behind."""
    path = tmp_path / "sprung.db"
    with_a_log(path, mark or "SELECT 1", "CREATE TABLE theirs (x)", "INSERT INTO theirs VALUES (1)")
    with refused(path, because="another program's database", and_do="Set SPRUNG_DATABASE_URL"):
        bring_up_to_date(path)


@pytest.mark.parametrize("bytes_in_it", [b"x", b"a diary\n" * 9999, b"SQLite format 2\0" * 9999])
def test_no_database(tmp_path: Path, bytes_in_it: bytes) -> None:
    """A file that is something else altogether is refused untouched."""
    path = tmp_path / "sprung.db"
    path.write_bytes(bytes_in_it)
    with refused(path, because="not a database", and_do="Set SPRUNG_DATABASE_URL"):
        bring_up_to_date(path)


@pytest.mark.parametrize("pages", [1, 2, 5])
def test_cut_short(tmp_path: Path, pages: int) -> None:
    """A database whose end is missing is refused, with what to do about it."""
    path = new_file(tmp_path)
    os.truncate(path, pages * PAGE - 100)
    with refused(path, because="damaged", and_do="Put a backup in its place"):
        bring_up_to_date(path)


@pytest.mark.parametrize("page", [1, 2, 3, 9])
def test_flipped(tmp_path: Path, page: int) -> None:
    """A page that is no page any more is found, wherever it is, and nothing is changed."""
    path = new_file(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[page * PAGE] ^= 0xFF
    path.write_bytes(damaged)
    with refused(path, because="damaged", and_do="Put a backup in its place"):
        bring_up_to_date(path)


def test_damaged_with_a_log(tmp_path: Path) -> None:
    """The log beside a damaged file is left for whoever tries to save what can be saved."""
    path = new_file(tmp_path)
    with_a_log(path, "INSERT INTO installation VALUES ('last-words', '')")
    damaged = bytearray(path.read_bytes())
    damaged[3 * PAGE] ^= 0xFF
    path.write_bytes(damaged)
    with refused(path, because="damaged"):
        bring_up_to_date(path)
    assert b"last-words" in path.with_name("sprung.db-wal").read_bytes()


@given(st.lists(st.tuples(st.integers(0, 25 * PAGE), st.integers(0, 255)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_damage(flips: list[tuple[int, int]]) -> None:
    """Whatever bytes change, the file is opened or refused with one line, never half repaired."""
    with tempfile.TemporaryDirectory() as folder:
        path = new_file(Path(folder))
        damaged = bytearray(path.read_bytes())
        for place, byte in flips:
            damaged[place % len(damaged)] = byte
        path.write_bytes(damaged)
        before = content(path.parent)
        told = refusal(path)
        assert "\n" not in told
        assert content(path.parent) == before


@pytest.mark.parametrize(
    "grip", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "PRAGMA locking_mode=EXCLUSIVE"]
)
@pytest.mark.parametrize("log", ["WAL", "DELETE"])
def test_locked(tmp_path: Path, grip: str, log: str) -> None:
    """A file that another program holds is left to it; once it lets go, the file opens."""
    path = new_file(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode={log}")
        other.execute(grip)
        if "PRAGMA" in grip:
            other.execute("INSERT INTO installation VALUES ('x', '')")
        with refused(path, because="locked by another program", and_do="Close it"):
            bring_up_to_date(path, patience_seconds=0.01)
    bring_up_to_date(path)


def test_newer(tmp_path: Path) -> None:
    """A file that a later release has migrated is not touched by an earlier one."""
    path = new_file(tmp_path)
    run(path, "UPDATE alembic_version SET version_num='0999'")
    with refused(path, because="a newer Sprung", and_do="0999"):
        bring_up_to_date(path)


def test_second_copy(tmp_path: Path) -> None:
    """Of two copies of the bot on the same file the second is told so; after the first it may."""
    path = tmp_path / "data" / "sprung.db"
    with only_here(path):
        assert path.parent.stat().st_mode & 0o777 == 0o700
        with refused(path, because="another copy of Sprung", and_do="SPRUNG_DATA"), only_here(path):
            pass
    with only_here(path):
        pass


def test_second_process(tmp_path: Path) -> None:
    """The lock holds between processes, and goes with the one that held it, however that ended."""
    path = tmp_path / "sprung.db"
    hold = (
        "import sys, pathlib\nfrom bot.store.opening import only_here\n"
        "with only_here(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with refused(path, because="another copy"), only_here(path):
            pass
        other.kill()
    with only_here(path):
        pass


def test_no_folder(tmp_path: Path) -> None:
    """A data folder that cannot be made is named, with the system's reason."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(CannotOpen, match=r"/file/data: cannot be written: Not a directory"),
        only_here(tmp_path / "file" / "data" / "sprung.db"),
    ):
        pass


@contextmanager
def powerless() -> Iterator[None]:
    """Be somebody who may not do everything, as the bot should be."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may look into and nobody but its owner may write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o555)
        yield path
        path.chmod(0o755)


def test_unwritable_folder(open_folder: Path) -> None:
    """A folder without the right to write in it is named."""
    with (
        powerless(),
        pytest.raises(CannotOpen, match="cannot be written: Permission denied"),
        only_here(open_folder / "sprung.db"),
    ):
        pass


def test_unwritable_file(open_folder: Path) -> None:
    """A file without the right to write or read it is refused in one line."""
    open_folder.chmod(0o755)
    path = new_file(open_folder)
    for mode in (0o444, 0o000):
        path.chmod(mode)
        with powerless(), pytest.raises(CannotOpen, match="cannot be used") as told:
            bring_up_to_date(path)
        assert "\n" not in str(told.value)


def test_folder_in_its_place(tmp_path: Path) -> None:
    """A folder where the file should be is refused in one line."""
    with pytest.raises(CannotOpen, match="cannot be used: Is a directory"):
        bring_up_to_date(tmp_path)


def test_full_disk_at_first_start(tmp_path: Path) -> None:
    """A disk that is full at the first start is named; with room again the start goes through."""
    path = tmp_path / "sprung.db"
    with no_file_grows_over(5 * PAGE), pytest.raises(CannotOpen) as told:
        bring_up_to_date(path)
    assert "\n" not in str(told.value)
    bring_up_to_date(path)
    run(path, "SELECT * FROM learner")


@pytest.mark.parametrize("left", ["media/1001/4.ogg", "backups/erased", "sprung.db-wal"])
@pytest.mark.parametrize("there", [False, True])
def test_gone(tmp_path: Path, left: str, there: bool) -> None:
    """Where media, backups or a log remain, a missing or empty file is no reason to begin anew."""
    path = tmp_path / "sprung.db"
    if there:
        path.touch()
    (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / left).write_bytes(b"something")
    with refused(path, because="the database is gone", and_do="sprung restore FILE"):
        must_not_be_gone(path)
    path.unlink(missing_ok=True)
    bring_up_to_date(path)
    must_not_be_gone(path)


def test_never_there(tmp_path: Path) -> None:
    """A first start, also one after a first start that died early, is no loss."""
    for folder in ("media", "backups"):
        (tmp_path / folder).mkdir()
    (tmp_path / "sprung.lock").touch()
    must_not_be_gone(tmp_path / "sprung.db")


def test_damaged_with_backups(tmp_path: Path) -> None:
    """Who has a damaged file is told the newest backup that is whole, and the command, ready to paste."""
    folder = tmp_path / "my data"
    folder.mkdir()
    path = new_file(folder)
    backups = Backups(path)
    good = backups.make(0)
    backups.make(10**10).write_bytes(b"damaged too")
    os.truncate(path, 2 * PAGE)
    with refused(path, because="damaged", and_do=f"sprung restore '{good}'"):
        bring_up_to_date(path)


def test_in_use(tmp_path: Path) -> None:
    """Whether a bot runs can be asked without making anything."""
    path = tmp_path / "sprung.db"
    assert not is_in_use(path)
    assert cabinet.files(tmp_path) == set()
    with only_here(path):
        assert is_in_use(path)
    assert not is_in_use(path)
