"""Hot reload: an edited bank is live within two seconds, and a bad edit changes nothing."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Final

from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from bot.banks.library import Library, errors, load_library
from bot.banks.problem import Problem
from bot.banks.shelf import look

# Editors save by writing and renaming: the save is over when nothing stirs for QUIET_MS, and is
# looked at after BUSY_MS at the latest.
QUIET_MS: Final = 100
BUSY_MS: Final = 800
# Nothing tells of a folder that was not there, was replaced, or is on a network: look this often.
LOOK_MS: Final = 1_000

_log = logging.getLogger(__name__)


async def watch_banks(
    folders: Sequence[Path], current: Library, stop: asyncio.Event
) -> AsyncGenerator[Library | list[Problem], None]:
    """A new library after each good edit, or the errors of a bad one, until `stop` is set.

    `current` is what `load_library` made of the same folders; nothing that changed since is missed.
    A bad file leaves the rest of an edit live: then the new library comes first and the errors of
    the bad file, whose last good content stands in, come after it. Once all errors are gone the
    library comes even if it is the same as before, so that the all-clear can be given.
    """
    told = list[Problem]()
    async with aclosing(_moments(folders, stop)) as moments:
        async for _ in moments:
            if await asyncio.to_thread(look, folders) == current.shelf:
                continue
            library, problems = await asyncio.to_thread(load_library, folders, current)
            wrong = errors(problems)
            if library != current or (told and not wrong):
                yield library
            if wrong and wrong != told:
                yield wrong
            current, told = library, wrong


async def _moments(folders: Sequence[Path], stop: asyncio.Event) -> AsyncGenerator[None, None]:
    """A moment to look, whenever something has stirred in the folders and once a second."""
    watched = [folder for folder in folders if folder.is_dir()]
    try:
        async with aclosing(_stirrings(watched, stop)) as stirrings:
            async for _ in stirrings:
                yield
    except (OSError, WatchfilesRustInternalError) as error:
        _log.warning("bank folders are looked at once a second, as watching failed: %s", error)
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_MS / 1_000)
        yield


async def _stirrings(folders: Sequence[Path], stop: asyncio.Event) -> AsyncGenerator[None, None]:
    if not folders:
        return
    changes = awatch(
        *folders,
        watch_filter=None,
        step=QUIET_MS,
        debounce=BUSY_MS,
        stop_event=_StopView(stop),
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        recursive=False,
    )
    async with aclosing(changes):
        async for _ in changes:
            yield


class _StopView(asyncio.Event):
    """Follows another event, but is set on its own: `awatch` sets its event when it is cancelled."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set()
