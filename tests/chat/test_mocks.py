"""A whole interview: question after question, breaks and restarts, and nothing lost by any of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.banks.library import library_of
from bot.drill.question import FollowUps
from bot.drill.tone import Mode
from bot.practice import DrillState, ErrandKind
from bot.store import errands
from tests.chat.banks import bank, question, shelf
from tests.chat.stage import FIVE, answer_all, begin, one_of_each, rate_all, speak
from tests.chat.test_uploads import restarted
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Street, street
from tests.practice.test_amend import put
from tests.store import cabinet

QUESTION = ["Skip it", "End"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose only set has one question of each kind."""
    async with street(tmp_path, library=one_of_each()) as opened:
        first = opened.app
        yield opened
        if opened.app is not first:
            await opened.app.end()


def mocks(town: Street) -> list[dict[str, Any]]:
    """The drills of Ann's interviews."""
    return [drill for drill in town.rows("drill") if drill["mode"] == Mode.MOCK]


def asked(town: Street) -> list[str]:
    """The questions of these drills, in order."""
    return [drill["question_id"] for drill in mocks(town)]


async def test_five_in_a_row(stage: Street) -> None:
    """Each answer brings the next question at once and a reaction, but no rating until the end."""
    card = await begin(stage)
    for number, kind in enumerate(FIVE, 1):
        assert card["text"] == f"{number}/5\n\n🎙 What happened with {kind}?"
        assert stage.labels(card) == QUESTION
        before = card["message_id"]
        card = await speak(stage)
        assert stage.shown(before).get("reply_markup", {}).get("inline_keyboard", []) == []
        assert stage.mine()["reactions"] == ["👀"]
        assert not [text for text in stage.since(before) if "Got it" in text]
    assert [one["state"] for one in mocks(stage)] == [DrillState.ANSWERED] * 5
    ended = stage.messages()[-2]
    assert ended["text"] == "That was the interview. 5 of 5 answered, in 7:30."
    assert card["text"].startswith("Rate 1 of 5 · What happened with opening?")
    assert stage.refusals() == []


async def test_the_offer(stage: Street) -> None:
    """Length and pressure are chosen on one card that says what comes."""
    await stage.enrol(bank="Small set")
    card = await stage.say("/mock")
    assert "5 questions, about 15 minutes, no hints." in card["text"]
    assert "waits until it is over" in card["text"]
    assert stage.labels(card) == ["3", "5 ✓", "8", "Pressure: off", "Start"]
    card = await stage.tap("8")
    assert "8 questions, about 24 minutes" in card["text"]
    card = await stage.tap("Pressure: off")
    assert "8 questions, about 30 minutes" in card["text"]
    assert "comes back twice" in card["text"]
    assert stage.labels(card) == ["3", "5", "8 ✓", "Pressure: on", "Start"]
    assert stage.rows("mock") == []


async def test_under_pressure(stage: Street) -> None:
    """What is asked on is the next message of the same question, and the hard one comes back in new words."""
    await begin(stage, "Pressure: off")
    said = [stage.last()["text"].partition("🎙 ")[2]]
    while stage.row("mock")["ended_at"] is None:
        said.append((await speak(stage))["text"].partition("🎙 ")[2])
    assert asked(stage) == [
        *("opening", "motivation", "behavioural", "motivation"),
        *("situational", "motivation", "ask-them"),
    ]
    hard = [words for words in said if "motivation" in words]
    assert len(hard) == len(set(hard)) == 5
    assert {"Really, motivation?", "Honestly, motivation?"} < set(hard)
    assert said[said.index("What happened with behavioural?") + 1].endswith(", behavioural?")
    takes = [take["drill_no"] for take in stage.rows("take")]
    assert len(takes) == 7 + 4
    assert len(set(takes)) == 7
    assert all(drill["take_no"] is not None for drill in mocks(stage))


async def test_nothing_interrupts(stage: Street) -> None:
    """Surprises wait until the interview is over, then the next one is planned anew."""
    await stage.enrol(bank="Small set")
    await stage.tap("Not now")
    await stage.tap("Skip it")
    await stage.say("/mock")
    await stage.tap("Start")
    assert stage.row("learner")["next_drill_at"] is None
    answers = 0
    while answers < 4:
        card = await speak(stage, after=25 * MINUTE)
        answers += 1
        assert "/5" in card["text"]
    assert [drill["mode"] for drill in stage.rows("drill")[1:]] == [Mode.MOCK] * 5
    await speak(stage)
    learner = stage.row("learner")
    assert learner["open_drill"] is None
    assert learner["next_drill_at"] > stage.app.clock.now()


@pytest.mark.parametrize("kind", [ErrandKind.LISTEN, ErrandKind.DIGEST])
async def test_other_errands_wait(stage: Street, kind: ErrandKind) -> None:
    """A listen or a digest that falls due in an interview is put off, again and again, and not lost."""
    await begin(stage)
    due = cabinet.errand(900, kind=kind, due_at=stage.app.clock.now() + MINUTE)
    await stage.app.database.commit([errands.given(due)])
    before = stage.last()["message_id"]
    await stage.later(25 * MINUTE)
    (waiting,) = (one for one in stage.rows("errand") if one["kind"] == kind)
    assert waiting["due_at"] > stage.app.clock.now()
    assert stage.since(before) == []


async def test_the_open_question_is_put_off(stage: Street) -> None:
    """What was open is told about, put off, and comes back after the interview."""
    first = await stage.enrol(bank="Small set")
    await stage.say("/mock")
    await stage.tap("3")
    await stage.tap("Start")
    assert stage.shown(first["message_id"])["text"] == "Put off. I’ll ask again at 13:00."
    promised = stage.rows("drill")[0]["question_id"]
    await stage.later(70 * MINUTE)
    assert len(mocks(stage)) == 1
    await answer_all(stage)
    await stage.later(15 * MINUTE)
    last = stage.row("drill")
    assert (last["mode"], last["question_id"]) == (Mode.SELF, promised)


async def test_an_expired_question_ends_the_usual_way(stage: Street) -> None:
    """A question whose time is over when the interview begins is closed as expired."""
    await stage.enrol(bank="Small set")
    await stage.say("/mock")
    stage.wall.now += 2 * HOUR / 1000
    await stage.tap("Start")
    assert stage.rows("drill")[0]["state"] == DrillState.EXPIRED
    assert len(mocks(stage)) == 1


async def test_skip(stage: Street) -> None:
    """A question that is skipped is closed, its card loses its buttons, and the next one comes."""
    card = await begin(stage, "Pressure: off")
    following = await stage.tap("Skip it")
    assert following["text"].startswith("2/7")
    assert stage.labels(stage.shown(card["message_id"])) == []
    assert mocks(stage)[0]["state"] == DrillState.SKIPPED
    probe = await speak(stage)
    assert ", motivation?" in probe["text"]
    following = await stage.tap("Skip it")
    assert following["text"].startswith("3/7")
    assert mocks(stage)[1]["state"] == DrillState.ANSWERED


async def test_end(stage: Street) -> None:
    """Ended in the middle, what was answered is kept and rated, and surprises go on."""
    await begin(stage)
    await speak(stage)
    await speak(stage)
    card = await stage.tap("End")
    assert stage.messages()[-2]["text"] == "That was the interview. 2 of 3 answered, in 3:00."
    assert card["text"].startswith("Rate 1 of 2 ·")
    assert [one["state"] for one in mocks(stage)] == [
        *(DrillState.ANSWERED, DrillState.ANSWERED),
        DrillState.SKIPPED,
    ]
    assert stage.row("learner")["next_drill_at"] is not None


async def test_end_at_once(stage: Street) -> None:
    """Without any answer there is nothing to rate, and no reproach."""
    await begin(stage)
    card = await stage.tap("End")
    assert card["text"] == "The interview is over. Nothing was answered this time; no harm done."
    assert "Ask me one now" in stage.labels(card)


@pytest.mark.parametrize("label", ["Skip it", "End"])
async def test_double_taps(stage: Street, label: str) -> None:
    """Two taps on a button, quickly or slowly, are one; the second is answered and changes nothing."""
    await begin(stage)
    await speak(stage)
    message_id, data = stage.button(label)
    await stage.double_tap(label)
    once = asked(stage), stage.row("mock"), len(stage.messages())
    await stage.later(10_000)
    await stage.press(message_id, data)
    assert (asked(stage), stage.row("mock"), len(stage.messages())) == once
    assert stage.toasts()[-1] == "That card is closed."


async def test_double_start(stage: Street) -> None:
    """Two taps on Start begin one interview, and so does a third on a card that is over."""
    await stage.enrol(bank="Small set")
    await stage.say("/mock")
    message_id, data = stage.button("Start")
    await stage.double_tap("Start")
    await stage.later(10_000)
    await stage.press(message_id, data)
    assert len(stage.rows("mock")) == len(mocks(stage)) == 1
    assert stage.toasts()[-1] == "An interview is running already."


async def test_older_cards(stage: Street) -> None:
    """A press on the card of an earlier question changes nothing and says so."""
    await begin(stage)
    message_id, data = stage.button("Skip it")
    await speak(stage)
    before = stage.row("mock")
    await stage.press(message_id, data)
    await stage.press(message_id, data.replace("skip", "end"))
    assert stage.row("mock") == before
    assert stage.toasts()[-1] == "That card is closed."


@pytest.mark.parametrize(
    "data",
    [
        *("v1:mock-begin:4:0", "v1:mock-begin:5:2", "v1:mock-begin", "v1:mock-set:7:0"),
        *("v1:mock-skip:999:0", "v1:mock-end", "v1:mock-resume:x:y", "v1:mock-rate:1:1:9"),
        *("v1:mock-play:1:1", "v1:mock-later:999", "v1:mock-more"),
    ],
)
async def test_forged(stage: Street, data: str) -> None:
    """Buttons that were never made do nothing and are answered."""
    card = await begin(stage)
    before = stage.row("mock"), stage.rows("rating")
    await stage.press(card["message_id"], data)
    assert (stage.row("mock"), stage.rows("rating")) == before
    assert stage.toasts()[-1] in ("That card is closed.", "An interview is running already.")


async def test_foreign(stage: Street) -> None:
    """The numbers of somebody else's interview open nothing."""
    await begin(stage)
    _, data = stage.button("Skip it")
    await stage.enrol(CARL, bank="Small set")
    carls = await stage.say("/help", CARL)
    before = stage.row("mock")
    await stage.press(carls["message_id"], data, CARL)
    assert stage.row("mock") == before
    assert stage.rows("mock", CARL) == []


@pytest.mark.parametrize("action", ["hint", "swap", "later", "skip", "snooze"])
async def test_no_hints(stage: Street, action: str) -> None:
    """Buttons of ordinary cards, pressed on an interview's, do nothing: no hint, no swap, no snooze."""
    card = await begin(stage)
    drill = mocks(stage)[0]
    await stage.press(card["message_id"], f"v1:{action}:{drill['drill_no']}:hour")
    assert mocks(stage) == [drill]
    assert stage.toasts()[-1] == "That card is closed."


async def test_a_break(stage: Street) -> None:
    """After half an hour without an answer one silent message asks whether to go on, and only one."""
    await begin(stage)
    await speak(stage)
    shown = stage.last()["message_id"]
    await stage.later(29 * MINUTE)
    assert stage.since(shown) == []
    await stage.later(2 * MINUTE)
    assert stage.since(shown) == ["We were at 2 of 5. Shall we go on?"]
    assert stage.calls("sendMessage")[-1]["disable_notification"] is True
    await stage.later(6 * HOUR)
    assert len(stage.since(shown)) == 1
    card = await stage.tap("Resume")
    assert card["text"] == "2/5\n\n🎙 What happened with behavioural?"
    assert len(mocks(stage)) == 2
    await stage.later(31 * MINUTE)
    assert stage.last()["text"] == "We were at 2 of 5. Shall we go on?"


async def test_a_break_is_not_counted(stage: Street) -> None:
    """The time of a question that was asked again begins with that."""
    await begin(stage, "3")
    await stage.later(3 * HOUR)
    await stage.tap("Resume")
    await answer_all(stage)
    assert "3 of 3 answered, in 4:30." in stage.messages()[-2]["text"]


async def test_an_answer_goes_on_too(stage: Street) -> None:
    """Who simply answers after a break need not press anything, and is asked again at the next one."""
    await begin(stage)
    await stage.later(HOUR)
    message_id, data = stage.button("Resume")
    card = await speak(stage)
    assert card["text"].startswith("2/5")
    await stage.press(message_id, data)
    assert stage.toasts()[-1] == "That card is closed."
    await stage.later(31 * MINUTE)
    assert stage.last()["text"] == "We were at 2 of 5. Shall we go on?"


@pytest.mark.parametrize("command", ["/mock", "/drill", "/cancel"])
async def test_commands_say_where_it_stands(stage: Street, command: str) -> None:
    """While one runs, whatever would begin or leave something says where it stands."""
    await begin(stage)
    await speak(stage)
    card = await stage.say(command)
    assert card["text"] == "We were at 2 of 5. Shall we go on?"
    assert stage.labels(card) == ["Resume", "End"]
    assert stage.row("mock")["ended_at"] is None
    ended = await stage.tap("End")
    assert ended["text"].startswith("Rate 1 of 1")


async def test_a_day_later(stage: Street) -> None:
    """After a day without a word it ends by itself, keeps what was answered, and blames nobody."""
    await begin(stage)
    await speak(stage)
    await stage.later(DAY + MINUTE)
    assert stage.row("mock")["ended_at"] is not None
    ended = next(m["text"] for m in stage.messages() if "A day went by" in m.get("text", ""))
    assert "1 of 2 answered" in ended
    assert stage.row("learner")["ignored"] == 0
    assert [one["state"] for one in mocks(stage)] == [DrillState.ANSWERED, DrillState.SKIPPED]
    assert stage.refusals() == []


async def test_a_day_from_the_last_word(stage: Street) -> None:
    """The day counts anew from each question, from each follow-up and from going on after a break."""
    await begin(stage, "Pressure: off")
    await stage.later(20 * HOUR)
    await stage.tap("Resume")
    await stage.later(20 * HOUR)
    assert stage.row("mock")["ended_at"] is None
    await stage.tap("Skip it")
    await speak(stage, after=20 * HOUR)
    await stage.later(20 * HOUR)
    assert stage.row("mock")["ended_at"] is None
    await stage.later(5 * HOUR)
    assert stage.row("mock")["ended_at"] is not None


async def test_an_ignored_rhythm(stage: Street) -> None:
    """Somebody who answers an interview is back at their own pace; one who ends it at once is not."""
    await begin(stage)
    put(stage, "learner", ANN, ignored=2, eased=1)
    await stage.tap("End")
    assert stage.row("learner")["eased"] == 1
    await stage.say("/mock")
    await stage.tap("Start")
    await speak(stage)
    await stage.tap("End")
    assert (stage.row("learner")["ignored"], stage.row("learner")["eased"]) == (0, 0)


async def test_a_day_later_in_a_follow_up(stage: Street) -> None:
    """A question whose follow-up was never answered keeps its own answer."""
    await begin(stage, "Pressure: off")
    await stage.tap("Skip it")
    await speak(stage)
    await stage.later(DAY + MINUTE)
    assert mocks(stage)[-1]["state"] == DrillState.ANSWERED


@pytest.mark.parametrize("step", range(6))
async def test_a_restart(stage: Street, step: int) -> None:
    """The process may die at any step, in a follow-up too: the interview goes on where it was."""
    await begin(stage, "Pressure: off")
    for _ in range(step):
        await speak(stage)
    before = stage.row("mock"), stage.last()["text"]
    await restarted(stage)
    assert (stage.row("mock"), stage.last()["text"]) == before
    assert (await stage.say("/mock"))["text"].startswith("We were at")
    assert (await stage.tap("Resume"))["text"] == before[1]
    await answer_all(stage)
    assert len(stage.rows("take")) == 11
    assert stage.row("mock")["ended_at"] is not None


async def test_a_restart_keeps_the_break(stage: Street) -> None:
    """What waits for the break to be noticed is on disk, too."""
    await begin(stage)
    await restarted(stage)
    await stage.later(31 * MINUTE)
    assert stage.last()["text"] == "We were at 1 of 5. Shall we go on?"


async def test_two_recordings_at_once(stage: Street) -> None:
    """What was sent before the next question was there is no answer to it: which one counts is asked."""
    await begin(stage)
    await stage.later(MINUTE)
    stage.sandbox.world.send(ANN, "voice", b"OggS1", duration=20)
    stage.sandbox.world.send(ANN, "voice", b"OggS2", duration=20)
    await stage.settle()
    texts = [m.get("text", "") for m in stage.messages()]
    assert "Two answers within a minute. Both are kept; which one counts?" in texts
    assert len(mocks(stage)) == 2
    first, second = stage.rows("take")
    assert first["drill_no"] == second["drill_no"] == mocks(stage)[0]["drill_no"]
    await stage.tap("The second")
    assert mocks(stage)[0]["take_no"] == second["take_no"]
    assert "That one counts." in [m.get("text") for m in stage.messages()]
    assert (await speak(stage))["text"].startswith("3/5")


async def test_said_over_the_question(stage: Street) -> None:
    """A recording that began before the next question was put belongs to the one before."""
    await begin(stage)
    await speak(stage)
    await stage.later(40_000)
    await stage.voice(seconds=45)
    assert len(mocks(stage)) == 2
    assert stage.last()["text"].startswith("Two answers within a minute.")


async def test_two_recordings_to_a_follow_up(stage: Street) -> None:
    """A second answer before what is asked on it is there competes with the first, and no more."""
    await begin(stage, "Pressure: off")
    await stage.tap("Skip it")
    await stage.later(MINUTE)
    for content in (b"OggS1", b"OggS2"):
        stage.sandbox.world.send(ANN, "voice", content, duration=20)
    await stage.settle()
    first, second = stage.rows("take")
    await stage.tap("The second")
    assert mocks(stage)[1]["take_no"] == second["take_no"] != first["take_no"]
    assert stage.row("mock")["probing"] == 1
    assert (await speak(stage))["text"].startswith("3/7")


async def test_a_flood_does_not_eat_the_questions(stage: Street) -> None:
    """Thirty messages at once answer one question; all are kept."""
    await begin(stage)
    await stage.later(MINUTE)
    for number in range(30):
        stage.sandbox.world.say(ANN, f"And another thing, {number}")
    await stage.settle()
    assert len(stage.rows("take")) == 30
    assert len(mocks(stage)) == 2
    assert (await stage.say("/mock"))["text"] == "We were at 2 of 5. Shall we go on?"


async def test_late_replies(stage: Street) -> None:
    """A reply to an earlier question's card is kept with that question; the current one waits on."""
    first = await begin(stage)
    await stage.tap("Skip it")
    await speak(stage)
    third = stage.last()["message_id"]
    said = await speak(stage, reply_to=first["message_id"])
    assert said["text"].startswith("Kept: that is your answer to “What happened with opening?”.")
    assert [one["state"] for one in mocks(stage)] == [
        *(DrillState.ANSWERED, DrillState.ANSWERED, DrillState.OPEN),
    ]
    again = await speak(stage, reply_to=first["message_id"])
    assert again["text"].startswith("Kept with “What happened with opening?”.")
    card = await speak(stage, reply_to=third)
    assert card["text"].startswith("4/5")
    await stage.tap("End")
    assert stage.last()["text"].startswith("Rate 1 of 3 · What happened with opening?")


async def test_replies_to_a_question_that_was_asked_on(stage: Street) -> None:
    """Both the question and what was asked on it are known by their messages."""
    await begin(stage, "Pressure: off")
    question_card = await stage.tap("Skip it")
    probe = await speak(stage)
    await speak(stage)
    for card in (question_card, probe):
        said = await speak(stage, reply_to=card["message_id"])
        assert "What happened with motivation?" in said["text"]
    assert len(mocks(stage)) == 3


async def test_a_late_answer_after_the_end(stage: Street) -> None:
    """A skipped question answered when all is over is rated with the others."""
    first = await begin(stage, "3")
    await stage.tap("Skip it")
    await answer_all(stage)
    await rate_all(stage, "4 Professional")
    card = await speak(stage, reply_to=first["message_id"])
    assert card["text"].startswith("Rate 1 of 3 · What happened with opening?")
    summary = await stage.tap("5 Smooth")
    assert "3 of 3 answered" in summary["text"]


async def test_edited(stage: Street) -> None:
    """An edited answer is kept beside the first, and counts, in the middle of an interview too."""
    await begin(stage)
    await stage.later(MINUTE)
    await stage.say("I was good.")
    said = stage.mine()["message_id"]
    await stage.edit(said, "I was very good.")
    assert stage.last()["text"] == "Kept your new wording beside the first one."
    before, after = stage.rows("take")
    assert (before["text"], after["text"]) == ("I was good.", "I was very good.")
    assert mocks(stage)[0]["take_no"] == after["take_no"]


async def test_edited_before_the_follow_up(stage: Street) -> None:
    """An answer that is edited while what is asked on it waits counts as it is now."""
    await begin(stage, "Pressure: off")
    await stage.tap("Skip it")
    await stage.later(MINUTE)
    await stage.say("I was good.")
    await stage.edit(stage.mine()["message_id"], "I was very good.")
    assert mocks(stage)[1]["take_no"] == stage.rows("take")[1]["take_no"]
    assert (await speak(stage))["text"].startswith("3/7")


async def test_typed_numbers_and_questions_are_answers(stage: Street) -> None:
    """While an interview runs a lone number rates nothing, and a question typed is what they ask."""
    await begin(stage)
    await stage.later(MINUTE)
    assert (await stage.say("4"))["text"].startswith("2/5")
    await stage.later(MINUTE)
    assert (await stage.say("5"))["text"].startswith("3/5")
    await stage.later(MINUTE)
    assert (await stage.say("They asked me: what is your notice period?"))["text"].startswith("4/5")
    assert stage.rows("rating") == []
    assert stage.rows("own_question") == []


async def test_too_large(stage: Street) -> None:
    """A recording too large to fetch counts as an answer, and that is said."""
    await begin(stage)
    before = stage.last()["message_id"]
    await stage.later(MINUTE)
    video = {"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1, "duration": 9}
    await stage.post({"video": video | {"file_size": 30_000_000}})
    said = stage.since(before)
    assert any("over 20 MB" in text for text in said)
    assert said[-1].startswith("2/5")


async def test_an_empty_set(stage: Street) -> None:
    """With nothing in any set there is no interview, and the sets are one tap away."""
    async with street(stage.folder / "empty", library=shelf(question(retired=True))) as bare:
        await bare.say("/start")
        await bare.tap(bare.label("Small set"))
        await bare.tap(bare.clock_label())
        await bare.say("/mock")
        said = await bare.tap("Start")
        assert said["text"].startswith("There are no questions in this set")
        assert bare.labels(said) == ["Question sets"]
        assert bare.rows("mock") == []


async def test_a_tiny_set(corner: Street) -> None:
    """One question in all makes an interview of one; under pressure it comes three times."""
    card = await begin(corner, "8", "Pressure: off")
    assert card["text"].startswith("1/3")
    await answer_all(corner)
    summary = await rate_all(corner, "4 Professional")
    assert "3 of 3 answered" in summary["text"]


async def test_a_set_that_lacks_stages_borrows_them(stage: Street) -> None:
    """What the active set has nothing for comes from other sets."""
    library = library_of(
        [
            bank("small-set", question("mine", kind="motivation")),
            bank(
                "other-set",
                *(question(kind, "other-set", kind=kind) for kind in ("opening", "ask-them")),
                title="Other set",
            ),
        ]
    )
    async with street(stage.folder / "two", library=library) as two:
        await begin(two, "3")
        await answer_all(two)
        assert asked(two) == ["opening", "mine", "ask-them"]


async def test_switching_sets(stage: Street) -> None:
    """Another set chosen in the middle is for what comes afterwards; the interview goes on as it began."""
    await begin(stage)
    await stage.say("/sets")
    await stage.tap("All my sets")
    assert stage.toasts()[-1] == ("Now practising: All my sets. The interview goes on as it began.")
    await answer_all(stage)
    assert asked(stage) == [*FIVE]


async def test_a_retired_question(stage: Street) -> None:
    """Questions taken out in the middle are not asked any more; what was answered is rated all the same."""
    await begin(stage)
    library = one_of_each()
    gone = {"opening", "behavioural", "situational"}
    left = [replace(q, retired=q.id in gone) for q in library.sets["small-set"].questions]
    stage.app._banks.library = library_of([bank("small-set", *left)])
    before = stage.last()["message_id"]
    card = await speak(stage)
    assert stage.since(before)[0] == (
        "2 questions were taken out of the set meanwhile. We go on without."
    )
    assert card["text"] == "2/3\n\n🎙 What happened with motivation?"
    await answer_all(stage)
    summary = await rate_all(stage, "3 Flat")
    assert "3 of 3 answered" in summary["text"]


async def test_a_removed_set(stage: Street) -> None:
    """With the whole set gone the interview ends after the open question, and can be rated."""
    await begin(stage)
    stage.app._banks.library = library_of([])
    before = stage.last()["message_id"]
    card = await speak(stage)
    assert stage.since(before)[0].startswith("4 questions were taken out")
    assert card["text"].startswith("Rate 1 of 1 · What happened with opening?")
    assert "1 of 1 answered" in (await stage.tap("4 Professional"))["text"]


async def test_forget_in_the_middle(stage: Street) -> None:
    """Erased in the middle, nothing is left, and presses on what is left in the chat say so."""
    await begin(stage)
    await speak(stage)
    message_id, data = stage.button("Skip it")
    await stage.say("/forget")
    await stage.tap("Erase everything")
    await stage.tap("Yes, erase")
    assert stage.rows("mock") == stage.rows("errand") == stage.rows("drill") == []
    await stage.press(message_id, data)
    assert "Nothing is stored here" in stage.toasts()[-1]
    await stage.later(2 * DAY)
    assert stage.rows("mock") == []


async def test_pause_in_the_middle(stage: Street) -> None:
    """A pause is for surprises: the interview says where it stands, and after it none comes."""
    await begin(stage)
    await stage.say("/pause")
    card = await stage.tap("Until I resume")
    assert card["text"] == "We were at 1 of 5. Shall we go on?"
    await answer_all(stage)
    assert stage.row("learner")["next_drill_at"] is None


async def test_leaving_in_the_middle(stage: Street) -> None:
    """Who blocks the bot hears nothing; back within the day the interview is where it was."""
    await begin(stage)
    await speak(stage)
    stage.sandbox.world.block(ANN)
    await stage.settle()
    await stage.later(2 * HOUR)
    stage.sandbox.world.block(ANN, False)
    await stage.settle()
    assert (await stage.say("/mock"))["text"] == "We were at 2 of 5. Shall we go on?"
    assert (await stage.tap("Resume"))["text"].startswith("2/5")


async def test_not_a_surprise(stage: Street) -> None:
    """A rating in an interview counts, but is no surprise: it brings no badge by itself."""
    await begin(stage, "3")
    await answer_all(stage)
    await rate_all(stage, "5 Smooth")
    assert [row["mode"] for row in stage.rows("rating")] == [Mode.MOCK] * 3
    opening = next(row for row in stage.rows("standing") if row["question_id"] == "opening")
    assert (opening["points"], opening["sprung"], opening["badge_at"]) == (3, 0, None)


async def test_the_plan_is_exported(stage: Street) -> None:
    """What was asked is in the export, by question and words."""
    await begin(stage, "3")
    plan = orjson.loads(stage.row("mock")["plan"])
    assert [part["question_id"] for part in plan] == ["opening", "motivation", "ask-them"]
    assert plan[0]["words"] == "What happened with opening?"


async def test_calm_follow_ups(stage: Street) -> None:
    """A calm interviewer asks on in calm words, and what is said to it is kept with the question."""
    calm = FollowUps(neutral=("And then?",), pressing=("Really?",))
    questions = [replace(q, follow_ups=calm) for q in one_of_each().sets["small-set"].questions]
    async with street(
        stage.folder / "calm", library=library_of([bank("small-set", *questions)])
    ) as other:
        await begin(other, "8")
        await answer_all(other)
        said = [m.get("text", "") for m in other.messages()]
        assert any(text.endswith("🎙 And then?") for text in said)
        assert not any("Really?" in text for text in said)
        assert len(other.rows("take")) > len(mocks(other))
