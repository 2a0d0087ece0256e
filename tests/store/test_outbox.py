"""Messages: in order for each learner, replies before drills, and never a drill twice by mistake."""

from dataclasses import replace

import pytest

from bot.store import outbox
from bot.store.database import Conflict, Database
from bot.store.outbox import Message
from bot.store.tables import Priority, Role, SendState
from bot.store.tables import outbox as outbox_table
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, DAY, MINUTE, NOW, message

CARL = 1003


async def post(database: Database, *messages: Message) -> None:
    """Put messages into the outbox."""
    await database.commit([outbox.posted(one) for one in messages])


async def numbers(database: Database, learner_id: int = ANN, now: int = NOW) -> list[int]:
    """The numbers of the messages that may be sent to a learner now."""
    return [one.message_no for one in await outbox.run_of(database, learner_id, now, 20)]


async def state(database: Database, message_no: int = 1, learner_id: int = ANN) -> SendState:
    """Where a message stands."""
    where = {"learner_id": learner_id, "message_no": message_no}
    return SendState((await cabinet.only(database, outbox_table, **where))["state"])


async def test_round_trip(database: Database) -> None:
    """A message comes out as it was put in, its parameters as they were."""
    odd = message(
        7,
        payload='{"text":"Grüße 🙂","reply_markup":{"inline_keyboard":[]}}',
        priority=Priority.DRILL,
        drill_no=3,
        role=Role.CARD,
        attachment="/tmp/x.zip",
        not_before=5,
    )
    await post(database, odd)
    assert await outbox.run_of(database, ANN, NOW, 20) == [odd]
    assert odd.parameters()["text"] == "Grüße 🙂"


async def test_never_over_another(database: Database) -> None:
    """A message with a number that is taken is a lost race: it does not take the other's place."""
    await post(database, message(1, payload='{"text":"first"}'))
    with pytest.raises(Conflict):
        await post(database, message(1, payload='{"text":"second"}'))
    (kept,) = await outbox.run_of(database, ANN, NOW, 20)
    assert kept.parameters() == {"text": "first"}


async def test_in_order(database: Database) -> None:
    """A learner's messages go in the order in which they were made, last words of before included."""
    await post(database, message(2), message(-99), message(1), message(1, BEN))
    assert await numbers(database) == [-99, 1, 2]
    run = await outbox.run_of(database, ANN, NOW, 2)
    assert [one.message_no for one in run] == [-99, 1]
    await database.commit([outbox.sent(run[0], 900, NOW)])
    assert await numbers(database) == [1, 2]


async def test_elder_holds_younger(database: Database) -> None:
    """A message that must wait for its time holds all that come after it, and no other learner's."""
    elder, younger = message(1), message(2)
    await post(database, elder, younger, message(1, BEN))
    await database.commit([outbox.again(elder, NOW + MINUTE, "RetryAfter")])
    assert await outbox.learners_to_serve(database, NOW, 9) == [BEN]
    assert await numbers(database) == []
    assert await outbox.next_retry(database, NOW) == NOW + MINUTE
    assert await outbox.learners_to_serve(database, NOW + MINUTE, 9) == [ANN, BEN]
    assert await numbers(database, now=NOW + MINUTE) == [1, 2]
    assert await outbox.next_retry(database, NOW + MINUTE) is None


async def test_younger_that_waits(database: Database) -> None:
    """A message that must wait does not hold what was said before it."""
    await post(database, message(1), message(2, not_before=NOW + 1), message(3))
    assert await numbers(database) == [1]
    assert await outbox.learners_to_serve(database, NOW, 9) == [ANN]


async def test_being_sent_holds(database: Database) -> None:
    """While a drill is being sent nothing else goes to its learner."""
    first = message(1, priority=Priority.DRILL)
    await post(database, first, message(2))
    await database.commit([outbox.sending(first)])
    assert await numbers(database) == []
    assert await outbox.learners_to_serve(database, NOW, 9) == []
    assert await outbox.next_retry(database, NOW) is None


async def test_replies_before_drills(database: Database) -> None:
    """Learners with a reply are served before those with a drill, and among equals the longest waiting."""
    await post(
        database,
        message(1, ANN, priority=Priority.DRILL, created_at=NOW - 9),
        message(1, BEN, created_at=NOW - 1),
        message(1, CARL, created_at=NOW - 5),
        message(2, CARL, created_at=NOW - 7),
    )
    assert await outbox.learners_to_serve(database, NOW, 9) == [CARL, BEN, ANN]
    assert await outbox.learners_to_serve(database, NOW, 2) == [CARL, BEN]


async def test_one_attempt(database: Database) -> None:
    """A drill is put on disk as being sent once; who comes second does not send it."""
    drill = message(1, priority=Priority.DRILL)
    await post(database, drill)
    await database.commit([outbox.sending(drill)])
    with pytest.raises(Conflict):
        await database.commit([outbox.sending(drill)])
    assert await state(database) == SendState.SENDING


async def test_interrupted(database: Database) -> None:
    """After a crash what was being sent is unknown and is not sent again; what waited is."""
    drill = message(1, priority=Priority.DRILL, drill_no=1, role=Role.CARD)
    await post(database, drill, message(2), message(1, BEN))
    await database.commit([outbox.sending(drill)])
    await database.commit([outbox.interrupted()])
    assert await state(database) == SendState.UNKNOWN
    assert await numbers(database) == [2]
    assert await state(database, 1, BEN) == SendState.READY
    assert (
        "stopped"
        in (await cabinet.only(database, outbox_table, message_no=1, learner_id=ANN))["error"]
    )


async def test_delivered(database: Database) -> None:
    """A drill of unknown outcome counts as sent once somebody presses or answers it; only that one."""
    cards = [message(n, drill_no=n, role=Role.CARD) for n in (1, 2)]
    other = message(3, drill_no=1, role=Role.RATING)
    bens = message(1, BEN, drill_no=1, role=Role.CARD)
    await post(database, *cards, other, bens)
    everything = (*cards, other, bens)
    await database.commit([outbox.ended(one, SendState.UNKNOWN, "TimedOut") for one in everything])
    await database.commit([outbox.delivered(ANN, 1)])
    assert await state(database, 1) == SendState.SENT
    for number, person in ((2, ANN), (3, ANN), (1, BEN)):
        assert await state(database, number, person) == SendState.UNKNOWN


async def test_delivered_what_waits(database: Database) -> None:
    """A card that has not been tried yet is not taken for sent."""
    await post(database, message(1, drill_no=1, role=Role.CARD))
    await database.commit([outbox.delivered(ANN, 1)])
    assert await state(database) == SendState.READY


async def test_sent(database: Database) -> None:
    """Of a message that arrived Telegram's number is kept, and not what it said."""
    await post(database, message(1, payload='{"text":"your secret"}'))
    await database.commit([outbox.sent(message(1), 4711, NOW + 5)])
    row = await cabinet.only(database, outbox_table)
    assert (row["state"], row["message_id"], row["sent_at"]) == (SendState.SENT, 4711, NOW + 5)
    assert row["payload"] == "{}"
    await database.truncate_log()
    assert b"your secret" not in database.path.read_bytes() + cabinet.log_of(database)


@pytest.mark.parametrize("end", [SendState.SENT, SendState.FAILED, SendState.UNKNOWN])
async def test_settled(database: Database, end: SendState) -> None:
    """What became of a message once stands: a late answer of another attempt changes nothing."""
    one = message(1)
    await post(database, one)
    if end is SendState.SENT:
        await database.commit([outbox.sent(one, 1, NOW)])
    else:
        await database.commit([outbox.ended(one, end, "why")])
    before = await cabinet.only(database, outbox_table)
    await database.commit(
        [
            outbox.again(one, NOW, ""),
            outbox.sent(one, 2, NOW),
            outbox.ended(one, SendState.FAILED, "x"),
            outbox.all_failed(ANN, "x"),
        ]
    )
    with pytest.raises(Conflict):
        await database.commit([outbox.sending(one)])
    assert await cabinet.only(database, outbox_table) == before


async def test_tries_are_counted(database: Database) -> None:
    """Each try that came to nothing is counted, so that the next wait can be longer."""
    await post(database, message(1))
    for number in range(3):
        (one,) = await outbox.run_of(database, ANN, NOW + number, 9)
        assert one.attempts == number
        await database.commit([outbox.again(one, NOW + number + 1, "NetworkError")])
    assert (await cabinet.only(database, outbox_table))["error"] == "NetworkError"


async def test_blocked(database: Database) -> None:
    """All that waits for somebody who blocked the bot is given up, and nobody else's."""
    sending = message(1, priority=Priority.DRILL)
    await post(database, sending, message(2), message(3), message(1, BEN))
    await database.commit([outbox.sending(sending)])
    await database.commit([outbox.all_failed(ANN, "blocked")])
    assert await state(database, 1) == SendState.SENDING
    assert [await state(database, n) for n in (2, 3)] == [SendState.FAILED] * 2
    assert await state(database, 1, BEN) == SendState.READY


async def test_purge(database: Database) -> None:
    """Whatever became of a message, it is forgotten after two days; what still waits is not."""
    made = [message(n) for n in range(1, 6)]
    await post(database, *made, message(6, created_at=NOW + 1))
    await database.commit(
        [
            outbox.sent(made[0], 1, NOW + MINUTE),
            outbox.ended(made[1], SendState.FAILED, "Forbidden"),
            outbox.ended(made[2], SendState.UNKNOWN, "TimedOut"),
            outbox.sending(made[3]),
            outbox.sent(replace(made[0], message_no=6), 2, NOW),
        ]
    )
    await database.commit([outbox.purged(NOW + 2 * DAY)])
    assert len(await cabinet.rows(database, outbox_table)) == 6
    await database.commit([outbox.purged(NOW + 2 * DAY + 1)])
    assert [row["message_no"] for row in await cabinet.rows(database, outbox_table)] == [4, 5, 6]


async def test_counts(database: Database) -> None:
    """The owner's counts are of messages by state, and of how long the oldest has waited."""
    assert set(dict(await outbox.counts(database)).values()) == {None}
    made = [message(n, created_at=NOW + n) for n in range(1, 7)]
    await post(database, *made)
    await database.commit(
        [
            outbox.sent(made[0], 1, NOW),
            outbox.ended(made[1], SendState.FAILED, ""),
            outbox.ended(made[2], SendState.UNKNOWN, ""),
            outbox.sending(made[3]),
        ]
    )
    assert dict(await outbox.counts(database)) == {
        "ready": 2,
        "sending": 1,
        "sent": 1,
        "failed": 1,
        "unknown": 1,
        "oldest": NOW + 5,
    }
