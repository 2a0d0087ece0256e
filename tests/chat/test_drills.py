"""A drill's card in each of its states: open, answered, rated, skipped, snoozed, expired."""

from itertools import pairwise

import pytest

from bot.banks.library import library_of
from bot.drill.tone import Mode
from bot.practice import DrillState
from bot.store.tables import FOREVER
from tests.chat.banks import bank, question, shelf
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Message, Street


async def ready(town: Street) -> None:
    """Enrolled, the first question answered and rated: the next one is a surprise."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.tap("Not now")


def is_loud(town: Street, card: Message) -> bool:
    """Whether the phone made a sound for this message."""
    return not town.shown(card["message_id"])["silent"]


def state(town: Street) -> int:
    """The state of the newest drill."""
    return int(town.row("drill")["state"])


async def test_a_surprise_is_one_loud_message(town: Street) -> None:
    """It comes by itself, in open hours, with the question, the seconds and three buttons, and rings."""
    await ready(town)
    card = await town.surprise()
    drill = town.row("drill")
    asked = town.app.library.questions[drill["question_id"]]
    assert asked.wordings()[drill["wording"]] in card["text"]
    assert f"About {asked.seconds} seconds" in card["text"]
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
    assert is_loud(town, card)
    assert drill["mode"] == Mode.SURPRISE


async def test_only_surprises_ring(town: Street) -> None:
    """Every reply, and a question that was asked for, comes without a sound."""
    await ready(town)
    await town.say("/drill")
    assert [m["text"] for m in town.messages() if not m.get("outgoing") and not m["silent"]] == []


async def test_nothing_else_comes_while_a_question_is_open(town: Street) -> None:
    """From the card until its time is over no other drill is sent, however long the day."""
    await ready(town)
    await town.surprise()
    drills = len(town.rows("drill"))
    await town.later(59 * MINUTE)
    assert len(town.rows("drill")) == drills
    assert town.row("learner")["next_drill_at"] is None


async def test_the_hint_is_the_outline_behind_a_spoiler(town: Street) -> None:
    """A tap adds the beats, hidden until tapped, and takes the button away."""
    card = await town.enrol()
    shown = await town.tap("Hint")
    asked = town.app.library.questions[town.row("drill")["question_id"]]
    [spoiler] = [e for e in shown["entities"] if e["type"] == "spoiler"]
    outline = shown["text"][spoiler["offset"] - 1 :][: spoiler["length"]]
    assert outline == " → ".join(asked.shape)
    assert "spoiler" not in [e["type"] for e in card["entities"]]
    assert town.labels(shown) == ["Swap", "Not now"]


async def test_a_swap_puts_another_question_in_its_place_once(town: Street) -> None:
    """The card shows another question and no further swap; pressed all the same, it says why not."""
    await town.enrol()
    await town.tap("Hint")
    message_id, data = town.button("Swap")
    before = town.row("drill")
    shown = await town.tap("Swap")
    after = town.row("drill")
    assert after["question_id"] != before["question_id"]
    assert after["drill_no"] == before["drill_no"]
    assert "took the other’s place" in shown["text"]
    assert town.labels(shown) == ["Hint", "Not now"]
    await town.later(MINUTE)
    await town.press(message_id, data)
    assert town.toasts()[-1] == "One swap a question, and this one is used."
    assert town.row("drill")["question_id"] == after["question_id"]


async def test_a_set_of_one_question_has_nothing_to_swap(corner: Street) -> None:
    """The tap is answered with why, and the question stays."""
    await corner.enrol(bank="Small set")
    await corner.tap("Swap")
    assert corner.toasts()[-1] == "There is no other question in this set."
    assert corner.row("drill")["swapped"] == 0


async def test_a_swapped_surprise_is_still_a_surprise(town: Street) -> None:
    """The other question is as unexpected as the first one, and counts so."""
    await ready(town)
    await town.surprise()
    await town.tap("Swap")
    await town.voice()
    await town.tap("5 Smooth")
    assert town.row("rating")["mode"] == Mode.SURPRISE


async def test_not_now_asks_when_and_leads_back(town: Street) -> None:
    """Four ways on: an hour, tonight, not at all, and back to the card as it was."""
    card = await town.enrol()
    shown = await town.tap("Not now")
    assert town.labels(shown) == ["In 1 hour", "Tonight", "Skip it", "Back"]
    assert shown["text"] == card["text"]
    assert town.labels(await town.tap("Back")) == ["Hint", "Swap", "Not now"]


async def test_in_an_hour_the_same_question_comes_back_and_rings(town: Street) -> None:
    """Put off for an hour, it comes to the minute, in other words, and makes a sound."""
    await town.enrol()
    first = town.row("drill")
    await town.tap("Not now")
    said = await town.tap("In 1 hour")
    assert said["text"] == "Put off. I’ll ask again at 13:00."
    assert "Ask me one now" in town.labels(said)
    assert state(town) == DrillState.SNOOZED
    await town.later(HOUR - MINUTE)
    assert len(town.rows("drill")) == 1
    await town.later(MINUTE)
    second = town.row("drill")
    assert second["question_id"] == first["question_id"]
    assert second["wording"] != first["wording"]
    assert is_loud(town, town.last())


async def test_asking_for_one_meanwhile_keeps_the_promise(town: Street) -> None:
    """Who puts a question off and asks for another gets both: the first one still comes to the minute."""
    await town.enrol()
    first = town.row("drill")
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.say("/drill")
    assert town.row("drill")["question_id"] != first["question_id"]
    await town.voice()
    await town.later(HOUR)
    assert town.row("drill")["question_id"] == first["question_id"]
    assert len(town.rows("drill")) == 3


async def test_a_promise_waits_for_the_open_question(town: Street) -> None:
    """A question put off does not come on top of one that is open, but when its time is over."""
    await town.enrol()
    first = town.row("drill")
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.later(30 * MINUTE)
    await town.say("/drill")
    await town.later(45 * MINUTE)
    assert len(town.rows("drill")) == 2
    await town.later(16 * MINUTE)
    assert [row["state"] for row in town.rows("drill")[1:]] == [DrillState.EXPIRED, DrillState.OPEN]
    assert town.row("drill")["question_id"] == first["question_id"]


async def test_a_promise_is_over_when_its_question_was_asked(corner: Street) -> None:
    """If the question put off is the one that is asked for, it does not come a second time."""
    await corner.enrol(bank="Small set")
    await corner.tap("Not now")
    await corner.tap("In 1 hour")
    await corner.say("/drill")
    assert corner.row("learner")["snoozed_drill"] is None
    assert corner.row("learner")["next_drill_at"] is None


async def test_tonight_is_an_hour_before_the_day_closes(town: Street) -> None:
    """Hours until 20:00 bring the question back at 19:00."""
    await town.enrol()
    await town.tap("Not now")
    said = await town.tap("Tonight")
    assert said["text"] == "Put off. I’ll ask again at 19:00."
    await town.later(7 * HOUR)
    assert len(town.rows("drill")) == 2


async def test_what_would_fall_into_the_night_comes_in_open_hours(town: Street) -> None:
    """At half past seven in the evening, "in an hour" would be closed: no promise is made."""
    await town.later(7 * HOUR + 30 * MINUTE)
    await town.enrol()
    await town.tap("Not now")
    said = await town.tap("In 1 hour")
    assert said["text"] == "Put off. I’ll ask again at a moment in your open hours."
    assert town.row("learner")["next_drill_at"] > town.app.clock.now() + 12 * HOUR


async def test_a_promise_is_kept_though_the_day_has_had_its_most(town: Street) -> None:
    """A question put off by an hour comes back even when that day's cap is reached."""
    await ready(town)
    await town.say("/settings")
    await town.tap("At most")
    await town.tap("2")
    for _ in range(20):
        await town.surprise()
        hour = town.app.clock.now() // HOUR % 24
        if town.row("learner")["sent_count"] == 2 and hour < 18:
            break
        await town.voice()
    count = len(town.rows("drill"))
    await town.tap("Not now")
    said = await town.tap("In 1 hour")
    assert "at a moment" not in said["text"]
    await town.later(HOUR)
    assert len(town.rows("drill")) == count + 1


async def test_a_promise_is_kept_while_surprises_are_paused(town: Street) -> None:
    """Whoever puts a question off during a pause asked for this one."""
    await town.enrol()
    await town.say("/pause")
    await town.tap("Until I resume")
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.later(HOUR)
    assert len(town.rows("drill")) == 2


async def test_what_was_put_off_is_no_surprise_any_more(town: Street) -> None:
    """A surprise that comes back at a named time counts as asked for."""
    await ready(town)
    await town.surprise()
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.later(HOUR)
    await town.voice()
    await town.tap("5 Smooth")
    assert town.row("rating")["mode"] == Mode.SELF


@pytest.mark.parametrize("way", ["In 1 hour", "Skip it"])
async def test_an_answer_to_a_card_put_off_is_late(town: Street, way: str) -> None:
    """A reply to a surprise that was put off or skipped is kept, but no answer to a surprise."""
    await ready(town)
    card = await town.surprise()
    await town.tap("Not now")
    await town.tap(way)
    await town.later(MINUTE)
    await town.voice(reply_to=card["message_id"])
    await town.tap("5 Smooth")
    assert town.row("rating")["mode"] == Mode.LATE


async def test_a_question_answered_meanwhile_does_not_come_back(town: Street) -> None:
    """Answered by a reply before the hour is over, the put-off question is not asked again then."""
    card = await town.enrol()
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.voice(reply_to=card["message_id"])
    assert town.row("learner")["snoozed_drill"] is None


async def test_skipping_closes_the_drill_for_good(town: Street) -> None:
    """The card says so, offers what next, and no rating or failure is counted."""
    await town.enrol()
    await town.tap("Not now")
    said = await town.tap("Skip it")
    assert said["text"].startswith("Skipped.")
    assert "Ask me one now" in town.labels(said)
    assert state(town) == DrillState.SKIPPED
    assert town.rows("rating") == []


async def test_a_question_expires_quietly_after_an_hour(town: Street) -> None:
    """At sixty minutes its card changes, loses its buttons, and no new message comes."""
    await ready(town)
    card = await town.surprise()
    await town.later(60 * MINUTE - 1)
    assert state(town) == DrillState.OPEN
    await town.later(1)
    shown = town.shown(card["message_id"])
    assert state(town) == DrillState.EXPIRED
    assert "no harm done" in shown["text"]
    assert town.labels(shown) == []
    assert town.last()["message_id"] == card["message_id"]


async def ignored(town: Street, times: int) -> None:
    """So many surprises in a row go by."""
    for _ in range(times):
        await town.surprise()
        await town.later(HOUR)


async def test_two_ignored_halve_the_pace_and_say_so(town: Street) -> None:
    """The second one in a row eases the pace to half, which is told once and shown in the settings."""
    await ready(town)
    await ignored(town, 1)
    assert town.row("learner")["eased"] == 0
    await ignored(town, 1)
    assert town.row("learner")["eased"] == 1
    assert "half as often" in town.last()["text"]
    assert "on, at half pace" in (await town.say("/settings"))["text"]


async def test_an_answer_brings_the_own_pace_back(town: Street) -> None:
    """One answer, even a late one, ends the half pace and the counting."""
    await ready(town)
    await ignored(town, 2)
    card = next(m for m in reversed(town.messages()) if "no harm" in m.get("text", ""))
    await town.voice(reply_to=card["message_id"])
    assert (town.row("learner")["eased"], town.row("learner")["ignored"]) == (0, 0)


async def test_three_ignored_pause_and_ask(town: Street) -> None:
    """After the third the bot stops by itself, asks whether to go on, and sends nothing more."""
    await ready(town)
    await ignored(town, 3)
    asked = town.last()
    assert "Shall I go on?" in asked["text"]
    assert town.labels(asked) == ["Resume", "Stay paused"]
    assert town.row("learner")["paused_until"] == FOREVER
    await town.later(5 * DAY)
    assert town.last()["message_id"] == asked["message_id"]


async def test_going_on_after_three_ignored(town: Street) -> None:
    """Resume plans the next surprise, at the learner's own pace again."""
    await ready(town)
    await ignored(town, 3)
    assert (await town.tap("Resume"))["text"] == "Surprises are on again."
    learner = town.row("learner")
    assert (learner["paused_until"], learner["eased"], learner["ignored"]) == (None, 0, 0)
    assert learner["next_drill_at"] is not None


@pytest.mark.parametrize("way", ["In 1 hour", "Skip it"])
async def test_a_tap_between_two_ignored_ones_counts(town: Street, way: str) -> None:
    """Whoever puts a question off or skips it was there: the next ignored one is the first again."""
    await ready(town)
    await ignored(town, 1)
    await town.surprise()
    await town.tap("Not now")
    await town.tap(way)
    assert town.row("learner")["ignored"] == 0


async def test_questions_asked_for_may_be_left_open(town: Street) -> None:
    """A question of one's own asking that expires is no ignored surprise."""
    await town.enrol()
    for _ in range(3):
        await town.later(HOUR + 1)
        await town.say("/drill")
    assert town.row("learner")["ignored"] == 0


async def test_asking_again_shows_the_open_question_once_more(town: Street) -> None:
    """/drill while one is open brings that card again, and takes the buttons off the old one."""
    card = await town.enrol()
    again = await town.say("/drill")
    assert town.messages()[-2]["text"] == "This one is still open:"
    assert again["text"] == card["text"]
    assert town.labels(again) == ["Hint", "Swap", "Not now"]
    assert town.labels(town.shown(card["message_id"])) == []
    await town.tap("Hint")
    assert town.row("drill")["hinted"] == 1


async def test_a_question_whose_time_is_over_gives_way_at_once(town: Street) -> None:
    """/drill after the hour, before the alarm rang, closes the old card and asks another."""
    card = await town.enrol()
    town._wall_to(town.app.clock.now() + HOUR + 1)
    await town.say("/drill")
    assert [row["state"] for row in town.rows("drill")] == [DrillState.EXPIRED, DrillState.OPEN]
    assert "no harm done" in town.shown(card["message_id"])["text"]


@pytest.mark.parametrize(
    "way",
    [
        ("voice",),
        ("voice", "4 Professional"),
        ("Not now", "Skip it"),
        ("Not now", "In 1 hour"),
        ("wait",),
    ],
)
async def test_a_closed_card_takes_no_more_taps(town: Street, way: tuple[str, ...]) -> None:
    """Answered, rated, skipped, put off or expired: its old buttons say that it is closed."""
    await town.enrol()
    old = [town.button(label) for label in ("Hint", "Swap", "Not now")]
    for step in way:
        if step == "voice":
            await town.voice()
        elif step == "wait":
            await town.later(HOUR)
        else:
            await town.tap(step)
    for message_id, data in old:
        before = town.row("drill"), town.shown(message_id)
        await town.press(message_id, data)
        assert town.toasts()[-1] == "That card is closed."
        assert (town.row("drill"), town.shown(message_id)) == before


async def test_the_same_words_never_come_twice_running(corner: Street) -> None:
    """The author's own words first; from then on any wording but the last."""
    await corner.enrol(bank="Small set")
    for _ in range(12):
        await corner.tap("Not now")
        await corner.tap("Skip it")
        await corner.tap("Ask me one now")
    wordings = [row["wording"] for row in corner.rows("drill")]
    assert wordings[0] == 0
    assert all(one != other for one, other in pairwise(wordings))
    assert set(wordings) == {0, 1, 2}


async def test_a_question_that_left_the_bank_while_open_gives_way(corner: Street) -> None:
    """/drill closes the lost question without blame and asks one that exists."""
    await corner.enrol(bank="Small set")
    corner.app._banks.library = shelf(question("another"))
    card = await corner.say("/drill")
    assert "another" in card["text"]
    assert [row["state"] for row in corner.rows("drill")] == [DrillState.SKIPPED, DrillState.OPEN]


async def test_a_lost_question_runs_out_without_blame(corner: Street) -> None:
    """When its time is over it is closed, nothing is counted as ignored, and the bot goes on."""
    await corner.enrol(bank="Small set")
    corner.app._banks.library = shelf(question("another"))
    await corner.later(HOUR + 1)
    assert corner.row("drill")["state"] == DrillState.SKIPPED
    assert corner.row("learner")["open_drill"] is None
    assert corner.row("learner")["next_drill_at"] is not None


async def test_an_empty_set_says_so_and_offers_others(corner: Street) -> None:
    """With every question retired there is nothing to ask, which is said with a way on."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    corner.app._banks.library = library_of([bank("small-set", question(retired=True))])
    said = await corner.say("/drill")
    assert said["text"].startswith("There are no questions in this set")
    assert corner.labels(said) == ["Question sets"]


async def test_a_renamed_question_keeps_its_card_and_its_progress(corner: Street) -> None:
    """A question renamed while open can still be answered, and its rating goes to the new name."""
    await corner.enrol(bank="Small set")
    corner.app._banks.library = shelf(question("new-name", renamed_from=("why-leaving",)))
    await corner.voice()
    await corner.tap("4 Professional")
    said = await corner.say("/progress")
    assert "2 of 6 · What happened with new-name?" in said["text"]


async def test_each_learner_has_an_open_question_of_their_own(town: Street) -> None:
    """What Carl answers closes his drill and leaves Ann's open."""
    await town.enrol(ANN)
    await town.enrol(CARL)
    await town.voice(CARL)
    assert town.row("drill", ANN)["state"] == DrillState.OPEN
    assert town.row("drill", CARL)["state"] == DrillState.ANSWERED
