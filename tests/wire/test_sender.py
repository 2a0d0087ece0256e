import asyncio
import io
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from telegram.error import InvalidToken

from bot.clock import Clock
from bot.store import drills, outbox
from bot.store.tables import Priority, Role, SendState
from bot.store.tables import drill as drill_table
from bot.wire.limits import Limits
from bot.wire.sender import Sender
from tests.store import cabinet
from tests.wire.outpost import ANN, CARL, Outpost, Timer, until

FIVE_MINUTES, HOUR_SECONDS = 300.0, 3600.0
WAITS = [1, 2, 5, 15, 60]

LOST_ANSWERS: dict[str, dict[str, Any]] = {
    "reset after delivery": {"reset": True, "after_delivery": True},
    "read timeout after delivery": {"delay": 0.5, "after_delivery": True},
    "502 page after delivery": {"status": 502, "body": "html", "after_delivery": True},
    "truncated answer": {"truncate": True},
    "500 after delivery": {"status": 500, "after_delivery": True},
    "not JSON": {"status": 200, "body": "<html>", "after_delivery": True},
}
"""The message arrived, and the bot cannot know it."""

NEVER_ARRIVED: dict[str, dict[str, Any]] = {
    "reset before": {"reset": True},
    "504 page": {"status": 504, "body": "html"},
    "502 page": {"status": 502, "body": "html"},
}
"""The message did not arrive, and the bot cannot know that either."""


async def sent(sender: Sender, *people: int) -> None:
    """Offer these learners' messages and wait until nothing more goes."""
    for person in people or (ANN,):
        sender.offer(person)
    await sender.idle()


async def state(here: Outpost, number: int, learner_id: int = ANN) -> SendState:
    """Where a message stands."""
    return SendState((await here.row(number, learner_id))["state"])


async def test_messages_arrive_in_their_order_and_are_forgotten(here: Outpost) -> None:
    """A learner's replies arrive in order, keep Telegram's id, and what they said is not kept."""
    for text in ("one", "two", "three"):
        await here.post(text)
    await sent(here.sender())
    assert here.texts() == ["one", "two", "three"]
    row = await here.row(2)
    assert (row["state"], row["payload"]) == (SendState.SENT, "{}")
    assert row["message_id"] == here.sandbox.world.messages(ANN)[1]["message_id"]


@pytest.mark.parametrize("fault", LOST_ANSWERS.values(), ids=LOST_ANSWERS)
async def test_a_drill_whose_answer_was_lost_is_never_sent_again(
    here: Outpost, fault: dict[str, Any]
) -> None:
    """It arrived once; the bot calls the outcome unknown, and no look ever sends it a second time."""
    here.transport._timeouts = here.transport._timeouts._replace(read=0.2)
    here.fault("sendMessage", **fault)
    number = await here.drill("Why are you leaving?")
    sender = here.sender()
    await sent(sender)
    here.later(HOUR_SECONDS)
    await sender.look()
    await sent(sender)
    await here.sender().recover()
    await sent(here.sender())
    assert here.texts() == ["Why are you leaving?"]
    assert await state(here, number) is SendState.UNKNOWN


@pytest.mark.parametrize("fault", NEVER_ARRIVED.values(), ids=NEVER_ARRIVED)
async def test_a_drill_that_may_have_arrived_is_not_sent_again(
    here: Outpost, fault: dict[str, Any]
) -> None:
    """Where nothing tells whether it arrived, one attempt is all a drill gets."""
    here.fault("sendMessage", **fault)
    number = await here.drill("Why are you leaving?")
    sender = here.sender()
    await sent(sender)
    here.later(60)
    await sent(sender)
    assert here.texts() == []
    assert await state(here, number) is SendState.UNKNOWN


@pytest.mark.parametrize(
    "fault", (LOST_ANSWERS | NEVER_ARRIVED).values(), ids=LOST_ANSWERS | NEVER_ARRIVED
)
async def test_a_reply_with_an_unknown_outcome_is_sent_again(
    here: Outpost, fault: dict[str, Any]
) -> None:
    """A reply arrives at least once, and those after it come after it."""
    here.transport._timeouts = here.transport._timeouts._replace(read=0.2)
    here.fault("sendMessage", **fault)
    first = await here.post("Saved.")
    second = await here.post("What now?")
    sender = here.sender()
    await sent(sender)
    assert await state(here, first) is SendState.READY
    assert "What now?" not in here.texts()
    here.later(2)
    await sent(sender)
    arrived = here.texts()
    assert arrived in (["Saved.", "What now?"], ["Saved.", "Saved.", "What now?"])
    assert [await state(here, n) for n in (first, second)] == [SendState.SENT] * 2


async def test_a_drill_that_surely_was_not_sent_is_tried_again(here: Outpost) -> None:
    """When Telegram could not even be reached, the drill goes out at the next try."""
    url = here.sandbox.url
    await here.sandbox.stop()
    number = await here.drill("Why are you leaving?")
    sender = here.sender()
    await sent(sender)
    assert await state(here, number) is SendState.READY
    await here.sandbox.start()
    assert here.sandbox.url == url
    here.later(2)
    await sent(sender)
    assert here.texts() == ["Why are you leaving?"]


async def test_429_holds_this_chat_for_what_it_names_and_no_other(here: Outpost) -> None:
    """Ann's messages wait the seven seconds Telegram asks for, in order; Carl's go at once."""
    busy = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 7}}
    here.fault("sendMessage", status=429, body=busy)
    for text in ("one", "two"):
        await here.post(text)
    await here.post("hello", CARL)
    sender = here.sender()
    await sent(sender, ANN)
    await sent(sender, CARL)
    assert (here.texts(ANN), here.texts(CARL)) == ([], ["hello"])
    here.later(6.9)
    await sent(sender, ANN)
    assert here.texts(ANN) == []
    assert 0 < await sender.look() <= 0.2
    here.later(0.2)
    await sender.look()
    await sender.idle()
    assert here.texts(ANN) == ["one", "two"]


async def test_a_message_put_off_is_remembered_without_another_look(here: Outpost) -> None:
    """`run` learns of a wait that began after its last look, and does not sleep past its end."""
    here.fault("sendMessage", status=429)
    await here.post("Saved.")
    sender = here.sender()
    running = asyncio.create_task(sender.run())

    async def put_off() -> bool:
        return bool((await here.row(1))["not_before"])

    await until(put_off)
    here.later(1.1)
    await until(here.texts, seconds=5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_429_on_a_drill_only_delays_it(here: Outpost) -> None:
    """Telegram did not take it, so it goes out when it may, once."""
    here.fault("sendMessage", status=429)
    number = await here.drill("Why are you leaving?")
    sender = here.sender()
    await sent(sender)
    assert await state(here, number) is SendState.READY
    here.later(1.1)
    await sent(sender)
    assert here.texts() == ["Why are you leaving?"]


async def test_a_chat_held_by_a_reply_is_held_for_the_drill_too(here: Outpost) -> None:
    """A reply that overtook a drill and got 429 does not let the drill into the held chat."""
    here.fault("sendMessage", status=429)
    await here.drill("Why are you leaving?")
    await here.post("Saved.")
    sender = here.sender()
    await sent(sender)
    await sender.look()
    await sender.idle()
    assert len(here.calls("sendMessage")) == 1
    here.later(1.1)
    await sent(sender)
    assert here.texts() == ["Saved.", "Why are you leaving?"]


async def test_order_is_kept_across_retries(here: Outpost) -> None:
    """Five failures in a row delay what follows; nothing overtakes and nothing is doubled."""
    here.fault("sendMessage", status=503, body="html", times=5)
    for number in range(6):
        await here.post(str(number))
    sender = here.sender()
    for _ in range(12):
        await sent(sender)
        here.later(60)
    assert here.texts() == list("012345")


async def test_a_run_of_replies_is_not_longer_than_what_a_crash_may_repeat(here: Outpost) -> None:
    """After five replies the disk knows what arrived, even while more are on their way."""
    for number in range(6):
        await here.post(str(number))
    here.fault("sendMessage", status=200, times=5, body={"ok": True, "result": True})
    here.fault("sendMessage", delay=30.0)
    sender = here.sender()
    sender.offer(ANN)
    await until(lambda: not here.sandbox.faults.pending)
    assert [await state(here, n) for n in (5, 6)] == [SendState.SENT, SendState.READY]
    await sender.close(patience_seconds=0)


async def test_two_drills_of_a_learner_go_in_their_order(here: Outpost) -> None:
    """The elder first, each once; and when all is sent nobody is called to look again."""
    for number in (1, 2):
        await here.drill(f"Question {number}?", drill_no=number)
    sender = here.sender()
    await sent(sender)
    assert here.texts() == ["Question 1?", "Question 2?"]
    assert not sender._bell.rung


async def test_with_nothing_to_retry_the_next_look_is_in_half_a_minute(here: Outpost) -> None:
    """Or when the first message that waits may be tried again, if that is sooner."""
    sender = here.sender()
    assert await sender.look() == 30
    await here.post("later", not_before=here.clock.now() + 4000)
    assert await sender.look() == pytest.approx(4.001)
    here.later(-60)
    assert await sender.look() == 30


async def test_blocked_learners_get_nothing_more(here: Outpost) -> None:
    """Forbidden: the learner is gone, all that waits is given up after one try, others go on."""
    here.sandbox.world.block(ANN)
    for text in ("one", "two", "three"):
        await here.post(text)
    await here.post("hello", CARL)
    sender = here.sender()
    await sent(sender, ANN, CARL)
    assert (here.gone, len(here.calls("sendMessage"))) == ([ANN], 2)
    assert [await state(here, n) for n in (1, 2, 3)] == [SendState.FAILED] * 3
    assert here.texts(CARL) == ["hello"]


async def test_a_drill_for_somebody_who_blocked_the_bot_is_given_up(here: Outpost) -> None:
    """A surprise that finds the door shut is tried once and not kept."""
    here.sandbox.world.block(ANN)
    number = await here.drill("Why are you leaving?")
    await sent(here.sender())
    assert (here.gone, await state(here, number)) == ([ANN], SendState.FAILED)


async def test_a_group_that_threw_the_bot_out_says_nothing_about_the_learner(
    here: Outpost,
) -> None:
    """Forbidden in another chat than the learner's own fails this message only."""
    group = here.sandbox.world.add_to_group(ANN)
    here.sandbox.world.chats[group].is_open = False
    await here.post("For private chats only.", parameters={"chat_id": group})
    await here.post("Saved.")
    await sent(here.sender())
    assert (here.gone, here.texts()) == ([], ["Saved."])


async def test_a_refused_message_fails_and_the_next_goes_on(
    here: Outpost, logged: io.StringIO
) -> None:
    """A request Telegram will never take is given up at once, and named without what it quotes."""
    told = f'Bad Request: no "CANARY" here, {"x" * 300}'
    refusal = {"ok": False, "error_code": 400, "description": told}
    here.fault("sendMessage", status=400, body=refusal)
    first = await here.post("one")
    await here.post("two")
    await sent(here.sender())
    assert await state(here, first) is SendState.FAILED
    assert len((await here.row(first))["error"]) == 200
    assert here.texts() == ["two"]
    assert "Telegram refused a message" in logged.getvalue()
    assert "canary" not in logged.getvalue().lower()


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message is not modified: specified new message content is the same",
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ],
)
async def test_refusals_without_harm_count_as_sent(
    here: Outpost, logged: io.StringIO, description: str
) -> None:
    """An edit that changes nothing and a press nobody waits for are fine as they are."""
    refusal = {"ok": False, "error_code": 400, "description": description}
    here.fault("editMessageText", status=400, body=refusal)
    number = await here.post("same", method="editMessageText", parameters={"message_id": 7})
    await sent(here.sender())
    assert await state(here, number) is SendState.SENT
    assert "error" not in logged.getvalue()


async def test_a_wrong_effect_does_not_cost_the_message(here: Outpost) -> None:
    """A message whose effect is refused arrives without it, after two tries."""
    await here.post("A badge!", parameters={"message_effect_id": "12345"})
    await sent(here.sender())
    assert here.texts() == ["A badge!"]
    assert len(here.calls("sendMessage")) == 2


async def test_whoever_accepts_no_voice_messages_gets_the_words(here: Outpost) -> None:
    """A recording that Telegram refuses is replaced by the message that was given for that case."""
    words = {"chat_id": ANN, "text": "This is you, yesterday."}
    recording = {"voice": "f7", "caption": "This is you, yesterday.", "instead": words}
    refusal = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: VOICE_MESSAGES_FORBIDDEN",
    }
    here.fault("sendVoice", status=400, body=refusal)
    number = await here.post("", method="sendVoice", parameters=recording)
    await sent(here.sender())
    assert here.texts() == ["This is you, yesterday."]
    assert await state(here, number) is SendState.SENT
    assert [call.keys() & {"instead"} for call in here.calls("sendVoice")] == [set()]


async def test_words_that_are_refused_as_well_are_over(here: Outpost) -> None:
    """What goes out instead is tried once; its own refusal ends the message."""
    words = {"chat_id": ANN, "text": ""}
    number = await here.post("", method="sendVoice", parameters={"voice": "none", "instead": words})
    await sent(here.sender())
    assert await state(here, number) is SendState.FAILED
    assert (len(here.calls("sendVoice")), len(here.calls("sendMessage"))) == (1, 1)


@pytest.mark.parametrize("priority", list(Priority))
async def test_markup_that_cannot_be_parsed_arrives_as_plain_text(
    here: Outpost, logged: io.StringIO, priority: Priority
) -> None:
    """Broken HTML is a mistake of ours: it is logged as an error and costs the look, not the text."""
    html = {"parse_mode": "HTML"}
    number = await here.post("<b>Saved</i> &lt;3", parameters=html, priority=priority)
    await sent(here.sender())
    assert here.texts() == ["Saved <3"]
    assert await state(here, number) is SendState.SENT
    assert '"level": "error"' in logged.getvalue()


async def test_an_attachment_goes_away_once_it_was_sent_and_not_before(here: Outpost) -> None:
    """After a failure the file is still there for the next try; after delivery it is deleted."""
    export = here.folder / "export.zip"
    export.write_bytes(b"everything")
    parameters = {"caption": "Yours", "file_name": "sprung.zip"}
    number = await here.post(
        "", method="sendDocument", attachment=str(export), parameters=parameters
    )
    here.fault("sendDocument", status=502, body="html")
    sender = here.sender()
    await sent(sender)
    assert export.exists()
    here.later(2)
    await sent(sender)
    assert not export.exists()
    assert await state(here, number) is SendState.SENT


async def test_an_attachment_that_is_gone_fails_alone(here: Outpost) -> None:
    """A missing file fails its message; what comes after it is sent."""
    number = await here.post("", method="sendDocument", attachment=str(here.folder / "gone.zip"))
    await here.post("What now?")
    await sent(here.sender())
    assert await state(here, number) is SendState.FAILED
    assert here.texts() == ["What now?"]


async def test_what_was_being_sent_when_the_program_died_is_unknown(here: Outpost) -> None:
    """At start a drill in the state SENDING becomes UNKNOWN and is not sent; later replies are."""
    number = await here.drill("Why are you leaving?")
    message = (await outbox.run_of(here.database, ANN, here.clock.now(), 1))[0]
    await here.database.commit([outbox.sending(message)])
    await here.post("Saved.")
    sender = here.sender()
    await sender.recover()
    await sent(sender)
    assert await state(here, number) is SendState.UNKNOWN
    assert here.texts() == ["Saved."]


async def test_a_drill_is_on_disk_as_being_sent_before_it_is_sent(here: Outpost) -> None:
    """While Telegram has not answered, the disk says SENDING: a crash there cannot send it twice."""
    number = await here.drill("Why are you leaving?")
    here.fault("sendMessage", delay=30.0, after_delivery=True)
    sender = here.sender()
    sender.offer(ANN)
    await until(here.texts)
    assert await state(here, number) is SendState.SENDING
    await sender.close(patience_seconds=0)
    assert await state(here, number) is SendState.SENDING


async def test_a_full_disk_between_sending_and_writing_repeats_nothing(here: Outpost) -> None:
    """What arrived is remembered until it can be written: no reply is doubled, no drill wedged."""
    reply = await here.post("Saved.")
    drill = await here.drill("Why are you leaving?")
    sender = here.sender()
    here.database.full_for = 3
    await sent(sender)
    assert here.database.refused == 3
    assert here.texts() == ["Saved.", "Why are you leaving?"]
    assert [await state(here, n) for n in (reply, drill)] == [SendState.SENT] * 2


@pytest.mark.parametrize("kind", ["full_for", "unreadable_for"])
async def test_a_disk_in_trouble_only_delays_a_learner(here: Outpost, kind: str) -> None:
    """Wherever in a lane the disk fails, the drill and the reply after it arrive once."""
    for trouble in range(1, 5):
        await here.drill(f"Question {trouble}?", drill_no=trouble)
        setattr(here.database, kind, trouble)
        sender = here.sender()
        with suppress(Exception):
            await sender.look()
        await sent(sender)
        await here.post(f"Saved {trouble}.")
        await sent(sender)
    expected = [text for n in range(1, 5) for text in (f"Question {n}?", f"Saved {n}.")]
    assert here.texts() == expected


async def test_a_revoked_token_ends_the_sender_and_loses_nothing(here: Outpost) -> None:
    """InvalidToken ends `run`; the drill and the reply are still there, to be sent with a new token."""
    here.fault("sendMessage", status=401, times=2)
    reply = await here.post("Saved.")
    drill = await here.drill("Why are you leaving?", CARL)
    sender = here.sender()
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(sender.run(), 60)
    await sender.close()
    assert await state(here, reply) is SendState.READY
    assert await state(here, drill, CARL) is SendState.READY
    here.sandbox.faults.clear()  # one of the two may have been stopped before it met its own
    await sent(here.sender(), ANN, CARL)
    assert (here.texts(ANN), here.texts(CARL)) == (["Saved."], ["Why are you leaving?"])


async def test_a_drill_withdrawn_while_it_waited_is_not_sent(here: Outpost) -> None:
    """A learner who leaves while the drill waits for its turn does not get it any more."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    for _ in range(5):
        await limits.drill()
    number = await here.drill("Why are you leaving?")
    sender = here.sender(limits)
    sender.offer(ANN)
    await until(lambda: timer.sleeping)
    await here.blocked(ANN)
    timer.forward(1.0)
    await sender.idle()
    assert here.texts() == []
    assert await state(here, number) is SendState.FAILED


async def test_a_drill_withdrawn_at_the_last_moment_is_not_sent(here: Outpost) -> None:
    """Even one moment before it would go out: it is not sent, and the lane goes on."""
    await here.drill("Why are you leaving?")
    here.database.just_before = partial(here.blocked, ANN)
    sender = here.sender()
    await sent(sender)
    await here.post("Welcome back.")
    await sent(sender)
    assert here.texts() == ["Welcome back."]
    assert here.health.troubles() == {}


async def test_a_reply_does_not_wait_for_the_drill_before_it(here: Outpost) -> None:
    """While a drill waits for its turn, a reply that comes later arrives; then the drill does."""
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    for _ in range(100):
        limits._drills.take(0.0)
    await here.drill("Why are you leaving?")
    sender = here.sender(limits)
    sender.offer(ANN)
    await until(lambda: timer.sleeping)
    await here.post("Here are your settings.")
    sender.offer(ANN)
    await until(here.texts)
    assert here.texts() == ["Here are your settings."]
    timer.forward(4.0)
    await sender.idle()
    assert here.texts() == ["Here are your settings.", "Why are you leaving?"]


async def test_a_chat_is_not_flooded(here: Outpost) -> None:
    """Of six replies to Ann four go at once and two a second apart; Carl's need not wait for them."""
    for number in range(6):
        await here.post(str(number))
    await here.post("hello", CARL)
    timer = Timer()
    sender = here.sender(Limits(timer.now, timer.sleep))
    await sender.look()
    await until(lambda: timer.sleeping and here.texts(CARL))
    assert here.texts() == list("0123")
    timer.forward(1.0)
    await until(lambda: timer.sleeping and len(here.texts()) == 5)
    timer.forward(1.0)
    await sender.idle()
    assert here.texts() == list("012345")


async def test_one_reply_among_many_drills_goes_out_first(here: Outpost) -> None:
    """With 500 drills waiting in the outbox at the start, the one reply is not behind them."""
    for number in range(500):
        await here.drill(f"Question {number}?", here.somebody())
    await here.post("Here are your settings.", CARL)
    timer = Timer()
    sender = here.sender(Limits(timer.now, timer.sleep))
    await sender.look()
    await until(lambda: timer.sleeping > 100 and here.texts(CARL))
    sent_before = [p["chat_id"] for p in here.calls("sendMessage")].index(CARL)
    assert sent_before <= 5
    await sender.close(patience_seconds=0)


async def test_more_than_a_page_is_served_without_a_pause(here: Outpost) -> None:
    """250 learners who all wait are all served by one `run`, not a page of them every half minute."""
    people = [here.somebody() for _ in range(250)]
    for person in people:
        await here.post("hello", person)
    sender = here.sender()
    running = asyncio.create_task(sender.run())
    await until(lambda: len(here.calls("sendMessage")) >= len(people))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await sender.idle()
    assert all(here.texts(person) == ["hello"] for person in people)


async def test_the_next_page_is_looked_for_when_half_of_one_is_served(here: Outpost) -> None:
    """Not at each of two hundred ends: a look reads the whole outbox."""
    for _ in range(250):
        await here.post("hello", here.somebody())
    sender = here.sender()
    await sender.look()
    await until(lambda: len(sender._lanes) < 200)
    assert (len(sender._lanes) > 100, sender._bell.rung) == (True, False)
    await until(lambda: len(sender._lanes) < 100)
    assert sender._bell.rung
    await sender.close()


async def test_a_look_that_fails_is_followed_by_another(here: Outpost) -> None:
    """While the outbox cannot be read, /healthz has the reason; then what waits goes out."""
    await here.post("Saved.")
    here.database.unreadable_for = 10**9
    sender = here.sender()
    running = asyncio.create_task(sender.run())
    await until(lambda: here.health.troubles() == {"sender": "disk I/O error"})
    here.database.unreadable_for = 0
    await until(lambda: here.texts() == ["Saved."])
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await sender.close()
    assert here.health.troubles() == {}


async def test_what_comes_while_a_lane_ends_is_not_forgotten(here: Outpost) -> None:
    """A message that is stored just after the lane saw that there was none goes out without a look."""
    sender = here.sender()

    async def one_more() -> None:
        await here.post("two")
        sender.offer(ANN)

    here.database.just_after = one_more
    await here.post("one")
    await sent(sender)
    assert here.texts() == ["one", "two"]


async def test_a_drill_that_could_not_be_sent_in_time_is_given_up(here: Outpost) -> None:
    """After five minutes without Telegram a surprise is dropped: quiet hours may have begun."""
    number = await here.drill("Why are you leaving?")
    here.later(0.001)
    await here.drill("Still in time?", CARL)
    here.later(FIVE_MINUTES)
    reply = await here.post("Saved.")
    await sent(here.sender(), ANN, CARL)
    assert (here.texts(), here.texts(CARL)) == (["Saved."], ["Still in time?"])
    assert [await state(here, n) for n in (number, reply)] == [SendState.FAILED, SendState.SENT]


@pytest.mark.parametrize(("speed", "seconds"), [(0.5, 600), (1, 300), (60, 300)])
async def test_late_is_five_minutes_of_the_slower_clock(
    here: Outpost, speed: float, seconds: float
) -> None:
    """In a rehearsal a surprise has five real minutes, and five by its own clock if that is slow."""
    here.clock = Clock(wall=here.wall, speed=speed)
    for person, wait in ((ANN, 0.1), (CARL, seconds)):
        await here.drill("Why are you leaving?", person)
        here.later(wait)
    await sent(here.sender(), ANN, CARL)
    assert (here.texts(ANN), here.texts(CARL)) == ([], ["Why are you leaving?"])


async def test_late_drills_wait_for_no_turn(here: Outpost) -> None:
    """Surprises left from an outage are given up at once, and take nobody's turn."""
    for number in range(10):
        await here.drill(f"Question {number}?", here.somebody())
    here.later(FIVE_MINUTES + 1)
    await here.drill("Why are you leaving?", CARL)
    timer = Timer()
    limits = Limits(timer.now, timer.sleep)
    for _ in range(4):
        await limits.drill()
    sender = here.sender(limits)
    await sender.look()
    await asyncio.wait_for(sender.idle(), 60)
    assert len(here.calls("sendMessage")) == 1
    assert here.texts(CARL) == ["Why are you leaving?"]


async def test_a_reply_is_given_up_after_a_day(here: Outpost) -> None:
    """What cannot be sent for a day fails, so that the outbox does not grow for ever."""
    number = await here.post("Saved.")
    here.fault("sendMessage", status=502, body="html", times=2)
    sender = here.sender()
    await sent(sender)
    here.later(24 * HOUR_SECONDS)
    await sent(sender)
    assert await state(here, number) is SendState.READY
    here.later(2)
    here.fault("sendMessage", status=502, body="html")
    await sent(sender)
    assert await state(here, number) is SendState.FAILED


async def test_the_card_of_a_drill_is_remembered(here: Outpost) -> None:
    """Telegram's ids of the card and of the rating card are kept with the drill, those of the rest not."""
    await here.database.commit([drills.asked(cabinet.drill(1))])
    await here.drill("Why are you leaving?")
    await here.post("How was your tone?", drill_no=1, role=Role.RATING)
    await sent(here.sender())
    await here.post("A hint.", drill_no=1)
    await sent(here.sender())
    row = await cabinet.only(here.database, drill_table, drill_no=1)
    shown = {m["text"]: m["message_id"] for m in here.sandbox.world.messages(ANN)}
    assert row["message_id"] == shown["Why are you leaving?"]
    assert row["rating_message_id"] == shown["How was your tone?"]


async def test_closing_lets_what_is_under_way_arrive(here: Outpost) -> None:
    """At a stop the message on its way is finished and written; what waits stays for the next start."""
    here.fault("sendMessage", delay=0.1, after_delivery=True)
    first = await here.drill("Why are you leaving?")
    sender = here.sender()
    sender.offer(ANN)
    await until(here.texts)
    second = await here.post("Saved.")
    await sender.close(patience_seconds=5)
    sender.offer(ANN)
    assert not sender._tasks
    assert [await state(here, n) for n in (first, second)] == [SendState.SENT, SendState.READY]
    assert here.texts() == ["Why are you leaving?"]


async def test_closing_begins_nothing_new(here: Outpost) -> None:
    """Of five replies that were read together, those not begun when the stop came are not begun."""
    here.fault("sendMessage", delay=0.1)
    for number in range(5):
        await here.post(str(number))
    sender = here.sender()
    sender.offer(ANN)
    await until(lambda: not here.sandbox.faults.pending)
    await sender.close(patience_seconds=5)
    assert here.texts() == ["0"]
    assert [await state(here, n) for n in (1, 2)] == [SendState.SENT, SendState.READY]


@pytest.mark.parametrize("patience", [0.0, 0.5])
async def test_closing_does_not_wait_for_a_disk_that_stays_full(
    here: Outpost, patience: float
) -> None:
    """A stop while a message is on its way and nothing can be written ends all the same."""
    here.fault("sendMessage", delay=0.1)
    await here.post("Saved.")
    sender = here.sender()
    sender.offer(ANN)
    await until(lambda: not here.sandbox.faults.pending)
    here.database.full_for = 10**9
    await asyncio.wait_for(sender.close(patience), 60)


async def test_a_stop_is_heard_even_at_the_moment_of_waking(here: Outpost) -> None:
    """Woken and cancelled in one breath, `run` ends: a stop is never taken for news."""
    sender = here.sender()
    running = asyncio.create_task(sender.run())
    for _ in range(100):
        await asyncio.sleep(0)
    sender._bell.ring()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, 60)


@pytest.mark.parametrize(
    ("priority", "then"),
    [(Priority.REPLY, SendState.READY), (Priority.DRILL, SendState.UNKNOWN)],
)
async def test_a_mistake_of_ours_does_not_stop_the_chat(
    here: Outpost, priority: Priority, then: SendState
) -> None:
    """A row that cannot even be read as a call is put off, or given up if it is a drill."""
    broken = outbox.Message(
        learner_id=ANN,
        message_no=1,
        method="sendMessage",
        payload="{broken",
        created_at=here.clock.now(),
        priority=priority,
    )
    await here.database.commit([outbox.posted(broken)])
    await here.post("hello", CARL)
    await sent(here.sender(), ANN, CARL)
    row = await here.row(1)
    assert row["state"] == then
    assert row["error"] == "JSONDecodeError"
    assert here.texts(CARL) == ["hello"]


async def test_the_waits_of_a_reply_grow(here: Outpost) -> None:
    """While Telegram is ill, a reply is tried after longer and longer waits."""
    here.fault("sendMessage", status=502, body="html", times=len(WAITS) + 1)
    await here.post("Saved.")
    sender = here.sender()
    waits = []
    for _ in range(len(WAITS) + 1):
        await sent(sender)
        waits.append(((await here.row(1))["not_before"] - here.clock.now()) / 1000)
        here.later(waits[-1])
    assert waits == [*WAITS, 60]


async def test_the_waits_of_a_drill_are_those_of_a_reply(here: Outpost) -> None:
    """While Telegram cannot be reached, a try counts once, though a drill is marked before it."""
    await here.sandbox.stop()
    await here.drill("Why are you leaving?")
    sender = here.sender()
    waits = []
    for _ in WAITS:
        await sent(sender)
        waits.append(((await here.row(1))["not_before"] - here.clock.now()) / 1000)
        here.later(waits[-1])
    await here.sandbox.start()
    assert waits == WAITS
