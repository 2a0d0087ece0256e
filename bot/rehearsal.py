"""A rehearsal: the bot in its sandbox, with a clock that runs faster and can be put forward."""

from pydantic import SecretStr

from bot.clock import Clock
from bot.schedule.alarm import Alarm
from bot.settings import Settings
from bot.store import installation, learners
from bot.store.database import Database

MINUTE_MS = 60_000


class ClockControl:
    """What the sandbox's clock bar may do: put the bot's clock forward, and ask for the next surprise."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.speed = 1.0
        self._bot: tuple[Database, Alarm] | None = None

    def attach(self, clock: Clock, database: Database, alarm: Alarm) -> None:
        """Let the clock bar govern a bot from now on."""
        self.clock, self.speed = clock, clock.speed
        self._bot = database, alarm

    def now(self) -> int:
        """The bot's time."""
        return self.clock.now()

    async def skip(self, ms: int) -> None:
        """Put the clock forward; what falls due on the way happens in its order, as if waited for."""
        if self._bot is None:
            return
        database, alarm = self._bot
        end = self.clock.now() + ms
        await alarm.ring()
        while (due := alarm.due) is not None and due < end:
            await self._forward(max(due, self.clock.now() + MINUTE_MS), database, alarm)
        await self._forward(end, database, alarm)

    async def _forward(self, moment: int, database: Database, alarm: Alarm) -> None:
        self.clock.skip(max(0, moment - self.clock.now()))
        await database.commit([installation.put("skipped", str(self.clock.skipped))])
        await alarm.ring()

    async def next_for(self, person: int) -> int | None:
        """When this person's next surprise comes; None: nothing is planned."""
        if self._bot is None:
            return None
        found = await learners.find(self._bot[0], person)
        return found.next_drill_at if found else None


async def clock_for(settings: Settings, database: Database, *, rehearsal: bool) -> Clock:
    """The wall clock; in a rehearsal one that goes on where the last run on this database stopped."""
    if not rehearsal and settings.clock_speed == 1.0:
        return Clock()
    origin, skipped, speed = [
        await installation.find(database, name) for name in ("origin", "skipped", "speed")
    ]
    clock = Clock(
        speed=settings.clock_speed,
        origin=int(origin) if origin else None,
        skipped=int(skipped or 0),
    )
    if origin and speed and float(speed) != clock.speed:
        # At another speed it counts from the same origin, and would show another time.
        before = Clock(speed=float(speed), origin=clock.origin, skipped=clock.skipped)
        clock.skip(before.now() - clock.now())
    kept = {"origin": clock.origin, "skipped": clock.skipped, "speed": clock.speed}
    await database.commit([installation.put(name, str(value)) for name, value in kept.items()])
    return clock


def for_sandbox(settings: Settings, *, token: str, api_url: str, owner: int) -> Settings:
    """Settings for a rehearsal: the sandbox's address and token, and an owner to play."""
    return settings.model_copy(
        update={
            "token": SecretStr(token),
            "api_url": api_url,
            "owners": settings.owners or frozenset({owner}),
            "data": settings.data / "sandbox",
        }
    )
