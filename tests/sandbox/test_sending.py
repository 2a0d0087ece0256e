"""Sending text: what arrives, and what is refused as Telegram refuses it."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.sandbox import Limits
from tests.sandbox.conftest import ANN, CARL, Client, Hands, Open


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    """An inline keyboard with one row."""
    return {"inline_keyboard": [list(buttons)]}


async def test_a_text_arrives_as_a_message_of_the_bot(client: Client, hands: Hands) -> None:
    """A sent text comes back as a Message from the bot, and is the last one on Ann's phone."""
    sent = (await client.call("sendMessage", chat_id=ANN, text="Hello")).result
    assert sent["from"]["username"] == "SprungSandboxBot"
    assert (sent["text"], sent["date"], sent["chat"]["id"]) == ("Hello", int(hands.unix), ANN)
    shown = client.sandbox.world.messages(ANN)[-1]
    assert shown == {**sent, "outgoing": False, "reactions": [], "silent": False}


async def test_a_form_says_the_same_as_json(client: Client) -> None:
    """Parameters in a urlencoded form, numbers and objects as text, work like JSON."""
    form = aiohttp.FormData(
        {
            "chat_id": str(ANN),
            "text": "<b>Hi</b>",
            "parse_mode": "HTML",
            "disable_notification": "true",
            "reply_markup": '{"inline_keyboard":[[{"text":"Yes","callback_data":"y"}]]}',
        }
    )
    sent = (await client.send_form("sendMessage", form)).result
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "y"
    assert client.sandbox.world.messages(ANN)[-1]["silent"] is True


async def test_a_method_may_be_called_in_any_case_and_by_get(client: Client) -> None:
    """Method names ignore case and parameters may stand in the address, as with Telegram."""
    answer = await client.get(f"/bot{client.sandbox.token}/SENDMESSAGE?chat_id={ANN}&text=Hi")
    assert answer.result["text"] == "Hi"


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x" * 32769}, "text is too long"),
        ({"text": 5}, 'parameter "text" must be a String'),
        ({"text": "x", "colour": "red"}, 'unknown parameter "colour"'),
        (
            {"text": "x", "disable_notification": "perhaps"},
            'parameter "disable_notification" must be a Boolean',
        ),
        (
            {"text": "*x*", "parse_mode": "MarkdownV2"},
            "parse_mode MarkdownV2 is not offered by the sandbox; use HTML",
        ),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        (
            {"text": "x", "message_thread_id": 4},
            'parameter "message_thread_id" is not offered by the sandbox',
        ),
        ({"text": "x", "message_effect_id": "1"}, "EFFECT_ID_INVALID"),
        ({"text": "x", "chat_id": 2**63}, 'parameter "chat_id" must be an Integer or a @username'),
        ({"text": "x", "chat_id": str(-(2**63) - 1)}, None),
        ({"text": "x", "reply_markup": []}, 'parameter "reply_markup" must be an Object'),
        ({"text": "x", "chat_id": "ann"}, 'parameter "chat_id" must be an Integer or a @username'),
        ({"text": "x", "reply_parameters": "{"}, 'parameter "reply_parameters" is not JSON'),
        (
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "entity must lie within the text",
        ),
    ],
)
async def test_a_wrong_text_is_refused(
    client: Client, params: dict[str, Any], reason: str | None
) -> None:
    """Each mistake is answered 400 with the reason, sends nothing, and is a violation."""
    before = len(client.sandbox.world.messages(ANN))
    answer = await client.call("sendMessage", **{"chat_id": ANN, **params})
    assert answer.status == 400
    assert reason is None or answer.refusal == (400, f"Bad Request: {reason}")
    assert len(client.sandbox.world.messages(ANN)) == before
    assert client.sandbox.journal.violations[-1].description == answer.body["description"]


async def test_4096_characters_are_taken_after_parsing(client: Client) -> None:
    """The limit counts the text without its tags."""
    text = f"<b>{'x' * 4096}</b>"
    answer = await client.call("sendMessage", chat_id=ANN, text=text, parse_mode="HTML")
    assert len(answer.result["text"]) == 4096


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard({"text": "x", "callback_data": "y" * 65}), "BUTTON_DATA_INVALID"),
        (keyboard({"text": "x", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (keyboard({"text": "x", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (keyboard({"text": "x", "url": "example"}), "BUTTON_URL_INVALID"),
        (keyboard({"text": "x", "copy_text": {"text": "y" * 257}}), "BUTTON_COPY_TEXT_INVALID"),
        (
            keyboard({"text": "x"}),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard({"text": "x", "callback_data": "y", "url": "https://example.com"}),
            "can't parse inline keyboard button: a button does one thing, "
            "not callback_data and url",
        ),
        (
            keyboard({"text": "x", "callback_data": "y", "style": "pink"}),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            keyboard({"text": " ", "callback_data": "y"}),
            "can't parse inline keyboard button: button text must be non-empty",
        ),
        (keyboard(*[{"text": "x", "callback_data": "y"}] * 101), "reply markup is too long"),
        (
            keyboard({"text": "x", "callback_data": "y", "resize": True}),
            'parameter "reply_markup" inline_keyboard [0] [0] has an unknown field "resize"',
        ),
        (
            {"inline_keyboard": [], "is_persistent": True},
            'parameter "reply_markup" has an unknown field "is_persistent"',
        ),
        (
            {"keyboard": []},
            "object expected as reply markup: the keyboard is empty",
        ),
        (
            {"force_reply": True, "input_field_placeholder": "x" * 65},
            "PLACEHOLDER_TOO_LONG",
        ),
        (
            {},
            'parameter "reply_markup" must be a keyboard, its removal or a forced reply',
        ),
    ],
)
async def test_a_wrong_keyboard_is_refused(
    client: Client, markup: dict[str, Any], reason: str
) -> None:
    """Keyboards beyond Telegram's limits or of the wrong shape are answered 400."""
    answer = await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=markup)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_every_kind_of_button_is_shown(client: Client) -> None:
    """Callback, link and copy buttons with their styles come back as they were sent."""
    markup = keyboard(
        {"text": "Yes", "callback_data": "é" * 32, "style": "primary"},
        {"text": "Erase", "callback_data": "e", "style": "danger"},
        {"text": "Open", "url": "https://example.com"},
        {"text": "Copy", "copy_text": {"text": "y" * 256}},
    )
    sent = (await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=markup)).result
    assert sent["reply_markup"] == markup


async def test_a_keyboard_for_the_letters_is_only_on_the_phone(client: Client) -> None:
    """A reply keyboard is shown to Ann and absent from the Message the bot gets."""
    markup = {"keyboard": [["Yes", {"text": "No"}]], "resize_keyboard": True}
    sent = (await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=markup)).result
    assert "reply_markup" not in sent
    assert client.sandbox.world.messages(ANN)[-1]["reply_markup"] == markup


async def test_a_reply_holds_the_message_and_the_quote(client: Client) -> None:
    """A reply shows what it answers and the quoted words with their place."""
    said = client.sandbox.world.say(ANN, "I would ask her first")
    reply = {"message_id": said["message_id"], "quote": "ask her"}
    answer = await client.call("sendMessage", chat_id=ANN, text="Why?", reply_parameters=reply)
    assert answer.result["reply_to_message"]["text"] == "I would ask her first"
    assert answer.result["quote"] == {"text": "ask her", "position": 8, "is_manual": True}


async def test_a_quote_must_be_in_the_message(client: Client) -> None:
    """Words that the answered message does not hold cannot be quoted."""
    said = client.sandbox.world.say(ANN, "I would ask her first")
    reply = {"message_id": said["message_id"], "quote": "never"}
    answer = await client.call("sendMessage", chat_id=ANN, text="Why?", reply_parameters=reply)
    assert answer.refusal == (400, "Bad Request: QUOTE_TEXT_INVALID")


async def test_a_reply_may_go_without_the_message(client: Client) -> None:
    """With allow_sending_without_reply a missing message is no reason to refuse."""
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    answer = await client.call("sendMessage", chat_id=ANN, text="Why?", reply_parameters=reply)
    assert "reply_to_message" not in answer.result


async def test_an_effect_is_shown_by_its_emoji(client: Client) -> None:
    """A message effect is kept in the Message and shown on the phone."""
    effect = "5046509860389126442"
    sent = (
        await client.call("sendMessage", chat_id=ANN, text="x", message_effect_id=effect)
    ).result
    assert sent["effect_id"] == effect
    assert client.sandbox.world.messages(ANN)[-1]["effect"] == "🎉"


async def test_only_who_started_the_bot_is_reached(client: Client) -> None:
    """Unknown chats are 400, people who never wrote 403, and neither is confused."""
    nobody = await client.call("sendMessage", chat_id=77, text="x")
    assert nobody.refusal == (400, "Bad Request: chat not found")
    name = await client.call("sendMessage", chat_id="@carl", text="x")
    assert name.refusal == (400, "Bad Request: chat not found")
    carl = await client.call("sendMessage", chat_id=CARL, text="x")
    assert carl.refusal == (403, "Forbidden: bot can't initiate conversation with a user")


async def test_a_blocked_bot_is_forbidden_and_not_blamed(client: Client) -> None:
    """Sends to somebody who blocked the bot are 403, which is no violation, until unblocked."""
    client.sandbox.world.block(ANN)
    answer = await client.call("sendMessage", chat_id=ANN, text="x")
    assert answer.refusal == (403, "Forbidden: bot was blocked by the user")
    assert not client.sandbox.journal.violations
    client.sandbox.world.block(ANN, False)
    assert (await client.call("sendMessage", chat_id=ANN, text="x")).status == 200


async def test_a_wrong_token_is_unauthorized(client: Client) -> None:
    """Any other token is answered 401."""
    answer = await client.post("/bot1:wrong/getMe", {})
    assert answer.refusal == (401, "Unauthorized")


async def test_an_unknown_method_is_not_found(client: Client) -> None:
    """A method that is not offered is answered 404 and is a violation."""
    answer = await client.call("sendDice", chat_id=ANN)
    assert answer.refusal == (404, "Not Found")
    assert client.sandbox.journal.violations[-1].method == "sendDice"


async def test_a_body_that_is_no_object_is_refused(client: Client) -> None:
    """Broken JSON, and JSON that is no object, are answered 400."""
    path = f"{client.sandbox.url}/bot{client.sandbox.token}/getMe"
    json_type = {"Content-Type": "application/json"}
    async with client.session.post(path, data=b"{", headers=json_type) as answer:
        assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"
    async with client.session.post(path, data=b"[1]", headers=json_type) as answer:
        assert (await answer.json())["description"] == "Bad Request: object expected as request"


async def test_a_copy_goes_to_somebody_else_without_its_keyboard(client: Client) -> None:
    """A copied text keeps its words and entities and loses the keyboard."""
    markup = keyboard({"text": "x", "callback_data": "y"})
    first = await client.call(
        "sendMessage", chat_id=ANN, text="<i>Hi</i>", parse_mode="HTML", reply_markup=markup
    )
    client.sandbox.world.say(CARL, "/start")
    number = first.result["message_id"]
    copied = await client.call("copyMessage", chat_id=CARL, from_chat_id=ANN, message_id=number)
    shown = client.sandbox.world.messages(CARL)[-1]
    assert copied.result == {"message_id": shown["message_id"]}
    assert (shown["text"], shown["entities"][0]["type"]) == ("Hi", "italic")
    assert "reply_markup" not in shown


async def test_what_is_protected_or_gone_cannot_be_copied(client: Client) -> None:
    """Protected messages and missing ones are refused with Telegram's reasons."""
    sent = (await client.call("sendMessage", chat_id=ANN, text="x", protect_content=True)).result
    assert sent["has_protected_content"] is True
    place = {"chat_id": ANN, "from_chat_id": ANN}
    kept = await client.call("copyMessage", **place, message_id=sent["message_id"])
    assert kept.refusal == (400, "Bad Request: message can't be copied")
    gone = await client.call("copyMessage", **place, message_id=99)
    assert gone.refusal == (400, "Bad Request: message to copy not found")
    group = client.sandbox.world.add_to_group(ANN)
    (service,) = client.sandbox.world.chats[group].bubbles
    place = {"chat_id": ANN, "from_chat_id": group}
    told = await client.call("copyMessage", **place, message_id=service)
    assert told.refusal == (400, "Bad Request: message can't be copied")


async def test_null_is_as_good_as_nothing(client: Client) -> None:
    """A parameter that is null counts as absent."""
    answer = await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=None)
    assert "reply_markup" not in answer.result


async def test_an_action_is_one_of_telegrams(client: Client) -> None:
    """A known chat action is taken, any other word refused."""
    assert (await client.call("sendChatAction", chat_id=ANN, action="typing")).result is True
    answer = await client.call("sendChatAction", chat_id=ANN, action="dancing")
    assert answer.status == 400


async def test_the_oldest_messages_are_forgotten(open_sandbox: Open) -> None:
    """A chat keeps a bounded number of messages, so that a load does not fill the memory."""
    client = await open_sandbox(limits=Limits(history=3))
    for text in ("one", "two", "three", "four"):
        client.sandbox.world.say(ANN, text)
    assert [m["text"] for m in client.sandbox.world.messages(ANN)] == ["two", "three", "four"]
