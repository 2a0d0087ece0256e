"""A disk that fills up under the bot: nothing is lost, the owner hears of it, and it goes on by itself."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from bot.app import App, read_banks
from bot.clock import Clock
from bot.sandbox.server import Sandbox
from bot.settings import Address, Settings
from bot.store import inbox
from bot.store.database import Database
from bot.store.room import Free, free_bytes
from tests.house import ANN, CARL, OLGA
from tests.test_app import Running, ask, settings_for, standing
from tests.wire.loopback import free_port
from tests.wire.outpost import until

PLENTY = 10**12


async def moment(_: float) -> None:
    """A wait that takes no time, but lets the others work."""
    await asyncio.sleep(0.01)


@asynccontextmanager
async def working(
    sandbox: Sandbox, settings: Settings, free: Free
) -> AsyncIterator[tuple[App, Running]]:
    """A whole bot at work, on a disk with as much room as is said."""
    async with Database(settings.database_path) as database:
        app = App(settings, database, read_banks(settings), Clock(), sleep=moment, free=free)
        bot = Running(sandbox, settings, asyncio.create_task(app.run()))
        try:
            yield app, bot
        finally:
            bot.program.cancel()
            await asyncio.gather(bot.program, return_exceptions=True)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox without rates."""
    async with standing() as opened:
        yield opened


async def test_nearly_full(sandbox: Sandbox, tmp_path: Path) -> None:
    """Nothing is taken in, /healthz is red, the owner is told once; with room all is answered, once."""
    port, free = free_port(), [PLENTY]
    settings = settings_for(sandbox, tmp_path, listen=Address("127.0.0.1", port))
    async with working(sandbox, settings, lambda _: free[0]) as (app, bot):
        await bot.said("/start", OLGA)
        before = bot.answers(OLGA)
        free[0] = 10**7
        for _ in range(3):
            await app.watchman.look()
        await bot.until(lambda: bot.answers(OLGA) > before)
        assert "disk is nearly full" in sandbox.world.messages(OLGA)[-1]["text"]
        status, told = await ask(f"http://127.0.0.1:{port}/healthz")
        assert (status, told["problems"]) == (
            503,
            ["disk: 10 MB are free on the disk, 134 are needed"],
        )
        for _ in range(5):
            sandbox.world.say(ANN, "/help")
        await bot.until(lambda: "needed" in app.health.troubles().get("poller", ""))
        asked = len(list(sandbox.journal.since(0)))
        for _ in range(20):
            await moment(0)
        assert [entry.method for entry in list(sandbox.journal.since(0))[asked:]] == []
        assert len(sandbox.world.updates.waiting()) == 5
        free[0] = PLENTY
        await app.watchman.look()
        await bot.until(lambda: bot.answers(ANN) >= 5 and bot.answers(OLGA) > before + 1)
        assert (await ask(f"http://127.0.0.1:{port}/healthz"))[0] == 200
        await bot.said("/help", CARL)
        assert (bot.answers(ANN), bot.answers(OLGA)) == (5, before + 2)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A real file system of eight megabytes; skips where none can be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(place: Path) -> None:
    """Take every byte that is left."""
    with place.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 512, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass


async def test_really_full(sandbox: Sandbox, tmp_path: Path) -> None:
    """A disk of 8 MB fills up under the bot; when there is room again, everything is answered once."""
    with small_disk(tmp_path / "disk") as disk:
        settings = settings_for(sandbox, disk)
        async with working(sandbox, settings, lambda _: PLENTY) as (app, bot):
            await bot.said("/start")
            before = bot.answers()
            fill(disk / "ballast")
            assert free_bytes(disk) == 0
            for _ in range(6):
                sandbox.world.say(ANN, "/help")
                sandbox.world.say(CARL, "/help")
            troubled = app.health.troubles
            await bot.until(lambda: "full" in " ".join(troubled().values()))
            await app.watchman.feel_pulse()
            assert "full" in troubled()["writer"]
            (disk / "ballast").unlink()
            await until(lambda: bot.answers(ANN) >= before + 6 and bot.answers(CARL) >= 6, 60)
            await app.sender.idle()
            await bot.said("/help", OLGA)
            assert (bot.answers(ANN), bot.answers(CARL)) == (before + 6, 6)
            await app.watchman.feel_pulse()
            assert "writer" not in troubled()
        async with Database(settings.database_path) as database:
            counts = await inbox.counts(database)
            assert (counts["waiting"] or 0, counts["dead"] or 0) == (0, 0)
