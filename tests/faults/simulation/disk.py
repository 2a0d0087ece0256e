"""SQLite in the simulation's own thread: every commit is a place where the program may die or fail."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.drill.dice import Dice

T = TypeVar("T")
Values = Mapping[str, Any] | Sequence[Any]
CODES = {
    "SQLITE_BUSY": sqlite3.SQLITE_BUSY,
    "SQLITE_FULL": sqlite3.SQLITE_FULL,
    "SQLITE_IOERR": sqlite3.SQLITE_IOERR,
}


class Killed(BaseException):
    """`kill -9`: from here on the program does nothing any more."""


@dataclass
class Fate:
    """When the program dies. `die_at`: at the n-th of the `points` it passes, counted from 1.

    A point is the moment before or after a commit, or before or after a request reaches Telegram.
    """

    die_at: int | None = None
    points: int = 0
    dead: bool = False
    last: str = ""
    death: asyncio.Event = field(default_factory=asyncio.Event)

    def born(self, die_at: int | None) -> None:
        """The program starts."""
        self.die_at, self.points, self.dead, self.last = die_at, 0, False, ""
        self.death.clear()

    def die(self) -> None:
        """Now."""
        self.dead = True
        self.death.set()

    def point(self, name: str) -> None:
        """One such moment. Raises `Killed`, and from then on always."""
        self.points += 1
        if self.dead or self.points == self.die_at:
            self.last = self.last or name
            self.die()
            raise Killed(name)


@dataclass
class Trouble:
    """What goes wrong with the disk: a kind of `CODES` at the next commit, so many times."""

    ordered: dict[str, int] = field(default_factory=dict)
    met: int = 0

    def at_commit(self) -> None:
        """Fail as SQLite does, if it is ordered."""
        for kind, times in self.ordered.items():
            if times > 0:
                self.ordered[kind] = times - 1
                self.met += 1
                error = sqlite3.OperationalError(f"simulated {kind}")
                error.sqlite_errorcode = CODES[kind]
                raise error


class Watched:
    """A connection as `sqlite3.Connection` is, which passes the points of its program's fate."""

    def __init__(self, connection: Any, fate: Fate, trouble: Trouble) -> None:
        self._real = connection
        self._fate = fate
        self._trouble = trouble

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        found: bool = self._real.in_transaction
        return found

    def execute(self, sql: str, values: Values = ()) -> Any:
        """Run one statement."""
        if sql != "COMMIT":
            return self._real.execute(sql, values)
        self._fate.point("before a commit")
        try:
            self._trouble.at_commit()
        except sqlite3.OperationalError:
            # SQLite itself ends a transaction for which there is no room.
            self._real.execute("ROLLBACK")
            raise
        done = self._real.execute(sql)
        self._fate.point("after a commit")
        return done


class Inline:
    """A connection as `aiosqlite.Connection` is, without a thread of its own."""

    def __init__(self, raw: Any, fate: Fate, trouble: Trouble, dice: Dice) -> None:
        self._raw = raw
        self._conn = Watched(raw, fate, trouble)
        self._dice = dice

    async def __aenter__(self) -> "Inline":
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._raw.close()

    def __setattr__(self, name: str, value: Any) -> None:
        target = self._raw if name == "row_factory" else super()
        target.__setattr__(name, value)

    async def _execute(self, function: Callable[..., T], *args: Any) -> T:
        await self._turns()
        found = function(*args)
        await self._turns()
        return found

    async def execute(self, sql: str, values: Values = ()) -> Any:
        """Run one statement."""
        return await self._execute(self._conn.execute, sql, values)

    async def execute_fetchall(self, sql: str, values: Values = ()) -> list[Any]:
        """Run one statement and return its rows."""
        return await self._execute(lambda: list(self._conn.execute(sql, values).fetchall()))

    async def _turns(self) -> None:
        """Let others go first now and then, as a thread would."""
        for _ in range(int(3 * self._dice.random() ** 2)):
            await asyncio.sleep(0)


class Driver:
    """Makes connections as `aiosqlite.connect` does, and can take all of them away at once."""

    def __init__(
        self,
        fate: Fate,
        trouble: Trouble,
        dice: Dice,
        connect: Callable[..., Any] = sqlite3.connect,
    ) -> None:
        self._fate = fate
        self._trouble = trouble
        self._dice = dice
        self._connect = connect
        self._made: list[Any] = []

    def __call__(self, path: Path, **settings: Any) -> Inline:
        """A new connection."""
        raw = self._connect(path, **settings)
        self._made.append(raw)
        return Inline(raw, self._fate, self._trouble, self._dice)

    def cut(self) -> None:
        """The program is gone: what it had not committed is rolled back, as at the next start."""
        for raw in self._made:
            raw.close()
