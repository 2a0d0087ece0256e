"""What is counted for Prometheus, and the page where it is read. No label ever names a person.

The two numbers to be woken for: `sprung_drill_lateness_seconds` and `sprung_outbox_oldest_seconds`.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

Metrics = Callable[[web.Request], Awaitable[web.Response]]
Look = Callable[[], Awaitable[Mapping[str, float]]]

_registry = CollectorRegistry()
UPDATES = Counter(
    "sprung_updates", "Updates of Telegram that were settled", ["outcome"], registry=_registry
)
MESSAGES = Counter(
    "sprung_messages",
    "Attempts to send a message, by what came of them",
    ["outcome"],
    registry=_registry,
)
WAITS = Histogram(
    "sprung_message_wait_seconds",
    "From a message's commit to Telegram's receipt, by the bot's clock",
    ["kind"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300),
    registry=_registry,
)
LATENESS = Histogram(
    "sprung_drill_lateness_seconds",
    "From the moment a surprise was planned for to its commit, by the bot's clock",
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
    registry=_registry,
)
BATCHES = Histogram(
    "sprung_writer_batch_size",
    "Transactions that shared one fsync",
    buckets=(1, 2, 3, 5, 10, 20, 50, 100),
    registry=_registry,
)
GAUGES = {
    name: Gauge(f"sprung_{name}", told, registry=_registry)
    for name, told in {
        "outbox_unsent": "Messages that are stored and not sent",
        "outbox_oldest_seconds": "Age of the oldest of them; 0: there is none",
        "log_bytes": "Size of the database's write-ahead log",
        "backup_age_seconds": "Age of the newest backup; -1: there is none",
        "disk_free_bytes": "Room on the disk of the database",
        "problems": "Problems that make /healthz red",
    }.items()
}


def metrics(look: Look) -> Metrics:
    """A handler for Prometheus. `look`: reads a value for each of `GAUGES`."""

    async def answer(_request: web.Request) -> web.Response:
        for name, value in (await look()).items():
            GAUGES[name].set(value)
        return web.Response(
            body=generate_latest(_registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )

    return answer
