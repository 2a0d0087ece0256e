"""What the bot says of itself, and what it may ask about chats."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import ANN, CARL, Client

START = {"command": "start", "description": "Begin"}
COACH = {"command": "coach", "description": "Listen to Ann"}
STOP = {"command": "stop", "description": "Aufhören"}


async def menu(client: Client, person: int = ANN) -> list[str]:
    """The commands that a person sees."""
    chat = await client.get(f"/phone/chat/{person}")
    return [command["command"] for command in chat.body["commands"]]


async def test_the_bot_knows_itself(client: Client) -> None:
    """getMe tells the id that the token begins with."""
    me = (await client.call("getMe")).result
    assert str(me["id"]) == client.sandbox.token.partition(":")[0]
    assert me["is_bot"] is True


async def test_the_nearest_menu_is_shown(client: Client) -> None:
    """A chat's own menu goes before that for private chats, and that before the default one."""
    await client.call("setMyCommands", commands=[START])
    assert await menu(client) == ["start"]
    private = {"type": "all_private_chats"}
    await client.call("setMyCommands", commands=[START, STOP], scope=private)
    assert await menu(client) == ["start", "stop"]
    only_carl = {"type": "chat", "chat_id": CARL}
    await client.call("setMyCommands", commands=[COACH], scope=only_carl)
    assert (await menu(client, CARL), await menu(client)) == (["coach"], ["start", "stop"])
    await client.call("deleteMyCommands", scope=only_carl)
    assert await menu(client, CARL) == ["start", "stop"]


async def test_a_menu_for_one_member_is_kept_apart(client: Client) -> None:
    """Every scope of Telegram's is known, down to one member of a group."""
    group = client.sandbox.world.add_to_group(ANN)
    member = {"type": "chat_member", "chat_id": group, "user_id": ANN}
    await client.call("setMyCommands", commands=[COACH], scope=member)
    assert (await client.call("getMyCommands", scope=member)).result == [COACH]
    assert (await client.call("getMyCommands")).result == []
    assert await menu(client) == []


async def test_a_menu_may_be_for_one_language(client: Client) -> None:
    """A menu in the person's language goes before the one for all."""
    klara = client.sandbox.world.add_person("Klara", "de-AT")
    await client.call("setMyCommands", commands=[START])
    await client.call("setMyCommands", commands=[STOP], language_code="de")
    assert (await menu(client, klara.id), await menu(client)) == (["stop"], ["start"])
    assert (await client.call("getMyCommands", language_code="de")).result == [STOP]
    assert (await client.call("getMyCommands", language_code="fr")).result == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"commands": [{**START, "command": "Start"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "command": "x" * 33}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "command": ""}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{**START, "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{**START, "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [START] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [START], "language_code": "english"}, "LANG_CODE_INVALID"),
        ({"commands": [START], "scope": {"type": "chat", "chat_id": 77}}, "chat not found"),
        (
            {"commands": [START], "scope": {"type": "everybody"}},
            'parameter "scope" must be a BotCommandScope',
        ),
        (
            {"commands": [{"command": "start"}]},
            'parameter "commands" [0] lacks the field "description"',
        ),
        ({"commands": START}, 'parameter "commands" must be an Array'),
        ({"commands": ["start"]}, 'parameter "commands" [0] must be an Object'),
        ({}, 'parameter "commands" is required'),
    ],
)
async def test_a_wrong_menu_is_refused(client: Client, params: dict[str, Any], reason: str) -> None:
    """Menus obey Telegram's lengths, letters and scopes."""
    answer = await client.call("setMyCommands", **params)
    assert answer.refusal == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("name", "field", "length"),
    [
        ("Name", "name", 64),
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
    ],
)
async def test_texts_are_kept_per_language(
    client: Client, name: str, field: str, length: int
) -> None:
    """Name and descriptions are stored, fall back to the one for all, and have a limit."""
    before = (await client.call(f"getMy{name}")).result[field]
    await client.call(f"setMy{name}", **{field: "Für alle"})
    await client.call(f"setMy{name}", **{field: "Deutsch"}, language_code="de")
    assert (await client.call(f"getMy{name}", language_code="de")).result == {field: "Deutsch"}
    assert (await client.call(f"getMy{name}", language_code="fr")).result == {field: "Für alle"}
    await client.call(f"setMy{name}", language_code="de")
    assert (await client.call(f"getMy{name}", language_code="de")).result == {field: "Für alle"}
    assert before in ("", "Sprung")
    long = await client.call(f"setMy{name}", **{field: "x" * (length + 1)})
    assert long.status == 400


async def test_a_chat_is_described(client: Client) -> None:
    """getChat names the person; unknown chats are not found."""
    assert (await client.call("getChat", chat_id=ANN)).result["first_name"] == "Ann"
    assert (await client.call("getChat", chat_id=77)).refusal[1] == "Bad Request: chat not found"


async def test_a_group_is_joined_and_left(client: Client) -> None:
    """Adding the bot to a group is told as my_chat_member; after leaving, sends are forbidden."""
    offset = client.sandbox.world.updates.next_id
    group = client.sandbox.world.add_to_group(ANN, "Job hunters")
    joined, service = await client.updates(offset=offset)
    change = joined["my_chat_member"]
    assert (change["chat"]["id"], change["chat"]["type"]) == (group, "group")
    assert change["from"]["id"] == ANN
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "left",
        "member",
    )
    assert service["message"]["new_chat_members"][0]["is_bot"] is True
    assert (await client.call("sendMessage", chat_id=group, text="Private only")).status == 200
    assert (await client.call("leaveChat", chat_id=group)).result is True
    left = (await client.updates())[-1]["my_chat_member"]
    assert left["new_chat_member"]["status"] == "left"
    answer = await client.call("sendMessage", chat_id=group, text="x")
    assert answer.refusal == (403, "Forbidden: bot is not a member of the group chat")


async def test_a_private_chat_cannot_be_left(client: Client) -> None:
    """leaveChat is for groups."""
    answer = await client.call("leaveChat", chat_id=ANN)
    reason = "Bad Request: chat member status can't be changed in private chats"
    assert answer.refusal == (400, reason)


async def test_in_a_group_only_commands_and_replies_are_heard(client: Client) -> None:
    """With privacy on, ordinary talk in a group does not reach the bot."""
    world = client.sandbox.world
    group = world.add_to_group(ANN)
    asked = (await client.call("sendMessage", chat_id=group, text="Yes?")).result["message_id"]
    await client.updates(offset=world.updates.next_id)
    world.say(ANN, "just talking", group=group)
    world.say(ANN, "/drill", group=group)
    world.say(ANN, "a reply", group=group, reply_to=asked)
    assert [u["message"]["text"] for u in await client.updates()] == ["/drill", "a reply"]
