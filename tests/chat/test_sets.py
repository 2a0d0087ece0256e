"""Choosing what to practise, and seeing how far one is."""

from dataclasses import replace

from bot.banks.library import library_of
from tests.chat.banks import bank, question, shelf
from tests.house import DAY, Message, Street, street


async def rate_one(town: Street, tone: str = "4 Professional") -> Message:
    """Answer and rate the question that is open, in writing; returns the rating card."""
    await town.say("I kept two diaries, and nothing was missed.")
    return await town.tap(tone)


async def test_sets_are_shown_with_their_progress_and_a_mark(town: Street) -> None:
    """Every set has a line with its badges, and the one being practised is marked."""
    await town.enrol()
    card = await town.say("/sets")
    assert "● Hard questions: 0 of 32 badges" in card["text"]
    every = len(town.app.library.active("executive-assistant"))
    assert f"○ Executive assistant: 0 of {every} badges" in card["text"]
    assert "Hard questions ✓" in town.labels(card)
    assert town.labels(card)[-3:] == ["All my sets", "Add or change my own", "Ask me one now"]


async def test_many_sets_come_in_pages(town: Street) -> None:
    """Ten at a time, so that a phone shows them; the first page is that of the active set."""
    await town.enrol()
    titles = [bank.title for bank in town.app.library.sets.values()]
    card = await town.say("/sets")
    assert [label.removesuffix(" ✓") for label in town.labels(card)[:10]] == titles[:10]
    assert "‹ Back" not in town.labels(card)
    card = await town.tap("More ›")
    assert town.labels(card)[: len(titles) - 10] == titles[10:]
    assert "More ›" not in town.labels(card)
    card = await town.tap(titles[-1])
    assert f"{titles[-1]} ✓" in town.labels(card)
    assert f"{titles[-1]} ✓" in town.labels(await town.say("/sets"))
    card = await town.tap("‹ Back")
    assert town.labels(card)[:10] == titles[:10]
    await town.press(card["message_id"], "v1:sets:999")
    assert f"{titles[-1]} ✓" in town.labels(town.shown(card["message_id"]))


async def test_a_newcomer_turns_pages_too(town: Street) -> None:
    """The first screen shows ten sets; the rest is one tap away, and nothing is stored by looking."""
    card = await town.say("/start")
    titles = [bank.title for bank in town.app.library.sets.values()]
    assert len(town.labels(card)) == 11
    card = await town.tap("More ›")
    assert town.labels(card)[-2].startswith(titles[-1])
    assert town.row("learner")["active_set"] is None
    await town.tap(town.label("Virtual assistant"))
    await town.tap(town.clock_label())
    assert town.row("learner")["active_set"] == "virtual-assistant"


async def test_one_tap_switches_and_keeps_all_progress(corner: Street) -> None:
    """The badge of a set is still there after practising another one."""
    two = [
        bank("small-set", question()),
        bank("other-set", question("other", "other-set"), title="Other"),
    ]
    corner.app._banks.library = library_of(two)
    await corner.enrol(bank="Small set")
    for _ in range(2):
        await rate_one(corner, "5 Smooth")
        await corner.surprise()
        while corner.app.clock.now() // DAY == corner.row("rating")["rated_at"] // DAY:
            await corner.tap("Not now")
            await corner.tap("Skip it")
            await corner.surprise()
    await rate_one(corner, "5 Smooth")
    await corner.say("/sets")
    card = await corner.tap("Other")
    assert corner.toasts()[-1] == "Now practising: Other"
    assert "○ Small set: 1 of 1 badges" in card["text"]
    assert "● Other: 0 of 1 badges" in card["text"]
    await corner.tap("Ask me one now")
    assert corner.row("drill")["question_id"] == "other"
    await corner.say("/sets")
    card = await corner.tap("Small set")
    assert "● Small set: 1 of 1 badges" in card["text"]


async def test_all_my_sets_mixes_them(town: Street) -> None:
    """With all sets chosen, questions of more than one set come."""
    await town.enrol()
    await town.say("/sets")
    card = await town.tap("All my sets")
    assert "All my sets ✓" in town.labels(card)
    assert card["text"].count("●") == 10
    for _ in range(8):
        await town.tap("Not now")
        await town.tap("Skip it")
        await town.tap("Ask me one now")
    assert len({row["set_id"] for row in town.rows("drill")[1:]}) > 1
    every = len(town.app.library.active("*"))
    assert f"All my sets: 0 of {every} badges" in (await town.say("/progress"))["text"]


async def test_a_switch_leaves_the_open_question(town: Street) -> None:
    """What was asked can still be answered; the next one comes from the new set."""
    await town.enrol()
    await town.say("/sets")
    await town.tap("First impressions")
    await rate_one(town)
    assert town.row("rating")["question_id"] == town.rows("drill")[0]["question_id"]
    await town.say("/drill")
    assert town.row("drill")["set_id"] == "first-impressions"


async def test_a_set_that_is_gone_cannot_be_chosen(town: Street) -> None:
    """A button of a set removed since is answered, and the card shows what there is now."""
    await town.enrol()
    card = await town.say("/sets")
    library = town.app.library
    town.app._banks.library = library_of(
        [one for one in library.sets.values() if one.id != "first-impressions"]
    )
    await town.tap("First impressions")
    assert town.toasts()[-1] == "That card is closed."
    assert "First impressions" not in town.shown(card["message_id"])["text"]
    assert town.row("learner")["active_set"] == "hard-questions"


async def test_practising_a_set_that_is_gone_is_still_named(corner: Street) -> None:
    """Progress of a set without its file is shown under its id, and nothing breaks."""
    await corner.enrol(bank="Small set")
    corner.app._banks.library = library_of([bank("another", question("q-1", "another"))])
    assert "small-set: 0 of 0 badges" in (await corner.say("/progress"))["text"]


async def test_progress_begins_with_what_comes_next(town: Street) -> None:
    """Before the first rating it counts the questions that wait."""
    await town.enrol()
    lines = (await town.say("/progress"))["text"].split("\n")
    assert lines[:2] == [
        "Hard questions: 0 of 32 badges",
        "Next: 32 questions you have not rated yet.",
    ]
    assert lines[2] == "At 3 a day, about 38–63 more days bring 26 of 32 badges."
    assert len(lines) == 3


async def test_progress_names_the_nearest_badge(corner: Street) -> None:
    """On the way to a badge, the next line names the question, the days and the surprise it takes."""
    two = bank("small-set", question("near"), question("far"))
    corner.app._banks.library = library_of([two])
    await corner.enrol(bank="Small set")
    await rate_one(corner, "5 Smooth")
    asked = corner.row("rating")["question_id"]
    lines = (await corner.say("/progress"))["text"].split("\n")
    assert lines[1] == (
        f"Next badge: “What happened with {asked}?” takes one more good day,"
        " at least one of them sprung on you."
    )
    assert lines[-1] == f"3 of 6 · What happened with {asked}?"


async def test_progress_with_every_badge_says_what_remains(corner: Street) -> None:
    """When all badges are earned, spot checks are what comes next."""
    await corner.enrol(bank="Small set")
    await rate_one(corner, "5 Smooth")
    while corner.row("standing")["badge_at"] is None:
        await corner.surprise()
        await rate_one(corner, "5 Smooth")
    lines = (await corner.say("/progress"))["text"].split("\n")
    assert lines == [
        "Small set: 1 of 1 badges",
        "Next: a spot check now and then. Every badge here is yours.",
        "🏆 What happened with why-leaving?",
    ]


async def test_a_long_list_is_cut_to_what_a_message_holds(town: Street) -> None:
    """Sixty long questions fit: the nearest are shown, shortened, and the others counted."""
    ask = "Why " + "& really " * 25 + "so?"
    questions = [replace(question(f"q-{n}"), ask=f"{n} {ask}"[:240]) for n in range(60)]
    async with street(town.folder / "long", library=shelf(*questions)) as long:
        await long.enrol(bank="Small set")
        for _ in range(27):
            await rate_one(long)
            await long.say("/drill")
        said = await long.say("/progress")
        assert len(said["text"]) < 4096
        assert "… and 2 more" in said["text"]
        assert said["text"].count("2 of 6 · ") == 25
        assert long.refusals() == []


async def test_one_question_is_counted_in_the_singular(corner: Street) -> None:
    """One unrated question is one question."""
    await corner.enrol(bank="Small set")
    assert "Next: one question you have not rated yet." in (await corner.say("/progress"))["text"]


async def test_progress_foretells_what_is_left(corner: Street) -> None:
    """The more points there are, the fewer days are foretold; a set that has come so far has none."""
    await corner.enrol(bank="Small set")
    told = [(await corner.say("/progress"))["text"]]
    await rate_one(corner, "5 Smooth")
    told.append((await corner.say("/progress"))["text"])
    assert "At 3 a day, about 2 more days bring 1 of 1 badges." in told[0]
    assert "At 3 a day, about 1–2 more days bring 1 of 1 badges." in told[1]


async def test_a_set_that_loses_its_questions_loses_nobodys_history(corner: Street) -> None:
    """While it is empty nothing can be asked, which is said; once they are back all is as it was."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap("5 Smooth")
    before, library = corner.rows("standing"), corner.app.library
    [full] = library.sets.values()
    gone = tuple(replace(question, retired=True) for question in full.questions)
    for empty in (library_of([replace(full, questions=gone)]), library_of([])):
        corner.app._banks.library = empty
        said = await corner.say("/drill")
        assert said["text"].startswith("There are no questions in this set at the moment.")
        await corner.later(2 * DAY)
        assert corner.rows("standing") == before
        assert corner.row("learner")["next_drill_at"] is not None
    corner.app._banks.library = library
    assert "3 of 6" in (await corner.say("/progress"))["text"]
    await corner.surprise()
    assert corner.row("drill")["question_id"] == full.questions[0].id
