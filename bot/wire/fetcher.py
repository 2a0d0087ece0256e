"""Fetching recordings from Telegram, so that they are safe even if Telegram forgets them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.clock import Clock
from bot.store import media, takes
from bot.store.database import Conflict, Database, Row, StorageError, Write
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, TakeKind
from bot.telemetry.health import Health
from bot.wire.api import BotApi
from bot.wire.bell import Bell
from bot.wire.download import TooLarge
from bot.wire.outcome import reason_of

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
    """Downloads what takes want, a few at a time, and tries again for as long as it fails.

    `room`: raises `StorageError` while the disk is nearly full.
    """

    def __init__(
        self,
        database: Database,
        api: BotApi,
        folder: MediaFolder,
        clock: Clock,
        health: Health,
        *,
        room: Callable[[], None] | None = None,
        limit_bytes: int = LIMIT_BYTES,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._database = database
        self._api = api
        self._folder = folder
        self._clock = clock
        self._health = health
        self._room = room
        self._limit_bytes = limit_bytes
        self._look_again_seconds = look_again_seconds
        self._bell = Bell()

    def wake(self) -> None:
        """Say that a take wants its bytes."""
        self._bell.ring()

    async def run(self) -> None:
        """Fetch for ever. Raises `InvalidToken` when Telegram does not know the token any more."""
        while True:
            self._bell.silence()
            try:
                fetched = await self.fetch_waiting()
            except StorageError as error:
                self._health.trouble("fetcher", str(error))
                fetched = 0
            if not fetched:
                await self._bell.heard(self._look_again_seconds)

    async def fetch_waiting(self) -> int:
        """Try a few takes that want their bytes; returns how many were tried. Raises `StorageError`."""
        if self._room is not None:
            self._room()
        rows = await media.wanted(self._database, self._clock.now(), AT_ONCE)
        outcomes = await asyncio.gather(*(self._fetch(row) for row in rows), return_exceptions=True)
        for failure in outcomes:
            if isinstance(failure, BaseException):
                raise failure
        return len(rows)

    async def _fetch(self, row: Row) -> None:
        name = f"{row['take_no']}.{ENDINGS[TakeKind(row['kind'])]}"
        write = await self._try(row, name)
        take = await takes.find(self._database, row["learner_id"], row["take_no"])
        try:
            # After /forget the learner's numbers begin anew: this may be another take by now.
            if take is None or take.file_id != row["file_id"]:
                raise Conflict("the take is gone")
            await self._database.commit([replace(write, rows=1)])
        except Conflict:
            _discard(self._folder.path(f"{row['learner_id']}/{name}"))

    async def _try(self, row: Row, name: str) -> Write:
        """Download one take into a file of this name; returns what to write about it."""
        learner_id, take_no, failures = row["learner_id"], row["take_no"], row["media_failures"] + 1
        try:
            with self._folder.keeping(learner_id, name) as (file, path):
                await self._api.download(row["file_id"], file.write, self._limit_bytes)
        except TooLarge:
            return media.fetched(learner_id, take_no, MediaState.TOO_LARGE, None)
        except InvalidToken:
            raise
        except (TelegramError, OSError) as error:
            state = _lost_for_good(error, failures)
            if state is not None:
                reason = (
                    reason_of(error) if isinstance(error, TelegramError) else type(error).__name__
                )
                log.warning("Telegram does not hand out a recording", reason=reason)
                return media.fetched(learner_id, take_no, state, None)
            wait = RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]
            self._health.trouble("fetcher", type(error).__name__)
            return media.again(learner_id, take_no, failures, self._clock.after(wait))
        self._health.progress("fetcher", self._clock.now())
        return media.fetched(learner_id, take_no, MediaState.KEPT, path)


def _lost_for_good(error: Exception, failures: int) -> MediaState | None:
    """Whether trying again would be in vain, and what the take is then."""
    reason = str(error).lower()
    if not isinstance(error, BadRequest):
        return None
    if "too big" in reason:
        return MediaState.TOO_LARGE
    # Telegram says the same of a file that never was and of one it cannot reach just now.
    if "temporarily" in reason and failures < len(RETRY_SECONDS):
        return None
    return MediaState.GONE


def _discard(path: Path) -> None:
    """The learner was erased while this came in: nothing of it may stay."""
    path.unlink(missing_ok=True)
    if path.parent.exists() and not any(path.parent.iterdir()):
        path.parent.rmdir()
