import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from telegram.error import InvalidToken

from bot.store.transaction import Transaction
from bot.wire.intake import Intake, Raw
from bot.wire.reception import START_WAITS, Hook, Reception
from tests.wire.outpost import Outpost, until

MENU = [
    ("setMyDescription", {"description": "Practise."}),
    ("setMyShortDescription", {"short_description": "Practise."}),
]
HOOK = Hook("http://127.0.0.1:9/telegram", "s3cret-of-the-hook")


class Door:
    """A reception that never waits for real, and what it said of itself."""

    def __init__(self, here: Outpost) -> None:
        self.here = here
        self.named: list[str] = []
        self.waits: list[float] = []
        self.on_wait: Callable[[], Awaitable[None]] | None = None

    def reception(self, hook: Hook | None = None) -> Reception:
        """A reception with a small menu."""
        here = self.here
        intake = Intake(
            here.database,
            here.clock,
            here.health,
            handle=self._ignore,
            committed=self._follow,
            died=self._died,
        )
        return Reception(
            here.api,
            intake,
            here.clock,
            here.health,
            menu=MENU,
            hook=hook,
            named=self.named.append,
            sleep=self._sleep,
        )

    async def open_until(self, holds: Callable[[], object], hook: Hook | None = None) -> None:
        """Receive until the condition holds."""
        running = asyncio.create_task(self.reception(hook).run())
        try:
            await until(lambda: holds() or running.done())
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if self.on_wait is not None:
            await self.on_wait()
        await asyncio.sleep(0)

    async def _ignore(self, _: Transaction, __: Raw) -> None:
        """Nothing is done."""

    async def _follow(self, _: Transaction) -> None:
        """Nothing follows."""

    async def _died(self, _: Transaction, __: Raw, ___: Exception) -> None:
        """Nothing is said."""


@pytest.fixture
def door(here: Outpost) -> Door:
    """A reception."""
    return Door(here)


async def test_the_bot_introduces_itself_and_then_polls(door: Door) -> None:
    """It learns its name, sets its menu, removes any webhook, and asks for updates."""
    here = door.here
    await door.open_until(here.sandbox.world.updates.polling.is_set)
    assert door.named == [here.sandbox.world.bot["username"]]
    methods = [entry.method for entry in here.sandbox.journal.since(0)]
    assert methods[:4] == ["getMe", *[method for method, _ in MENU], "deleteWebhook"]


async def test_a_webhook_is_set_and_nothing_is_polled(door: Door) -> None:
    """Telegram is told where to post, with the secret, and which updates are wanted."""
    here = door.here
    await door.open_until(lambda: here.sandbox.world.webhook.url, HOOK)
    called = here.calls("setWebhook")[0]
    assert (called["url"], called["secret_token"]) == (HOOK.url, HOOK.secret)
    assert "callback_query" in called["allowed_updates"]
    assert here.calls("getUpdates") == []
    assert "s3cret" not in repr(HOOK)


async def test_what_is_not_needed_may_be_refused(door: Door, logged: io.StringIO) -> None:
    """A description that Telegram does not take is one error in the log, not a bot that never starts."""
    door.here.fault("setMyDescription", status=400, times=100)
    await door.open_until(lambda: door.here.calls("deleteWebhook"))
    assert door.waits == []
    assert logged.getvalue().count("going on without") == 1


async def test_a_refused_webhook_is_said_and_tried_again(door: Door, logged: io.StringIO) -> None:
    """Without its webhook the bot would be deaf: it says why, and goes on trying."""
    door.here.fault("setWebhook", status=400, times=3)
    await door.open_until(lambda: door.here.sandbox.world.webhook.url, HOOK)
    assert door.waits == list(START_WAITS[:3])
    assert logged.getvalue().count("setWebhook") == 3
    assert HOOK.secret not in logged.getvalue()


async def test_no_network_at_the_start_is_waited_out(door: Door, logged: io.StringIO) -> None:
    """For an hour nobody answers; then the bot is there, and meanwhile /healthz could tell why."""
    here = door.here
    await here.sandbox.stop()

    async def back_after_an_hour() -> None:
        assert "poller" in here.health.troubles()
        if sum(door.waits) >= 3600 and here.sandbox._runner is None:
            await here.sandbox.start()

    door.on_wait = back_after_an_hour
    await door.open_until(lambda: door.named)
    assert 3600 <= sum(door.waits) < 3600 + 2 * START_WAITS[-1]
    assert here.sandbox.token not in logged.getvalue()


async def test_429_at_the_start_is_waited_out_as_long_as_it_says(door: Door) -> None:
    """Telegram names the wait also for the menu."""
    busy: dict[str, Any] = {"ok": False, "error_code": 429, "description": "x"}
    body = busy | {"parameters": {"retry_after": 17}}
    door.here.fault("setMyDescription", status=429, body=body)
    await door.open_until(lambda: door.here.calls("deleteWebhook"))
    assert door.waits == [17.0]


@pytest.mark.parametrize("method", ["getMe", "setMyDescription", "deleteWebhook"])
async def test_a_revoked_token_ends_it(door: Door, method: str) -> None:
    """InvalidToken is not something to wait for, wherever it is said."""
    door.here.fault(method, status=401)
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(door.reception().run(), 60)
