"""Question sets that owners send: documents on their way, and every version that went live."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from bot.store.database import Database, Row, Write
from bot.store.tables import UploadState, bank, learner, upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One row of `upload`; see `tables` for units."""

    learner_id: int
    upload_no: int
    message_id: int
    file_id: str
    file_name: str
    sent_at: int
    state: int = int(UploadState.WANTED)
    text: str | None = None
    set_id: str | None = None
    version_no: int | None = None


_own: BindParameter[Any] = bindparam("learner_id")
_this: BindParameter[Any] = bindparam("this_upload")
_INSERT = insert(upload).values({c.name: bindparam(c.name) for c in upload.columns})
_FIND = select(upload).where(upload.c.learner_id == _own, upload.c.upload_no == _this)
_CHANGE = (
    update(upload)
    .where(
        upload.c.learner_id == _own,
        upload.c.upload_no == _this,
        upload.c.state == bindparam("seen_state"),
    )
    .values(
        state=bindparam("next_state"),
        text=bindparam("text"),
        set_id=bindparam("set_id"),
        version_no=bindparam("version_no"),
    )
)
_WANTED = (
    select(upload.c.learner_id, upload.c.upload_no, upload.c.file_id, upload.c.sent_at)
    .where(upload.c.state == int(UploadState.WANTED))
    .order_by(upload.c.sent_at)
    .limit(bindparam("most"))
)
_set: BindParameter[Any] = bindparam("set_id")
_version: BindParameter[Any] = bindparam("version_no")
_later = bank.alias("later")
_PUT = insert(bank).values(
    set_id=_set, version_no=_version, text=bindparam("text"), live_at=bindparam("now")
)
_VERSIONS = (
    select(bank.c.version_no, bank.c.undone_at)
    .where(bank.c.set_id == _set)
    .order_by(bank.c.version_no)
)
_TEXT = select(bank.c.text).where(bank.c.set_id == _set, bank.c.version_no == _version)
_UNDO = (
    update(bank)
    .where(
        bank.c.set_id == _set,
        bank.c.version_no == _version,
        bank.c.undone_at.is_(None),
        ~select(_later.c.version_no)
        .where(
            _later.c.set_id == _set, _later.c.version_no > _version, _later.c.undone_at.is_(None)
        )
        .exists(),
    )
    .values(undone_at=bindparam("now"))
)
_STANDS = (
    update(bank)
    .where(bank.c.set_id == _set, bank.c.version_no == _version, bank.c.undone_at.is_(None))
    .values(version_no=_version)
)
_RUNNING = (
    select(bank)
    .where(
        bank.c.undone_at.is_(None),
        ~select(_later.c.version_no)
        .where(
            _later.c.set_id == bank.c.set_id,
            _later.c.version_no > bank.c.version_no,
            _later.c.undone_at.is_(None),
        )
        .exists(),
    )
    .order_by(bank.c.set_id)
)
_PRACTISING = select(func.count().label("learners")).where(learner.c.active_set == _set)


def wanted(new: Upload) -> Write:
    """The write that stores a document whose content is still at Telegram."""
    return Write(_INSERT, asdict(new), rows=1)


async def find(database: Database, learner_id: int, upload_no: int) -> Upload | None:
    """One document of this learner."""
    rows = await database.read(_FIND, learner_id=learner_id, this_upload=upload_no)
    return Upload(**dict(rows[0])) if rows else None


def changed(before: Upload, after: Upload) -> Write:
    """The write that moves a document on, which holds only if nobody did meanwhile."""
    return Write(
        _CHANGE,
        {
            "learner_id": before.learner_id,
            "this_upload": before.upload_no,
            "seen_state": before.state,
            "next_state": after.state,
            "text": after.text,
            "set_id": after.set_id,
            "version_no": after.version_no,
        },
        rows=1,
    )


async def still_wanted(database: Database, most: int) -> list[Row]:
    """Documents whose content is to be fetched, those waiting longest first."""
    return await database.read(_WANTED, most=most)


def went_live(set_id: str, version_no: int, text: str, now: int) -> Write:
    """The write that puts a version live; of two at once only one succeeds."""
    values = {"set_id": set_id, "version_no": version_no, "text": text, "now": now}
    return Write(_PUT, values, rows=1)


async def versions(database: Database, set_id: str) -> list[Row]:
    """Every version of a set there was: `version_no`, `undone_at`."""
    return await database.read(_VERSIONS, set_id=set_id)


async def text_of(database: Database, set_id: str, version_no: int) -> str:
    """The text of a version that is known to exist."""
    rows = await database.read(_TEXT, set_id=set_id, version_no=version_no)
    return str(rows[0]["text"])


def undone(set_id: str, version_no: int, now: int) -> Write:
    """The write that takes the running version of a set back."""
    values = {"set_id": set_id, "version_no": version_no, "now": now}
    return Write(_UNDO, values, rows=1)


def still_stands(set_id: str, version_no: int) -> Write:
    """The write that changes nothing and fails if this version was undone meanwhile."""
    return Write(_STANDS, {"set_id": set_id, "version_no": version_no}, rows=1)


async def running(database: Database) -> list[Row]:
    """Of each set the last version that was not undone, in order of the ids."""
    return await database.read(_RUNNING)


async def practising(database: Database, set_id: str) -> int:
    """How many learners have this set active."""
    rows = await database.read(_PRACTISING, set_id=set_id)
    return int(rows[0]["learners"])
