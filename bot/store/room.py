"""Whether the disk has room for more: looked at before anything is taken in, not when it is full."""

import shutil
from collections.abc import Callable
from pathlib import Path

from bot.store.database import StorageError

LEAST_BYTES = 128 * 1024 * 1024
"""What stays free: for replies, for telling the owners, and for four recordings on their way."""

Free = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """How many bytes may still be written where this folder is. Raises `OSError`."""
    return shutil.disk_usage(folder).free


class Room:
    """Room on the disk of a folder. `free`: how many bytes are free there; `least`: how many must be.

    Once there were too few, there is room again with a quarter more: it shall not flicker.
    """

    def __init__(self, folder: Path, free: Free = free_bytes, least: int = LEAST_BYTES) -> None:
        self._folder = folder
        self._free = free
        self._least = least
        self._short = False

    def trouble(self, more: int = 0) -> str:
        """Why nothing (or not `more` bytes) may be taken in; empty when there is room."""
        try:
            free = self._free(self._folder) - more
        except OSError as error:
            return f"the disk cannot be looked at: {error.strerror}"
        if not more:
            self._short = free < self._least * (1.25 if self._short else 1)
        if self._short or free < self._least:
            return (
                f"{_mb(free + more)} MB are free on the disk, {_mb(self._least + more)} are needed"
            )
        return ""

    def check(self) -> None:
        """Raise `StorageError` when nothing more may be taken in."""
        if trouble := self.trouble():
            raise StorageError(trouble)


def _mb(size: int) -> int:
    return size // 1_000_000
