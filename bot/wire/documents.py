"""Fetching question sets that owners sent, and handing them on to be judged."""

from collections.abc import Awaitable, Callable

import structlog
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.clock import Clock
from bot.store import uploads
from bot.store.database import Conflict, Database, Row, StorageError
from bot.wire.api import BotApi
from bot.wire.bell import Bell
from bot.wire.download import TooLarge
from bot.wire.outcome import reason_of

AT_ONCE = 4
LOOK_AGAIN_SECONDS = 20.0
PATIENCE_MS = 3600 * 1000
"""How long Telegram may be out of reach before its owner is asked to send a document again."""

Arrived = Callable[[int, int, bytes], Awaitable[None]]
Missed = Callable[[int, int, str], Awaitable[None]]

log = structlog.get_logger(__name__)


class Documents:
    """Downloads what uploads want. It is on disk that they do, so that a crash forgets none.

    `arrived` takes a learner, a number and the content; `missed` takes why there is none: too-large,
    gone or trouble. Either settles the upload. `limit_bytes`: the most that is taken.
    """

    def __init__(
        self,
        database: Database,
        api: BotApi,
        clock: Clock,
        *,
        arrived: Arrived,
        missed: Missed,
        limit_bytes: int,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._database = database
        self._api = api
        self._clock = clock
        self._arrived = arrived
        self._missed = missed
        self._limit_bytes = limit_bytes
        self._look_again_seconds = look_again_seconds
        self._bell = Bell()

    def wake(self) -> None:
        """Say that there may be a document to fetch."""
        self._bell.ring()

    async def run(self) -> None:
        """Fetch for ever. Raises `InvalidToken` when Telegram does not know the token any more."""
        while True:
            self._bell.silence()
            try:
                await self.fetch_waiting()
            except (Conflict, StorageError) as error:
                log.warning("a question set waits", reason=str(error))
            await self._bell.heard(self._look_again_seconds)

    async def fetch_waiting(self) -> None:
        """Try every document that waits, once. Raises `Conflict`, `StorageError` or `InvalidToken`."""
        for row in await uploads.still_wanted(self._database, AT_ONCE):
            await self._fetch(row)

    async def _fetch(self, row: Row) -> None:
        whose = row["learner_id"], row["upload_no"]
        content = bytearray()
        try:
            await self._api.download(row["file_id"], content.extend, self._limit_bytes)
        except TooLarge:
            await self._missed(*whose, "too-large")
        except InvalidToken:
            raise
        except TelegramError as error:
            log.warning("Telegram does not hand out a document", reason=reason_of(error))
            late = self._clock.now() - row["sent_at"] > PATIENCE_MS
            if late or isinstance(error, BadRequest):
                await self._missed(*whose, "gone")
        else:
            await self._judged(*whose, bytes(content))

    async def _judged(self, learner_id: int, upload_no: int, content: bytes) -> None:
        try:
            await self._arrived(learner_id, upload_no, content)
        except (Conflict, StorageError):
            raise
        except Exception as error:  # a document that trips the judge must not trip it for ever
            log.error("a question set could not be judged", error=type(error).__name__)
            await self._missed(learner_id, upload_no, "trouble")
