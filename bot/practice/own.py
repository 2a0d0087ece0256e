"""A learner's own questions: drafted, kept, changed, removed; and the shelf that they stand on."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum, auto

from bot.banks.characters import UNWANTED
from bot.banks.library import Library
from bot.banks.vocabulary import SLIPS
from bot.drill.question import FollowUps, Question, QuestionSet, ToneRisk
from bot.practice import DeedKind, OwnQuestion, Transaction
from bot.store import own_questions
from bot.store.database import Write

MINE = "~mine"
"""The id of everybody's own set; no bank file can have it."""

FROM_COACH = "from-coach"
"""The kind of a question that is the learner's own, but in the words of a coach."""

MOST = 200
"""Own questions of one learner, drafts included."""
SHORTEST, LONGEST = 10, 240
SECONDS = 60
LEVELS = (1, 2, 3, 4, 5)
REMOVED_KEPT = 300
"""Removed questions whose words are kept for the history; beyond that the oldest are let go."""
DRAFT_MS = 7 * 24 * 3600 * 1000


class Flaw(Enum):
    """Why some words cannot be an own question."""

    SHORT = auto()
    LONG = auto()
    LINES = auto()
    FULL = auto()


async def shelf(tx: Transaction, library: Library, title: str) -> Library:
    """The library as this learner sees it, with their own set; costs nothing for who has none."""
    if tx.learner.own_since is None:
        return library
    kept = [one for one in await mine(tx) if not one.is_draft]
    return _with(library, title, [_question(one) for one in kept])


def _with(library: Library, title: str, questions: Sequence[Question]) -> Library:
    return library.extended(
        QuestionSet(
            id=MINE,
            title=title,
            about="",
            locale="",
            licence="",
            version=1,
            questions=tuple(questions),
        )
    )


def _question(one: OwnQuestion) -> Question:
    return Question(
        id=one.question_id,
        set_id=MINE,
        ask=one.ask,
        rephrased=(),
        kind=FROM_COACH if one.other_id is not None else "",
        competency=(),
        why_asked="",
        tone_risk=ToneRisk(slip=one.slip or "", sounds_like=""),
        traps=(),
        shape=(),
        follow_ups=FollowUps(),
        good_signs=(),
        seconds=SECONDS,
        levels=LEVELS,
        scene=one.question_id,
        retired=one.removed_at is not None,
    )


def cleaned(text: str) -> str:
    """The words without spare spaces and invisible characters; line breaks stay."""
    lines = (" ".join(UNWANTED.sub(" ", line).split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def flaw(words: str) -> Flaw | None:
    """What keeps cleaned words from being a question; None: nothing."""
    if "\n" in words:
        return Flaw.LINES
    if len(words) < SHORTEST:
        return Flaw.SHORT
    return Flaw.LONG if len(words) > LONGEST else None


def same(one: str, other: str) -> bool:
    """Whether two questions differ in nothing but case, spaces and the marks around them."""
    return _plain(one) == _plain(other)


def _plain(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())


async def mine(tx: Transaction) -> list[OwnQuestion]:
    """Every own question in the order of adding: drafts, kept and removed ones."""
    if tx.learner.own_since is None:
        return []
    return await own_questions.of_learner(tx.database, tx.learner.learner_id)


async def find(tx: Transaction, own_no: int) -> OwnQuestion | None:
    """One own question of this learner, in whatever state."""
    return next((one for one in await mine(tx) if one.own_no == own_no), None)


async def draft(tx: Transaction, words: str, secret: str) -> OwnQuestion | Flaw:
    """Take cleaned words up as a draft; what is there already is returned as it is.

    `secret`: a fresh one, from which the question's id is made.
    """
    if (fault := flaw(words)) is not None:
        return fault
    rows = await mine(tx)
    shown = [one for one in rows if one.removed_at is None]
    known = next((one for one in shown if same(one.ask, words)), None)
    if known is not None:
        return known
    if len(shown) >= MOST:
        return Flaw.FULL
    tx.write(*_tidied(tx, rows))
    return _added(tx, words, secret, None, kept=False)


def _added(
    tx: Transaction, words: str, secret: str, slip: str | None, *, kept: bool
) -> OwnQuestion:
    own_no = tx.number()
    digest = hashlib.sha256(f"{secret} {own_no}".encode()).hexdigest()
    one = OwnQuestion(
        learner_id=tx.learner.learner_id,
        own_no=own_no,
        question_id=f"own-{digest[:24]}",
        ask=words,
        slip=slip,
        added_at=tx.now,
        kept_at=tx.now if kept else None,
    )
    tx.write(own_questions.added(one))
    if tx.learner.own_since is None:
        tx.change(own_since=tx.now)
    return one


def _tidied(tx: Transaction, rows: Iterable[OwnQuestion]) -> list[Write]:
    """Writes that let go of drafts nobody kept, and of the words of what was removed long ago."""
    removed = sorted(
        (one for one in rows if one.removed_at is not None), key=lambda one: one.removed_at or 0
    )
    over = removed[: max(0, len(removed) - REMOVED_KEPT)]
    stale = [one for one in rows if one.is_draft and one.added_at < tx.now - DRAFT_MS]
    return [own_questions.dropped(one) for one in (*over, *stale)]


async def keep(tx: Transaction, own_no: int) -> OwnQuestion | None:
    """Make a draft a question; None: there is no such draft any more. A repeat changes nothing."""
    one = await find(tx, own_no)
    if one is None or one.removed_at is not None:
        return None
    return _changed(tx, one, replace(one, kept_at=one.kept_at or tx.now))


async def throw_away(tx: Transaction, own_no: int) -> bool:
    """Forget a draft; False: there is no such draft."""
    one = await find(tx, own_no)
    if one is None or not one.is_draft:
        return False
    tx.write(own_questions.dropped(one))
    return True


async def reword(tx: Transaction, own_no: int, words: str) -> OwnQuestion | Flaw | None:
    """Change the words (cleaned ones); progress stays. None: there is no such question."""
    one = await find(tx, own_no)
    if one is None or one.removed_at is not None:
        return None
    return flaw(words) or _changed(tx, one, replace(one, ask=words))


async def tell_slip(tx: Transaction, own_no: int, slip: str) -> OwnQuestion | None:
    """Say which tone slips; "": none that one knows of. None: no such question, or no such slip."""
    one = await find(tx, own_no)
    if one is None or one.removed_at is not None or slip not in ("", *SLIPS):
        return None
    return _changed(tx, one, replace(one, slip=slip or None))


async def remove(tx: Transaction, own_no: int) -> OwnQuestion | None:
    """Ask it no more; what was answered stays. None: no such question. A repeat changes nothing."""
    one = await find(tx, own_no)
    if one is None or one.is_draft:
        return None
    if one.is_live:
        tx.did(DeedKind.REMOVE, str(own_no))
    return _changed(tx, one, replace(one, removed_at=one.removed_at or tx.now))


async def bring_back(tx: Transaction, own_no: int) -> OwnQuestion | Flaw | None:
    """Undo a removal. None: no such question."""
    rows = await mine(tx)
    one = next((row for row in rows if row.own_no == own_no and not row.is_draft), None)
    if one is None or one.is_live:
        return one
    if sum(row.removed_at is None for row in rows) >= MOST:
        return Flaw.FULL
    return _changed(tx, one, replace(one, removed_at=None))


def _changed(tx: Transaction, before: OwnQuestion, after: OwnQuestion) -> OwnQuestion:
    if after != before:
        tx.write(own_questions.changed(after))
    return after


async def adopt(
    tx: Transaction, library: Library, words: str, question_id: str, coach_id: int
) -> Library:
    """Keep a coach's words as a question of the learner's; returns the library with it.

    For somebody who has no room for another question it is the library as it was.
    """
    rows = await mine(tx)
    if sum(row.removed_at is None for row in rows) >= MOST:
        return library
    one = OwnQuestion(
        learner_id=tx.learner.learner_id,
        own_no=tx.number(),
        question_id=question_id,
        ask=words,
        added_at=tx.now,
        kept_at=tx.now,
        other_id=coach_id,
    )
    tx.write(own_questions.added(one))
    if tx.learner.own_since is None:
        tx.change(own_since=tx.now)
    known = library.sets.get(MINE)
    before = known.questions if known else ()
    return _with(library, known.title if known else "", [*before, _question(one)])


async def copy(tx: Transaction, theirs: Sequence[OwnQuestion], secret: str) -> int | Flaw:
    """Add copies of somebody else's questions; returns how many were new here."""
    rows = await mine(tx)
    shown = [one for one in rows if one.removed_at is None]
    known = {_plain(one.ask) for one in shown if not one.is_draft}
    new = [
        one
        for one in {_plain(one.ask): one for one in theirs}.values()
        if _plain(one.ask) not in known
    ]
    if len(shown) + len(new) > MOST:
        return Flaw.FULL
    tx.write(*_tidied(tx, rows))
    for one in new:
        _added(tx, one.ask, secret, one.slip, kept=True)
    return len(new)
