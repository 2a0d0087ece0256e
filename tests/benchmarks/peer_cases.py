"""What happens to one answer or one tap when something goes wrong: tried out, and told in a few words."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.benchmarks.stage import Stage, stage
from tests.faults.people import data_of

FLOOD = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 2",
    "parameters": {"retry_after": 2},
}
RECORDING = b"OggS" + bytes(range(256)) * 40


@dataclass(frozen=True)
class Cases:
    """What happened, case by case; what Telegram objected to; taps without an answer; what is kept."""

    told: dict[str, str]
    violations: list[str]
    unanswered: int
    taps: int
    start_taps: str
    stored: str
    data: str


async def cases(folder: Path) -> Cases:
    """Run every case on one bot."""
    async with stage(folder) as here:
        await here.start()
        told = {name: await case(here) for name, case in CASES.items()}
        stored, data = await _stored(here), await _data(here)
        answered = {
            entry.parameters["callback_query_id"]
            for entry in here.sandbox.journal.since(0)
            if entry.method == "answerCallbackQuery" and entry.status == 200
        }
        return Cases(
            told,
            [f"{one.method}: {one.description}" for one in here.sandbox.journal.violations],
            len(set(here.pressed) - answered),
            len(here.pressed),
            await _start_taps(here),
            stored,
            data,
        )


def _times(count: int) -> str:
    return {0: "not", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _takes(here: Stage, person: int) -> int:
    return here.count(f"SELECT 1 FROM take WHERE learner_id = {person}")


def _ratings(here: Stage, person: int) -> int:
    return here.count(f"SELECT 1 FROM rating WHERE learner_id = {person}")


def _cards(here: Stage, person: int) -> int:
    """How many rating cards reached somebody since `since`."""
    return sum(
        entry.method == "sendMessage"
        and entry.status == 200
        and entry.parameters["chat_id"] == person
        and any(data.startswith("v1:rate:") for data in data_of(entry.parameters))
        for entry in here.sandbox.journal.since(here.since)
    )


async def _one(here: Stage) -> int:
    """Somebody with a question before them."""
    [person] = await here.enrolled(1)
    here.since = here.sandbox.journal.next
    return person


async def _faulty(here: Stage, order: dict[str, object]) -> str:
    person = await _one(here)
    here.sandbox.faults.add({"method": "sendMessage", **order})
    began = time.perf_counter()
    here.world.say(person, "I keep both diaries.")
    await here.settled()
    seconds = time.perf_counter() - began
    stored, cards = _takes(here, person), _cards(here, person)
    return f"stored {_times(stored)}; rating buttons {_times(cards)}, after {seconds:.1f} s"


async def _flood(here: Stage) -> str:
    return await _faulty(here, {"status": 429, "body": FLOOD})


async def _gateway(here: Stage) -> str:
    return await _faulty(here, {"status": 502, "body": "html"})


async def _repeated(here: Stage) -> str:
    person = await _one(here)
    async with here.frozen():
        here.world.say(person, "I keep both diaries.")
        [waiting] = here.world.updates.waiting()
    await here.settled()
    await here.stop()
    here.world.updates.repeat(orjson.loads(waiting.body))
    await here.start()
    await here.settled()
    stored, cards = _takes(here, person), _cards(here, person)
    return f"stored {_times(stored)}; answered {_times(cards)}"


async def _answered(here: Stage) -> int:
    person = await _one(here)
    here.world.say(person, "I keep both diaries.")
    await here.settled()
    here.since = here.sandbox.journal.next
    return person


async def _tapped(here: Stage, person: int, taps: int = 1) -> str:
    async with here.frozen():
        for _ in range(taps):
            here.press(person, here.rating(person))
    await here.settled()
    rated, answers = _ratings(here, person), here.called("answerCallbackQuery")
    return f"rated {_times(rated)}; answered {_times(answers)}"


async def _double_tap(here: Stage) -> str:
    return await _tapped(here, await _answered(here), taps=2)


async def _after_restart(here: Stage) -> str:
    person = await _answered(here)
    await here.stop()
    await here.start()
    return await _tapped(here, person)


async def _after_kill(here: Stage) -> str:
    person = await _one(here)
    here.world.say(person, "I keep both diaries.")
    # Killed as soon as the buttons are there, before the bot can note that it has sent them.
    await here.until(lambda: _cards(here, person) > 0)
    await here.kill()
    here.since = here.sandbox.journal.next
    button = here.rating(person)
    here.press(person, button)
    await here.start()
    await here.settled()
    rated, answers = _ratings(here, person), here.called("answerCallbackQuery")
    return f"rated {_times(rated)}; answered {_times(answers)}"


async def _voice(here: Stage) -> str:
    person = await _one(here)
    here.world.send(person, "voice", RECORDING, duration=42)
    await here.settled()
    [row] = here.rows(f"SELECT media_path FROM take WHERE learner_id = {person}")
    kept = (here.data / "media" / row["media_path"]).read_bytes() == RECORDING
    bytes_ = "with its bytes" if kept else "without its bytes"
    return (
        f"stored {_times(_takes(here, person))}, {bytes_}; answered {_times(_cards(here, person))}"
    )


async def _said(here: Stage, text: str) -> str:
    person = await _one(here)
    here.world.post(person, {"text": text})
    await here.settled()
    [row] = here.rows(f"SELECT text FROM take WHERE learner_id = {person}")
    whole = "whole" if row["text"] == text else "changed"
    cards = _cards(here, person)
    if cards:
        here.press(person, here.rating(person))
        await here.settled()
        here.press(person, next(here.buttons(person, "v1:first-take")))
        await here.settled()
    echoed = text[:100] in here.shown(person)[0].get("text", "")
    shown = "shown literally" if echoed else "not shown"
    return f"stored {whole}; answered {_times(cards)}; {shown} on demand"


async def _long(here: Stage) -> str:
    return await _said(here, "Both diaries, every day. " * 200)


async def _markup(here: Stage) -> str:
    return await _said(here, "I said <b>no</b> & <i>meant it, 3 < 4")


async def _unknown(here: Stage) -> str:
    person = await _one(here)
    before = len(here.shown(person))
    here.world.say(person, "/drll")
    await here.settled()
    answers = here.shown(person)[: len(here.shown(person)) - before]
    near = "; names those near it" if "/drill" in answers[0]["text"] else ""
    return f"answered {_times(len(answers))}{near}"


CASES: dict[str, Callable[[Stage], Awaitable[str]]] = {
    "429 (retry after 2) on the reply": _flood,
    "502 (HTML) on the reply": _gateway,
    "duplicate update": _repeated,
    "double tap": _double_tap,
    "tap after a clean restart": _after_restart,
    "tap after kill -9": _after_kill,
    "voice note as the answer": _voice,
    "5,000 characters": _long,
    "`<b>` in user text": _markup,
    "unknown command": _unknown,
}


async def _start_taps(here: Stage) -> str:
    """Taps from START to the first question, typing nothing."""
    [person] = here.everybody(1)
    here.world.say(person, "/start")
    taps = 1
    await here.settled()
    for beginning in ("v1:first:", "v1:zone:"):
        here.press(person, next(iter(here.buttons(person, beginning))))
        taps += 1
        await here.settled()
    asked = any(here.buttons(person, "v1:later:"))
    return f"{taps - 1} taps ({taps} with START)" if asked else "no question"


async def _stored(here: Stage) -> str:
    person = await _one(here)
    here.world.send(person, "voice", RECORDING, duration=42)
    await here.settled()
    here.press(person, here.rating(person))
    await here.settled()
    [take] = here.rows(f"SELECT file_id, media_path FROM take WHERE learner_id = {person}")
    parts = {"its id": take["file_id"], "its bytes": take["media_path"]}
    kept = [name for name, value in parts.items() if value]
    return f"text; voice with {' and '.join(kept)}; rating {_times(_ratings(here, person))}"


async def _data(here: Stage) -> str:
    """Take everything along, then erase it, and search the disk for what was said."""
    person = await _one(here)
    secret = "the marmalade affair"
    here.world.say(person, secret)
    await here.settled()
    here.world.say(person, "/export")
    await here.settled()
    files = here.called("sendDocument")
    here.world.say(person, "/forget")
    await here.settled()
    for beginning in ("v1:forget-sure", "v1:erase"):
        here.press(person, next(iter(here.buttons(person, beginning))))
        await here.settled()
    left = sum(
        secret.encode() in path.read_bytes() for path in here.data.rglob("*") if path.is_file()
    )
    return f"export: {files} file; delete: found in {left} files afterwards"
