"""Answering on a port: the health check, and the webhook if there is one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

HANG_UP_SECONDS = 5.0

log = structlog.get_logger(__name__)


class CannotListen(OSError):
    """A port cannot be had; the message names it."""


@asynccontextmanager
async def listening(application: web.Application, host: str, port: int) -> AsyncIterator[None]:
    """Serve the application on SPRUNG_LISTEN while the block runs. Raises `CannotListen`."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=HANG_UP_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = f"SPRUNG_LISTEN {host}:{port} cannot be used: {error.strerror}"
            raise CannotListen(error.errno, reason) from error
        found = runner.addresses[0]
        log.info("listening", url=f"http://{found[0]}:{found[1]}/healthz")
        yield
    finally:
        await runner.cleanup()
