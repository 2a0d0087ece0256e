"""Faults on order: wrong answers, slow ones, broken ones, for requests of a method."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.shapes import Json, Mistyped, flag, record, text, whole

_GATEWAY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>"
_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests: retry after 1",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_DRIPS = 10


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` requests of `method` (`*`: of any method).

    Without a `status` the true answer is given, perhaps late, slowly or cut off. `body` is the
    answer: an object, `html` for a gateway's error page, any other text as it is; by default
    Telegram's own. `after_delivery` carries the request out first. `reset` breaks the connection
    instead of answering; `truncate` breaks it in the middle of the answer; `drip` spreads the
    answer over so many seconds; `delay` waits so many seconds, before a request that is not
    carried out, after one that is.
    """

    method: str
    status: int | None = None
    times: int = 1
    body: Json | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    after_delivery: bool = False
    delay: float = 0.0
    drip: float = 0.0
    reset: bool = False
    truncate: bool = False

    @property
    def delivers(self) -> bool:
        """Whether the request is carried out."""
        return self.after_delivery or (self.status is None and not self.reset)

    def response(self) -> web.Response:
        """The wrong answer."""
        status = self.status or 500
        reason = _REASONS.get(status, "Error")
        headers = {"Content-Type": "text/html" if self.body == "html" else "application/json"}
        if self.body == "html":
            body = _GATEWAY_PAGE.format(f"{status} {reason}").encode()
        elif isinstance(self.body, str):
            body = self.body.encode()
        else:
            body = orjson.dumps(self._refusal(reason) if self.body is None else self.body)
        return web.Response(status=status, body=body, headers=headers | self.headers)

    def _refusal(self, reason: str) -> Json:
        refusal = {"ok": False, "error_code": self.status, "description": reason}
        return refusal | {"parameters": {"retry_after": 1}} if self.status == 429 else refusal


class Faults:
    """The faults that are still to happen."""

    def __init__(self) -> None:
        self.pending: list[Fault] = []

    def add(self, order: Any) -> Fault:
        """Take an order in the form of the page's API; raises Mistyped when it is wrong."""
        fault = Fault(**_ORDER(order))
        self.pending.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """The fault for this request, if there is one; counts it."""
        for fault in self.pending:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.pending.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.pending.clear()


def reset(request: web.Request) -> web.Response:
    """Break the connection, so that the other side sees a reset; the answer goes nowhere."""
    if request.transport is not None:
        sock: socket.socket | None = request.transport.get_extra_info("socket")
        if sock is not None:
            # Lingering for no time makes the kernel send RST in place of FIN.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()


async def slowly(request: web.Request, answer: web.Response, fault: Fault) -> web.StreamResponse:
    """Send the answer in drips, or only its first half before the connection breaks."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    stream = web.StreamResponse(status=answer.status, headers=answer.headers)
    stream.content_length = len(body)
    await stream.prepare(request)
    if fault.truncate:
        await stream.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return stream
    step = max(1, len(body) // _DRIPS)
    for at in range(0, len(body), step):
        await stream.write(body[at : at + step])
        await asyncio.sleep(fault.drip / _DRIPS)
    await stream.write_eof()
    return stream


def _status(value: Any) -> int:
    status = whole(value)
    if not 200 <= status <= 599:
        raise Mistyped("must be an HTTP status, 200 to 599")
    return status


def _body(value: Any) -> Json | str:
    if isinstance(value, dict | str):
        return value
    raise Mistyped("must be an Object or a String")


def _headers(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(name): str(content) for name, content in value.items()}
    raise Mistyped("must be an Object")


def _seconds(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    raise Mistyped("must be a number of seconds")


_ORDER = record(
    {"method": text},
    {
        "status": _status,
        "times": whole,
        "body": _body,
        "headers": _headers,
        "after_delivery": flag,
        "delay": _seconds,
        "drip": _seconds,
        "reset": flag,
        "truncate": flag,
    },
)
