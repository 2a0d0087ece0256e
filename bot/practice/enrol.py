"""Coming in: invitation, set, clock, and the optional triage."""

from dataclasses import replace

from bot.banks.library import Library
from bot.drill.dice import Dice
from bot.drill.question import Question
from bot.drill.tone import Tone
from bot.practice import DeedKind, Transaction, digest, plan
from bot.practice.ask import all_standings, pool
from bot.store import invitations, standings

ALL_SETS = "*"
TRIAGE_QUESTIONS = 10
TRIAGE_WEIGHT = 0.2
"""How far the triage may move a start from 0.5 (measured best of .2 and .6 against none)."""

INVITATION_MS = 7 * 24 * 3600 * 1000


async def admit(tx: Transaction, token: str) -> bool:
    """Let a learner in by a single-use invitation; False: it is no longer good."""
    if tx.learner.admitted:
        return True
    if not await invitations.is_valid(tx.database, token, tx.now):
        return False
    tx.write(invitations.used(token, tx.now))
    tx.change(admitted=1)
    return True


def invite(tx: Transaction, token: str) -> None:
    """Make an invitation that one person may use within a week; `token` is a fresh secret."""
    tx.write(invitations.made(token, tx.now, expires_at=tx.now + INVITATION_MS))


async def choose_set(tx: Transaction, set_id: str, dice: Dice) -> None:
    """Practise this set from now on; progress in the others stays, and /undo brings the last one back."""
    before = tx.learner.active_set
    if tx.learner.enrolled_at is not None and before not in (None, set_id):
        tx.did(DeedKind.SET, before)
    await practise(tx, set_id, dice)


async def practise(tx: Transaction, set_id: str, dice: Dice) -> None:
    """Practise this set, as `choose_set`, with nothing to take back."""
    tx.change(active_set=set_id, triage_question=None, triaged=0, awaiting=None)
    await plan.replan(tx, dice)


def choose_level(tx: Transaction, level: int | None) -> None:
    """Be asked only what is asked at this seniority, 1 to 5; None: at any. What is open stays."""
    tx.change(level=level)


def knows_level(tx: Transaction, library: Library) -> bool:
    """Whether the active set has questions of the learner's level, or none was chosen."""
    return tx.learner.level is None or any(tx.learner.level in q.levels for q in pool(tx, library))


async def set_zone(tx: Transaction, zone: str, dice: Dice) -> bool:
    """Set the time zone; True when this completed the enrolment."""
    first = tx.learner.enrolled_at is None
    tx.change(zone=zone, awaiting=None)
    if first:
        tx.change(enrolled_at=tx.now)
    await plan.change_rhythm(tx, dice)
    await digest.replan(tx)
    return first


async def next_triage(tx: Transaction, library: Library) -> Question | None:
    """The next question to ask "how would you feel if asked now?"; None: done, or none is left."""
    if tx.learner.triaged >= TRIAGE_QUESTIONS:
        return None
    known = await all_standings(tx, library)
    current = tx.learner.triage_question
    for question in pool(tx, library):
        if question.id != current and question.id not in known:
            return question
    return None


async def triage(tx: Transaction, library: Library, number: int, feeling: Tone) -> Question | None:
    """Keep one triage answer, the `number`-th, and return the next question. A repeat changes nothing."""
    current = tx.learner.triage_question
    if current is None or number != tx.learner.triaged:
        return library.question(current) if current else None
    standing, _ = await standings.find(tx.database, tx.learner.learner_id, current)
    if standing.strength_at is None:
        prior = 0.5 + TRIAGE_WEIGHT * ((feeling - 1) / 4 - 0.5)
        start = replace(standing, strength=prior)
        tx.write(standings.put(tx.learner.learner_id, current, start, prior))
    tx.change(triaged=number + 1)
    return await begin_triage(tx, library)


async def begin_triage(tx: Transaction, library: Library) -> Question | None:
    """Move on to the next triage question; None: that was all."""
    question = await next_triage(tx, library)
    tx.change(triage_question=question.id if question else None)
    return question
