"""What a bot says about itself: its name, its descriptions, its menus of commands."""

from __future__ import annotations

import re

from bot.sandbox import limits
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTION_LENGTH = 256
_LENGTHS = {"name": 64, "description": 512, "short_description": 120}


class Profile:
    """The texts and menus that the bot has set, per language; menus per scope too."""

    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self._commands: dict[tuple[str, str], list[Json]] = {}

    def set_text(self, kind: str, language: str, text: str) -> None:
        """Set `name`, `description` or `short_description`; an empty one is taken away."""
        _check_language(language)
        if len(text) > _LENGTHS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        if text:
            self._texts[kind, language] = text
        else:
            self._texts.pop((kind, language), None)

    def text(self, kind: str, language: str) -> str:
        """The text for a language, or the one for all."""
        return self._texts.get((kind, language)) or self._texts.get((kind, ""), "")

    def set_commands(self, scope: Json | None, language: str, commands: list[Json]) -> None:
        """Set the menu of one scope and language; an empty one is taken away.

        Raises Refusal (400) for commands that Telegram does not take.
        """
        _check_language(language)
        if len(commands) > limits.COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            _check_command(command)
        if commands:
            self._commands[_key(scope), language] = commands
        else:
            self._commands.pop((_key(scope), language), None)

    def commands(self, scope: Json | None, language: str) -> list[Json]:
        """The menu of exactly this scope and language."""
        return self._commands.get((_key(scope), language), [])

    def menu(self, person: int, language: str) -> list[Json]:
        """The commands that a person sees in the private chat: the nearest menu that is set."""
        for scope in (f"chat {person}", "all_private_chats", "default"):
            for tongue in (language[:2], ""):
                if (scope, tongue) in self._commands:
                    return self._commands[scope, tongue]
        return []


def _key(scope: Json | None) -> str:
    scope = scope or {"type": "default"}
    return " ".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope)


def _check_language(language: str) -> None:
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("LANG_CODE_INVALID")


def _check_command(command: Json) -> None:
    if not _COMMAND.fullmatch(command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"].strip()) <= _DESCRIPTION_LENGTH:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
