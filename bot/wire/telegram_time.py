"""How far the bot's clock is from Telegram's, as the Date of each of its answers shows."""

from email.utils import parsedate_to_datetime

import structlog
from telegram.error import TelegramError

from bot.clock import Clock
from bot.wire.api import BotApi
from bot.wire.transport import AiohttpRequest

TOLERANCE_MS = 120_000

log = structlog.get_logger(__name__)


class TelegramTime:
    """Compares the clock with Telegram's. A rehearsal's clock is not compared: it is meant to differ."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.tolerance_ms = int(TOLERANCE_MS * max(1.0, clock.speed))
        self.ahead_ms: int | None = 0 if clock.speed != 1 or clock.skipped else None
        """By how much the bot's clock is ahead; None: not compared yet, or not any more."""

    def heard(self, date: str | None) -> None:
        """An answer of Telegram's has just come, with this Date in its header."""
        if date is None or self._clock.speed != 1 or self._clock.skipped:
            self.ahead_ms = 0
            return
        try:
            telegrams = parsedate_to_datetime(date)
        except ValueError:
            log.warning("an answer had a Date that is none")
            return
        self.ahead_ms = self._clock.now() - int(telegrams.timestamp() * 1000)

    def doubt(self) -> None:
        """The clock has jumped: what was compared before says nothing any more."""
        self.ahead_ms = None

    async def ask(self, api: BotApi) -> None:
        """Ask Telegram for anything, to hear its Date; whoever cannot be reached is asked again later."""
        try:
            await api.call("getMe")
        except TelegramError as error:
            log.warning("Telegram's time is not known yet", reason=str(error))

    @property
    def trouble(self) -> str:
        """What is wrong with the clock, in words; empty when nothing is known to be."""
        if self.ahead_ms is None or abs(self.ahead_ms) <= self.tolerance_ms:
            return ""
        way = "ahead of" if self.ahead_ms > 0 else "behind"
        return f"this computer's clock is {span(abs(self.ahead_ms))} {way} Telegram's"


def span(ms: int) -> str:
    """A length of time in words."""
    for unit, length in (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000)):
        if ms >= 2 * length:
            return f"{ms // length} {unit}"
    return f"{ms // 1000} seconds"


async def telegrams_date(api_url: str) -> int | None:
    """What time it is at Telegram; None: it cannot be reached, or does not say."""
    dates: list[str | None] = []
    async with AiohttpRequest(heard=dates.append) as request:
        try:
            await request.do_request(f"{api_url}/", "GET")
        except TelegramError as error:
            # Without a token it refuses, and says its time all the same.
            log.debug("asked for the time alone", reason=str(error))
    return int(parsedate_to_datetime(dates[0]).timestamp() * 1000) if dates and dates[0] else None
