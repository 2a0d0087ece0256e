"""Fetching recordings from Telegram, so that they are safe even if Telegram forgets them."""

import asyncio

import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.clock import Clock
from bot.store import media
from bot.store.database import Database, Row, StorageError, Write
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, TakeKind
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.download import TooLarge

LIMIT_BYTES = 20 * 1024 * 1024
AT_ONCE = 4
LOOK_AGAIN_SECONDS = 20.0
RETRY_SECONDS = (2.0, 10.0, 60.0, 600.0, 3600.0)
ENDINGS = {
    TakeKind.VOICE: "ogg",
    TakeKind.AUDIO: "audio",
    TakeKind.VIDEO_NOTE: "mp4",
    TakeKind.VIDEO: "mp4",
}

log = structlog.get_logger(__name__)


class Fetcher:
    """Downloads what takes want, a few at a time, and tries again for as long as it fails."""

    def __init__(
        self, database: Database, api: BotApi, folder: MediaFolder, clock: Clock, health: Health
    ) -> None:
        self._database = database
        self._api = api
        self._folder = folder
        self._clock = clock
        self._health = health
        self._look = asyncio.Event()

    def wake(self) -> None:
        """Say that a take wants its bytes."""
        self._look.set()

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            self._look.clear()
            try:
                fetched = await self.fetch_waiting()
            except StorageError as error:
                self._health.trouble("fetcher", str(error))
                fetched = 0
            if not fetched:
                await self._wait()

    async def fetch_waiting(self) -> int:
        """Try a few takes that want their bytes; returns how many were tried."""
        rows = await media.wanted(self._database, self._clock.now(), AT_ONCE)
        writes = await asyncio.gather(*(self._fetch(row) for row in rows))
        if writes:
            await self._database.commit(writes)
        return len(rows)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._look.wait(), LOOK_AGAIN_SECONDS)
        except TimeoutError:
            return

    async def _fetch(self, row: Row) -> Write:
        learner_id, take_no = row["learner_id"], row["take_no"]
        name = f"{take_no}.{ENDINGS[TakeKind(row['kind'])]}"
        try:
            with self._folder.keeping(learner_id, name) as (file, path):
                await self._api.download(row["file_id"], file.write, LIMIT_BYTES)
        except TooLarge:
            return media.fetched(learner_id, take_no, MediaState.TOO_LARGE, None)
        except InvalidToken:
            raise
        except BadRequest as error:
            if "too big" in str(error).lower():
                return media.fetched(learner_id, take_no, MediaState.TOO_LARGE, None)
            log.warning("Telegram no longer has a recording", reason=str(error))
            return media.fetched(learner_id, take_no, MediaState.GONE, None)
        except (TelegramError, OSError) as error:
            failures = row["media_failures"] + 1
            wait = RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]
            self._health.trouble("fetcher", type(error).__name__)
            return media.again(learner_id, take_no, failures, self._clock.after(wait))
        return media.fetched(learner_id, take_no, MediaState.KEPT, path)
