"""Nothing that a person controls is ever printed: not at DEBUG, not by an error, not by a crash."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox.conversation import Chat, Person
from bot.sandbox.faults import Fault
from bot.sandbox.limits import Limits
from bot.sandbox.server import Sandbox
from tests.faults.canaries import Canary
from tests.faults.processes import Program, environment, program
from tests.faults.tripping import CORRUPT, FALL, LOSE, STUMBLE
from tests.wire.outpost import until

KNOWN = Canary(5_550_001_001, "zanzibarcanary7391")
STRANGER = Canary(5_550_002_002, "quetzalcanary1937")
TRIPPING = ("-X", "dev", "-m", "tests.faults.tripping", "run")
LOUD = {"PYTHONASYNCIODEBUG": "1", "PYTHONFAULTHANDLER": "1"}


@asynccontextmanager
async def spoken_to(folder: Path, **settings: str) -> AsyncIterator[tuple[Sandbox, Program]]:
    """A bot that tells everything it can, and a sandbox in which the known canary lives."""
    sandbox = Sandbox(limits=Limits.unlimited(), dice=random.Random(7))
    await sandbox.start()
    world = sandbox.world
    person = Person(KNOWN.number, f"First {KNOWN.mark}", f"user_{KNOWN.mark}", "en")
    world.people[person.id] = person
    world.chats[person.id] = Chat(person.chat(), world.limits.history, is_open=True)
    variables = environment(folder / "data", sandbox.url, LOG="debug", **settings) | LOUD
    try:
        async with program(variables, TRIPPING) as bot:
            await bot.says("connected")
            yield sandbox, bot
    finally:
        await sandbox.stop()


async def heard(sandbox: Sandbox, text: str) -> None:
    """Say something, and wait until the bot has let it go at Telegram."""
    sandbox.world.say(KNOWN.number, text)
    await until(lambda: not sandbox.world.updates.waiting(), 60.0)


async def shows(sandbox: Sandbox, label: str) -> None:
    """Wait for a button."""

    def shown() -> bool:
        found = [m.get("reply_markup", {}) for m in sandbox.world.messages(KNOWN.number)]
        rows = [row for markup in found for row in markup.get("inline_keyboard", [])]
        return any(button["text"].startswith(label) for row in rows for button in row)

    await until(shown, 60.0)


async def story(sandbox: Sandbox) -> None:
    """Everything that two people can do, one of them known to the bot."""
    world, me = sandbox.world, KNOWN.number
    date = int(world.now())
    await heard(sandbox, f"/start {KNOWN.mark}")
    await shows(sandbox, "Hard questions")
    label = next(
        button["text"]
        for message in world.messages(me)
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if button["text"].startswith("Hard questions")
    )
    world.tap(me, label)
    await until(lambda: "clock" in world.messages(me)[-1].get("text", ""), 60.0)
    await heard(sandbox, f"{KNOWN.mark} city")
    await heard(sandbox, "London")
    await shows(sandbox, "Not now")
    said = world.say(me, f"My answer: {KNOWN.mark}.")
    world.send(me, "voice", b"OggS" + KNOWN.mark.encode() * 9, duration=3)
    world.edit(me, said["message_id"], f"Edited: {KNOWN.mark}.")
    await shows(sandbox, "4 Professional")
    world.tap(me, "4 Professional")
    await shows(sandbox, "Undo")
    refused = f'Bad Request: can\'t parse "{KNOWN.mark}"'
    body = {"ok": False, "error_code": 400, "description": refused}
    sandbox.faults.pending += [
        Fault("sendMessage", status=400, body=body),
        Fault("getFile", status=400, body=body),
        Fault("getUpdates", status=400, body=body),
        Fault("sendMessage", status=502, body="html"),
        Fault("getUpdates", reset=True),
    ]
    for command in ("/export", "/owner", "/undo", "/settings", f"/{KNOWN.mark}"):
        await heard(sandbox, command)
    for person in (KNOWN, STRANGER):
        for update in person.updates(900_000, date):
            world.updates.push_raw(update, order=person.number)
    await until(lambda: not world.updates.waiting(), 60.0)


def assert_silent(lines: Sequence[str]) -> None:
    """Not one mark of either person was printed."""
    for line in lines:
        for mark in (*KNOWN.marks, *STRANGER.marks):
            assert mark not in line.encode(), f"{mark!r} was printed: {line}"


async def test_nothing_of_a_person_is_printed(tmp_path: Path) -> None:
    """A lively story at DEBUG, with refusals, updates set aside, lost tasks, a broken file and a crash.

    Names, texts, edits, captions, file ids, presses, links, and people's numbers: zero hits in every
    byte of stderr, in Python's development mode and with asyncio's debugging on.
    """
    async with spoken_to(tmp_path) as (sandbox, bot):
        await story(sandbox)
        await heard(sandbox, f"{STUMBLE} {KNOWN.mark}")
        await bot.says("an update is set aside")
        await heard(sandbox, f"{CORRUPT} {KNOWN.mark}")
        await bot.says("the disk refused")
        await heard(sandbox, f"{LOSE} {KNOWN.mark}")
        await bot.says("a task failed")
        await heard(sandbox, f"{FALL} {KNOWN.mark}")
        assert await bot.ended() != 0
    assert "the program failed" in bot.said
    assert "LookupError" in bot.said
    assert len(bot.lines) > 20
    assert sandbox.token not in bot.said
    assert_silent(bot.lines)


@pytest.mark.parametrize("mark", [KNOWN.mark, KNOWN.mark[::-1], str(KNOWN.number)])
def test_a_single_hit_is_found(mark: str) -> None:
    """The search itself finds a mark in whatever form it is printed."""
    with pytest.raises(AssertionError, match="was printed"):
        assert_silent(["all is well", f'{{"message": "… {mark} …"}}'])
