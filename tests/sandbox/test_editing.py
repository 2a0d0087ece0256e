"""Edits, deletions, reactions and answers to taps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import ANN, Client, Hands

MARKUP = {"inline_keyboard": [[{"text": "Hint", "callback_data": "hint"}]]}
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def send(client: Client, text: str = "one", **params: Any) -> int:
    """The number of a message that the bot has just sent to Ann."""
    sent = await client.call("sendMessage", chat_id=ANN, text=text, **params)
    number: int = sent.result["message_id"]
    return number


async def edit(client: Client, number: int, text: str, **params: Any) -> Any:
    """The answer to an edit of that message's text."""
    return await client.call("editMessageText", chat_id=ANN, message_id=number, text=text, **params)


async def test_an_edit_replaces_the_text_and_the_keyboard(client: Client, hands: Hands) -> None:
    """New text comes back with an edit date; without reply_markup the keyboard is gone."""
    number = await send(client, reply_markup=MARKUP)
    hands.unix += 5
    edited = (await edit(client, number, "<b>two</b>", parse_mode="HTML")).result
    assert (edited["text"], edited["edit_date"] - edited["date"]) == ("two", 5)
    assert "reply_markup" not in edited
    assert client.sandbox.world.messages(ANN)[-1]["text"] == "two"


async def test_the_same_again_is_not_a_modification(client: Client) -> None:
    """Text, entities and keyboard all alike are refused; another keyboard is enough."""
    number = await send(client, text="<b>x</b>", parse_mode="HTML", reply_markup=MARKUP)
    same = await edit(client, number, "<b>x</b>", parse_mode="HTML", reply_markup=MARKUP)
    assert same.refusal == (400, UNCHANGED)
    other = await edit(client, number, "x", reply_markup=MARKUP)
    assert "entities" not in other.result
    assert (await edit(client, number, "x")).status == 200


async def test_only_the_keyboard_can_be_changed(client: Client) -> None:
    """editMessageReplyMarkup sets and removes a keyboard, and refuses the same one."""
    number = await send(client)
    place = {"chat_id": ANN, "message_id": number}
    shown = await client.call("editMessageReplyMarkup", **place, reply_markup=MARKUP)
    assert shown.result["reply_markup"] == MARKUP
    again = await client.call("editMessageReplyMarkup", **place, reply_markup=MARKUP)
    assert again.refusal == (400, UNCHANGED)
    assert "reply_markup" not in (await client.call("editMessageReplyMarkup", **place)).result


async def test_an_empty_keyboard_is_none(client: Client) -> None:
    """An inline keyboard without rows takes the old one away, as python-telegram-bot's users do."""
    number = await send(client, reply_markup=MARKUP)
    edited = await edit(client, number, "two", reply_markup={"inline_keyboard": []})
    assert "reply_markup" not in edited.result


@pytest.mark.parametrize("text", ["", "x" * 4097, "<b>x"])
async def test_a_wrong_text_is_refused_in_edits_too(client: Client, text: str) -> None:
    """Edits obey the limits of new messages."""
    number = await send(client)
    assert (await edit(client, number, text, parse_mode="HTML")).status == 400


async def test_what_cannot_be_edited(client: Client) -> None:
    """Missing messages, Ann's own, and those with a reply keyboard are refused by name."""
    said = client.sandbox.world.say(ANN, "mine")["message_id"]
    keyed = await send(client, reply_markup={"force_reply": True})
    assert (await edit(client, 99, "x")).refusal == (400, "Bad Request: message to edit not found")
    for number in (said, keyed):
        refusal = (await edit(client, number, "x")).refusal
        assert refusal == (400, "Bad Request: message can't be edited")
    nowhere = await client.call("editMessageText", text="x")
    assert nowhere.refusal == (400, "Bad Request: chat_id is empty")
    unnamed = await client.call("editMessageText", chat_id=ANN, text="x")
    assert unnamed.refusal == (400, "Bad Request: message identifier is not specified")


async def test_a_link_preview_is_part_of_the_text(client: Client) -> None:
    """Options for the preview are kept in the message, and are a modification."""
    off = {"is_disabled": True}
    number = await send(client, link_preview_options=off)
    same = await edit(client, number, "one", link_preview_options=off)
    assert same.refusal == (400, UNCHANGED)
    other = await edit(client, number, "one", link_preview_options={"prefer_small_media": True})
    assert other.result["link_preview_options"] == {"prefer_small_media": True}


async def test_a_text_has_no_caption(client: Client) -> None:
    """Captions are for media."""
    number = await send(client)
    answer = await client.call("editMessageCaption", chat_id=ANN, message_id=number, caption="x")
    assert answer.refusal == (400, "Bad Request: there is no caption in the message to edit")


async def test_messages_of_both_can_be_deleted(client: Client) -> None:
    """In a private chat the bot deletes its own messages and Ann's; twice is refused."""
    said = client.sandbox.world.say(ANN, "mine")["message_id"]
    sent = await send(client)
    for number in (said, sent):
        answer = await client.call("deleteMessage", chat_id=ANN, message_id=number)
        assert answer.result is True
    again = await client.call("deleteMessage", chat_id=ANN, message_id=sent)
    assert again.refusal == (400, "Bad Request: message to delete not found")


async def test_after_48_hours_nothing_is_deleted(client: Client, hands: Hands) -> None:
    """An old message is refused alone and passed over in a list."""
    old = await send(client)
    hands.unix += 48 * 3600
    new = await send(client)
    answer = await client.call("deleteMessage", chat_id=ANN, message_id=old)
    assert answer.refusal == (400, "Bad Request: message can't be deleted for everyone")
    listed = await client.call("deleteMessages", chat_id=ANN, message_ids=[old, new, 99])
    assert listed.result is True
    assert [m["message_id"] for m in client.sandbox.world.messages(ANN)][-1] == old


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        (["x"], 'parameter "message_ids" [0] must be an Integer'),
    ],
)
async def test_a_wrong_list_to_delete_is_refused(
    client: Client, numbers: list[Any], reason: str
) -> None:
    """A list to delete holds 1 to 100 numbers."""
    answer = await client.call("deleteMessages", chat_id=ANN, message_ids=numbers)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def react(client: Client, number: int, *emoji: str) -> Any:
    """The answer to a reaction of the bot."""
    reaction = [{"type": "emoji", "emoji": one} for one in emoji]
    return await client.call(
        "setMessageReaction", chat_id=ANN, message_id=number, reaction=reaction
    )


async def test_one_reaction_is_shown_and_taken_away(client: Client) -> None:
    """The bot's reaction is on Ann's message until it sets none."""
    said = client.sandbox.world.say(ANN, "mine")["message_id"]
    assert (await react(client, said, "👀")).result is True
    assert client.sandbox.world.messages(ANN)[-1]["reactions"] == ["👀"]
    await react(client, said)
    assert client.sandbox.world.messages(ANN)[-1]["reactions"] == []


async def test_a_wrong_reaction_is_refused(client: Client) -> None:
    """Two reactions, a forbidden one, and one to nothing each have their reason."""
    said = client.sandbox.world.say(ANN, "mine")["message_id"]
    assert (await react(client, said, "👀", "🔥")).refusal[1].endswith("REACTIONS_TOO_MANY")
    assert (await react(client, said, "✅")).refusal[1].endswith("REACTION_INVALID")
    assert (await react(client, 99, "👀")).refusal[1].endswith("message to react not found")


async def test_a_tap_is_answered(client: Client) -> None:
    """Answering a press is accepted, with a toast of 200 characters and no more."""
    number = await send(client, reply_markup=MARKUP)
    press = client.sandbox.world.press(ANN, number, "hint")
    long = await client.call("answerCallbackQuery", callback_query_id=press, text="x" * 201)
    assert long.refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    answer = await client.call("answerCallbackQuery", callback_query_id=press, text="x" * 200)
    assert answer.result is True
    quiet = await client.call("answerCallbackQuery", callback_query_id=press)
    assert quiet.result is True


async def test_an_old_tap_cannot_be_answered(client: Client, hands: Hands) -> None:
    """A press that is 150 real seconds old, or was never made, is refused."""
    press = client.sandbox.world.press(ANN, await send(client, reply_markup=MARKUP), "hint")
    hands.real += 151
    for query in (press, "12345"):
        answer = await client.call("answerCallbackQuery", callback_query_id=query)
        assert answer.refusal == (400, TOO_OLD)


async def test_old_taps_are_forgotten(client: Client, hands: Hands) -> None:
    """Presses too old to be answered do not pile up."""
    number = await send(client, reply_markup=MARKUP)
    client.sandbox.world.press(ANN, number, "hint")
    hands.real += 151
    client.sandbox.world.press(ANN, number, "hint")
    assert len(client.sandbox.world.presses) == 1
