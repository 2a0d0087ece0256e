"""Handing own questions over: one link, one person, one copy, and nothing that binds the two."""

import asyncio

import pytest

from bot.practice import own, share
from bot.practice.own import MINE, Flaw
from bot.practice.share import Closed, Offer
from bot.store import archive, own_questions, shares
from bot.store.database import Conflict
from bot.store.transaction import Transaction
from tests.practice.desk import Desk
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, NOW

TOKEN = "a-token"
CARL = 1003
WORDS = ["Why did you leave so soon?", "What would your last boss say?"]


@pytest.fixture
async def ann(desk: Desk) -> Desk:
    """Ann, who has kept two questions, removed one, and drafted one."""
    async with desk.turn() as tx:
        tx.change(own_since=NOW, sequence=10)
    rows = [
        cabinet.own_question(1, ask=WORDS[0], slip="bitter"),
        cabinet.own_question(2, ask=WORDS[1]),
        cabinet.own_question(3, ask="A removed one, is it?", removed_at=NOW),
        cabinet.own_question(4, ask="A draft, is it?", kept_at=None),
    ]
    await desk.database.commit([own_questions.added(one) for one in rows])
    return desk


@pytest.fixture
async def ben(ann: Desk) -> Desk:
    """Ben, who has nothing of his own."""
    ben = Desk(ann.database, learner_id=BEN)
    await ben.enrol()
    return ben


async def made(desk: Desk, token: str = TOKEN, told_from: str | None = None) -> None:
    """A link of Ann's."""
    async with desk.turn() as tx:
        assert await share.make(tx, token, told_from)


async def accepted(desk: Desk, token: str = TOKEN) -> int | Closed | Flaw:
    """Somebody takes what a link brings."""
    async with desk.turn() as tx:
        return await share.accept(tx, token, f"secret of {desk.learner_id}")


async def test_a_copy_of_their_own(ann: Desk, ben: Desk) -> None:
    """Ben gets the kept questions with their slips, under ids and numbers of his own, live at once."""
    await made(ann)
    async with ben.turn() as tx:
        offer = await share.offered(tx, TOKEN)
    assert isinstance(offer, Offer)
    assert [one.ask for one in offer.questions] == WORDS
    assert await accepted(ben) == 2
    copies = await own_questions.of_learner(ann.database, BEN)
    assert [(one.ask, one.slip, one.is_live) for one in copies] == [
        (WORDS[0], "bitter", True),
        (WORDS[1], None, True),
    ]
    theirs = {one.question_id for one in await own_questions.of_learner(ann.database, ANN)}
    assert not theirs & {one.question_id for one in copies}
    async with ben.turn() as tx:
        assert len((await own.shelf(tx, ben.library, "x")).active(MINE)) == 2


async def test_nothing_tells_who_took_it(ann: Desk, ben: Desk) -> None:
    """The link knows that it was used and when; the copies do not know from where."""
    await made(ann, told_from="Ann of the front desk")
    await accepted(ben)
    assert str(BEN) not in repr(await shares.of_learner(ann.database, ANN))
    assert "Ann" not in repr(await archive.everything(ann.database, BEN))
    assert str(ANN) not in repr(await archive.everything(ann.database, BEN))


async def test_the_copy_outlives_its_source(ann: Desk, ben: Desk) -> None:
    """Changed, removed, or erased with all of Ann: what Ben took stays as he took it."""
    await made(ann)
    await accepted(ben)
    before = await own_questions.of_learner(ann.database, BEN)
    async with ann.turn() as tx:
        await own.reword(tx, 1, "Something else entirely?")
        await own.remove(tx, 2)
    await ann.database.commit(archive.erased(ANN))
    assert await own_questions.of_learner(ann.database, BEN) == before


async def test_what_is_removed_before_is_not_handed_out(ann: Desk, ben: Desk) -> None:
    """The copy is of the moment it is taken; with nothing left the link brings nothing."""
    await made(ann)
    async with ann.turn() as tx:
        await own.remove(tx, 1)
    async with ben.turn() as tx:
        offer = await share.offered(tx, TOKEN)
    assert isinstance(offer, Offer)
    assert [one.ask for one in offer.questions] == WORDS[1:]
    async with ann.turn() as tx:
        await own.remove(tx, 2)
    assert await accepted(ben) == Closed.EMPTY


async def test_why_it_opens_nothing(ann: Desk, ben: Desk) -> None:
    """Unknown, one's own, used, taken back, late, erased: each is told apart, and nothing is copied."""
    assert await accepted(ben) == Closed.UNKNOWN
    for token in ("used", "back", "late", "gone"):
        await made(ann, token)
    assert await accepted(ann, "used") == Closed.OWN
    carl = Desk(ann.database, learner_id=CARL)
    await carl.enrol()
    assert await accepted(carl, "used") == 2
    assert await accepted(ben, "used") == Closed.USED
    assert await accepted(carl, "used") == Closed.USED
    back = (await shares.of_learner(ann.database, ANN))[1]
    async with ann.turn() as tx:
        assert await share.revoke(tx, back.share_no)
    assert await accepted(ben, "back") == Closed.REVOKED
    ben.later(7 * DAY)
    assert await accepted(ben, "late") == Closed.LATE
    await ann.database.commit(archive.erased(ANN))
    assert await accepted(ben, "gone") == Closed.UNKNOWN
    assert await own_questions.of_learner(ann.database, BEN) == []


async def test_until_the_last_moment(ann: Desk, ben: Desk) -> None:
    """A week less a millisecond is in time."""
    await made(ann)
    ben.later(7 * DAY - 1)
    assert await accepted(ben) == 2


async def test_two_at_once(ann: Desk, ben: Desk) -> None:
    """Of two who take it in the same moment one gets the copy; the other, trying again, hears why."""
    await made(ann)
    carl = Desk(ann.database, learner_id=CARL)
    await carl.enrol()
    turns = [await Transaction.begin(ann.database, who, NOW) for who in (BEN, CARL)]
    for tx in turns:
        assert await share.accept(tx, TOKEN, "secret") == 2
    told = await asyncio.gather(*(tx.commit() for tx in turns), return_exceptions=True)
    assert [type(one) for one in told].count(Conflict) == 1
    loser = (ben, carl)[[type(one) for one in told].index(Conflict)]
    assert await own_questions.of_learner(ann.database, loser.learner_id) == []
    assert await accepted(loser) == Closed.USED


async def test_only_what_is_new(ann: Desk, ben: Desk) -> None:
    """What Ben has is not doubled; if he has it all, or no room, the link stays good for another."""
    await made(ann)
    async with ben.turn() as tx:
        draft = await own.draft(tx, WORDS[0].upper(), "secret")
    assert not isinstance(draft, Flaw)
    async with ben.turn() as tx:
        await own.keep(tx, draft.own_no)
    assert await accepted(ben) == 1
    await made(ann, "again")
    assert await accepted(ben, "again") == 0
    full = [cabinet.own_question(number, BEN) for number in range(500, 500 + own.MOST - 2)]
    await ann.database.commit([own_questions.added(one) for one in full])
    async with ann.turn() as tx:
        await own.reword(tx, 1, "Something new for Ben?")
    assert await accepted(ben, "again") == Flaw.FULL
    carl = Desk(ann.database, learner_id=CARL)
    await carl.enrol()
    assert await accepted(carl, "again") == 2


async def test_the_same_question_twice(ann: Desk, ben: Desk) -> None:
    """Two questions that were put alike come as one."""
    async with ann.turn() as tx:
        await own.reword(tx, 2, WORDS[0])
    await made(ann)
    assert await accepted(ben) == 1


async def test_five_are_open_at_most(ann: Desk) -> None:
    """The sixth link is refused until one is taken back or over; those of long ago are forgotten."""
    for number in range(share.MOST_OPEN):
        await made(ann, f"token {number}")
    async with ann.turn() as tx:
        assert await share.make(tx, "one more", None) is None
    first = (await shares.of_learner(ann.database, ANN))[0]
    async with ann.turn() as tx:
        await share.revoke(tx, first.share_no)
    await made(ann, "one more")
    ann.later(share.WEEK_MS + share.KEPT_MS)
    await made(ann, "later")
    assert len(await shares.of_learner(ann.database, ANN)) == share.MOST_OPEN + 2
    ann.later(1)
    await made(ann, "later still")
    assert len(await shares.of_learner(ann.database, ANN)) == 2


async def test_only_the_sharer_takes_it_back(ann: Desk, ben: Desk) -> None:
    """Ben, naming the link's number, changes nothing; a used link stays used."""
    await made(ann)
    [link] = await shares.of_learner(ann.database, ANN)
    async with ben.turn() as tx:
        assert await share.revoke(tx, link.share_no) is None
    await accepted(ben)
    async with ann.turn() as tx:
        before = await share.revoke(tx, link.share_no)
    assert before
    assert before.used_at is not None
    assert (await shares.of_learner(ann.database, ANN))[0].revoked_at is None
