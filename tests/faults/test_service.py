"""The real program as a service: what systemd hears, and how it ends when its database breaks."""

import socket
from pathlib import Path

from bot.store.backup import Backups
from bot.store.opening import bring_up_to_date
from tests.faults.processes import environment, program, telegram


async def test_systemd_hears_of_start_life_and_stop(tmp_path: Path) -> None:
    """Ready when it works, alive while it does, stopping when it is told to stop."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        async with telegram() as city:
            variables = environment(tmp_path / "data", city.url)
            async with program(variables | {"NOTIFY_SOCKET": manager.getsockname()}) as bot:
                await bot.says('"connected"')
                assert manager.recv(4096) == b"READY=1"
                assert manager.recv(4096) == b"STATUS=at work\nWATCHDOG=1"
                assert await bot.stop() == 0
        heard = b""
        while b"STOPPING" not in heard:
            heard = manager.recv(4096)


async def test_a_database_that_breaks_while_it_runs_stops_the_bot(tmp_path: Path) -> None:
    """The file is overwritten under the bot: it ends with one line that names backup and command."""
    path = tmp_path / "sprung.db"
    bring_up_to_date(path)
    backup = Backups(path).make(0)
    async with telegram() as city, program(environment(tmp_path, city.url)) as bot:
        await bot.says('"connected"')
        await city.say(1001, "/start")
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (path.stat().st_size - 4096))
        for _ in range(20):
            await city.say(1001, "/help")
        assert await bot.ended() == 1
    assert "is damaged" in bot.lines[-1]
    assert f"sprung restore {backup}" in bot.lines[-1]
    assert "Traceback" not in bot.said
