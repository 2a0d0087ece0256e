"""/start: what somebody comes with decides who greets them: a link of some kind, or nothing."""

from collections.abc import Awaitable, Callable, Mapping

from bot.chat import circles, coaching, ears, onboarding, pupils, sharing
from bot.chat.turn import Turn

LINKS: Mapping[str, Callable[[Turn, str], Awaitable[None]]] = {
    sharing.PREFIX: sharing.opened,
    coaching.PREFIX: pupils.opened,
    ears.PREFIX: ears.opened,
    circles.PREFIX: circles.opened,
}
"""How the payload of a link begins, and who takes its token; an owner's invitation has no beginning."""


async def start(turn: Turn) -> None:
    """/start, with a link or without."""
    payload = onboarding.token(turn)
    prefix = next((prefix for prefix in LINKS if payload.startswith(prefix)), None)
    if prefix is None:
        await onboarding.start(turn)
    else:
        await LINKS[prefix](turn, payload.removeprefix(prefix))
