"""Setting right what a wrong clock or a backup left behind, for everybody it concerns and nobody else."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.store import installation
from bot.store.tables import FOREVER, DrillState
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Street, street

YEARS = 10 * 365 * DAY


def put(town: Street, table: str, person: int, **values: Any) -> None:
    """Write columns of a person's rows behind the bot's back."""
    sets = ", ".join(f"{name}=:{name}" for name in values)
    with closing(sqlite3.connect(town.app.database.path)) as connection, connection:
        connection.execute(
            f"UPDATE {table} SET {sets} WHERE learner_id=:who", {**values, "who": person}
        )


async def closed(town: Street, person: int = ANN) -> None:
    """Somebody has come in, and no drill is open."""
    await town.enrol(person)
    await town.tap("Not now", person)
    await town.tap("Skip it", person)


async def test_ten_years_ahead(tmp_path: Path) -> None:
    """A clock ten years ahead is corrected: whoever it planned for is surprised in days, not years."""
    async with street(tmp_path) as town:
        await closed(town)
        await town.jump(YEARS)
        await town.say("/start")
        assert town.row("learner")["next_drill_at"] > town.app.clock.now()
        town.wall.now -= YEARS / 1000
        await town.app.occasions.clock_set_right(True)
        await town.settle()
        row = town.row("learner")
        assert 0 < row["next_drill_at"] - town.app.clock.now() < 30 * DAY
        await town.surprise()
        assert town.row("drill")["state"] == DrillState.OPEN


@pytest.mark.parametrize(
    "left",
    [
        {"next_drill_at": 1},
        {"claimed_until": 1},
        {"free_from": 1},
        {"paused_until": 1},
        {"sent_day": 10**6, "sent_count": 6},
    ],
)
async def test_each_trace(town: Street, left: dict[str, int]) -> None:
    """Whatever a clock years ahead left in the future, the next surprise comes within days all the same."""
    await closed(town)
    future = town.app.clock.now() + YEARS
    put(
        town,
        "learner",
        ANN,
        **{name: future if value == 1 else value for name, value in left.items()},
    )
    await town.app.occasions.clock_set_right(False)
    row = town.row("learner")
    assert row["next_drill_at"] - town.app.clock.now() < 30 * DAY
    await town.surprise()
    assert town.row("drill")["state"] == DrillState.OPEN


async def test_an_open_drill_of_the_future_ends(town: Street) -> None:
    """A question that would stay open for ten years expires after its usual time."""
    await town.enrol()
    put(town, "drill", ANN, expires_at=town.app.clock.now() + YEARS)
    await town.app.occasions.clock_set_right(False)
    assert town.row("drill")["expires_at"] == town.app.clock.now() + HOUR
    await town.later(HOUR + MINUTE)
    assert town.row("drill")["state"] == DrillState.EXPIRED


async def test_what_waits_too_far_away_is_let_go(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message and a recording held until a moment years away are tried at once."""
    await town.enrol()
    await town.voice()
    future = town.app.clock.now() + YEARS
    put(town, "take", ANN, media_state=1, media_retry_at=future)
    monkeypatch.setattr(town.app.sender, "offer", lambda _: None)
    await town.app.intake.store([{"update_id": 10**9, "message": _hello(town)}])
    await town.app.intake.idle()
    put(town, "outbox", ANN, not_before=future)
    await town.app.occasions.clock_set_right(False)
    assert town.row("take")["media_retry_at"] == 0
    assert [row["not_before"] for row in town.rows("outbox") if row["state"] == 1] == [0]


def _hello(town: Street) -> dict[str, Any]:
    sender = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    date = town.app.clock.now() // 1000
    chat = {"id": ANN, "type": "private"}
    return {"message_id": 10**6, "date": date, "chat": chat, "from": sender, "text": "/help"}


async def test_nothing_else_changes(town: Street) -> None:
    """Plans, pauses and drills that a right clock has made stay as they are."""
    await closed(town)
    await town.enrol(CARL)
    for person in (ANN, CARL):
        put(town, "learner", person, paused_until=FOREVER if person == ANN else None)
    before = [town.row(table, person) for table in ("learner", "drill") for person in (ANN, CARL)]
    await town.app.occasions.clock_set_right(False)
    after = [town.row(table, person) for table in ("learner", "drill") for person in (ANN, CARL)]
    assert before == after


async def test_a_pause_stays_a_pause(town: Street) -> None:
    """After a step back every plan is drawn anew, but nobody is surprised in a pause of theirs."""
    await closed(town)
    until = town.app.clock.now() + 2 * DAY
    put(town, "learner", ANN, paused_until=until)
    await town.app.occasions.clock_set_right(True)
    row = town.row("learner")
    assert row["paused_until"] == until
    assert row["next_drill_at"] > until


async def test_the_mark_is_one_of_the_installation(town: Street) -> None:
    """The watchman's mark names no learner, so that an erasure need not touch it."""
    await town.app.watchman.feel_pulse()
    assert await installation.find(town.app.database, "seen_at") == str(town.app.clock.now())
