"""Who was erased: kept outside the database, so that a backup restored later is rid of them again.

Nobody can be found in it: each line is a moment and the salted hash of a person's number together
with the millisecond in which they had come. Who comes again after an erasure is somebody else here.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from bot.store.database import StorageError
from bot.store.disk import move_into_place, sync

KEEP_MS = 400 * 24 * 3600 * 1000
"""How long an erasure is remembered, and longer if a backup is older."""


class Erasures:
    """An append-only file, on disk before `add` returns. `salt`: makes one for a new file."""

    def __init__(self, file: Path, salt: Callable[[], str]) -> None:
        self._file = file
        self._salt = salt

    def add(self, learner_id: int, joined_at: int, now: int) -> None:
        """Remember that somebody was erased. Raises `StorageError`."""
        try:
            self._add(learner_id, joined_at, now)
        except OSError as error:
            raise StorageError(f"{self._file}: {error.strerror}") from error

    def _add(self, learner_id: int, joined_at: int, now: int) -> None:
        if not self._file.exists():
            if not self._file.parent.exists():
                self._file.parent.mkdir(parents=True, mode=0o700)
                sync(self._file.parent.parent)
            self._write(f"{self._salt()}\n")
        salt, *_ = self._lines()
        with self._file.open("a", encoding="ascii") as file:
            # What a power cut left of an earlier line must not run into this one.
            file.write(f"\n{now} {_hash(salt, learner_id, joined_at)}\n")
            file.flush()
            os.fsync(file.fileno())

    def known(self) -> Callable[[int, int], bool]:
        """A test of who, having come at which moment, was erased. Raises `OSError`."""
        salt, *lines = self._lines() or [""]
        hashes = {line.partition(" ")[2] for line in lines}
        return lambda learner_id, joined_at: _hash(salt, learner_id, joined_at) in hashes

    def drop(self, before: int) -> None:
        """Forget erasures older than any backup can be. Raises `OSError`."""
        salt, *lines = self._lines() or [""]
        young = [line for line in lines if _moment(line) >= before]
        if len(young) < len(lines):
            self._write("\n".join([salt, *young, ""]))

    def _lines(self) -> list[str]:
        if not self._file.exists():
            return []
        return [line for line in self._file.read_text(encoding="ascii").split("\n") if line]

    def _write(self, content: str) -> None:
        part = self._file.with_name(f"{self._file.name}.part")
        part.write_text(content, encoding="ascii")
        move_into_place(part, self._file)


def _moment(line: str) -> int:
    """When it was; never, for what a power cut left of a line."""
    number, _, digest = line.partition(" ")
    return int(number) if number.isdecimal() and digest else 0


def _hash(salt: str, learner_id: int, joined_at: int) -> str:
    person = f"{learner_id} {joined_at}".encode("ascii")
    return hashlib.blake2b(person, key=salt.encode("ascii")[:64], digest_size=20).hexdigest()
