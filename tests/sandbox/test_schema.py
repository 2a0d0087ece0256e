"""The checker against the published schema: it accepts what is right and names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.bot_api import METHODS
from tests.sandbox.schema import LEFT_OUT, BotApiSchema

USER = {"id": 1, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": 1, "type": "private"}
MESSAGE = {"message_id": 1, "date": 1, "chat": CHAT, "text": "x"}


@pytest.fixture
def checker(schema: BotApiSchema | None) -> BotApiSchema:
    """The schema; without it the test is left out."""
    if schema is None:
        pytest.skip(LEFT_OUT)
    return schema


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x", "disable_notification": True}),
        ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": '{"inline_keyboard":[]}'}),
        ("sendMessage", {"chat_id": 1, "text": "<b>" + "x" * 4096, "parse_mode": "HTML"}),
        ("sendVoice", {"chat_id": 1, "voice": {"file_size": 3}}),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1}}),
        ("getMe", {}),
    ],
)
def test_right_requests_pass(checker: BotApiSchema, method: str, params: dict[str, Any]) -> None:
    """Typed parameters, their text in forms, and uploads are all accepted."""
    assert checker.check_request(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "problem"),
    [
        ("sendDream", {}, "sendDream: no such method"),
        ("sendMessage", {"chat_id": 1}, "sendMessage: lacks text"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "colour": 1},
            "sendMessage: unknown field colour",
        ),
        ("sendMessage", {"chat_id": 1, "text": 5}, "sendMessage.text: 5 is no String"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x" * 4097},
            "sendMessage.text: 4097 characters, not 1-4096",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "protect_content": 1},
            "sendMessage.protect_content: 1 is no Boolean",
        ),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]},
            },
            "sendMessage.reply_markup.inline_keyboard[0][0].callback_data: 66 bytes, not 1-64",
        ),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "x", "style": "pink"}]]},
            },
            "sendMessage.reply_markup.inline_keyboard[0][0].style: 'pink' is none of "
            "['danger', 'success', 'primary']",
        ),
        (
            "setMessageReaction",
            {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "✅"}]},
            None,
        ),
        (
            "deleteMyCommands",
            {"scope": {"type": "everybody"}},
            "deleteMyCommands.scope.type: 'everybody' must be 'default'",
        ),
        ("getUpdates", {"limit": 101}, "getUpdates.limit: 101 is not within 1-100"),
        ("getUpdates", {"offset": "x"}, "getUpdates.offset: 'x' is no Integer"),
        (
            "deleteMessages",
            {"chat_id": 1, "message_ids": 5},
            "deleteMessages.message_ids: 5 is no Array of Integer",
        ),
    ],
)
def test_wrong_requests_are_named(
    checker: BotApiSchema, method: str, params: dict[str, Any], problem: str | None
) -> None:
    """Every kind of mistake is found, with the way to it."""
    problems = checker.check_request(method, params)
    assert len(problems) == 1
    assert problem in (None, problems[0])


@pytest.mark.parametrize(
    ("method", "result", "problems"),
    [
        ("deleteMessage", True, []),
        ("deleteMessage", "yes", ["deleteMessage answer: 'yes' is no Boolean"]),
        ("sendMessage", MESSAGE, []),
        (
            "sendMessage",
            {**MESSAGE, "outgoing": True},
            ["sendMessage answer: unknown field outgoing"],
        ),
        (
            "sendMessage",
            {**MESSAGE, "date": "now"},
            ["sendMessage answer.date: 'now' is no Integer"],
        ),
        (
            "sendMessage",
            {**MESSAGE, "chat": {"id": 1, "type": "room"}},
            [
                "sendMessage answer.chat.type: 'room' is none of "
                "['private', 'group', 'supergroup', 'channel']"
            ],
        ),
        ("getUpdates", {}, ["getUpdates answer: {} is no Array of Update"]),
        ("sendDream", True, ["sendDream: no such method"]),
    ],
)
def test_answers_are_checked(
    checker: BotApiSchema, method: str, result: Any, problems: list[str]
) -> None:
    """Results must have the type the method returns."""
    assert checker.check_answer(method, result) == problems


def test_updates_are_checked(checker: BotApiSchema) -> None:
    """An update has an id and exactly one content of its type."""
    query = {"id": "1", "from": USER, "chat_instance": "1", "data": "x"}
    out_of_reach = {"chat": CHAT, "message_id": 1, "date": 0}
    right = {"update_id": 1, "callback_query": {**query, "message": out_of_reach}}
    assert checker.check_update(right) == []
    assert checker.check_update({"update_id": 1}) != []
    assert checker.check_update({"update_id": 1, "message": {"text": "x"}}) != []


def test_every_method_and_parameter_exists(checker: BotApiSchema) -> None:
    """The sandbox offers no method and no parameter that the Bot API lacks, and knows all of them."""
    for method in METHODS.values():
        known = {field["name"]: field for field in checker.fields_of(method.name)}
        assert {*method.needs, *method.takes} == known.keys(), method.name
        assert method.needs.keys() <= {n for n, field in known.items() if field["required"]}
