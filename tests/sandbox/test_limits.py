"""Rates: one message a second to a chat, thirty to all, counted in real time."""

from __future__ import annotations

import math

import pytest

from bot.sandbox import Limits
from bot.sandbox.limits import Flood
from bot.sandbox.refusals import Refusal
from tests.sandbox.conftest import ANN, Hands, Open


def admitted(flood: Flood, chat: int, times: int) -> int:
    """How many of so many messages in a row are let through."""
    count = 0
    for _ in range(times):
        try:
            flood.admit(chat)
        except Refusal:
            return count
        count += 1
    return count


def test_a_small_burst_then_one_a_second(hands: Hands) -> None:
    """Five at once go to a chat, then one for each real second."""
    flood = Flood(Limits(), hands.monotonic)
    assert admitted(flood, 1, 10) == 5
    hands.unix += 1000
    assert admitted(flood, 1, 10) == 0
    hands.real += 1
    assert admitted(flood, 1, 10) == 1
    hands.real += 1000
    assert admitted(flood, 1, 10) == 5


def test_thirty_a_second_to_everybody(hands: Hands) -> None:
    """Over all chats thirty go in a second, and a refused one is not counted."""
    flood = Flood(Limits(), hands.monotonic)
    assert sum(admitted(flood, chat, 1) for chat in range(100)) == 30
    hands.real += 0.5
    assert sum(admitted(flood, chat, 1) for chat in range(100, 200)) == 15


def test_the_wait_is_told(hands: Hands) -> None:
    """A refusal names the seconds until the next message may go."""
    flood = Flood(Limits(per_chat=0.1, per_chat_burst=1), hands.monotonic)
    flood.admit(1)
    with pytest.raises(Refusal) as refusal:
        flood.admit(1)
    assert refusal.value.retry_after == 10
    hands.real += 3
    with pytest.raises(Refusal) as refusal:
        flood.admit(1)
    assert refusal.value.retry_after == 7


def test_no_limits_at_all(hands: Hands) -> None:
    """Loads run without rates."""
    assert admitted(Flood(Limits.unlimited(), hands.monotonic), 1, 1000) == 1000


def test_one_limit_alone(hands: Hands) -> None:
    """Without the limit for one chat, that for all of them still holds."""
    flood = Flood(Limits(per_chat=math.inf), hands.monotonic)
    assert admitted(flood, 1, 100) == 30


async def test_too_many_are_answered_429(open_sandbox: Open, hands: Hands) -> None:
    """The answer has Telegram's form in body and header, and counts as a violation."""
    client = await open_sandbox(limits=Limits(per_chat_burst=1))
    client.sandbox.world.say(ANN, "/start")
    assert (await client.call("sendMessage", chat_id=ANN, text="x")).status == 200
    answer = await client.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (429, "Too Many Requests: retry after 1")
    assert answer.body["parameters"] == {"retry_after": 1}
    assert answer.headers["Retry-After"] == "1"
    assert len(client.sandbox.world.messages(ANN)) == 2
    assert len(client.sandbox.journal.violations) == 1
    hands.real += 1
    assert (await client.call("sendMessage", chat_id=ANN, text="x")).status == 200


async def test_edits_and_toasts_are_not_counted(open_sandbox: Open) -> None:
    """Only new messages count."""
    client = await open_sandbox(limits=Limits(per_chat_burst=1))
    client.sandbox.world.say(ANN, "/start")
    sent = (await client.call("sendMessage", chat_id=ANN, text="0")).result["message_id"]
    for text in "12345":
        place = {"chat_id": ANN, "message_id": sent}
        assert (await client.call("editMessageText", **place, text=text)).status == 200
