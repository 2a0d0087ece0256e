"""A sandbox on a free port, with hands on its time, and a plain HTTP client for its Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import pytest

from bot.sandbox import Limits, Sandbox
from tests.sandbox.schema import BotApiSchema, schema_path

ANN, CARL, OLGA = 1001, 1002, 1003


@dataclass
class Hands:
    """The time of messages and the real time, both moved by hand, in seconds."""

    unix: float = 1_795_000_000.0
    real: float = 5_000.0

    def now(self) -> float:
        return self.unix

    def monotonic(self) -> float:
        return self.real


class FixedDice:
    """Always the same number."""

    def random(self) -> float:
        return 0.5


@dataclass
class Answer:
    """What came back: the status, the decoded body, the headers."""

    status: int
    body: Any
    headers: Any

    @property
    def result(self) -> Any:
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.body["description"]


class Client:
    """Calls one sandbox over HTTP, as a bot (`call`) and as the page (`get`, `post`, `delete`)."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def call(self, method: str, **params: Any) -> Answer:
        return await self.post(f"/bot{self.sandbox.token}/{method}", params)

    async def send_form(self, method: str, form: aiohttp.FormData) -> Answer:
        url = f"{self.sandbox.url}/bot{self.sandbox.token}/{method}"
        async with self.session.post(url, data=form) as response:
            return Answer(response.status, await response.json(), response.headers)

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path)

    async def post(self, path: str, body: Any) -> Answer:
        return await self._ask("POST", path, json=body)

    async def delete(self, path: str) -> Answer:
        return await self._ask("DELETE", path)

    async def bytes_of(self, path: str, **headers: str) -> tuple[int, bytes, str]:
        async with self.session.get(self.sandbox.url + path, headers=headers) as response:
            return response.status, await response.read(), response.content_type

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        updates: list[dict[str, Any]] = (await self.call("getUpdates", **params)).result
        return updates

    async def _ask(self, verb: str, path: str, **options: Any) -> Answer:
        async with self.session.request(verb, self.sandbox.url + path, **options) as response:
            return Answer(response.status, orjson.loads(await response.read()), response.headers)


Open = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
def schema() -> BotApiSchema | None:
    """The published schema, or none where it is not at hand."""
    path = schema_path()
    return BotApiSchema(path) if path else None


@pytest.fixture
def hands() -> Hands:
    """Time that stands still until it is moved."""
    return Hands()


@pytest.fixture
async def open_sandbox(hands: Hands, schema: BotApiSchema | None) -> AsyncIterator[Open]:
    """Opens sandboxes; at the end everything they answered is checked against the schema."""
    clients: list[Client] = []

    async def open_one(**options: Any) -> Client:
        given = {"now": hands.now, "monotonic": hands.monotonic, "dice": FixedDice(), **options}
        sandbox = Sandbox(**given)
        await sandbox.start()
        clients.append(Client(sandbox, aiohttp.ClientSession()))
        return clients[-1]

    yield open_one
    for client in clients:
        await client.session.close()
        await client.sandbox.stop()
    if schema is not None:
        problems = [problem for client in clients for problem in _answers(client.sandbox, schema)]
        assert problems == []


@pytest.fixture
async def client(open_sandbox: Open) -> Client:
    """A sandbox without rates, where Ann has started the bot."""
    client = await open_sandbox(limits=Limits.unlimited())
    client.sandbox.world.say(ANN, "/start")
    return client


def _answers(sandbox: Sandbox, schema: BotApiSchema) -> list[str]:
    """What is wrong with what the sandbox answered of its own accord."""
    problems = []
    for entry in sandbox.journal.entries:
        if entry.status == 200 and isinstance(entry.answer, dict) and entry.answer.get("ok"):
            problems += schema.check_answer(entry.method, entry.answer["result"])
            if entry.method == "getUpdates":
                for update in entry.answer["result"]:
                    problems += schema.check_update(update)
    return problems
