"""Methods about the bot itself and about chats and files: who, where, what it is called."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox import limits
from bot.sandbox.method import Method
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json, Mistyped, Shape, array, chat, encoded, record, text, whole
from bot.sandbox.world import World

_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_REACTIONS_AT_MOST = 11
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
_CHAT_SCOPE = record({"type": text, "chat_id": chat})
_MEMBER_SCOPE = record({"type": text, "chat_id": chat, "user_id": whole})


def _scope(value: object) -> Json:
    kind = value.get("type") if isinstance(value, dict) else None
    scope: Json
    if kind in _PLAIN_SCOPES:
        scope = record({"type": text})(value)
    elif kind in ("chat", "chat_administrators"):
        scope = _CHAT_SCOPE(value)
    elif kind == "chat_member":
        scope = _MEMBER_SCOPE(value)
    else:
        raise Mistyped("must be a BotCommandScope")
    return scope


def _get_me(world: World, _p: Json) -> Json:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def _set_commands(world: World, p: Json) -> bool:
    scope = p.get("scope", {})
    if "chat_id" in scope:
        world.chat(scope["chat_id"])
    world.profile.set_commands(scope, p.get("language_code", ""), p.get("commands", []))
    for person in world.phones.open():
        language = world.people[person].language_code
        world.phones.tell(person, "commands", commands=world.profile.menu(person, language))
    return True


def _get_commands(world: World, p: Json) -> list[Json]:
    return world.profile.commands(p.get("scope"), p.get("language_code", ""))


def _setter(kind: str) -> Callable[[World, Json], bool]:
    def set_text(world: World, p: Json) -> bool:
        world.profile.set_text(kind, p.get("language_code", ""), p.get(kind, ""))
        return True

    return set_text


def _getter(kind: str) -> Callable[[World, Json], Json]:
    def get_text(world: World, p: Json) -> Json:
        return {kind: world.profile.text(kind, p.get("language_code", ""))}

    return get_text


def _get_chat(world: World, p: Json) -> Json:
    found = world.chat(p["chat_id"])
    return {
        **found.facts,
        "accent_color_id": found.id % 7,
        "max_reaction_count": _REACTIONS_AT_MOST,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }


def _leave_chat(world: World, p: Json) -> bool:
    found = world.chat(p["chat_id"])
    if found.private:
        raise bad_request("chat member status can't be changed in private chats")
    world.left(world.open_chat(found.id))
    return True


def _get_file(world: World, p: Json) -> Json:
    stored = world.files.named(p["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > limits.DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return stored.described()


_LANGUAGE: dict[str, Shape] = {"language_code": text}
_SCOPE: dict[str, Shape] = {"scope": encoded(_scope), **_LANGUAGE}
_COMMANDS = encoded(array(record({"command": text, "description": text})))

METHODS = (
    Method("getMe", _get_me),
    Method("setMyCommands", _set_commands, {"commands": _COMMANDS}, _SCOPE),
    Method("getMyCommands", _get_commands, {}, _SCOPE),
    Method("deleteMyCommands", _set_commands, {}, _SCOPE),
    Method("getChat", _get_chat, {"chat_id": chat}),
    Method("leaveChat", _leave_chat, {"chat_id": chat}),
    Method("getFile", _get_file, {"file_id": text}),
    *(
        Method(f"{verb}My{name}", run(kind), {}, _LANGUAGE | takes)
        for name, kind in (
            ("Name", "name"),
            ("Description", "description"),
            ("ShortDescription", "short_description"),
        )
        for verb, run, takes in (("set", _setter, {kind: text}), ("get", _getter, {}))
    ),
)
