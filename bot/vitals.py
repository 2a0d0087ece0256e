"""The state of the house in numbers, read whenever somebody asks for /metrics."""

from collections.abc import Mapping

from bot.clock import Clock
from bot.store import outbox
from bot.store.backup import Backups
from bot.store.database import Database
from bot.store.room import Free
from bot.telemetry.health import Health


class Vitals:
    """Reads a value for each of `telemetry.metrics.GAUGES`. `wall`: the clock that backups are named by."""

    def __init__(
        self, database: Database, clock: Clock, health: Health, *, free: Free, wall: Clock
    ) -> None:
        self._database = database
        self._clock = clock
        self._health = health
        self._free = free
        self._wall = wall

    async def read(self) -> Mapping[str, float]:
        """Read them all; raises `StorageError` or `OSError` when the disk does not let it."""
        now = self._clock.now()
        unsent, oldest = await outbox.backlog(self._database)
        backup = Backups(self._database.path).newest
        return {
            "outbox_unsent": unsent,
            "outbox_oldest_seconds": 0 if oldest is None else max(0, now - oldest) / 1000,
            "log_bytes": self._database.log_bytes,
            "backup_age_seconds": -1 if backup is None else (self._wall.now() - backup) / 1000,
            "disk_free_bytes": self._free(self._database.path.parent),
            "problems": len(self._health.problems(now)),
        }
