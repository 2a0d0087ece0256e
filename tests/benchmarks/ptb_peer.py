"""A plain bot on python-telegram-bot with its defaults, to be measured beside ours.

    SPRUNG_TOKEN=… SPRUNG_API_URL=… python -m tests.benchmarks.ptb_peer

In the style of the library's own examples: every text is answered with five buttons, and a press on
one of them is answered and changes the message. It keeps nothing on disk.
"""

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

TONES = ("1 Bitter", "2 Edgy", "3 Flat", "4 Professional", "5 Smooth")
BUTTONS = InlineKeyboardMarkup(
    [[InlineKeyboardButton(tone, callback_data=f"v1:rate:1:{tone[0]}") for tone in TONES]]
)


async def answered(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Ask for the rating."""
    if update.effective_message is not None:
        await update.effective_message.reply_text("How did it sound?", reply_markup=BUTTONS)


async def rated(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Keep the rating."""
    query = update.callback_query
    if query is not None:
        await query.answer()
        await query.edit_message_text(f"Rated {(query.data or '')[-1:]}")


def main() -> None:
    """Poll for ever."""
    url = os.environ["SPRUNG_API_URL"]
    application = (
        ApplicationBuilder()
        .token(os.environ["SPRUNG_TOKEN"])
        .base_url(f"{url}/bot")
        .base_file_url(f"{url}/file/bot")
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, answered))
    application.add_handler(CallbackQueryHandler(rated))
    application.run_polling()


if __name__ == "__main__":
    main()
