import asyncio
import inspect
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ClientSession, web
from multidict import CIMultiDict

from bot.wire import webhook
from bot.wire.origin import FORWARDED, Origin, from_telegram
from bot.wire.webhook import LIMIT_BYTES, SECRET_HEADER, webhook_app

SECRET = "right_s3cret-"
UPDATE = {"update_id": 700, "message": {"text": "I led the move of three offices."}}


class DiskFullError(Exception):
    """What a store raises when it cannot write."""


class Inbox:
    """A store that keeps what it is given once it is let, or fails."""

    def __init__(self) -> None:
        self.stored: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.asked = asyncio.Event()
        self.may_commit = asyncio.Event()
        self.may_commit.set()

    async def store(self, updates: list[dict[str, Any]]) -> None:
        self.asked.set()
        await self.may_commit.wait()
        if self.error is not None:
            raise self.error
        self.stored += updates


@asynccontextmanager
async def hooked(inbox: Inbox, origin: Origin | None = None) -> AsyncIterator[str]:
    """The webhook's address."""
    app = webhook_app(SECRET, inbox.store, "/hook", storage_error=DiskFullError, origin=origin)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def status_of(
    url: str, body: bytes | io.BytesIO, headers: dict[str, str] | None = None
) -> tuple[int, str | None]:
    """Status and Retry-After of one delivery, with the right secret unless told otherwise."""
    given = {SECRET_HEADER: SECRET} if headers is None else headers
    async with ClientSession() as session, session.post(url, data=body, headers=given) as answer:
        return answer.status, answer.headers.get("Retry-After")


async def test_an_update_is_answered_only_when_it_is_stored() -> None:
    """There is no answer before the store has returned, and 200 after it has."""
    inbox = Inbox()
    inbox.may_commit.clear()
    async with hooked(inbox) as url:
        delivery = asyncio.create_task(status_of(url, json.dumps(UPDATE).encode()))
        await inbox.asked.wait()
        done, _ = await asyncio.wait({delivery}, timeout=0.05)
        assert not done
        inbox.may_commit.set()
        assert await delivery == (200, None)
    assert inbox.stored == [UPDATE]


async def test_an_update_that_cannot_be_stored_is_to_come_again() -> None:
    """A full disk is 503 with a time to come again."""
    inbox = Inbox()
    inbox.error = DiskFullError("disk full")
    async with hooked(inbox) as url:
        assert await status_of(url, json.dumps(UPDATE).encode()) == (503, "5")
        inbox.error = None
        assert await status_of(url, json.dumps(UPDATE).encode()) == (200, None)


async def test_a_programming_error_is_not_a_success(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever else the store raises, Telegram is not told that the update arrived."""
    inbox = Inbox()
    inbox.error = KeyError("oops")
    async with hooked(inbox) as url:
        assert (await status_of(url, json.dumps(UPDATE).encode()))[0] == 500
    assert "Error handling request" in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({SECRET_HEADER: "wrong"}, 403),
        ({SECRET_HEADER: ""}, 403),
        ({SECRET_HEADER: SECRET + "x"}, 403),
        ({SECRET_HEADER: "schön"}, 403),
    ],
)
async def test_a_stranger_is_turned_away(headers: dict[str, str], status: int) -> None:
    """Without the right secret nothing is stored."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        assert (await status_of(url, json.dumps(UPDATE).encode(), headers))[0] == status
    assert inbox.stored == []


async def test_a_body_that_is_too_large_is_not_read() -> None:
    """A body over 1 MB is refused whether or not it says so beforehand."""
    inbox = Inbox()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    async with hooked(inbox) as url, ClientSession() as session:
        assert (await status_of(url, io.BytesIO(b" " * (LIMIT_BYTES + 1))))[0] == 413
        secret = {SECRET_HEADER: SECRET}
        async with session.post(url, data=chunks(), headers=secret) as answer:
            assert answer.status == 413
        full = json.dumps(UPDATE).encode().ljust(LIMIT_BYTES)
        assert (await status_of(url, full))[0] == 200
    assert inbox.stored == [UPDATE]


@pytest.mark.parametrize(
    "update",
    [{"update_id": 5}, {"update_id": 6, "message": "not a message"}, {"update_id": 7, "new": {}}],
)
async def test_an_odd_update_is_stored_all_the_same(update: dict[str, Any]) -> None:
    """Whatever has an update_id is kept, also what this program does not understand."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        assert await status_of(url, json.dumps(update).encode()) == (200, None)
    assert inbox.stored == [update]


@pytest.mark.parametrize("body", ["{}", "[]", "null", '"x"'])
async def test_what_is_no_update_is_let_go(body: str) -> None:
    """What could not even be named is answered 200, so that it does not block the chat."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        assert (await status_of(url, body.encode()))[0] == 200
    assert inbox.stored == []


@pytest.mark.parametrize("update_id", ['"7"', "true", "-1", "7.0", str(2**63)])
async def test_what_is_no_update_id_is_let_go(update_id: str) -> None:
    """An update_id that the inbox could not hold is answered 200 and left alone."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        assert (await status_of(url, f'{{"update_id":{update_id}}}'.encode()))[0] == 200
    assert inbox.stored == []


@pytest.mark.parametrize("body", [b"", b"{", b"hello", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_not_json_is_a_bad_request(body: bytes) -> None:
    """A mangled body is refused, so that Telegram brings the update again."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        assert (await status_of(url, body))[0] == 400
    assert inbox.stored == []


async def test_half_an_emoji_does_not_stop_an_update() -> None:
    """An update with a lone surrogate is stored, with a question mark in its place."""
    inbox = Inbox()
    async with hooked(inbox) as url:
        body = b'{"update_id":8,"message":{"text":"\\ud83d"}}'
        assert (await status_of(url, body))[0] == 200
    assert inbox.stored == [{"update_id": 8, "message": {"text": "?"}}]


PROXY = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        (PROXY, "149.154.167.220", 200),
        (PROXY, "91.108.7.255", 200),
        (PROXY, "::ffff:149.154.160.1", 200),
        (PROXY, "6.6.6.6, 149.154.160.0", 200),
        (PROXY, "149.154.175.255 ", 200),
        (PROXY, "149.154.176.0", 403),
        (PROXY, "91.108.8.0", 403),
        (PROXY, "149.154.167.220, 6.6.6.6", 403),
        (PROXY, "149.154.167.220, unknown", 403),
        (PROXY, "149.154.167.220:443", 403),
        (PROXY, "", 403),
        (PROXY, None, 403),
        ((ip_network("10.0.0.0/8"),), "149.154.167.220", 403),
        ((), "149.154.167.220", 403),
    ],
)
async def test_only_telegram_may_call(
    proxies: tuple[Any, ...], forwarded: str | None, status: int
) -> None:
    """The caller is who the own proxy says, by the end of its header; anybody else's word is nothing."""
    inbox = Inbox()
    headers = {SECRET_HEADER: SECRET} | ({} if forwarded is None else {FORWARDED: forwarded})
    async with hooked(inbox, from_telegram(proxies)) as url:
        assert (await status_of(url, json.dumps(UPDATE).encode(), headers))[0] == status
    assert inbox.stored == [UPDATE] * (status == 200)


async def test_a_direct_call_must_come_from_the_range() -> None:
    """Without a proxy the connection itself counts, and the secret is asked for all the same."""
    inbox = Inbox()
    body = json.dumps(UPDATE).encode()
    async with hooked(inbox, lambda request: request.remote == "127.0.0.1") as url:
        assert (await status_of(url, body))[0] == 200
        assert (await status_of(url, body, {}))[0] == 401
    async with hooked(inbox, from_telegram()) as url:
        assert (await status_of(url, body))[0] == 403
    assert inbox.stored == [UPDATE]


async def test_two_headers_are_read_to_their_end() -> None:
    """A caller who sends the header as well does not get in between the proxy's word and ours."""
    inbox = Inbox()
    body = json.dumps(UPDATE).encode()
    for told, status in (("149.154.160.1", "6.6.6.6"), 403), (("6.6.6.6", "149.154.160.1"), 200):
        headers = CIMultiDict([(SECRET_HEADER, SECRET), *((FORWARDED, one) for one in told)])
        async with (
            hooked(inbox, from_telegram(PROXY)) as url,
            ClientSession() as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            assert answer.status == status


def test_the_secret_is_compared_in_constant_time() -> None:
    """The one comparison of the secret is the one made for it."""
    source = inspect.getsource(webhook)
    assert 'hmac.compare_digest(given.encode(errors="replace"), secret.encode())' in source
    assert not re.search(r"(==|!=) *secret|secret *(==|!=)", source)
