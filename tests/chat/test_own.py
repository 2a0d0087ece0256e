"""/mine: questions of one's own, from the message they came in to the feedback on their answers."""

import pytest

from tests.house import ANN, CARL, DAY, HOUR, Message, Street

WHY = "Why did you leave so soon?"
KEEP = ["Keep", "Change the words", "Throw away"]


async def kept(town: Street, words: str = WHY, slip: str = "I don’t know yet") -> Message:
    """Tell of a question, keep it, and say which tone slips; returns its card."""
    await town.say(f"They asked me: {words}")
    await town.tap("Keep")
    return await town.tap(slip)


async def nothing_open(town: Street) -> None:
    """Enrol, and answer the first question."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")


async def only_mine(town: Street, words: str = WHY, slip: str = "I don’t know yet") -> None:
    """Practise one question of one's own, and nothing else."""
    await nothing_open(town)
    await kept(town, words, slip)
    await town.tap("Only these")


async def test_one_message_and_one_tap(town: Street) -> None:
    """/mine, Add one, the words, Keep: the list has it, and one tap more says which tone slips."""
    await nothing_open(town)
    shown = await town.say("/mine")
    assert shown["text"].startswith("My questions\nKeep here what you were really asked")
    assert town.labels(shown) == ["Add one", "Question sets"]
    assert (await town.tap("Add one"))["text"].startswith("Type the question as you heard it")
    card = await town.say(f"  {WHY} ")
    assert card["text"].startswith(f"“{WHY}”\nShall I keep it")
    assert town.labels(card) == KEEP
    card = await town.tap("Keep")
    assert len(town.labels(card)) == 13
    card = await town.tap("Bitter")
    assert "Tone that slips: Bitter" in card["text"]
    row = town.row("own_question")
    assert (row["ask"], row["slip"], row["removed_at"]) == (WHY, "bitter", None)
    shown = await town.say("/mine")
    assert f"1. {WHY}" in shown["text"]
    assert town.refusals() == []


async def test_asked_alone_and_among_all(town: Street) -> None:
    """Where own questions are not drawn, two taps say so and change it; the switch is seen in /sets."""
    await nothing_open(town)
    card = await kept(town)
    assert "Switch with one tap" in card["text"]
    await town.tap("Only these")
    assert town.toasts()[-1] == "Now practising: My questions"
    assert WHY in (await town.tap("Ask me one now"))["text"] or await asked(town)
    shown = await town.say("/sets")
    assert "● My questions: 0 of 1 badges" in shown["text"]
    await town.tap("All my sets")
    assert town.row("learner")["active_set"] == "*"
    assert "Switch with one tap" not in (await open_card(town))["text"]


async def asked(town: Street) -> bool:
    """Whether the question that is open is the learner's own."""
    await town.say("/drill")
    return WHY in town.last()["text"]


async def open_card(town: Street) -> Message:
    """The card of the first own question."""
    await town.say("/mine")
    return await town.tap(town.label("1. "))


async def test_sprung_like_any_other(town: Street) -> None:
    """It comes as a surprise, is answered and rated; what its author never wrote is not missed."""
    await only_mine(town)
    card = await town.surprise()
    assert WHY in card["text"]
    assert town.labels(card) == ["Swap", "Not now"]
    assert (await town.tap("Swap"))["message_id"] == card["message_id"]
    assert town.toasts()[-1] == "There is no other question in this set."
    await town.say("I wanted to learn more.")
    told = await town.tap("2 Edgy")
    assert told["text"] == "2 Edgy · your first take of this question"
    assert "My questions: 0 of 1 badges" in (await town.say("/progress"))["text"]
    assert town.refusals() == []


async def test_the_tone_that_slips_speaks(town: Street) -> None:
    """With a slip told, the card has a hint, and a slip in the rating is met with the way out."""
    await only_mine(town, slip="Defensive")
    card = await town.surprise()
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
    assert "Begin with the answer itself" in (await town.tap("Hint"))["text"]
    await town.voice()
    assert "Trap: Defensive → Begin with the answer itself" in (await town.tap("2 Edgy"))["text"]


async def test_a_forged_hint_has_nothing_to_show(town: Street) -> None:
    """A hint pressed on a card that offers none changes no word of it."""
    await only_mine(town)
    card = await town.surprise()
    drill = town.row("drill")["drill_no"]
    await town.press(card["message_id"], f"v1:hint:{drill}")
    assert town.shown(card["message_id"])["text"] == card["text"]


async def test_its_time_goes_by(town: Street) -> None:
    """Nobody answers: the card says so in the question's own words."""
    await only_mine(town)
    card = await town.surprise()
    await town.later(2 * HOUR)
    shown = town.shown(card["message_id"])["text"]
    assert WHY in shown
    assert "No answer this time" in shown


async def test_told_in_passing(town: Street) -> None:
    """With nothing open, any "They asked me …" is taken up, a question mark or not."""
    await nothing_open(town)
    await town.later(5 * 60_000)
    card = await town.say("they asked me why I left the bank")
    assert card["text"].startswith("“Why I left the bank”")
    assert town.labels(card) == KEEP
    assert len(town.rows("take")) == 1


async def test_an_answer_stays_an_answer(town: Street) -> None:
    """While a question is open, "I was asked to …" answers it; so does any reply to its card."""
    card = await town.enrol()
    await town.say("I was asked to cover reception, and I did.")
    assert town.row("take")["text"] == "I was asked to cover reception, and I did."
    await town.say("They asked me: could I stay until nine?", reply_to=card["message_id"])
    assert town.row("take")["text"] == "They asked me: could I stay until nine?"
    assert town.rows("own_question") == []


async def test_a_whole_question_is_one_even_then(town: Street) -> None:
    """While a question is open, "They asked me …?" is taken up, and the card says what else to do."""
    await town.enrol()
    card = await town.say(f"They asked me: {WHY}")
    assert "send it once more as a reply" in card["text"]
    assert town.rows("take") == []
    assert (await town.say("Too long? They asked me " + "x" * 300))["text"].startswith("Got it")


async def test_forwarded(town: Street) -> None:
    """A forwarded text is taken up as it stands; from whom it came is kept nowhere."""
    await town.enrol()
    origin = {"type": "hidden_user", "sender_user_name": "Mr Origin", "date": 1}
    card = await town.post({"text": "What is your\tgreatest weakness?", "forward_origin": origin})
    assert card["text"].startswith("“What is your greatest weakness?”")
    await town.tap("Keep")
    await town.app.database.truncate_log()
    on_disk = [path.read_bytes() for path in town.folder.rglob("*") if path.is_file()]
    assert not any(b"Origin" in one for one in on_disk)
    long = await town.post({"text": "word " * 60, "forward_origin": origin})
    assert long["text"].startswith("That is 299 characters, and a question has 240 at most.")


async def test_a_forwarded_recording_is_an_answer(town: Street) -> None:
    """Only words can be a question: a forwarded voice note answers what is open."""
    await town.enrol()
    kept = await town.voice()
    assert kept["text"].startswith("Got it")
    assert town.rows("own_question") == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Why?", "That is 4 characters, and a question has 10 at least."),
        ("x" * 241, "That is 241 characters, and a question has 240 at most."),
        ("Why did you leave?\nWhy so soon?", "That has several lines."),
    ],
)
async def test_what_cannot_be_one(town: Street, words: str, told: str) -> None:
    """It is said what is wrong, no answer is made of it, and the next message is taken."""
    await town.enrol()
    await town.say("/mine")
    await town.tap("Add one")
    said = await town.say(words)
    assert said["text"].startswith(told)
    assert town.labels(said) == ["Back"]
    assert town.rows("take") == []
    assert town.labels(await town.say(WHY)) == KEEP


async def test_they_asked_me_after_add_one(town: Street) -> None:
    """Who begins so although nobody needs it gets the question alone."""
    await town.enrol()
    await town.say("/mine")
    await town.tap("Add one")
    assert (await town.say("They asked me why I left"))["text"].startswith("“Why I left”")


async def test_help_tells_of_it(town: Street) -> None:
    """/help names the command and both other ways."""
    await town.enrol()
    told = (await town.say("/help"))["text"]
    assert "/mine, or type “They asked me: …”, or forward one here" in told


async def test_typed_while_a_question_is_open(town: Street) -> None:
    """What Add one asked for is no answer; a recording is, and so is what comes after the next card."""
    await town.enrol()
    await town.say("/mine")
    await town.tap("Add one")
    await town.voice()
    assert len(town.rows("take")) == 1
    await town.tap("4 Professional")
    await town.surprise()
    await town.say("An answer, typed after the question came.")
    assert len(town.rows("take")) == 2
    assert town.rows("own_question") == []


async def test_other_words(town: Street) -> None:
    """Change the words, of a draft and of a kept one; a moment of doubt leads back to the card."""
    await nothing_open(town)
    await town.say(f"They asked me: {WHY}")
    assert WHY in (await town.tap("Change the words"))["text"]
    assert town.labels(await town.say("Why after four months?")) == KEEP
    await town.tap("Keep")
    await town.tap("Flat")
    await town.tap("Change the words")
    assert "Tone that slips: Flat" in (await town.tap("Back"))["text"]
    await town.tap("Change the words")
    assert (await town.say("No?"))["text"].startswith("That is 3 characters")
    card = await town.say("Why did you go after only four months?")
    assert card["text"].startswith(
        "“Why did you go after only four months?”\nTone that slips: Flat"
    )
    assert len(town.rows("own_question")) == 1


async def test_removed_and_back(town: Street) -> None:
    """Remove says that the answers stay, /mine has it no more; a tap or /undo brings it back."""
    await only_mine(town)
    await town.surprise()
    await town.voice()
    await town.tap("5 Smooth")
    await open_card(town)
    card = await town.tap("Remove")
    assert "your answers to it stay" in card["text"]
    assert town.labels(card) == ["Undo", "My questions"]
    assert len(town.rows("take")) == 2
    assert WHY not in (await town.say("/mine"))["text"]
    await town.press(card["message_id"], f"v1:own-back:{town.row('own_question')['own_no']}")
    assert WHY in (await town.say("/mine"))["text"]
    await open_card(town)
    await town.tap("Remove")
    assert (await town.say("/undo"))["text"] == (
        f"Taken back: “{WHY}” is one of your questions again."
    )
    assert WHY in (await town.say("/mine"))["text"]
    await town.say("/undo")
    assert town.row("rating")["withdrawn_at"]


async def test_with_none_left(town: Street) -> None:
    """The last own question removed, /drill says that there is none and shows the sets."""
    await only_mine(town)
    await open_card(town)
    await town.tap("Remove")
    said = await town.say("/drill")
    assert said["text"].startswith("There are no questions in this set")
    assert "My questions" not in (await town.tap("Question sets"))["text"]
    await town.later(3 * DAY)
    assert town.refusals() == []


async def test_asked_right_away(town: Street) -> None:
    """Ask me this one now asks it, whichever set is practised; an open question goes first."""
    await nothing_open(town)
    await kept(town)
    assert WHY in (await town.tap("Ask me this one now"))["text"]
    assert town.row("drill")["set_id"] == "~mine"
    await open_card(town)
    await town.tap("Ask me this one now")
    assert len(town.rows("drill")) == 2


async def test_pages(town: Street) -> None:
    """Six on a page, every one with a button, the pages one tap apart; a forged page is the last."""
    await nothing_open(town)
    for number in range(8):
        await kept(town, f"What did you do about number {number}?")
    shown = await town.say("/mine")
    assert sum(label[0].isdigit() for label in town.labels(shown)) == 6
    assert shown["text"].startswith("My questions (8)")
    shown = await town.tap("Later ›")
    assert [label for label in town.labels(shown) if label[0].isdigit()] == [
        "7. What did you do about number 6?",
        "8. What did you do about number 7?",
    ]
    assert await town.press(shown["message_id"], "v1:mine:99") == shown
    assert "1. What did you do" in (await town.tap("‹ Earlier"))["text"]


async def test_the_same_again(town: Street) -> None:
    """A question that is there already is shown, not doubled."""
    await nothing_open(town)
    await kept(town)
    card = await town.say(f"They asked me “{WHY.upper()}”")
    assert card["text"].startswith("You have this one already:")
    assert len(town.rows("own_question")) == 1


async def test_closed_buttons(town: Street) -> None:
    """Numbers of nothing, of a thrown-away draft, and words that are no tone change nothing."""
    await town.enrol()
    card = await town.say(f"They asked me: {WHY}")
    number = town.row("own_question")["own_no"]
    await town.tap("Throw away")
    for action in ("own", "own-keep", "own-words", "own-drop", "own-tone", "own-ask", "own-remove",
                   "own-back", f"own-slip:{number}:bitter", "own-set:hard-questions"):  # fmt: skip
        data = f"v1:{action}" + ("" if ":" in action else f":{number}")
        await town.press(card["message_id"], data)
        assert town.toasts()[-1] == "That card is closed.", action
    assert town.rows("own_question") == []


async def test_changed_after_it_was_thrown_away(town: Street) -> None:
    """New words for a draft that another tap has thrown away are answered, not stored."""
    await town.enrol()
    card = await town.say(f"They asked me: {WHY}")
    number = town.row("own_question")["own_no"]
    await town.tap("Change the words")
    await town.press(card["message_id"], f"v1:own-drop:{number}")
    assert (await town.say("Why after four months?"))["text"].startswith("That question is not")
    assert town.rows("own_question") == []


async def test_in_a_flood_of_forwards(town: Street) -> None:
    """Forty questions forwarded at once are all taken up, and none becomes an answer."""
    await town.enrol()
    for number in range(40):
        content = {"text": f"What about number {number}?", "forward_origin": ORIGIN}
        town.sandbox.world.post(ANN, content)
    await town.settle()
    assert len(town.rows("own_question")) == 40
    assert town.rows("take") == []
    assert "(not kept yet)" in (await town.say("/mine"))["text"]


ORIGIN = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1}


async def test_nobody_elses(town: Street) -> None:
    """Carl sees nothing of what Ann added: not in /mine, not in /sets, not among his questions."""
    await nothing_open(town)
    await kept(town, "What is a canary-4711?")
    await town.enrol(CARL)
    await town.tap("Not now", CARL)
    await town.tap("Skip it", CARL)
    number = town.row("own_question")["own_no"]
    for action in ("own", "own-words", "own-ask", "own-tone", "own-remove"):
        await town.press(town.last(CARL)["message_id"], f"v1:{action}:{number}", CARL)
    for said in ("/mine", "/sets", "/progress", "/help"):
        await town.say(said, CARL)
    await town.later(2 * DAY)
    heard = [call for call in town.calls("sendMessage") if call["chat_id"] == CARL]
    assert heard
    assert not any("canary-4711" in str(call) for call in heard)
