"""What Telegram allows: sizes, spans and rates; and the count of messages against the rates."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.refusals import too_many

TEXT_LENGTH = 4096  # UTF-16 code units, after entities are parsed
CAPTION_LENGTH = 1024
TOAST_LENGTH = 200
CALLBACK_DATA_BYTES = 64
COPY_TEXT_LENGTH = 256
PLACEHOLDER_LENGTH = 64
BUTTONS = 100
MARKUP_BYTES = 10_000
COMMANDS = 100
DOWNLOAD_BYTES = 20 * 2**20
UPLOAD_BYTES = 50 * 2**20
PHOTO_BYTES = 10 * 2**20
DELETABLE_SECONDS = 48 * 3600

_REACTIONS = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳
❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈
😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
REACTIONS = frozenset(_REACTIONS.split())
"""The emoji that Telegram allows as reactions."""
EFFECTS = {
    "5104841245755180586": "🔥",
    "5107584321108051014": "👍",
    "5104858069142078462": "👎",
    "5159385139981059251": "❤",
    "5046509860389126442": "🎉",
    "5046589136895476101": "💩",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits that a test or a load may change; the defaults are Telegram's.

    Rates are messages a second and count real time, whatever the sandbox clock says; an infinite
    rate means no limit. Spans are real seconds.
    """

    per_chat: float = 1.0
    per_chat_burst: int = 5
    overall: float = 30.0
    overall_burst: int = 30
    press_seconds: float = 150.0  # an undelivered press is dropped; a delivered one grows too old
    message_seconds: float = 86_400.0  # an undelivered message is dropped
    webhook_retry_seconds: float = 1.0  # first wait after a webhook failed twice; doubles
    keep_alive_seconds: float = 15.0  # between signs of life to an open page
    journal: int = 50_000  # requests kept
    history: int = 5_000  # messages kept in one chat

    @staticmethod
    def unlimited() -> Limits:
        """Limits for loads: no rates at all."""
        return Limits(per_chat=math.inf, overall=math.inf)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Flood:
    """Counts messages to each chat and to all of them."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._overall = _Bucket(limits.overall_burst, monotonic())
        self._chats: dict[int, _Bucket] = {}

    def admit(self, chat_id: int) -> None:
        """Count one message to the chat; raises Refusal (429) when there were too many."""
        limits, now = self._limits, self._monotonic()
        if math.isinf(limits.per_chat) and math.isinf(limits.overall):
            return
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = _Bucket(limits.per_chat_burst, now)
        waits = (
            _wait(bucket, limits.per_chat, limits.per_chat_burst, now),
            _wait(self._overall, limits.overall, limits.overall_burst, now),
        )
        if max(waits) > 0:
            raise too_many(max(1, math.ceil(max(waits))))
        bucket.tokens -= 1
        self._overall.tokens -= 1


def _wait(bucket: _Bucket, rate: float, burst: int, now: float) -> float:
    """Fill the bucket up to now; the seconds until it holds a token."""
    if math.isinf(rate):
        bucket.tokens = burst
        return 0.0
    bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled_at) * rate)
    bucket.filled_at = now
    # A hair below a token counts as one: the sums above are binary fractions.
    return 0.0 if bucket.tokens > 1 - 1e-9 else (1 - bucket.tokens) / rate
