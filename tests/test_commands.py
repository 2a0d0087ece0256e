"""The commands as a person types them: what they print, and how they end."""

import asyncio
import json
import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import _run, cli
from bot.store.backup import is_whole
from bot.wire.listening import CannotListen
from tests.banks.examples import bank, question, write
from tests.faults.processes import BOT, environment, program, telegram
from tests.store import cabinet


def sprung(folder: Path, *words: str) -> Result:
    """Run a command on the data in a folder, offline."""
    variables = {"SPRUNG_DATA": str(folder), "SPRUNG_API_URL": "http://127.0.0.1:9"}
    # The tests have a variable of their own, which the program would call unknown.
    nobodys = {name: None for name in os.environ if name.startswith("SPRUNG_")}
    return CliRunner().invoke(cli, list(words), env={**nobodys, **variables})


def test_backup_restore_doctor(tmp_path: Path) -> None:
    """A backup is named as it is made, restored by that name, and the doctor is content."""
    cabinet.new_file(tmp_path)
    made = sprung(tmp_path, "backup")
    assert made.exit_code == 0
    [backup] = (tmp_path / "backups").iterdir()
    assert made.output.startswith(f"{backup}: whole")
    restored = sprung(tmp_path, "restore", str(backup))
    assert (restored.exit_code, "Start the bot." in restored.output) == (0, True)
    found = sprung(tmp_path, "doctor")
    assert (found.exit_code, "!!" in found.output) == (0, False), found.output
    assert sprung(tmp_path, "doctor", "--mend").exit_code == 0


def test_a_target(tmp_path: Path) -> None:
    """A file or a folder may be named, and takes part in no rotation."""
    cabinet.new_file(tmp_path)
    (tmp_path / "stick").mkdir()
    assert sprung(tmp_path, "backup", str(tmp_path / "mine.db")).exit_code == 0
    assert sprung(tmp_path, "backup", str(tmp_path / "stick")).exit_code == 0
    assert is_whole(tmp_path / "mine.db")
    assert [is_whole(path) for path in (tmp_path / "stick").iterdir()] == [True]
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize(
    "words", [("backup",), ("restore", "bad.db"), ("doctor",), ("doctor", "--mend")]
)
def test_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    """What cannot be done ends with exit code 1 and words, not with a traceback."""
    (tmp_path / "bad.db").write_text("a diary")
    words = tuple(str(tmp_path / word) if word.endswith(".db") else word for word in words)
    ended = sprung(tmp_path, *words)
    assert ended.exit_code == 1
    assert "Traceback" not in ended.output
    assert ended.output
    assert not (tmp_path / "sprung.db").exists()


async def test_beside_a_running_bot(tmp_path: Path) -> None:
    """While a bot runs a backup is made and the doctor looks; restore and --mend are refused."""
    async with telegram() as city, program(environment(tmp_path, city.url)) as bot:
        await bot.says('"connected"')
        made = await asyncio.to_thread(sprung, tmp_path, "backup")
        assert made.exit_code == 0
        backup = made.output.partition(": whole")[0]
        for words in (("restore", backup), ("doctor", "--mend")):
            ended = await asyncio.to_thread(sprung, tmp_path, *words)
            assert (ended.exit_code, "another copy of Sprung" in ended.output) == (1, True)
        looked = await asyncio.to_thread(sprung, tmp_path, "doctor")
        assert (looked.exit_code, "No bot is running" in looked.output) == (0, False), looked.output
        assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_a_lost_database_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    """The database is gone, its backups are not: the bot names the newest good one, and starts none."""
    cabinet.new_file(tmp_path)
    assert sprung(tmp_path, "backup").exit_code == 0
    (tmp_path / "sprung.db").unlink()
    async with program(environment(tmp_path, "http://127.0.0.1:9"), BOT) as bot:
        assert await bot.ended() == 1
    [line] = bot.lines
    [backup] = (tmp_path / "backups").iterdir()
    assert "the database is gone" in line
    assert f"sprung restore {backup}" in line
    assert not (tmp_path / "sprung.db").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of others")
def test_root_leaves_no_files_of_its_own(tmp_path: Path) -> None:
    """Run by root beside a service of somebody else, everything made is the service's."""
    cabinet.new_file(tmp_path)
    (tmp_path / "link").symlink_to("/etc/hostname")
    os.chown(tmp_path, 65534, 65534)
    for words in (("backup",), ("doctor",), ("doctor", "--mend")):
        assert sprung(tmp_path, *words).exit_code == 0
    [backup] = (tmp_path / "backups").iterdir()
    assert sprung(tmp_path, "restore", str(backup)).exit_code == 0
    owners = {path.name: path.lstat().st_uid for path in tmp_path.rglob("*")}
    assert set(owners.values()) == {65534}, owners
    assert Path("/etc/hostname").stat().st_uid == 0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            CannotListen(98, "port 8088: Address already in use"),
            "Cannot listen: [Errno 98] port 8088",
        ),
        (OSError(28, "No space left on device"), "The system refused: [Errno 28] No space left"),
    ],
)
def test_an_error_of_the_system_is_called_what_it_is(
    error: OSError, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a port that cannot be had is said to be one."""

    async def broken() -> None:
        raise error

    with pytest.raises(typer.Exit):
        _run(broken())
    assert capsys.readouterr().err.startswith(told)


def test_lint_and_stats_of_the_shipped_sets(tmp_path: Path) -> None:
    """Lint has nothing to say of them, and the figures of all of them are printed by one command."""
    linted = sprung(tmp_path, "banks", "lint")
    assert (linted.exit_code, linted.output) == (0, "0 errors, 0 warnings\n")
    told = sprung(tmp_path, "banks", "stats")
    assert told.exit_code == 0
    assert "| set | questions | wordings | OC | BW | TI | OR | EP | OF |" in told.output
    assert "Pairs of questions alike at 0.70 or more: 0." in told.output
    assert told.output.endswith("Lint: 0 errors, 0 warnings.\n")


def test_lint_names_what_is_wrong(tmp_path: Path) -> None:
    """Errors end with exit code 1, warnings alone do not; a program gets the same as JSON."""
    fields = bank()
    fields["questions"][0]["shape"] = ["the situation", "the task", "the result"]
    wrong = str(write(tmp_path, fields))
    told = sprung(tmp_path, "banks", "lint", wrong)
    assert told.exit_code == 1
    assert f"error: {wrong}:" in told.output
    as_json = sprung(tmp_path, "banks", "lint", wrong, "--json")
    assert as_json.exit_code == 1
    first = json.loads(as_json.output)[0]
    assert set(first) == {"path", "line", "column", "message", "severity"}
    short = bank("short", [question()])
    short["questions"][0]["shape"] = ["both directors heard", "the room given", "the note"]
    short["questions"][0]["rephrased"] = [
        "Tell me, please.",
        "Why one noon?",
        "Who grumbled, rightly?",
    ]
    only_warnings = sprung(tmp_path, "banks", "lint", str(write(tmp_path, short)))
    assert only_warnings.exit_code == 0, only_warnings.output
    assert "warning: " in only_warnings.output
