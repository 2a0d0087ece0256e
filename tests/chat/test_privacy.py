"""Taking everything along, and being erased so that nothing is left on disk."""

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.sandbox.shapes import Upload
from bot.store.archive import UNTOLD
from bot.store.erasures import Erasures
from bot.store.tables import LEARNER_TABLES
from tests.house import ANN, CARL, DAY, Street, street
from tests.wire.outpost import until

CANARY = "xylophone-canary-7391"
OTHERS = "marimba-canary-1937"


async def practised(town: Street, person: int, words: str) -> None:
    """Somebody who typed these words in every way there is, recorded, rated and swapped."""
    await town.enrol(person)
    await town.say(f"First {words}.", person)
    await town.edit(town.mine(person)["message_id"], f"Edited {words}.", person)
    await town.tap("4 Professional", person)
    await town.tap("Say it again", person)
    kept = town.sandbox.world.files.keep("voice", upload(words), {"duration": 9})
    await town.post({"voice": kept.content, "caption": f"Under the voice: {words}."}, person)
    await town.tap("2 Edgy", person)
    await town.say(f"Out of the blue {words}.", person)
    await town.say(f"They asked me: what is {words}?", person)
    await town.tap("Keep", person)
    await town.say("/mine", person)
    await town.tap("Share a copy", person)
    await town.tap("Make one that says from whom", person)
    await town.say(f"Yours, {words}"[:40], person)


def upload(words: str) -> Upload:
    """A recording whose bytes hold the words."""
    return Upload("", "audio/ogg", b"OggS" + words.encode() * 50)


def files_with(town: Street, words: str) -> list[Path]:
    """The files of the bot that hold these words in their bytes, or in their name."""
    files = [path for path in town.folder.rglob("*") if path.is_file()]
    return [path for path in files if words.encode() in path.read_bytes() or words in path.name]


def sent_documents(town: Street) -> list[dict[str, Any]]:
    """The documents that were sent, as their chat shows them."""
    return [
        message
        for person in (ANN, CARL)
        for message in town.messages(person)
        if "document" in message
    ]


async def forget(town: Street, person: int = ANN) -> None:
    """The command and the two taps."""
    await town.say("/forget", person)
    await town.tap("Erase everything", person)
    await town.tap("Yes, erase", person)


async def test_the_export_holds_every_row_and_every_recording(town: Street) -> None:
    """The zip's sprung.json is exactly what is stored of the learner, and the recordings lie beside it."""
    await practised(town, ANN, CANARY)
    stored = {
        table.name: town.rows(table.name) for table in LEARNER_TABLES if table.name != "outbox"
    }
    await town.say("/export")
    [document] = sent_documents(town)
    assert document["document"]["file_name"] == "sprung-export-1.zip"
    assert document["caption"] == "Here is everything I have of you."
    kept = town.sandbox.world.files.named(document["document"]["file_id"])
    assert kept is not None
    bundle = zipfile.ZipFile(io.BytesIO(kept.disk.read_bytes()))
    assert bundle.testzip() is None
    exported = orjson.loads(bundle.read("sprung.json"))
    assert set(exported) == {*stored, "inbox"}
    for table in ("open_hours", "standing", "drill", "take", "rating", "own_question", "share"):
        assert exported[table] == [
            {name: value for name, value in row.items() if name not in UNTOLD}
            for row in stored[table]
        ]
    assert exported["learner"][0]["learner_id"] == ANN
    recordings = [name for name in bundle.namelist() if name.startswith("media/")]
    assert [CANARY.encode() in bundle.read(name) for name in recordings] == [True]


async def test_the_export_explains_itself(town: Street) -> None:
    """Its README names every kind of row there is in it, and what is left out and why."""
    await practised(town, ANN, CANARY)
    await town.say("/export")
    [document] = sent_documents(town)
    kept = town.sandbox.world.files.named(document["document"]["file_id"])
    assert kept is not None
    bundle = zipfile.ZipFile(io.BytesIO(kept.disk.read_bytes()))
    told = bundle.read("README.txt").decode()
    for kind in orjson.loads(bundle.read("sprung.json")):
        assert f"{kind}: " in told
    for left_out in ("outbox", "over 20 MB", "Invitations", "Logs"):
        assert left_out in told


async def test_an_update_set_aside_is_exported(town: Street) -> None:
    """What could not be handled is kept nowhere else, so it is handed out as it came."""
    await town.enrol()
    broken = {"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}, "text": CANARY}
    town.sandbox.world.updates.push_raw({"message": broken}, order=ANN)
    await town.settle()
    await town.say("/export")
    [document] = sent_documents(town)
    kept = town.sandbox.world.files.named(document["document"]["file_id"])
    assert kept is not None
    rows = orjson.loads(zipfile.ZipFile(io.BytesIO(kept.disk.read_bytes())).read("sprung.json"))
    assert [CANARY in row["raw"] for row in rows["inbox"]] == [True]


async def test_the_export_goes_to_its_owner_and_leaves_no_copy(town: Street) -> None:
    """It holds nobody else's words, arrives in the learner's own chat, and is gone from disk."""
    await practised(town, ANN, CANARY)
    await practised(town, CARL, OTHERS)
    await town.say("/export", CARL)
    [call] = town.calls("sendDocument")
    assert call["chat_id"] == CARL
    [document] = sent_documents(town)
    kept = town.sandbox.world.files.named(document["document"]["file_id"])
    assert kept is not None
    bundle = zipfile.ZipFile(io.BytesIO(kept.disk.read_bytes()))
    everything = b"".join(bundle.read(name) for name in bundle.namelist())
    assert OTHERS.encode() in everything
    assert CANARY.encode() not in everything
    assert not list((town.folder / "exports").rglob("*.zip"))


async def test_somebody_without_answers_may_export_as_well(town: Street) -> None:
    """The export of a stranger holds the little there is."""
    await town.say("/export")
    assert len(sent_documents(town)) == 1


async def test_only_the_newest_export_waits_to_be_sent(town: Street) -> None:
    """While files cannot be sent, a second export replaces the first one on disk."""
    await practised(town, ANN, CANARY)
    town.sandbox.faults.add({"method": "sendDocument", "status": 502, "times": 99})
    await town.say("/export")
    await town.say("/export")
    assert len(list((town.folder / "exports").rglob("*.zip"))) == 1


async def test_forgetting_takes_two_taps(town: Street) -> None:
    """The first tells how much would go, the second asks once more; Keep leaves everything."""
    await practised(town, ANN, CANARY)
    asked = await town.say("/forget")
    assert "This deletes your 3 answers, ratings, progress and settings" in asked["text"]
    assert town.labels(asked) == ["Export first", "Erase everything", "Keep it all"]
    sure = await town.tap("Erase everything")
    assert town.labels(sure) == ["Yes, erase", "Keep it all"]
    assert (await town.tap("Keep it all"))["text"] == "Nothing was deleted."
    assert len(town.rows("take")) == 3


@pytest.mark.parametrize(("answers", "told"), [(0, "your answers,"), (1, "your one answer,")])
async def test_the_question_counts_the_answers(town: Street, answers: int, told: str) -> None:
    """None, one and many are each said as they are said."""
    await town.enrol()
    if answers:
        await town.say("one")
    assert told in (await town.say("/forget"))["text"].replace("\n", " ")


async def test_after_forgetting_nothing_is_left_on_disk(
    town: Street, capfd: pytest.CaptureFixture[str]
) -> None:
    """No byte of the learner's words is in database, log, recordings, exports or what was printed."""
    await practised(town, ANN, CANARY)
    await practised(town, CARL, OTHERS)
    assert files_with(town, CANARY)
    await forget(town)
    assert files_with(town, CANARY) == []
    assert not (town.folder / "media" / str(ANN)).exists()
    printed = capfd.readouterr()
    assert CANARY not in printed.out + printed.err


async def test_what_waits_to_be_sent_or_failed_is_forgotten_too(town: Street) -> None:
    """An export not sent yet and an update that was set aside do not outlive the learner."""
    await practised(town, ANN, CANARY)
    broken = {"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}, "text": CANARY}
    town.sandbox.world.updates.push_raw({"message": broken}, order=ANN)
    await town.settle()
    town.sandbox.faults.add({"method": "sendDocument", "status": 502, "times": 99})
    await town.say("/export")
    assert list((town.folder / "exports").rglob("*.zip"))
    await town.press(town.messages()[-1]["message_id"], "v1:erase")
    assert files_with(town, CANARY) == []
    assert not list((town.folder / "exports").rglob("*.zip"))


async def test_forgetting_one_leaves_the_other(town: Street) -> None:
    """Carl's rows, recordings and next surprise are as they were."""
    await practised(town, ANN, CANARY)
    await practised(town, CARL, OTHERS)
    tables = ("learner", "standing", "drill", "take", "rating")
    before = [town.rows(table, CARL) for table in tables]
    [recording] = [path for path in files_with(town, OTHERS) if "media" in path.parts]
    await forget(town, ANN)
    assert [town.rows(table, CARL) for table in tables] == before
    assert OTHERS.encode() in recording.read_bytes()


async def test_the_farewell_is_said_and_start_begins_anew(town: Street) -> None:
    """The last card says that all is gone; Start again is the first screen, with nothing remembered."""
    await practised(town, ANN, CANARY)
    await forget(town)
    farewell = town.last()
    assert farewell["text"].startswith("Everything is erased.")
    assert town.labels(farewell) == ["Start again"]
    assert all(not town.rows(table.name) for table in LEARNER_TABLES if table.name != "outbox")
    welcome = await town.tap("Start again")
    assert welcome["text"].startswith("Hello!")
    await town.enrol()
    assert len(town.rows("drill")) == 1
    assert town.row("learner")["pace"] == 3


async def test_old_buttons_say_that_nothing_is_stored(town: Street) -> None:
    """Every card from before answers so, offers a new beginning, and brings nothing back."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.tap("Not now")
    await town.say("/settings")
    await town.say("/sets")
    await town.say("/pause")
    old = [
        (message["message_id"], button["callback_data"])
        for message in town.messages()
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    await forget(town)
    for message_id, data in old:
        await town.later(3000)
        await town.press(message_id, data)
        assert town.toasts()[-1] == "Nothing is stored here any more. /start begins anew."
        assert town.labels(town.shown(message_id)) == ["Start again"]
    for table in LEARNER_TABLES:
        if table.name != "outbox":
            assert town.rows(table.name) == [], "a press by somebody unknown stored something"


@pytest.mark.parametrize("status", ["kicked", "member"])
async def test_blocking_after_forgetting_stores_nothing(town: Street, status: str) -> None:
    """Somebody erased who blocks the bot, or lets it in again, stays unknown."""
    await town.enrol()
    await forget(town)
    change = {
        "chat": {"id": ANN, "type": "private", "first_name": "Ann"},
        "from": {"id": ANN, "is_bot": False, "first_name": "Ann"},
        "date": town.app.clock.now() // 1000,
        "old_chat_member": membership("member" if status == "kicked" else "kicked"),
        "new_chat_member": membership(status),
    }
    town.sandbox.world.updates.push_raw({"my_chat_member": change}, order=ANN)
    await town.settle()
    assert town.rows("learner") == []


def membership(status: str) -> dict[str, Any]:
    """What the bot is in a private chat."""
    bot = {"id": 1, "is_bot": True, "first_name": "Sprung"}
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})


async def test_a_group_stores_nobody(town: Street) -> None:
    """Who speaks in a group is told off and left, and nothing is stored of them."""
    said = {
        "chat": {"id": -100, "type": "supergroup", "title": "Office"},
        "from": {"id": ANN, "is_bot": False, "first_name": "Ann"},
        "date": town.app.clock.now() // 1000,
        "message_id": 5,
        "text": f"hello {CANARY}",
    }
    town.sandbox.world.updates.push_raw({"message": said}, order=ANN)
    await town.settle()
    assert [call["chat_id"] for call in town.calls("leaveChat")] == [-100]
    assert town.rows("learner") == []


async def test_no_surprise_comes_after_forgetting(town: Street) -> None:
    """Neither the planned one nor the expiry of an open question wakes anything up."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.surprise()
    await forget(town)
    last = town.last()["message_id"]
    await town.later(2 * DAY)
    assert town.last()["message_id"] == last
    assert town.rows("learner") == []


async def test_a_stranger_is_forgotten_at_once(town: Street) -> None:
    """Somebody who has chosen nothing yet has nothing to be asked about."""
    await town.say("/start")
    said = await town.say("/forget")
    assert said["text"].startswith("Everything is erased.")
    assert town.rows("learner") == []


async def test_a_half_begun_first_run_can_be_erased(town: Street) -> None:
    """After the set and before the clock, the two taps work as well."""
    await town.say("/start")
    await town.tap(town.label("Hard questions"))
    await forget(town)
    assert town.rows("learner") == []


async def test_an_answer_after_forgetting_is_not_taken(town: Street) -> None:
    """What is said after the erasure meets a stranger's first screen, and is not kept."""
    card = await town.enrol()
    await forget(town)
    said = await town.say(f"My late {CANARY}", reply_to=card["message_id"])
    assert said["text"].startswith("Hello!")
    assert town.rows("take") == []
    assert [row["raw"] for row in town.rows("inbox")] == [None] * len(town.rows("inbox"))


async def test_everything_is_said_to_stay_private_on_the_first_screen(town: Street) -> None:
    """Before anything is asked, the welcome tells what is kept and how to take it or erase it."""
    text = (await town.say("/start"))["text"]
    assert "/export hands you everything, /forget erases it" in text


async def test_data_stays_reachable_when_the_house_becomes_private(town: Street) -> None:
    """Somebody no longer admitted can still export and erase what is theirs."""
    await practised(town, ANN, CANARY)
    await town.app.database.truncate_log()
    folder = town.folder.parent / "later"
    (folder / "sandbox").mkdir(parents=True)
    shutil.copy(town.app.settings.database_path, folder / "sandbox")
    async with street(folder, environ={"SPRUNG_ACCESS": "invite"}) as later:
        later.sandbox.world.updates.next_id += 1000  # the same Telegram, some updates later
        assert (await later.say("/drill"))["text"].startswith("This bot is by invitation.")
        await later.say("/export")
        assert len(later.calls("sendDocument")) == 1
        await forget(later)
        assert later.rows("take") == []
        assert files_with(later, CANARY) == []


async def test_that_somebody_is_erased_is_on_disk_before_they_are(town: Street) -> None:
    """Whoever restores a backup knows of an erasure even if the program died right in it; else nobody is."""
    await practised(town, ANN, CANARY)
    joined = town.row("learner")["joined_at"]
    erasures = Erasures(town.app.settings.erasures_file, str)
    await town.say("/forget")
    await town.tap("Erase everything")
    assert not erasures.known()(ANN, joined)
    town.app.settings.erasures_file.parent.write_bytes(b"in the way")
    message_id, data = town.button("Yes, erase")
    town.sandbox.world.press(ANN, message_id, data)
    waiting = town._take()
    await town.app.intake.store([orjson.loads(one.body) for one in waiting])
    await until(lambda: "intake" in town.app.health.troubles())
    assert town.rows("learner"), "nobody is erased whose erasure could not be remembered"
    town.app.settings.erasures_file.parent.unlink()
    await town.app.intake.idle()
    assert erasures.known()(ANN, joined)
    assert town.rows("learner") == []
    assert str(ANN) not in town.app.settings.erasures_file.read_text()
