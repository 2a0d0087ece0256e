"""Pictures that learners wait for: drawn one after the other, beside everything else."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from bot.charts.chart import key
from bot.charts.studio import Studio
from bot.chat.pictures import Sketch
from bot.clock import Clock
from bot.store import pictures
from bot.store.database import Conflict, Database, StorageError
from bot.store.media import MediaFolder
from bot.store.pictures import PictureWish
from bot.wire.bell import Bell

AT_ONCE = 10
LOOK_AGAIN_SECONDS = 20.0

log = structlog.get_logger(__name__)

Sketched = Callable[[PictureWish], Awaitable[Sketch | None]]
Settle = Callable[[PictureWish, Sketch | None, Path | None], Awaitable[bool]]


class Painter:
    """Draws what is wished for. It is on disk that it is, so that a crash forgets none.

    `sketch` says what is to be drawn, `settle` ends the wish and sends the picture in one transaction;
    False: it was not sent. `folder`: where pictures wait until they are sent; one that was drawn
    serves again until it is swept out.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        studio: Studio,
        folder: Path,
        *,
        sketch: Sketched,
        settle: Settle,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._database = database
        self._clock = clock
        self._studio = studio
        self._folder = MediaFolder(folder)
        self._sketch = sketch
        self._settle = settle
        self._look_again_seconds = look_again_seconds
        self._bell = Bell()

    def wake(self) -> None:
        """Say that there may be a picture to draw."""
        self._bell.ring()

    async def run(self) -> None:
        """Draw for ever."""
        while True:
            self._bell.silence()
            try:
                await self.draw_waiting()
            except (Conflict, StorageError) as error:
                log.warning("a picture waits", reason=str(error))
            await self._bell.heard(self._look_again_seconds)

    async def draw_waiting(self) -> None:
        """Draw what has been wished for longest, each once. Raises `Conflict` or `StorageError`."""
        wishes = await pictures.wanted(self._database, self._clock.now(), AT_ONCE)
        for wish in wishes:
            await self._draw(wish)
        if len(wishes) == AT_ONCE:
            self.wake()

    async def _draw(self, wish: PictureWish) -> None:
        sketch: Sketch | None = None
        made: list[Path] = []
        try:
            sketch = await self._sketch(wish)
            made = [] if sketch is None else await self._drawn(wish, sketch)
        except (Conflict, StorageError):
            raise
        except Exception as error:  # what trips over one picture must not trip for ever
            log.error("a picture could not be made", error=type(error).__name__)
        sent = False
        try:
            sent = await self._settle(wish, sketch, made[-1] if made else None)
        finally:
            for path in [] if sent else made:  # whoever was erased meanwhile leaves nothing behind
                path.unlink(missing_ok=True)

    async def _drawn(self, wish: PictureWish, sketch: Sketch) -> list[Path]:
        """What is kept, drawn now or earlier, and a copy of it to be sent; none, if it cannot be."""
        name = key(sketch.chart)
        kept = self._folder.path(f"{wish.learner_id}/{name}.png")
        if not kept.exists():
            png = await self._studio.drawn(sketch.chart)
            if png is None:
                return []
            with self._folder.keeping(wish.learner_id, kept.name) as (file, _):
                file.write(png)
        copy = kept.with_name(f"{name}-{wish.wanted_at}.png")
        shutil.copyfile(kept, copy)
        return [kept, copy]
