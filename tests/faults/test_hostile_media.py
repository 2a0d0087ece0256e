"""Hostile recordings and answers, through the real fetcher from a real HTTP server.

Nothing leaves the media folder, exceeds the cap in memory or on disk, or stops the fetcher. The files
follow a seed that a failure names: HOSTILE_SEED=… repeats them, HOSTILE=1000 makes a thousand.
"""

import asyncio
import gzip
import json
import os
import random
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bot.store import media, takes
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, TakeKind
from bot.store.tables import take as take_table
from bot.wire.api import BotApi
from bot.wire.fetcher import RETRY_SECONDS, Fetcher
from bot.wire.transport import AiohttpRequest, Timeouts
from tests.store import cabinet
from tests.wire.conftest import here
from tests.wire.loopback import TOKEN, Visit, serving
from tests.wire.outpost import ANN, Outpost

__all__ = ["here"]

HOSTILE = int(os.environ.get("HOSTILE", "60"))
SEED = int(os.environ.get("HOSTILE_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
CAP = 64 * 1024
MEMORY = 10 * 1024 * 1024
"""How much more the process may hold at any moment: far below what the bombs unpack to."""

PATIENCE_SECONDS = 0.3
BOMB_BYTES = 32 * 1024 * 1024
GOOD = "good"

Answer = Callable[[Visit], Any]


def head(length: int | None, more: str = "", status: int = 200) -> bytes:
    """The head of an answer, which may announce any length."""
    announced = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 {status} S\r\nContent-Type: audio/ogg\r\n{announced}{more}\r\n".encode()


def bomb(kind: str) -> bytes:
    """A few kilobytes that unpack to many megabytes."""
    pack = gzip.compress if kind == "gzip" else zlib.compress
    return pack(bytes(BOMB_BYTES))


BOMBS = {kind: bomb(kind) for kind in ("gzip", "deflate")}
ZIP_BOMB = b"PK\x03\x04" + BOMBS["deflate"]


@dataclass(frozen=True)
class Attack:
    """One hostile recording: how getFile is answered, how the download is, and what it is called."""

    name: str
    found: bytes
    conduct: str
    dice: random.Random = field(repr=False)

    async def download(self, visit: Visit) -> None:
        """Answer the download."""
        await getattr(self, self.conduct)(visit)

    async def good(self, visit: Visit) -> None:
        """A small, honest file."""
        body = b"OggS" + self.dice.randbytes(500)
        visit.writer.write(head(len(body)) + body)

    async def empty(self, visit: Visit) -> None:
        """Nothing at all."""
        visit.writer.write(head(0))

    async def truncated(self, visit: Visit) -> None:
        """Less than was announced, then a cut."""
        size = self.dice.randrange(1, CAP)
        visit.writer.write(head(size) + b"OggS" + bytes(self.dice.randrange(size)))
        await visit.writer.drain()
        visit.reset()

    async def endless(self, visit: Visit) -> None:
        """Bytes for ever, of no announced length."""
        visit.writer.write(head(None, "Connection: close\r\n"))
        while True:
            visit.writer.write(self.dice.randbytes(16 * 1024))
            await visit.writer.drain()

    async def endless_chunks(self, visit: Visit) -> None:
        """Chunks for ever."""
        visit.writer.write(head(None, "Transfer-Encoding: chunked\r\n"))
        while True:
            visit.writer.write(b"4000\r\n" + bytes(0x4000) + b"\r\n")
            await visit.writer.drain()

    async def one_giant_chunk(self, visit: Visit) -> None:
        """A single chunk said to be as large as a disk."""
        visit.writer.write(head(None, "Transfer-Encoding: chunked\r\n") + b"fffffffffff\r\n")
        while True:
            visit.writer.write(bytes(0x4000))
            await visit.writer.drain()

    async def lying_short(self, visit: Visit) -> None:
        """More than was announced."""
        visit.writer.write(head(10) + bytes(CAP * 3))

    async def lying_long(self, visit: Visit) -> None:
        """An announced terabyte."""
        visit.writer.write(head(2**40) + bytes(100))

    async def negative(self, visit: Visit) -> None:
        """An announced length below zero."""
        visit.writer.write(head(-5) + bytes(100))

    async def gzip_bomb(self, visit: Visit) -> None:
        """A few kilobytes that would unpack to 32 megabytes."""
        body = BOMBS["gzip"]
        visit.writer.write(head(len(body), "Content-Encoding: gzip\r\n") + body)

    async def deflate_bomb(self, visit: Visit) -> None:
        """The same in another wrapping, in chunks."""
        body = BOMBS["deflate"][:60_000]
        visit.writer.write(
            head(None, "Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n")
            + f"{len(body):x}\r\n".encode()
            + body
            + b"\r\n0\r\n\r\n"
        )

    async def zip_bomb(self, visit: Visit) -> None:
        """An archive where a recording should be."""
        body = ZIP_BOMB[: CAP // 2]
        visit.writer.write(head(len(body)) + body)

    async def wrong_type(self, visit: Visit) -> None:
        """A page, a program or a playlist that names files, instead of a recording."""
        body = self.dice.choice(
            [
                b"<html><script>alert(1)</script>",
                b"\x7fELF" + bytes(900),
                b"#!/bin/sh\nrm -rf /\n",
                b"#EXTM3U\nfile:///etc/passwd\n",
                b"ffconcat version 1.0\nfile /etc/passwd\n",
            ]
        )
        visit.writer.write(head(len(body), "Content-Disposition: attachment; filename=../x\r\n"))
        visit.writer.write(body)

    async def redirect(self, visit: Visit) -> None:
        """Somewhere else, where the token would be told as well."""
        place = self.dice.choice(
            ["http://127.0.0.1:1/x", "file:///etc/passwd", "/elsewhere", "//e"]
        )
        visit.writer.write(
            head(0, f"Location: {place}\r\n", self.dice.choice([301, 302, 307, 308]))
        )

    async def drip(self, visit: Visit) -> None:
        """One byte now, and the next one never."""
        visit.writer.write(head(1000) + b"O")
        await visit.reader.read()

    async def silent(self, visit: Visit) -> None:
        """No answer."""
        await visit.reader.read()

    async def reset(self, visit: Visit) -> None:
        """A cut instead of an answer."""
        visit.reset()

    async def garbage(self, visit: Visit) -> None:
        """Bytes that are no HTTP."""
        visit.writer.write(self.dice.randbytes(900) + b"\r\n\r\n")

    async def endless_headers(self, visit: Visit) -> None:
        """Headers for ever."""
        visit.writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            visit.writer.write(b"X-A: " + b"a" * 4000 + b"\r\n")
            await visit.writer.drain()

    async def refused(self, visit: Visit) -> None:
        """An error page of any size."""
        status = self.dice.choice([400, 401, 403, 404, 409, 418, 429, 500, 502, 504, 599])
        visit.writer.write(head(None, "Connection: close\r\n", status))
        for _ in range(self.dice.randrange(200)):
            visit.writer.write(b"x" * 16 * 1024)
            await visit.writer.drain()


CONDUCTS = [
    name for name, value in vars(Attack).items() if callable(value) and not name.startswith("_")
]
CONDUCTS.remove("download")

PATHS: list[Any] = [
    "../../../../etc/passwd",
    "voice/../../../x.oga",
    "..",
    "/etc/passwd",
    "//elsewhere.example/x",
    "https://elsewhere.example/x.oga",
    "file:///etc/passwd",
    "http://127.0.0.1:1/x",
    "\\\\elsewhere\\x",
    "voice/a\x00b.oga",
    "voice/a\r\nHost: elsewhere\r\n\r\n.oga",
    "voice/%2e%2e/%2e%2e/x",
    "voice/1.oga?x=1#y",
    "@elsewhere.example/x",
    "",
    " ",
    "💥" * 500,
    "v" * 200_000,
    None,
    7,
    ["voice/1.oga"],
    {"file_path": "voice/1.oga"},
]

ANSWERS: list[bytes] = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"ok":true}',
    b'{"ok":true,"result":null}',
    b'{"ok":true,"result":[]}',
    b'{"ok":true,"result":{"file_path":',
    b'{"ok":false}',
    b'{"ok":false,"error_code":"x","description":{},"parameters":7}',
    b"[" * 100_000,
    b"\xff\xfe\x00",
    b"<html>502</html>",
]


def attacks(dice: random.Random) -> Iterator[Attack]:
    """Attacks for ever, each kind of each part in turn, combined by the dice."""
    number = 0
    while True:
        for conduct in CONDUCTS:
            number += 1
            path: Any = f"voice/{number}.oga"
            found: Any = None
            if number % 3 == 0:
                path = dice.choice(PATHS)
            if number % 7 == 0:
                found = dice.choice(ANSWERS)
            if found is None:
                size = dice.choice([None, 0, -1, 1, CAP + 1, 2**70, "many"])
                result = {"file_id": "x", "file_path": path, "file_size": size}
                found = json.dumps({"ok": True, "result": result}).encode()
            yield Attack(f"{number} {conduct}", found, conduct, random.Random(dice.random()))


class Measured(MediaFolder):
    """A media folder that knows the most bytes that were ever written into one of its files."""

    most = 0

    @contextmanager
    def keeping(self, learner_id: int, name: str) -> Iterator[tuple[BinaryIO, str]]:
        """Yield the file, and measure it whatever becomes of it."""
        with super().keeping(learner_id, name) as (file, path):
            try:
                yield file, path
            finally:
                self.most = max(self.most, file.tell())


@dataclass
class Yard:
    """A fetcher, a hostile server, and the folder that nothing may leave."""

    here: Outpost
    api: BotApi
    folder: Measured
    now: list[Attack]
    asked: list[str]

    def fetcher(self) -> Fetcher:
        """A fetcher of small files."""
        here = self.here
        return Fetcher(
            here.database, self.api, self.folder, here.clock, here.health, limit_bytes=CAP
        )

    async def want(self, number: int, attack: Attack) -> None:
        """A take whose recording is this attack."""
        self.now[:] = [attack]
        take = cabinet.take(
            number,
            kind=TakeKind.VOICE,
            text=None,
            file_id=f"file-{number}",
            media_state=MediaState.WANTED,
        )
        await self.here.database.commit([takes.taken(take)])

    async def give_up(self, number: int) -> None:
        """Nobody wants it any more, so that the next one has the server for itself."""
        await self.here.database.commit([media.fetched(ANN, number, MediaState.GONE, None)])


@asynccontextmanager
async def yard(here: Outpost) -> AsyncIterator[Yard]:
    """A server that does to every request what the attack of the moment says."""
    now: list[Attack] = []
    asked: list[str] = []

    async def hostile(visit: Visit) -> None:
        request = await visit.request()
        asked.append(request.line)
        if "/getFile" in request.line:
            body = now[0].found
            visit.writer.write(head(len(body), "Connection: close\r\n") + body)
        else:
            await now[0].download(visit)
        await visit.writer.drain()

    patience = Timeouts(connect=2.0, read=PATIENCE_SECONDS)
    async with serving(hostile) as server, AiohttpRequest(timeouts=patience) as transport:
        folder = Measured(here.folder / "media")
        yield Yard(here, BotApi(TOKEN, server.url, transport), folder, now, asked)


def outside(folder: Path) -> set[Path]:
    """Everything that is not Ann's media."""
    return {path for path in folder.rglob("*") if folder / "media" not in (path, *path.parents)}


async def test_hostile_media(here: Outpost) -> None:
    """After each attack: whole small files of ours or none, memory flat, and the fetcher fetches on."""
    media_folder = here.folder / "media"
    async with yard(here) as place:
        fetcher = place.fetcher()
        before = outside(here.folder)
        tracemalloc.start()
        try:
            for number, attack in zip(
                range(1, HOSTILE + 1), attacks(random.Random(SEED)), strict=False
            ):
                told = f"HOSTILE_SEED={SEED}: {attack}"
                await place.want(number, attack)
                tracemalloc.reset_peak()
                held, _ = tracemalloc.get_traced_memory()
                async with asyncio.timeout(20):
                    await fetcher.fetch_waiting()
                _, peak = tracemalloc.get_traced_memory()
                assert peak - held < MEMORY, f"{peak - held} bytes more in memory, {told}"
                assert place.folder.most <= CAP, f"{place.folder.most} bytes on disk, {told}"
                files = [path for path in media_folder.rglob("*") if path.is_file()]
                assert all(path.stat().st_size <= CAP for path in files), told
                assert not [path for path in files if path.suffix == ".part"], told
                assert all(path.parent == media_folder / str(ANN) for path in files), told
                assert outside(here.folder) == before, told
                await place.give_up(number)
        finally:
            tracemalloc.stop()
        good = Attack(
            GOOD, b'{"ok":true,"result":{"file_path":"voice/1.oga"}}', GOOD, random.Random(1)
        )
        await place.want(HOSTILE + 1, good)
        here.later(RETRY_SECONDS[-1])
        await fetcher.fetch_waiting()
        row = await cabinet.only(here.database, take_table, take_no=HOSTILE + 1)
        assert row["media_state"] == MediaState.KEPT
        assert all(f"/bot{TOKEN}/" in line for line in place.asked), "it went somewhere else"
