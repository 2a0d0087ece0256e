"""kill -9 while a picture is being drawn: the next process draws it, and it comes once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.faults.processes import Telegram, environment, program, telegram

PATIENCE_SECONDS = 120


async def shown(there: Telegram, person: int, what: str) -> dict[str, Any]:
    """Wait until the newest message of the bot says or is this; returns it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for message in await there.chat(person):
                if what in message.get("text", "") or what in message:
                    return message
            await asyncio.sleep(0.02)


async def tap(there: Telegram, person: int, message: dict[str, Any], label: str) -> None:
    """Press a button of a message."""
    rows = message["reply_markup"]["inline_keyboard"]
    [data] = [b["callback_data"] for row in rows for b in row if b["text"].startswith(label)]
    await there.press(person, message["message_id"], data)


async def practised(there: Telegram, person: int) -> None:
    """The three taps of the first run, one answer, one rating."""
    await there.say(person, "/start")
    welcome = await shown(there, person, "Which questions shall we start with?")
    await tap(there, person, welcome, "Hard questions")
    clocks = await shown(there, person, "What does your clock show now?")
    rows = clocks["reply_markup"]["inline_keyboard"]
    await there.press(person, clocks["message_id"], rows[0][0]["callback_data"])
    await shown(there, person, "Hold the mic")
    await there.say(person, "I outgrew the office, and I want a larger one.")
    card = await shown(there, person, "How did your tone sound?")
    await tap(there, person, card, "4 Professional")
    await shown(there, person, "2 of 6 points")


def wishes(data: Path) -> int:
    """How many pictures are still wanted, as it stands on disk."""
    with closing(sqlite3.connect(f"file:{data / 'sprung.db'}?mode=ro", uri=True)) as database:
        found: tuple[int] = database.execute("SELECT count(*) FROM picture").fetchone()
    return found[0]


async def test_killed_while_it_is_drawn(tmp_path: Path) -> None:
    """The words are there, the process dies before the picture is; with the next it comes, and once."""
    async with telegram() as there:
        variables = environment(tmp_path / "data", there.url)
        person = await there.newcomer("Nora")
        async with program(variables) as first:
            await practised(there, person)
            await there.say(person, "/progress")
            await shown(there, person, "Next badge:")
            await first.kill()
        assert wishes(tmp_path / "data") == 1
        async with program(variables):
            await shown(there, person, "photo")
            await there.say(person, "/help")
            await shown(there, person, "How this works")
        pictures = [message for message in await there.chat(person) if "photo" in message]
        assert len(pictures) == 1
        assert pictures[0]["photo"][-1]["width"] == 1080
        assert await there.violations() == []
