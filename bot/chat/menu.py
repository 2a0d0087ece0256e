"""The command menu and the bot's own page, told to Telegram at start."""

from typing import Any

from bot.chat.texts import Texts

COMMANDS = ("drill", "mock", "sets", "progress", "settings", "pause", "undo", "help")
"""What the menu shows; /start, /mine (a button of /sets), /takes, /cancel, /export, /forget and
/owner exist beside it."""


def calls(texts: Texts) -> list[tuple[str, dict[str, Any]]]:
    """Bot API calls (method, parameters) that set the menu for private chats and none elsewhere."""
    menu = [{"command": name, "description": texts.plain(f"command-{name}")} for name in COMMANDS]
    return [
        ("setMyCommands", {"commands": menu, "scope": {"type": "all_private_chats"}}),
        ("deleteMyCommands", {"scope": {"type": "default"}}),
        ("setMyDescription", {"description": texts.plain("bot-description")}),
        ("setMyShortDescription", {"short_description": texts.plain("bot-about")}),
    ]
