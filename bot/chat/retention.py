"""How long recordings stay here, and how much room they take."""

from bot.chat.keyboards import button, grid, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.practice import retain

KILOBYTE, MEGABYTE = 1000, 1_000_000


async def space(turn: Turn) -> str:
    """How many recordings are kept and how large they are, in words."""
    count, size = await retain.space(turn.tx)
    if size < MEGABYTE:
        unit = turn.texts.plain("size-kb", size=str(-(-size // KILOBYTE)))
    else:
        unit = turn.texts.plain("size-mb", size=f"{size / MEGABYTE:.1f}")
    return turn.texts("media-space", count=count, size=unit)


async def show(turn: Turn) -> None:
    """How long shall they stay: choose, or chosen."""
    turn.toast()
    chosen = turn.press.number(0) if turn.press else None
    if chosen in retain.CHOICES:
        retain.keep_for(turn.tx, chosen)
    current = retain.days(turn.tx.learner)
    buttons = [
        button(turn.texts.plain(f"days-{days}") + (" ✓" if days == current else ""), "media", days)
        for days in retain.CHOICES
    ]
    turn.show(
        turn.texts("media-title", space=Html(await space(turn))),
        keyboard(*grid(buttons, 2), [button(turn.texts.plain("back"), "data")]),
    )
