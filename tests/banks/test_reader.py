"""One file: to a set, or to all of its problems, whatever is in it."""

import gc
import os
import stat
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banks.document import MAX_QUESTIONS, BankEntry, question_set
from bot.banks.problem import MAX_PROBLEMS, Problem
from bot.banks.reader import MAX_BYTES, read, read_bank
from tests.banks.examples import bank, banks, line_of, question, well_located, write, yaml_of

KIB = 1024


def problems_of(folder: Path, text: str | bytes) -> list[Problem]:
    """The problems of a file with this content."""
    path = folder / "good-set.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_bank(path)[1]


def test_a_good_file_becomes_its_set(tmp_path: Path) -> None:
    """Every field arrives where the rest of the house looks for it."""
    optional = {
        "jurisdiction": "England",
        "distinct_from": ["good-set-2"],
        "retired": True,
        "renamed_from": ["old-name"],
    }
    fields = bank(questions=[question(n, id=f"good-set-{n}") for n in range(1, 17)])
    fields["questions"][0] |= optional
    good, problems = read_bank(write(tmp_path, fields))
    assert problems == []
    assert good is not None
    assert (good.id, good.title, good.locale) == ("good-set", "A good set", "en-GB")
    assert (good.about, good.licence, good.version) == (fields["about"], "CC-BY-4.0", 1)
    assert len(good.questions) == 16
    first, second, *_ = good.questions
    assert first.set_id == "good-set"
    assert first.wordings() == (first.ask, *fields["questions"][0]["rephrased"])
    assert first.competency == ("diary", "gatekeep")
    assert first.tone_risk.sounds_like == "To be fair, nobody told me."
    assert first.traps[1].remedy == "Offer two times"
    assert first.follow_ups.pressing == ("What if neither accepts?", "What if you are wrong?")
    assert (first.seconds, first.levels, first.scene) == (90, (2, 3), "scene-1")
    assert (first.jurisdiction, first.distinct_from) == ("England", ("good-set-2",))
    assert (first.retired, first.renamed_from) == (True, ("old-name",))
    assert (second.jurisdiction, second.retired, second.renamed_from) == (None, False, ())


@given(fields=banks())
@settings(max_examples=25, deadline=None)
def test_any_good_bank_survives_the_way_through_a_file(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any]
) -> None:
    """What was written comes back, however odd its texts look to a YAML parser."""
    path = tmp_path_factory.mktemp("banks") / "any.yaml"
    path.write_text(yaml_of(fields), encoding="utf-8")
    good, problems = read_bank(path)
    assert [problem for problem in problems if problem.severity == "error"] == []
    assert good == question_set(BankEntry.model_validate(fields))


def test_a_problem_reads_like_a_compilers() -> None:
    """file:line:column: message, which editors and terminals turn into a link."""
    assert str(Problem("a.yaml", 3, 7, "it is wrong", "error")) == "a.yaml:3:7: it is wrong"


def test_a_problem_is_one_line_of_plain_text(tmp_path: Path) -> None:
    """Even of a file whose name breaks lines or is not UTF-8: it goes to logs and into a chat."""
    path = tmp_path / os.fsdecode(b"a\nb\xff.yaml")
    path.write_text("set: x\n")
    for problem in read(path).problems:
        assert str(problem).encode().startswith(f"{tmp_path}/a\\nb\\udcff.yaml:1:".encode())
        assert str(problem).isprintable()


def test_all_problems_of_a_file_come_at_once_and_in_order(tmp_path: Path) -> None:
    """Characters, structure, shape and repeated ids: none hides another."""
    text = (
        yaml_of(bank())
        .replace("title: A good", "title: A\tgood")
        .replace("locale: en-GB", "locale: klingon")
        .replace("version: 1", "version: one")
        .replace("id: good-set-3\n", "id: good-set-2\n")
        .replace("kind: situational", "kind: *same", 1)
        .replace("seconds: 90", "seconds: 900", 1)
        .replace("scene: scene-4", "scene: scene-4\n  scenery: x")
    )
    problems = problems_of(tmp_path, text)
    lines = [problem.line for problem in problems]
    assert lines == sorted(lines)
    assert {problem.severity for problem in problems} == {"error"}
    for part, words in [
        ("A\tgood", "a tab"),
        ("klingon", "`locale` is `klingon`"),
        ("version: one", "`version` is `one`"),
        ("*same", "`*same` repeats another place"),
        ("seconds: 900", "`seconds` is `900`"),
        ("scenery", "`scenery` is no field here; did you mean `scene`?"),
    ]:
        line = line_of(text, part)
        assert any(one.line == line and words in one.message for one in problems), part
    assert any("is the id of the question in line" in one.message for one in problems)
    assert len(problems) == 7


def test_every_problem_says_what_it_should_be(tmp_path: Path) -> None:
    """No message stops at what is wrong."""
    fields = bank(title="x", locale="en", version="1.5", extra="x")
    fields["questions"][0] = question(id="No Slug", ask=["x"], seconds=None, levels="3")
    problems = problems_of(tmp_path, yaml_of(fields))
    assert len(problems) == 8
    assert all("should be" in problem.message for problem in problems)


def test_problems_stand_at_value_key_or_mapping(tmp_path: Path) -> None:
    """A wrong value is marked itself, an unknown field at its key, a missing one where it lacks."""
    text = yaml_of(bank(licence=None, colour="red", locale="xx"))
    unknown, missing, wrong = (
        next(one for one in problems_of(tmp_path, text) if word in one.message)
        for word in ("`colour`", "`licence`", "`locale`")
    )
    assert (unknown.line, unknown.column) == (line_of(text, "colour:"), 1)
    assert (missing.line, missing.column) == (2, 1)
    assert (wrong.line, wrong.column) == (line_of(text, "locale:"), 9)


def test_an_alias_brings_no_problems_but_its_own(tmp_path: Path) -> None:
    """What stood there is unknown, so nothing is said against it."""
    text = yaml_of(bank()).replace("kind: situational", "kind: *x", 1)
    (only,) = problems_of(tmp_path, text)
    assert "`*x` repeats" in only.message


def test_a_file_that_is_wrong_in_its_writing_alone_is_refused_too(tmp_path: Path) -> None:
    """Its shape is good, and yet it is not what it should be."""
    path = tmp_path / "good-set.yaml"
    good = yaml_of(bank())
    for text, words in [
        (good.replace("title: A good", "title: A\tgood"), "a tab"),
        (good.replace("title: A good", "title: &x A good"), "`&x` names this place"),
        (good + "title: Another\n", "`title` is here twice"),
    ]:
        path.write_text(text)
        found, (only,) = read_bank(path)
        assert found is None
        assert words in only.message


def test_a_syntax_error_hides_no_character(tmp_path: Path) -> None:
    """The step before has its say."""
    tab, syntax = problems_of(tmp_path, "title: A\tgood\nabout: one: two\n")
    assert "a tab" in tab.message
    assert "a colon where none can be" in syntax.message


def test_syntax_errors_are_located(tmp_path: Path) -> None:
    """The line and column are the author's own."""
    text = yaml_of(bank()).replace("title: A good set", "title: A good: set")
    (only,) = problems_of(tmp_path, text)
    assert (only.line, only.column) == (3, 14)


def test_the_largest_set_is_read(tmp_path: Path) -> None:
    """As many questions as a set may have, every field in use, are within all limits."""
    large = bank(questions=[question(number) for number in range(MAX_QUESTIONS)])
    good, problems = read_bank(write(tmp_path, large))
    assert problems == []
    assert good is not None
    assert len(good.questions) == MAX_QUESTIONS


def test_another_encoding_is_one_clear_problem(tmp_path: Path) -> None:
    """Nothing else can be said of such a file."""
    (only,) = problems_of(tmp_path, yaml_of(bank()).encode("utf-16"))
    assert "UTF-16" in only.message


def test_too_large_a_file_is_not_even_parsed(tmp_path: Path) -> None:
    """The limit is in bytes; a file that just fits is judged by its content."""
    text = yaml_of(bank())
    padding = MAX_BYTES - len(text.encode())
    assert problems_of(tmp_path, text + "#" * padding) == []
    (only,) = problems_of(tmp_path, text + "#" * (padding + 1))
    assert "larger than 256 KiB" in only.message


def test_a_flood_of_problems_is_cut(tmp_path: Path) -> None:
    """A hundred are work enough; the last line says that there are more."""
    text = yaml_of(bank() | {f"colour{n}": "red" for n in range(300)})
    problems = problems_of(tmp_path, text)
    assert len(problems) == MAX_PROBLEMS + 1
    assert "more than 100 problems" in problems[-1].message


def test_files_that_cannot_be_read_are_problems_too(tmp_path: Path) -> None:
    """Missing, a folder, a pipe that would never end, a link to itself, a name that is no name."""
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    expected = {
        tmp_path / "missing.yaml": "is not there",
        pipe: "is not a plain file",
        folder: "is not a plain file",
        loop: "is not there",
        tmp_path / f"{'x' * 300}.yaml": "cannot be read: File name too long",
    }
    for path, words in expected.items():
        reading = read(path)
        assert reading.question_set is None
        assert words in reading.problems[0].message
        assert (reading.problems[0].path, reading.problems[0].line) == (str(path), 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    """The system's own reason is passed on."""
    path = write(tmp_path, bank())
    path.chmod(0)
    assert "Permission denied" in read(path).problems[0].message
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_a_reading_remembers_where_ids_and_references_stand(tmp_path: Path) -> None:
    """For what is wrong between files."""
    fields = bank()
    fields["questions"][1] |= {"distinct_from": ["good-set-1"], "renamed_from": ["old", "older"]}
    path = write(tmp_path, fields)
    marks = read(path).marks
    text = path.read_text()
    assert marks["set",].line == 2
    assert marks["questions", 1, "id"].line == line_of(text, "id: good-set-2")
    assert marks["questions", 1, "distinct_from", 0].line == line_of(text, "distinct_from") + 1
    assert marks["questions", 1, "renamed_from", 1].line == line_of(text, "- older")


def _bomb() -> str:
    levels = (f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 60))
    return "l0: &l0 x\n" + "\n".join(levels)


def _merge_bomb() -> str:
    levels = (f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * 9)}]" for n in range(1, 60))
    return "m0: &m0 {a: b}\n" + "\n".join(levels)


def _filled(part: str, size: int = MAX_BYTES) -> str:
    return part * (size // len(part))


HOSTILE: dict[str, str | bytes] = {
    "flow lists": _filled("["),
    "flow mappings": _filled("{"),
    "complex keys": _filled("[?"),
    "block lists": _filled("- "),
    "block keys": _filled("? "),
    "many entries": _filled("- a\n"),
    "many empty mappings": "questions:\n" + "- {}\n" * 20_001,
    "many commas": "[" + _filled("a,", MAX_BYTES - 1),
    "many keys": "".join(f"k{n}: v\n" for n in range(20_000)),
    "many questions, all fields unknown": "questions:\n"
    + ("- " + "\n  ".join(f"k{n}: v" for n in range(48)) + "\n") * 200,
    "one key again and again": _filled("k: v\n"),
    "unknown fields": "".join(f"k{n}: v\n" for n in range(9_900)),
    "questions without fields": "questions:\n" + _filled("- {}\n", 60 * KIB),
    "two hundred empty questions": "questions:\n" + "- {}\n" * 200,
    "many wordings": "questions:\n- rephrased: [" + _filled("a,", 30 * KIB) + "]",
    "aliases": "- &a x\n" + _filled("- *a\n", MAX_BYTES - 7),
    "alias bomb": _bomb(),
    "merge bomb": _merge_bomb(),
    "anchors": "".join(f"- &a{n} x\n" for n in range(20_000)),
    "one long anchor": "- &" + "a" * (MAX_BYTES - 3),
    "tag directives": "".join(f"%TAG !a{n}! x\n" for n in range(15_000)) + "--- a\n",
    "documents": _filled("---\n"),
    "comments": _filled("#\n"),
    "blank lines": _filled("\n"),
    "spaces": _filled(" "),
    "tabs": _filled("\t\n"),
    "tabs in text": "a: b" + _filled("\tx\n", MAX_BYTES - 4),
    "open quote": '"' + _filled("a\n", MAX_BYTES - 1),
    "escapes": '"' + _filled("\\x41", MAX_BYTES - 8) + '"',
    "one long text": "set: " + "x" * (MAX_BYTES - 5),
    "one long folded text": "set:\n" + _filled(" x\n", MAX_BYTES - 5),
    "one long literal": "set: |\n" + _filled(" x\n", MAX_BYTES - 7),
    "one long number": "version: " + "9" * (MAX_BYTES - 9),
    "deep indents": "".join(" " * n + "a:\n" for n in range(700)),
    "bytes": b"\xff\xfd" * (MAX_BYTES // 2),
    "lines of bytes": b"a\xff\n" * (MAX_BYTES // 3),
    "nulls": b"\0" * MAX_BYTES,
    "carriage returns": b"\r" * MAX_BYTES,
}


def quickest(path: Path, enough: float = 0.1) -> float:
    """Processor seconds of a reading: of the first of twenty that is quick enough, or the best.

    A neighbour on the same processor can double the time of any one of them.
    """
    gc.freeze()  # what the other tests left behind is no cost of the reader's
    best = float("inf")
    for _ in range(20):
        began = time.thread_time()
        read(path)
        best = min(best, time.thread_time() - began)
        if best < enough:
            break
    gc.unfreeze()
    return best


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(tmp_path: Path, name: str) -> None:
    """Never a set, always a problem, in less than 100 ms of processor time and 64 MB."""
    path = tmp_path / "hostile.yaml"
    content = HOSTILE[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert path.stat().st_size <= MAX_BYTES
    if "coverage" not in sys.modules:  # it makes everything several times slower
        assert quickest(path) < 0.1
    tracemalloc.start()
    reading = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * KIB * KIB
    assert reading.question_set is None
    assert 0 < len(reading.problems) <= MAX_PROBLEMS + 1


YAML_LIKE = st.text("ab:-\n #&*!|>'\"%@`{}[],?<~\\\t\r\0é\u2028\x85", max_size=200)


@given(raw=st.binary(max_size=300) | YAML_LIKE.map(str.encode))
@settings(max_examples=400, deadline=None)
def test_no_bytes_raise(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever is in a file, the answer is a set or problems with a place in it."""
    path = tmp_path_factory.mktemp("banks") / "any.yaml"
    path.write_bytes(raw)
    reading = read(path)
    assert reading.question_set is None
    assert reading.problems
    assert well_located(reading.problems, raw)


GOOD = yaml_of(bank(questions=[question(n) for n in range(1, 4)])).encode()
SPLICES = st.tuples(
    st.integers(0, len(GOOD)),
    st.integers(0, 30),
    st.binary(max_size=4) | YAML_LIKE.map(lambda text: text[:8].encode()),
)


@given(splices=st.lists(SPLICES, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_mutated_bank_is_a_set_or_located_problems(
    tmp_path_factory: pytest.TempPathFactory, splices: list[tuple[int, int, bytes]]
) -> None:
    """Any slip of the hand leaves a bank that is good, or says where it is not."""
    raw = GOOD
    for start, length, inserted in splices:
        raw = raw[:start] + inserted + raw[start + length :]
    path = tmp_path_factory.mktemp("banks") / "any.yaml"
    path.write_bytes(raw)
    reading = read(path)
    wrong = [problem for problem in reading.problems if problem.severity == "error"]
    assert (reading.question_set is None) == bool(wrong)
    assert well_located(reading.problems, raw)
