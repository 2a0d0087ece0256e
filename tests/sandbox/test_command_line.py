"""`python -m bot.sandbox`: a sandbox in a process of its own."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable

import aiohttp


def sandbox(*options: str) -> Awaitable[Process]:
    """A sandbox in its own process."""
    command = [sys.executable, "-m", "bot.sandbox", *options]
    return asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)


async def test_it_runs_by_itself_until_interrupted() -> None:
    """It prints its address, answers for the given token, and ends cleanly on SIGTERM."""
    process = await sandbox("--port", "0", "--token", "42:abc", "--no-rates")
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot42:abc/getMe") as answer:
        assert (await answer.json())["result"]["id"] == 42
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


async def test_a_port_in_use_is_one_line() -> None:
    """A second one on the same port says so and ends with 1."""
    first = await sandbox("--port", "0")
    assert first.stdout is not None
    port = (await first.stdout.readline()).decode().strip().rpartition(":")[2]
    second = await sandbox("--port", port)
    _, errors = await second.communicate()
    assert second.returncode == 1
    assert errors.decode().startswith(f"Cannot listen on 127.0.0.1:{port}: ")
    assert errors.count(b"\n") == 1
    first.terminate()
    await first.communicate()
