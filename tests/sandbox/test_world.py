"""What people do, as tests in the same process use it."""

from __future__ import annotations

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.conversation import NoSuchPerson, Unable
from tests.sandbox.conftest import ANN, Client, Hands

MARKUP = {"inline_keyboard": [[{"text": "1 Bitter", "callback_data": "r1"}]]}


async def test_a_button_is_tapped_by_its_label(client: Client) -> None:
    """The newest button with the label is pressed; without one the tap is impossible."""
    for _ in range(2):
        await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=MARKUP)
    press = client.sandbox.world.tap(ANN, "1 Bitter")
    query = (await client.updates())[-1]["callback_query"]
    newest = client.sandbox.world.messages(ANN)[-1]["message_id"]
    assert (query["id"], query["message"]["message_id"]) == (press, newest)
    with pytest.raises(Unable, match="No button is labelled '2 Edgy'"):
        client.sandbox.world.tap(ANN, "2 Edgy")


async def test_a_stale_press_names_a_message_out_of_reach(client: Client) -> None:
    """A press on a deleted card comes with an inaccessible message, forged data as it is."""
    client.sandbox.world.press(ANN, 99, "forged" * 50)
    query = (await client.updates())[-1]["callback_query"]
    assert query["message"] == {
        "chat": query["message"]["chat"],
        "message_id": 99,
        "date": 0,
    }
    assert query["data"] == "forged" * 50


async def test_any_content_can_be_sent(client: Client) -> None:
    """What has no method of its own, such as a location, is sent as it is."""
    place = {"location": {"latitude": 52.5, "longitude": 13.4}}
    client.sandbox.world.post(ANN, place)
    assert (await client.updates())[-1]["message"]["location"] == place["location"]


async def test_a_person_deletes_a_message_unnoticed(client: Client) -> None:
    """The bot is not told, and finds the message gone."""
    said = client.sandbox.world.say(ANN, "oops")["message_id"]
    await client.updates(offset=client.sandbox.world.updates.next_id)
    client.sandbox.world.delete(ANN, said)
    assert await client.updates() == []
    answer = await client.call("deleteMessage", chat_id=ANN, message_id=said)
    assert answer.refusal[1] == "Bad Request: message to delete not found"


async def test_what_people_cannot_do(client: Client) -> None:
    """Nobody edits the bot's words, reacts to nothing or acts under a number nobody has."""
    sent = (await client.call("sendMessage", chat_id=ANN, text="x")).result["message_id"]
    world = client.sandbox.world
    with pytest.raises(Unable):
        world.edit(ANN, sent, "mine now")
    with pytest.raises(Unable):
        world.react(ANN, 99, "👍")
    with pytest.raises(NoSuchPerson):
        world.say(77, "x")
    world.block(ANN)
    world.block(ANN)
    for act in (lambda: world.press(ANN, sent, "x"), lambda: world.send(ANN, "voice", b"x")):
        with pytest.raises(Unable, match="blocked"):
            act()


async def test_a_press_may_follow_one_that_still_waits(client: Client, hands: Hands) -> None:
    """Of two presses the one that is not too old can still be answered."""
    world = client.sandbox.world
    world.press(ANN, 1, "first")
    hands.real += 100
    second = world.press(ANN, 1, "second")
    hands.real += 100
    world.press(ANN, 1, "third")
    assert next(iter(world.presses)) == second
    assert (await client.call("answerCallbackQuery", callback_query_id=second)).result is True


async def test_two_sandboxes_are_two_worlds(client: Client) -> None:
    """Nothing is shared between sandboxes, and a taken port is an OSError."""
    port = int(client.sandbox.url.rpartition(":")[2])
    other = Sandbox(port=port)
    with pytest.raises(OSError, match="in use"):
        await other.start()
    await other.stop()
    assert other.world.messages(ANN) == []


async def test_message_numbers_are_new_in_a_later_run(client: Client, hands: Hands) -> None:
    """A sandbox started later does not give the numbers of this one again."""
    said = client.sandbox.world.say(ANN, "x")["message_id"]
    later = Sandbox(now=lambda: hands.unix + 60)
    assert later.world.say(ANN, "x")["message_id"] > said


async def test_it_can_be_stopped_and_started_again(client: Client) -> None:
    """After a stop the same sandbox listens again at the same address, its world unchanged."""
    before, url = client.sandbox.world.messages(ANN), client.sandbox.url
    await client.sandbox.stop()
    await client.sandbox.start()
    assert client.sandbox.url == url
    assert client.sandbox.world.messages(ANN) == before
    assert (await client.call("getMe")).status == 200
