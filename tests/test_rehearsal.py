from pathlib import Path

from bot.clock import Clock
from bot.rehearsal import ClockControl, clock_for
from bot.sandbox.server import Sandbox
from bot.store import installation
from bot.store.database import Database
from bot.store.tables import DrillState
from tests.house import ANN, DAY, HOUR, MINUTE, Street
from tests.test_app import running, sandbox, settings_for

__all__ = ["sandbox"]


async def test_a_clock_put_forward_meets_everything_on_its_way(town: Street) -> None:
    """What falls due in the hours skipped on the clock bar happens at its own moment, not too late."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    control = ClockControl()
    control.attach(town.app.clock, town.app.database, town.app.alarm)
    planned = await control.next_for(ANN)
    assert planned is not None
    await control.skip(planned - control.now() + 30 * MINUTE)
    await town.settle()
    assert control.now() == planned + 30 * MINUTE
    drill = town.row("drill")
    assert drill["planned_at"] == planned
    assert 0 <= drill["asked_at"] - planned <= MINUTE
    await control.skip(6 * HOUR)
    await town.settle()
    over = next(row for row in town.rows("drill") if row["drill_no"] == drill["drill_no"])
    assert over["state"] == DrillState.EXPIRED
    assert 0 <= over["closed_at"] - over["expires_at"] <= MINUTE


async def test_a_clock_bar_without_a_bot_does_nothing() -> None:
    """Before the bot is there, the page may ask and skip without harm."""
    control = ClockControl()
    await control.skip(DAY)
    assert abs(control.now() - Clock().now()) < MINUTE
    assert await control.next_for(ANN) is None


async def test_a_rehearsal_goes_on_where_it_was(sandbox: Sandbox, tmp_path: Path) -> None:
    """After a stop, the clock has kept what was skipped; so it has at another speed."""
    settings = settings_for(sandbox, tmp_path)
    control = ClockControl()
    async with running(sandbox, settings, control) as bot:
        await bot.said("/start")
        await control.skip(3 * DAY)
        shown = control.now()
    control = ClockControl()
    async with running(sandbox, settings, control) as bot:
        await bot.said("/help")
        assert shown <= control.now() < shown + MINUTE
    async with Database(settings.database_path) as database:
        faster = settings.model_copy(update={"clock_speed": 600.0})
        at_600 = await clock_for(faster, database, rehearsal=True)
        assert shown <= at_600.now() < shown + 5 * MINUTE
        at_600.skip(DAY)
        await database.commit([installation.put("skipped", str(at_600.skipped))])
        slow_again = await clock_for(settings, database, rehearsal=True)
        assert slow_again.speed == 1.0
        assert shown + DAY <= slow_again.now() < shown + DAY + 2 * HOUR


async def test_a_real_bot_has_the_real_time(sandbox: Sandbox, tmp_path: Path) -> None:
    """Without a rehearsal nothing of the clock is kept, and nothing kept is used."""
    settings = settings_for(sandbox, tmp_path)
    async with Database(settings.database_path) as database:
        await database.commit([installation.put("skipped", str(DAY))])
        clock = await clock_for(settings, database, rehearsal=False)
        assert abs(clock.now() - Clock().now()) < MINUTE
        assert await installation.find(database, "origin") is None


async def test_surprises_come_by_themselves(sandbox: Sandbox, tmp_path: Path) -> None:
    """With the real alarm, and a clock 60 times as fast, a surprise arrives at its planned moment."""
    settings = settings_for(sandbox, tmp_path, clock_speed=60.0)
    control = ClockControl()
    async with running(sandbox, settings, control) as bot:
        await bot.said("/start")
        for label in ("Hard questions", r"\d\d:\d\d", "Not now", "Skip it"):
            await bot.tap(label)
        await bot.until(lambda: control.next_for(ANN))
        planned = await control.next_for(ANN)
        assert planned is not None
        await control.skip(planned - control.now() - 20_000)
        assert "Hint" not in bot.labels()
        await bot.until(lambda: "Hint" in bot.labels())
        assert 0 <= control.now() - planned < MINUTE
