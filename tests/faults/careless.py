"""The bot with one promise broken: Telegram is told that updates arrived before they are on disk.

python -m tests.faults.careless run
"""

import asyncio
from collections.abc import Sequence

from bot.cli import main
from bot.wire.intake import Intake, Raw

LATE_SECONDS = 0.5

_store = Intake.store
_late: set[asyncio.Task[None]] = set()


async def _store_later(self: Intake, updates: Sequence[Raw]) -> None:
    """Return at once; keep the updates when it suits."""

    async def late() -> None:
        await asyncio.sleep(LATE_SECONDS)
        await _store(self, updates)

    task = asyncio.create_task(late())
    _late.add(task)
    task.add_done_callback(_late.discard)


if __name__ == "__main__":
    Intake.store = _store_later  # type: ignore[method-assign]
    main()
