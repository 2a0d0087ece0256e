"""What `kill -9` costs, and what an update costs: a backlog of answers and of taps, drained."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.stage import (
    Stage,
    cpu_seconds,
    rss_mb,
    stage,
)

ANSWERS = 200
KILLS = 5
UPDATES = 500
ROUNDS = 3
STARTS = 3
PTB = ("-m", "tests.benchmarks.ptb_peer")


@dataclass(frozen=True)
class Losses:
    """What became of the answers in one chat, kill by kill.

    `drain`: seconds until all are kept when nobody kills. `kept`: how many were at each kill.
    """

    drain: float
    kept: list[int]
    lost: list[int]
    twice: list[int]


@dataclass(frozen=True)
class Cost:
    """What one update of a drained backlog costs: processor time, and calls of the Bot API."""

    cpu_ms: float
    calls: float


@dataclass(frozen=True)
class Load:
    """What one bot needs. `start_*`: seconds, and processor seconds, to the first poll."""

    text: Cost
    tap: Cost
    idle_mb: float
    after_mb: float
    start_seconds: float
    start_cpu: float


async def losses(folder: Path, seed: int) -> Losses:
    """In each run all answers wait in one chat, and the bot is killed at a moment of their drain."""
    dice = random.Random(seed)
    drain, _, _ = await _drained(folder / "whole", None)
    runs = [await _drained(folder / f"{n}", dice.uniform(0, drain)) for n in range(KILLS)]
    return Losses(
        drain,
        [kept for _, kept, _ in runs],
        [ANSWERS - len(stored) for _, _, stored in runs],
        [sum(times > 1 for times in stored.values()) for _, _, stored in runs],
    )


async def _drained(folder: Path, kill_after: float | None) -> tuple[float, int, Counter[str]]:
    """Seconds of the drain, answers kept at the kill, and how often each is kept in the end."""
    async with stage(folder) as here:
        await here.start()
        [person] = await here.enrolled(1)
        async with here.frozen():
            for number in range(ANSWERS):
                here.world.say(person, f"answer {number}")
        began = time.perf_counter()
        kept = 0
        if kill_after is not None:
            await asyncio.sleep(kill_after)
            await here.kill()
            kept = len(_kept(here))
            await here.start()
        await here.handled()
        return time.perf_counter() - began, kept, _kept(here)


def _kept(here: Stage) -> Counter[str]:
    return Counter(row["text"] for row in here.rows("SELECT text FROM take"))


async def our_load(folder: Path) -> Load:
    """Everybody answers at once, rates at once, and asks for the next question at once."""
    async with stage(folder) as here:
        seconds, cpu = await _starts(here)
        idle = rss_mb(here.pid)
        people = await here.enrolled(UPDATES)

        def answer() -> None:
            for person in people:
                here.world.say(person, "I kept both diaries for two years, and nothing was missed.")

        def rate() -> None:
            for person in people:
                here.press(person, here.rating(person))

        def ask() -> None:
            for person in people:
                here.press(person, next(here.buttons(person, "v1:drill")))

        texts, taps = [], []
        for _ in range(ROUNDS):
            texts.append(await _cost(here, answer, here.settled))
            taps.append(await _cost(here, rate, here.settled))
            await _cost(here, ask, here.settled)
        return Load(_median(texts), _median(taps), idle, rss_mb(here.pid), seconds, cpu)


async def ptb_load(folder: Path) -> Load:
    """The same of a plain bot on the library's defaults, on the same machine in the same minute."""
    async with stage(folder, PTB) as here:
        seconds, cpu = await _starts(here)
        idle = rss_mb(here.pid)
        people = here.everybody(UPDATES)

        def answer() -> None:
            for person in people:
                here.world.say(person, "I kept both diaries for two years, and nothing was missed.")

        def rate() -> None:
            for person in people:
                here.press(person, here.rating(person))

        texts, taps = [], []
        for _ in range(ROUNDS):
            texts.append(await _cost(here, answer, lambda: _called(here, "sendMessage")))
            taps.append(await _cost(here, rate, lambda: _called(here, "editMessageText")))
        return Load(_median(texts), _median(taps), idle, rss_mb(here.pid), seconds, cpu)


async def _starts(here: Stage) -> tuple[float, float]:
    """Medians of a few starts on the same folder; the bot runs on after the last."""
    starts = [await here.start()]
    for _ in range(STARTS):
        await here.stop()
        starts.append(await here.start())
    # The first one makes the database, which happens once.
    seconds, cpu = zip(*starts[1:], strict=True)
    return statistics.median(seconds), statistics.median(cpu)


async def _cost(here: Stage, do: Callable[[], None], done: Callable[[], Awaitable[None]]) -> Cost:
    async with here.frozen():
        do()
        since, before = here.sandbox.journal.next, cpu_seconds(here.pid)
    here.since = since
    await done()
    spent = cpu_seconds(here.pid) - before
    calls = sum(entry.method != "getUpdates" for entry in here.sandbox.journal.since(since))
    return Cost(spent * 1000 / UPDATES, calls / UPDATES)


async def _called(here: Stage, method: str) -> None:
    """Wait until a method was called once for every update since the backlog began."""
    await here.until(lambda: here.called(method) >= UPDATES)


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.cpu_ms for cost in costs),
        statistics.median(cost.calls for cost in costs),
    )
