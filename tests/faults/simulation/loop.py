"""Time that passes only while nobody has anything to do."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tests.house import MONDAY_NOON
from tests.schedule.virtual import VirtualLoop

T = TypeVar("T")


class SimulatedLoop(VirtualLoop):
    """A loop in which waiting costs nothing and threads do their work at once."""

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Run it here and now: a real thread would not know what time it is."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class Wall:
    """The wall clock of the bot's machine in seconds since 1970, which may be wrong by `step`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.step = 0.0

    def true(self) -> float:
        """The time that everybody else has."""
        return MONDAY_NOON / 1000 + self._loop.time()

    def __call__(self) -> float:
        """The time that the machine believes in."""
        return self.true() + self.step


def simulated(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a story from its beginning to its end, without real waiting."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(story())
