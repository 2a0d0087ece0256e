"""Every kind of errand, in one place: what is to be done, and which conversation does it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.chat import listening, mocks
from bot.chat.turn import Turn
from bot.practice import Errand, ErrandKind

ERRANDS: Mapping[ErrandKind, Callable[[Turn, Errand], Awaitable[None]]] = {
    ErrandKind.LISTEN: listening.due,
    ErrandKind.MOCK: mocks.still_there,
}
