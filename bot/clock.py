"""The only place that reads the wall clock."""

import time
from collections.abc import Callable


class Clock:
    """The bot's time: the wall clock, or for rehearsals one that runs faster and can be put forward.

    `origin`: the wall moment (ms) from which a faster clock counts; a restart with the same origin
    goes on where it was. `skipped`: ms that were jumped over so far.
    """

    def __init__(
        self,
        *,
        speed: float = 1.0,
        origin: int | None = None,
        skipped: int = 0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.speed = speed
        self.origin = int(wall() * 1000) if origin is None else origin
        self.skipped = skipped
        self._wall = wall

    def now(self) -> int:
        """This moment."""
        real = self._wall() * 1000
        return int(self.origin + (real - self.origin) * self.speed) + self.skipped

    def real_seconds_until(self, moment: int) -> float:
        """How long to wait in real seconds until the clock shows `moment`; 0 when it is past."""
        return max(0.0, (moment - self.now()) / 1000 / self.speed)

    def after(self, real_seconds: float) -> int:
        """The moment this clock will show in so many real seconds: for waits that Telegram names."""
        return self.now() + int(real_seconds * 1000 * self.speed)

    def skip(self, ms: int) -> None:
        """Put the clock forward."""
        self.skipped += ms
