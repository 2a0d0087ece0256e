"""What may be wrong when the program starts, or while it runs: one clear line, and nothing is lost."""

import asyncio
import shutil
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.store.opening import bring_up_to_date
from tests.banks.examples import bank, write
from tests.faults.oracle import rows_of
from tests.faults.people import data_of
from tests.faults.processes import (
    BOT,
    PATIENCE_SECONDS,
    ROOT,
    TOKEN,
    Message,
    Program,
    Telegram,
    environment,
    program,
    telegram,
)

NOBODY = "http://127.0.0.1:9"
OTHER_TOKEN = "7350461983:AAH0123456789abcdefghijklmnopqrstuv"
HELLO = "Hello!"
CONNECTED = '"connected"'


async def refused(variables: dict[str, str], command: tuple[str, ...] = BOT) -> tuple[int, str]:
    """Run a program that must end by itself; returns its exit code and the one line it said."""
    async with program(variables, command) as running:
        code = await running.ended()
    assert len(running.lines) == 1, running.said
    return code, running.said


@asynccontextmanager
async def serving(variables: dict[str, str]) -> AsyncIterator[Program]:
    """A bot that has reached Telegram; it says nothing like a traceback as long as it lives."""
    async with program(variables) as bot:
        await bot.says(CONNECTED)
        yield bot
    assert "Traceback" not in bot.said


@asynccontextmanager
async def taken_port() -> AsyncIterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    """A port that nobody listens on, for now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def begins(messages: AsyncIterator[Message], beginning: str) -> Message:
    """Wait for a message that begins like this."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for message in messages:
            if message["text"].startswith(beginning):
                return message
    raise AssertionError("the phone hung up")


async def asks(city: Telegram, person: int, text: str, beginning: str) -> Message:
    """Somebody says something, and the bot answers like this."""
    async with city.listening(person) as messages:
        await city.say(person, text)
        return await begins(messages, beginning)


# Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLOCK_SPEED", "breakneck"),
        ("LISTEN", "localhost:123456"),
        ("BANKS", "/no/such/folder"),
        ("TOKEN", "secret but no token"),
    ],
)
async def test_a_wrong_setting_is_one_line_with_its_name(
    tmp_path: Path, name: str, value: str
) -> None:
    """A setting that cannot be used ends the program with what it takes, without repeating it."""
    code, line = await refused(environment(tmp_path, NOBODY) | {f"SPRUNG_{name}": value})
    assert code == 2
    assert line.startswith(f"SPRUNG_{name} takes ")
    assert value not in line


async def test_a_data_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    """When the data folder cannot be written, the line names it."""
    (tmp_path / "file").write_text("in the way")
    code, line = await refused(environment(tmp_path / "file" / "data", NOBODY))
    assert code == 1
    assert str(tmp_path / "file" / "data") in line


# The token


async def test_a_revoked_token_ends_the_program_and_says_where_to_get_another(
    tmp_path: Path,
) -> None:
    """Telegram's 401 is one line that names the setting and BotFather; the token is not shown."""
    async with telegram() as city:
        code, line = await refused(environment(tmp_path, city.url, TOKEN=OTHER_TOKEN))
    assert code == 1
    assert "SPRUNG_TOKEN" in line
    assert "@BotFather" in line
    assert OTHER_TOKEN not in line


async def test_a_token_revoked_later_ends_the_program_too(tmp_path: Path) -> None:
    """A 401 in the middle of a run ends it with the same line, and what was said before is kept."""
    async with telegram() as city, program(environment(tmp_path, city.url)) as bot:
        await bot.says(CONNECTED)
        await asks(city, 1001, "/start", HELLO)
        await city.fault("*", status=401, times=1000)
        await city.say(1001, "/help")
        assert await bot.ended() == 1
        assert "SPRUNG_TOKEN" in bot.lines[-1]
        assert "Traceback" not in bot.said
    states = [row["state"] for row in rows_of(tmp_path / "sprung.db", "SELECT state FROM inbox")]
    assert len(states) >= 1


# The database


async def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """Another program's database, a text, a damaged file: one line each, and not a byte changes."""
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as other, other:
        other.execute("CREATE TABLE song (name TEXT)")
    (tmp_path / "text.db").write_text("Dear diary, today I did not practise.")
    bring_up_to_date(tmp_path / "damaged.db")
    with (tmp_path / "damaged.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    told = {
        "foreign.db": "another program's database",
        "text.db": "not a database",
        "damaged.db": "the database is damaged",
    }
    before = {name: (tmp_path / name).read_bytes() for name in told}

    async def starts(name: str) -> tuple[int, str]:
        url = f"sqlite:///{tmp_path / name}"
        return await refused(environment(tmp_path, NOBODY, DATABASE_URL=url))

    ends = await asyncio.gather(*map(starts, told))
    for (name, reason), (code, line) in zip(told.items(), ends, strict=True):
        assert code == 1
        assert str(tmp_path / name) in line
        assert reason in line
        assert (tmp_path / name).read_bytes() == before[name]


async def test_a_locked_database_is_one_line(tmp_path: Path) -> None:
    """When another program holds the database locked, the line says so after some patience."""
    path = tmp_path / "sprung.db"
    bring_up_to_date(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        code, line = await refused(environment(tmp_path, NOBODY))
    assert code == 1
    assert f"{path}: the database is locked by another program" in line


async def test_a_second_copy_on_the_same_data_does_not_start(tmp_path: Path) -> None:
    """The second copy ends with one line; the first one goes on undisturbed."""
    async with telegram() as city, serving(environment(tmp_path, city.url)):
        code, line = await refused(environment(tmp_path, city.url))
        assert code == 1
        assert "another copy of Sprung is using this database" in line
        await asks(city, 1001, "/start", HELLO)


# Ports


async def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    """The sandbox and SPRUNG_LISTEN name the port that they could not have."""
    async with taken_port() as port, telegram() as city:
        nobody = {"SPRUNG_DATA": str(tmp_path / "rehearsal"), "SPRUNG_LISTEN": ""}
        code, line = await refused(nobody, ("-m", "bot", "sandbox", "--port", str(port)))
        assert (code, str(port) in line) == (1, True)
        async with program(environment(tmp_path, city.url, LISTEN=f"127.0.0.1:{port}")) as bot:
            assert await bot.ended() == 1
        assert f"SPRUNG_LISTEN 127.0.0.1:{port}" in bot.lines[-1]
        assert "Traceback" not in bot.said


# The network


async def test_without_a_network_it_tries_on_until_there_is_one(tmp_path: Path) -> None:
    """Started before the network is up, the bot says so, keeps trying, and then serves."""
    port = free_port()
    async with program(environment(tmp_path, f"http://127.0.0.1:{port}")) as bot:
        line = await bot.says("trying on")
        assert "getMe" in line
        async with telegram("--port", str(port), "--no-rates") as city:
            await bot.says(CONNECTED)
            await asks(city, 1001, "/start", HELLO)
        assert bot.process.returncode is None
    assert "Traceback" not in bot.said


async def test_an_outage_of_telegram_only_delays(tmp_path: Path) -> None:
    """While Telegram answers 502 the bot waits; afterwards every message is answered once."""
    async with telegram() as city, serving(environment(tmp_path, city.url)) as bot:
        await asks(city, 1001, "/start", HELLO)
        since = len(await city.journal())
        await city.fault("*", status=502, body="html", times=100_000)
        await city.say(1001, "/help")
        await bot.says("no updates for now")
        await city.say(1001, "/start")
        async with city.listening(1001) as messages:
            await city.no_faults()
            await begins(messages, HELLO)
        sent = await _delivered(city, since)
        assert [text[:20] for text in sent] == ["<b>How this works</b", "<b>Hello! I ask inte"]


async def _delivered(city: Telegram, since: int) -> list[str]:
    entries = (await city.journal())[since:]
    return [
        entry["parameters"]["text"]
        for entry in entries
        if entry["method"] == "sendMessage" and entry["status"] == 200
    ]


async def test_another_poller_with_the_same_token_is_named(tmp_path: Path) -> None:
    """Two copies with one token: the log names the 409 and the cure; one stopped, the other serves."""
    async with telegram() as city, serving(environment(tmp_path / "one", city.url)) as first:
        async with serving(environment(tmp_path / "two", city.url)) as second:
            line = await first.says("(409)")
            assert "another copy of the bot is polling with this token" in line
            assert "stop one of them" in line
            assert await second.stop() == 0
        await asks(city, 1001, "/start", HELLO)


async def test_with_a_token_the_first_request_goes_to_telegram(tmp_path: Path) -> None:
    """Without SPRUNG_API_URL the bot calls api.telegram.org, says when it is not there, hides the token.

    A proxy that lets nothing through stands in for a computer without a network.
    """
    called: asyncio.Queue[str] = asyncio.Queue()

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.put_nowait((await reader.readline()).decode())
        writer.close()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    variables = {"SPRUNG_DATA": str(tmp_path), "SPRUNG_TOKEN": TOKEN, "SPRUNG_LISTEN": ""}
    variables |= dict.fromkeys(("HTTPS_PROXY", "https_proxy"), f"http://{host}:{port}")
    variables |= {"NO_PROXY": "", "no_proxy": "", "SPRUNG_LOG": "debug"}
    async with server, program(variables) as bot:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await called.get()).startswith("CONNECT api.telegram.org:443 ")
        line = await bot.says("trying on")
        assert "getMe" in line
        assert await bot.stop() == 0
    assert TOKEN not in bot.said
    assert TOKEN.partition(":")[2] not in bot.said
    assert "Traceback" not in bot.said


# Question banks


async def test_a_bad_bank_is_named_and_the_good_ones_serve(tmp_path: Path) -> None:
    """A bank with an error is in the log by file and line; the one beside it can be chosen."""
    folder = tmp_path / "banks"
    folder.mkdir()
    write(folder, bank("my-own"))
    (folder / "bad.yaml").write_text("set: bad\ntitle: [oops\n")
    async with (
        telegram() as city,
        serving(environment(tmp_path, city.url, BANKS=str(folder))) as bot,
    ):
        assert f"{folder / 'bad.yaml'}:" in await bot.says("bad.yaml")
        welcome = await asks(city, 1001, "/start", HELLO)
        async with city.listening(1001) as messages, asyncio.timeout(PATIENCE_SECONDS):
            await city.press(1001, welcome["message_id"], "v1:first-sets:1")
            assert "v1:first:my-own" in data_of(await anext(messages))


async def test_without_a_single_good_bank_it_says_so(tmp_path: Path) -> None:
    """When no bank at all can be used, the log says so plainly, and so does the bot to whoever comes."""
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "question_banks").mkdir()
    (tmp_path / "question_banks" / "bad.yaml").write_text("set: bad\ntitle: [oops\n")
    async with telegram() as city:
        variables = environment(tmp_path / "data", city.url) | {"PYTHONPATH": str(tmp_path)}
        async with program(variables, cwd=tmp_path) as bot:
            await bot.says("no question bank can be used")
            await bot.says(CONNECTED)
            await asks(city, 1001, "/start", "There are no questions")
    assert "Traceback" not in bot.said
