"""Writes the database of the first release, with learners in every state, as SQL.

Run once, with that release: python -m tests.upgrade.write_dump tests/upgrade/v0001.sql
"""

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from bot.store import inbox, outbox
from bot.store.inbox import StoredUpdate
from bot.store.tables import Priority, SendState
from bot.wire.payload import encode
from tests.house import DAY, MINUTE, Street, street
from tests.store import cabinet
from tests.upgrade.people import move_in


async def live(town: Street, people: dict[str, int]) -> None:
    """Bring everybody into the state that their name says."""
    await town.say("/start", people["new"])
    await town.say("/start", people["choosing"])
    await town.tap(town.label("Hard questions", people["choosing"]), people["choosing"])
    for state in ("triage", "answered", "snoozed", "paused", "gone", "badge", "wanted", "dead"):
        await town.enrol(people[state])
    for state in ("triage", "paused", "gone", "badge", "wanted"):
        await town.voice(people[state])
        await town.tap("5 Smooth", people[state])
    await town.tap("Yes, go through them", people["triage"])
    for _ in range(2):
        await town.tap(town.labels(town.last(people["triage"]))[0], people["triage"])
    await town.tap("Not now", people["snoozed"])
    await town.tap("In 1 hour", people["snoozed"])
    await town.say("/pause", people["paused"])
    await town.tap("Until I resume", people["paused"])
    await town.app.occasions.blocked(people["gone"])
    await town.voice(people["answered"])
    await town.enrol(people["open"])
    await town.enrol(people["waiting"])


async def leave_traces(town: Street, people: dict[str, int]) -> None:
    """Rows that only a moment's stop leaves behind: waiting updates, messages in every state."""
    now = town.app.clock.now()
    sender = {"id": people["dead"], "is_bot": False, "first_name": "Dead"}
    message = {
        "message_id": "seven",
        "date": "soon",
        "chat": {"id": people["dead"], "type": "private"},
    }
    town.sandbox.world.updates.push_raw(
        {"message": message | {"from": sender}}, order=people["dead"]
    )
    await town.settle()
    number = town.sandbox.world.updates.next_id
    who = people["waiting"]
    hello = {
        "update_id": number,
        "message": {
            "message_id": 900,
            "date": now // 1000,
            "chat": {"id": who, "type": "private", "first_name": "Waiting"},
            "from": {"id": who, "is_bot": False, "first_name": "Waiting"},
            "text": "I asked both of them what they needed first.",
        },
    }
    await inbox.store(town.app.database, [StoredUpdate(number, who, encode(hello))], now)
    card = {"chat_id": people["new"], "text": "A card of the first release."}
    writes = [
        outbox.posted(
            cabinet.message(
                800 + state,
                people["new"],
                created_at=now,
                state=state,
                payload=encode(card).decode(),
                priority=Priority.DRILL if state == SendState.SENDING else Priority.REPLY,
            )
        )
        for state in SendState
    ]
    await town.app.database.commit(writes)


def finish(path: Path, people: dict[str, int], now: int) -> str:
    """Give the badge and take the recording back to be fetched; returns everything as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        with connection:
            connection.execute(
                "UPDATE standing SET points=6, sprung=1, badge_at=? WHERE learner_id=?",
                [now - DAY, people["badge"]],
            )
            connection.execute(
                "UPDATE take SET media_state=1, media_path=NULL, media_retry_at=? WHERE learner_id=?",
                [now, people["wanted"]],
            )
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        return "\n".join([f"PRAGMA application_id={mark};", *connection.iterdump(), ""])


async def written() -> str:
    """Live, stop, and say what is there."""
    with tempfile.TemporaryDirectory() as folder:
        async with street(Path(folder)) as town:
            people = move_in(town.sandbox.world)
            await town.later(MINUTE)
            await live(town, people)
            await leave_traces(town, people)
            now, path = town.app.clock.now(), town.app.database.path
        return finish(path, people, now)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(written()), encoding="utf-8")
