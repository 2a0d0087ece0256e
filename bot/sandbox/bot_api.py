"""The Bot API: every request is read, carried out, answered and recorded here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import dataclass, field

import orjson
from aiohttp import web

from bot.sandbox import editing, intake, introducing, sending
from bot.sandbox.faults import Fault, Faults, reset, slowly
from bot.sandbox.journal import Entry, Journal
from bot.sandbox.method import Method
from bot.sandbox.refusals import Refusal
from bot.sandbox.requests import read_request, recorded
from bot.sandbox.shapes import Json
from bot.sandbox.world import World

METHODS: dict[str, Method] = {
    method.name.lower(): method
    for method in (*intake.METHODS, *sending.METHODS, *editing.METHODS, *introducing.METHODS)
}
_BLAMELESS = (401, 403, 409)
"""Refusals that come about without a mistake of the bot's."""
_TYPE = {"Content-Type": "application/json"}
_NO_METHOD = Refusal(404, "Not Found")


@dataclass(slots=True)
class _Exchange:
    """A request and its answer."""

    name: str
    given: Json = field(default_factory=dict)
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: _TYPE)
    objection: str = ""

    def refuse(self, refusal: Refusal) -> None:
        answer: Json = {
            "ok": False,
            "error_code": refusal.status,
            "description": refusal.description,
        }
        if refusal.retry_after is not None:
            answer["parameters"] = {"retry_after": refusal.retry_after}
            self.headers = _TYPE | {"Retry-After": str(refusal.retry_after)}
        self.status, self.body = refusal.status, orjson.dumps(answer)
        self.objection = "" if refusal.status in _BLAMELESS else refusal.description

    def response(self) -> web.Response:
        return web.Response(status=self.status, body=self.body, headers=self.headers)


class BotApi:
    """Answers what comes to `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, world: World, token: str, journal: Journal, faults: Faults) -> None:
        self._world = world
        self._token = token
        self._journal = journal
        self._faults = faults

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One request of the bot."""
        if request.match_info["token"] != self._token:
            return _refused(Refusal(401, "Unauthorized"))
        name = request.match_info["method"]
        method = METHODS.get(name.lower())
        name = method.name if method else name
        fault = self._faults.take(name) if self._faults.pending else None
        if fault is not None:
            return await self._fail(fault, method, _Exchange(name), request)
        exchange = _Exchange(name)
        await self._carry_out(method, exchange, request)
        self._record(exchange)
        return exchange.response()

    async def download(self, request: web.Request) -> web.StreamResponse:
        """One file; 404 when there is none at that path."""
        fault = self._faults.take("download") if self._faults.pending else None
        if fault is not None:
            await asyncio.sleep(fault.delay)
        if fault is not None and not fault.delivers:
            return reset(request) if fault.reset else fault.response()
        stored = self._world.files.at(request.match_info["path"])
        if request.match_info["token"] != self._token or stored is None:
            return _refused(_NO_METHOD)
        return web.FileResponse(stored.disk, headers={"Content-Type": stored.mime_type})

    async def _carry_out(
        self, method: Method | None, exchange: _Exchange, request: web.Request
    ) -> None:
        """Do what is asked, or refuse it."""
        try:
            exchange.given = await read_request(request)
            if method is None:
                raise _NO_METHOD
            exchange.given = method.read(exchange.given)
            result = method.run(self._world, exchange.given)
            if isinstance(result, Awaitable):
                result = await result
            exchange.status = 200
            exchange.body = orjson.dumps({"ok": True, "result": result})
        except Refusal as refusal:
            exchange.refuse(refusal)

    async def _fail(
        self, fault: Fault, method: Method | None, exchange: _Exchange, request: web.Request
    ) -> web.StreamResponse:
        """Answer as the fault wants it."""
        if fault.delivers:
            await self._carry_out(method, exchange, request)
        else:
            with contextlib.suppress(Refusal):
                exchange.given = await read_request(request)
        await asyncio.sleep(fault.delay)
        answer = fault.response() if fault.status is not None else exchange.response()
        sent = answer.body if isinstance(answer.body, bytes) and not fault.reset else b""
        exchange.status, exchange.body = (0 if fault.reset else answer.status), sent
        self._record(exchange, fault.delivers)
        if fault.reset:
            return reset(request)
        return await slowly(request, answer, fault) if fault.truncate or fault.drip else answer

    def _record(self, exchange: _Exchange, delivered: bool = True) -> None:
        given, at = orjson.dumps(recorded(exchange.given)), int(self._world.now() * 1000)
        entry = Entry(exchange.name, given, exchange.status, exchange.body, at, delivered)
        self._journal.record(entry, exchange.objection)


def _refused(refusal: Refusal) -> web.Response:
    exchange = _Exchange("")
    exchange.refuse(refusal)
    return exchange.response()
