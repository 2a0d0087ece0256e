"""Telegram's time, as the Date of its answers tells it, and the bot's clock beside it."""

import pytest
from aiohttp import test_utils, web

from bot.clock import Clock
from bot.wire.api import BotApi
from bot.wire.telegram_time import TelegramTime, span, telegrams_date
from bot.wire.transport import AiohttpRequest
from tests.house import Wall

TOKEN = "1:abc"
MONDAY = "Mon, 23 Nov 2026 12:00:00 GMT"
NOON = 1_795_435_200_000


@pytest.mark.parametrize(
    ("seconds", "trouble"),
    [
        (0, ""),
        (120, ""),
        (-120, ""),
        (121, "2 minutes ahead of"),
        (-7200, "2 hours behind"),
        (10**8, "1157 days ahead of"),
    ],
)
def test_compared(seconds: int, trouble: str) -> None:
    """Up to two minutes are no trouble; beyond, it is said by how much and which way."""
    wall = Wall(NOON / 1000 + seconds)
    time = TelegramTime(Clock(wall=wall))
    assert (time.trouble, time.ahead_ms) == ("", None)
    time.heard(MONDAY)
    assert time.ahead_ms == seconds * 1000
    assert trouble in time.trouble
    assert bool(trouble) == bool(time.trouble)
    time.doubt()
    assert time.ahead_ms is None


def test_no_date() -> None:
    """What is no date says nothing, and who names none is not mistrusted for it."""
    time = TelegramTime(Clock(wall=Wall()))
    time.heard("soon")
    assert time.ahead_ms is None
    time.heard(None)
    assert time.ahead_ms == 0


def test_a_rehearsal() -> None:
    """A clock that runs faster or was put forward is not compared."""
    fast, skipped = Clock(wall=Wall(), speed=600), Clock(wall=Wall())
    skipped.skip(10**9)
    for clock in (fast, skipped):
        time = TelegramTime(clock)
        time.heard("Thu, 01 Jan 1970 00:00:00 GMT")
        assert time.ahead_ms == 0


@pytest.mark.parametrize("status", [200, 401, 502])
async def test_every_answer_tells_it(status: int) -> None:
    """Whatever Telegram answers, its Date is heard, even without a token."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(
            {"ok": True, "result": {}}, status=status, headers={"Date": MONDAY}
        )

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    async with test_utils.TestServer(application) as server:
        url = str(server.make_url("")).rstrip("/")
        assert await telegrams_date(url) == NOON
        time = TelegramTime(Clock(wall=Wall(NOON / 1000 + 60)))
        async with AiohttpRequest(heard=time.heard) as transport:
            await time.ask(BotApi(TOKEN, url, transport))
        assert time.ahead_ms == 60_000


async def test_nobody_there() -> None:
    """Offline nothing is known, and nothing fails."""
    assert await telegrams_date("http://127.0.0.1:9") is None


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "0 seconds"), (119_999, "119 seconds"), (3_600_000, "60 minutes")]
)
def test_span(ms: int, words: str) -> None:
    """A length of time is told in the largest unit of which there are two."""
    assert span(ms) == words
