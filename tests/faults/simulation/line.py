"""The way to Telegram without a network: requests reach a Bot API in the same process, or do not.

Telegram's own rules hold there: updates are acknowledged by the offset, presses are dropped after 150
seconds and messages after a day, chats and the whole bot have their rates.
"""

import asyncio
import email
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import aiohttp
import orjson
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import NetworkError

from bot.drill.dice import Dice
from bot.sandbox.bot_api import METHODS
from bot.sandbox.journal import Entry, Journal
from bot.sandbox.refusals import Refusal
from bot.sandbox.requests import recorded
from bot.sandbox.shapes import Json, Upload
from bot.sandbox.world import World
from bot.wire.multipart import Multipart
from bot.wire.transport import AiohttpRequest, Timeouts, _Answer
from tests.faults.simulation.disk import Fate

_KEY = ConnectionKey("api.telegram.org", 443, True, True, None, None, None)
_HTML = b"<html><body><h1>Bad Gateway</h1></body></html>"


def _refusal(status: int, **parameters: Any) -> _Answer:
    body: Json = {"ok": False, "error_code": status, "description": f"simulated {status}"}
    if parameters:
        body["parameters"] = parameters
    return _Answer(status, None, orjson.dumps(body))


ANSWERS: dict[str, _Answer] = {
    "429": _refusal(429, retry_after=3),
    "429 without a time": _Answer(429, None, b"Too Many Requests"),
    "400": _refusal(400),
    "401": _refusal(401),
    "403": _refusal(403),
    "404": _refusal(404),
    "409": _refusal(409),
    "500": _refusal(500),
    "502 as a page": _Answer(502, None, _HTML),
    "504": _Answer(504, None, _HTML),
}
"""Faults that are an answer; the request is not carried out."""

BEFORE: dict[str, Callable[[], Exception]] = {
    "connection refused": lambda: aiohttp.ClientConnectorError(_KEY, OSError(111, "refused")),
    "connection timeout": lambda: aiohttp.ConnectionTimeoutError("connecting"),
    "no such host": lambda: aiohttp.ClientConnectorDNSError(_KEY, OSError(-2, "unknown")),
    "reset before": lambda: aiohttp.ServerDisconnectedError(),
}
"""Faults that break off before the request is carried out."""

AFTER: dict[str, Callable[[], Exception]] = {
    "reset after delivery": lambda: aiohttp.ClientOSError(104, "reset by peer"),
    "timeout after delivery": lambda: aiohttp.SocketTimeoutError("reading"),
    "truncated": lambda: aiohttp.ClientPayloadError("not all bytes came"),
}
"""Faults that break off after the request was carried out: nobody can know."""

NETWORK = (*ANSWERS, *BEFORE, *AFTER, "no JSON", "slow drip")
PERMANENT = ("400", "403")
"""What a message is not tried again after: Telegram has spoken."""


@dataclass
class Weather:
    """Which faults of `NETWORK` befall requests, how often each, and until when (loop's seconds)."""

    kinds: tuple[str, ...] = ()
    chance: float = 0.0
    until: float = 0.0
    met: dict[str, int] = field(default_factory=dict)

    def fault(self, dice: Dice, now: float) -> str:
        """The fault of one request; empty: all is well."""
        if not self.kinds or now >= self.until or dice.random() >= self.chance * len(self.kinds):
            return ""
        kind = self.kinds[int(dice.random() * len(self.kinds))]
        self.met[kind] = self.met.get(kind, 0) + 1
        return kind


class Line(AiohttpRequest):
    """The bot's transport with the wire taken out; `fate` may end the program on either side of it.

    `handed`: every update the bot was given, by its number; `acknowledged`: those that Telegram has
    forgotten since. `documents`: files that the bot sent, with the chat of each.
    """

    def __init__(
        self, world: World, journal: Journal, weather: Weather, fate: Fate, dice: Dice
    ) -> None:
        super().__init__()
        self._world = world
        self._journal = journal
        self._weather = weather
        self._fate = fate
        self._dice = dice
        self.handed: dict[int, Json] = {}
        self.acknowledged: set[int] = set()
        self.documents: list[tuple[str, bytes]] = []
        self.on_hook: Callable[[], object] = dict

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def _send(self, method: str, url: str, body: bytes, timeouts: Timeouts) -> _Answer:
        return await self._exchange(url.rpartition("/")[2], orjson.loads(body) if body else {})

    async def _upload(self, url: str, body: Multipart, timeouts: Timeouts) -> _Answer:
        content = b"".join([piece async for piece in body.pieces()])
        head = f"Content-Type: {body.headers['Content-Type']}\r\n\r\n".encode()
        return await self._exchange(url.rpartition("/")[2], _form(head + content))

    async def _pieces(
        self, url: str, limit_bytes: int, total_seconds: float
    ) -> AsyncGenerator[bytes, None]:
        await self._travel()
        if self._weather.fault(self._dice, self._now()):
            raise NetworkError("simulated")
        stored = self._world.files.at(url.partition("/file/bot")[2].partition("/")[2])
        if stored is None:
            raise NetworkError("the link to the file no longer works")
        yield stored.disk.read_bytes()

    async def _exchange(self, name: str, given: Json) -> _Answer:
        self._fate.point(f"before {name}")
        await self._travel()
        fault = self._weather.fault(self._dice, self._now())
        if fault in BEFORE:
            raise BEFORE[fault]()
        if fault in ANSWERS:
            self._record(name, given, ANSWERS[fault], delivered=False)
            self._dated()
            return ANSWERS[fault]
        answer, objection = await self._carried_out(name, given)
        self._record(name, given, answer, objection, told=0 if fault in AFTER else answer.status)
        self._fate.point(f"after {name}")
        await self._travel()
        if fault == "slow drip":
            await asyncio.sleep(15)
        if fault in AFTER:
            if fault.startswith("timeout"):
                await asyncio.sleep(20)
            raise AFTER[fault]()
        self._dated()
        return _Answer(200, None, b'{"ok": tr') if fault == "no JSON" else answer

    def settled(self, raw: Json) -> None:
        """An update was brought to the webhook and answered with 200."""
        self.handed[raw["update_id"]] = raw
        self.acknowledged.add(raw["update_id"])

    async def _carried_out(self, name: str, given: Json) -> tuple[_Answer, str]:
        if name == "setWebhook":
            self._world.updates.allow(given.get("allowed_updates"))
            self.on_hook()
            return _Answer(200, None, b'{"ok": true, "result": true}'), ""
        method = METHODS[name.lower()]
        try:
            read = method.read(given)
            if name == "getUpdates":
                self._acknowledge(read.get("offset", 0))
            result = method.run(self._world, read)
            if asyncio.iscoroutine(result):
                result = await result
        except Refusal as refusal:
            wait = {} if refusal.retry_after is None else {"retry_after": refusal.retry_after}
            answer = _refusal(refusal.status, **wait)
            described = orjson.loads(answer.body) | {"description": refusal.description}
            return _Answer(refusal.status, None, orjson.dumps(described)), refusal.description
        body = orjson.dumps({"ok": True, "result": result})
        if name == "getUpdates":
            # Not by orjson: strange updates may hold what it will not read.
            for one in json.loads(body)["result"]:
                self.handed.setdefault(one["update_id"], one)
        return _Answer(200, None, body), ""

    def _acknowledge(self, offset: int) -> None:
        """Telegram forgets what it handed out below an offset; one of another numbering says nothing."""
        waiting = {update.id for update in self._world.updates.waiting()}
        if offset <= self._world.updates.next_id + 10:
            self.acknowledged |= {one for one in waiting if one < offset and one in self.handed}

    def _record(
        self,
        name: str,
        given: Json,
        answer: _Answer,
        objection: str = "",
        *,
        told: int | None = None,
        delivered: bool = True,
    ) -> None:
        # Updates in the journal would only repeat what people did.
        body = b"" if name == "getUpdates" else answer.body
        content = orjson.dumps(recorded(given))
        if name == "sendDocument" and isinstance(given.get("document"), Upload):
            self.documents.append((given["chat_id"], given["document"].data))
        status = answer.status if told is None else told
        at = int(self._world.now() * 1000)
        self._journal.record(Entry(name, content, status, body, at, delivered), objection)

    def _dated(self) -> None:
        """Every answer has Telegram's time on it, which is right."""
        if self.heard is not None:
            self.heard(formatdate(self._world.now(), usegmt=True))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _travel(self) -> None:
        await asyncio.sleep(0.02 + 0.2 * self._dice.random())


def _form(content: bytes) -> Json:
    given: Json = {}
    for part in email.message_from_bytes(content).walk():
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            file = part.get_filename()
            given[name] = Upload(file, part.get_content_type(), data) if file else data.decode()
    attached = {v[9:]: k for k, v in given.items() if isinstance(v, str) and v[:9] == "attach://"}
    for attachment, name in attached.items():
        given[name] = given.pop(attachment)
    return given
