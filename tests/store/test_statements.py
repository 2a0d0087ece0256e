"""Every statement of the store at once: whose rows it touches, and how it finds them."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BinaryExpression, BindParameter, Table, true
from sqlalchemy.sql import ClauseElement, Executable, operators
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.visitors import ExternallyTraversible, iterate, replacement_traverse

from bot import store
from bot.store.statements import Statements
from bot.store.tables import LEARNER_TABLES
from tests.store.cabinet import ANN, BEN, DAY, NOW, new_file

UPKEEP = {
    "learners._EVERYBODY": "a restore asks who was erased since",
    "learners._OVERDUE": "a restore plans anew for whoever is due",
    "learners._open": "a part of the two above and below",
    "learners._STRAYED": "a clock that was ahead is taken back for whomever it concerns",
    "outbox._STALE": "a restore sends nothing that waited in a backup",
    "outbox._HELD_FAR": "what waits for a clock that was ahead is let go",
    "media._HELD_FAR": "so are recordings",
    "errands._DUE_FAR": "so are errands",
    "uploads._PRACTISING": "an owner asks whom a set concerns",
    "learners._PART": "the hourly work looks at a part of the learners after the other",
    "examine._OUTBOX": "the doctor counts",
    "examine._RECORDINGS": "the doctor compares takes and files",
}
"""Statements of restore, doctor and of a start, none of a chat: these may read everything."""

SYSTEM_WIDE = UPKEEP | {
    "learners._due": "the claim looks for whoever is due",
    "learners._CLAIM": "the claim is for whoever is due",
    "learners._EARLIEST": "the alarm is for whoever comes first",
    "learners._COUNTS": "the owner's counts",
    "drills._EXPIRED": "the alarm closes whatever is over",
    "drills._EARLIEST_EXPIRY": "the alarm is for whatever ends first",
    "drills._COUNTS": "the owner's counts",
    "outbox._LEARNERS": "the sender asks whom to serve",
    "outbox._NEXT": "the sender asks when to look again",
    "outbox._INTERRUPTED": "the start settles what a dead process was sending",
    "outbox._BACKLOG": "the page of metrics counts",
    "outbox._PURGE": "old messages of everybody",
    "outbox._COUNTS": "the owner's counts",
    "leftovers._WAITING": "the sweep asks which exports are still to be sent",
    "media._WANTED": "the fetcher asks what to fetch",
    "media._LEFT": "files that must go are looked for",
    "takes._TO_ERASE": "what was deleted a day ago is looked for",
    "deeds._PURGE": "old deeds of everybody",
    "uploads._WANTED": "documents are fetched for whoever sent them",
    "errands._DUE": "the dispatcher does whatever is due",
    "errands._EARLIEST": "the alarm is for whatever comes first",
    "errands._FROM": "whoever is erased leaves nothing with others, and is named as the giver",
    "pictures._WANTED": "the painter draws for whoever waits longest",
    "shares._OF_TOKEN": "a link's token is all that its receiver knows",
    "coachings._OF_TOKEN": "a link's token is all that its receiver knows",
    "coachings._OF_COACH": "a coach finds those who asked them, by the coach's number in the row",
    "ears._OF_TOKEN": "a link's token is all that its receiver knows",
    "circles._OF_TOKEN": "a link's token is all that its receiver knows",
    "circles._MEMBERS": "members of a circle see each other's names and numbers, by their own wish",
    "circles._EMPTY": "a circle that is closed has no members",
    "ears._OF_ANSWER": "a secret in their buttons is all that tells who listened",
    **{
        f"archive._ERASES_WITH_OTHERS{number or ''}": "what concerns two people goes with either"
        for number in range(6)
    },
}
"""Statements about learners' rows that are for no one learner, each with its reason."""

COUNTS = {name for name in SYSTEM_WIDE if name.endswith("_COUNTS")} | {"inbox._COUNTS"}
RARE = COUNTS | UPKEEP.keys() | {"inbox._FORGET", "examine._INBOX", "uploads._RUNNING"}
"""An owner asks for these now and then: they read everything, and are no part of any chat."""

UNSENT = {
    "outbox._LEARNERS",
    "outbox._NEXT",
    "outbox._BACKLOG",
    "outbox._INTERRUPTED",
    "leftovers._WAITING",
    "uploads._WANTED",
}
"""These read all that is not sent or fetched yet, by an index that holds nothing else."""

_WAITING = re.compile("INDEX (outbox_unsent|upload_wanted)")


def statements() -> Iterator[tuple[str, ClauseElement]]:
    """Every statement that stands in a module of the store, by the names of both."""
    for found in pkgutil.iter_modules(store.__path__):
        module = importlib.import_module(f"bot.store.{found.name}")
        for name, value in vars(module).items():
            several = value if isinstance(value, list) else [value]
            several = list(value.values()) if isinstance(value, dict) else several
            for number, one in enumerate(several):
                if isinstance(one, ClauseElement) and isinstance(one, Executable):
                    yield f"{found.name}.{name}{number or ''}", one


ALL: dict[str, ClauseElement] = dict(statements())
OWNED = {
    name: statement
    for name, statement in ALL.items()
    if any(isinstance(part, Table) and part in LEARNER_TABLES for part in iterate(statement))
}
INSERTS = {name for name, statement in ALL.items() if isinstance(statement, Insert)}
_TEXT = Statements()

LIKELY = {
    "learner_id": ANN,
    "now": NOW,
    "most": 30,
    "question_id": "q1",
    "old_id": "q1",
    "new_id": "q2",
    "seen_state": 1,
    "since": 0,
    "skip": 0,
    "before_take": 2**31,
    "after": -1,
    "before": NOW - 50 * DAY,
}
"""Values that fit the rows of `filled`; whatever is not here is 1."""


def run(connection: sqlite3.Connection, name: str, **values: Any) -> list[Mapping[str, Any]]:
    """What a statement gives for values of which every name is known."""
    sql = _TEXT.sql(ALL[name])
    known = {**dict.fromkeys(re.findall(r":(\w+)", sql), 1), **LIKELY, **values}
    cursor = connection.execute(sql, known)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def filled(folder: Path, learners: int, drills_each: int = 1) -> sqlite3.Connection:
    """A database in which learners from 1 on have done everything that could be asked of them.

    Learner n has the drills from 1 on, each with a take, a rating and a message; all are over.
    """
    folder.mkdir(exist_ok=True)
    connection = sqlite3.connect(new_file(folder), isolation_level=None)
    connection.execute("BEGIN")
    numbers = "WITH RECURSIVE n(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM n WHERE n < {})"
    each = numbers.format(1, drills_each) + f", l(l) AS ({numbers.format(ANN, ANN + learners - 1)}"
    each += " SELECT n FROM n)"
    own = {
        "standing": "l, 'q' || n, 0.5, 0.5, 1, 1, 0, 0, 1, 0, NULL, 0, 1, 0, NULL",
        "rating": "l, n, n, n, 'q' || n, 4, 1, n, 1, NULL, 1",
        "listen": "l, n, n, 'q' || n, 1, 4, 1, n, NULL",
        "drill": "l, n, 'q' || n, 's', 0, 1, 3, 1, 1, 1, 1, n, -n, n, 0, 0, 'x'",
        "take": "l, n, n, 2, 'x', 'x', 1, 1, n, 1, 2, 'x', 0, 0, NULL, NULL",
        "deed": f"l, n, 1, 'x', {NOW}",
        "mock": "l, n, 1, 0, '[]', 0, 0, 1, 1, 1, NULL",
        "own_question": "l, n, 'own-' || n, 'x', 'flat', 1, 1, NULL, NULL",
        "coaching": f"l, n, l || '-' || n, 'x', 1, {NOW + DAY}, 3, 3, -l, n, 'x', NULL, 1, 1",
        "coach_rating": "l, n, n, -l, 3, 1, 'x', 'x'",
        "wish": "l, n, n, -l, 'q', 'x', 1",
        "circle": "l, n, 'x', l || '-' || n, 1",
        "circle_member": "l, -l, n, 'x', 1",
        "ear": f"l, n, n, l || '-' || n, 'x', 1, {NOW + DAY}, NULL, l || '-' || n, NULL, 3, 'x'",
        "share": f"l, n, l || '-' || n, 'x', 1, {NOW + DAY}, NULL, NULL",
        "outbox": f"l, n, 1, 3, 'x', '{{}}', NULL, n, 1, {NOW}, 0, 1, {NOW}, n, NULL, NULL",
        "upload": f"l, n, n, 'x', 'x', {NOW}, 4, NULL, NULL, NULL",
        "errand": f"l, l, n, 1, {NOW + DAY}, 'x'",
        "picture": f"l, n, {NOW + DAY}, 'x'",
        "inbox": f"l * {drills_each} + n, 0, {NOW}, 2, 0, NULL, NULL",
    }
    once = {
        "learner": "l, 0, 0, 1, 1, NULL, 1, 'en', 's', 'UTC', 3, 0, 6, 60, NULL, NULL, "
        f"{NOW + DAY} + l, 0, NULL, NULL, 1, 1, 1, 0, NULL, NULL, 0, NULL, 1, NULL, NULL",
        "open_hours": "l, 1, 0, 0",
        "looks": "l, 1, 6, 18, 1, 1",
        "invitation": "hex(l), 1, 1, 1",
        "bank": "hex(l), 1, 'x', 1, NULL",
    }
    for table, columns in {**own, **once}.items():
        source = "l, n" if table in own else "l"
        connection.execute(f"INSERT INTO {table} {each} SELECT {columns} FROM {source}")
    connection.execute("COMMIT")
    return connection


def steps(connection: sqlite3.Connection, name: str, **values: Any) -> int:
    """How many steps of SQLite's machine a statement takes; what it does is undone."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    connection.execute("BEGIN")
    connection.set_progress_handler(step, 1)
    run(connection, name, **values)
    connection.set_progress_handler(None, 1)
    connection.execute("ROLLBACK")
    return count


def test_compiled_once() -> None:
    """A statement's text is made once, with its constants in it, so that a partial index is found."""
    made = (texts := Statements()).sql(ALL["drills._EARLIEST_EXPIRY"])
    assert made is texts.sql(ALL["drills._EARLIEST_EXPIRY"])
    assert made.endswith("WHERE drill.state = 1")


def test_found() -> None:
    """The walk over the modules finds the statements, and each exception is one of them."""
    assert len(OWNED) > 50
    assert SYSTEM_WIDE.keys() <= OWNED.keys()
    assert ALL.keys() >= COUNTS | UNSENT


@pytest.mark.parametrize("name", sorted(OWNED.keys() - SYSTEM_WIDE.keys()))
def test_names_the_learner(name: str) -> None:
    """Every statement about a learner's rows says whose: no number of a drill is enough."""
    if name in INSERTS:
        assert ":learner_id" in _TEXT.sql(ALL[name])
    else:
        names_the_learner(ALL[name])


def names_the_learner(statement: ClauseElement) -> None:
    """Fail unless every table that a statement reads or changes is kept to one learner."""
    sql = _TEXT.sql(statement)
    tables = len(re.findall(r"\b(?:FROM|UPDATE|JOIN) \w+", sql))
    assert sql.count("learner_id = :learner_id") >= tables, sql


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Two learners whose rows are alike, number for number."""
    with closing(filled(tmp_path_factory.mktemp("two"), 2)) as connection:
        assert {row[0] for row in connection.execute("SELECT learner_id FROM drill")} == {ANN, BEN}
        yield connection


@pytest.mark.parametrize("name", sorted(OWNED.keys() - SYSTEM_WIDE.keys() - INSERTS))
@pytest.mark.parametrize("state", range(1, 6))
def test_keeps_to_the_learner(two: sqlite3.Connection, name: str, state: int) -> None:
    """In Ann's name nothing of Ben's is read or changed, though all his numbers are hers."""
    rows_of_ben = [f"SELECT * FROM {table.name} WHERE learner_id={BEN}" for table in LEARNER_TABLES]
    two.execute("BEGIN")
    two.execute("UPDATE drill SET state=?", [state])
    two.execute("UPDATE outbox SET state=?", [state])
    two.execute("UPDATE take SET media_state=1")
    two.execute("UPDATE rating SET withdrawn_at=?", [None if state % 2 else NOW])
    before = [two.execute(query).fetchall() for query in rows_of_ben]
    found = run(two, name, seen_state=state, seen_version=0)
    assert before == [two.execute(query).fetchall() for query in rows_of_ben]
    assert {row.get("learner_id", ANN) for row in found} <= {ANN}
    two.execute("ROLLBACK")


@pytest.mark.parametrize("name", sorted(ALL.keys() - RARE))
def test_no_scan(two: sqlite3.Connection, name: str) -> None:
    """No statement of a chat, of the alarm or of the sender reads a table from end to end."""
    sql = _TEXT.sql(ALL[name])
    values = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    plan = [row[3] for row in two.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    if name in UNSENT:
        rest = [line for line in plan if not _WAITING.search(line)]
        assert rest != plan
        plan = rest
    assert not [line for line in plan if line.startswith("SCAN")]


def without_the_learner(statement: ClauseElement) -> ClauseElement:
    """A copy of a statement that forgets once to say whose rows it means."""
    forgotten: list[ExternallyTraversible] = []

    def careless(element: ExternallyTraversible, **_: object) -> ExternallyTraversible | None:
        compares = isinstance(element, BinaryExpression) and element.operator is operators.eq
        if forgotten or not compares:
            return None
        right = element.right if isinstance(element, BinaryExpression) else None
        if not isinstance(right, BindParameter) or right.key != "learner_id":
            return None
        forgotten.append(element)
        return true()

    copy = replacement_traverse(statement, {}, replace=careless)
    assert forgotten, "this statement names no learner"
    assert isinstance(copy, ClauseElement)
    return copy


@pytest.mark.parametrize("name", sorted(OWNED.keys() - SYSTEM_WIDE.keys() - INSERTS))
def test_forgetting_the_learner_is_noticed(name: str) -> None:
    """Of each statement a copy that drops `WHERE learner_id` once is told from the true one.

    What the walk compares is how often a statement names the learner: as often as it names a table.
    """
    careless = without_the_learner(ALL[name])
    with pytest.raises(AssertionError):
        names_the_learner(careless)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[sqlite3.Connection]]:
    """One database with some learners in it, and one with twenty times as many."""
    folder = tmp_path_factory.mktemp("grown")
    with closing(filled(folder / "1", 1000)) as few, closing(filled(folder / "2", 20_000)) as many:
        yield [few, many]


@pytest.mark.parametrize("name", sorted(ALL.keys() - RARE - INSERTS))
def test_others_cost_nothing(grown: list[sqlite3.Connection], name: str) -> None:
    """However many other learners there are and whatever they have done, a statement costs the same."""
    few, many = (steps(connection, name) for connection in grown)
    assert many == few


@pytest.mark.parametrize("due", [0, 30, 300])
def test_claim(tmp_path: Path, due: int) -> None:
    """Claiming thirty of 100,000 learners takes the same steps as of 10,000, however many are due."""
    costs = []
    for learners in (10_000, 100_000):
        with closing(sqlite3.connect(new_file(tmp_path), isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.execute(
                "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ? - 1)"
                " INSERT INTO learner SELECT n, 0, 0, 1, 1, NULL, 1, 'en', 's', 'UTC', 3, 0, 6, 60,"
                " NULL, NULL, iif(n < ?, ? - n, ? + n), 0, NULL, NULL, 1, 1, 1, 0, NULL, NULL, 0,"
                " NULL, 1, NULL, NULL FROM n",
                [learners, due, NOW, NOW + DAY],
            )
            connection.execute("COMMIT")
            costs.append(steps(connection, "learners._CLAIM", until=NOW + 1))
            claimed = run(connection, "learners._CLAIM", until=NOW + 1)
            assert len(claimed) == min(due, 30)
            assert all(row["learner_id"] >= due - 30 for row in claimed), "the latest was first"
    assert costs[1] <= costs[0] * 1.02


OWN_HISTORY = {
    "drills._DRILL",
    "drills._DRILL_BY_MESSAGE",
    "drills._LATEST_DRILL",
    "drills._UNRATED",
    "mocks._MOCK",
    "mocks._OF_DRILL",
    "takes._LAST_TAKE",
    "takes._OF_DRILL",
    "takes._TAKES_OF_QUESTION",
    "takes._TAKE",
    "deeds._NEWEST",
    "seen_takes._ONE",
    "seen_takes._OF_QUESTION",
    "ratings._RATINGS",
    "ratings._LATEST_RATING",
    "ratings._EVER_RATED",
    "ratings._WITHDRAWN",
    "standings._STANDING",
    "outbox._RUN",
}


@pytest.mark.parametrize("name", sorted(OWN_HISTORY))
def test_history_costs_nothing(tmp_path: Path, name: str) -> None:
    """What a chat asks for at every message costs the same for somebody who has practised for years."""
    new, old = filled(tmp_path / "new", 1, 100), filled(tmp_path / "old", 1, 2000)
    with closing(new), closing(old):
        assert steps(new, name) == steps(old, name)
