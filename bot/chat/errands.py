"""Every kind of errand, in one place: what is to be done, and which conversation does it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.chat import circles, coaching, digests, ears, listening, mocks, pupils, springs, two_ears
from bot.chat.turn import Turn
from bot.practice import Errand, ErrandKind

ERRANDS: Mapping[ErrandKind, Callable[[Turn, Errand], Awaitable[None]]] = {
    ErrandKind.LISTEN: listening.due,
    ErrandKind.MOCK: mocks.still_there,
    ErrandKind.COACH_ACCEPTED: coaching.accepted,
    ErrandKind.COACH_AGREED: pupils.agreed,
    ErrandKind.COACH_ENDED: coaching.parted,
    ErrandKind.COACH_HEARD: two_ears.heard,
    ErrandKind.COACH_NOTE: two_ears.noted,
    ErrandKind.COACH_SPRINGS: springs.sprung,
    ErrandKind.EAR_HEARD: ears.heard,
    ErrandKind.CIRCLE_CLOSED: circles.closed,
    ErrandKind.DIGEST: digests.due,
}
