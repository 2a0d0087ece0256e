"""The watchman: a full disk, a clock that is wrong or jumps, a part that hangs, a file that breaks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.store import installation
from bot.store.database import Database, StorageError
from bot.store.opening import CannotOpen
from bot.store.room import Room
from bot.telemetry.health import Health
from bot.telemetry.systemd import Systemd
from bot.watchman import SEEN, Watchman
from bot.wire.telegram_time import TelegramTime
from tests.house import Wall
from tests.store import cabinet
from tests.store.cabinet import DAY, NOW
from tests.wire.outpost import until

MB = 1_000_000
PARTS = ("poller", "sender", "dispatcher", "writer")


class Ear(Systemd):
    """A service manager that remembers what it is told."""

    def __init__(self) -> None:
        super().__init__({})
        self.told: list[tuple[str, ...]] = []

    def tell(self, *words: str) -> None:
        """Remember."""
        self.told.append(words)


@dataclass
class Ringer:
    """An alarm that is well or not."""

    well: bool = True


@dataclass
class Post:
    """A watchman at his post, with everything that he looks at in the test's hands."""

    database: Database
    free: int = 500 * MB
    real: float = 0.0
    ringer: Ringer = field(default_factory=Ringer)
    ear: Ear = field(default_factory=Ear)
    news: list[tuple[str, str]] = field(default_factory=list)
    set_right: list[bool] = field(default_factory=list)
    asked: int = 0
    broken: bool = False

    def __post_init__(self) -> None:
        self.wall = Wall()
        self.clock = Clock(wall=self.wall)
        self.health = Health(dict.fromkeys(PARTS, 120_000), self.clock.now())
        self.time = TelegramTime(self.clock)
        self.watchman = Watchman(
            self.database,
            self.clock,
            self.health,
            room=Room(self.database.path.parent, lambda _: self.free, least=100 * MB),
            time=self.time,
            alarm=self.ringer,
            systemd=self.ear,
            ask=self._ask,
            tell=self._tell,
            set_right=self._right,
            monotonic=lambda: self.real,
        )

    async def _ask(self) -> None:
        self.asked += 1

    async def _tell(self, part: str, trouble: str) -> None:
        if self.broken:
            raise StorageError("disk I/O error")
        self.news.append((part, trouble))

    async def _right(self, back: bool) -> None:
        if self.broken:
            raise StorageError("disk I/O error")
        self.set_right.append(back)

    def wait(self, seconds: float) -> None:
        """Time passes, on the wall and really."""
        self.wall.now += seconds
        self.real += seconds

    def telegram_says(self, ahead_seconds: float = 0.0) -> None:
        """An answer comes from Telegram, whose clock is so far ahead of the real one."""
        self.time.heard(formatdate(NOW / 1000 + self.real + ahead_seconds, usegmt=True))

    async def look(self) -> None:
        """Let him look, and set right what is to be."""
        await self.watchman.look()
        await self.watchman.settle()

    async def begin(self) -> None:
        """Let the watchman run up to his first pause."""
        self.running = asyncio.create_task(self.watchman.run())
        await until(lambda: any("WATCHDOG=1" in words for words in self.ear.told))


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A post on an empty database."""
    async with cabinet.opened(tmp_path) as database:
        post = Post(database)
        yield post
        if hasattr(post, "running"):
            post.running.cancel()
            await asyncio.gather(post.running, return_exceptions=True)


async def test_a_full_disk_is_told_once_and_so_is_its_end(post: Post) -> None:
    """/healthz is red as long as it lasts; the owners hear of the beginning and of the end."""
    await post.look()
    assert post.news == []
    post.free = 99 * MB
    for _ in range(3):
        await post.look()
    assert post.health.problems(NOW) == ["disk: 99 MB are free on the disk, 100 are needed"]
    assert [part for part, _ in post.news] == ["disk"]
    post.free = 500 * MB
    for _ in range(3):
        await post.look()
    assert post.health.problems(NOW) == []
    assert post.news[1:] == [("disk", "")]


async def test_who_could_not_be_told_is_told_later(post: Post) -> None:
    """News that could not be stored is tried again at the next look, and told once."""
    post.free, post.broken = 0, True
    await post.look()
    post.broken = False
    await post.look()
    await post.look()
    assert [part for part, _ in post.news] == ["disk"]


async def test_surprises_wait_until_the_clock_is_known(post: Post) -> None:
    """From the start until Telegram has been heard nothing is sprung; who has no Date is trusted."""
    assert not post.watchman.holds(), "nobody watches yet"
    await post.begin()
    assert post.watchman.holds()
    post.telegram_says()
    assert not post.watchman.holds()
    post.time.doubt()
    post.time.heard(None)
    assert not post.watchman.holds()


@pytest.mark.parametrize(
    ("ahead", "held"), [(119, False), (-119, False), (122, True), (-122, True)]
)
async def test_a_wrong_clock_holds_surprises(post: Post, ahead: float, held: bool) -> None:
    """Off by more than two minutes, either way, surprises wait; the owners are told once, /healthz is red."""
    await post.begin()
    post.telegram_says(ahead)
    await post.look()
    await post.look()
    assert post.watchman.holds() is held
    assert len(post.news) == held
    assert bool(post.health.problems(NOW)) is held
    assert post.set_right == ([] if held else [False])
    post.telegram_says()
    await post.look()
    assert not post.watchman.holds()
    assert [part for part, _ in post.news] == ["clock"] * 2 * held


async def test_a_clock_that_jumps_is_doubted_at_once(post: Post) -> None:
    """Before anybody looks again surprises wait; then Telegram is asked, and its answer ends the doubt."""
    await post.begin()
    post.telegram_says()
    await post.look()
    post.wait(30)
    assert not post.watchman.holds()
    post.wall.now += 3600
    assert post.watchman.holds()
    await post.look()
    assert (post.watchman.holds(), post.asked) == (True, 1)
    post.telegram_says(3600)
    assert not post.watchman.holds()
    await post.look()
    assert post.set_right == [False, False]


async def test_after_a_step_back_every_plan_is_drawn_anew(post: Post) -> None:
    """What a clock years ahead had planned is set right once it agrees with Telegram's, and only then."""
    await post.begin()
    post.telegram_says()
    await post.look()
    post.wall.now -= 10 * 365 * 86_400
    await post.look()
    assert post.set_right == [False]
    post.time.heard(formatdate(post.wall.now, usegmt=True))
    post.broken = True
    await post.look()
    post.broken = False
    await post.look()
    await post.look()
    assert post.set_right == [False, True]


async def test_a_step_back_while_nobody_was_there_is_noticed(post: Post) -> None:
    """The clock was ahead when the bot stopped: at the next start every plan is drawn anew."""
    await post.database.commit([installation.put(SEEN, str(NOW + DAY))])
    await post.begin()
    post.telegram_says()
    await post.look()
    assert post.set_right == [True]


async def test_a_skip_on_the_clock_bar_is_no_jump(post: Post) -> None:
    """A rehearsal's clock may be put forward, and is compared with nobody's."""
    await post.begin()
    post.telegram_says()
    post.clock.skip(30 * DAY)
    assert not post.watchman.holds()
    post.telegram_says()
    assert not post.watchman.holds()


async def test_systemd_hears_of_life_as_long_as_nobody_hangs(post: Post) -> None:
    """A red light alone is no reason to be started anew; a part that says nothing any more is."""
    await post.begin()
    assert post.ear.told[0] == ("READY=1",)
    post.free = 0
    for _ in range(50):
        post.wait(5)
        for part in ("poller", "sender", "writer"):
            post.health.progress(part, post.clock.now())
        await post.look()
    status, alive = post.ear.told[-1]
    assert status.startswith("STATUS=disk: 0 MB")
    assert alive == "WATCHDOG=1"
    post.ringer.well = False
    for _ in range(50):
        post.wait(5)
        for part in ("poller", "sender", "writer"):
            post.health.trouble(part, "no network")
        await post.look()
    assert len(post.ear.told[-1]) == 1
    assert "dispatcher: no progress" in post.ear.told[-1][0]
    post.running.cancel()
    await asyncio.gather(post.running, return_exceptions=True)
    assert post.ear.told[-1] == ("STOPPING=1",)


async def test_the_writers_pulse(post: Post) -> None:
    """What can be written shows that the writer works, and when the bot was last here."""
    await post.watchman.feel_pulse()
    assert await installation.find(post.database, SEEN) == str(NOW)
    post.wait(130)
    with cabinet.no_file_grows_over(0):
        await post.watchman.feel_pulse()
    assert "writer" in post.health.troubles()
    assert any(
        "writer: no progress for 130 s" in told for told in post.health.problems(post.clock.now())
    )
    await post.watchman.feel_pulse()
    assert post.health.troubles() == {}


async def test_a_database_that_breaks_ends_the_watch(post: Post) -> None:
    """When the file turns out damaged the bot stops, and says which backup to restore."""
    await post.begin()
    post.database.damaged.set()
    post.running.cancel()
    await asyncio.gather(post.running, return_exceptions=True)
    with pytest.raises(
        CannotOpen, match=r"is damaged\. Put a backup in its place: .*sprung restore"
    ):
        await post.watchman.run()


async def test_a_mistake_in_the_watch_is_not_swallowed(post: Post) -> None:
    """Whatever nobody thought of ends the watch, and with it the program, instead of half of it."""

    async def mistaken(_: bool) -> None:
        raise ZeroDivisionError

    post.watchman._set_right = mistaken
    post.telegram_says()
    with pytest.raises(ExceptionGroup) as raised:
        await post.watchman.run()
    assert raised.group_contains(ZeroDivisionError)
    assert post.ear.told[-1] == ("STOPPING=1",)
