"""The command menu and the bot's own page, as Telegram is told at start."""

from bot.chat import menu, routes
from bot.chat.texts import Texts
from tests.house import ANN, Street

COMMANDS, DESCRIPTION, ABOUT, COMMAND = 8, 512, 120, 256


async def test_telegram_accepts_all_of_it(town: Street) -> None:
    """Each call is taken, and a phone then shows the eight commands."""
    for method, parameters in menu.calls(Texts()):
        await town.app.api.call(method, parameters)
    shown = town.sandbox.world.profile.menu(ANN, "en")
    assert [entry["command"] for entry in shown] == list(menu.COMMANDS)
    assert town.refusals() == []


def test_the_menu_is_short_and_every_entry_works() -> None:
    """At most eight commands, each routed, each with a description that fits."""
    assert len(menu.COMMANDS) <= COMMANDS
    [commands] = [p for method, p in menu.calls(Texts()) if method == "setMyCommands"]
    assert commands["scope"] == {"type": "all_private_chats"}
    for entry in commands["commands"]:
        assert entry["command"] in routes.COMMANDS
        assert 3 <= len(entry["description"]) <= COMMAND


def test_groups_are_offered_no_commands() -> None:
    """Outside private chats there is no menu at all."""
    [cleared] = [p for method, p in menu.calls(Texts()) if method == "deleteMyCommands"]
    assert cleared == {"scope": {"type": "default"}}


def test_the_page_of_the_bot_fits() -> None:
    """What the bot says of itself keeps Telegram's lengths."""
    said = dict(menu.calls(Texts()))
    assert len(said["setMyDescription"]["description"]) <= DESCRIPTION
    assert len(said["setMyShortDescription"]["short_description"]) <= ABOUT
