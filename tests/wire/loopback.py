"""Small servers on the loopback interface that behave badly in one chosen way each."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake1"

Conduct = Callable[["Visit"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    line: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Visit:
    """One connection, as the misbehaving server holds it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: list[Request] = field(default_factory=list)

    async def request(self) -> Request:
        """Read one whole request."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        line, *rows = head.strip().split("\r\n")
        headers = {row.split(": ", 1)[0].lower(): row.split(": ", 1)[1] for row in rows}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append(Request(line, headers, body))
        return self.requests[-1]

    def answer(self, body: bytes, status: int = 200, more: str = "", length: int = -1) -> None:
        """Write an answer; `length` may lie about the body's."""
        announced = len(body) if length < 0 else length
        head = f"HTTP/1.1 {status} Status\r\nContent-Length: {announced}\r\n{more}\r\n"
        self.writer.write(head.encode() + body)

    def reset(self) -> None:
        """Cut the connection off with a TCP reset instead of a polite end."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass(slots=True)
class Server:
    """Where the server is and what it was asked so far."""

    url: str
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def method(self, name: str = "sendMessage") -> str:
        """The address of a Bot API method on this server, token and all."""
        return f"{self.url}/bot{TOKEN}/{name}"

    def file(self, path: str = "voice/1.oga") -> str:
        """The address of a file on this server, token and all."""
        return f"{self.url}/file/bot{TOKEN}/{path}"


@asynccontextmanager
async def serving(conduct: Conduct, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that treats every connection as `conduct` says."""
    server = Server("")
    visits: set[asyncio.Task[None]] = set()

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        visits.add(task)
        server.connections += 1
        try:
            await conduct(Visit(reader, writer, server.requests))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return  # the client hung up, or the test is over
        finally:
            writer.close()

    listener = await asyncio.start_server(visited, "127.0.0.1", 0, ssl=tls)
    scheme = "https" if tls else "http"
    server.url = f"{scheme}://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)


def always(body: bytes, status: int = 200, more: str = "") -> Conduct:
    """Answer every request of a connection the same way."""

    async def conduct(visit: Visit) -> None:
        while True:
            await visit.request()
            visit.answer(body, status, more)

    return conduct


def result(value: object) -> bytes:
    """Telegram's form of a success."""
    return json.dumps({"ok": True, "result": value}).encode()


def refusal(code: int, description: str, **parameters: int) -> bytes:
    """Telegram's form of a failure."""
    answer = {"ok": False, "error_code": code, "description": description}
    return json.dumps(answer | ({"parameters": parameters} if parameters else {})).encode()


async def never(visit: Visit) -> None:
    """Read the request and stay silent until the client gives up."""
    await visit.request()
    await visit.reader.read()


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
