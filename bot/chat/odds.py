"""Help, cancel, and whatever belongs to no conversation: never silence, always a next step."""

import difflib

from bot.chat import drills, mocks
from bot.chat.keyboards import button, keyboard
from bot.chat.menu import COMMANDS
from bot.chat.turn import Turn

NEAR = 3
KNOWN = (*COMMANDS, "mine", "takes", "coach", "cancel", "export", "forget")


async def help_(turn: Turn) -> None:
    """/help: one screen."""
    turn.toast()
    turn.show(turn.texts("help"), drills.next_steps(turn))


async def cancel(turn: Turn) -> None:
    """/cancel: leave whatever was begun."""
    turn.toast()
    turn.tx.change(awaiting=None)
    if await mocks.stands(turn):
        return
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


def unknown_command(turn: Turn) -> None:
    """A command that does not exist: name those near it."""
    text = (turn.message.text or "") if turn.message else ""
    word = text.split()[0].split("@")[0].lstrip("/")
    near = difflib.get_close_matches(word, KNOWN, n=NEAR, cutoff=0.3) or ["help"]
    turn.say(
        turn.texts("unknown-command", command=f"/{word[:32]}")
        + "\n"
        + "\n".join(f"/{name} {turn.texts(f'command-{name}')}" for name in near)
    )


def unplaced(turn: Turn, text_id: str) -> None:
    """Something that nothing waits for: say what it was taken for, and two ways on."""
    turn.say(turn.texts(text_id), drills.next_steps(turn))


def stale(turn: Turn) -> None:
    """A button this bot does not know (any more)."""
    if turn.tx.learner.enrolled_at is not None:
        turn.toast(turn.texts.plain("card-closed"))
        turn.strip_pressed()
        return
    turn.toast(turn.texts.plain("nothing-stored"))
    turn.edit(
        turn.texts("nothing-stored"),
        keyboard([button(turn.texts.plain("start-again"), "start", style="primary")]),
    )
