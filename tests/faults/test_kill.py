"""`kill -9` at any moment: nothing acknowledged is lost, nothing is kept twice, no surprise comes twice.

The moments and the people follow a seed, which a failure names; KILL_SEED=… repeats its choices.
"""

import asyncio
import os
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.faults.oracle import WANTED, Verdict, gathered, judged, rows_of
from tests.faults.people import Person, practising
from tests.faults.processes import (
    BOT,
    PATIENCE_SECONDS,
    Copies,
    Program,
    Telegram,
    environment,
    telegram,
)

KILLS = 30
PEOPLE = 20
DIES_STARTING, STARTING_SECONDS = 0.25, 0.5
MESSAGES, LONGEST_SECONDS, MOMENT_SECONDS = 60, 1.5, 0.02
SPEED = 600
CARELESS = ("-m", "tests.faults.careless", "run")
CONNECTED = '"connected"'
FAULTS: tuple[dict[str, object], ...] = (
    {"method": "sendMessage", "status": 502, "body": "html"},
    {"method": "sendMessage", "status": 502, "body": "html", "after_delivery": True},
    {"method": "sendMessage", "reset": True, "after_delivery": True},
    {"method": "sendMessage", "status": 429},
    {"method": "sendMessage", "delay": 0.5, "times": 10},
    {"method": "getUpdates", "status": 502, "body": "html"},
)
"""What else goes wrong, once in each life; a message whose answer is late may be sent as the bot dies."""


def _seed() -> int:
    return int(os.environ.get("KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)


async def ordeal(
    folder: Path, *, kills: int, seed: int, command: Sequence[str] = BOT, faults: bool = True
) -> Verdict:
    """Let people practise with a bot that is killed again and again, and judge what is left."""
    database, heard = folder / "data" / "sprung.db", asyncio.Event()
    async with telegram() as city:
        people = [
            Person(city, await city.newcomer(f"P{n}"), _dice(seed, n), heard, eager=n % 2 == 0)
            for n in range(PEOPLE)
        ]
        variables = environment(database.parent, city.url, CLOCK_SPEED=str(SPEED))
        async with Copies(folder, variables, command) as copies:
            bot = await copies.let_in()
            await bot.says(CONNECTED)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await asyncio.gather(*(person.enrol() for person in people))
            load = asyncio.create_task(practising(people))
            dice = _dice(seed, "kills")
            for _ in range(kills):
                await _live(bot, heard, dice)
                await bot.kill()
                if faults:
                    await city.fault(**dice.choice(FAULTS))  # type: ignore[arg-type]
                bot = await copies.let_in()
            load.cancel()
            await load
            await city.no_faults()
            await drained(bot, city, database)
            await bot.kill()
        return judged(await gathered(city, database, [person.number for person in people]))


def _dice(seed: int, whose: object) -> random.Random:
    return random.Random(f"{seed} {whose}")


async def _live(bot: Program, heard: asyncio.Event, dice: random.Random) -> None:
    """A life of random length: some end during the start, most in the middle of the work.

    Work is counted in messages that arrive, so that a slow machine is killed as busy as a fast one.
    """
    if dice.random() < DIES_STARTING:
        return await asyncio.sleep(dice.uniform(0, STARTING_SECONDS))
    await bot.says(CONNECTED)
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            for _ in range(dice.randrange(MESSAGES)):
                heard.clear()
                await heard.wait()
    return await asyncio.sleep(dice.uniform(0, MOMENT_SECONDS))


async def drained(bot: Program, city: Telegram, database: Path) -> None:
    """Wait until the bot has taken, handled and sent everything, and fetched every recording.

    What still waits at Telegram comes first: acknowledged in the last moment it would be handled, but
    not sent, when the bot is killed.
    """
    await bot.says(CONNECTED)
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while left := await _waiting(city) or _left(database):
        assert bot.process.returncode is None, bot.said
        assert asyncio.get_running_loop().time() < end, f"{left} left undone\n{bot.said}"
        await asyncio.sleep(0.1)


async def _waiting(city: Telegram) -> int:
    info = await city.as_bot("getWebhookInfo")
    return int(info["pending_update_count"])


def _left(database: Path) -> int:
    waiting = rows_of(
        database,
        "SELECT (SELECT count(*) FROM inbox WHERE state = 1)"
        " + (SELECT count(*) FROM outbox WHERE state <= 2)"
        f" + (SELECT count(*) FROM take WHERE media_state = {WANTED})",
    )[0][0]
    return int(waiting)


def trial(seed: int, folder: Path, kills: int = 50) -> Verdict:
    """Fifty kills of the program itself, for `python -m tests.faults.campaigns`."""
    verdict = asyncio.run(ordeal(folder, kills=kills, seed=seed))
    verdict.counts["kills"] = kills
    return verdict


async def test_thirty_kills_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    """Killed thirty times while twenty people practise, the bot keeps every answer exactly once."""
    seed = _seed()
    verdict = await ordeal(tmp_path, kills=KILLS, seed=seed)
    told = f"{KILLS} kills, seed {seed}: {verdict}"
    sys.stdout.write(f"{told}\n")
    assert not verdict.complaints, told
    assert verdict.counts["answers acknowledged"] > 3 * KILLS, told
    assert verdict.counts["surprises"] > 0, told
    assert verdict.counts["set aside as dead"] == 0, told


async def test_a_bot_that_acknowledges_too_early_is_found_out(tmp_path: Path) -> None:
    """The same people and the same judge report losses of a bot that tells Telegram before the disk."""
    seed = _seed()
    verdict = await ordeal(tmp_path, kills=4, seed=seed, command=CARELESS, faults=False)
    told = f"seed {seed}: {verdict}"
    assert verdict.counts["answers lost"] > 0, told
    assert any("are not done" in complaint for complaint in verdict.complaints), told
