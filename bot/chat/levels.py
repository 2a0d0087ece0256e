"""The learner's level: one tap, and what is not asked of it is left out."""

from bot.chat.keyboards import Button, Keyboard, button, keyboard
from bot.chat.turn import Turn
from bot.practice import enrol

ALL = 0
LEVELS = range(1, 6)


def name(turn: Turn) -> str:
    """The level in words."""
    return turn.texts.plain(f"level-{turn.tx.learner.level or ALL}")


def label(turn: Turn) -> str:
    """What the button to the choice says: the level, or that it can be chosen."""
    return turn.texts.plain("level-pick") if turn.tx.learner.level is None else name(turn)


def pressed(turn: Turn) -> bool:
    """Take up a level that was tapped; False: the press names none."""
    chosen = turn.press.number(0) if turn.press else None
    if chosen is None or chosen not in (ALL, *LEVELS):
        return False
    enrol.choose_level(turn.tx, chosen or None)
    return True


def choices(turn: Turn, action: str, *below: list[Button]) -> Keyboard:
    """A button for each level, and one for all of them."""
    current = turn.tx.learner.level or ALL

    def choice(level: int) -> list[Button]:
        mark = " ✓" if level == current else ""
        return [button(turn.texts.plain(f"level-{level}") + mark, action, level)]

    return keyboard(*(choice(level) for level in (*LEVELS, ALL)), *below)
