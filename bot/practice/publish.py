"""Question sets that owners send: kept, judged, put live, taken back. What learners did is never touched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.banks.problem import Problem
from bot.banks.reader import Reading
from bot.banks.upload import Changes, changes, digest, fitted, judged, stored
from bot.drill.question import QuestionSet
from bot.practice import Transaction
from bot.store import uploads
from bot.store.database import Database
from bot.store.tables import UploadState
from bot.store.uploads import Upload


@dataclass(frozen=True, slots=True)
class Versions:
    """The version numbers of a set: `all` there were, and those `standing`, of which the last one runs."""

    all: tuple[int, ...] = ()
    standing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A document that was judged. `question_set` is None if it cannot go live; then `problems` say why.

    `rests_on` stands for what ran when it was compared; `practising` learners have the set active.
    """

    upload: Upload
    question_set: QuestionSet | None
    problems: Sequence[Problem]
    changes: Changes | None = None
    is_new: bool = False
    practising: int = 0
    rests_on: str = ""
    versions: Versions = Versions()


@dataclass(frozen=True, slots=True)
class Live:
    """A set that runs from now on, as its `version` here."""

    question_set: QuestionSet
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A version taken back. `back_to`: the version that runs again, 0 for what the folders have.

    None: there is no such set any more. With `problems` nothing was undone.
    """

    title: str
    back_to: int | None = None
    problems: Sequence[Problem] = ()


def receive(tx: Transaction, *, message_id: int, file_id: str, file_name: str) -> None:
    """Remember that a document is to be fetched and judged."""
    tx.keep()
    document = Upload(
        learner_id=tx.learner.learner_id,
        upload_no=tx.number(),
        message_id=message_id,
        file_id=file_id,
        file_name=file_name,
        sent_at=tx.now,
    )
    tx.write(uploads.wanted(document))


async def judge(tx: Transaction, library: Library, upload_no: int, raw: bytes) -> Proposal | None:
    """Judge a document that was fetched; None if it does not wait for that (any more)."""
    document = await _waiting(tx, upload_no)
    if document is None:
        return None
    proposal = await _compared(tx, library, document, raw)
    if proposal.question_set is None:
        tx.write(uploads.changed(document, replace(document, state=UploadState.REFUSED)))
        return proposal
    proposed = replace(
        document,
        state=UploadState.PROPOSED,
        text=raw.decode(),
        set_id=proposal.question_set.id,
    )
    tx.write(uploads.changed(document, proposed))
    return proposal


async def refuse(tx: Transaction, upload_no: int) -> Upload | None:
    """Give a document up that cannot be had; None if nobody waits for it (any more)."""
    document = await _waiting(tx, upload_no)
    if document is not None:
        tx.write(uploads.changed(document, replace(document, state=UploadState.REFUSED)))
    return document


async def put_live(
    tx: Transaction, library: Library, upload_no: int, rests_on: str
) -> Live | Proposal | None:
    """Put a proposed set live.

    A `Proposal` instead: something else runs by now than what the summary rested on, so this is how
    it stands now, and nothing was changed. None: it does not wait for this (any more).
    """
    document = await uploads.find(tx.database, tx.learner.learner_id, upload_no)
    if document is None or document.text is None:
        return None
    proposal = await _compared(tx, library, document, document.text.encode())
    if proposal.question_set is None or proposal.rests_on != rests_on:
        return proposal
    set_id, known = proposal.question_set.id, proposal.versions
    version = max(known.all, default=0) + 1
    live = replace(document, state=UploadState.LIVE, text=None, set_id=set_id, version_no=version)
    tx.write(
        uploads.changed(document, live),
        uploads.went_live(set_id, version, document.text, tx.now),
        *(uploads.still_stands(set_id, number) for number in known.standing[-1:]),
    )
    tx.published = set_id
    return Live(proposal.question_set, version)


async def drop(tx: Transaction, upload_no: int) -> bool:
    """Leave a proposed set alone; False: it was not waiting for that."""
    document = await uploads.find(tx.database, tx.learner.learner_id, upload_no)
    if document is None or document.state != UploadState.PROPOSED:
        return False
    dropped = replace(document, state=UploadState.REFUSED, text=None)
    tx.write(uploads.changed(document, dropped))
    return True


async def undo(tx: Transaction, library: Library, set_id: str, version: int) -> Undone | None:
    """Take the running version of a set back; None: another one runs, or none that was sent."""
    standing = (await _versions(tx.database, set_id)).standing
    if not standing or standing[-1] != version:
        return None
    successor = library.beneath.get(set_id)
    if standing[:-1]:
        successor = await _read(tx.database, set_id, standing[-2])
    bank = library.sets.get(set_id)
    title = bank.title if bank else set_id
    if successor is not None:
        successor = fitted(successor, library)
        if successor.question_set is None:
            return Undone(title=title, problems=successor.problems)
    tx.write(uploads.undone(set_id, version, tx.now))
    tx.published = set_id
    back_to = standing[-2] if standing[:-1] else 0
    return Undone(title=title, back_to=back_to if successor else None)


async def running(database: Database) -> list[Reading]:
    """The sets that were sent and run, as they read today; one may have become unreadable."""
    return [stored(row["text"], row["set_id"]) for row in await uploads.running(database)]


async def versions(database: Database) -> dict[str, int]:
    """Which version runs of each set that was sent."""
    return {row["set_id"]: row["version_no"] for row in await uploads.running(database)}


async def _waiting(tx: Transaction, upload_no: int) -> Upload | None:
    document = await uploads.find(tx.database, tx.learner.learner_id, upload_no)
    return document if document and document.state == UploadState.WANTED else None


async def _compared(tx: Transaction, library: Library, document: Upload, raw: bytes) -> Proposal:
    """The document against what runs now; parsing takes up to a tenth of a second."""
    reading = await asyncio.to_thread(judged, raw, document.file_name, library)
    if reading.question_set is None:
        return Proposal(upload=document, question_set=None, problems=reading.problems)
    set_id = reading.question_set.id
    known = await _versions(tx.database, set_id)
    current = await _current(tx.database, library, set_id, known)
    return Proposal(
        upload=document,
        question_set=reading.question_set,
        problems=reading.problems,
        changes=changes(reading.question_set, current),
        is_new=current is None,
        practising=await uploads.practising(tx.database, set_id),
        rests_on=digest(current),
        versions=known,
    )


async def _current(
    database: Database, library: Library, set_id: str, known: Versions
) -> QuestionSet | None:
    """The set that runs, by what is on disk: another owner's tap may be only just behind us."""
    if known.standing:
        return (await _read(database, set_id, known.standing[-1])).question_set
    if set_id in library.beneath:
        beneath = library.beneath[set_id]
        return beneath.question_set if beneath else None
    return library.sets.get(set_id)


async def _versions(database: Database, set_id: str) -> Versions:
    rows = await uploads.versions(database, set_id)
    return Versions(
        all=tuple(row["version_no"] for row in rows),
        standing=tuple(row["version_no"] for row in rows if row["undone_at"] is None),
    )


async def _read(database: Database, set_id: str, version: int) -> Reading:
    text = await uploads.text_of(database, set_id, version)
    return await asyncio.to_thread(stored, text, set_id)
