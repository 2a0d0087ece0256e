"""`sprung banks` as an author types it: what is printed, what is written, how it ends."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.banks.layout import alone
from bot.banks.library import load_library
from bot.cli import cli
from tests.banks.examples import bank, question, write


def banks(*words: str | Path) -> Result:
    """Run one of the commands."""
    return CliRunner().invoke(cli, ["banks", *map(str, words)], env={"COLUMNS": "80"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good set that nobody has laid out."""
    write(tmp_path, bank("first-set"))
    return tmp_path


def test_help_names_every_command_without_heavy_imports() -> None:
    """Whoever asks what there is waits for no parser, no bot and no telegram."""
    told = banks("--help").output
    assert all(f" {name} " in told for name in ("new", "check", "fmt", "diff", "preview", "list"))
    heavy = "{'yaml', 'pydantic', 'telegram', 'sqlalchemy', 'bot.app', 'bot.banks.reader'}"
    script = f"import sys, bot.cli; assert not {heavy} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_a_new_set_is_written_once_and_passes(tmp_path: Path) -> None:
    """The second time it is refused; an id that is none says what it should be."""
    made = banks("new", "court-clerk", "--title", "Clerk of court", "--folder", tmp_path)
    assert (made.exit_code, "court-clerk.yaml: written" in made.output) == (0, True)
    assert banks("check", tmp_path).exit_code == 0
    again = banks("new", "court-clerk", "--folder", tmp_path)
    assert (again.exit_code, "is there already" in again.output) == (1, True)
    wrong = banks("new", "Court clerk", "--folder", tmp_path)
    assert (wrong.exit_code, "small letters" in wrong.output) == (1, True)
    assert banks("new", "court-clerk", "--folder", tmp_path / "no").exit_code == 1


def test_laying_out_is_checked_done_and_done(folder: Path) -> None:
    """--check writes nothing and fails; then it is written; then there is nothing to do."""
    before = (folder / "first-set.yaml").read_bytes()
    assert banks("fmt", "--check", folder).exit_code == 1
    assert (folder / "first-set.yaml").read_bytes() == before
    assert banks("fmt", folder).exit_code == 0
    assert (folder / "first-set.yaml").read_bytes() != before
    assert banks("fmt", "--check", folder).output == "1 files, 0 to lay out\n"


def test_a_file_with_errors_is_named_and_the_others_are_laid_out(folder: Path) -> None:
    """By line and column, and the exit code says so."""
    (folder / "bad.yaml").write_text("set: x\n")
    done = banks("fmt", folder)
    assert (done.exit_code, f"error: {folder}/bad.yaml:1:1: " in done.output) == (1, True)
    assert (folder / "bad.yaml").read_text() == "set: x\n"
    assert "1 laid out" in done.output


def test_a_lost_question_ends_with_one(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Between two folders, two files, or a revision and a folder; without a loss it ends with 0."""
    old = tmp_path_factory.mktemp("old")
    shutil.copy(folder / "first-set.yaml", old)
    edited = bank("first-set", version=2)
    edited["questions"][0]["id"] = "another-id"
    write(folder, edited)
    for places in ((old, folder), (old / "first-set.yaml", folder / "first-set.yaml")):
        told = banks("diff", *places)
        assert (told.exit_code, "LOST      first-set-1" in told.output) == (1, True)
    edited["questions"][0]["renamed_from"] = ["first-set-1"]
    write(folder, edited)
    assert banks("diff", old, folder).exit_code == 0


def test_a_revision_may_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As git writes it; one that is not there is git's own sentence, and no comparison."""
    monkeypatch.chdir(folder)
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "One"]):
        subprocess.run(["git", *words], check=True)
    write(folder, bank("first-set", [question(n, id=f"first-set-{n}") for n in range(2, 17)]))
    told = banks("diff", "HEAD:first-set.yaml", "first-set.yaml")
    assert (told.exit_code, "LOST      first-set-1:" in told.output) == (1, True)
    missing = banks("diff", "HEAD~9:first-set.yaml", "first-set.yaml")
    assert (missing.exit_code, "not a valid object name" in missing.output) == (2, True)


def test_files_with_errors_are_not_compared(folder: Path) -> None:
    """What is not read would seem lost."""
    (folder / "bad.yaml").write_text("set: x\n")
    told = banks("diff", folder, folder)
    assert (told.exit_code, "error: bad.yaml" in told.output or "bad.yaml:1:1" in told.output) == (
        2,
        True,
    )


def test_a_preview_is_what_the_chat_says(folder: Path) -> None:
    """The card with its buttons, the outline, the ways out, and what follows each of the five ratings."""
    one = question(1, id="odd-one", ask="What do <b>you</b> & they say?", retired=True)
    write(folder, bank("second-set", [one]))
    told = banks("preview", "odd-one", folder)
    assert told.exit_code == 0, told.output
    for part in (
        "What do <b>you</b> & they say?", "[ Hint ]", "what each needs → the rule", "[ In 1 hour ]",
        "How did your tone sound?", "Trap: Giving it to the louder one → Name your rule",
        "Put in: what each needs", "3 of 6 points", "Why they ask:",
    ):  # fmt: skip
        assert part in told.output
    assert "Nothing is stored" not in told.output


def test_a_preview_of_nothing_names_what_is_near(folder: Path) -> None:
    """A slip in the id costs one look."""
    told = banks("preview", "first-set-l", folder)
    assert (told.exit_code, "Near: first-set-" in told.output) == (1, True)


def test_a_question_alone_is_a_bank_beside_all_others(folder: Path, tmp_path: Path) -> None:
    """For the phone: the same question under ids that clash with nobody's, retired or not."""
    one = question(
        2, id="odd-one", retired=True, renamed_from=["old-one"], distinct_from=["first-set-1"]
    )
    path = write(folder, bank("second-set", [question(1), one]))
    (folder / "preview.yaml").write_text(alone(path.read_bytes(), "odd-one"))
    library, problems = load_library([folder])
    assert not [problem for problem in problems if problem.severity == "error"]
    [only] = library.active("preview")
    assert (only.id, only.ask) == ("preview-odd-one", one["ask"])
    with pytest.raises(LookupError):
        alone(path.read_bytes(), "no-such")
