"""The bot and the Bot API it talks to, each a process of its own, over the loopback interface."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from bot.sandbox import TOKEN

__all__ = ["TOKEN", "Copies", "Program", "Telegram", "environment", "program", "telegram"]

ROOT = Path(__file__).parents[2]
BOT = ("-m", "bot", "run")
PATIENCE_SECONDS = 120.0
_LONGEST_LINE = 2**20
_LOOK_SECONDS = 0.005

Message = dict[str, Any]


def environment(data: Path, url: str, **settings: str) -> dict[str, str]:
    """The variables of a bot that keeps its things in `data` and talks to `url`, and to nobody else.

    `settings`: further variables without their prefix.
    """
    given = {"DATA": str(data), "API_URL": url, "TOKEN": TOKEN, "LISTEN": "", **settings}
    return {f"SPRUNG_{name}": value for name, value in given.items()}


@dataclass
class Program:
    """One run of the program. `lines`: what it said on stderr so far."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    @property
    def said(self) -> str:
        """All of stderr so far."""
        return "\n".join(self.lines)

    def listen(self) -> None:
        """Begin to read what it says."""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            async with self._news:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self._news.notify_all()
        await self.process.wait()
        async with self._news:
            self._news.notify_all()

    async def says(self, text: str, *, times: int = 1) -> str:
        """Wait until it has said so; returns the line. AssertionError when it ends without."""

        def heard() -> bool:
            return self._count(text) >= times or self.process.returncode is not None

        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            await self._news.wait_for(heard)
        assert self._count(text) >= times, f"it never said {text!r}, but:\n{self.said}"
        return next(line for line in reversed(self.lines) if text in line)

    def _count(self, text: str) -> int:
        return sum(text in line for line in self.lines)

    async def ended(self) -> int:
        """Wait until it ends by itself; returns its exit code."""
        assert self._reading is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._reading
        assert self.process.returncode is not None
        return self.process.returncode

    async def kill(self) -> None:
        """`kill -9`; harmless when it has ended."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.ended()

    async def stop(self) -> int:
        """SIGTERM, as from systemd; returns the exit code."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        return await self.ended()


async def _started(
    command: Sequence[str], variables: Mapping[str, str], cwd: Path, *, stdout: int
) -> Program:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("SPRUNG_")}
    mine["PYTHONPATH"] = str(ROOT)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env={**mine, **variables},
        cwd=cwd,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )
    running = Program(process)
    running.listen()
    return running


@asynccontextmanager
async def program(
    variables: Mapping[str, str],
    command: Sequence[str] = BOT,
    *,
    cwd: Path = ROOT / "tests",
) -> AsyncIterator[Program]:
    """Run the program; it is killed at the end if it still runs.

    The folder it runs in has no `.env`, so that nobody's own settings get into a test.
    """
    running = await _started(command, variables, cwd, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield running
    finally:
        await running.kill()


class Copies:
    """Copies of the bot, started ahead of time: each waits at a gate, its imports done.

    Starting Python costs more than the rest of a start, and it happens while an earlier copy still
    works. The gate is the file `.env` in the folder of a copy: a pipe, which the program reads
    before it touches anything, and whose end comes when the copy is let in.
    """

    def __init__(
        self,
        folder: Path,
        variables: Mapping[str, str],
        command: Sequence[str] = BOT,
        ahead: int = 3,
    ) -> None:
        self._folder = folder
        self._variables = variables
        self._command = command
        self._ahead = ahead
        self._waiting: deque[tuple[Program, Path]] = deque()
        self._inside: list[Program] = []
        self._made = 0

    async def __aenter__(self) -> "Copies":
        await self._fill()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for copy in [*self._inside, *(waiting for waiting, _ in self._waiting)]:
            await copy.kill()

    async def let_in(self) -> Program:
        """Let the next copy in, once it stands at its gate, and start another in its place."""
        await self._fill()
        copy, gate = self._waiting.popleft()
        self._inside.append(copy)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await _open_gate(gate, copy)
        await self._fill()
        return copy

    async def _fill(self) -> None:
        while len(self._waiting) < self._ahead:
            self._made += 1
            folder = self._folder / f"copy-{self._made}"
            folder.mkdir(parents=True)
            gate = folder / ".env"
            os.mkfifo(gate)
            copy = await _started(
                self._command, self._variables, folder, stdout=asyncio.subprocess.DEVNULL
            )
            self._waiting.append((copy, gate))


async def _open_gate(gate: Path, copy: Program) -> None:
    while copy.process.returncode is None:
        try:
            handle = os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads yet
            await asyncio.sleep(_LOOK_SECONDS)
        else:
            os.close(handle)
            return
    raise AssertionError(f"it ended before its gate:\n{copy.said}")


class Telegram:
    """The sandbox in another process: what people do on their phones, and what went over the wire."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """One request of the page; its answer decoded. Raises `aiohttp.ClientResponseError`."""
        async with self._session.request(method, f"{self.url}{path}", **arguments) as answer:
            answer.raise_for_status()
            return orjson.loads(await answer.read())

    async def newcomer(self, name: str) -> int:
        """Somebody new; returns their id."""
        person = await self.ask("POST", "/phone/people", json={"first_name": name})
        return int(person["id"])

    async def say(self, person: int, text: str, *, reply_to: int | None = None) -> Message:
        """Somebody writes; returns the message (the last one, if the text needed several)."""
        body = {"text": text} | ({"reply_to": reply_to} if reply_to else {})
        message: Message = await self.ask("POST", f"/phone/chat/{person}/text", json=body)
        return message

    async def speak(self, person: int, recording: bytes, *, seconds: int = 40) -> Message:
        """Somebody sends a voice note; returns the message."""
        message: Message = await self.ask(
            "POST",
            f"/phone/chat/{person}/media",
            params={"kind": "voice", "duration": seconds},
            data=recording,
            headers={"Content-Type": "audio/ogg"},
        )
        return message

    async def press(self, person: int, message_id: int, data: str) -> str:
        """Somebody presses a button; returns the query's id."""
        body = {"message_id": message_id, "data": data}
        answer = await self.ask("POST", f"/phone/chat/{person}/press", json=body)
        return str(answer["press"])

    async def chat(self, person: int) -> list[Message]:
        """What somebody's phone shows, oldest first."""
        messages: list[Message] = (await self.ask("GET", f"/phone/chat/{person}"))["messages"]
        return messages

    async def recording(self, file_id: str) -> bytes:
        """The bytes of a file."""
        async with self._session.get(f"{self.url}/phone/file/{file_id}") as answer:
            answer.raise_for_status()
            return await answer.read()

    async def fault(self, method: str, **order: Any) -> None:
        """Let the next requests of a method go wrong; `bot.sandbox.faults` says how."""
        await self.ask("POST", "/phone/faults", json={"method": method, **order})

    async def no_faults(self) -> None:
        """Nothing goes wrong any more."""
        await self.ask("DELETE", "/phone/faults")

    async def journal(self, since: int = 0) -> list[dict[str, Any]]:
        """Every request of the bot and its answer."""
        answer = await self.ask("GET", "/phone/journal", params={"since": since})
        entries: list[dict[str, Any]] = answer["entries"]
        return entries

    async def violations(self) -> list[dict[str, Any]]:
        """What the bot did that Telegram refuses, or that breaks a documented limit."""
        found: list[dict[str, Any]] = await self.ask("GET", "/phone/violations")
        return found

    async def as_bot(self, method: str, **parameters: Any) -> Any:
        """Call the Bot API with the bot's token; returns the result."""
        answer = await self.ask("POST", f"/bot{TOKEN}/{method}", json=parameters)
        return answer["result"]

    @asynccontextmanager
    async def listening(self, person: int) -> AsyncIterator[AsyncIterator[Message]]:
        """What the bot sends to somebody or edits from now on, as it comes."""
        patience = aiohttp.ClientTimeout(total=None)
        address = f"{self.url}/phone/events/{person}"
        async with self._session.get(address, timeout=patience) as stream:
            await stream.content.readline()
            yield _messages(stream)


async def _messages(stream: aiohttp.ClientResponse) -> AsyncIterator[Message]:
    async for line in stream.content:
        event = orjson.loads(line[6:]) if line.startswith(b"data: ") else {}
        if event.get("type") in ("message", "edit") and not event["message"].get("outgoing"):
            yield event["message"]


@asynccontextmanager
async def telegram(*options: str) -> AsyncIterator[Telegram]:
    """A Bot API process on a free port, without rates unless `options` say otherwise."""
    command = ("-m", "bot.sandbox", "--port", "0", *(options or ("--no-rates",)))
    async with AsyncExitStack() as stack:
        running = await _started(command, {}, ROOT, stdout=asyncio.subprocess.PIPE)
        stack.push_async_callback(running.kill)
        assert running.process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            url = (await running.process.stdout.readline()).decode().strip()
        assert url, running.said
        connector = aiohttp.TCPConnector(limit=0)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        yield Telegram(url, session)
