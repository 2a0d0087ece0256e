"""The folder beside the database where recordings are kept, one folder a learner."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import bindparam, select, tuple_, update

from bot.store.database import Database, Row, Write
from bot.store.disk import move_into_place, sync
from bot.store.tables import FILE_LEFT, MediaState, take

_WANTED = (
    select(take.c.learner_id, take.c.take_no, take.c.kind, take.c.file_id, take.c.media_failures)
    .where(
        take.c.media_state == int(MediaState.WANTED),
        take.c.media_retry_at <= bindparam("now"),
    )
    .order_by(take.c.media_retry_at)
    .limit(bindparam("most"))
)
_this = (
    (take.c.learner_id == bindparam("learner_id"))
    & (take.c.take_no == bindparam("this_take"))
    & (take.c.media_state == int(MediaState.WANTED))
)
_FETCHED = (
    update(take)
    .where(_this)
    .values(media_state=bindparam("end_state"), media_path=bindparam("path"))
)
_AGAIN = (
    update(take)
    .where(_this)
    .values(media_failures=bindparam("failures"), media_retry_at=bindparam("at"))
)


_HELD_FAR = (
    update(take)
    .where(
        take.c.media_state == int(MediaState.WANTED),
        take.c.media_retry_at > bindparam("far"),
    )
    .values(media_retry_at=0)
)
_LEFT = (
    select(take.c.learner_id, take.c.take_no, take.c.media_path)
    .where(
        FILE_LEFT,
        tuple_(take.c.learner_id, take.c.take_no)
        > tuple_(bindparam("after_learner"), bindparam("after_take")),
    )
    .order_by(take.c.learner_id, take.c.take_no)
    .limit(bindparam("most"))
)
_FILE_GONE = (
    update(take)
    .where(
        take.c.learner_id == bindparam("learner_id"),
        take.c.take_no == bindparam("this_take"),
        FILE_LEFT,
    )
    .values(media_path=None)
)


class MediaFolder:
    """Files of takes: written beside their place, synced, then moved there, so that none is half."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, relative: str) -> Path:
        """Where a stored `media_path` is on disk. ValueError: it leads out of the folder."""
        folder, name = Path(relative).parts
        return self._place(int(folder), name)

    @contextmanager
    def keeping(self, learner_id: int, name: str) -> Iterator[tuple[BinaryIO, str]]:
        """Yield a file to fill and the `media_path` it has once the block ends without an error."""
        place = self._place(learner_id, name)
        self._make(place.parent)
        part = place.with_name(f"{name}.part")
        try:
            with part.open("wb") as file:
                yield file, f"{learner_id}/{name}"
            move_into_place(part, place)
        finally:
            part.unlink(missing_ok=True)

    def erase(self, learner_id: int) -> None:
        """Delete every file of the learner; those already gone are no error."""
        folder = self.root / str(learner_id)
        if folder.exists():
            shutil.rmtree(folder)

    def drop(self, relative: str) -> None:
        """Delete the file of a stored `media_path`; one already gone is no error. Raises `OSError`."""
        self.path(relative).unlink(missing_ok=True)

    def _place(self, learner_id: int, name: str) -> Path:
        if name in ("", ".", "..") or Path(name).name != name:
            raise ValueError(f"{name!r} is no file's name")
        return self.root / str(learner_id) / name

    def _make(self, folder: Path) -> None:
        """Make a learner's folder so that it outlives a power cut."""
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync(self.root)
            sync(self.root.parent)


async def wanted(database: Database, now: int, most: int) -> list[Row]:
    """Takes whose bytes are still at Telegram only, those waiting longest first."""
    return await database.read(_WANTED, now=now, most=most)


def fetched(learner_id: int, take_no: int, state: MediaState, path: str | None) -> Write:
    """The write that says where the bytes are now, or why they are not here."""
    return Write(
        _FETCHED,
        {"learner_id": learner_id, "this_take": take_no, "end_state": int(state), "path": path},
    )


def again(learner_id: int, take_no: int, failures: int, at: int) -> Write:
    """The write that puts a failed download off."""
    return Write(
        _AGAIN, {"learner_id": learner_id, "this_take": take_no, "failures": failures, "at": at}
    )


async def left(database: Database, after: tuple[int, int], most: int) -> list[Row]:
    """Takes after this one, in order of learner and number, whose files shall not be here any more."""
    return await database.read(_LEFT, after_learner=after[0], after_take=after[1], most=most)


def file_gone(learner_id: int, take_no: int) -> Write:
    """The write that forgets the path of a file that is deleted."""
    return Write(_FILE_GONE, {"learner_id": learner_id, "this_take": take_no})


def not_held_beyond(far: int) -> Write:
    """The write that lets a download be tried at once that waits for what a clock ahead has set."""
    return Write(_HELD_FAR, {"far": far})
