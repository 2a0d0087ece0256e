"""Telegram's end of the webhook: an update is answered 200 when it is on disk, and not before."""

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import web

from bot.wire.origin import Origin
from bot.wire.payload import decode

LIMIT_BYTES: Final = 1024 * 1024
RETRY_SECONDS: Final = 5
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name
_LARGEST_ID: Final = 2**63 - 1

Store = Callable[[list[dict[str, Any]]], Awaitable[None]]

log = structlog.get_logger(__name__)


def webhook_app(
    secret: str,
    store: Store,
    path: str,
    *,
    storage_error: type[Exception],
    origin: Origin | None = None,
) -> web.Application:
    """An application that takes updates at `path`; other routes may be added to it.

    `store` returns once the updates are on disk. When it raises `storage_error`, Telegram is asked
    to bring the update again; any other error is a 500, which Telegram treats in the same way.
    `origin`: a test that a request must pass before anything of it is looked at.
    """

    async def receive(request: web.Request) -> web.Response:
        if origin is not None and not origin(request):
            log.warning("a webhook request did not come from Telegram")
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if refusal := _refused(request, secret):
            return refusal
        try:
            update = decode(await request.read())  # 413 when it is too large
        except ValueError:
            log.warning("a webhook request was not JSON", bytes=request.content_length)
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        if not _has_id(update):
            # Telegram would bring it again and again, and the chat's next updates would wait.
            log.warning("a webhook request had no update_id", bytes=request.content_length)
            return web.Response()
        return await _stored(update)

    async def _stored(update: dict[str, Any]) -> web.Response:
        try:
            await store([update])
        except storage_error as error:
            log.warning("an update was not stored", update=update["update_id"], reason=str(error))
            again = {"Retry-After": str(RETRY_SECONDS)}
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=again)
        return web.Response()

    app = web.Application(client_max_size=LIMIT_BYTES)
    app.router.add_post(path, receive)
    return app


def _refused(request: web.Request, secret: str) -> web.Response | None:
    given = request.headers.get(SECRET_HEADER)
    if given is None:
        return web.Response(status=HTTPStatus.UNAUTHORIZED)
    if not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
        return web.Response(status=HTTPStatus.FORBIDDEN)
    return None


def _has_id(update: object) -> bool:
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return type(update_id) is int and 0 <= update_id <= _LARGEST_ID
