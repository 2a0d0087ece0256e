"""A coach springs a question: picked or worded, now or this week, only when the learner may be asked."""

from datetime import date

import pytest

from tests.chat.coached import coaches, spoken, stops
from tests.house import CARL, DAY, HOUR, MINUTE, Message, Street

NEW = "What did your last boss say of you?"


async def springs(town: Street, when: str, question: str = "2. There are fourteen") -> Message:
    """Carl picks a question of Ann's set; returns what he is told."""
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap(town.label(question, CARL), CARL)
    told = await town.tap(when, CARL)
    await town.later(0)
    return told


async def words(town: Street, when: str, question: str = NEW) -> Message:
    """Carl puts a question in his own words; returns what he is told."""
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap("In my own words", CARL)
    await town.tap(when, CARL)
    told = await town.say(question, CARL)
    await town.later(0)
    return told


async def test_now(town: Street) -> None:
    """It is asked at once, loud, marked as the coach's, as a surprise that counts for the day."""
    await coaches(town)
    assert (await springs(town, "Now"))["text"].startswith("Sprung: “There are fourteen")
    card = town.last()
    assert card["text"].startswith("From your coach:")
    assert "There are fourteen months" in card["text"]
    assert not card["silent"]
    assert town.row("drill")["mode"] == 1
    assert town.row("learner")["sent_count"] == 1
    await town.tap("Hint")
    await town.voice()
    await town.tap("4 Professional")
    assert len(town.rows("rating")) == 2
    assert town.rows("wish") == []
    assert town.refusals() == []


async def test_while_a_question_is_open(town: Street) -> None:
    """It waits until that one is over, and the coach is told so, not why."""
    await coaches(town)
    await town.say("/drill")
    told = await springs(town, "Now")
    assert told["text"].startswith("Ann cannot be asked just now.")
    drills = len(town.rows("drill"))
    assert drills == 2
    await town.later(70 * MINUTE)
    assert "There are fourteen" in town.last()["text"]
    assert len(town.rows("drill")) == drills + 1


async def test_outside_open_hours(town: Street) -> None:
    """At night nothing comes; the question is there when the hours open."""
    await coaches(town)
    await town.later(10 * HOUR)  # 22:00
    while town.row("learner")["open_drill"]:
        await town.later(HOUR)
    count = len(town.rows("drill"))
    assert (await springs(town, "Now"))["text"].startswith("Ann cannot be asked just now.")
    await town.later(10 * HOUR)  # 8:00
    assert len(town.rows("drill")) == count
    await town.later(HOUR + MINUTE)
    assert "There are fourteen" in town.last()["text"]
    assert len(town.rows("drill")) == count + 1


async def test_during_a_pause(town: Street) -> None:
    """Nothing comes while the learner has paused; resumed, it takes the next surprise's place."""
    await coaches(town)
    await town.say("/pause")
    await town.tap("Until I resume")
    await springs(town, "Now")
    await town.later(3 * DAY)
    assert len(town.rows("drill")) == 1
    await town.say("/pause")
    await town.tap("Resume")
    assert "There are fourteen" in (await town.surprise())["text"]


async def test_over_the_cap(town: Street) -> None:
    """A day that has had its surprises gets no more of them from a coach; the next one does."""
    await coaches(town)
    today = date(2026, 11, 23).toordinal()
    writer = town.app.database._writer
    await writer.execute("UPDATE learner SET cap=1, sent_count=1, sent_day=?", [today])
    await writer.commit()
    assert (await springs(town, "Now"))["text"].startswith("Ann cannot be asked just now.")
    await town.later(11 * HOUR)
    assert len(town.rows("drill")) == 1
    await town.later(11 * HOUR)
    assert "fourteen" in repr(town.messages()[-3:])


async def test_some_time_this_week(town: Street) -> None:
    """It takes the place of a surprise within seven days: not one more than the rhythm has."""
    await coaches(town)
    planned = town.row("learner")["next_drill_at"]
    told = await springs(town, "Some time this week")
    assert told["text"].startswith("“There are fourteen")
    assert town.row("learner")["next_drill_at"] == planned
    wished = town.row("wish")["question_id"]
    assert len(town.rows("drill")) == 1
    for _ in range(40):
        await town.surprise()
        if "From your coach:" in town.last()["text"]:
            break
        await town.tap("Not now")
        await town.tap("Skip it")
    assert town.app.clock.now() < planned + 8 * DAY
    assert town.row("drill")["question_id"] == wished
    assert town.rows("wish") == []


async def test_in_own_words(town: Street) -> None:
    """It is a drill like any other, is kept among the learner's own, marked, and no one else has it."""
    await coaches(town)
    assert (await words(town, "Now"))["text"].startswith(f"Sprung: “{NEW}”")
    assert town.last()["text"].startswith(f"From your coach:\n🎙 {NEW}")
    await town.voice()
    await town.tap("3 Flat")
    assert f"1. {NEW} (from your coach)" in (await town.say("/mine"))["text"]
    assert "In the words of your coach." in (await town.tap(town.label("1. ")))["text"]
    await town.tap("Ask me this one now")
    assert town.last()["text"].startswith("From your coach:")
    assert town.rows("own_question", CARL) == []
    assert NEW not in (await town.say("/mine", CARL))["text"]
    assert (
        "There is nothing to share yet."
        in (await town.press(town.last()["message_id"], "v1:share"))["text"]
    )


async def test_own_words_come_as_a_surprise(town: Street) -> None:
    """Until they are asked they stand nowhere in the learner's chat or list."""
    await coaches(town)
    await words(town, "Some time this week")
    assert town.rows("own_question") == []
    assert NEW not in repr(town.messages())
    for _ in range(40):
        await town.surprise()
        if NEW in town.last()["text"]:
            break
        await town.tap("Not now")
        await town.tap("Skip it")
    assert town.row("own_question")["ask"] == NEW
    assert town.row("drill")["set_id"] == "~mine"


@pytest.mark.parametrize(
    ("bad", "said"), [("Why?", "That is 4 char"), ("x" * 241, "That is 241 c")]
)
async def test_words_that_are_no_question(town: Street, bad: str, said: str) -> None:
    """Too short or too long is refused with what fits; then it may be typed again."""
    await coaches(town)
    assert (await words(town, "Now", bad))["text"].startswith(said)
    assert town.rows("wish") == []
    assert (await town.say(NEW, CARL))["text"].startswith("Sprung:")


async def test_the_coachs_own_answer_is_no_question_for_the_learner(town: Street) -> None:
    """A recording, or a reply to their own card, while words are asked for, is the coach's own answer."""
    card = await town.enrol(CARL)
    await coaches(town)
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap("In my own words", CARL)
    await town.tap("Now", CARL)
    await town.voice(CARL)
    await town.say("Long ago, in another town.", CARL, reply_to=card["message_id"])
    assert len(town.rows("take", CARL)) == 2
    assert town.rows("wish") == []


async def test_what_is_the_learners_own_is_not_to_be_picked(town: Street) -> None:
    """Questions of the learner's own are not shown to a coach, whatever set is active."""
    await town.enrol()
    await town.say("They asked me: Is it true what they say of you?")
    await town.tap("Keep")
    await town.say("/mine")
    await town.tap("All my sets")
    await coaches(town)
    await town.tap("Spring a question", CARL)
    assert "Hard questions" in town.labels(town.last(CARL))
    assert "My questions" not in repr(town.last(CARL))
    await town.tap("Hard questions", CARL)
    while "More ›" in town.labels(town.last(CARL)):
        await town.tap("More ›", CARL)
        assert "Is it true" not in repr(town.last(CARL))
    await town.tap(town.labels(town.last(CARL))[0], CARL)
    assert (await town.tap("Now", CARL))["text"].startswith("Sprung:")


async def test_ended_before_it_came(town: Street) -> None:
    """What waits is dropped with the coaching: neither now nor this week does it come."""
    await coaches(town)
    await words(town, "Some time this week")
    await town.say("/drill")
    await springs(town, "Now")
    await stops(town)
    assert town.rows("wish") == []
    await town.later(8 * DAY)
    assert "From your coach" not in repr(town.messages())
    assert town.rows("own_question") == []


async def test_five_wait_at_most(town: Street) -> None:
    """A sixth that would wait is refused with why."""
    await coaches(town)
    for _ in range(5):
        await springs(town, "Some time this week")
    assert (await springs(town, "Some time this week"))["text"].startswith(
        "5 of your questions wait"
    )
    assert len(town.rows("wish")) == 5


async def test_twice_is_once(town: Street) -> None:
    """A double tap springs one question."""
    await coaches(town)
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap(town.label("2. There are fourteen", CARL), CARL)
    await town.double_tap("Now", CARL)
    await town.later(0)
    assert len(town.rows("drill")) == 2
    assert town.rows("wish") == []


async def test_a_learner_without_a_rating_given(town: Street) -> None:
    """Springing needs no more than the yes: ratings alone are enough."""
    await spoken(town)
    await coaches(town, "Ratings")
    assert (await springs(town, "Now"))["text"].startswith("Sprung:")
