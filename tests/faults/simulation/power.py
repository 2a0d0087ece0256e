"""A disk that remembers every write and sync, so that the power can be cut at any moment afterwards.

What was synced is there. Of what was written since, each write is there, lost, or torn between sectors,
in any order: the most that a disk may do which does not lie about its syncs.
"""

import hashlib
import itertools
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from bot.drill.dice import Dice

SECTOR = 512
LOST, WHOLE = 0.4, 0.8
VFS = "power"


@dataclass(frozen=True, slots=True)
class Op:
    """What a program did to a file: `write` data at an offset, `truncate` to it, `sync`, `delete`."""

    kind: str
    path: str
    offset: int = 0
    data: bytes = b""


@dataclass
class Recording:
    """Everything done to the disk, and after which of it which state was promised.

    `promises`: (number of operations done, fingerprint of all rows) each time a commit returned.
    """

    ops: list[Op] = field(default_factory=list)
    promises: list[tuple[int, str]] = field(default_factory=list)
    start: dict[str, bytes] = field(default_factory=dict)

    def promise(self, fingerprint: str) -> None:
        """A commit has returned, and this is what the database holds now."""
        self.promises.append((len(self.ops), fingerprint))

    def promised(self, position: int) -> tuple[str, str]:
        """What was promised last before a cut, and what was being written at that moment."""
        index = sum(done <= position for done, _ in self.promises)
        before = self.promises[max(0, index - 1)][1]
        after = self.promises[min(index, len(self.promises) - 1)][1]
        return before, after


class _File(apsw.VFSFile):
    def __init__(self, recording: Recording, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._path = Path(path or "").name
        # What has no name is SQLite's own scratch, which no restart looks at.
        self._ops = recording.ops if path else []

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  SQLite's name
        self._ops.append(Op("write", self._path, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._ops.append(Op("truncate", self._path, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._ops.append(Op("sync", self._path))


class Disk(apsw.VFS):
    """SQLite's way to files, with a recording of what passes."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        super().__init__(VFS, "unix")

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802
        """Open a file."""
        return _File(self.recording, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """Delete a file: journals are, when all is well, with their folder synced."""
        super().xDelete(filename, syncdir)
        self.recording.ops.append(Op("delete", Path(filename).name))


class PowerRow(tuple[Any, ...]):
    """A row as `sqlite3.Row` is: by position and by name."""

    names: tuple[str, ...] = ()

    def keys(self) -> Sequence[str]:
        """The names of its columns."""
        return self.names

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)


class _Found:
    def __init__(self, rows: list[PowerRow], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def fetchall(self) -> list[PowerRow]:
        return self._rows

    def fetchone(self) -> PowerRow | None:
        return self._rows[0] if self._rows else None


class PowerConnection:
    """A connection as `sqlite3.Connection` is, by a newer SQLite on a recorded disk."""

    row_factory: Any = None

    def __init__(self, path: Path, recording: Recording, **_: Any) -> None:
        self._recording = recording
        self._connection = apsw.Connection(str(path), vfs=VFS)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def execute(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> _Found:
        """Run one statement to its end."""
        try:
            cursor = self._connection.cursor()
            before = self._connection.total_changes()
            rows = self._rows(cursor, cursor.execute(sql, values))
            changed = self._connection.total_changes() - before
        except apsw.Error as error:
            told = sqlite3.OperationalError(str(error))
            told.sqlite_errorcode = getattr(error, "extendedresult", sqlite3.SQLITE_ERROR)
            raise told from error
        if sql == "COMMIT":
            self._recording.promise(fingerprint(self._connection))
        return _Found(rows, changed)

    def _rows(self, cursor: apsw.Cursor, found: apsw.Cursor) -> list[PowerRow]:
        rows = []
        for values in found:
            row = PowerRow(values)
            row.names = tuple(column[0] for column in cursor.get_description())
            rows.append(row)
        return rows

    def close(self) -> None:
        """Close it."""
        self._connection.close()


def fingerprint(connection: Any) -> str:
    """A digest of every row of every table."""
    digest = hashlib.sha256()
    tables = list(
        connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY 1")
    )
    for (name,) in tables:
        for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid"):
            digest.update(repr((name, *row)).encode())
    return digest.hexdigest()


def survivors(
    recording: Recording, cuts: Sequence[int], dice: Dice
) -> Iterator[tuple[int, dict[str, bytes]]]:
    """For each moment (a number of operations, ascending) what is on the disk after the power is back."""
    durable = {path: bytearray(content) for path, content in recording.start.items()}
    pending: list[Op] = []
    done = 0
    for cut in cuts:
        for op in itertools.islice(recording.ops, done, cut):
            if op.kind in ("sync", "delete"):
                for earlier in pending:
                    if earlier.path == op.path:
                        _apply(durable, earlier)
                pending = [one for one in pending if one.path != op.path]
                if op.kind == "delete":
                    durable.pop(op.path, None)
            else:
                pending.append(op)
        done = cut
        left = {path: bytearray(content) for path, content in durable.items()}
        for op in pending:
            _perhaps(left, op, dice)
        yield cut, {path: bytes(content) for path, content in left.items()}


def _perhaps(files: dict[str, bytearray], op: Op, dice: Dice) -> None:
    roll = dice.random()
    if roll < LOST:
        return
    if roll < WHOLE or op.kind == "truncate":
        _apply(files, op)
        return
    first = -op.offset % SECTOR or SECTOR
    edges = [0, *range(first, len(op.data), SECTOR), len(op.data)]
    for begin, end in itertools.pairwise(edges):
        if dice.random() < 0.5:
            _apply(files, Op("write", op.path, op.offset + begin, op.data[begin:end]))


def _apply(files: dict[str, bytearray], op: Op) -> None:
    content = files.setdefault(op.path, bytearray())
    if op.kind == "truncate":
        del content[op.offset :]
        return
    if len(content) < op.offset:
        content.extend(bytes(op.offset - len(content)))
    content[op.offset : op.offset + len(op.data)] = op.data


def after_the_cut(folder: Path, files: Mapping[str, bytes]) -> tuple[str, str]:
    """Open what is left: the result of the integrity check, and the fingerprint of all rows."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    database = next(folder / name for name in files if name.endswith(".db"))
    with closing(sqlite3.connect(database)) as connection:
        (checked,) = connection.execute("PRAGMA integrity_check").fetchone()
        return str(checked), fingerprint(connection)
