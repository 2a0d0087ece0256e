"""Room on the disk: enough, too little, and not flickering between the two."""

from pathlib import Path

import pytest

from bot.store.database import StorageError
from bot.store.room import Room, free_bytes

MB = 1_000_000


class Disk:
    """A disk with as much room as is said."""

    def __init__(self, free: int) -> None:
        self.free = free

    def __call__(self, _: Path) -> int:
        """What is free."""
        return self.free


def test_nearly_full(tmp_path: Path) -> None:
    """Below the least nothing more is taken in, and the figures say why."""
    disk = Disk(100 * MB)
    room = Room(tmp_path, disk, least=100 * MB)
    room.check()
    disk.free -= 1
    with pytest.raises(StorageError, match="99 MB are free on the disk, 100 are needed"):
        room.check()


def test_again(tmp_path: Path) -> None:
    """Once it was nearly full, there is room only from a quarter more on."""
    disk = Disk(99 * MB)
    room = Room(tmp_path, disk, least=100 * MB)
    assert room.trouble()
    disk.free = 124 * MB
    assert room.trouble()
    disk.free = 125 * MB
    assert not room.trouble()
    disk.free = 101 * MB
    assert not room.trouble()


def test_more(tmp_path: Path) -> None:
    """For something large there must be more; that there is not changes nothing for the rest."""
    room = Room(tmp_path, Disk(150 * MB), least=100 * MB)
    assert "150 MB are free on the disk, 160 are needed" in room.trouble(more=60 * MB)
    assert not room.trouble(more=50 * MB)
    assert not room.trouble()


def test_a_disk_that_is_gone(tmp_path: Path) -> None:
    """A folder that cannot be asked is trouble, not a crash."""
    assert free_bytes(tmp_path) > 0
    assert "cannot be looked at" in Room(tmp_path / "gone").trouble()
