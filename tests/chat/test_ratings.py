"""Rating one's own tone: five buttons or a typed number, undo, and the badge won, lost and won again."""

import pytest

from bot.drill.tone import Mode
from bot.practice import DrillState
from tests.house import ANN, DAY, HOUR, MINUTE, Message, Street

TONES = ["1 Bitter", "2 Edgy", "3 Flat", "4 Professional", "5 Smooth"]


WRITTEN = "I kept two diaries, and nothing was missed."
"""An answer of which a badge asks no second listen."""


async def begin(corner: Street, tone: str = "3 Flat", *, aloud: bool = True) -> None:
    """Enrolled, with the first question answered and rated; from now on surprises come."""
    await corner.enrol(bank="Small set")
    await (corner.voice() if aloud else corner.say(WRITTEN))
    await corner.tap(tone)
    await corner.tap("Not now")


async def sprung(corner: Street, tone: str) -> Message:
    """The first surprise of another day, answered in writing and rated; returns the rating card after it."""
    today = corner.app.clock.now() // DAY
    while corner.app.clock.now() // DAY == today:
        await corner.surprise()
        if corner.app.clock.now() // DAY == today:
            await corner.tap("Not now")
            await corner.tap("Skip it")
    rating = await corner.say(WRITTEN)
    await corner.tap(tone)
    return corner.shown(rating["message_id"])


async def asked_for(corner: Street, tone: str) -> Message:
    """A question that was asked for, answered in writing and rated; returns the rating card after it."""
    await corner.say("/drill")
    rating = await corner.say(WRITTEN)
    await corner.tap(tone)
    return corner.shown(rating["message_id"])


def celebrations(corner: Street) -> list[Message]:
    """The messages that celebrate a badge."""
    return [m for m in corner.messages() if m.get("text", "").startswith("🏆")]


def badge(corner: Street) -> int | None:
    """When the badge of the only question was earned."""
    earned: int | None = corner.row("standing")["badge_at"]
    return earned


async def test_five_buttons_begin_with_their_number(town: Street) -> None:
    """The rating card explains the five tones and offers each with its number and its word."""
    await town.enrol()
    card = await town.voice()
    assert town.labels(card) == TONES
    for line in ("1 Bitter: someone is blamed", "4 Professional: answers first", "take the lower"):
        assert line.lower() in card["text"].lower()


@pytest.mark.parametrize("label", TONES)
async def test_one_tap_rates(town: Street, label: str) -> None:
    """Each of the five is stored as its number, confirmed, and shown with what can be done next."""
    await town.enrol()
    card = await town.voice()
    await town.tap(label)
    shown = town.shown(card["message_id"])
    assert town.row("rating")["tone"] == TONES.index(label) + 1
    assert town.toasts()[-1] == "Saved"
    assert shown["text"].startswith(f"{label} · your first take of this question")
    assert town.labels(shown) == [
        "Say it again",
        "Hear my first take",
        "All takes",
        "Undo",
        "Ask me one now",
        "Ask a friend",
    ]


async def test_a_rating_says_how_far_the_badge_is(corner: Street) -> None:
    """Points, the fewest days that can do it, and that a surprise is needed."""
    await corner.enrol(bank="Small set")
    card = await corner.voice()
    await corner.tap("5 Smooth")
    text = corner.shown(card["message_id"])["text"]
    assert "3 of 6 points to the badge, one more day can do it." in text
    assert "At least one has to be sprung on you." in text
    text = (await asked_for(corner, "4 Professional"))["text"]
    assert "Today has counted already; the next step is another day." in text
    assert "take 2 of this question" in text


async def test_a_slip_brings_help_for_this_very_question(corner: Street) -> None:
    """After 3 or less: a trap of the question with its remedy and a tip from it, others each time."""
    await corner.enrol(bank="Small set")
    card = await corner.voice()
    await corner.tap("2 Edgy")
    first = corner.shown(card["message_id"])["text"]
    assert "Trap: Blaming why-leaving → Say one fact about why-leaving" in first
    assert "Aim for: A level voice on why-leaving" in first
    second = (await asked_for(corner, "3 Flat"))["text"]
    assert "Trap: Laughing at why-leaving → Pause before why-leaving" in second
    assert "Put in: the lesson of why-leaving" in second


@pytest.mark.parametrize("label", ["4 Professional", "5 Smooth"])
async def test_a_good_answer_gets_no_lesson(corner: Street, label: str) -> None:
    """After a 4 or 5 neither trap nor tip is shown."""
    await corner.enrol(bank="Small set")
    card = await corner.voice()
    await corner.tap(label)
    text = corner.shown(card["message_id"])["text"]
    assert "Trap" not in text
    assert "Aim for" not in text


async def test_why_they_ask_is_told_after_the_rating(corner: Street) -> None:
    """Never before the answer is rated; then it is one line that opens at a tap."""
    await corner.enrol(bank="Small set")
    card = await corner.voice()
    assert not any("Why they ask" in m.get("text", "") for m in corner.messages())
    await corner.tap("4 Professional")
    shown = corner.shown(card["message_id"])
    [quote] = [e for e in shown["entities"] if e["type"] == "expandable_blockquote"]
    assert quote["length"] == len("Why they ask: They listen for how why-leaving sounds.")
    assert "Why they ask: They listen for how why-leaving sounds." in shown["text"]


async def test_a_typed_number_rates_the_answer(town: Street) -> None:
    """A lone number from 1 to 5 does what the button does, and the old card loses its buttons."""
    await town.enrol()
    card = await town.voice()
    said = await town.say(" 4 ")
    assert town.row("rating")["tone"] == 4
    assert any(t.startswith("4 Professional") for t in town.since(card["message_id"]))
    assert town.labels(town.shown(card["message_id"])) == []
    assert said["text"].startswith("Optional")


async def test_a_typed_number_rates_though_another_question_is_open(town: Street) -> None:
    """With an answer waiting for its rating and a new question open, the number is the rating."""
    await town.enrol()
    await town.voice()
    await town.say("/drill")
    await town.say("5")
    assert [row["state"] for row in town.rows("drill")] == [DrillState.RATED, DrillState.OPEN]
    assert len(town.rows("take")) == 1


async def test_a_typed_number_is_an_answer_if_nothing_waits_for_a_rating(town: Street) -> None:
    """With a question open and nothing to rate, any text is the answer."""
    await town.enrol()
    await town.say("3")
    assert town.row("take")["text"] == "3"
    assert town.rows("rating") == []


async def test_a_typed_number_out_of_the_blue_is_explained(town: Street) -> None:
    """With nothing to rate and nothing open, it says what numbers are for."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    assert (await town.say("5"))["text"].startswith("Tap one of the five")
    assert len(town.rows("rating")) == 1


@pytest.mark.parametrize("said", ["6", "0", "4.5", "five", "44"])
async def test_other_numbers_are_no_ratings(town: Street, said: str) -> None:
    """Only 1 to 5 rate; what else is typed is one more take."""
    await town.enrol()
    await town.voice()
    await town.later(2 * MINUTE)
    await town.say(said)
    assert town.rows("rating") == []


async def test_a_second_rating_of_one_answer_is_refused_kindly(town: Street) -> None:
    """Another of the five, pressed after the first counted, tells which one is saved."""
    await town.enrol()
    card = await town.voice()
    number = town.row("drill")["drill_no"]
    await town.tap("4 Professional")
    await town.press(card["message_id"], f"v1:rate:{number}:2")
    assert town.toasts()[-1] == "Already saved as 4 Professional."
    assert [row["tone"] for row in town.rows("rating")] == [4]


async def test_the_other_copy_of_a_rated_card_is_closed(town: Street) -> None:
    """Of two copies of a rating card, one rates; a tap on the other says so and takes its buttons off."""
    await town.enrol()
    town.sandbox.faults.add({"method": "sendMessage", "status": 502, "after_delivery": True})
    await town.voice()
    await town.jump(MINUTE)
    await town.app.sender.look()
    await town.settle()
    one, copy = [m["message_id"] for m in town.messages() if town.labels(m) == TONES]
    number = town.row("drill")["drill_no"]
    await town.press(copy, f"v1:rate:{number}:4")
    await town.press(one, f"v1:rate:{number}:2")
    assert town.toasts()[-1] == "Already saved as 4 Professional."
    assert [row["tone"] for row in town.rows("rating")] == [4]
    assert town.labels(town.shown(one)) == []


@pytest.mark.parametrize("how", ["Undo", "/undo"])
async def test_a_typed_number_rates_what_was_taken_back(town: Street, how: str) -> None:
    """After an undo a number goes to that answer, also when a newer one waits for its rating too."""
    await town.enrol()
    await town.voice()
    await town.tap("5 Smooth")
    first = town.row("drill")["drill_no"]
    message_id, data = town.button("Undo")
    await town.say("/drill")
    await town.voice()
    await town.later(MINUTE)
    await (town.say(how) if how.startswith("/") else town.press(message_id, data))
    await town.say("3")
    assert [(r["drill_no"], r["tone"]) for r in town.rows("rating")] == [(first, 5), (first, 3)]
    await town.say("2")
    assert town.row("rating")["tone"] == 2
    assert town.row("rating")["drill_no"] == town.row("drill")["drill_no"]


async def test_a_typed_number_rates_what_was_answered_last(town: Street) -> None:
    """An older question that was answered after a newer one is what a number means."""
    card = await town.enrol()
    older = town.row("drill")["drill_no"]
    await town.tap("Not now")
    await town.tap("Skip it")
    await town.say("/drill")
    await town.voice()
    await town.later(2 * MINUTE)
    await town.voice(reply_to=card["message_id"])
    await town.say("4")
    assert town.row("rating")["drill_no"] == older


@pytest.mark.parametrize("how", ["Undo", "/undo"])
async def test_undo_takes_the_rating_back_and_asks_again(corner: Street, how: str) -> None:
    """By button or command the points are as before, and the answer can be rated anew."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap("5 Smooth")
    shown = await (corner.say(how) if how.startswith("/") else corner.tap(how))
    asked = next(m for m in corner.messages() if m.get("text", "").startswith("Taken back."))
    assert corner.labels(asked) == TONES
    assert how == "Undo" or shown["message_id"] == asked["message_id"]
    assert corner.row("standing")["points"] == 0
    assert corner.row("drill")["state"] == DrillState.ANSWERED
    await corner.tap("4 Professional")
    assert corner.row("standing")["points"] == 2
    assert [row["withdrawn_at"] is None for row in corner.rows("rating")] == [False, True]


async def test_undo_without_a_rating_says_so(town: Street) -> None:
    """Before the first rating, and after the last one was taken back, there is nothing to undo."""
    await town.enrol()
    nothing = "There is nothing to take back."
    assert (await town.say("/undo"))["text"].startswith(nothing)
    await town.voice()
    await town.tap("5 Smooth")
    await town.say("/undo")
    assert (await town.say("/undo"))["text"].startswith(nothing)


async def test_the_undo_of_an_earlier_rating_is_refused(town: Street) -> None:
    """Only the latest rating can be taken back; an older card's Undo says that there is none."""
    await town.enrol()
    await town.voice()
    await town.tap("5 Smooth")
    message_id, data = town.button("Undo")
    await town.say("/drill")
    await town.voice()
    await town.tap("2 Edgy")
    await town.press(message_id, data)
    assert town.toasts()[-1] == "There is no rating to take back."
    assert all(row["withdrawn_at"] is None for row in town.rows("rating"))


async def test_the_rating_card_before_an_undo_is_closed(town: Street) -> None:
    """After /undo the newest card asks; the one before it does not rate any more."""
    await town.enrol()
    card = await town.voice()
    number = town.row("drill")["drill_no"]
    await town.tap("5 Smooth")
    await town.say("/undo")
    await town.press(card["message_id"], f"v1:rate:{number}:2")
    assert town.toasts()[-1] == "That card is closed."
    assert town.row("drill")["state"] == DrillState.ANSWERED


async def test_two_fives_on_two_days_sprung_bring_the_badge(corner: Street) -> None:
    """Surprises on different days, rated 5 and 5: the badge is earned and celebrated once."""
    await begin(corner)
    await sprung(corner, "5 Smooth")
    assert badge(corner) is None
    first_take = corner.rows("take")[0]
    await sprung(corner, "5 Smooth")
    assert badge(corner) is not None
    [cheer] = celebrations(corner)
    assert "Badge earned: “What happened with why-leaving?”" in cheer["text"]
    assert "Then: 23 November 2026, 0:50." in cheer["text"]
    assert cheer["effect"] == "🎉"
    assert corner.mine()["reactions"] == ["🏆"]
    [*_, pointer, offer] = corner.messages()
    assert offer["text"].startswith("Shall I send you a weekly summary?")
    assert pointer["text"] == "This was your first take."
    assert pointer["reply_to_message"]["message_id"] == first_take["message_id"]
    await sprung(corner, "5 Smooth")
    assert len(celebrations(corner)) == 1


async def test_three_fours_bring_the_badge(corner: Street) -> None:
    """Three 4s in a row on three days, one of them sprung, are enough."""
    await begin(corner)
    await corner.say("/pause")
    await corner.tap("Until I resume")
    for _ in range(2):
        await corner.later(DAY)
        await asked_for(corner, "4 Professional")
    assert badge(corner) is None
    await corner.tap("Resume")
    await sprung(corner, "4 Professional")
    assert badge(corner) is not None


async def test_the_badge_needs_a_real_surprise(corner: Street) -> None:
    """However many good answers were asked for, one has to be sprung."""
    await begin(corner, "5 Smooth", aloud=False)
    await corner.say("/pause")
    await corner.tap("Until I resume")
    await corner.later(DAY)
    text = (await asked_for(corner, "5 Smooth"))["text"]
    assert "6 of 6 points to the badge." in text
    assert "At least one has to be sprung on you." in text
    assert badge(corner) is None
    await corner.tap("Resume")
    await sprung(corner, "5 Smooth")
    assert badge(corner) is not None


async def test_one_day_counts_once(corner: Street) -> None:
    """Two 5s on the same day are one step, even if the second one is sprung."""
    await begin(corner, "5 Smooth")
    await corner.surprise()
    await corner.voice()
    await corner.tap("5 Smooth")
    assert corner.row("rating")["mode"] == Mode.SURPRISE
    assert corner.row("standing")["points"] == 3


async def won(corner: Street) -> None:
    """The badge is there."""
    await begin(corner)
    await sprung(corner, "5 Smooth")
    await sprung(corner, "5 Smooth")
    assert badge(corner) is not None


async def test_a_badge_that_is_held_is_said_to_be_held(corner: Street) -> None:
    """A further 5 says so, and counts no points aloud."""
    await won(corner)
    text = (await sprung(corner, "5 Smooth"))["text"]
    assert "You hold the badge for this one." in text
    assert "of 6 points" not in text


@pytest.mark.parametrize("tone", ["1 Bitter", "2 Edgy"])
async def test_a_sharp_tone_takes_the_badge(corner: Street, tone: str) -> None:
    """A 1 or a 2 takes it at once, kindly, with the way back."""
    await won(corner)
    text = (await asked_for(corner, tone))["text"]
    assert badge(corner) is None
    assert "The badge comes off for now." in text


async def test_one_flat_answer_is_forgiven_the_second_is_not(corner: Street) -> None:
    """A 3 keeps the badge; another 3 right after it takes it."""
    await won(corner)
    text = (await asked_for(corner, "3 Flat"))["text"]
    assert "one wobble is forgiven" in text
    assert badge(corner) is not None
    await asked_for(corner, "3 Flat")
    assert badge(corner) is None


async def test_a_badge_lost_can_be_won_again(corner: Street) -> None:
    """Two more good days with a surprise bring it back, and that is celebrated as well."""
    await won(corner)
    await asked_for(corner, "1 Bitter")
    await sprung(corner, "5 Smooth")
    assert len(celebrations(corner)) == 1
    await sprung(corner, "5 Smooth")
    assert badge(corner) is not None
    assert len(celebrations(corner)) == 2


async def test_undo_gives_a_lost_badge_back(corner: Street) -> None:
    """A 1 tapped by mistake and taken back leaves the badge as it was."""
    await won(corner)
    earned = badge(corner)
    await asked_for(corner, "1 Bitter")
    await corner.say("/undo")
    assert badge(corner) == earned


async def test_a_badge_is_celebrated_once_though_its_rating_is_undone(corner: Street) -> None:
    """Taken back and given again, the same answer brings the badge without a second party."""
    await won(corner)
    await corner.say("/undo")
    assert badge(corner) is None
    await corner.tap("5 Smooth")
    assert badge(corner) is not None
    assert len(celebrations(corner)) == 1


async def test_a_slip_of_the_finger_does_not_cost_the_party(corner: Street) -> None:
    """A 2 taken back and made a 5 that earns the badge is celebrated."""
    await begin(corner)
    await sprung(corner, "5 Smooth")
    await sprung(corner, "2 Edgy")
    await corner.say("/undo")
    await corner.tap("5 Smooth")
    assert badge(corner) is not None
    assert len(celebrations(corner)) == 1


async def test_points_are_said_to_be_gone_only_if_there_were_any(corner: Street) -> None:
    """A slip without points says nothing of a new run; one with points does."""
    await corner.enrol(bank="Small set")
    card = await corner.voice()
    await corner.tap("3 Flat")
    assert "The run starts anew" not in corner.shown(card["message_id"])["text"]
    await corner.later(DAY)
    await asked_for(corner, "5 Smooth")
    assert "The run starts anew" in (await asked_for(corner, "3 Flat"))["text"]


async def test_the_first_take_in_words_is_quoted_with_its_day(corner: Street) -> None:
    """A typed first answer is shown as it was, with the learner's own date."""
    await corner.say("/start")
    await corner.tap(corner.label("Small set"))
    await corner.say("Auckland")
    await corner.say("Because <i>they</i> left & I did not.")
    await corner.tap("3 Flat")
    shown = await corner.tap("Hear my first take")
    assert shown["text"] == (
        "Your first answer to this one, 24 November 2026: “Because <i>they</i> left & I did not.”"
    )


async def test_saying_it_again_asks_the_same_question_in_other_words(corner: Street) -> None:
    """Say it again opens a drill of that very question, asked for."""
    await begin(corner)
    await corner.tap("Say it again")
    first, second = corner.rows("drill")
    assert second["question_id"] == first["question_id"]
    assert second["wording"] != first["wording"]
    assert second["mode"] == Mode.SELF


async def test_saying_it_again_keeps_the_open_question(town: Street) -> None:
    """While another question is open, that one is shown instead of a second one."""
    await town.enrol()
    await town.voice()
    await town.tap("3 Flat")
    await town.say("/drill")
    await town.tap("Say it again")
    assert town.messages()[-2]["text"] == "This one is still open:"
    assert len(town.rows("drill")) == 2


async def test_an_old_rating_card_is_replaced_by_a_new_one(town: Street) -> None:
    """Where Telegram shows the bot no old cards any more, rating and undo go on in a new message."""
    await town.enrol()
    card = await town.voice()
    message_id, data = town.button("4 Professional")
    del town.sandbox.world.chats[ANN].bubbles[card["message_id"]]
    await town.press(message_id, data)
    message_id, data = town.button("Undo")
    del town.sandbox.world.chats[ANN].bubbles[message_id]
    await town.press(message_id, data)
    await town.tap("5 Smooth")
    assert [row["tone"] for row in town.rows("rating")] == [4, 5]
    assert town.refusals() == []


async def test_ratings_wait_as_long_as_it_takes(town: Street) -> None:
    """An answer of yesterday can still be rated, on its own card."""
    await town.enrol()
    card = await town.voice()
    await town.later(DAY + HOUR)
    number = town.rows("drill")[0]["drill_no"]
    await town.press(card["message_id"], f"v1:rate:{number}:4")
    assert town.row("rating")["tone"] == 4
