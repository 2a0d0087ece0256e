"""Which files are banks, and when something about them has changed."""

import os
from pathlib import Path

from bot.banks.shelf import look


def test_a_folder_gives_its_yaml_files_in_order(tmp_path: Path) -> None:
    """Both endings, in capitals too; no drafts, no hidden files, nothing from folders inside."""
    for name in [
        "b.yaml",
        "a.yml",
        ".#b.yaml",
        "b.yaml~",
        "bank.schema.json",
        "c.YAML.txt",
        "d.YAML",
    ]:
        (tmp_path / name).touch()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "d.yaml").touch()
    shelf = look([tmp_path])
    assert [*shelf.versions] == [tmp_path / name for name in ("a.yml", "b.yaml", "d.YAML")]
    assert shelf.problems == ()


def test_files_may_be_named_and_count_once(tmp_path: Path) -> None:
    """A file beside its folder is the same file."""
    for name in ["a.yaml", "b.yaml"]:
        (tmp_path / name).touch()
    shelf = look([tmp_path / "b.yaml", tmp_path])
    assert [*shelf.versions] == [tmp_path / "b.yaml", tmp_path / "a.yaml"]


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """The others are still looked into."""
    (tmp_path / "a.yaml").touch()
    shelf = look([tmp_path / "missing", tmp_path])
    assert [*shelf.versions] == [tmp_path / "a.yaml"]
    (only,) = shelf.problems
    assert only.path == str(tmp_path / "missing")
    assert "No such file or directory" in only.message
    assert only.severity == "error"


def test_the_shelf_differs_with_every_change(tmp_path: Path) -> None:
    """New, edited, replaced, touched and deleted files, and folders that come and go."""
    folder = tmp_path / "banks"
    moments = [look([folder])]

    def note() -> None:
        moments.append(look([folder]))

    folder.mkdir()
    note()
    file = folder / "a.yaml"
    file.write_text("one")
    note()
    file.write_text("longer")
    note()
    os.utime(file, ns=(1, 1))
    note()
    file.write_text("longest")
    os.utime(file, ns=(1, 1))
    note()
    other = folder / "other"
    other.write_text("LONGEST")
    os.utime(other, ns=(1, 1))
    other.rename(file)
    note()
    file.unlink()
    file.symlink_to(file)
    note()
    assert [one for n, one in enumerate(moments) if one in moments[:n]] == []


def test_the_shelf_stays_the_same_while_nothing_changes(tmp_path: Path) -> None:
    """Files that are no banks do not count."""
    (tmp_path / "a.yaml").write_text("one")
    before = look([tmp_path])
    (tmp_path / ".a.yaml.swp").write_text("draft")
    (tmp_path / "notes.txt").write_text("note")
    assert look([tmp_path]) == before
