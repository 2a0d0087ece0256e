"""Bank files are written whole or not at all, and never over somebody's work."""

import stat
from pathlib import Path

import pytest

from bot.banks.problem import UnreadableError
from bot.banks.reader import MAX_BYTES, read
from bot.banks.writing import begin, tidy
from tests.banks.examples import bank, write, yaml_of


def test_a_starter_is_a_good_set_that_is_laid_out(tmp_path: Path) -> None:
    """Complete, with the one warning that one question is few; its comments are where fmt leaves them."""
    path, schema = begin(tmp_path, "court-clerk", None)
    reading = read(path)
    assert reading.question_set is not None
    assert (reading.question_set.id, reading.question_set.title) == ("court-clerk", "Court clerk")
    assert [one.severity for one in reading.problems] == ["warning"]
    assert "1 to be asked" in reading.problems[0].message
    assert tidy(path, write=False) is False
    assert path.read_text().count("# ") > 12
    assert schema.name == "bank.schema.json"


@pytest.mark.parametrize("set_id", ["abc", "x" * 64, "a" * 42 + "-b"])
def test_any_id_and_title_will_do(tmp_path: Path, set_id: str) -> None:
    """The example's id begins with the set's, so that it is nobody else's; odd titles take quotes."""
    path, _ = begin(tmp_path, set_id, "Clerks: the 'odd' ones # all")
    question_set = read(path).question_set
    assert question_set is not None
    assert question_set.title == "Clerks: the 'odd' ones # all"
    assert question_set.questions[0].id.startswith(set_id[:43].strip("-"))


@pytest.mark.parametrize(("set_id", "title"), [("../up", None), ("No", None), ("good", "x")])
def test_what_is_no_id_or_title_writes_nothing(
    tmp_path: Path, set_id: str, title: str | None
) -> None:
    """The reader's own words say what it should be."""
    with pytest.raises(UnreadableError, match="should be"):
        begin(tmp_path / "inner", set_id, title)
    assert [*tmp_path.iterdir()] == []


def test_a_set_that_is_there_stays(tmp_path: Path) -> None:
    """A second starter of the same name is refused."""
    path = write(tmp_path, bank("court-clerk"))
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        begin(tmp_path, "court-clerk", None)
    assert path.read_bytes() == before
    begin(tmp_path, "other-clerk", None)
    (tmp_path / "bank.schema.json").write_text("mine")
    assert len(begin(tmp_path, "third-clerk", None)) == 1
    assert (tmp_path / "bank.schema.json").read_text() == "mine"


def test_tidying_replaces_the_file_once(tmp_path: Path) -> None:
    """Its permissions stay, nothing is left beside it, and the second time nothing is to be done."""
    path = write(tmp_path, bank())
    path.chmod(0o640)
    before = read(path).question_set
    assert tidy(path, write=True) is True
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [*tmp_path.iterdir()] == [path]
    assert read(path).question_set == before
    assert tidy(path, write=True) is False


def test_looking_writes_nothing(tmp_path: Path) -> None:
    """It only says whether there is something to do."""
    path = write(tmp_path, bank())
    before = path.stat().st_mtime_ns
    assert tidy(path, write=False) is True
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("raw", [b"", b"set: x\n", b"\xff\xfea\0", b"#" * (MAX_BYTES + 1)])
def test_a_file_with_errors_is_left_as_it_is(tmp_path: Path, raw: bytes) -> None:
    """Its problems are told by line and column instead."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(raw)
    problems = tidy(path, write=True)
    assert isinstance(problems, tuple)
    assert str(problems[0]).startswith(f"{path}:1:")
    assert path.read_bytes() == raw


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is laid out."""
    (tmp_path / "real").mkdir()
    real = write(tmp_path / "real", bank())
    link = tmp_path / "good-set.yaml"
    link.symlink_to(real)
    assert tidy(link, write=True) is True
    assert link.is_symlink()
    assert real.read_text() != yaml_of(bank())


def test_what_cannot_be_put_in_place_leaves_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays whole, and the folder as it was."""

    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    path = write(tmp_path, bank())
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        tidy(path, write=True)
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]
