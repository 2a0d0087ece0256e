"""python-telegram-bot talks to the sandbox as it talks to Telegram."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest
import telegram
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from tests.sandbox.conftest import ANN, CARL, Client


@pytest.fixture
async def bot(client: Client, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    """A bot of python-telegram-bot's at the sandbox."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # how the next version gives durations
    url = client.sandbox.url
    async with telegram.Bot(
        client.sandbox.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot"
    ) as bot:
        yield bot


async def test_a_conversation(client: Client, bot: telegram.Bot) -> None:
    """Updates, a formatted card with buttons, a tap, its answer and an edit all work."""
    (update,) = await bot.get_updates(timeout=1, allowed_updates=["message", "callback_query"])
    assert update.message is not None
    assert update.message.text == "/start"
    button = telegram.InlineKeyboardButton("Hint", callback_data="hint", style="primary")
    card = await bot.send_message(
        update.message.chat_id,
        "<b>Tell me</b> about <tg-spoiler>a conflict</tg-spoiler>",
        parse_mode=ParseMode.HTML,
        reply_markup=telegram.InlineKeyboardMarkup([[button]]),
        reply_parameters=telegram.ReplyParameters(update.message.message_id),
        link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
    )
    assert card.text_html == '<b>Tell me</b> about <span class="tg-spoiler">a conflict</span>'
    client.sandbox.world.tap(ANN, "Hint")
    (pressed,) = await bot.get_updates(offset=update.update_id + 1)
    query = pressed.callback_query
    assert query is not None
    assert query.message == card
    assert await query.answer("Here it is")
    assert query.message is not None
    edited = await bot.edit_message_text("Situation, task, action", ANN, card.message_id)
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    assert await bot.set_message_reaction(ANN, update.message.message_id, "👀")
    assert not client.sandbox.journal.violations


async def test_files_both_ways(client: Client, bot: telegram.Bot) -> None:
    """A recording is downloaded, sent back by its id, and a chart is uploaded."""
    client.sandbox.world.send(ANN, "voice", b"OggS take one", duration=42)
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    voice = update.message.voice
    assert voice is not None
    assert voice.duration == dt.timedelta(seconds=42)
    fetched = await (await voice.get_file()).download_as_bytearray()
    assert fetched == b"OggS take one"
    again = await bot.send_voice(ANN, voice.file_id, caption="Your first take")
    assert again.voice == voice
    sent = await bot.send_document(ANN, b"{}", filename="export.json")
    assert sent.document is not None
    assert sent.document.file_name == "export.json"
    copied = await bot.copy_message(ANN, ANN, again.message_id)
    assert copied.message_id == client.sandbox.world.messages(ANN)[-1]["message_id"]


async def test_the_menu(client: Client, bot: telegram.Bot) -> None:
    """Commands, names and descriptions are set and read back."""
    scope = telegram.BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands([("drill", "Ask me now")], scope=scope)
    assert (await bot.get_my_commands(scope=scope))[0].command == "drill"
    assert await bot.set_my_description("Springs questions on you")
    assert (await bot.get_my_description()).description == "Springs questions on you"
    assert (await bot.get_chat(ANN)).first_name == "Ann"
    assert (await bot.get_webhook_info()).url == ""


async def test_errors_become_exceptions(client: Client, bot: telegram.Bot) -> None:
    """Each refusal is the exception that Telegram's would be."""
    card = await bot.send_message(ANN, "x")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("x", ANN, card.message_id)
    with pytest.raises(Forbidden):
        await bot.send_message(CARL, "x")
    client.sandbox.faults.add({"method": "sendMessage", "status": 429})
    with pytest.raises(RetryAfter):
        await bot.send_message(ANN, "x")
    stranger = telegram.Bot("1:wrong", base_url=f"{client.sandbox.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()
