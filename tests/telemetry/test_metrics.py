"""The page of metrics: every name, and what makes each number move."""

import aiohttp
import pytest
from aiohttp import web
from prometheus_client.parser import text_string_to_metric_families

from bot.clock import Clock
from bot.sandbox.faults import Fault
from bot.telemetry.metrics import GAUGES, metrics
from bot.vitals import Vitals
from tests.house import ANN, HOUR, MINUTE, Street, Wall
from tests.wire.loopback import free_port

Samples = dict[tuple[str, str], float]


async def page(town: Street) -> Samples:
    """Every sample of the page by its name and its label."""
    application = web.Application()
    application.router.add_get("/metrics", metrics(town.app.vitals.read))
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as answer,
        ):
            assert answer.status == 200
            text = await answer.text()
    finally:
        await runner.cleanup()
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def moved(before: Samples, after: Samples, name: str, label: str = "") -> float:
    """By how much a number has grown."""
    return after[name, label] - before.get((name, label), 0.0)


async def test_what_is_handled_and_sent_is_counted(town: Street) -> None:
    """An update, the messages that answer it, how long they waited, and the fsyncs they shared."""
    before = await page(town)
    await town.enrol()
    after = await page(town)
    assert moved(before, after, "sprung_updates_total", "done") == 3
    sent = moved(before, after, "sprung_messages_total", "sent")
    assert sent == moved(before, after, "sprung_message_wait_seconds_count", "reply") > 3
    assert moved(before, after, "sprung_writer_batch_size_count") >= 3


async def test_a_surprise_that_comes_late_is_seen(town: Street) -> None:
    """Two minutes late is two minutes in the histogram, and a snoozed or dropped one is none."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    before = await page(town)
    planned = town.row("learner")["next_drill_at"]
    await town.jump(planned - town.app.clock.now() + 2 * MINUTE)
    after = await page(town)
    assert moved(before, after, "sprung_drill_lateness_seconds_count") == 1
    assert moved(before, after, "sprung_drill_lateness_seconds_sum") == pytest.approx(120, abs=1)
    await town.tap("Not now")
    await town.tap("Skip it")
    planned = town.row("learner")["next_drill_at"]
    await town.jump(planned - town.app.clock.now() + HOUR)
    last = await page(town)
    assert moved(after, last, "sprung_drill_lateness_seconds_count") == 0


async def test_what_waits_has_an_age(town: Street) -> None:
    """While Telegram refuses, the oldest unsent message grows older; once it is sent there is none."""
    await town.enrol()
    assert (await page(town))["sprung_outbox_oldest_seconds", ""] == 0
    before = await page(town)
    town.sandbox.faults.pending.append(Fault("sendMessage", status=429))
    town.sandbox.world.say(ANN, "/help")
    await town.settle()
    town.wall.now += 30
    after = await page(town)
    assert after["sprung_outbox_unsent", ""] == 1
    assert after["sprung_outbox_oldest_seconds", ""] == pytest.approx(30, abs=1)
    assert moved(before, after, "sprung_messages_total", "held") == 1


async def test_house(town: Street) -> None:
    """Log, room, problems and the newest backup are read from the house itself."""
    wall = Wall()
    vitals = Vitals(
        town.app.database, town.app.clock, town.app.health, free=lambda _: 7, wall=Clock(wall=wall)
    )
    read = await vitals.read()
    assert read.keys() == GAUGES.keys()
    assert (read["disk_free_bytes"], read["backup_age_seconds"], read["problems"]) == (7, -1, 0)
    await town.enrol()
    assert (await vitals.read())["log_bytes"] > 0
    town.app.health.broken("disk", "full")
    assert (await vitals.read())["problems"] == 1
    await town.app.upkeep.back_up()
    # Backups are named by the real clock.
    assert 0 <= (await town.app.vitals.read())["backup_age_seconds"] < HOUR


async def test_no_label_names_anybody(town: Street) -> None:
    """Labels are outcomes and kinds: neither a person's number nor a word of theirs is on the page."""
    await town.enrol()
    await town.say("my secret answer")
    labels = {label for _, label in await page(town)}
    told = {"done", "dead", "sent", "held", "failed", "unknown", "reply", "drill"}
    numbers = {label.rpartition(",")[2] for label in labels - told} - {""}
    assert all(float(number) < 1000 or number == "+Inf" for number in numbers)
