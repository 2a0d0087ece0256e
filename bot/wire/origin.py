"""Where a webhook request really came from, and whether that is Telegram.

Behind a proxy the connection is the proxy's. What it adds to the end of X-Forwarded-For is who called
it; whatever stands before that, the caller may have written, and is not read.
"""

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import web

TELEGRAM: Final = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))
"""The ranges that Telegram posts webhooks from, as its documentation names them."""

FORWARDED: Final = "X-Forwarded-For"

Network = IPv4Network | IPv6Network
Origin = Callable[[web.Request], bool]


def from_telegram(proxies: tuple[Network, ...] = ()) -> Origin:
    """A test of whether a request comes from Telegram.

    Without `proxies` the connection itself must be Telegram's. With them it must be one of theirs,
    and the last address of the last X-Forwarded-For must be Telegram's.
    """

    def accepted(request: web.Request) -> bool:
        peer = request.remote or ""
        if not proxies:
            return _within(peer, TELEGRAM)
        named = ",".join(request.headers.getall(FORWARDED, [])).rpartition(",")[2].strip()
        return _within(peer, proxies) and _within(named, TELEGRAM)

    return accepted


def _within(text: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    # A server that listens on both kinds of addresses sees IPv4 as part of IPv6.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in networks)
