"""What a failed request proves: python-telegram-bot's errors, and whether Telegram acted.

A message that may have been delivered must not be sent again, one that certainly was not must be.
So every failure below is turned into an error that keeps its cause, and `outcome_of` reads both.
"""

import re
import warnings
from collections.abc import Iterator
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.warnings import PTBDeprecationWarning

from bot.telemetry.redaction import Redactor
from bot.wire.payload import decode


class Outcome(Enum):
    """What became of a request that raised."""

    NOT_SENT = "not sent"  # Telegram certainly did not act on it: it may be sent again
    REFUSED = "refused"  # Telegram understood and declined: sent again, it is declined again
    UNKNOWN = "unknown"  # Telegram may have acted on it


class Unreachable(OSError):
    """No connection was made, so nothing was sent."""


_BEFORE_SENDING = (
    Unreachable,
    aiohttp.ConnectionTimeoutError,  # no free connection, or none made, in time
    aiohttp.ClientConnectorError,  # refused, no such host, no TLS
    aiohttp.ClientHttpProxyError,  # the proxy would not open the tunnel
    aiohttp.InvalidURL,
)
_DECLINED = (BadRequest, ChatMigrated, Conflict, EndPointNotFound, Forbidden, InvalidToken)

_DECLINED_AS: Final[dict[int, type[TelegramError]]] = {
    HTTPStatus.BAD_REQUEST: BadRequest,
    HTTPStatus.UNAUTHORIZED: InvalidToken,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: InvalidToken,  # what Telegram says to a token of the wrong shape
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: BadRequest,
}
_QUOTED = re.compile(r'"[^"]*"')
_UNNAMED_WAIT = 1  # seconds, for a 429 that names no time


def outcome_of(error: TelegramError) -> Outcome:
    """What is certain about the request that raised this error; in doubt UNKNOWN."""
    if isinstance(error, RetryAfter) or isinstance(error.__cause__, _BEFORE_SENDING):
        return Outcome.NOT_SENT
    return Outcome.REFUSED if isinstance(error, _DECLINED) else Outcome.UNKNOWN


def reason_of(error: TelegramError) -> str:
    """What Telegram said, without what it quotes: that may be a learner's."""
    return _QUOTED.sub('"…"', str(error))


def wait_seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait; spares the caller the library's deprecation warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def fault_of(error: Exception, url: str) -> NetworkError:
    """The library's error for an exchange that broke; neither it nor its causes name the token."""
    cause = _concealed(error, Redactor([_token_in(url)]))
    family = TimedOut if isinstance(error, TimeoutError) else NetworkError
    fault = family(f"{type(error).__name__}: {cause}")
    fault.__cause__ = cause
    return fault


def refusal_of(status: int, body: bytes, retry_after: str | None) -> TelegramError:
    """The library's error for an answer that is not a success.

    Only an answer in Telegram's own form is taken as Telegram's word. The 403 page of a company
    proxy must not look like a learner who blocked the bot, nor its 404 like a revoked token.
    """
    answer = _telegrams_words(body)
    parameters = answer.get("parameters") or {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _too_many(parameters.get("retry_after"), retry_after)
    if not answer:
        return NetworkError(f"{_phrase(status)}, not in Telegram's words")
    if "migrate_to_chat_id" in parameters:
        return ChatMigrated(parameters["migrate_to_chat_id"])
    family = _DECLINED_AS.get(status, NetworkError)
    return family(Redactor()(str(answer.get("description") or _phrase(status))))


def _too_many(named: object, header: str | None) -> RetryAfter:
    if not isinstance(named, int):
        named = int(header) if header is not None and header.isdecimal() else _UNNAMED_WAIT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        return RetryAfter(named)


def _telegrams_words(body: bytes) -> dict[str, Any]:
    try:
        answer = decode(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) and answer.get("ok") is False else {}


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase} ({status})"
    except ValueError:
        return f"HTTP status {status}"


def _token_in(url: str) -> str:
    return url.partition("/bot")[2].partition("/")[0]


def _concealed(error: Exception, redact: Redactor) -> Exception:
    """The error itself, or a stand-in when a text in its chain names the token."""
    texts = [f"{link!s} {link!r}" for link in _chain(error)]
    if all(redact(text) == text for text in texts):
        return error
    family = Unreachable if isinstance(error, _BEFORE_SENDING) else aiohttp.ClientError
    return family(redact(str(error)))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
