"""Long polling: order, acknowledgement, expiry, and two bots at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox import Limits
from tests.sandbox.conftest import ANN, CARL, Answer, Client, Hands, Open

MARKUP = {"inline_keyboard": [[{"text": "Hint", "callback_data": "hint"}]]}


def texts(updates: list[dict[str, Any]]) -> list[str]:
    """What the messages say."""
    return [update["message"]["text"] for update in updates]


async def until_polling(client: Client) -> None:
    """Returns when a poll waits in the server."""
    await asyncio.wait_for(client.sandbox.world.updates.polling.wait(), 60)


async def test_updates_come_in_order_until_acknowledged(client: Client) -> None:
    """The same updates come again until an offset above them was asked for."""
    for text in ("one", "two"):
        client.sandbox.world.say(ANN, text)
    first = await client.updates()
    assert texts(first) == ["/start", "one", "two"]
    ids = [update["update_id"] for update in first]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert texts(await client.updates(offset=ids[1])) == ["one", "two"]
    assert texts(await client.updates()) == ["one", "two"]
    assert await client.updates(offset=ids[2] + 1) == []


async def test_a_negative_offset_forgets_all_but_the_last(client: Client) -> None:
    """Offset -1 returns the last update, and those before it never come again."""
    client.sandbox.world.say(ANN, "one")
    assert texts(await client.updates(offset=-1)) == ["one"]
    assert texts(await client.updates()) == ["one"]


async def test_an_offset_from_another_numbering_acknowledges_nothing(client: Client) -> None:
    """After a restart of the numbers an offset far ahead returns everything."""
    assert texts(await client.updates(offset=2_000_000_000)) == ["/start"]


async def test_two_updates_in_a_row_end_one_poll(client: Client) -> None:
    """What happens at the same moment comes in the same answer."""
    await client.updates(offset=client.sandbox.world.updates.next_id)
    poll = asyncio.create_task(client.updates(timeout=30))
    await until_polling(client)
    client.sandbox.world.say(ANN, "one")
    client.sandbox.world.say(ANN, "two")
    assert texts(await poll) == ["one", "two"]


async def test_at_most_a_hundred_at_once(client: Client) -> None:
    """A batch holds 100 updates, or fewer if asked; wrong limits are brought into range."""
    for number in range(120):
        client.sandbox.world.say(ANN, str(number))
    assert len(await client.updates()) == 100
    assert len(await client.updates(limit=7)) == 7
    assert len(await client.updates(limit=0)) == 1
    assert len(await client.updates(limit=500)) == 100


async def test_a_poll_waits_for_the_next_update(client: Client) -> None:
    """A long poll is answered when something happens."""
    await client.updates(offset=client.sandbox.world.updates.next_id)
    poll = asyncio.create_task(client.updates(timeout=30))
    await until_polling(client)
    client.sandbox.world.say(ANN, "now")
    assert texts(await poll) == ["now"]


async def test_a_poll_ends_with_nothing(client: Client) -> None:
    """Without updates a long poll is answered with an empty list after its timeout."""
    offset = client.sandbox.world.updates.next_id
    assert await client.updates(offset=offset, timeout=1) == []


async def test_the_older_of_two_polls_is_ended(client: Client) -> None:
    """A second poll makes the first one fail with 409, and gets the updates itself."""
    await client.updates(offset=client.sandbox.world.updates.next_id)
    older = asyncio.create_task(client.call("getUpdates", timeout=30))
    await until_polling(client)
    newer = asyncio.create_task(client.call("getUpdates", timeout=30))
    conflict = await older
    assert conflict.status == 409
    assert conflict.body["description"].startswith("Conflict: terminated by other getUpdates")
    await until_polling(client)
    client.sandbox.world.say(ANN, "now")
    assert texts((await newer).result) == ["now"]
    assert not client.sandbox.journal.violations


async def test_stopping_answers_the_poll_that_waits(client: Client) -> None:
    """A sandbox that stops answers a waiting poll instead of leaving it hanging."""
    await client.updates(offset=client.sandbox.world.updates.next_id)
    poll = asyncio.create_task(client.call("getUpdates", timeout=30))
    await until_polling(client)
    await client.sandbox.stop()
    assert (await poll).result == []


async def test_unwanted_kinds_are_not_queued(client: Client) -> None:
    """allowed_updates keeps others out; left out it stays; an empty list resets it."""
    world = client.sandbox.world
    await client.updates(offset=world.updates.next_id, allowed_updates=["callback_query"])
    said = world.say(ANN, "unheard")["message_id"]
    await client.updates()
    world.say(ANN, "unheard too")
    world.react(ANN, said, "👍")
    assert await client.updates(allowed_updates=[]) == []
    world.say(ANN, "heard")
    world.react(ANN, said, "👍")
    assert [list(update)[1] for update in await client.updates()] == ["message"]
    await client.updates(offset=world.updates.next_id, allowed_updates=["message_reaction"])
    world.react(ANN, said, "👍")
    (update,) = await client.updates()
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_an_unknown_kind_is_refused(client: Client) -> None:
    """A kind that Telegram does not know is a mistake worth telling."""
    answer = await client.call("getUpdates", allowed_updates=["messages"])
    assert answer.status == 400


async def test_presses_are_dropped_after_150_real_seconds(client: Client, hands: Hands) -> None:
    """An undelivered press vanishes, whatever the bot's clock says; the message stays."""
    world = client.sandbox.world
    world.press(ANN, 1, "x")
    hands.unix += 10_000
    assert len(await client.updates()) == 2
    hands.real += 149
    assert len(await client.updates()) == 2
    hands.real += 1
    assert texts(await client.updates()) == ["/start"]


async def test_messages_are_dropped_after_a_day(client: Client, hands: Hands) -> None:
    """An undelivered message vanishes after 24 real hours."""
    hands.real += 86_399
    assert len(await client.updates()) == 1
    hands.real += 1
    assert await client.updates() == []


async def test_an_update_is_what_it_was_when_it_happened(client: Client) -> None:
    """A later edit does not change an update that waits."""
    said = client.sandbox.world.say(ANN, "before")
    client.sandbox.world.edit(ANN, said["message_id"], "after")
    _, message, edited = await client.updates()
    assert message["message"]["text"] == "before"
    assert edited["edited_message"]["text"] == "after"
    assert edited["edited_message"]["edit_date"] >= edited["edited_message"]["date"]


async def test_faults_of_the_queue_can_be_staged(client: Client) -> None:
    """Repeated updates, unreadable ones and a new numbering can be queued on purpose."""
    updates = client.sandbox.world.updates
    (first,) = await client.updates()
    await client.updates(offset=first["update_id"] + 1)
    updates.repeat(first)
    assert await client.updates() == [first]
    updates.drop_all()
    strange = updates.push_raw({"message": {"surprise": True}})
    assert [update["update_id"] for update in await client.updates()] == [strange]
    updates.next_id = 17
    client.sandbox.world.say(ANN, "renumbered")
    assert (await client.updates())[-1]["update_id"] == 17
    client.sandbox.journal.entries.clear()  # what was staged is no answer of the sandbox's own


async def test_numbers_start_anywhere(open_sandbox: Open) -> None:
    """The first number is drawn, as Telegram's are."""
    client = await open_sandbox()
    assert client.sandbox.world.updates.next_id == 500_000_000


async def test_a_short_span_can_be_asked_for(open_sandbox: Open, hands: Hands) -> None:
    """Spans are limits that a test may change."""
    client = await open_sandbox(limits=Limits(press_seconds=2))
    client.sandbox.world.say(CARL, "/start")
    client.sandbox.world.press(CARL, 1, "x")
    hands.real += 2
    assert len(await client.updates()) == 1


async def test_bad_polls_are_refused(client: Client) -> None:
    """Numbers that are none are refused by name."""
    answer: Answer = await client.call("getUpdates", offset="first")
    assert answer.refusal == (400, 'Bad Request: parameter "offset" must be an Integer')


@pytest.mark.parametrize("seconds", [-5, 0])
async def test_a_short_poll_is_answered_at_once(client: Client, seconds: int) -> None:
    """A timeout of nothing or less does not wait."""
    offset = client.sandbox.world.updates.next_id
    assert await client.updates(offset=offset, timeout=seconds) == []
