"""One tap: how the learner rated one take, at once or when they listened to it again."""

from dataclasses import dataclass

from bot.drill.tone import Mode, Tone


@dataclass(frozen=True, slots=True)
class Rating:
    """A tone rating as the engine counts it; `local_day` is the learner's date at `rated_at`.

    `spoken`: the take was a recording, so that it can be listened to again.
    """

    tone: Tone
    mode: Mode
    rated_at: int
    local_day: int
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """A second rating of the same take, by its speaker's own ears a day later.

    `first_rated_at`: when the take got its first rating; `rated_at`: its second.
    """

    tone: Tone
    rated_at: int
    first_rated_at: int

    @property
    def holds(self) -> bool:
        """Whether the take still sounds like a good one."""
        return not self.tone.is_slip
