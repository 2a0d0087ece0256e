"""Hours of thirty messages a second with a fault a minute: is anything lost, and does anything grow?

python -m tests.faults.soak --minutes 600 --rate 30

The bot and the Bot API are processes of their own. Every minute one line: resident memory, open files
and write-ahead log of the bot, how much was said, and which fault came.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.oracle import gathered, judged, rows_of
from tests.faults.people import data_of
from tests.faults.processes import (
    BOT,
    Copies,
    Message,
    Program,
    Telegram,
    environment,
    telegram,
)
from tests.faults.test_kill import CONNECTED, FAULTS, drained

PEOPLE = 300
WARM_UP_MINUTES = 3
WAL_MB = 64
GROWTH = 1.05
FILES = 64 + 40
"""The pool's connections to Telegram, and everything else."""


@dataclass
class Crowd:
    """People who answer whatever they see: one deed after the other, at an even rate."""

    city: Telegram
    numbers: list[int]
    dice: random.Random
    said: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)

    async def deed(self, number: int) -> None:
        """The next thing that somebody does."""
        shown = [m for m in (await self.city.chat(number))[-6:] if not m.get("outgoing")]
        press = next(_pressable(shown), None)
        if press is not None:
            message, data = press
            await self.city.press(number, message["message_id"], data)
            self.said["presses"] += 1
        elif shown and any(d.startswith("v1:later:") for d in data_of(shown[-1])):
            self.answers[number] += 1
            await self.city.say(number, f"take-{number}-{self.answers[number]}")
            self.said["answers"] += 1
        else:
            await self.city.say(number, "/drill" if shown else "/start")
            self.said["commands"] += 1

    async def busy(self, rate: float, seconds: float) -> None:
        """So many deeds a second, by whoever has rested longest."""
        loop = asyncio.get_running_loop()
        queue, begun, done = deque(self.numbers), loop.time(), 0
        while loop.time() < begun + seconds:
            await asyncio.gather(*(self.deed(queue[n]) for n in range(10)))
            queue.rotate(-10)
            done += 10
            await asyncio.sleep(max(0.0, begun + done / rate - loop.time()))


def _pressable(shown: list[Message]) -> Iterator[tuple[Message, str]]:
    for message in reversed(shown):
        for data in data_of(message):
            if data.startswith(("v1:first:", "v1:rate:")):
                yield message, data
            elif data.startswith(("v1:zone:", "v1:cities")):
                yield message, "v1:zone:Etc/UTC"


@dataclass(frozen=True)
class Weight:
    """What the program takes: resident memory (MB), open files, write-ahead log (MB)."""

    memory: float
    files: int
    log: float

    @classmethod
    def of(cls, bot: Program, database: Path) -> "Weight":
        """Just now."""
        process = Path(f"/proc/{bot.pid}")
        pages = int((process / "statm").read_text().split()[1])
        log = database.with_name(f"{database.name}-wal")
        size = log.stat().st_size if log.exists() else 0
        return cls(pages * 4096 / 1e6, len(list((process / "fd").iterdir())), size / 1e6)


async def soak(folder: Path, minutes: int, rate: float, seed: int) -> list[str]:
    """Run it; returns what was wrong."""
    database, dice = folder / "data" / "sprung.db", random.Random(seed)
    weights: list[Weight] = []
    async with telegram() as city:
        numbers = [await city.newcomer(f"P{n}") for n in range(PEOPLE)]
        crowd = Crowd(city, numbers, dice)
        variables = environment(database.parent, city.url)
        async with Copies(folder, variables, BOT, ahead=1) as copies:
            bot = await copies.let_in()
            await bot.says(CONNECTED)
            for minute in range(minutes):
                fault = dice.choice(FAULTS)
                await city.fault(**fault)  # type: ignore[arg-type]
                await crowd.busy(rate, 60)
                weights.append(Weight.of(bot, database))
                _print(f"{minute + 1} min: {weights[-1]}, {dict(crowd.said)}, {fault}")
            await city.no_faults()
            await drained(bot, city, database)
            await bot.kill()
        verdict = judged(await gathered(city, database, numbers))
    _print(str(verdict))
    return [*verdict.complaints, *_missing(crowd, database), *_growth(weights)]


def _missing(crowd: Crowd, database: Path) -> Iterator[str]:
    """Everybody's answers, counted; the judge's journal holds the last 50,000 requests only."""
    rows = rows_of(database, "SELECT learner_id, count(*) AS takes FROM take GROUP BY 1")
    kept = {row["learner_id"]: row["takes"] for row in rows}
    _print(f"{sum(crowd.answers.values())} answers given, {sum(kept.values())} kept")
    for number, given in crowd.answers.items():
        if kept.get(number, 0) != given:
            yield f"{number} gave {given} answers, {kept.get(number, 0)} are kept"


def _growth(weights: list[Weight]) -> Iterator[str]:
    settled = weights[WARM_UP_MINUTES:] or weights
    third = max(1, len(settled) // 3)
    early = sum(w.memory for w in settled[:third]) / third
    late = sum(w.memory for w in settled[-third:]) / third
    _print(f"memory {early:.1f} MB, at the end {late:.1f} MB ({late / early - 1:+.1%})")
    if late > early * GROWTH:
        yield f"memory grew from {early:.1f} to {late:.1f} MB"
    if max(w.log for w in weights) > WAL_MB:
        yield f"the log grew to {max(w.log for w in weights):.0f} MB"
    if max(w.files for w in weights) > FILES:
        yield f"open files grew to {max(w.files for w in weights)}"


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Exit 1 when anything was lost, repeated or has grown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=600)
    parser.add_argument("--rate", type=float, default=30.0, help="deeds a second")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = asyncio.run(soak(Path(folder), given.minutes, given.rate, given.seed))
    _print("\n".join(wrong) or "nothing lost, nothing twice, nothing grew")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
