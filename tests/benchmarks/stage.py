"""A Bot API in this process and a bot in another, whose time and memory the kernel counts."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox import Limits, Sandbox, World
from tests.faults.oracle import rows_of
from tests.faults.people import data_of
from tests.faults.processes import BOT, Message, Program, environment, program

TICKS = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 120.0
_WAITING = "SELECT 1 FROM inbox WHERE state = 1"
_LEFT = (
    "SELECT 1 FROM inbox WHERE state = 1 UNION ALL SELECT 1 FROM outbox WHERE state <= 2"
    " UNION ALL SELECT 1 FROM take WHERE media_state = 1"
)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, its own and the kernel's for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_mb(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def night() -> str:
    """A zone where it is between two and three at night: nobody is surprised there for hours."""
    east = (2 - datetime.now(UTC).hour + 11) % 24 - 11  # noqa: TID251  a process runs by the wall
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


@dataclass
class Stage:
    """One sandbox, one data folder, and the bot that runs on them at the moment.

    `since`: the journal's number from which calls are counted; `pressed`: every press so far.
    """

    sandbox: Sandbox
    data: Path
    command: Sequence[str] = BOT
    bot: Program | None = None
    since: int = 0
    pressed: list[str] = field(default_factory=list)
    _closing: list[Any] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The people and their phones."""
        return self.sandbox.world

    @property
    def pid(self) -> int:
        """The bot's process id."""
        assert self.bot is not None
        return self.bot.pid

    async def start(self) -> tuple[float, float]:
        """Start the bot; returns the seconds and the processor seconds until its first poll."""
        self.world.updates.polling.clear()
        began = time.perf_counter()
        running = program(environment(self.data, self.sandbox.url), self.command)
        self.bot = await running.__aenter__()
        self._closing.append(running)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.world.updates.polling.wait()
        return time.perf_counter() - began, cpu_seconds(self.pid)

    async def stop(self) -> None:
        """End the bot as systemd does."""
        assert self.bot is not None
        await self.bot.stop()

    async def kill(self) -> None:
        """`kill -9`."""
        assert self.bot is not None
        await self.bot.kill()

    async def close(self) -> None:
        """End whatever still runs."""
        for running in self._closing:
            await running.__aexit__(None, None, None)

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[None]:
        """While the bot stands still, updates pile up; then it goes on."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until it is true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not true():  # noqa: ASYNC110  another process sets no event
                await asyncio.sleep(LOOK_SECONDS)

    async def settled(self) -> None:
        """Wait until nothing waits at Telegram, in the inbox, in the outbox, or to be fetched."""
        await self.until(lambda: not self.world.updates.waiting() and not self.count(_LEFT))

    async def handled(self) -> None:
        """Wait until every update is handled; the answers to them may still be on their way."""
        await self.until(lambda: not self.world.updates.waiting() and not self.count(_WAITING))

    def rows(self, sql: str) -> list[Any]:
        """Rows of the bot's database."""
        return rows_of(self.data / "sprung.db", sql)

    def count(self, sql: str) -> int:
        """How many rows a query has."""
        return len(self.rows(sql))

    # People

    def everybody(self, number: int) -> list[int]:
        """So many newcomers."""
        return [self.world.add_person("Somebody", "en").id for _ in range(number)]

    async def enrolled(self, number: int) -> list[int]:
        """So many people who have their first question before them."""
        people = self.everybody(number)
        for person in people:
            self.world.say(person, "/start")
        await self.settled()
        for person in people:
            self.press(person, next(self.buttons(person, "v1:first:")))
        await self.settled()
        for person in people:
            self.press(person, (self.newest(person), f"v1:zone:{night()}"))
        await self.settled()
        return people

    def shown(self, person: int) -> list[Message]:
        """The bot's messages on somebody's phone, newest first."""
        return [m for m in reversed(self.world.messages(person)) if not m.get("outgoing")]

    def newest(self, person: int) -> int:
        """The number of the bot's newest message."""
        return int(self.shown(person)[0]["message_id"])

    def buttons(self, person: int, beginning: str) -> Iterator[tuple[int, str]]:
        """The buttons that somebody sees and that carry this, newest message first."""
        for message in self.shown(person):
            for data in data_of(message):
                if data.startswith(beginning):
                    yield message["message_id"], data

    def press(self, person: int, button: tuple[int, str]) -> str:
        """Somebody presses a button; returns the query's id."""
        self.pressed.append(self.world.press(person, *button))
        return self.pressed[-1]

    def called(self, method: str) -> int:
        """How often the bot called a method with success since `since`."""
        entries = self.sandbox.journal.since(self.since)
        return sum(entry.method == method and entry.status == 200 for entry in entries)

    def rating(self, person: int) -> tuple[int, str]:
        """The newest `4 Professional` that somebody sees."""
        return next(b for b in self.buttons(person, "v1:rate:") if b[1].endswith(":4"))


@asynccontextmanager
async def stage(folder: Path, command: Sequence[str] = BOT) -> AsyncIterator[Stage]:
    """A stage without message rates; the bot is yet to start."""
    sandbox = Sandbox(limits=Limits.unlimited())
    await sandbox.start()
    opened = Stage(sandbox, folder / "data", command)
    try:
        yield opened
    finally:
        await opened.close()
        await sandbox.stop()
