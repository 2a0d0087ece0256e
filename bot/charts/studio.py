"""Where pictures are drawn: one child at a time, which has nothing of ours but the chart itself.

It gets no token and no other variable, is bounded in time here and in all else by itself, and whatever
becomes of it, all that is missing in the end is a picture.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

PATIENCE_SECONDS = 45.0
MOST_PNG_BYTES = 4 * 1024**2
PNG_BEGINS, PNG_ENDS = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
HOME = Path(__file__).parents[2]
"""Where the package `bot` is, so that the child is of the same program."""

CHILD = (sys.executable, "-s", "-m", "bot.charts")

log = structlog.get_logger(__name__)


class Studio:
    """`folder`: where the child keeps what it knows of its letters. `child`: what draws."""

    def __init__(
        self,
        folder: Path,
        child: Sequence[str] = CHILD,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._folder = folder
        self._child = child
        self._patience_seconds = patience_seconds
        self._one = asyncio.Semaphore(1)

    async def drawn(self, encoded: bytes) -> bytes | None:
        """The PNG of a chart; None: it could not be drawn, and the log says why."""
        async with self._one:
            try:
                child = await self._begun()
            except OSError as error:
                log.error("no picture could be drawn", reason=type(error).__name__)
                return None
            try:
                async with asyncio.timeout(self._patience_seconds):
                    png = await _told(child, encoded)
            except TimeoutError:
                log.error("a picture took too long to draw")
                return None
            finally:
                await _ended(child)
        if child.returncode == 0 and png.startswith(PNG_BEGINS) and png.endswith(PNG_ENDS):
            return png
        log.error("a picture could not be drawn", exit=child.returncode, bytes=len(png))
        return None

    async def _begun(self) -> Process:
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        environment = {
            "MPLCONFIGDIR": str(self._folder),
            "OPENBLAS_NUM_THREADS": "1",  # each more takes memory, and nothing here needs them
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return await asyncio.create_subprocess_exec(
            *self._child, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=HOME, env=environment
        )


async def _told(child: Process, encoded: bytes) -> bytes:
    """Give it the chart and take the picture; one that never ends is cut off where it is too long."""
    if child.stdin is None or child.stdout is None:
        raise OSError("no pipes")
    with suppress(ConnectionError):  # it has gone already: how it ended says why
        child.stdin.write(encoded)
        await child.stdin.drain()
    child.stdin.close()
    png = bytearray()
    while len(png) <= MOST_PNG_BYTES and (some := await child.stdout.read(65_536)):
        png += some
    if len(png) <= MOST_PNG_BYTES:
        await child.wait()
    return bytes(png)


async def _ended(child: Process) -> None:
    """Leave no child behind, whatever happened to us or to it."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    await child.wait()
