"""A bot that lives in the simulation: started, killed at any point, started again on the same folder."""

import asyncio
import functools
import io
import random
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, TokenRefused
from bot.banks.library import Library, load_library
from bot.clock import Clock
from bot.rehearsal import for_sandbox
from bot.sandbox import TOKEN
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.world import World
from bot.schedule.alarm import Alarm
from bot.settings import Settings, load_settings, shipped_banks
from bot.store.database import Database, StorageError
from bot.telemetry import logs
from tests.fakes.copyist import Copyist
from tests.faults.simulation.courier import Courier
from tests.faults.simulation.disk import Driver, Fate, Killed, Trouble
from tests.faults.simulation.line import Line, Weather
from tests.faults.simulation.loop import Wall
from tests.faults.simulation.people import Lively, Person, Steady
from tests.house import _STATEMENTS, _fresh_database
from tests.schedule.virtual import WallZone

BOT = {"id": 7350461982, "is_bot": True, "first_name": "Sprung", "username": "SprungSandboxBot"}
RESTART_SECONDS = 5.0
REFUSED_SECONDS = 60.0
HISTORY = 400


class SimulatedApp(App):
    """The whole bot, but for watching the folder of its banks: threads have no place here."""

    async def _watch_banks(self) -> None:
        await asyncio.Event().wait()


@functools.cache
def library() -> Library:
    """The shipped sets."""
    return load_library([shipped_banks()])[0]


@dataclass
class City:
    """People, their Telegram, and a bot on one folder.

    `points`: how many points of its fate each life passed. `failures`: errors that nobody caught.
    `connect`: opens a connection, as `sqlite3.connect` does. `by_webhook`: updates are posted.
    """

    folder: Path
    seed: object
    weather: Weather = field(default_factory=Weather)
    trouble: Trouble = field(default_factory=Trouble)
    log: io.StringIO = field(default_factory=io.StringIO)
    failures: list[str] = field(default_factory=list)
    drain_seconds: float = 2 * 3600.0
    points: list[int] = field(default_factory=list)
    app: SimulatedApp | None = None
    connect: Callable[..., Any] | None = None
    by_webhook: bool = False

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.wall = Wall(loop)
        self.fate = Fate()
        self.journal = Journal(10**6)
        limits = Limits(history=HISTORY)
        self.world = World(dict(BOT), self.wall.true, loop.time, limits, self.dice("world"))
        self.line = Line(self.world, self.journal, self.weather, self.fate, self.dice("line"))
        self._outside: set[asyncio.Task[Any] | None] = {asyncio.current_task()}
        self.courier = Courier(
            self.world, self.dice("courier"), self._post, self.line.settled, self._outside.add
        )
        self.line.on_hook = self.courier.open
        self.people: list[Person] = []
        self._living: list[asyncio.Task[None]] = []
        self._database: Database
        self._driver: Driver
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            self.path.write_bytes(_fresh_database())
        logs.configure("debug", [TOKEN], self.log)
        loop.set_exception_handler(self._failed)

    def dice(self, whose: object) -> random.Random:
        """Dice of their own for everybody, all of one seed."""
        return random.Random(f"{self.seed} {whose}")

    @property
    def settings(self) -> Settings:
        """The bot's settings."""
        given = load_settings({"SPRUNG_DATA": str(self.folder), "SPRUNG_SEED": "1"}, None)
        played = for_sandbox(given, token=TOKEN, api_url="http://simulated", owner=1001)
        hook = {"webhook_url": "https://simulated/telegram", "webhook_secret": SecretStr("secret")}
        return played.model_copy(update={"listen": None, **(hook if self.by_webhook else {})})

    @property
    def path(self) -> Path:
        """The database."""
        return self.settings.database_path

    def settle(self, steady: int, lively: int) -> None:
        """Let people move in; the first one is the owner."""
        kinds: Iterable[type[Person]] = [Steady] * steady + [Lively] * lively
        for kind in kinds:
            self.move_in(kind)

    def move_in(self, kind: type[Person]) -> Person:
        """Let somebody of this kind move in and start the bot."""
        person = kind(self.world, self.dice(f"person {len(self.people)}"))
        self.people.append(person)
        self.world.say(person.number, "/start")
        self.at_work(person.live())
        return person

    def at_work(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something of the world go on beside the bot, until the people rest."""
        task = asyncio.create_task(work)
        self._outside.add(task)
        self._living.append(task)

    async def start(self, die_at: int | None = None) -> asyncio.Task[None]:
        """Start the program; it dies at its n-th point, if `die_at` says so."""
        self.fate.born(die_at)
        driver_dice = self.dice(f"disk {len(self.points)}")
        connect = {} if self.connect is None else {"connect": self.connect}
        self._driver = Driver(self.fate, self.trouble, driver_dice, **connect)
        self._database = Database(self.path, self._driver)  # type: ignore[arg-type]
        self._database._statements = _STATEMENTS
        await self._database.__aenter__()
        clock = Clock(wall=self.wall)
        self.app = SimulatedApp(
            self.settings, self._database, library(), clock, transport=self.line, studio=Copyist()
        )
        self.app.alarm = Alarm(clock, self.app.dispatcher.ring, WallZone(self.wall))
        return asyncio.create_task(self.app.run())

    async def live(self, seconds: float, deaths: Iterable[float | int] = ()) -> None:
        """Run the program for so long, through its deaths, then let it finish and stop it.

        `deaths`: of each life but the last the number of the point at which it ends (int), or its
        length in seconds (float).
        """
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for death in deaths:
            await self._one_life(death, end)
        while loop.time() < end:
            await self._one_life(None, end)
        for task in self._living:
            task.cancel()
        ends = await asyncio.gather(*self._living, return_exceptions=True)
        self.failures += [f"the world failed: {e!r}" for e in ends if isinstance(e, Exception)]
        self.weather.kinds = ()
        self.trouble.ordered.clear()
        await self._one_life(None, loop.time() + self.drain_seconds)
        self.world.files.close()

    async def _one_life(self, death: float | int | None, end: float) -> None:
        program = await self.start(death if isinstance(death, int) else None)
        left = end - asyncio.get_running_loop().time()
        longest = min(left, death) if isinstance(death, float) else left
        await self._until_over(program, max(0.0, longest))
        self.points.append(self.fate.points)
        if program.done() or self.fate.dead:
            refused = program.done() and isinstance(_error(program), TokenRefused)
            if not self.fate.dead and not refused:
                self.failures.append(f"the program ended: {_error(program)!r}")
            await self._bury(program)
            await asyncio.sleep(REFUSED_SECONDS if refused else RESTART_SECONDS)
        elif isinstance(death, float) and longest == death:
            await self._bury(program)
            await asyncio.sleep(RESTART_SECONDS)
        else:
            program.cancel()
            await asyncio.gather(program, return_exceptions=True)
            await self._database.__aexit__()

    async def _until_over(self, program: asyncio.Task[None], seconds: float) -> None:
        death = asyncio.create_task(self.fate.death.wait())
        self._outside.add(death)
        await asyncio.wait({program, death}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()

    async def _bury(self, program: asyncio.Task[None]) -> None:
        """Nothing of a dead program goes on: its tasks end wherever they stand."""
        assert self.app is not None
        self.fate.die()
        self.app.alarm._stop()
        self._driver.cut()
        while left := asyncio.all_tasks() - self._outside:
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=60)
        await asyncio.gather(program, return_exceptions=True)

    async def _post(self, raw: dict[str, Any]) -> bool:
        """One update at the webhook; True: it was answered with 200."""
        if self.app is None or self.fate.dead:
            return False
        try:
            self.fate.point("before the webhook stores")
            await self.app.intake.store([raw])
            self.fate.point("after the webhook stored")
        except (Killed, StorageError):
            return False
        return True

    def _failed(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not self.fate.dead and not isinstance(error, Killed):
            self.failures.append(f"{context['message']}: {error!r}")


def _error(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
