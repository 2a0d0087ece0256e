"""How an answer sounded to the learner, and how the answer came about."""

from enum import IntEnum


class Tone(IntEnum):
    """The learner's own rating of one take."""

    BITTER = 1
    EDGY = 2
    FLAT = 3
    PROFESSIONAL = 4
    SMOOTH = 5

    @property
    def is_slip(self) -> bool:
        """Whether this tone ends a run of good answers (3 or less)."""
        return self <= Tone.FLAT


class Mode(IntEnum):
    """How an answer came about, as ratings count it.

    SURPRISE: a drill that was sprung, answered while it was open. LATE: sprung, but answered after
    it had expired. SELF: the learner asked for it. MOCK: a turn of a mock interview.
    """

    SURPRISE = 1
    LATE = 2
    SELF = 3
    MOCK = 4
