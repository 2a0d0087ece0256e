"""The judge: what people sent and Telegram handed over, beside what the bot kept and sent."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.people import data_of
from tests.faults.processes import Message, Telegram

DONE, DEAD = 2, 3
UNKNOWN = 5
WANTED, KEPT = 1, 2
SURPRISE = 1
DELIVERED = (200, 502, 0)
"""What a bot may have been told of a message that arrived: all is well, a gateway's error, nothing."""

Entry = dict[str, Any]
Rows = list[sqlite3.Row]


@dataclass
class Verdict:
    """What was found. `complaints`: promises that were broken, empty when all is well.

    `most`: what is not counted but measured, such as the slowest of all.
    """

    counts: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    most: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        told = [f"{count} {what}" for what, count in self.counts.items()]
        told += [f"at most {value} {what}" for what, value in self.most.items()]
        return "\n".join([", ".join(told), *self.complaints])


@dataclass(frozen=True)
class Evidence:
    """All that is known after a run. `chats`: what each phone shows; `recordings`: bytes by file id."""

    database: Path
    journal: Sequence[Entry]
    chats: Mapping[int, Sequence[Message]]
    recordings: Mapping[str, bytes]

    def rows(self, sql: str) -> Rows:
        """Rows of the bot's database."""
        return rows_of(self.database, sql)

    def acknowledged(self) -> dict[int, dict[str, Any]]:
        """The updates that Telegram was told to forget: below an offset of a getUpdates it took."""
        polls = [entry for entry in self.journal if entry["method"] == "getUpdates"]
        passed = max((poll["parameters"].get("offset", 0) for poll in polls), default=0)
        answers = [poll["answer"]["result"] for poll in polls if poll["status"] == 200]
        return {u["update_id"]: u for batch in answers for u in batch if u["update_id"] < passed}

    def taps(self) -> list[dict[str, Any]]:
        """The presses of buttons among them."""
        updates = self.acknowledged().values()
        return [update["callback_query"] for update in updates if "callback_query" in update]

    def delivered(self) -> Iterator[Entry]:
        """The messages that reached somebody, whatever the bot was told of it."""
        for entry in self.journal:
            reached = entry["delivered"] and entry["status"] in DELIVERED
            if entry["method"] == "sendMessage" and reached:
                yield entry


def rows_of(database: Path, sql: str) -> Rows:
    """Rows of a database that another process may have open."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)) as connection:
        connection.row_factory = sqlite3.Row
        return connection.execute(sql).fetchall()


async def gathered(telegram: Telegram, database: Path, people: Sequence[int]) -> Evidence:
    """Collect the evidence; the bot must have ended."""
    # The last poll may still wait at Telegram: another one ends it, so that it is in the journal.
    await telegram.as_bot("getUpdates", timeout=0)
    chats = {person: await telegram.chat(person) for person in people}
    files = [m["voice"]["file_id"] for chat in chats.values() for m in chat if "voice" in m]
    recordings = {file: await telegram.recording(file) for file in files}
    return Evidence(database, await telegram.journal(), chats, recordings)


def judged(evidence: Evidence) -> Verdict:
    """Compare everything with everything."""
    verdict = Verdict()
    for look in (_updates, _takes, _recordings, _ratings, _presses, _surprises, _integrity):
        look(evidence, verdict)
    return verdict


def _updates(evidence: Evidence, verdict: Verdict) -> None:
    states = {row["update_id"]: row["state"] for row in evidence.rows("SELECT * FROM inbox")}
    acknowledged = evidence.acknowledged()
    open_ = [number for number in acknowledged if states.get(number) not in (DONE, DEAD)]
    verdict.counts["updates acknowledged"] = len(acknowledged)
    verdict.counts["set aside as dead"] = sum(state == DEAD for state in states.values())
    if open_:
        verdict.complaints.append(f"{len(open_)} acknowledged updates are not done: {open_[:5]}")


def is_answer(message: Message) -> bool:
    """Whether somebody's message was meant as an answer."""
    return "voice" in message or message.get("text", "").startswith("take-")


def _takes(evidence: Evidence, verdict: Verdict) -> None:
    acknowledged = {
        update["message"]["message_id"]
        for update in evidence.acknowledged().values()
        if "message" in update
    }
    verdict.counts |= {"answers acknowledged": 0, "answers lost": 0, "answers stored twice": 0}
    kept: dict[int, list[int]] = {person: [] for person in evidence.chats}
    for row in evidence.rows("SELECT * FROM take ORDER BY learner_id, take_no"):
        kept[row["learner_id"]].append(row["message_id"])
    for person, chat in evidence.chats.items():
        sent = [m["message_id"] for m in chat if m.get("outgoing") and is_answer(m)]
        sent = [number for number in sent if number in acknowledged]
        times = Counter(kept[person])
        verdict.counts["answers acknowledged"] += len(sent)
        verdict.counts["answers lost"] += sum(not times[number] for number in sent)
        verdict.counts["answers stored twice"] += sum(times[number] > 1 for number in sent)
        if [number for number in kept[person] if number in acknowledged] != sent:
            verdict.complaints.append(f"{person} sent {sent}, but {kept[person]} are kept")


def _recordings(evidence: Evidence, verdict: Verdict) -> None:
    takes = evidence.rows("SELECT * FROM take WHERE file_id IS NOT NULL")
    folder = evidence.database.parent / "media"
    verdict.counts["recordings"] = len(takes)
    for take in takes:
        where = f"the recording of {take['learner_id']}, take {take['take_no']}"
        if take["media_state"] != KEPT:
            verdict.complaints.append(f"{where} is in state {take['media_state']}, not kept")
        elif (folder / take["media_path"]).read_bytes() != evidence.recordings[take["file_id"]]:
            verdict.complaints.append(f"{where} is not what was sent")
    kept = {folder / take["media_path"] for take in takes if take["media_path"]}
    stray = {path for path in folder.rglob("*") if path.is_file()} - kept
    if stray:
        verdict.complaints.append(f"files that belong to no take: {stray}")


def _ratings(evidence: Evidence, verdict: Verdict) -> None:
    rated = Counter(
        (row["learner_id"], row["drill_no"])
        for row in evidence.rows("SELECT * FROM rating WHERE withdrawn_at IS NULL")
    )
    verdict.counts["ratings"] = rated.total()
    twice = [drill for drill, times in rated.items() if times > 1]
    if twice:
        verdict.complaints.append(f"drills rated twice: {twice}")
    taps = [query for query in evidence.taps() if query["data"].startswith("v1:rate:")]
    tapped = {(query["from"]["id"], int(query["data"].split(":")[2])) for query in taps}
    unrated = tapped - rated.keys()
    if unrated:
        verdict.complaints.append(f"drills whose rating was tapped and is not kept: {unrated}")


def _presses(evidence: Evidence, verdict: Verdict) -> None:
    pressed = {query["id"] for query in evidence.taps()}
    answered = {
        entry["parameters"]["callback_query_id"]
        for entry in evidence.journal
        if entry["method"] == "answerCallbackQuery" and entry["status"] == 200
    }
    verdict.counts["taps"] = len(pressed)
    if pressed - answered:
        verdict.complaints.append(f"{len(pressed - answered)} taps were never answered")


def _surprises(evidence: Evidence, verdict: Verdict) -> None:
    surprises = {
        (row["learner_id"], row["drill_no"])
        for row in evidence.rows(f"SELECT * FROM drill WHERE mode = {SURPRISE}")
    }
    cards: Counter[tuple[int, int]] = Counter()
    for entry in evidence.delivered():
        shown_again = entry["parameters"].get("disable_notification")
        for data in data_of(entry["parameters"]):
            if data.startswith("v1:later:") and not shown_again:
                cards[entry["parameters"]["chat_id"], int(data.split(":")[2])] += 1
    unknown = evidence.rows(
        f"SELECT * FROM outbox WHERE priority = 2 AND state = {UNKNOWN} AND method = 'sendMessage'"
    )
    arrived = sum(cards[row["learner_id"], row["drill_no"]] for row in unknown)
    verdict.counts["surprises"] = len(surprises)
    verdict.counts["surprises delivered"] = len(cards.keys() & surprises)
    verdict.counts["of unknown outcome"] = len(unknown)
    verdict.counts["of those delivered"] = arrived
    twice = [card for card, times in cards.items() if times > 1]
    if twice:
        verdict.complaints.append(f"surprises sent twice: {twice}")
    if cards.keys() - surprises:
        verdict.complaints.append(f"loud cards that are no surprise: {cards.keys() - surprises}")


def _integrity(evidence: Evidence, verdict: Verdict) -> None:
    found = [row[0] for row in evidence.rows("PRAGMA integrity_check")]
    if found != ["ok"]:
        verdict.complaints.append(f"integrity_check: {found}")
