"""Rating a whole interview: one card edited along, numbers typed, put off, taken back; and its summary."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.charts.chart import Interview
from bot.drill.standing import Standing
from bot.practice import DrillState, ErrandKind
from bot.store import standings
from tests.chat.stage import answer_all, begin, one_of_each, rate_all, speak
from tests.house import ANN, DAY, HOUR, MINUTE, Message, Street, street

TONES = ["1 Bitter", "2 Edgy", "3 Flat", "4 Professional", "5 Smooth"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose only set has one question of each kind."""
    async with street(tmp_path, library=one_of_each()) as opened:
        yield opened


async def interviewed(town: Street, *choices: str) -> Message:
    """An interview with all its answers; returns the first rating card."""
    await begin(town, *choices)
    return await answer_all(town)


def tones(town: Street) -> dict[str, int]:
    """The ratings that count, by question."""
    rows = town.rows("rating")
    return {row["question_id"]: row["tone"] for row in rows if row["withdrawn_at"] is None}


def rated(town: Street) -> list[dict[str, Any]]:
    """The drills that are rated."""
    return [one for one in town.rows("drill") if one["state"] == DrillState.RATED]


async def test_one_card(stage: Street) -> None:
    """Five buttons, Play and Later; each tap asks for the next on the same message, the last sums up."""
    card = await interviewed(stage, "3")
    assert stage.labels(card) == [*TONES, "Play", "Later"]
    second = await stage.tap("2 Edgy")
    assert second["message_id"] == card["message_id"]
    assert second["text"].startswith("Rate 2 of 3 · What happened with motivation?")
    await stage.tap("4 Professional")
    summary = await stage.tap("5 Smooth")
    assert summary["message_id"] == card["message_id"]
    assert tones(stage) == {"opening": 2, "motivation": 4, "ask-them": 5}
    assert summary["text"].split("\n") == [
        "Your interview: 3 of 3 answered, in 4:30.",
        "First answer after 1:30.",
        "1. What happened with opening?",
        "1:30 · 1:00 spoken · 2 Edgy",
        "2. What happened with motivation?",
        "1:30 · 1:00 spoken · 4 Professional",
        "3. What happened with ask-them?",
        "1:30 · 1:00 spoken · 5 Smooth",
        "To drill next: What happened with opening?",
    ]
    assert stage.toasts()[-3:] == ["Saved"] * 3
    assert stage.refusals() == []


async def test_drill_that_one(stage: Street) -> None:
    """The weakest answer of the interview is one tap away, in other words."""
    await interviewed(stage, "3")
    await rate_all(stage, "5 Smooth", "2 Edgy", "4 Professional")
    card = await stage.tap("Drill that one")
    assert "motivation" in card["text"]
    assert "What happened with" not in card["text"]
    assert stage.labels(card) == ["Hint", "Swap", "Not now"]


@pytest.mark.parametrize("tone", ["2 Edgy", "5 Smooth"])
async def test_double_taps(stage: Street, tone: str) -> None:
    """Two taps rate one answer; a later press for the same answer says how it is saved."""
    await interviewed(stage, "3")
    message_id, data = stage.button(tone)
    await stage.double_tap(tone)
    assert len(stage.rows("rating")) == 1
    await stage.later(10_000)
    await stage.press(message_id, data)
    await stage.press(message_id, f"{data[:-1]}3")
    assert len(stage.rows("rating")) == 1
    assert stage.toasts()[-1] == f"Already saved as {tone}."


async def test_typed(stage: Street) -> None:
    """A number typed rates what is asked about, and the next card comes below it."""
    card = await interviewed(stage, "3")
    following = await stage.say("4")
    assert following["text"].startswith("Rate 2 of 3")
    assert stage.labels(stage.shown(card["message_id"])) == []
    await stage.say("3")
    summary = await stage.say("2")
    assert tones(stage) == {"opening": 4, "motivation": 3, "ask-them": 2}
    assert summary["text"].startswith("Your interview:")


async def test_play(stage: Street) -> None:
    """Play sends the answer again, and what was said to what was asked on it; typed ones are quoted."""
    await begin(stage, "Pressure: off")
    await stage.later(MINUTE)
    await stage.say("I came by train.")
    await answer_all(stage)
    quoted = await stage.tap("Play")
    assert quoted["text"] == "“What happened with opening?”\n“I came by train.”"
    await stage.tap("4 Professional")
    before = len(stage.calls("sendVoice"))
    await stage.tap("Play")
    played = stage.calls("sendVoice")[before:]
    assert len(played) == 2
    assert played[0]["caption"] == "“What happened with motivation?”"
    assert "Really" in played[1]["caption"] or "Honestly" in played[1]["caption"]
    assert played[0]["voice"] != played[1]["voice"]
    assert stage.refusals() == []


async def test_play_where_voice_is_refused(stage: Street) -> None:
    """Who takes no voice messages from bots is pointed to their own recording."""
    await interviewed(stage, "3")
    stage.sandbox.faults.add({"method": "sendVoice", "status": 400, "times": 1})
    said = await stage.tap("Play")
    assert said["text"] == "“What happened with opening?”"
    assert said["reply_to_message"]["message_id"] == stage.rows("take")[0]["message_id"]


async def test_later(stage: Street) -> None:
    """Put off, the rest waits: on the summary, and under /mock, for as long as it takes."""
    await interviewed(stage, "3")
    await stage.tap("3 Flat")
    summary = await stage.tap("Later")
    assert "1:30 · 1:00 spoken · 3 Flat" in summary["text"]
    assert summary["text"].count("not rated yet") == 2
    assert stage.labels(summary)[0] == "Rate the rest"
    await stage.later(2 * DAY)
    await stage.say("/mock")
    card = await stage.tap("Rate the last one")
    assert card["text"].startswith("Rate 2 of 3")
    await rate_all(stage, "4 Professional")
    assert len(rated(stage)) == 3
    await stage.say("/mock")
    assert "Rate the last one" not in stage.labels(stage.last())


async def test_older_rating_cards(stage: Street) -> None:
    """Each copy of the card is as good as another: what is rated goes on from where it is."""
    await interviewed(stage, "3")
    message_id, data = stage.button("4 Professional")
    await stage.say("2")
    await stage.press(message_id, data)
    assert stage.toasts()[-1] == "Already saved as 2 Edgy."
    assert tones(stage) == {"opening": 2}


async def test_not_while_it_runs(stage: Street) -> None:
    """A press that would rate an answer in the middle of the interview does nothing."""
    await begin(stage, "3")
    await speak(stage)
    mock, drill = stage.row("mock"), stage.rows("drill")[-2]
    await stage.press(
        stage.last()["message_id"], f"v1:mock-rate:{mock['mock_no']}:{drill['drill_no']}:4"
    )
    assert stage.rows("rating") == []
    assert stage.toasts()[-1] == "That card is closed."


async def test_undo(stage: Street) -> None:
    """/undo takes the last rating back; a number typed then is for that answer, and all count."""
    await interviewed(stage, "3")
    await stage.tap("3 Flat")
    card = await stage.say("/undo")
    assert card["text"].startswith("Taken back.")
    assert tones(stage) == {}
    assert (await stage.say("5"))["text"].startswith("5 Smooth ·")
    assert tones(stage) == {"opening": 5}
    await stage.say("/mock")
    await stage.tap("Rate the last one")
    await rate_all(stage, "4 Professional")
    assert tones(stage) == {"opening": 5, "motivation": 4, "ask-them": 4}


async def test_left_out(stage: Street) -> None:
    """What was skipped is in the summary, and is what to drill next only if nothing was rated."""
    await begin(stage, "3")
    await stage.tap("Skip it")
    await answer_all(stage)
    summary = await stage.tap("Later")
    assert "1. What happened with opening?\nleft out" in summary["text"]
    assert "2 of 3 answered, in 3:00." in summary["text"]
    assert summary["text"].endswith("To drill next: What happened with opening?")
    await stage.tap("Rate the rest")
    summary = await rate_all(stage, "4 Professional", "3 Flat")
    assert summary["text"].endswith("To drill next: What happened with ask-them?")


async def test_time_counts_what_was_asked_on(stage: Street) -> None:
    """The time of a question is that of its answer and of the one to what was asked on it."""
    await begin(stage, "3", "Pressure: off")
    await stage.tap("Skip it")
    await speak(stage)
    await speak(stage)
    await stage.tap("End")
    summary = await rate_all(stage, "4 Professional")
    assert "1 of 3 answered, in 3:00." in summary["text"]
    assert "First answer after 1:30." in summary["text"]
    assert "3:00 · 2:00 spoken · 4 Professional" in summary["text"]


async def test_telegrams_dates(stage: Street) -> None:
    """An answer that waited for the bot counts by when it was sent, not by when it was handled."""
    await begin(stage, "3")
    stage.wall.now += 40
    stage.sandbox.world.send(ANN, "voice", b"OggS", duration=30)
    stage.wall.now += 300
    await stage.settle()
    await answer_all(stage)
    summary = await rate_all(stage, "4 Professional")
    assert "First answer after 0:40." in summary["text"]


async def test_listened_to(stage: Street) -> None:
    """Spoken answers of an interview are heard again another day, as any other."""
    await interviewed(stage, "3")
    await stage.tap("5 Smooth")
    (listen,) = (one for one in stage.rows("errand") if one["kind"] == ErrandKind.LISTEN)
    assert listen["due_at"] > stage.app.clock.now() + 12 * HOUR


async def test_a_badge(stage: Street) -> None:
    """A badge that an interview completes is celebrated as anywhere, and one that it takes is told."""
    half_way = Standing(points=3, sprung=True, counted_day=1)
    await begin(stage, "3")
    await stage.app.database.commit([standings.put(ANN, "opening", half_way, 0.5)])
    await stage.later(MINUTE)
    await stage.say("I came by train.")
    await answer_all(stage)
    before = stage.last()["message_id"]
    await stage.tap("5 Smooth")
    assert "Badge earned: “What happened with opening?”" in stage.since(before)[0]
    assert stage.shown(before)["text"].startswith("Rate 2 of 3")
    await stage.later(DAY)
    await stage.say("/mock")
    await stage.tap("3")
    await stage.tap("Start")
    await answer_all(stage)
    card = await stage.tap("1 Bitter")
    assert card["text"].startswith("The badge comes off for now.")
    assert "Rate 2 of 3" in card["text"]


async def test_a_picture_follows(stage: Street) -> None:
    """Once the last answer is rated its picture is drawn, with the same figures in words under it, once."""
    await begin(stage, "3")
    await answer_all(stage)
    for tone in ("5 Smooth", "2 Edgy"):
        await stage.tap(tone)
    assert "photo" not in await stage.painted()
    await stage.tap("4 Professional")
    drawn = await stage.painted()
    assert "photo" in drawn
    lines = drawn["caption"].split("\n")
    assert lines[0].startswith("Your interview: 3 of 3 answered")
    assert lines[1:] == ["1. 5 Smooth", "2. 2 Edgy", "3. 4 Professional"]
    assert stage.labels(drawn) == ["My takes", "New interview"]
    [chart] = stage.studio.charts
    assert isinstance(chart, Interview)
    assert [turn.tone for turn in chart.turns] == [5, 2, 4]
    assert (await stage.painted())["message_id"] == drawn["message_id"]
