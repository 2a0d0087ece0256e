"""Webhooks: what is posted, in which order, and again after a failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Limits
from tests.sandbox.conftest import ANN, CARL, Client, Hands, Open


class Listener:
    """A bot's webhook that takes what it is told to refuse first."""

    def __init__(self) -> None:
        self.url = ""
        self.refusals: list[web.Response] = []
        self.posts: list[tuple[dict[str, Any], str | None]] = []
        self.taken: list[str] = []
        self._changed = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.posts.append((update, secret))
        answer = self.refusals.pop(0) if self.refusals else web.Response()
        if answer.status == 200:
            self.taken.append(update["message"]["text"])
        self._changed.set()
        return answer

    async def until(self, posts: int) -> None:
        """Returns when so many posts have come."""
        while len(self.posts) < posts:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 60)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A webhook on a free port."""
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


@pytest.fixture
async def quick(open_sandbox: Open) -> Client:
    """A sandbox that tries again without real waiting."""
    return await open_sandbox(limits=Limits(webhook_retry_seconds=0.001))


async def test_updates_are_posted_with_the_secret(quick: Client, listener: Listener) -> None:
    """What waited and what comes later is posted, in order, with the secret header."""
    quick.sandbox.world.say(ANN, "one")
    secret = "s3cret_-"
    set_up = await quick.call("setWebhook", url=listener.url, secret_token=secret)
    assert set_up.result is True
    quick.sandbox.world.say(ANN, "two")
    await listener.until(2)
    assert [(u["message"]["text"], given) for u, given in listener.posts] == [
        ("one", secret),
        ("two", secret),
    ]
    first, second = (update["update_id"] for update, _ in listener.posts)
    assert second == first + 1


async def test_a_refused_update_comes_again_before_the_next(
    quick: Client, listener: Listener
) -> None:
    """After errors the same update is posted again; the one behind it in the chat waits."""
    listener.refusals = [web.Response(status=500), web.Response(status=502)]
    await quick.call("setWebhook", url=listener.url)
    quick.sandbox.world.say(ANN, "one")
    quick.sandbox.world.say(ANN, "two")
    await listener.until(4)
    assert [update["message"]["text"] for update, _ in listener.posts] == [
        "one",
        "one",
        "one",
        "two",
    ]
    info = (await quick.call("getWebhookInfo")).result
    assert info["last_error_message"] == "Wrong response from the webhook: 502 Bad Gateway"


async def test_another_chat_does_not_wait(quick: Client, listener: Listener) -> None:
    """While one chat's update is held back, the other chat's is delivered."""
    listener.refusals = [web.Response(status=503, headers={"Retry-After": "3000"})]
    await quick.call("setWebhook", url=listener.url)
    quick.sandbox.world.say(ANN, "held")
    await listener.until(1)
    quick.sandbox.world.say(CARL, "free")
    await listener.until(2)
    assert listener.taken == ["free"]
    info = (await quick.call("getWebhookInfo")).result
    assert info["pending_update_count"] == 1


async def test_retry_after_is_honoured(quick: Client, listener: Listener) -> None:
    """A 503 with Retry-After is not tried again before that time."""
    listener.refusals = [web.Response(status=503, headers={"Retry-After": "1"})]
    await quick.call("setWebhook", url=listener.url)
    quick.sandbox.world.say(ANN, "one")
    await listener.until(1)
    begun = asyncio.get_running_loop().time()
    await listener.until(2)
    assert asyncio.get_running_loop().time() - begun >= 0.9


async def test_an_update_too_old_is_given_up(
    quick: Client, listener: Listener, hands: Hands
) -> None:
    """What could not be delivered within a day is not posted any more."""
    await quick.call("setWebhook", url="http://127.0.0.1:9/closed")
    quick.sandbox.world.say(ANN, "old")
    hands.real += 86_400
    await quick.call("setWebhook", url=listener.url)
    quick.sandbox.world.say(ANN, "new")
    await listener.until(1)
    assert listener.taken == ["new"]


async def test_a_closed_port_is_an_error_in_the_info(quick: Client) -> None:
    """An address that nobody listens at is told in getWebhookInfo, and the update is kept."""
    url = "http://127.0.0.1:9/closed"
    settings = {"max_connections": 3, "ip_address": "127.0.0.1", "allowed_updates": ["message"]}
    await quick.call("setWebhook", url=url, **settings)
    quick.sandbox.world.say(ANN, "one")
    info: dict[str, Any] = {}
    while "last_error_date" not in info:
        info = (await quick.call("getWebhookInfo")).result
    assert info["url"] == url
    assert settings.items() <= info.items()
    assert info["pending_update_count"] == 1


async def test_polling_and_a_webhook_exclude_each_other(quick: Client, listener: Listener) -> None:
    """While a webhook is set getUpdates is 409; setting one ends a poll that waits."""
    poll = asyncio.create_task(quick.call("getUpdates", timeout=30))
    await asyncio.wait_for(quick.sandbox.world.updates.polling.wait(), 60)
    await quick.call("setWebhook", url=listener.url)
    ended = await poll
    assert ended.refusal == (409, "Conflict: terminated by setWebhook request")
    refused = await quick.call("getUpdates")
    assert refused.status == 409
    assert "webhook is active" in refused.body["description"]
    assert (await quick.call("deleteWebhook")).result is True
    assert (await quick.call("getUpdates")).result == []
    assert (await quick.call("getWebhookInfo")).result["url"] == ""


async def test_an_empty_address_removes_the_webhook(quick: Client, listener: Listener) -> None:
    """setWebhook with an empty url is deleteWebhook; dropping drops what waits."""
    await quick.call("setWebhook", url=listener.url)
    await quick.call("setWebhook", url="")
    quick.sandbox.world.say(ANN, "one")
    assert len((await quick.call("getUpdates")).result) == 1
    await quick.call("setWebhook", url=listener.url, drop_pending_updates=True)
    assert (await quick.call("getWebhookInfo")).result["pending_update_count"] == 0
    await quick.call("deleteWebhook", drop_pending_updates=True)
    assert listener.posts == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "ftp://example.com"}, "invalid webhook URL specified"),
        (
            {"url": "https://example.com", "secret_token": "not allowed"},
            "secret token contains unallowed characters or is too long",
        ),
    ],
)
async def test_a_wrong_webhook_is_refused(
    quick: Client, params: dict[str, Any], reason: str
) -> None:
    """Addresses and secrets that Telegram does not take are refused."""
    answer = await quick.call("setWebhook", **params)
    assert answer.refusal == (400, f"Bad Request: {reason}")
