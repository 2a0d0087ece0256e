"""Help, cancel, and whatever belongs to no conversation: never silence, always a next step."""

import difflib

from bot.chat import drills
from bot.chat.keyboards import button, keyboard
from bot.chat.menu import COMMANDS
from bot.chat.turn import Turn

NEAR = 3


async def help_(turn: Turn) -> None:
    """/help: one screen."""
    turn.toast()
    turn.show(turn.texts("help"), drills.next_steps(turn))


async def cancel(turn: Turn) -> None:
    """/cancel: leave whatever was begun."""
    turn.toast()
    turn.tx.change(awaiting=None)
    turn.show(
        turn.texts("cancelled"),
        keyboard(
            [
                button(turn.texts.plain("drill-now"), "drill"),
                button(turn.texts.plain("settings-button"), "settings"),
            ]
        ),
    )


async def close(turn: Turn) -> None:
    """Close a card."""
    turn.toast()
    turn.edit(turn.texts("closed"))


async def unknown_command(turn: Turn) -> None:
    """A command that does not exist: name those near it."""
    text = (turn.message.text or "") if turn.message else ""
    word = text.split()[0].split("@")[0].lstrip("/")
    near = difflib.get_close_matches(word, COMMANDS, n=NEAR, cutoff=0.3) or ["help"]
    turn.say(
        turn.texts("unknown-command", command=f"/{word[:32]}")
        + "\n"
        + "\n".join(f"/{name} {turn.texts(f'command-{name}')}" for name in near)
    )


async def unknown_text(turn: Turn) -> None:
    """Text while no question is open."""
    turn.say(turn.texts("unknown-text"), drills.next_steps(turn))


async def unknown_kind(turn: Turn) -> None:
    """A sticker, a location, a contact."""
    turn.say(turn.texts("unknown-kind"), drills.next_steps(turn))


async def stale(turn: Turn) -> None:
    """A button this bot does not know (any more)."""
    known = turn.tx.learner.enrolled_at is not None
    turn.toast(turn.texts.plain("card-closed" if known else "nothing-stored"))
    turn.strip(turn.message.message_id if turn.message else None)
