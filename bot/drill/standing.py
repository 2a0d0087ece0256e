"""One learner's standing in one question: how strong, how near the badge, when last heard."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.drill.badge import Run, counted, listened
from bot.drill.rating import Listen, Rating
from bot.drill.strength import UNKNOWN, drifted, pulled

__all__ = ["Listen", "Rating", "Standing", "listened", "rated", "replayed"]


@dataclass(frozen=True, slots=True)
class Standing(Run):
    """All that the engine remembers of one question for one learner.

    `strength` is as of `strength_at`, when a rating last set it (None: none has); it drifts from
    there. `heard_at` is when the question was last asked or answered, whichever is later (None:
    never). `last_wording` is the index of the wording last used. The badge fields are `Run`'s.
    """

    strength: float = UNKNOWN
    strength_at: int | None = None
    heard_at: int | None = None
    last_wording: int | None = None


def rated(standing: Standing, rating: Rating) -> Standing:
    """Return the standing after one tone rating; `heard_at` is for whoever asks to set."""
    strength_now = drifted(standing.strength, standing.strength_at, rating.rated_at)
    return replace(
        counted(standing, rating),
        strength=pulled(strength_now, rating, first=standing.strength_at is None),
        strength_at=rating.rated_at,
    )


def replayed(
    standing: Standing, heard: Iterable[Rating | Listen], prior: float = UNKNOWN
) -> Standing:
    """Return the standing that ratings and listens, oldest first, lead to from a start at `prior`.

    What was heard stays heard. To withdraw a rating or a listen, replay without it.
    """
    fresh = Standing(strength=prior, heard_at=standing.heard_at, last_wording=standing.last_wording)
    for tap in heard:
        fresh = rated(fresh, tap) if isinstance(tap, Rating) else listened(fresh, tap)
    return fresh
