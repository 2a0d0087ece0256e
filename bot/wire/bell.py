"""A bell that wakes a loop before its time."""

import asyncio
from contextlib import suppress


class Bell:
    """`silence` it before looking for work: a ring that comes while looking is heard afterwards."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    @property
    def rung(self) -> bool:
        """Whether it was rung since it was last silenced."""
        return self._rung.is_set()

    def ring(self) -> None:
        """Say that there may be something to do."""
        self._rung.set()

    def silence(self) -> None:
        """What it was rung for until now is being looked at."""
        self._rung.clear()

    async def heard(self, seconds: float) -> None:
        """Return once it is rung, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` of Python 3.11 may miss a cancel
                await self._rung.wait()
