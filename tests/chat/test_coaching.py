"""A learner's side of coaching: the link, the yes to who accepted, what they may have, and the end."""

import pytest

from tests.chat.coached import accepts, coaches, link, spoken, stops
from tests.house import ANN, CARL, HOUR, OLGA, Street


async def test_from_link_to_two_ears(town: Street) -> None:
    """Ann invites, Carl accepts, Ann says yes, Carl hears and rates blind, Ann sees both."""
    await spoken(town)
    payload = await link(town)
    offer = await town.say(f"/start {payload}", CARL)
    assert offer["text"].startswith("“Ann” asks you to be their coach")
    await town.tap("Accept", CARL)
    await town.later(0)
    assert town.last()["text"].startswith("Carl accepted your invitation")
    assert town.calls("sendVoice") == []
    await town.tap("Yes, Carl may")
    await town.tap("Both")
    await town.later(0)
    assert town.last(CARL)["text"].startswith("Ann said yes. You may have: takes and ratings.")
    heard = await town.tap("Hear a take", CARL)
    assert "Ann, take 1 of “" in heard["caption"]
    assert "Smooth" not in heard["caption"]
    assert heard["has_protected_content"]
    assert town.calls("sendVoice")[-1]["voice"] == town.row("take")["file_id"]
    await town.tap("4 Professional", CARL)
    await town.later(0)
    both = town.last()["text"]
    assert both.startswith("Carl heard 4 Professional. You rated 5 Smooth.")
    assert town.labels(town.last()) == ["Hear this take", "Say it again"]
    assert town.refusals() == []


async def test_the_link_is_a_secret_with_two_buttons(town: Street) -> None:
    """At least 128 bits, only a hash on disk; one button copies it, one hands it on."""
    await town.enrol()
    payload = await link(town)
    secret = payload.removeprefix("coach-")
    assert len(secret) * 6 >= 128
    assert secret not in repr(town.rows("coaching"))
    copy, share = town.last()["reply_markup"]["inline_keyboard"][0]
    assert copy["copy_text"]["text"].endswith(f"?start={payload}")
    assert share["url"].startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")


@pytest.mark.parametrize(
    ("how", "seen"),
    [("As Ann", "“Ann” asks you"), ("Without a name", "Somebody asks you")],
)
async def test_who_asks_is_for_the_learner_to_say(town: Street, how: str, seen: str) -> None:
    """The one who opens the link reads the name that was tapped, or none."""
    await town.enrol()
    payload = await link(town, how)
    assert (await town.say(f"/start {payload}", CARL))["text"].startswith(seen)


async def test_a_name_may_be_typed(town: Street) -> None:
    """What is typed is what the coach reads; what is no name is refused, and makes no link."""
    await town.enrol()
    await town.say("/coach")
    await town.tap("Invite a coach")
    assert (await town.say("x" * 41))["text"].startswith("A sender is one line of 40")
    assert town.rows("coaching") == []
    made = await town.say("The one from reception")
    payload = made["text"].split("?start=")[1].split()[0]
    assert (await town.say(f"/start {payload}", CARL))["text"].startswith(
        "“The one from reception”"
    )


async def test_declined(town: Street) -> None:
    """Who declines leaves nothing behind, and the link stays good."""
    await town.enrol()
    payload = await link(town)
    await town.say(f"/start {payload}", CARL)
    assert (await town.tap("Decline", CARL))["text"].startswith("Declined.")
    assert town.rows("learner", CARL) == []
    assert (await town.say(f"/start {payload}", OLGA))["text"].startswith("“Ann” asks you")


async def test_every_way_in_which_a_link_opens_nothing(town: Street) -> None:
    """Used, used by oneself, one's own, taken back, late, made up: each has its own words."""
    await town.enrol()
    payload = await link(town)
    assert (await town.say(f"/start {payload}"))["text"].startswith("This is your own link")
    await accepts(town, payload)
    assert (await town.say(f"/start {payload}", CARL))["text"].startswith("You have accepted this")
    assert (await town.say(f"/start {payload}", OLGA))["text"].startswith("This link was used")
    second = await link(town)
    assert (await town.say(f"/start {second}", CARL))["text"].startswith("You coach whoever made")
    await town.tap("Take it back")
    assert (await town.say(f"/start {second}", OLGA))["text"].startswith("This link was taken back")
    third = await link(town)
    await town.say(f"/start {third}", OLGA)
    await town.later(48 * HOUR + 1)
    await town.tap("Accept", OLGA)
    assert town.toasts()[-1].startswith("This link was good for two days")
    assert (await town.say(f"/start {third}", OLGA))["text"].startswith("This link was good for")
    assert (await town.say("/start coach-x", OLGA))["text"].startswith("This link opens nothing.")


async def test_two_accept_at_once(town: Street) -> None:
    """Of two who tap at the same moment one is asked about; the other hears that it was used."""
    await town.enrol()
    payload = await link(town)
    for person in (CARL, OLGA):
        await town.say(f"/start {payload}", person)
    for person in (CARL, OLGA):
        message_id, data = town.button("Accept", person)
        town.sandbox.world.press(person, message_id, data)
    await town.settle()
    await town.later(0)
    assert "This link was used already; each opens once. Ask for a new one." in town.toasts()
    assert town.row("coaching")["other_id"] in (CARL, OLGA)
    assert sum("accepted your invitation" in m["text"] for m in town.messages()) == 1


async def test_no(town: Street) -> None:
    """The learner says no: nothing was ever shared, the name is forgotten, and the other is told."""
    await spoken(town)
    await accepts(town, await link(town))
    await town.tap("No")
    await town.later(0)
    assert town.last(CARL)["text"].startswith("The coaching is over: Ann.")
    assert town.row("coaching")["coach_name"] is None
    assert town.calls("sendVoice") == []


async def test_nothing_before_the_yes(town: Street) -> None:
    """Who has accepted can hear, see and ask nothing, whatever they press, until the yes is said."""
    await spoken(town)
    await accepts(town, await link(town))
    number = town.row("coaching")["coach_no"]
    screen = town.last(CARL)["message_id"]
    for action in ("pupil", "pupil-hear", "pupil-ratings", "pupil-spring", "pupil-words"):
        await town.later(3000)
        await town.press(screen, f"v1:{action}:{number}", CARL)
        assert town.toasts()[-1].startswith("They have not said yes yet.")
    assert town.calls("sendVoice") == []


async def test_only_what_was_given(town: Street) -> None:
    """Takes alone, or ratings alone: the other is neither offered nor had by a forged button."""
    await coaches(town, "Ratings")
    number = town.row("coaching")["coach_no"]
    assert "Hear a take" not in town.labels(town.last(CARL))
    await town.press(town.last(CARL)["message_id"], f"v1:pupil-hear:{number}", CARL)
    assert town.toasts()[-1] == "They don’t share that with you now."
    assert "5 Smooth · Why are you" in (await town.tap("Their ratings", CARL))["text"]
    await town.say("/coach")
    await town.tap("1. Carl")
    await town.tap("Change")
    await town.tap("Takes")
    await town.later(0)
    assert "Their ratings" not in town.labels(town.last(CARL))
    await town.press(town.last(CARL)["message_id"], f"v1:pupil-ratings:{number}", CARL)
    assert town.toasts()[-1] == "They don’t share that with you now."
    assert town.calls("sendVoice") == []


async def test_somebody_elses_number_opens_nothing(town: Street) -> None:
    """A button with the number of another's coaching does nothing: not for a stranger, not for Ann."""
    await coaches(town)
    number, own = town.row("coaching")["coach_no"], town.row("coaching")["coaching_no"]
    await town.enrol(OLGA)
    screen = town.last(OLGA)["message_id"]
    for data in (f"pupil-hear:{number}", f"pupil-hear:{own}", f"pupil-end:{number}"):
        await town.press(screen, f"v1:{data}", OLGA)
        assert town.toasts()[-1] == "That card is closed."
    for data in (f"coach-end:{own}", f"coach-give:{own}:3"):
        await town.press(screen, f"v1:{data}", OLGA)
        assert town.toasts()[-1].startswith("That is over already.")
    assert town.row("coaching")["state"] == 3


async def test_five_at_most(town: Street) -> None:
    """The sixth coach or open link is refused with what to do."""
    await town.enrol()
    for _ in range(5):
        await link(town)
    await town.say("/coach")
    await town.tap("Invite a coach")
    assert (await town.tap("As Ann"))["text"].startswith("You have 5 coaches or open links")


async def test_an_old_button_makes_no_second_link(town: Street) -> None:
    """The screen of before, pressed again, is closed."""
    await town.enrol()
    await town.say("/coach")
    screen = await town.tap("Invite a coach")
    _, data = town.button("As Ann")
    await town.tap("As Ann")
    await town.later(5000)
    await town.press(screen["message_id"], data)
    assert town.toasts()[-1] == "That card is closed."
    assert len(town.rows("coaching")) == 1


async def test_ended_by_the_learner(town: Street) -> None:
    """From that moment every button of the coach is dead, also one of a take they are listening to."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    listening = town.button("3 Flat", CARL)
    await stops(town)
    assert town.last(CARL)["text"].startswith("The coaching is over: Ann.")
    await town.press(*listening, CARL)
    assert town.toasts()[-1].startswith("That coaching is over.")
    assert town.labels(town.shown(listening[0], CARL)) == []
    assert town.rows("coach_rating") == []
    assert (await town.say("/coach", CARL))["text"].startswith("Hello!")
    assert "nobody" not in town.last()["text"]
    assert town.row("coaching")["coach_name"] is None


async def test_ended_by_the_coach(town: Street) -> None:
    """The learner is told that it is over; what the coach said stays theirs."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    await town.tap("3 Flat", CARL)
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    await town.tap("Stop coaching", CARL)
    await town.later(0)
    assert town.last()["text"].startswith("Carl does not coach you any more.")
    assert len(town.rows("coach_rating")) == 1


@pytest.mark.parametrize(("leaver", "left"), [(ANN, CARL), (CARL, ANN)])
async def test_forgotten_by_either(town: Street, leaver: int, left: int) -> None:
    """Whoever erases themself, nothing between the two stays; the other hears that it is over, not why."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    await town.tap("3 Flat", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap("In my own words", CARL)
    await town.tap("Some time this week", CARL)
    await town.say("What did your last boss say?", CARL)
    await town.later(0)
    await town.say("/forget", leaver)
    if leaver == ANN:
        await town.tap("Erase everything")
        await town.tap("Yes, erase")
    await town.later(0)
    said = town.last(left)["text"]
    assert said.startswith("Carl does not coach" if left == ANN else "The coaching is over: Ann.")
    assert [row for row in town.rows("errand") if row["from_id"] == CARL] == []
    for table in ("coaching", "coach_rating", "wish", "own_question"):
        assert town.rows(table, ANN) + town.rows(table, CARL) == []
    assert town.rows("learner", leaver) == []


async def test_a_coach_who_blocked_the_bot_harms_nobody(town: Street) -> None:
    """What the learner does goes on; the coach, back again, finds how it stands."""
    await coaches(town)
    town.sandbox.world.block(CARL)
    await town.settle()
    await stops(town)
    await spoken(town)
    town.sandbox.world.block(CARL, False)
    await town.settle()
    await town.tap("Hear a take", CARL)
    assert town.toasts()[-1].startswith("That coaching is over.")


async def test_a_learner_who_blocked_the_bot_harms_nobody(town: Street) -> None:
    """The coach may rate, and nothing is sent to who does not want it; springing waits for them."""
    await coaches(town)
    town.sandbox.world.block(ANN)
    await town.settle()
    before = len(town.messages())
    await town.tap("Hear a take", CARL)
    await town.tap("3 Flat", CARL)
    await town.tap("Another take", CARL)
    await town.tap("Spring a question", CARL)
    await town.tap(town.label("1. Why are you", CARL), CARL)
    assert (await town.tap("Now", CARL))["text"].startswith("Ann cannot be asked at present.")
    await town.later(0)
    assert len(town.messages()) == before
    assert town.refusals() == []
