"""Telling systemd how the service is, as `sd_notify` does: one datagram on a socket that it names."""

import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class Systemd:
    """What the service manager is told; without one (no NOTIFY_SOCKET) nothing happens."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")

    def tell(self, *words: str) -> None:
        """Send assignments such as `READY=1`. That nobody listens is logged, and no reason to stop."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address[0] == "@" else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
                channel.settimeout(1.0)
                channel.sendto("\n".join(words).encode(), address)
        except OSError as error:
            log.warning("systemd was not told", reason=str(error))
