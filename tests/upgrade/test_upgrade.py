"""The first release's database, with learners in every state, opens with today's code, and all go on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.store.opening import bring_up_to_date, newest_revision, revision_of
from bot.store.tables import FOREVER, DrillState, MediaState, SendState, TakeKind, UpdateState
from tests.house import HOUR, MINUTE, MONDAY_NOON, Street, Wall, street
from tests.upgrade.people import STATES, move_in

DUMP = Path(__file__).with_name("v0001.sql")
PAST_IDS = 10_000
"""The sandbox's numbers begin anew with each sandbox; at Telegram they go on."""


@dataclass
class Old:
    """Today's bot in the old house. `before`: every row as the old release left it."""

    town: Street
    people: dict[str, int]
    before: dict[str, list[Any]]

    def learner(self, state: str) -> dict[str, Any]:
        """The row of whoever was in this state."""
        return self.town.row("learner", self.people[state])


def rows(path: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


@pytest.fixture
async def old(tmp_path: Path) -> AsyncIterator[Old]:
    """The old database ten minutes later, opened by today's code."""
    path = tmp_path / "sandbox" / "sprung.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    before = rows(path)
    async with street(tmp_path, wall=Wall((MONDAY_NOON + 11 * MINUTE) / 1000)) as town:
        people = move_in(town.sandbox.world)
        town.sandbox.world.updates.next_id += PAST_IDS
        yield Old(town, people, before)


def test_the_dump_holds_every_state() -> None:
    """What the old release wrote has everything that an upgrade may meet."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))

        def states(query: str) -> set[int]:
            return {row[0] for row in connection.execute(query)}

        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
        assert states("SELECT state FROM outbox") == {*SendState}
        assert states("SELECT state FROM inbox") == {*UpdateState}
        kinds = {DrillState.OPEN, DrillState.ANSWERED, DrillState.RATED, DrillState.SNOOZED}
        assert states("SELECT state FROM drill") == kinds
        assert states("SELECT media_state FROM take") >= {MediaState.WANTED, MediaState.KEPT}
        assert connection.execute("SELECT count(*) FROM learner").fetchone() == (len(STATES),)


def test_each_row_is_as_it_was(tmp_path: Path) -> None:
    """The upgrade alone changes no value of any row; what is new is empty."""
    path = tmp_path / "sprung.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    before = rows(path)
    bring_up_to_date(path)
    after = rows(path)
    for table in before.keys() - {"alembic_version"}:
        width = len(before[table][0]) if before[table] else 0
        assert [row[:width] for row in after[table]] == before[table], table
        assert {value for row in after[table] for value in row[width:]} <= {None}, table
    assert all(after[table] == [] for table in after.keys() - before.keys())


async def test_everything_is_still_there(old: Old) -> None:
    """The form is the newest, and no row of anybody is lost."""
    path = old.town.app.database.path
    assert revision_of(path) == newest_revision()
    now = rows(path)
    for table, there in old.before.items():
        if table in ("learner", "drill", "take", "rating", "standing", "open_hours"):
            assert len(now[table]) >= len(there), table


async def test_what_waited_is_handled_and_sent(old: Old) -> None:
    """The waiting answer becomes a take; replies that were ready go out; what was being sent does not."""
    await old.town.app.sender.look()
    await old.town.settle()
    assert old.town.row("take", old.people["waiting"])["kind"] == TakeKind.TEXT
    states = {row["message_no"]: row["state"] for row in old.town.rows("outbox", old.people["new"])}
    assert [states[800 + state] for state in SendState] == [
        SendState.SENT,
        SendState.UNKNOWN,
        SendState.SENT,
        SendState.FAILED,
        SendState.UNKNOWN,
    ]
    assert [m["text"] for m in old.town.messages(old.people["new"])] == [
        "A card of the first release."
    ]


async def test_who_had_only_begun(old: Old) -> None:
    """Who had pressed Start begins; who was choosing a clock types a city and gets the first question."""
    await old.town.enrol(old.people["new"])
    assert old.learner("new")["open_drill"]
    await old.town.say("London", old.people["choosing"])
    assert old.learner("choosing")["enrolled_at"]
    assert old.learner("choosing")["open_drill"]


async def test_who_was_half_through_the_triage(old: Old) -> None:
    """A tap on the card of the old release is taken, and the next question of the triage comes."""
    person = old.people["triage"]
    assert old.learner("triage")["triaged"] == 2
    await old.town.press(1, "v1:feel:2:4", person)
    assert old.learner("triage")["triaged"] == 3
    await old.town.say("/drill", person)
    assert old.learner("triage")["open_drill"]


async def test_an_open_question_is_answered_and_rated(old: Old) -> None:
    """The open drill takes its answer, the answered one its rating, by voice and by number."""
    await old.town.voice(old.people["open"])
    assert old.town.row("drill", old.people["open"])["state"] == DrillState.ANSWERED
    for state in ("open", "answered"):
        await old.town.say("4", old.people[state])
        assert old.town.row("drill", old.people[state])["state"] == DrillState.RATED
        assert old.town.row("rating", old.people[state])["tone"] == 4
        assert old.learner(state)["next_drill_at"]


async def test_a_question_put_off_comes_back(old: Old) -> None:
    """The snoozed question is asked again at the moment that the old release promised."""
    person = old.people["snoozed"]
    put_off = old.town.row("drill", person)["question_id"]
    promised = old.learner("snoozed")["next_drill_at"]
    await old.town.later(HOUR)
    drill = old.town.row("drill", person)
    assert (drill["state"], drill["question_id"]) == (DrillState.OPEN, put_off)
    assert 0 <= drill["asked_at"] - promised < MINUTE


async def test_a_pause_and_a_leaving_hold_until_they_end(old: Old) -> None:
    """Nothing comes to who paused or left; both come back with one message and are planned for."""
    await old.town.later(5 * HOUR)
    assert old.learner("paused")["paused_until"] == FOREVER
    for state in ("paused", "gone"):
        assert old.town.messages(old.people[state]) == []
    await old.town.say("/settings", old.people["paused"])
    await old.town.tap("Resume", old.people["paused"])
    await old.town.say("/start", old.people["gone"])
    for state in ("paused", "gone"):
        assert old.learner(state)["next_drill_at"]


async def test_a_badge_is_still_worn(old: Old) -> None:
    """The badge shows in /progress, and the next surprise comes."""
    person = old.people["badge"]
    told = await old.town.say("/progress", person)
    assert "1 of 32 badges" in told["text"]
    assert old.town.rows("standing", person)[0]["badge_at"]
    await old.town.surprise(person)
    assert old.learner("badge")["open_drill"]


async def test_a_recording_is_still_wanted(old: Old) -> None:
    """The recording that the old release had not fetched is asked for."""
    await old.town.app.fetcher.fetch_waiting()
    file_id = old.town.row("take", old.people["wanted"])["file_id"]
    assert {"file_id": file_id} in old.town.calls("getFile")


async def test_an_update_set_aside_stays_so(old: Old) -> None:
    """What had failed three times is not tried again, and its learner goes on."""
    person = old.people["dead"]
    await old.town.settle()
    assert [row["state"] for row in old.town.rows("inbox", person)] == [UpdateState.DEAD]
    await old.town.voice(person)
    assert old.town.row("drill", person)["state"] == DrillState.ANSWERED
