"""One tap: how the learner rated one take."""

from dataclasses import dataclass

from bot.drill.tone import Mode, Tone


@dataclass(frozen=True, slots=True)
class Rating:
    """A tone rating as the engine counts it; `local_day` is the learner's date at `rated_at`."""

    tone: Tone
    mode: Mode
    rated_at: int
    local_day: int
