import asyncio
import shutil
import socket
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.wire.outcome import Unreachable, wait_seconds
from bot.wire.transport import AiohttpRequest, Outcome, Timeouts, outcome_of
from tests.wire import loopback
from tests.wire.loopback import TOKEN, Conduct, Visit, always, refusal, result, serving

HASTY = Timeouts(connect=0.05, read=0.05, write=0.05, pool=0.05)
HTML = b"<html><body>502 Bad Gateway</body></html>"


async def failure_at(url: str, request: AiohttpRequest) -> TelegramError:
    """The error of one request, once it is seen to keep the token to itself."""
    with pytest.raises(TelegramError) as caught:
        await request.post(url)
    assert_silent_about_the_token(caught.value)
    return caught.value


def assert_silent_about_the_token(error: BaseException) -> None:
    """Neither a traceback nor any error that led to this one may show the token."""
    told = "".join(traceback.format_exception(error))
    links: list[BaseException | None] = [error]
    while links:
        if link := links.pop():
            told += f"{link!s} {link!r} {link.args}"
            links += [link.__cause__, link.__context__]
    assert TOKEN not in told
    assert TOKEN.split(":")[1] not in told


async def reset_unread(visit: Visit) -> None:
    """Cut the connection off at once."""
    visit.reset()


async def reset_after_reading(visit: Visit) -> None:
    """Read the request, then cut the connection off."""
    await visit.request()
    visit.reset()


async def close_after_reading(visit: Visit) -> None:
    """Read the request, then close politely."""
    await visit.request()


async def stop_mid_body(visit: Visit) -> None:
    """Close in the middle of the body."""
    await visit.request()
    visit.answer(b'{"ok":true,"res', length=100)


async def stop_mid_head(visit: Visit) -> None:
    """Close in the middle of the head."""
    await visit.request()
    visit.writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")


async def no_http(visit: Visit) -> None:
    """Answer in another protocol."""
    await visit.request()
    visit.writer.write(b"220 smtp.example.com ESMTP\r\n\r\n")


async def drip(visit: Visit) -> None:
    """Answer one space at a time, for ever."""
    await visit.request()
    visit.answer(b"", length=1_000_000)
    while True:
        visit.writer.write(b" ")
        await visit.writer.drain()
        await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=0.01)


UNKNOWN_ENDS: dict[str, tuple[Conduct, type[TelegramError]]] = {
    "reset before the request was read": (reset_unread, NetworkError),
    "reset after the request was read": (reset_after_reading, NetworkError),
    "closed after the request was read": (close_after_reading, NetworkError),
    "closed in the middle of the body": (stop_mid_body, NetworkError),
    "closed in the middle of the head": (stop_mid_head, NetworkError),
    "an answer that is not HTTP": (no_http, NetworkError),
    "silence": (loopback.never, TimedOut),
    "an answer that never ends": (drip, TimedOut),
    "truncated JSON": (always(b'{"ok":true,"result":{"message_id"'), TelegramError),
    "no JSON at all": (always(HTML), TelegramError),
    "JSON that is no answer": (always(b"[1,2,3]"), TelegramError),
    "a success without a result": (always(b'{"ok":true}'), TelegramError),
    "500": (always(refusal(500, "Internal Server Error"), 500), NetworkError),
    "500 that names a wait": (always(refusal(500, "Busy", retry_after=3), 500), NetworkError),
    "502 with a page": (always(HTML, 502), NetworkError),
    "504 with nothing": (always(b"", 504), NetworkError),
    "a status nobody knows": (always(b"", 599), NetworkError),
    "403 from something else": (always(HTML, 403), NetworkError),
    "404 from something else": (always(HTML, 404), NetworkError),
    "404 in somebody else's JSON": (always(b'{"error":"nope"}', 404), NetworkError),
}


@pytest.mark.parametrize("name", UNKNOWN_ENDS)
async def test_what_may_have_been_delivered_is_unknown(name: str) -> None:
    """Whatever goes wrong once a request is under way leaves its outcome unknown."""
    conduct, family = UNKNOWN_ENDS[name]
    async with serving(conduct) as server, AiohttpRequest(timeouts=HASTY) as request:
        async with asyncio.timeout(1.0):
            error = await failure_at(server.method(), request)
    assert type(error) is family
    assert outcome_of(error) is Outcome.UNKNOWN


REFUSALS: dict[str, tuple[int, bytes, type[TelegramError]]] = {
    "400": (400, refusal(400, "Bad Request: message text is empty"), BadRequest),
    "401": (401, refusal(401, "Unauthorized"), InvalidToken),
    "403": (403, refusal(403, "Forbidden: bot was blocked by the user"), Forbidden),
    "404": (404, refusal(404, "Not Found"), InvalidToken),
    "409": (409, refusal(409, "Conflict: terminated by other getUpdates request"), Conflict),
    "413": (413, refusal(413, "Request Entity Too Large"), BadRequest),
    "a chat that moved": (
        400,
        refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100),
        ChatMigrated,
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_telegram_declines_is_refused(name: str) -> None:
    """Each way in which Telegram declines is the library's own error, and certain."""
    status, body, family = REFUSALS[name]
    async with serving(always(body, status)) as server, AiohttpRequest() as request:
        error = await failure_at(server.method(), request)
    assert type(error) is family
    assert outcome_of(error) is Outcome.REFUSED


def test_an_unknown_method_is_refused() -> None:
    """The library's error for a method that does not exist is a refusal too."""
    assert outcome_of(EndPointNotFound("no such method")) is Outcome.REFUSED


@pytest.mark.parametrize(
    ("body", "more", "seconds"),
    [
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), "", 7.0),
        (refusal(429, "Too Many Requests"), "Retry-After: 5\r\n", 5.0),
        (HTML, "Retry-After: soon\r\n", 1.0),
    ],
    ids=["named in the answer", "named in the header", "not named"],
)
async def test_too_many_requests_were_not_sent(body: bytes, more: str, seconds: float) -> None:
    """429 means not sent, and how long to wait is read from wherever it is said."""
    async with serving(always(body, 429, more)) as server, AiohttpRequest() as request:
        error = await failure_at(server.method(), request)
    assert isinstance(error, RetryAfter)
    assert wait_seconds(error) == seconds
    assert outcome_of(error) is Outcome.NOT_SENT


def test_a_wait_is_read_in_either_of_the_librarys_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait is a number of seconds also where the library was told to give timedeltas."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    assert wait_seconds(RetryAfter(3)) == 3.0


async def test_a_host_that_does_not_exist_got_nothing() -> None:
    """When the name cannot be found, nothing was sent."""
    async with AiohttpRequest() as request:
        error = await failure_at(f"http://nonexistent.invalid/bot{TOKEN}/sendMessage", request)
    assert isinstance(error.__cause__, aiohttp.ClientConnectorDNSError)
    assert outcome_of(error) is Outcome.NOT_SENT


async def test_a_refused_connection_got_nothing() -> None:
    """When nobody listens, nothing was sent."""
    async with AiohttpRequest() as request:
        port = loopback.free_port()
        error = await failure_at(f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage", request)
    assert isinstance(error.__cause__, aiohttp.ClientConnectorError)
    assert outcome_of(error) is Outcome.NOT_SENT


@contextmanager
def full_backlog() -> Iterator[str]:
    """A listener whose queue is full, so that further connections hang."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for one in waiting:
            one.close()


async def test_a_connection_that_takes_too_long_got_nothing() -> None:
    """When no connection comes about in time, nothing was sent."""
    with full_backlog() as url:
        async with AiohttpRequest(timeouts=HASTY) as request:
            error = await failure_at(f"{url}/bot{TOKEN}/sendMessage", request)
    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, Unreachable)
    assert outcome_of(error) is Outcome.NOT_SENT


async def test_a_full_pool_sent_nothing() -> None:
    """When no connection of the pool gets free in time, nothing was sent."""
    async with (
        serving(loopback.never) as server,
        AiohttpRequest(connections=1, timeouts=Timeouts(pool=0.03, connect=0.02)) as request,
    ):
        first = asyncio.create_task(request.post(server.method()))
        while not server.requests:
            await asyncio.wait({first}, timeout=0.001)
        error = await failure_at(server.method("sendPhoto"), request)
        first.cancel()
    assert isinstance(error, TimedOut)
    assert outcome_of(error) is Outcome.NOT_SENT
    assert len(server.requests) == 1


async def test_a_server_without_tls_got_nothing() -> None:
    """When no secure connection comes about, nothing was sent."""

    async def plain(visit: Visit) -> None:
        await visit.reader.read(1)
        visit.answer(HTML, 400)

    async with serving(plain) as server, AiohttpRequest() as request:
        error = await failure_at(server.method().replace("http:", "https:"), request)
    assert isinstance(error.__cause__, aiohttp.ClientSSLError)
    assert outcome_of(error) is Outcome.NOT_SENT


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
async def test_a_certificate_that_is_not_trusted_got_nothing(tmp_path: Path) -> None:
    """A stranger's certificate gets nothing; once trusted, it gets the request."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext"
    names = ["subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    openssl = await asyncio.create_subprocess_exec(
        "openssl", *making.split(), *names, stderr=asyncio.subprocess.DEVNULL
    )
    assert await openssl.wait() == 0
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with serving(always(result(True)), tls) as server:
        async with AiohttpRequest() as request:
            error = await failure_at(server.method(), request)
        assert isinstance(error.__cause__, aiohttp.ClientConnectorCertificateError)
        assert outcome_of(error) is Outcome.NOT_SENT
        assert server.requests == []
        async with AiohttpRequest(trust=trusting) as request:
            assert await request.post(server.method()) is True


async def test_a_tunnel_that_a_proxy_refuses_carried_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the proxy will not connect, nothing was sent, and the address stays concealed."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    async def no_tunnel(visit: Visit) -> None:
        await visit.reader.readuntil(b"\r\n\r\n")
        visit.answer(HTML, 403)

    async with serving(no_tunnel) as proxy, AiohttpRequest() as request:
        monkeypatch.setenv("https_proxy", proxy.url)
        error = await failure_at(f"https://api.nonexistent.invalid/bot{TOKEN}/getMe", request)
    assert outcome_of(error) is Outcome.NOT_SENT


async def test_an_address_that_is_none_got_nothing() -> None:
    """A wrong address is an error that does not repeat it."""
    async with AiohttpRequest() as request:
        error = await failure_at(f"http:///bot{TOKEN}/getMe", request)
    assert outcome_of(error) is Outcome.NOT_SENT
