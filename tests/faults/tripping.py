"""The bot with mishaps on demand: a message makes it stumble, another one makes it fall.

python -m tests.faults.tripping run
"""

import asyncio
import gc
import os
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from bot.app import App
from bot.chat.conversation import Conversation
from bot.cli import main
from bot.store.database import Database, StorageError, Write
from bot.store.transaction import Transaction

STUMBLE, LOSE, CORRUPT, FALL = "stumble", "lose a task", "corrupt", "fall"

_handle, _commit, _watch = Conversation.handle, Database.commit, App._watch_banks
_fallen: asyncio.Queue[str] = asyncio.Queue()
_lost: set[asyncio.Task[None]] = set()
_corrupted: list[str] = []


async def _tripping(self: Conversation, tx: Transaction, raw: Mapping[str, Any]) -> None:
    text = str(raw)
    if STUMBLE in text:
        raise ValueError(text)
    if LOSE in text:
        task = asyncio.create_task(_failing(text))
        _lost.add(task)
        task.add_done_callback(_let_go)
    if CORRUPT in text and not _corrupted:
        _corrupted.extend([text, text])
    if FALL in text:
        _fallen.put_nowait(text)
    await _handle(self, tx, raw)


def _let_go(task: asyncio.Task[None]) -> None:
    _lost.discard(task)
    asyncio.get_running_loop().call_soon(gc.collect)


async def _failing(text: str) -> None:
    raise RuntimeError(text) from KeyError(text)


async def _corrupting(self: Database, writes: Sequence[Write]) -> None:
    if len(_corrupted) > 1:
        cause = sqlite3.OperationalError("database disk image is malformed")
        cause.add_note(_corrupted.pop())
        raise StorageError(str(cause)) from cause
    await _commit(self, writes)


async def _falling(self: App) -> None:
    text = await _fallen.get()
    with_words = {text: os.fsencode(text)}
    raise LookupError(with_words)


if __name__ == "__main__":
    Conversation.handle = _tripping  # type: ignore[method-assign]
    Database.commit = _corrupting  # type: ignore[method-assign]
    App._watch_banks = _falling  # type: ignore[method-assign]
    main()
