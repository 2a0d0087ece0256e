"""Which ids are taken, over all files."""

from pathlib import Path

from bot.banks.claims import Claims
from bot.banks.reader import read
from tests.banks.examples import bank, write


def test_a_file_that_clashes_takes_nothing(tmp_path: Path) -> None:
    """Its other ids stay free for the next file."""
    claims = Claims()
    assert claims.take(read(write(tmp_path, bank("first-set")))) == []
    clashing = bank("second-set")
    clashing["questions"][14]["id"] = "first-set-1"
    assert len(claims.take(read(write(tmp_path, clashing)))) == 1
    assert claims.take(read(write(tmp_path, bank("second-set")))) == []


def test_every_clash_of_a_file_is_told(tmp_path: Path) -> None:
    """All at once, not the first."""
    claims = Claims()
    reading = read(write(tmp_path, bank("first-set")))
    claims.take(reading)
    assert len(claims.take(reading)) == 16


def test_a_bad_file_takes_nothing(tmp_path: Path) -> None:
    """It has no set."""
    path = tmp_path / "bad.yaml"
    path.write_text("a: b: c")
    assert Claims().take(read(path)) == []
