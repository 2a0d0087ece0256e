"""A long list of choices, a page at a time."""

from collections.abc import Sequence
from typing import TypeVar

from bot.chat.keyboards import Button, button
from bot.chat.turn import Turn

PAGE = 10
"""How many rows of choices a phone shows without scrolling, with a line for each above them."""

Item = TypeVar("Item")


def paged(
    turn: Turn, items: Sequence[Item], number: int, action: str, *arguments: int | str
) -> tuple[Sequence[Item], list[Button]]:
    """What stands on a page (counted from 0; the last one, if there are fewer), and the row that turns it.

    The buttons carry the action, its arguments and the number of the other page.
    """
    last = max(0, len(items) - 1) // PAGE
    number = min(number, last)
    turning = []
    if number > 0:
        turning.append(button(turn.texts.plain("page-back"), action, *arguments, number - 1))
    if number < last:
        turning.append(button(turn.texts.plain("page-more"), action, *arguments, number + 1))
    return items[number * PAGE : (number + 1) * PAGE], turning
