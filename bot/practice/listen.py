"""Listening again: a take is played to its speaker a day later, and rated once more."""

from collections import Counter
from dataclasses import dataclass, replace

from bot.banks.library import Library
from bot.drill.badge import Remaining, remaining
from bot.drill.calibration import Calibration, Heard, calibrated
from bot.drill.dice import Dice
from bot.drill.listening import FRESH_MS, HOUR_MS, Candidate, choose, moment
from bot.drill.open_hours import OpenHours
from bot.drill.question import Question
from bot.drill.standing import Standing, listened
from bot.drill.surprise import LATE_MS
from bot.drill.tone import Tone
from bot.practice import Transaction, history, plan
from bot.store import coach_ratings, drills, errands, listens, ratings, standings, takes
from bot.store.drills import Drill
from bot.store.listens import ListenRow, Spoken
from bot.store.tables import FOREVER, ErrandKind, TakeKind
from bot.store.takes import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A take that is played again now; `question`: None when the bank no longer has it."""

    listen: ListenRow
    take: Take
    question: Question | None
    days_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondRating:
    """What a second rating changed. `then`: the first one, `tone`: the second.

    `celebrated`: an earlier rating of the same listen, taken back since, had brought the badge.
    `more`: there are other takes to listen to now.
    """

    listen: ListenRow
    drill: Drill
    take: Take
    question: Question | None
    then: Tone
    tone: Tone
    before: Standing
    after: Standing
    remaining: Remaining
    celebrated: bool
    more: bool

    @property
    def earned(self) -> bool:
        """Whether this listen brought the badge."""
        return self.before.badge_at is None and self.after.badge_at is not None


async def after_rating(tx: Transaction, take: Take, dice: Dice) -> None:
    """A take was rated: if it was spoken and no listen is planned, one is, for the next day."""
    planned = await errands.of_kind(tx.database, tx.learner.learner_id, ErrandKind.LISTEN)
    if take.kind != TakeKind.TEXT and not planned:
        _plan(tx, await plan.open_hours(tx), dice)


def _plan(tx: Transaction, hours: OpenHours, dice: Dice) -> None:
    """Leave a listen for a random moment in the open hours of the next day, after a pause if there is one."""
    learner = tx.learner
    if learner.paused_until == FOREVER:
        return  # the next answer plans again
    start = plan.moment_of(hours, hours.local_day(tx.now) + 1)
    start = max(start, learner.paused_until or start)
    at = moment(hours, start, dice, not_on=learner.interview_day)
    if at is not None:
        tx.errand(ErrandKind.LISTEN, at)


async def due(tx: Transaction, library: Library, due_at: int, dice: Dice) -> Offered | None:
    """The planned moment is here: a take to play, or None.

    It waits an hour while a question is open. It is drawn anew if it is late, outside open hours,
    during a pause, on the interview day, or if a take was played today already.
    """
    hours = await plan.open_hours(tx)
    past = await listens.of_learner(tx.database, tx.learner.learner_id)
    if not _may_come(tx, hours, due_at, past):
        _plan(tx, hours, dice)
        return None
    if tx.learner.open_drill is not None:
        tx.errand(ErrandKind.LISTEN, tx.now + HOUR_MS)
        return None
    found = await _candidates(tx, hours, past)
    chosen = choose(found, dice)
    if any(one.wanted and not one.offered and one != chosen for one in found):
        _plan(tx, hours, dice)
    return None if chosen is None else await _offer(tx, library, hours, chosen)


def _may_come(tx: Transaction, hours: OpenHours, due_at: int, past: list[ListenRow]) -> bool:
    learner, today = tx.learner, hours.local_day(tx.now)
    return (
        tx.now - due_at <= LATE_MS
        and tx.now >= (learner.paused_until or tx.now)
        and hours.is_open(tx.now)
        and today != learner.interview_day
        and all(hours.local_day(row.offered_at) < today for row in past)
    )


async def ask(tx: Transaction, library: Library, dice: Dice) -> Offered | None:
    """The learner wants to listen now; None: there is no take that is old enough and not heard yet.

    What was played today and waits for its rating is played once more.
    """
    hours = await plan.open_hours(tx)
    past = await listens.of_learner(tx.database, tx.learner.learner_id)
    found = await _candidates(tx, hours, past)
    today = hours.local_day(tx.now)
    rows = [row for row in past if row.is_open and hours.local_day(row.offered_at) == today]
    waiting = {row.take_no: row for row in rows}
    again = next((one for one in found if one.take_no in waiting), None)
    chosen = again or choose(found, dice, asked_for=True)
    if chosen is None:
        return None
    return await _offer(tx, library, hours, chosen, waiting.get(chosen.take_no))


async def can_be_asked(tx: Transaction) -> bool:
    """Whether there is a take to listen to now."""
    past = await listens.of_learner(tx.database, tx.learner.learner_id)
    return bool(await _unheard(tx, past))


async def _unheard(tx: Transaction, past: list[ListenRow]) -> list[Spoken]:
    """The takes that can be played and were not rated a second time."""
    heard = {row.take_no for row in past if row.counts}
    before = tx.now - FRESH_MS
    spoken = await listens.spoken(tx.database, tx.learner.learner_id, before)
    return [one for one in spoken if one.take_no not in heard]


async def _candidates(tx: Transaction, hours: OpenHours, past: list[ListenRow]) -> list[Candidate]:
    known = await standings.of_learner(tx.database, tx.learner.learner_id)
    offers = Counter(row.take_no for row in past)
    found = []
    for one in await _unheard(tx, past):
        standing = known.get(one.question_id, Standing())
        wanted = standing.wants_listen and one.rated_at > (standing.slipped_at or -1)
        found.append(
            Candidate(
                take_no=one.take_no,
                question_id=one.question_id,
                day=hours.local_day(one.taken_at),
                offered=offers[one.take_no],
                wanted=wanted,
                last=wanted and remaining(standing).only_listen,
            )
        )
    return found


async def _offer(
    tx: Transaction,
    library: Library,
    hours: OpenHours,
    chosen: Candidate,
    row: ListenRow | None = None,
) -> Offered | None:
    """Play this take; `row`: as it was offered before."""
    learner_id = tx.learner.learner_id
    take = await takes.find(tx.database, learner_id, chosen.take_no)
    if take is None:
        return None
    if row is None:
        row = ListenRow(
            learner_id=learner_id,
            listen_no=tx.number(),
            take_no=take.take_no,
            question_id=chosen.question_id,
            offered_at=tx.now,
        )
        tx.write(listens.offered(row))
    question = library.question(chosen.question_id)
    ago = hours.local_day(tx.now) - chosen.day
    return Offered(listen=row, take=take, question=question, days_ago=ago)


async def rate(
    tx: Transaction, library: Library, listen_no: int, tone: Tone
) -> SecondRating | None:
    """Rate a take that was played again; None: this listen is over, or its take or first rating is gone."""
    learner_id = tx.learner.learner_id
    row = await listens.find(tx.database, learner_id, listen_no)
    if row is None or not row.is_open:
        return None
    past = [one for one in await listens.of_learner(tx.database, learner_id) if one != row]
    same = [one for one in past if one.take_no == row.take_no]
    take = await take_of(tx, row)
    rows = await ratings.of_question(tx.database, learner_id, row.question_id)
    first = next((one for one in rows if one.take_no == row.take_no), None)
    if take is None or first is None or any(one.counts for one in same):
        return None
    drill = await drills.find(tx.database, learner_id, first.drill_no)
    if drill is None:
        return None
    before, prior = await standings.find(tx.database, learner_id, row.question_id)
    done = replace(row, tone=tone, rated_at=tx.now, rated_no=tx.number())
    after = listened(before, done.listen(first.rated_at))
    tx.write(listens.rated(done), standings.put(learner_id, row.question_id, after, prior))
    withdrawn = [listened(before, one.listen(first.rated_at)) for one in same if one.tone]
    more = any(one.take_no != row.take_no for one in await _unheard(tx, past))
    hours = await plan.open_hours(tx)
    return SecondRating(
        listen=done,
        drill=drill,
        take=take,
        question=library.question(row.question_id),
        then=Tone(first.tone),
        tone=tone,
        before=before,
        after=after,
        remaining=remaining(after, hours.local_day(tx.now)),
        celebrated=any(one.badge_at is not None for one in withdrawn),
        more=more,
    )


async def tone_of(tx: Transaction, listen_no: int) -> Tone | None:
    """How this listen was rated; None: not at all, or that was taken back."""
    row = await listens.find(tx.database, tx.learner.learner_id, listen_no)
    return Tone(row.tone) if row and row.counts and row.tone else None


async def take_of(tx: Transaction, row: ListenRow) -> Take | None:
    """The take that was played; None: it cannot be played any more."""
    take = await takes.find(tx.database, row.learner_id, row.take_no)
    return take if take and take.file_id and take.deleted_at is None else None


async def latest(tx: Transaction) -> ListenRow | None:
    """The second rating that was given last; `rated_no` is its place among ratings of either kind."""
    rows = await listens.of_learner(tx.database, tx.learner.learner_id)
    return max((row for row in rows if row.counts), key=lambda row: row.rated_no or 0, default=None)


async def is_last(tx: Transaction) -> bool:
    """Whether no answer was rated since the latest second rating."""
    heard = await latest(tx)
    rating = await ratings.latest(tx.database, tx.learner.learner_id)
    return heard is not None and (heard.rated_no or 0) > (rating.rating_no if rating else 0)


async def undo(tx: Transaction, listen_no: int | None = None) -> ListenRow | None:
    """Take the latest second rating back; returns the listen that waits in its place.

    `listen_no`: only if it is this one's. None: there is no such rating.
    """
    last = await latest(tx)
    if last is None or last.rated_no is None or listen_no not in (None, last.listen_no):
        return None
    before, prior = await history.without(tx, last.question_id, last.rated_no)
    again = replace(last, listen_no=tx.number(), tone=None, rated_at=None, rated_no=None)
    tx.write(
        listens.withdrawn(last, tx.now),
        listens.offered(again),
        standings.put(tx.learner.learner_id, last.question_id, before, prior),
    )
    return again


async def calibration(tx: Transaction) -> Calibration | None:
    """What ears make of the learner's takes: theirs at once and later, a coach's; None: too few to tell."""
    rows = await listens.pairs(tx.database, tx.learner.learner_id)
    coach = {number: Tone(tone) for number, tone in await coach_ratings.ratings_by_coach(tx)}
    return calibrated(
        Heard(Tone(row["then"]), Tone(row["later"]), coach.get(row["take_no"])) for row in rows
    )
