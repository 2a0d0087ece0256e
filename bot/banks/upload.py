"""A set that comes through the chat: judged as a file is, and compared with what runs now."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bot.banks.claims import Claims
from bot.banks.library import Library, errors
from bot.banks.reader import Reading, read_bytes
from bot.drill.question import Question, QuestionSet

DIGEST_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Changes:
    """What a set does to the one of its id that runs now: ids of questions, in the author's order.

    `retired` were asked until now; `removed` are gone without a trace in the set.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]
    removed: tuple[str, ...]


def stored(text: str, set_id: str) -> Reading:
    """A version that went live, read again."""
    return read_bytes(text.encode(), Path("(uploaded)", f"{set_id}.yaml"))


def judged(raw: bytes, name: str, running: Library) -> Reading:
    """A document by its content and file name; no set if anything is wrong, or its ids are taken."""
    reading = read_bytes(raw, Path(Path(name).name or "document.yaml"))
    return fitted(reading, running) if reading.question_set else reading


def fitted(reading: Reading, running: Library) -> Reading:
    """The reading among the other sets that run: without its set, if one of them has an id of it."""
    claims, own = Claims(), reading.question_set.id if reading.question_set else None
    for other in running.good.values():
        if other.question_set and other.question_set.id != own:
            claims.take(other)
    clashes = claims.take(reading)
    if not clashes:
        return reading
    return replace(reading, question_set=None, problems=(*clashes, *errors(reading.problems)))


def changes(new: QuestionSet, old: QuestionSet | None) -> Changes:
    """What becomes of each question."""
    before = {question.id: question for question in old.questions} if old else {}
    pairs = [(question, _before(question, before)) for question in new.questions]
    kept = {was.id for _, was in pairs if was}
    return Changes(
        new=tuple(one.id for one, was in pairs if not was and not one.retired),
        changed=tuple(one.id for one, was in pairs if was and _is_changed(one, was)),
        retired=tuple(one.id for one, was in pairs if was and one.retired and not was.retired),
        removed=tuple(one for one in before if one not in kept),
    )


def _before(question: Question, before: dict[str, Question]) -> Question | None:
    """What it was, under this id or a former one."""
    ids: Iterator[str] = iter((question.id, *question.renamed_from))
    return next((before[one] for one in ids if one in before), None)


def _is_changed(question: Question, was: Question) -> bool:
    """Whether it is asked, and in another way than before, or again."""
    return not question.retired and question != was


def digest(question_set: QuestionSet | None) -> str:
    """A few characters that stand for all that a set says, so that a summary can name what it rests on."""
    return hashlib.sha256(repr(question_set).encode()).hexdigest()[:DIGEST_CHARACTERS]
