"""First run: three taps to the first question, the clock, the triage."""

import pytest

from bot.banks.library import library_of
from bot.chat import zones
from tests.chat.banks import question, shelf
from tests.house import ANN, CARL, HOUR, MINUTE, Street, street


async def choose_set(town: Street, person: int = ANN) -> None:
    """Start, and the first of the three taps."""
    await town.say("/start", person)
    await town.tap(town.label("Hard questions", person), person)


async def first_rating(town: Street) -> None:
    """Everything up to the first rating."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")


async def test_three_taps_bring_the_first_question(town: Street) -> None:
    """Start, a set and a clock are all it takes until the first card is there."""
    card = await town.enrol()
    assert card["text"].startswith("🎙")
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
    assert sum(1 for m in town.messages(ANN) if m.get("outgoing")) == 1


async def test_the_welcome_offers_every_set_with_its_size(town: Street) -> None:
    """Each set of the library is one button that tells how many questions it has."""
    welcome = await town.say("/start")
    library = town.app.library
    sizes = [f"{one.title} ({len(library.active(one.id))})" for one in library.sets.values()]
    more = await town.tap("More ›")
    assert town.labels(welcome)[:-1] + town.labels(more)[:-1] == sizes


async def test_the_enrolment_says_the_clock_and_the_hours(town: Street) -> None:
    """The card that ends the enrolment names the learner's time, zone, pace and open hours."""
    await town.enrol()
    text = town.messages()[-2]["text"]
    assert "12:00 (London)" in text
    assert "3 surprises a day between 9:00 and 20:00" in text


async def test_the_clock_can_be_found_by_another_time_and_a_city(town: Street) -> None:
    """Another time, then a city with that time, sets a zone that was not on the first screen."""
    await choose_set(town)
    clocks = await town.tap("Another time")
    assert len(town.labels(clocks)) == len(zones.every_time(town.app.clock.now()))
    places = await town.tap("17:45")
    assert "It is 17:45 in these places" in places["text"]
    await town.tap("Kathmandu")
    assert town.row("learner")["zone"] == "Asia/Kathmandu"


async def test_clocks_of_a_minute_ago_are_shown_anew(town: Street) -> None:
    """A time that no clock shows any more brings the list of times as it is now."""
    await choose_set(town)
    await town.tap("Another time")
    message_id, data = town.button("17:45")
    await town.later(MINUTE)
    clocks = await town.press(message_id, data)
    assert "17:46" in town.labels(clocks)
    assert town.row("learner")["zone"] is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("  new   YORK ", "America/New_York"),
        ("Europe/Vienna", "Europe/Vienna"),
        ("Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ],
)
async def test_a_typed_city_sets_the_clock(town: Street, typed: str, zone: str) -> None:
    """A city is understood however it is written, and brings the first question."""
    await choose_set(town)
    card = await town.say(typed)
    assert town.row("learner")["zone"] == zone
    assert town.labels(card) == ["Hint", "Swap", "Not now"]


async def test_an_unknown_city_is_said_and_can_be_corrected(town: Street) -> None:
    """A city nobody knows is named in the answer, and the next one typed still counts."""
    await choose_set(town)
    answer = await town.say("Little <Snoring> & co")
    assert "“Little <Snoring> & co”" in answer["text"]
    assert town.labels(answer) == ["Another time"]
    await town.say("London")
    assert town.row("learner")["zone"] == "Europe/London"


async def test_the_likeliest_clocks_follow_the_language(town: Street) -> None:
    """Somebody whose phone speaks German is offered Berlin's time first."""
    heidi = town.sandbox.world.add_person("Heidi", "de").id
    await choose_set(town, heidi)
    assert town.labels(town.last(heidi))[0] == "13:00"


@pytest.mark.parametrize("said", ["/drill", "/settings", "hello", "4"])
async def test_whoever_has_not_begun_is_shown_the_way(town: Street, said: str) -> None:
    """Anything said before the enrolment brings the first screen."""
    welcome = await town.say(said)
    assert welcome["text"].startswith("Hello!")
    assert town.labels(welcome)


async def test_start_in_the_middle_begins_again(town: Street) -> None:
    """/start after the set was chosen shows the sets once more."""
    await choose_set(town)
    welcome = await town.say("/start")
    assert town.label("Hard questions") in town.labels(welcome)


async def test_start_welcomes_back(town: Street) -> None:
    """/start of somebody who is enrolled asks nothing again, and says how things stand."""
    await town.enrol()
    again = await town.say("/start")
    assert "Everything is where you left it" in again["text"]
    assert "Surprises are on" in again["text"]
    await town.say("/pause")
    await town.tap("Until I resume")
    assert "Surprises are paused" in (await town.say("/start"))["text"]


async def test_an_old_first_screen_switches_the_set(town: Street) -> None:
    """A set tapped on a forgotten welcome card is switched to, with a next step, and no question."""
    welcome = await town.say("/start")
    _, other = town.button(town.label("Executive assistant"))
    await town.enrol()
    await town.press(welcome["message_id"], other)
    shown = town.shown(welcome["message_id"])
    assert shown["text"] == "Now practising: Executive assistant"
    assert "Ask me one now" in town.labels(shown)
    assert len(town.rows("drill")) == 1


async def test_a_set_that_is_gone_brings_the_sets_there_are(town: Street) -> None:
    """A set that was removed between the screen and the tap is said to be closed; the rest is offered."""
    welcome = await town.say("/start")
    shown = await town.press(welcome["message_id"], "v1:first:gone-since")
    assert town.toasts()[-1] == "That card is closed."
    assert town.labels(shown) == town.labels(welcome)


async def test_without_any_bank_there_is_nothing_to_choose(town: Street) -> None:
    """An installation whose banks are all broken says so instead of showing an empty screen."""
    async with street(town.folder / "bare", library=library_of([])) as bare:
        said = await bare.say("/start")
        assert said["text"]
        assert bare.labels(said) == []
        assert bare.refusals() == []


async def test_the_triage_is_offered_once_after_the_first_rating(town: Street) -> None:
    """The first rating offers it, later ones do not."""
    await first_rating(town)
    assert "10 taps" in town.last()["text"]
    await town.tap("Not now")
    assert town.last()["text"].startswith("Fine.")
    await town.tap("Ask me one now")
    await town.voice()
    await town.tap("4 Professional")
    assert not any("taps:" in m["text"] for m in town.messages()[-2:] if "text" in m)


async def test_the_triage_asks_ten_questions_and_keeps_each_feeling(town: Street) -> None:
    """Ten taps at most; dread makes a question weaker than one that is fine, and no rating is made."""
    await first_rating(town)
    known = {row["question_id"] for row in town.rows("standing")}
    card = await town.tap("Yes, go through them")
    for number in range(1, 11):
        assert f"{number} of 10" in card["text"]
        card = await town.tap("1 Dread" if number % 2 else "5 Bring it on")
    assert card["text"].startswith("Thank you")
    felt = [row for row in town.rows("standing") if row["question_id"] not in known]
    assert sorted({round(row["strength"], 3) for row in felt}) == [0.4, 0.6]
    assert len(felt) == 10
    assert len(town.rows("rating")) == 1


async def test_the_triage_never_asks_one_question_twice(town: Street) -> None:
    """Each of the ten cards shows another question."""
    await first_rating(town)
    shown = [(await town.tap("Yes, go through them"))["text"].split("\n")[-1]]
    shown += [(await town.tap("3 So-so"))["text"].split("\n")[-1] for _ in range(9)]
    assert len(set(shown)) == 10


async def test_a_triage_tap_that_comes_twice_counts_once(town: Street) -> None:
    """The tap of an earlier card changes nothing, and shows the card that is on."""
    await first_rating(town)
    await town.tap("Yes, go through them")
    message_id, data = town.button("1 Dread")
    second = await town.tap("1 Dread")
    felt = town.rows("standing")
    await town.later(MINUTE)
    assert (await town.press(message_id, data))["text"] == second["text"]
    assert "2 of 10" in second["text"]
    assert town.rows("standing") == felt


async def test_a_triage_that_is_over_is_closed(town: Street) -> None:
    """A feeling without a triage under way, or one that is none, has no effect."""
    await first_rating(town)
    before = town.rows("standing")
    for data in ("v1:feel:0:1", "v1:feel:0:9", "v1:feel", "v1:feel:x:y"):
        await town.press(town.last()["message_id"], data)
        assert town.toasts()[-1] == "That card is closed."
    assert town.rows("standing") == before


async def test_a_small_set_ends_the_triage_early(town: Street) -> None:
    """When every question is known, the triage thanks and stops."""
    async with street(town.folder / "small", library=shelf(question())) as small:
        await small.enrol(bank="Small set")
        await small.voice()
        await small.tap("3 Flat")
        done = await small.tap("Yes, go through them")
        assert done["text"].startswith("Thank you")


async def test_two_people_enrol_side_by_side(town: Street) -> None:
    """What one chooses is not the other's."""
    await town.enrol()
    await town.enrol(CARL, "First impressions")
    assert town.row("learner", ANN)["active_set"] == "hard-questions"
    assert town.row("learner", CARL)["active_set"] == "first-impressions"


async def test_surprises_begin_after_the_enrolment(town: Street) -> None:
    """Once the first question is over, the next one is planned without being asked for."""
    await town.enrol()
    await town.later(2 * HOUR)
    assert town.row("learner")["next_drill_at"] > town.app.clock.now()
