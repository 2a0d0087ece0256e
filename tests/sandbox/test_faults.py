"""Faults on order: each looks as it would on the wire, and only what should be delivered is."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.sandbox.conftest import ANN, Client


async def order(client: Client, **fault: Any) -> None:
    """Order a fault, by default for sendMessage."""
    answer = await client.post("/phone/faults", {"method": "sendMessage", **fault})
    assert answer.status == 200, answer.body


def sent(client: Client) -> int:
    """How many messages of the bot Ann has."""
    return sum(not message["outgoing"] for message in client.sandbox.world.messages(ANN))


async def send(client: Client) -> Any:
    """The answer to one message."""
    return await client.call("sendMessage", chat_id=ANN, text="x")


async def raw(client: Client) -> tuple[int, str, bytes]:
    """Status, type and body of the answer to one message."""
    url = f"{client.sandbox.url}/bot{client.sandbox.token}/sendMessage"
    async with client.session.post(url, json={"chat_id": ANN, "text": "x"}) as response:
        return response.status, response.content_type, await response.read()


async def test_a_status_is_answered_so_many_times(client: Client) -> None:
    """A fault happens as often as ordered, to its method alone, and sends nothing."""
    await order(client, status=500, times=2)
    assert (await client.call("getMe")).status == 200
    assert [(await send(client)).status for _ in range(3)] == [500, 500, 200]
    assert sent(client) == 1


async def test_429_names_the_wait_unless_told_otherwise(client: Client) -> None:
    """429 comes with parameters by default, without them when a body is given."""
    await order(client, status=429)
    answer = await send(client)
    assert answer.body["parameters"] == {"retry_after": 1}
    body = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
    await order(client, status=429, body=body, headers={"Retry-After": "7"})
    answer = await send(client)
    assert (answer.body, answer.headers["Retry-After"]) == (body, "7")


async def test_a_gateway_answers_in_html(client: Client) -> None:
    """`html` is the page of a proxy."""
    await order(client, status=502, body="html")
    status, content_type, body = await raw(client)
    assert (status, content_type) == (502, "text/html")
    assert b"<h1>502 Bad Gateway</h1>" in body


async def test_an_answer_may_be_no_json(client: Client) -> None:
    """Any other text is sent as it is."""
    await order(client, status=200, body="{oops")
    assert (await raw(client))[2] == b"{oops"
    assert client.sandbox.journal.entries[-1].answer == "{oops"


async def test_a_failure_after_delivery_has_delivered(client: Client) -> None:
    """With after_delivery the message is in the chat although the answer is an error."""
    await order(client, status=504, after_delivery=True)
    assert (await send(client)).status == 504
    assert sent(client) == 1
    assert client.sandbox.journal.entries[-1].delivered is True


@pytest.mark.parametrize(("after_delivery", "delivered"), [(False, 0), (True, 1)])
async def test_a_connection_is_reset(client: Client, after_delivery: bool, delivered: int) -> None:
    """The connection breaks without an answer, before or after the message is delivered."""
    await order(client, reset=True, after_delivery=after_delivery)
    with pytest.raises(aiohttp.ClientOSError, match="reset by peer"):
        await send(client)
    assert sent(client) == delivered
    entry = client.sandbox.journal.entries[-1]
    assert (entry.status, entry.answer, entry.parameters["text"]) == (0, None, "x")
    assert entry.delivered is bool(delivered)


async def test_an_answer_is_cut_off(client: Client) -> None:
    """Half of the true answer comes, then the connection ends; the message is delivered."""
    await order(client, truncate=True)
    with pytest.raises(aiohttp.ClientPayloadError):
        await raw(client)
    assert sent(client) == 1


async def test_an_answer_drips(client: Client) -> None:
    """A slow answer arrives whole."""
    await order(client, drip=0.05)
    assert (await send(client)).result["text"] == "x"


async def test_an_answer_comes_too_late(client: Client) -> None:
    """A delay longer than the caller waits: the message is there, the answer never came."""
    await order(client, delay=30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(send(client), 0.2)
    assert sent(client) == 1


async def test_a_download_can_fail(client: Client) -> None:
    """`download` is the name for fetching a file."""
    voice = client.sandbox.world.send(ANN, "voice", b"OggS")["voice"]
    path = (await client.call("getFile", file_id=voice["file_id"])).result["file_path"]
    address = f"/file/bot{client.sandbox.token}/{path}"
    await order(client, method="download", status=503)
    assert (await client.bytes_of(address))[0] == 503
    await order(client, method="download", reset=True, times=2)  # aiohttp tries a GET again
    with pytest.raises(aiohttp.ClientOSError):
        await client.bytes_of(address)
    await order(client, method="download", delay=0.01)
    assert (await client.bytes_of(address))[:2] == (200, b"OggS")


async def test_any_method_and_clearing(client: Client) -> None:
    """`*` stands for every method; DELETE takes back what has not happened yet."""
    await order(client, method="*", status=500, times=5)
    assert (await client.call("getMe")).status == 500
    assert (await client.delete("/phone/faults")).body == {"pending": 0}
    assert (await client.call("getMe")).status == 200


async def test_a_fault_is_no_violation(client: Client) -> None:
    """What goes wrong on order is not the bot's mistake."""
    await order(client, status=400)
    await send(client)
    assert not client.sandbox.journal.violations


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 500}, 'lacks the field "method"'),
        ({"method": "getMe", "status": 99}, "status must be an HTTP status, 200 to 599"),
        ({"method": "getMe", "body": 5}, "body must be an Object or a String"),
        ({"method": "getMe", "headers": "x"}, "headers must be an Object"),
        ({"method": "getMe", "delay": -1}, "delay must be a number of seconds"),
        ({"method": "getMe", "wrong": 1}, 'has an unknown field "wrong"'),
        ([], "must be an Object"),
    ],
)
async def test_a_wrong_order_is_refused(client: Client, fault: Any, reason: str) -> None:
    """An order that cannot be read is answered 400 with the reason."""
    answer = await client.post("/phone/faults", fault)
    assert (answer.status, answer.body) == (400, {"error": reason})
