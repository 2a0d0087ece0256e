"""The judge of the kills: it is content with an honest run, and sees each promise that is broken."""

import copy
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.faults.oracle import Evidence, judged
from tests.faults.people import data_of
from tests.house import ANN, Street

DAMAGE = {
    "DELETE FROM take WHERE take_no = (SELECT min(take_no) FROM take)": "1 answers lost",
    "INSERT INTO take SELECT learner_id, take_no + 1000, drill_no, kind, text, file_id, duration,"
    " file_size, message_id, taken_at, media_state, media_path, media_failures, media_retry_at,"
    " starred_at, deleted_at FROM take LIMIT 1": "1 answers stored twice",
    "UPDATE take SET take_no = -take_no": "are kept",
    "UPDATE take SET media_state = 1": "not kept",
    "UPDATE take SET media_path = NULL, media_state = 3": "belong to no take",
    "UPDATE inbox SET state = 1": "acknowledged updates are not done",
    "DELETE FROM inbox": "acknowledged updates are not done",
    "INSERT INTO rating SELECT learner_id, rating_no + 1000, drill_no, take_no, question_id, tone,"
    " mode, local_day, rated_at, withdrawn_at, spoken FROM rating": "rated twice",
    "DELETE FROM rating": "tapped and is not kept",
    "UPDATE drill SET mode = 3": "no surprise",
}
"""What is done to an honest database, and what the judge says of it."""

RECORDING = b"OggS" + bytes(200)
"""What `town.voice` sends."""


@pytest.fixture
async def evidence(town: Street) -> Evidence:
    """An honest run: two answers, a rating, a surprise."""
    taken: list[dict[str, Any]] = []
    updates = town.sandbox.world.updates

    updates.on_push = lambda pushed: taken.append(orjson.loads(pushed.body))
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.surprise()
    await town.say("take-1001-2")
    poll = {"method": "getUpdates", "status": 200, "delivered": True, "answer": {"result": taken}}
    polls = [poll | {"parameters": {"offset": taken[-1]["update_id"] + 1}}]
    journal = [entry.shown() for entry in town.sandbox.journal.since(0)]
    chat = town.messages()
    recordings = {m["voice"]["file_id"]: RECORDING for m in chat if "voice" in m}
    return Evidence(town.folder / "sprung.db", journal + polls, {ANN: chat}, recordings)


def harmed(database: Path, sql: str) -> None:
    """Do something to the database behind the bot's back."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(sql)


def test_an_honest_run_gives_no_complaint(evidence: Evidence) -> None:
    """Everything is counted, and nothing is wrong."""
    verdict = judged(evidence)
    assert verdict.complaints == []
    expected = {"answers acknowledged": 2, "recordings": 1, "ratings": 1, "surprises delivered": 1}
    assert verdict.counts | expected == verdict.counts


@pytest.mark.parametrize(("sql", "told"), DAMAGE.items())
def test_each_broken_promise_is_seen(evidence: Evidence, sql: str, told: str) -> None:
    """A row that is missing, doubled, out of order or in the wrong state is a complaint."""
    harmed(evidence.database, sql)
    verdict = judged(evidence)
    assert told in str(verdict)
    assert verdict.complaints


def test_a_recording_cut_short_is_seen(evidence: Evidence) -> None:
    """The bytes of a recording are compared, not only its row."""
    [file] = (evidence.database.parent / "media").rglob("*.ogg")
    file.write_bytes(b"Ogg")
    assert "is not what was sent" in str(judged(evidence))


@pytest.mark.parametrize("status", [200, 502, 0])
def test_a_surprise_sent_twice_is_seen_whatever_the_bot_was_told(
    evidence: Evidence, status: int
) -> None:
    """The card counts as sent when it was delivered, also if a gateway's error came back."""
    card = next(entry for entry in evidence.delivered() if _is_surprise(entry))
    journal = [*evidence.journal, copy.deepcopy(card) | {"status": status}]
    seen = judged(Evidence(evidence.database, journal, evidence.chats, evidence.recordings))
    assert "surprises sent twice" in str(seen)


def _is_surprise(entry: dict[str, Any]) -> bool:
    loud = not entry["parameters"].get("disable_notification")
    return loud and any(data.startswith("v1:later:") for data in data_of(entry["parameters"]))


def test_a_tap_without_an_answer_is_seen(evidence: Evidence) -> None:
    """Every press of a button must have been answered."""
    journal = [entry for entry in evidence.journal if entry["method"] != "answerCallbackQuery"]
    seen = judged(Evidence(evidence.database, journal, evidence.chats, evidence.recordings))
    assert "taps were never answered" in str(seen)
