import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web

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
async def hooked(inbox: Inbox) -> AsyncIterator[str]:
    """The webhook's address."""
    app = webhook_app(SECRET, inbox.store, "/hook", storage_error=DiskFullError)
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
