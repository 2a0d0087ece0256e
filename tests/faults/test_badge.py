"""The whole way to a badge, at six hundred times the speed, with `kill -9` after each step."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.oracle import SURPRISE, rows_of
from tests.faults.people import data_of
from tests.faults.processes import Copies, Message, Program, Telegram, environment, telegram

CONNECTED = '"connected"'
MOST_SURPRISES = 6


def last_hour() -> tuple[str, int]:
    """A zone where it is past eleven in the evening, and how many minutes past midnight it is."""
    now = datetime.now(UTC)  # noqa: TID251  the processes run by the wall
    east = (23 - now.hour + 11) % 24 - 11
    return (f"Etc/GMT{-east:+d}" if east else "Etc/GMT"), 23 * 60 + now.minute


async def button(
    messages: AsyncIterator[Message], beginning: str, end: str = ""
) -> tuple[int, str]:
    """Wait for a button that carries this; returns its message and what it carries."""
    async for message in messages:
        for data in data_of(message):
            if data.startswith(beginning) and data.endswith(end):
                return message["message_id"], data
    raise AssertionError("the phone hung up")


async def enrolled(city: Telegram, messages: AsyncIterator[Message], person: int) -> None:
    """Choose a set and a clock; ask for many surprises in the two hours around midnight."""
    zone, minute = last_hour()
    await city.say(person, "/start")
    welcome, _ = await button(messages, "v1:first:")
    await city.press(person, welcome, "v1:first:one-question")  # it stands on another page
    await city.press(person, welcome, f"v1:zone:{zone}")
    for choice in (f"v1:day:7:{minute - 5}:{(minute + 120) % 1440}", "v1:pace:8", "v1:cap:12"):
        await city.press(person, welcome, choice)


async def answered(city: Telegram, messages: AsyncIterator[Message], person: int) -> None:
    """Answer the question that comes next, and call it smooth."""
    await button(messages, "v1:later:")
    await city.say(person, "I keep two diaries, and nothing was missed in two years.")
    message_id, smooth = await button(messages, "v1:rate:", ":5")
    await city.press(person, message_id, smooth)
    await button(messages, "v1:undo:")


async def again(copies: Copies, bot: Program) -> Program:
    """`kill -9`, and another copy on the same data."""
    await bot.kill()
    bot = await copies.let_in()
    await bot.says(CONNECTED)
    return bot


async def test_a_badge_is_earned_across_kills(tmp_path: Path) -> None:
    """Two smooth answers on two days, one of them to a surprise, bring the badge, kept over kill -9."""
    database = tmp_path / "data" / "sprung.db"
    badges = "SELECT * FROM standing WHERE badge_at IS NOT NULL"
    async with telegram() as city:
        person = await city.newcomer("Bea")
        one_question = Path(__file__).parents[1] / "journeys" / "banks"
        variables = environment(
            tmp_path / "data", city.url, CLOCK_SPEED="600", BANKS=str(one_question)
        )
        async with Copies(tmp_path, variables, ahead=1) as copies:
            bot = await copies.let_in()
            await bot.says(CONNECTED)
            async with city.listening(person) as messages:
                await enrolled(city, messages, person)
                for _ in range(MOST_SURPRISES):
                    await answered(city, messages, person)
                    bot = await again(copies, bot)
                    if rows_of(database, badges):
                        break
            await bot.kill()
    assert len(rows_of(database, badges)) == 1
    modes = [row["mode"] for row in rows_of(database, "SELECT mode FROM rating")]
    assert SURPRISE in modes
    assert len(modes) == len(rows_of(database, "SELECT * FROM take"))
