"""What was promised, compared with everything that happened in the simulation."""

import io
import itertools
import re
import sqlite3
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.drill.surprise import LATE_MS
from bot.drill.tone import Mode
from bot.store.inbox import KEEP_MS
from bot.store.learners import WEEK
from bot.store.tables import DrillState, SendState, UpdateState
from bot.wire.intake import sender_of
from tests.faults.oracle import SURPRISE, Verdict
from tests.faults.simulation.life import City
from tests.faults.simulation.line import PERMANENT
from tests.faults.simulation.mischief import STRANGER
from tests.faults.simulation.people import Person, Steady, data_of

GAP_MS = 45 * 60_000
PRESS_SECONDS = 150
CANARY = re.compile(rb"canary(\d+)x", re.IGNORECASE)
TOLERATED = ("not modified", "query is too old", "blocked by the user", "Too Many Requests")
"""What Telegram may say to a bot that does nothing wrong: somebody left, or was slow, or talks much."""

Rows = list[sqlite3.Row]


def judged(city: City, *, steps: bool = False, strangers: bool = False) -> Verdict:
    """Everything that was broken.

    `steps`: the wall clock was wrong now and then. `strangers`: words went from one to another, and
    actions were done in the name of people, by updates that nobody sent.
    """
    verdict = Verdict()
    with closing(sqlite3.connect(city.path)) as connection:
        connection.row_factory = sqlite3.Row
        case = _Case(city, connection, verdict)
        case.all_updates_settled(purged=steps)
        case.whole(own_words=not strangers)
        case.surprises()
        if not strangers:
            case.nobody_elses()
            case.ratings()
        if not steps and not strangers:
            case.rhythm()
            case.answers()
            case.presses()
    verdict.complaints += city.failures
    return verdict


class _Case:
    def __init__(self, city: City, connection: sqlite3.Connection, verdict: Verdict) -> None:
        self.city = city
        self.connection = connection
        self.counts = verdict.counts
        self.complaints = verdict.complaints
        self.steady = {p.number: p for p in city.people if type(p) is Steady}
        self.calls = [(e, e.parameters) for e in city.journal.entries if e.method != "getUpdates"]

    def rows(self, sql: str) -> Rows:
        """Rows of the bot's database."""
        return self.connection.execute(sql).fetchall()

    def all_updates_settled(self, *, purged: bool) -> None:
        """Every acknowledged update is done or dead, and nothing is left to be sent.

        `purged`: handled updates may have been deleted, as their days are over by some clock.
        """
        acknowledged = self.city.line.acknowledged
        states = {row["update_id"]: row["state"] for row in self.rows("SELECT * FROM inbox")}
        self.counts["updates acknowledged"] = len(acknowledged)
        self.counts["set aside as dead"] = sum(s == UpdateState.DEAD for s in states.values())
        # What was set aside goes with whoever is erased, and what is done after some days.
        kept = {n for n in acknowledged if sender_of(self.city.line.handed[n]) in self.steady}
        if purged or self.city.wall.true() * 1000 - self._begun() > KEEP_MS:
            kept = set()
        over = {n for n, state in states.items() if state != UpdateState.WAITING}
        open_ = ((acknowledged & states.keys()) | kept) - over
        if open_:
            self.complaints.append(f"acknowledged, but not settled: {sorted(open_)[:5]}")
        left = self.rows("SELECT count(*) FROM outbox WHERE state <= 2")[0][0]
        if left:
            self.complaints.append(f"{left} messages were never settled")

    def _begun(self) -> float:
        return self.city.journal.entries[0].at if self.city.journal.entries else 0.0

    def answers(self) -> None:
        """Each acknowledged answer of a steady person is kept once, in the order of sending."""
        kept: dict[int, list[int]] = defaultdict(list)
        for row in self.rows("SELECT * FROM take ORDER BY learner_id, take_no"):
            kept[row["learner_id"]].append(row["message_id"])
        self.counts |= {"answers": 0, "answers lost": 0, "answers kept twice": 0}
        for number in self.steady:
            sent = self._answers_of(number)
            times = Counter(kept[number])
            self.counts["answers"] += len(sent)
            self.counts["answers lost"] += (lost := sum(not times[one] for one in sent))
            self.counts["answers kept twice"] += (twice := sum(n > 1 for n in times.values()))
            in_order = [one for one in kept[number] if one in set(sent)] == sent
            if lost or twice or not in_order:
                self.complaints.append(f"{number} sent {sent}, kept are {kept[number]}")

    def _answers_of(self, number: int) -> list[int]:
        said = (
            update["message"]
            for number_, update in self.city.line.handed.items()
            if number_ in self.city.line.acknowledged and isinstance(update.get("message"), dict)
        )
        return [
            message["message_id"]
            for message in said
            if message.get("from", {}).get("id") == number
            and ("voice" in message or message.get("text", "").startswith("take "))
        ]

    def ratings(self) -> None:
        """No drill has two ratings, and a steady person's acknowledged tap on a rating is kept."""
        mocks = f"SELECT count(*) FROM drill WHERE mode = {int(Mode.MOCK)} AND state = 3"
        self.counts["rated in interviews"] = self.rows(mocks)[0][0]
        rated = Counter(
            (row["learner_id"], row["drill_no"])
            for row in self.rows("SELECT * FROM rating WHERE withdrawn_at IS NULL")
        )
        self.counts["ratings"] = rated.total()
        if twice := [drill for drill, times in rated.items() if times > 1]:
            self.complaints.append(f"rated twice: {twice}")
        tapped = {
            (query["from"]["id"], int(query["data"].split(":")[2 if short else 3]))
            for query in self._presses()
            if (short := query["data"].startswith("v1:rate:"))
            or query["data"].startswith("v1:mock-rate:")
            if query["from"]["id"] in self.steady
        }
        if lost := tapped - rated.keys():
            self.complaints.append(f"tapped ratings that are not kept: {lost}")

    def _presses(self) -> Iterator[dict[str, Any]]:
        for number in self.city.line.acknowledged:
            query = self.city.line.handed[number].get("callback_query", {})
            if isinstance(query.get("data"), str):
                yield query

    def presses(self) -> None:
        """Every press of a steady person has been answered, if Telegram let it."""
        answers = {
            p["callback_query_id"] for e, p in self.calls if e.method.endswith("CallbackQuery")
        }
        presses = list(self._presses())
        self.counts["presses"] = len(presses)
        pressed = {query["id"] for query in presses if query["from"]["id"] in self.steady}
        if (silent := pressed - answers) and "403" not in self.city.weather.met:
            self.complaints.append(f"{len(silent)} presses were never answered")

    def surprises(self) -> None:
        """A planned moment has one drill, whose card was shown once and never tried in the dark."""
        drills = self.rows(f"SELECT * FROM drill WHERE mode = {SURPRISE}")
        self.counts["surprises"] = len(drills)
        cards: Counter[tuple[int, int]] = Counter()
        for entry, given in self.calls:
            if entry.method == "sendMessage" and not given.get("disable_notification"):
                tried = entry.delivered and entry.status in (0, 200)
                for data in data_of(given) if tried else ():
                    if data.startswith("v1:later:"):
                        cards[given["chat_id"], int(data.split(":")[2])] += 1
        if twice := [card for card, times in cards.items() if times > 1 and card[0] in self.steady]:
            self.complaints.append(f"surprises that were sent twice: {twice}")
        moments = Counter((row["learner_id"], row["planned_at"]) for row in drills)
        if again := [one for one, times in moments.items() if times > 1]:
            self.complaints.append(f"one moment, two drills: {again}")
        unknown = f"SELECT count(*) FROM outbox WHERE priority = 2 AND state = {SendState.UNKNOWN}"
        self.counts["of unknown outcome"] = self.rows(unknown)[0][0]

    def rhythm(self) -> None:
        """No surprise in quiet hours, above the cap, or within the gap; told by another calculation."""
        hours: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for row in self.rows("SELECT * FROM open_hours"):
            hours[row["learner_id"]][row["weekday"]] = (row["opens"], row["closes"])
        caps = {row["learner_id"]: row["cap"] for row in self.rows("SELECT * FROM learner")}
        for number, person in self.steady.items():
            ordered = f"SELECT * FROM drill WHERE learner_id = {number} ORDER BY drill_no"
            sprung = self.rows(ordered)
            self._at_open_hours(person, sprung, hours[number])
            days = Counter(
                _local(person, row["asked_at"]).date() for row in sprung if row["mode"] == SURPRISE
            )
            if over := {day: n for day, n in days.items() if n > caps.get(number, 0)}:
                self.complaints.append(f"{number}: more than the cap: {over}")
            self._gaps(number, sprung)
        self._in_time()

    def _at_open_hours(
        self, person: Person, drills: Rows, week: dict[int, tuple[int, int]]
    ) -> None:
        for row in drills:
            if row["mode"] != SURPRISE:
                continue
            local = _local(person, row["asked_at"])
            opens, closes = week.get(local.weekday(), WEEK[local.weekday()])
            if not opens <= local.hour * 60 + local.minute < closes:
                self.complaints.append(f"{person.number}: a surprise in quiet hours, {local}")

    def _gaps(self, number: int, drills: Rows) -> None:
        """A snoozed question keeps its own moment; steady people never snooze."""
        for before, after in itertools.pairwise(drills):
            if after["mode"] != SURPRISE:
                continue
            end = before["closed_at"] or before["expires_at"]
            if before["state"] == DrillState.EXPIRED:
                end = before["expires_at"]
            if after["asked_at"] < end + GAP_MS and after["asked_at"] > before["asked_at"]:
                self.complaints.append(
                    f"{number}: drill {after['drill_no']} {(after['asked_at'] - end) // 1000} s"
                    f" after drill {before['drill_no']}"
                )

    def _in_time(self) -> None:
        asked = {
            (row["learner_id"], row["drill_no"]): row["asked_at"]
            for row in self.rows("SELECT * FROM drill")
        }
        for entry, given in self.calls:
            if entry.method != "sendMessage" or given.get("disable_notification"):
                continue
            for data in data_of(given):
                drill = (given["chat_id"], int(data.split(":")[2])) if ":later:" in data else None
                if drill in asked and entry.at - asked[drill] > LATE_MS + 60_000:
                    self.complaints.append(f"{drill} was sent {entry.at - asked[drill]} ms late")

    def nobody_elses(self) -> None:
        """No canary of one person in anything that another gets, and none in the log."""
        own = "SELECT count(*) FROM drill WHERE question_id LIKE 'own-%'"
        self.counts["own questions drilled"] = self.rows(own)[0][0]
        for entry, given in self.calls:
            content = entry.given
            chat = given.get("chat_id")
            if strange := [n for n in CANARY.findall(content) if chat and int(n) != chat]:
                self.complaints.append(f"{chat} got words of {strange} by {entry.method}")
        for chat, data in self.city.line.documents:
            with zipfile.ZipFile(io.BytesIO(data)) as bundle:
                for name in bundle.namelist():
                    found = {int(n) for n in CANARY.findall(bundle.read(name))} - {int(chat)}
                    if found:
                        self.complaints.append(f"{chat} got words of {found} in {name}")
        log = self.city.log.getvalue()
        if told := CANARY.findall(log.encode()):
            self.complaints.append(f"the log tells of {sorted(set(told))}")

    def whole(self, *, own_words: bool) -> None:
        """The database is whole; Telegram found nothing wrong with what the bot said in its `own_words`."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check")]
        if found != ["ok"]:
            self.complaints.append(f"integrity_check: {found}")
        for violation in self.city.journal.violations if own_words else ():
            words = violation.description
            if not any(one in words for one in TOLERATED) and not self._forged(violation):
                self.complaints.append(f"{violation.method} was refused: {words}")

    def _forged(self, violation: Any) -> bool:
        """An edit of a message that only a forged press knew of, or one that is gone."""
        return violation.parameters.get("chat_id") == STRANGER or any(
            kind in violation.description for kind in ("message to edit", *PERMANENT)
        )


def _local(person: Person, at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(person.zone))


def told(city: City, verdict: Verdict) -> str:
    """One line about a run."""
    counts = orjson.dumps(verdict.counts).decode()
    return f"seed {city.seed}, {len(city.points)} lives: {counts}"
