from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from bot.telemetry.health import Health, healthz

START = 1_767_225_600_000


@pytest.fixture
def health() -> Health:
    """A poller that may be silent for a minute and a sender that may for ten seconds."""
    return Health({"poller": 60_000, "sender": 10_000}, START)


def test_a_part_has_its_whole_time_from_the_start(health: Health) -> None:
    """A part that has not yet reported is judged from the start of the program."""
    assert health.problems(START + 10_000) == []
    assert health.problems(START + 12_345) == [
        "sender: no progress for 12 s, where 10 s are allowed"
    ]


def test_progress_ends_a_problem(health: Health) -> None:
    """A part that reports again is well again."""
    assert len(health.problems(START + 60_001)) == 2
    health.progress("sender", START + 60_001)
    health.progress("poller", START + 60_001)
    assert health.problems(START + 60_002) == []


def test_a_trouble_is_a_problem_only_when_it_lasts(health: Health) -> None:
    """One failure is shown but is no problem; when the silence lasts, it is the reason given."""
    health.trouble("poller", "409")
    assert health.problems(START + 1000) == []
    assert health.troubles() == {"poller": "409"}
    health.progress("sender", START + 61_000)
    assert health.problems(START + 61_000) == [
        "poller: no progress for 61 s, where 60 s are allowed; last trouble: 409"
    ]
    health.progress("poller", START + 62_000)
    assert health.troubles() == {}


def test_a_clock_set_back_is_no_problem(health: Health) -> None:
    """When the clock goes back, silences are zero, not negative."""
    health.progress("poller", START + 5000)
    assert health.silences_ms(START)["poller"] == 0
    assert health.problems(START) == []


def test_a_part_that_is_not_watched_may_be_silent(health: Health) -> None:
    """Progress of a part without a limit is shown and never asked for."""
    health.progress("fetcher", START)
    assert health.problems(START + 10_000) == []
    assert health.silences_ms(START + 10_000)["fetcher"] == 10_000


@pytest.fixture
async def address(health: Health) -> AsyncIterator[str]:
    """Where /healthz answers, at a moment that is 20 s after the start."""
    app = web.Application()
    app.router.add_get("/healthz", healthz(health, lambda: START + 20_000))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/healthz"
    await runner.cleanup()


async def test_healthz_says_what_is_wrong(health: Health, address: str) -> None:
    """While a part is silent too long, the answer is 503 with the reason, else 200."""
    async with ClientSession() as session:
        async with session.get(address) as answer:
            assert answer.status == 503
            assert (await answer.json())["problems"] == [
                "sender: no progress for 20 s, where 10 s are allowed"
            ]
        health.progress("sender", START + 19_000)
        async with session.get(address) as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            assert await answer.json() == {
                "status": "ok",
                "problems": [],
                "silences_ms": {"poller": 20_000, "sender": 1000},
                "troubles": {},
            }


def test_what_is_broken_is_a_problem_at_once(health: Health) -> None:
    """A full disk is red from the first moment until it is mended, whatever else goes well."""
    health.broken("disk", "3 MB are free")
    assert health.problems(START) == ["disk: 3 MB are free"]
    health.progress("poller", START)
    assert health.problems(START) == ["disk: 3 MB are free"]
    health.mended("disk")
    health.mended("disk")
    assert health.problems(START) == []


def test_only_silence_without_a_reason_is_hanging(health: Health) -> None:
    """Who reports trouble is alive; who says nothing for longer than allowed hangs, until the next sign."""
    for second in range(0, 200, 5):
        health.trouble("poller", "Telegram cannot be reached")
        hanging = health.hanging(START + second * 1000)
        assert hanging == (["sender"] if second > 10 else [])
    assert len(health.problems(START + 200_000)) == 2
    health.progress("sender", START + 200_000)
    assert health.hanging(START + 200_000) == []
    assert health.hanging(START + 100_000) == [], "the clock was set back"
