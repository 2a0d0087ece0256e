"""Files from Telegram, piece by piece and never more than the caller will take."""

from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from telegram.error import NetworkError, TelegramError

from bot.wire.outcome import refusal_of

_PIECE_BYTES: Final = 64 * 1024
_ERROR_PAGE_BYTES: Final = 16 * 1024


class TooLarge(Exception):
    """The file is larger than the caller will take."""


async def pieces_of(response: aiohttp.ClientResponse, limit_bytes: int) -> AsyncIterator[bytes]:
    """The file's bytes; TooLarge at the first sign that there are more than `limit_bytes`."""
    if response.status != 200:
        raise await _refusal(response)
    if (response.content_length or 0) > limit_bytes:
        raise TooLarge(f"{response.content_length} bytes announced, at most {limit_bytes} taken")
    received = 0
    async for piece in response.content.iter_chunked(_PIECE_BYTES):
        received += len(piece)
        if received > limit_bytes:
            raise TooLarge(f"more than {limit_bytes} bytes")
        yield piece


async def _refusal(response: aiohttp.ClientResponse) -> TelegramError:
    page = await response.content.read(_ERROR_PAGE_BYTES)
    if response.status == 404:
        # For a method this would mean a wrong token. A file's link just stops working in an hour.
        return NetworkError("the link to the file no longer works")
    return refusal_of(response.status, page, response.headers.get("Retry-After"))
