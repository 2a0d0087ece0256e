"""python-telegram-bot's network layer on aiohttp and orjson, at a fraction of the default's CPU."""

import asyncio
import functools
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import certifi
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest, RequestData

from bot import __version__
from bot.wire.download import TooLarge, pieces_of
from bot.wire.multipart import Multipart
from bot.wire.outcome import Outcome, Unreachable, fault_of, outcome_of, refusal_of, wait_seconds
from bot.wire.payload import decode, encode

__all__ = ["AiohttpRequest", "Outcome", "Timeouts", "TooLarge", "outcome_of", "wait_seconds"]

USER_AGENT: Final = f"Sprung/{__version__}"

ANSWER_BYTES: Final = 16 * 1024 * 1024
"""The longest answer that is read: a hundred updates are some hundred kilobytes."""

# An idle connection may die unseen behind a router, and what is written to it has an unknown
# outcome. A fresh handshake is cheaper than a drill that may not be sent again.
_IDLE_SECONDS: Final = 15.0


class Timeouts(NamedTuple):
    """Patience in seconds; None waits for ever."""

    connect: float | None = 5.0  # to make a connection
    read: float | None = 20.0  # for the next bytes of an answer; getUpdates adds its own timeout
    write: float | None = 5.0  # for a body without files
    pool: float | None = 5.0  # for a free connection
    media_write: float | None = 20.0  # for the next piece of a body with files


class _Answer(NamedTuple):
    status: int
    retry_after: str | None
    body: bytes


class AiohttpRequest(BaseRequest):
    """A pool of kept-alive connections to the Bot API. `outcome_of` tells what its errors prove.

    Bodies are JSON, or multipart when there are files. Proxies are taken from HTTP_PROXY,
    HTTPS_PROXY and NO_PROXY. Redirects are not followed: they would carry the token elsewhere.
    `heard` is told the Date of every answer (None: it had none).
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        timeouts: Timeouts | None = None,
        trust: ssl.SSLContext | None = None,
        heard: Callable[[str | None], None] | None = None,
    ) -> None:
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._trust = trust
        self.heard = heard
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when a call names no other time."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the pool; no connection is made yet."""
        if self._session is not None:
            return
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=self._connections,
                ssl=self._trust or _public_trust(),
                keepalive_timeout=_IDLE_SECONDS,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            # What comes packed unasked is never unpacked: a few kilobytes may become gigabytes.
            auto_decompress=False,
        )

    async def shutdown(self) -> None:
        """Close every connection; `initialize` may open the pool again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer to a request that succeeded; TelegramError if it is not one."""
        try:
            answer = decode(payload)
        except ValueError as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(answer, dict) or "result" not in answer:
            raise TelegramError("Invalid server response")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of a success; every other end is one of the library's errors."""
        parameters = request_data.parameters if request_data is not None else {}
        patience = self._timeouts
        if url.endswith("/getUpdates"):
            patience = _long_poll(patience, parameters.get("timeout"))
        timeouts = Timeouts(
            _seconds(connect_timeout, patience.connect),
            _seconds(read_timeout, patience.read),
            _seconds(write_timeout, patience.write),
            _seconds(pool_timeout, patience.pool),
            _seconds(write_timeout, patience.media_write),
        )
        if request_data is not None and request_data.contains_files:
            body = Multipart(request_data.json_parameters, request_data.multipart_data)
            return await _settled(self._upload(url, body, timeouts), url)
        return await _settled(self._send(method, url, _json(parameters), timeouts), url)

    async def download(
        self,
        url: str,
        sink: Callable[[bytes], object],
        limit_bytes: int,
        *,
        total_seconds: float = 300.0,
    ) -> int:
        """Pass a file's bytes to `sink` as they arrive, and return how many there were.

        Raises TooLarge, or the library's errors; the sink may then hold a part of the file.
        What the sink raises is passed on as it is.
        """
        received = 0
        async with aclosing(self._pieces(url, limit_bytes, total_seconds)) as pieces:
            async for piece in pieces:
                sink(piece)
                received += len(piece)
        return received

    async def _send(self, method: str, url: str, body: bytes, timeouts: Timeouts) -> _Answer:
        headers = {"Content-Type": "application/json"} if body else {}
        waits = (timeouts.pool, timeouts.connect, timeouts.write, timeouts.read)
        patience = _client_timeout(timeouts, _sum(*waits))
        async with self._request(method, url, patience, body or None, headers) as response:
            return await self._read(response)

    async def _upload(self, url: str, body: Multipart, timeouts: Timeouts) -> _Answer:
        """Like `_send`, but the body may take as long as it likes while it keeps moving."""
        now = asyncio.get_running_loop().time
        async with asyncio.timeout(None) as stalled:

            def within(seconds: float | None) -> None:
                stalled.reschedule(None if seconds is None else now() + seconds)

            async def pieces() -> AsyncIterator[bytes]:
                async for piece in body.pieces():
                    within(timeouts.media_write)
                    yield piece
                within(_sum(timeouts.media_write, timeouts.read))

            patience = _client_timeout(timeouts, None)
            async with self._request("POST", url, patience, pieces(), body.headers) as response:
                return await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> _Answer:
        if self.heard is not None:
            self.heard(response.headers.get("Date"))
        body = bytearray()
        async for piece in response.content.iter_any():
            body += piece
            if len(body) > ANSWER_BYTES:
                raise aiohttp.ClientPayloadError(f"an answer of more than {ANSWER_BYTES} bytes")
        return _Answer(response.status, response.headers.get("Retry-After"), bytes(body))

    async def _pieces(
        self, url: str, limit_bytes: int, total_seconds: float
    ) -> AsyncGenerator[bytes, None]:
        patience = _client_timeout(self._timeouts, total_seconds)
        try:
            async with self._request("GET", url, patience, None, {}) as response:
                async for piece in pieces_of(response, limit_bytes):
                    yield piece
        except (TooLarge, TelegramError):
            raise
        except Exception as error:
            fault = fault_of(error, url)
        else:
            return
        raise fault

    def _request(
        self,
        method: str,
        url: str,
        patience: aiohttp.ClientTimeout,
        body: bytes | AsyncIterator[bytes] | None,
        headers: Mapping[str, str],
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if self._session is None:
            raise Unreachable("the transport is not open")
        return self._session.request(
            method,
            url,
            data=body,
            headers=headers,
            timeout=patience,
            proxy=self._proxy_for(url),
            allow_redirects=False,
        )

    def _proxy_for(self, url: str) -> str | None:
        """The proxy for this server, looked up once: aiohttp's own look-up takes two threads."""
        origin = url[: url.find("/", len("https://"))]
        if origin not in self._proxies:
            self._proxies[origin] = _environment_proxy(origin)
        return self._proxies[origin]


async def _settled(exchange: Awaitable[_Answer], url: str) -> tuple[int, bytes]:
    try:
        answer = await exchange
    except Exception as error:
        fault: TelegramError = fault_of(error, url)
    else:
        if 200 <= answer.status < 300:
            return answer.status, answer.body
        fault = refusal_of(answer.status, answer.body, answer.retry_after)
    # Raised out here, so that the original, whose text may name the token, is not its context.
    raise fault


def _json(parameters: Mapping[str, object]) -> bytes:
    if not parameters:
        return b""
    try:
        return encode(parameters)
    except (TypeError, ValueError) as error:
        raise BadRequest(f"a parameter has no JSON form: {error}") from error


def _seconds(given: object, usual: float | None) -> float | None:
    if given is None or isinstance(given, int | float):
        return given
    return usual  # the library's "not given"


def _sum(*waits: float | None) -> float | None:
    known = [wait for wait in waits if wait is not None]
    return sum(known) if len(known) == len(waits) else None


def _long_poll(timeouts: Timeouts, poll_seconds: object) -> Timeouts:
    if isinstance(poll_seconds, int | float) and timeouts.read is not None:
        return timeouts._replace(read=timeouts.read + poll_seconds)
    return timeouts


@functools.lru_cache(maxsize=64)
def _client_timeout(timeouts: Timeouts, total: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=total,
        connect=_sum(timeouts.pool, timeouts.connect),
        sock_connect=timeouts.connect,
        sock_read=timeouts.read,
    )


@functools.cache
def _public_trust() -> ssl.SSLContext:
    """The system's certificates and Mozilla's: some systems have none where Python looks."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust


def _environment_proxy(origin: str) -> str | None:
    parts = urlsplit(origin)
    proxy = getproxies().get(parts.scheme)
    if not proxy or proxy_bypass(parts.netloc):
        return None
    if urlsplit(proxy).scheme not in ("http", "https"):
        raise Unreachable(f"{parts.scheme.upper()}_PROXY takes an http:// or https:// address")
    return proxy
