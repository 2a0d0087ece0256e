"""What the phone page asks for: people, chats, events, files, the clock, faults, the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from bot.sandbox.conversation import NoSuchPerson, Person, Unable
from bot.sandbox.faults import Faults
from bot.sandbox.files import KINDS
from bot.sandbox.journal import Journal
from bot.sandbox.phones import Events
from bot.sandbox.refusals import Refusal
from bot.sandbox.shapes import Json, Mistyped, flag, record, text, whole
from bot.sandbox.world import World

_FOLDER = Path(__file__).parent / "phone"
_MINUTE_MS = 60_000
_LONGEST_SKIP_MINUTES = 366 * 24 * 60

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PERSON = record({"first_name": text}, {"language_code": text})
_TEXT = record({"text": text}, {"reply_to": whole})
_PRESS = record({"message_id": whole, "data": text})
_BLOCK = record({"blocked": flag})
_SKIP = record({"minutes": whole})
_NEXT = record({"person": whole})


_NO_SCRIPTS = {
    # Whatever somebody uploads is shown as what it claims to be, and never runs on the page's origin.
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}


class ClockControl(Protocol):
    """The bot's clock, when the sandbox runs beside it: it can be put forward."""

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""

    def now(self) -> int:
        """The bot's time, Unix milliseconds."""

    async def skip(self, ms: int) -> None:
        """Put it forward."""

    async def next_for(self, person: int) -> int | None:
        """When the person's next surprise comes; none when none is planned."""


class Page:
    """The page and the HTTP API it is built on; errors are `{"error": ...}`."""

    def __init__(
        self, world: World, journal: Journal, faults: Faults, clock: ClockControl | None
    ) -> None:
        self._world = world
        self._journal = journal
        self._faults = faults
        self.clock = clock

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Put all its addresses into the router."""
        for method, path, handler in (
            ("GET", "/", self._index),
            ("GET", "/phone/people", self._people),
            ("POST", "/phone/people", self._add_person),
            ("GET", "/phone/chat/{person}", self._chat),
            ("GET", "/phone/events/{person}", self._events),
            ("POST", "/phone/chat/{person}/text", self._say),
            ("POST", "/phone/chat/{person}/media", self._send),
            ("POST", "/phone/chat/{person}/press", self._press),
            ("POST", "/phone/chat/{person}/block", self._block),
            ("GET", "/phone/file/{file_id}", self._file),
            ("GET", "/phone/clock", self._show_clock),
            ("POST", "/phone/clock/skip", self._skip),
            ("POST", "/phone/clock/next", self._skip_to_next),
            ("POST", "/phone/faults", self._order_fault),
            ("DELETE", "/phone/faults", self._clear_faults),
            ("GET", "/phone/journal", self._show_journal),
            ("GET", "/phone/violations", self._violations),
            ("GET", r"/phone/{asset:[\w-]+\.\w+}", self._asset),
        ):
            router.add_route(method, path, _guarded(handler))

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return _asset("index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return _asset(request.match_info["asset"])

    async def _people(self, _request: web.Request) -> web.Response:
        return _json([person.shown() for person in self._world.people.values()])

    async def _add_person(self, request: web.Request) -> web.Response:
        asked = _PERSON(await _body(request))
        name = asked["first_name"].strip()
        if not name:
            raise Mistyped("first_name must be non-empty")
        return _json(self._world.add_person(name, asked.get("language_code", "")).shown())

    async def _chat(self, request: web.Request) -> web.Response:
        world, person = self._world, self._person(request)
        return _json(
            {
                "bot": {
                    "first_name": world.profile.text("name", person.language_code),
                    "username": world.bot["username"],
                    "description": world.profile.text("description", person.language_code),
                },
                "messages": world.messages(person.id),
                "commands": world.profile.menu(person.id, person.language_code),
                "blocked": world.chats[person.id].blocked,
            }
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with self._world.phones.listen(person.id) as events:
            await stream.prepare(request)
            await stream.write(b": listening\n\n")
            seconds = self._world.limits.keep_alive_seconds
            while (chunk := await _next_chunk(events, seconds)) is not None:
                try:
                    await stream.write(chunk)
                except ConnectionError:
                    break  # the page was closed
        return stream

    async def _say(self, request: web.Request) -> web.Response:
        person, asked = self._person(request), _TEXT(await _body(request))
        self._world.say(person.id, asked["text"], reply_to=asked.get("reply_to"))
        return _json(self._world.messages(person.id)[-1])

    async def _send(self, request: web.Request) -> web.Response:
        person, query = self._person(request), request.query
        if query.get("kind") not in KINDS:
            raise Mistyped(f"kind must be one of {', '.join(KINDS)}")
        self._world.send(
            person.id,
            query["kind"],
            await request.read(),
            mime_type=request.content_type,
            name=query.get("file_name", ""),
            duration=round(_number(query.get("duration", "0"))),
            reply_to=whole(query["reply_to"]) if "reply_to" in query else None,
        )
        return _json(self._world.messages(person.id)[-1])

    async def _press(self, request: web.Request) -> web.Response:
        person, asked = self._person(request), _PRESS(await _body(request))
        return _json({"press": self._world.press(person.id, asked["message_id"], asked["data"])})

    async def _block(self, request: web.Request) -> web.Response:
        person, asked = self._person(request), _BLOCK(await _body(request))
        self._world.block(person.id, asked["blocked"])
        return _json({"blocked": asked["blocked"]})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._world.files.named(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound(text="There is no such file.")
        headers = {"Content-Type": stored.mime_type, **_NO_SCRIPTS}
        return web.FileResponse(stored.disk, headers=headers)

    async def _show_clock(self, _request: web.Request) -> web.Response:
        return _json(await self._clock_facts())

    async def _skip(self, request: web.Request) -> web.Response:
        minutes = _SKIP(await _body(request))["minutes"]
        if not 0 < minutes <= _LONGEST_SKIP_MINUTES:
            raise Mistyped(f"minutes must be 1 to {_LONGEST_SKIP_MINUTES}")
        await self._attached_clock().skip(minutes * _MINUTE_MS)
        return _json(await self._clock_facts())

    async def _skip_to_next(self, request: web.Request) -> web.Response:
        clock, person = self._attached_clock(), _NEXT(await _body(request))["person"]
        moment = await clock.next_for(person)
        if moment is None:
            raise Unable(
                "No surprise is planned just now. Answer the open question, or go on an hour."
            )
        await clock.skip(max(0, moment - clock.now()))
        return _json(await self._clock_facts())

    async def _order_fault(self, request: web.Request) -> web.Response:
        self._faults.add(await _body(request))
        return _json({"pending": len(self._faults.pending)})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return _json({"pending": 0})

    async def _show_journal(self, request: web.Request) -> web.Response:
        since = whole(request.query.get("since", "0"))
        entries = [entry.shown() for entry in self._journal.since(since)]
        return _json({"next": self._journal.next, "entries": entries})

    async def _violations(self, _request: web.Request) -> web.Response:
        return _json([asdict(violation) for violation in self._journal.violations])

    def _person(self, request: web.Request) -> Person:
        number = request.match_info["person"]
        person = self._world.people.get(int(number)) if number.isdecimal() else None
        if person is None:
            raise NoSuchPerson(f"Nobody has the number {number}.")
        return person

    def _attached_clock(self) -> ClockControl:
        if self.clock is None:
            raise web.HTTPNotFound(text="No bot's clock is attached to this sandbox.")
        return self.clock

    async def _clock_facts(self) -> Json:
        clock = self._attached_clock()
        moments = {person: await clock.next_for(person) for person in self._world.people}
        planned = {str(person): at for person, at in moments.items() if at is not None}
        return {"now": clock.now(), "speed": clock.speed, "next": planned}


def _guarded(handler: _Handler) -> _Handler:
    """The handler, with errors as the page takes them, and closed to pages from elsewhere."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            origin = request.headers.get("Origin")
            if origin is not None and urlsplit(origin).netloc != request.host:
                raise web.HTTPForbidden(text="Only the sandbox's own page may do this.")
            return await handler(request)
        except (Mistyped, Refusal) as error:
            return _error(400, str(error))
        except NoSuchPerson as error:
            return _error(404, str(error))
        except Unable as error:
            return _error(409, str(error))
        except web.HTTPException as error:
            return _error(error.status, error.text or error.reason)

    return guarded


async def _body(request: web.Request) -> Any:
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise Mistyped("The request must be JSON") from None


async def _next_chunk(events: Events, seconds: float) -> bytes | None:
    try:
        event = await asyncio.wait_for(events.get(), seconds)
    except TimeoutError:
        return b": keep-alive\n\n"
    return None if event is None else b"data: " + event + b"\n\n"


def _asset(name: str) -> web.StreamResponse:
    path = _FOLDER / name
    if not path.is_file():
        raise web.HTTPNotFound(text=f"There is no {name}.")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _number(value: str) -> float:
    try:
        return min(max(0.0, float(value)), 86_400.0)
    except ValueError:
        raise Mistyped("duration must be a number of seconds") from None


def _json(answer: Any) -> web.Response:
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


def _error(status: int, reason: str) -> web.Response:
    return web.Response(
        status=status, body=orjson.dumps({"error": reason}), content_type="application/json"
    )
