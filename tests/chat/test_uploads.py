"""A question set as a document: shown before it changes anything, live after a tap, undone by another."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.banks.library import load_library
from bot.banks.reader import MAX_BYTES
from bot.clock import Clock
from bot.practice import Transaction, publish
from bot.sandbox.shapes import Upload
from bot.store.database import Conflict
from bot.store.tables import DrillState, UploadState
from bot.wire.sender import Sender
from tests.banks.examples import Fields, bank, line_of, question, write, yaml_of
from tests.house import ANN, CARL, HOUR, OLGA, Street, Unhurried, street

OFFICE = "office-days"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two sets of fifteen questions."""
    made = tmp_path / "banks"
    made.mkdir()
    write(made, bank(OFFICE, title="Office days"))
    write(made, bank("front-desk", title="Front desk"))
    return made


@pytest.fixture
async def firm(tmp_path: Path, folder: Path) -> AsyncIterator[Street]:
    """A street that practises these; Olga and Carl own the bot."""
    async with opened(tmp_path, folder) as made:
        yield made


def opened(tmp_path: Path, folder: Path) -> AbstractAsyncContextManager[Street]:
    """The street, on the same data each time."""
    library, problems = load_library([folder])
    assert not problems
    return street(tmp_path, library=library, environ={"SPRUNG_OWNERS": f"{OLGA},{CARL}"})


def edited(number: int = 1, set_id: str = OFFICE, **changes: Any) -> Fields:
    """Office days with one question changed; to None: left out."""
    questions = [question(n, id=f"{set_id}-{n}") for n in range(1, 16)]
    questions[number - 1] |= changes
    return bank(set_id, questions, title="Office days")


def without(*numbers: int) -> Fields:
    """Office days without some questions."""
    fields = bank(OFFICE, title="Office days")
    fields["questions"] = [q for n, q in enumerate(fields["questions"], 1) if n not in numbers]
    return fields


def emptied(set_id: str, title: str) -> Fields:
    """A set all of whose questions are retired."""
    fields = bank(set_id, title=title)
    for one in fields["questions"]:
        one["retired"] = True
    return fields


NEW_ASK = "Two directors and a bishop want the same room. What do you do?"


async def live(firm: Street, fields: Fields, person: int = OLGA) -> str:
    """Send a set and put it live; returns what the card says then."""
    await firm.document(yaml_of(fields), person, name=f"{fields['set']}.yaml")
    return str((await firm.tap("Put it live", person))["text"])


def versions(firm: Street) -> list[tuple[str, int, bool]]:
    """What is stored of sets that went live: id, version, whether it was undone."""
    with closing(sqlite3.connect(firm.app.settings.database_path)) as connection:
        found = connection.execute("SELECT set_id, version_no, undone_at FROM bank")
        return [(set_id, version, undone is not None) for set_id, version, undone in found]


def asks(firm: Street, question_id: str) -> str:
    """How a question is put now."""
    found = firm.app.library.question(question_id)
    assert found is not None
    return found.ask


async def test_a_summary_first(firm: Street) -> None:
    """Title, questions, what is new, changed, retired and removed, who practises it; nothing has changed."""
    await firm.enrol(ANN, "Office days")
    fields = edited(1, ask=NEW_ASK)
    fields["questions"][1]["retired"] = True
    fields["questions"][2:4] = [question(99, id="office-days-99")]
    before = firm.app.library
    card = await firm.document(yaml_of(fields), name="office-days.yaml")
    assert card["text"].split("\n")[:6] == [
        "Office days (office-days), 13 questions to ask",
        "New: 1 (office-days-99)",
        "Changed: 1 (office-days-1)",
        "Retired: 1 (office-days-2)",
        "Removed: 2 (office-days-3, office-days-4)",
        "One learner has it active; what they answered and earned stays.",
    ]
    assert "Worth a look, but not in the way: 1" in card["text"]
    assert "13 to be asked; a set should have 15 or more" in card["text"]
    assert card["text"].endswith("Nothing has changed yet. Put it live?")
    assert firm.labels(card) == ["Put it live", "Leave it"]
    assert card["reply_to_message"]["message_id"] == firm.mine(OLGA)["message_id"]
    assert firm.app.library is before
    assert firm.refusals() == []


async def test_live_after_one_tap(firm: Street) -> None:
    """The tap makes it version 1 here, for every learner from then on, and the other owner hears of it."""
    await firm.enrol(ANN, "Office days")
    await firm.say("/start", CARL)
    said = await live(firm, edited(1, ask=NEW_ASK))
    assert said.startswith("Live: Office days, version 1 here.")
    assert asks(firm, "office-days-1") == NEW_ASK
    assert [*firm.app.library.sets] == ["front-desk", OFFICE]
    assert firm.last(CARL)["text"].startswith("Another owner has changed the question set “Office")
    assert "/owner" in firm.last(CARL)["text"]
    assert firm.row("upload", OLGA)["state"] == UploadState.LIVE
    assert firm.row("upload", OLGA)["text"] is None
    assert firm.refusals() == []


async def test_a_renamed_question_is_a_changed_one(firm: Street) -> None:
    """A new id that names the former one is neither new nor removed."""
    fields = edited(1, id="boardroom-clash", renamed_from=["office-days-1"])
    card = await firm.document(yaml_of(fields), name="office-days.yaml")
    assert "Changed: 1 (boardroom-clash)" in card["text"]
    assert "Removed" not in card["text"]
    assert "New" not in card["text"]


async def test_a_set_that_says_the_same(firm: Street) -> None:
    """It is said that nothing would change, and of a set of a new name that it is new."""
    same = await firm.document(yaml_of(bank(OFFICE, title="Office days")), name=f"{OFFICE}.yaml")
    assert "It asks just what runs now." in same["text"]
    new = await firm.document(yaml_of(bank("night-shift")), name="night-shift.yml")
    assert "A new set: none of this name runs now." in new["text"]
    assert "Nobody has it active." in new["text"]


async def test_undone_version_by_version(firm: Street) -> None:
    """Undo leads to the version before, then to what came with the bot; numbers are never used again."""
    await live(firm, edited(1, ask=NEW_ASK))
    await live(firm, edited(1, ask="What is the third way to share a room?"))
    back = await firm.tap("Undo", OLGA)
    assert back["text"] == "Taken back: “Office days” is version 1 again."
    assert asks(firm, "office-days-1") == NEW_ASK
    card = await firm.say("/owner", OLGA)
    assert "Sent by an owner: Office days, version 1 here" in card["text"]
    back = await firm.tap("Undo Office days", OLGA)
    assert back["text"] == "Taken back: “Office days” is again the one that came with the bot."
    assert asks(firm, "office-days-1").startswith("Two directors want room 1")
    await live(firm, edited(1, ask=NEW_ASK))
    assert versions(firm) == [(OFFICE, 1, True), (OFFICE, 2, True), (OFFICE, 3, False)]


async def test_a_set_that_was_new_is_gone_after_undo(firm: Street) -> None:
    """Who had chosen it keeps what they did, and hears once that there is nothing to ask."""
    await live(firm, bank("night-shift", title="Night shift"))
    await firm.enrol(ANN, "Night shift")
    await firm.say("I ask both.")
    await firm.tap("4 Professional")
    back = await firm.tap("Undo", OLGA)
    assert back["text"].startswith("Taken back: “Night shift” is gone")
    assert "night-shift" not in firm.app.library.sets
    assert len(firm.rows("rating", ANN)) == 1
    assert firm.row("standing", ANN)["points"] == 2
    told = await firm.surprise(ANN)
    assert told["text"].startswith("“night-shift” has no questions at the moment")
    assert firm.labels(told) == ["Question sets"]
    seen = len(firm.messages(ANN))
    for _ in range(3):
        await firm.surprise(ANN)
    assert len(firm.messages(ANN)) == seen
    await firm.tap("Question sets")
    await firm.tap("Office days")
    assert "🎙" in (await firm.surprise(ANN))["text"]


async def test_a_set_that_loses_all_its_questions(firm: Street) -> None:
    """The owner is warned before the tap; learners keep all, hear it once, and go on when one comes back."""
    await firm.enrol(ANN, "Office days")
    await firm.say("I ask both.")
    await firm.tap("5 Smooth")
    card = await firm.document(yaml_of(emptied(OFFICE, "Office days")), name="office-days.yaml")
    assert "Nothing in it is left to ask." in card["text"]
    await firm.tap("Put it live", OLGA)
    assert "“Office days” has no questions" in (await firm.surprise(ANN))["text"]
    assert (await firm.say("/drill"))["text"].startswith("There are no questions in this set")
    assert len(firm.rows("rating", ANN)) == 1
    await firm.tap("Undo", OLGA)
    assert "🎙" in (await firm.say("/drill"))["text"]


async def test_another_set_without_questions(firm: Street) -> None:
    """Who was told and chose another set is told again if that one is empty as well."""
    await firm.enrol(ANN, "Office days")
    await firm.say("I ask both.")
    await live(firm, emptied(OFFICE, "Office days"))
    await live(firm, emptied("front-desk", "Front desk"))
    assert "“Office days” has no questions" in (await firm.surprise(ANN))["text"]
    await firm.tap("Question sets")
    await firm.tap("Front desk")
    assert "“Front desk” has no questions" in (await firm.surprise(ANN))["text"]


async def test_an_upload_during_a_drill(firm: Street) -> None:
    """A question that is open stays open, is answered and rated, even if the upload removes it."""
    await firm.enrol(ANN, "Office days")
    asked = firm.row("drill", ANN)["question_id"]
    number = int(asked.rpartition("-")[2])
    await live(firm, without(number))
    assert firm.app.library.question(asked) is None
    await firm.say("I ask both what each meeting is for.")
    await firm.tap("4 Professional")
    drill = firm.row("drill", ANN)
    assert (drill["state"], drill["question_id"]) == (DrillState.RATED, asked)
    assert firm.rows("standing", ANN)[0]["points"] == 2
    assert "🎙" in (await firm.say("/drill"))["text"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"# nothing yet", "office-days.yaml:1:1 the file is empty"),
        (b"\xff\xfes\x00e\x00t\x00", "office-days.yaml:1:1 the file is UTF-16"),
        (b"set: a\n\tb: c\n", "office-days.yaml:2:1 a tab; it should be spaces"),
        (b"\x80\x81 not text", "office-days.yaml:1:1 byte 0x80 is not UTF-8"),
        (b"a: &a [x]\nb: [*a, *a, *a]\n", "office-days.yaml:1:4 `&a` names this place"),
        (b"[" * 1000, "nested more than"),
        (b"x: 1\n" * 20_000, "is here twice"),
        (b"- x\n" * 60_000, "more than"),
        (b"<!-- --><html>", "office-days.yaml:1:"),
    ],
)
async def test_what_is_no_set(firm: Street, content: bytes, told: str) -> None:
    """Every wrong file is named with line and column, at most a dozen of them; no button, nothing changed."""
    before = firm.app.library
    card = await firm.document(content, name="office-days.yaml")
    assert card["text"].startswith("I can’t use office-days.yaml yet. Nothing has changed")
    assert told in card["text"]
    assert card["text"].count("office-days.yaml:") <= 12
    assert firm.labels(card) == []
    assert firm.app.library is before
    assert firm.row("upload", OLGA)["state"] == UploadState.REFUSED
    assert firm.refusals() == []


async def test_each_problem_has_its_line_and_column(firm: Street) -> None:
    """The dozen that are shown are the first ones, each as the reader says it, and the rest is counted."""
    fields = bank(OFFICE)
    for one in fields["questions"]:
        one["seconds"] = 7
    text = yaml_of(fields)
    card = await firm.document(text, name="office-days.yaml")
    lines = [line for line in card["text"].split("\n") if line.startswith("office-days.yaml:")]
    assert len(lines) == 12
    first = line_of(text, "seconds: 7")
    assert lines[0].startswith(f"office-days.yaml:{first}:12 `seconds` is `7`; it should be")
    assert card["text"].endswith("… and 3 more")


async def test_the_longest_summary_fits_into_a_message(firm: Street) -> None:
    """The longest ids, names and titles, every kind of change, and more doubts than are shown."""
    name = "z" * 64

    def asked(kind: str, words: str) -> list[Fields]:
        ids = [f"{kind}-{number}".ljust(64, "x") for number in range(10, 30)]
        return [question(n, id=one, scene="room", ask=words) for n, one in enumerate(ids)]

    first = [
        *asked("changed", "W" * 240),
        *asked("retired", "W" * 240),
        *asked("removed", "W" * 240),
    ]
    await live(firm, bank(name, first, title="<&>" * 20))
    second = [*asked("changed", "M" * 240), *asked("retired", "W" * 240), *asked("new", "W" * 240)]
    for one in second[20:40]:
        one["retired"] = True
    raw = yaml_of(bank(name, second, title="<&>" * 20))
    card = await firm.document(raw, name="&" * 200 + name + ".yaml")
    assert all(f"{kind}: 20 (" in card["text"] for kind in ("New", "Changed", "Retired", "Removed"))
    assert "more" in card["text"].split("\n")[-3]
    assert len(card["text"]) <= 4096
    assert firm.refusals() == []


async def test_an_id_too_long_for_a_button(firm: Street) -> None:
    """The set of the longest id is taken back as any other."""
    await live(firm, bank("z" * 64, [question()], title="Longest"))
    assert (await firm.tap("Undo", OLGA))["text"].startswith("Taken back: “Longest” is gone")


async def test_windows_line_ends_and_a_mark_at_the_beginning_do_no_harm(firm: Street) -> None:
    """A file from Notepad goes live as any other, and still does after a restart."""
    raw = b"\xef\xbb\xbf" + yaml_of(edited(1, ask=NEW_ASK)).replace("\n", "\r\n").encode()
    await firm.document(raw, name="office-days.yaml")
    await firm.tap("Put it live", OLGA)
    assert asks(firm, "office-days-1") == NEW_ASK


async def test_ids_of_other_sets_are_taken(firm: Street) -> None:
    """A question that another set has is named with its line and where it is; nothing changes."""
    fields = edited(3, id="front-desk-2")
    text = yaml_of(fields)
    card = await firm.document(text, name="office-days.yaml")
    line = line_of(text, "id: front-desk-2")
    assert f"office-days.yaml:{line}:7 `front-desk-2` is taken by a question in" in card["text"]
    assert firm.labels(card) == []


async def test_too_large(firm: Street) -> None:
    """What Telegram says is too large is not fetched; what lies about its size is cut off while it comes."""
    large = await firm.document(b"#" * (MAX_BYTES + 1))
    assert large["text"].startswith("That file is larger than 256 KiB")
    assert firm.calls("getFile") == []
    kept = firm.sandbox.world.files.keep(
        "document", Upload("a.yaml", "text/yaml", b"#" * (MAX_BYTES + 1))
    )
    lying = await firm.post({"document": kept.content | {"file_size": 7}}, OLGA)
    assert lying["text"].startswith("That file is larger than 256 KiB")
    assert len(firm.calls("getFile")) == 1
    assert firm.row("upload", OLGA)["state"] == UploadState.REFUSED


async def test_only_owners(firm: Street) -> None:
    """For anybody else a YAML file is what any document is, and an owner's other files are so too."""
    await firm.enrol(ANN, "Office days")
    await firm.tap("Not now")
    await firm.tap("Skip it")
    said = await firm.document(yaml_of(edited(1, ask=NEW_ASK)), ANN, name="office-days.yaml")
    assert said["text"].startswith("I can keep voice, round video")
    assert firm.rows("upload", ANN) == []
    await firm.enrol(OLGA, "Office days")
    await firm.tap("Not now", OLGA)
    await firm.tap("Skip it", OLGA)
    said = await firm.document(b"%PDF", OLGA, name="office-days.pdf")
    assert said["text"].startswith("I can keep voice, round video")


async def test_nobody_else_presses_the_buttons(firm: Street) -> None:
    """Forged presses of a learner do nothing, and one owner's buttons are not another's."""
    await firm.enrol(ANN, "Office days")
    card = await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    _, data = firm.button("Put it live", OLGA)
    for person in (ANN, CARL):
        for forged in (data, data.replace("put-live", "drop-set"), "v1:undo-set:office-days:1"):
            await firm.press(card["message_id"], forged, person)
            assert firm.toasts()[-1] in (
                "That card is closed.",
                "Another version runs by now. /owner shows which.",
            )
    assert versions(firm) == []
    await firm.tap("Put it live", OLGA)
    await firm.later(HOUR)
    await firm.press(card["message_id"], "v1:undo-set:office-days:1", ANN)
    assert firm.toasts()[-1] == "That card is closed."
    assert versions(firm) == [(OFFICE, 1, False)]


async def test_a_double_tap(firm: Street) -> None:
    """Two taps on confirm, at once or minutes apart, make one version."""
    await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    message_id, data = firm.button("Put it live", OLGA)
    await firm.double_tap("Put it live", OLGA)
    await firm.later(HOUR)
    await firm.press(message_id, data, OLGA)
    assert firm.toasts()[-1] == "That card is closed."
    assert versions(firm) == [(OFFICE, 1, False)]


async def test_two_owners_at_once(firm: Street) -> None:
    """Both send, both tap at the same moment: one goes live, the other is shown how it stands now."""
    for person, ask in ((OLGA, NEW_ASK), (CARL, "Whose room is it on a Friday at noon?")):
        await firm.document(yaml_of(edited(1, ask=ask)), person, name="office-days.yaml")
    cards = {person: firm.button("Put it live", person)[0] for person in (OLGA, CARL)}
    for person in cards:
        firm.sandbox.world.tap(person, "Put it live")
    await firm.settle()
    assert versions(firm) == [(OFFICE, 1, False)]
    texts = {person: firm.shown(card, person)["text"] for person, card in cards.items()}
    [late] = [p for p, text in texts.items() if text.startswith("Something else runs by now")]
    assert "Changed: 1 (office-days-1)" in texts[late]
    await firm.later(HOUR)
    await firm.tap("Put it live", late)
    assert versions(firm) == [(OFFICE, 1, False), (OFFICE, 2, False)]


async def test_two_owners_at_the_same_moment(firm: Street) -> None:
    """Whatever was decided before the other's commit is not written after it, be it a tap or an undo."""
    for person in (OLGA, CARL):
        await firm.document(yaml_of(edited(1, ask=NEW_ASK)), person, name="office-days.yaml")
    taps = []
    for person in (OLGA, CARL):
        _, _, number, rests_on = firm.button("Put it live", person)[1].split(":")
        tx = await Transaction.begin(firm.app.database, person, firm.app.clock.now())
        assert isinstance(
            await publish.put_live(tx, firm.app.library, int(number), rests_on), publish.Live
        )
        taps.append(tx)
    await taps[0].commit()
    with pytest.raises(Conflict):
        await taps[1].commit()
    await firm.app._rebuild()
    await firm.document(yaml_of(without(4)), CARL, name="office-days.yaml")
    _, _, number, rests_on = firm.button("Put it live", CARL)[1].split(":")
    tap = await Transaction.begin(firm.app.database, CARL, firm.app.clock.now())
    assert await publish.put_live(tap, firm.app.library, int(number), rests_on)
    undo = await Transaction.begin(firm.app.database, OLGA, firm.app.clock.now())
    assert await publish.undo(undo, firm.app.library, OFFICE, 1)
    await undo.commit()
    with pytest.raises(Conflict):
        await tap.commit()
    assert versions(firm) == [(OFFICE, 1, True)]


async def test_a_confirm_after_a_newer_upload(firm: Street) -> None:
    """An older card's tap shows first what it would do to what runs by now."""
    await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    older, data = firm.button("Put it live", OLGA)
    await live(firm, without(7))
    await firm.press(older, data, OLGA)
    card = firm.shown(older, OLGA)
    assert card["text"].startswith("Something else runs by now than what this was compared with.")
    assert "New: 1 (office-days-7)" in card["text"]
    assert versions(firm) == [(OFFICE, 1, False)]
    await firm.press(older, data, OLGA)
    assert versions(firm) == [(OFFICE, 1, False)], "the old button rests on what does not run"


async def test_a_late_undo(firm: Street) -> None:
    """The undo of a version that does not run any more changes nothing and says so."""
    await live(firm, edited(1, ask=NEW_ASK))
    message_id, data = firm.button("Undo", OLGA)
    await live(firm, edited(1, ask="What is the third way to share a room?"))
    await firm.press(message_id, data, OLGA)
    assert firm.toasts()[-1] == "Another version runs by now. /owner shows which."
    assert asks(firm, "office-days-1").startswith("What is the third way")


async def test_an_undo_whose_ids_were_taken_since(firm: Street) -> None:
    """It changes nothing, names the clash, and works once that set is taken back."""
    await live(firm, without(5))
    message_id, data = firm.button("Undo", OLGA)
    moved = bank("night-shift", title="Night shift")
    moved["questions"][0]["id"] = "office-days-5"
    await live(firm, moved)
    said = await firm.press(message_id, data, OLGA)
    assert said["text"].startswith("“Office days” can’t go back")
    assert "`office-days-5` is taken by a question in" in said["text"]
    assert {*firm.app.library.sets} == {OFFICE, "front-desk", "night-shift"}
    await firm.say("/owner", OLGA)
    await firm.tap("Undo Night shift", OLGA)
    await firm.later(HOUR)
    await firm.press(message_id, data, OLGA)
    assert asks(firm, "office-days-5").startswith("Two directors want room 5")


async def test_left_alone(firm: Street) -> None:
    """Leave it closes the card, keeps no copy, and the tap that would put it live comes too late."""
    await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    message_id, data = firm.button("Put it live", OLGA)
    said = await firm.tap("Leave it", OLGA)
    assert said["text"] == "Left alone. Nothing has changed."
    assert firm.row("upload", OLGA)["text"] is None
    await firm.press(message_id, data, OLGA)
    assert versions(firm) == []


async def test_an_owner_who_never_pressed_start(firm: Street) -> None:
    """The first thing an owner ever sends may be a set, and it goes live."""
    assert firm.rows("learner", OLGA) == []
    assert (await live(firm, edited(1, ask=NEW_ASK))).startswith("Live: Office days")


async def test_what_telegram_does_not_hand_out(firm: Street) -> None:
    """What is gone is given up at once; what cannot be had for an hour is then; both are said."""
    fault: dict[str, Any] = {"method": "getFile", "status": 400, "times": 1}
    firm.sandbox.faults.add(fault)
    said = await firm.document("set: x", name="a.yaml")
    assert said["text"].startswith("Telegram did not hand that document out.")
    firm.sandbox.faults.add(fault | {"status": 502, "times": 100})
    await firm.document("set: x", name="b.yaml")
    assert firm.row("upload", OLGA)["state"] == UploadState.WANTED
    await firm.later(HOUR + 1)
    assert firm.row("upload", OLGA)["state"] == UploadState.REFUSED
    assert firm.last(OLGA)["text"].startswith("Telegram did not hand that document out.")


async def restarted(firm: Street, **settings: Any) -> None:
    """The process dies and another takes over, which knows nothing but what is on disk."""
    old = firm.app
    await old.end()
    app = App(
        old.settings.model_copy(update=settings),
        old.database,
        old._banks.folders,
        Clock(wall=firm.wall),
    )
    app.sender = Sender(
        old.database, app.api, app.clock, app.health, Unhurried(), blocked=app.occasions.blocked
    )
    await app.begin()
    firm.app = app
    await firm.settle()


async def test_a_death_between_any_two_steps(firm: Street) -> None:
    """Not fetched yet, shown but not confirmed, confirmed but not read again: each goes on where it was."""
    await restarted(firm)
    firm.sandbox.faults.add({"method": "getFile", "status": 502, "times": 1})
    await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    assert firm.row("upload", OLGA)["state"] == UploadState.WANTED
    await restarted(firm)
    assert firm.row("upload", OLGA)["state"] == UploadState.PROPOSED
    message_id, data = firm.button("Put it live", OLGA)
    await restarted(firm)
    _, number, rests_on = data.split(":", 1)[1].split(":")
    tx = await Transaction.begin(firm.app.database, OLGA, firm.app.clock.now())
    assert await publish.put_live(tx, firm.app.library, int(number), rests_on)
    await tx.commit()
    assert asks(firm, "office-days-1") != NEW_ASK
    await restarted(firm)
    assert asks(firm, "office-days-1") == NEW_ASK
    await firm.press(message_id, data, OLGA)
    assert firm.toasts()[-1] == "That card is closed."
    await firm.say("/owner", OLGA)
    undo = firm.button("Undo Office days", OLGA)
    await restarted(firm)
    await firm.press(*undo, OLGA)
    await restarted(firm)
    assert asks(firm, "office-days-1").startswith("Two directors want room 1")
    assert versions(firm) == [(OFFICE, 1, True)]
    await firm.app.end()


async def test_who_is_no_owner_any_more(firm: Street) -> None:
    """What they sent is not judged, what they were shown does not go live, and nothing is taken back."""
    await firm.document(yaml_of(edited(1, ask=NEW_ASK)), name="office-days.yaml")
    card = firm.button("Put it live", OLGA)
    firm.sandbox.faults.add({"method": "getFile", "status": 502, "times": 1})
    await firm.document(yaml_of(edited(2, ask=NEW_ASK)), name="office-days.yaml")
    seen = len(firm.messages(OLGA))
    await restarted(firm, owners=frozenset({CARL}))
    assert firm.row("upload", OLGA)["state"] == UploadState.REFUSED
    await firm.press(*card, OLGA)
    assert firm.toasts()[-1] == "That card is closed."
    assert len(firm.messages(OLGA)) == seen
    assert versions(firm) == []
    await firm.app.end()


async def test_a_surprise_that_does_not_come(firm: Street) -> None:
    """One found late is drawn anew without a word: only a set without questions is spoken of."""
    await firm.enrol(ANN, "Office days")
    await firm.say("I ask both.")
    seen = len(firm.messages(ANN))
    await firm.jump(firm.row("learner", ANN)["next_drill_at"] - firm.app.clock.now() + HOUR)
    assert len(firm.messages(ANN)) == seen


async def test_a_document_that_trips_the_judge(
    firm: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake of the bot's own is told and logged; it neither repeats for ever nor stops the bot."""

    async def trip(*_: object) -> None:
        raise RuntimeError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "judge", trip)
        said = await firm.document(yaml_of(edited()), name="office-days.yaml")
    assert said["text"].startswith("Something went wrong on my side with that document")
    assert firm.row("upload", OLGA)["state"] == UploadState.REFUSED
    assert (await live(firm, edited(1, ask=NEW_ASK))).startswith("Live:")


async def test_a_set_that_a_new_release_cannot_read(firm: Street) -> None:
    """The shipped set takes its place, the owners are told why, and it can be taken back."""
    await firm.say("/start", OLGA)
    await live(firm, edited(1, ask=NEW_ASK))
    with closing(sqlite3.connect(firm.app.settings.database_path)) as connection, connection:
        connection.execute("UPDATE bank SET text = replace(text, 'seconds: 90', 'seconds: 9')")
    await restarted(firm)
    assert asks(firm, "office-days-1").startswith("Two directors want room 1")
    assert "`seconds` is `9`" in firm.last(OLGA)["text"]
    await firm.app.end()


async def test_the_file_watch_goes_on_beside_it(firm: Street, folder: Path) -> None:
    """An edited folder is live under the uploads; of ids that clash the edited file is the one to blame."""
    await firm.say("/start", OLGA)
    await live(firm, edited(1, ask=NEW_ASK))
    write(folder, edited(2, "front-desk", ask="Who sits at the front desk at noon?"))
    write(folder, edited(1, OFFICE, ask="What the folder says by now, unheard."))
    await firm.app._edited(load_library([folder], firm.app._banks.folders)[0])
    assert asks(firm, "front-desk-2") == "Who sits at the front desk at noon?"
    assert asks(firm, "office-days-1") == NEW_ASK
    await live(firm, bank("night-shift", title="Night shift"))
    write(folder, edited(2, "front-desk", id="night-shift-1"))
    await firm.app._edited(load_library([folder], firm.app._banks.folders)[0])
    await firm.settle()
    assert "`night-shift-1` is taken by a question in" in "".join(
        m.get("text", "") for m in firm.messages(OLGA)
    )
    assert asks(firm, "front-desk-2") == "Who sits at the front desk at noon?"
    assert asks(firm, "night-shift-1").startswith("Two directors")


async def test_an_owner_who_is_erased(firm: Street) -> None:
    """What they sent and did not put live is gone; what went live belongs to the bot and runs on."""
    await firm.enrol(OLGA, "Office days")
    await live(firm, edited(1, ask=NEW_ASK))
    await firm.document(yaml_of(edited(1, ask="A canary sits in the boardroom.")), name="x.yaml")
    await firm.say("/forget", OLGA)
    await firm.tap("Erase everything", OLGA)
    await firm.tap("Yes, erase", OLGA)
    assert firm.rows("upload", OLGA) == []
    for path in firm.folder.rglob("sprung.db*"):
        assert b"A canary sits" not in path.read_bytes()
    assert asks(firm, "office-days-1") == NEW_ASK
