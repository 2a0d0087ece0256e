"""What one Bot API request costs: our transport beside python-telegram-bot's default.

    python -m tests.benchmarks.transport

CPU milliseconds of the bot's own process per request, over the loopback interface, against a server
in another process that does next to nothing. Both transports take turns; the medians are shown.
"""

import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import BaseRequest, HTTPXRequest

from bot.wire.transport import AiohttpRequest

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake1"
TURNS = 5
TEXT = "Tell me about a time when you had to say no to someone senior. (about 90 seconds)"
BUTTONS = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data=f"1:{label}:4711")] for label in ("Hint", "Swap")]
)
WORKLOADS = [  # name, requests, at once, raw answer
    ("raw call, one at a time", 400, 1, True),
    ("send_message, one at a time", 400, 1, False),
    ("raw call, 16 at once", 400, 16, True),
    ("raw call, 256 at once", 256, 256, True),
]
TRANSPORTS: dict[str, Callable[[], BaseRequest]] = {
    "default (httpx)": HTTPXRequest,
    "ours (aiohttp)": AiohttpRequest,
}


MESSAGE = {
    "message_id": 4711,
    "date": 1_767_225_600,
    "from": {"id": 123456789, "is_bot": True, "first_name": "Sprung", "username": "a_bot"},
    "chat": {"id": 1001, "type": "private", "first_name": "Ann", "username": "ann"},
    "text": TEXT,
    "reply_markup": BUTTONS.to_dict(),
}
BODY = json.dumps({"ok": True, "result": MESSAGE}).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


class Server(asyncio.Protocol):
    """Answers every request with the same message."""

    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, rest = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        if end and len(rest) >= length:
            self._received = rest[length:]
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(ANSWER)


async def serve() -> None:
    """Serve until killed; the port is the first line of the output."""
    listener = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    sys.stdout.write(f"{listener.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await listener.serve_forever()


async def cpu_ms(url: str, transport: BaseRequest, requests: int, at_once: int, raw: bool) -> float:
    """CPU milliseconds per request of this process."""
    bot = Bot(TOKEN, f"{url}/bot", request=transport, get_updates_request=transport)
    left = iter(range(requests))

    async def worker() -> None:
        for _ in left:
            if raw:
                parameters = {"chat_id": 1001, "text": TEXT, "reply_markup": BUTTONS}
                await bot.do_api_request("sendMessage", parameters, pool_timeout=30)
            else:
                await bot.send_message(1001, TEXT, reply_markup=BUTTONS)

    async with transport:
        await bot.do_api_request("sendMessage", {"chat_id": 1001, "text": TEXT})  # first connection
        start = time.process_time()
        await asyncio.gather(*(worker() for _ in range(at_once)))
        return (time.process_time() - start) * 1000 / requests


def measured(url: str) -> list[tuple[str, list[float]]]:
    """Each workload with the median of each transport."""
    rows = []
    for name, requests, at_once, raw in WORKLOADS:
        figures: dict[str, list[float]] = {transport: [] for transport in TRANSPORTS}
        for _ in range(TURNS):
            for transport, make in TRANSPORTS.items():
                figure = asyncio.run(cpu_ms(url, make(), requests, at_once, raw))
                figures[transport].append(figure)
        rows.append((name, [statistics.median(each) for each in figures.values()]))
    return rows


def pinned(core: int) -> None:
    """Keep this process to one core where the system can."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        os.sched_setaffinity(0, {core})


def main() -> None:
    """Print the table."""
    if sys.argv[1:] == ["serve"]:
        pinned(1)
        asyncio.run(serve())
        return
    warnings.filterwarnings("ignore", message="Please use 'Bot")
    pinned(0)
    command = [sys.executable, "-m", "tests.benchmarks.transport", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        rows = measured(f"http://127.0.0.1:{server.stdout.readline().strip()}")
        server.kill()
    packages = ("python-telegram-bot", "httpx", "aiohttp", "orjson")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    told = [
        f"CPU ms per request, medians of {TURNS}; Python {platform.python_version()}, {versions}",
        "",
        f"| | {' | '.join(TRANSPORTS)} | ratio |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {a:.3f} | {b:.3f} | {b / a:.2f} |" for name, (a, b) in rows),
    ]
    sys.stdout.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main()
