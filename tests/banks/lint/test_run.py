"""All rules over files: each finding at its line, and nothing that is not asked for."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from bot.banks.lint.run import review
from bot.banks.problem import Problem
from tests.banks.examples import Fields, bank, banks, line_of, question, write
from tests.banks.lint.material import SCENES, a_set

FIELDS = ("scene", "competency", "shape", "ask", "rephrased")


def good_bank(set_id: str = "office", **changes: Any) -> dict[str, Any]:
    """A bank of the good set of eight, in the shape of a file."""
    questions = [
        question(
            n,
            **{name: _listed(getattr(one, name)) for name in FIELDS},
            id=one.id,
            levels=[1, 2, 3, 4, 5],
        )
        for n, one in enumerate(a_set(set_id).questions)
    ]
    return bank(set_id, questions) | changes


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def findings(folder: Path) -> list[Problem]:
    """All problems but the reader's doubt about a set of so few."""
    return [one for one in review([folder]).problems if "to be asked" not in one.message]


def test_a_good_bank_has_no_problems(tmp_path: Path) -> None:
    """Eight scenes that have nothing in common."""
    write(tmp_path, good_bank())
    assert findings(tmp_path) == []
    assert len(review([tmp_path]).sets[0].questions) == len(SCENES)


LAZY = ["The mayor has mislaid her oath once more.", "Go on now, then.", "What then, hm?"]
HARD = "Characteristically organisational, nevertheless extraordinary."
FAULTS: dict[str, dict[str, Any]] = {
    "repeats `mayor has": {"rephrased": LAZY},
    "a sentence of 26 words": {"ask": "Mayor, oath: " + "go " * 23 + "on."},
    "reads like school year": {"ask": HARD, "why_asked": HARD},
    "the outline shares 0 w": {"shape": ["one", "two", "three"]},
    "a beat of 17 words": {"shape": ["the mayor", "the oath", "so " * 17]},
    "is no remedy": {
        "traps": [{"slip": slip, "remedy": "Don't do that"} for slip in ("One", "Two")]
    },
    "should not be asked": {"ask": "How old are you, Mayor, under oath?"},
    "`jurisdiction` should": {"sources": ["Oaths Act 1978"]},
    "is American": {"ask": "The mayor's oath is a gray color."},
}


@pytest.mark.parametrize("part", FAULTS)
def test_every_rule_for_questions_is_applied(tmp_path: Path, part: str) -> None:
    """One fault in the second question of a file is found in its lines."""
    fields = good_bank()
    fields["questions"][1] |= FAULTS[part]
    path = write(tmp_path, fields)
    text = path.read_text()
    first, last = line_of(text, "id: office-1"), line_of(text, "id: office-2")
    found = [problem for problem in findings(tmp_path) if part in problem.message]
    assert found
    assert all(first < problem.line < last for problem in found)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("0 questions at level 2", {"levels": [1]}),
        ("1 competencies; there should", {"competency": ["self"]}),
        ("nothing on organizational communication", {"competency": ["self"]}),
        ("end on `so what then …`", {"rephrased": [f"{n}! So what then?" for n in "abc"]}),
    ],
)  # fmt: skip
def test_every_rule_for_sets_is_applied(tmp_path: Path, part: str, changes: dict[str, Any]) -> None:
    """A fault of the whole set stands at its id or at its questions, and is a warning."""
    fields = good_bank()
    for entry in fields["questions"]:
        entry |= deepcopy(changes)
    path = write(tmp_path, fields)
    (only,) = [problem for problem in findings(tmp_path) if part in problem.message]
    assert only.line in (2, line_of(path.read_text(), "- id: office-0"))
    assert only.severity == "warning"


def test_a_worn_scene_stands_in_the_third_file(tmp_path: Path) -> None:
    """At the line of the scene."""
    paths = []
    for name in ("one", "three", "two"):
        fields = good_bank(name)
        fields["questions"][0]["scene"] = "gate-locked"
        paths.append(write(tmp_path, fields))
    (only,) = [one for one in findings(tmp_path) if "`gate-locked` is in 3" in one.message]
    line = line_of(paths[-1].read_text(), "gate-locked")
    assert (only.path, only.line) == (str(paths[-1]), line)


def test_a_question_of_another_file_is_recognised(tmp_path: Path) -> None:
    """The later of the two is to be mended, at the wording that is alike."""
    write(tmp_path, good_bank())
    fields = good_bank("second")
    fields["questions"] = [fields["questions"][3]]
    fields["questions"][0] |= {
        "ask": "On the archive shelves, water drips.",
        "rephrased": ["Umbrella, bucket, or neither?", "Papyrus swims badly.", "Restored, framed."],
    }
    path = write(tmp_path, fields)
    (only,) = [problem for problem in findings(tmp_path) if problem.severity == "error"]
    assert only.line == line_of(path.read_text(), "On the archive")
    assert "1.00 like a wording of `office-3` (office)" in only.message


def test_retired_questions_are_passed_over(tmp_path: Path) -> None:
    """Nobody is asked them any more, whatever is wrong with them."""
    fields = good_bank()
    fields["questions"].append(question(99, id="office-99", retired=True, ask="Gray color, mayor?"))
    write(tmp_path, fields)
    assert findings(tmp_path) == []


def test_what_check_says_is_said_too(tmp_path: Path) -> None:
    """A file that cannot be read has its errors, and the others are looked into all the same."""
    (tmp_path / "broken.yaml").write_text("set: [")
    fields = good_bank()
    fields["questions"][0]["ask"] = "The courier leans on a gray gate."
    write(tmp_path, fields)
    broken, gray = [p for p in review([tmp_path]).problems if "to be asked" not in p.message]
    assert broken.path.endswith("broken.yaml")
    assert broken.severity == "error"
    assert "`gray` is American" in gray.message


@settings(max_examples=60, deadline=None)
@given(banks())
def test_any_bank_that_can_be_read_can_be_looked_into(
    tmp_path_factory: pytest.TempPathFactory, fields: Fields
) -> None:
    """Whatever the texts hold, punctuation alone or another script, there is an answer."""
    folder = tmp_path_factory.mktemp("any")
    write(folder, fields)
    for problem in review([folder]).problems:
        assert problem.line >= 1
        assert "\n" not in problem.message
