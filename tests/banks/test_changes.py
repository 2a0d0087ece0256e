"""What an edit does to learners: told for every kind of edit, and lost progress never overlooked."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.banks.changes import changes
from bot.banks.document import BankEntry, question_set
from bot.banks.library import Library, library_of
from tests.banks.examples import Fields, bank, question

OLD = [question(1), question(2, renamed_from=["older-two"])]


def library(*questions: Fields, version: int = 1, set_id: str = "good-set") -> Library:
    """A library of one set."""
    fields = bank(set_id, [*questions], version=version)
    return library_of([question_set(BankEntry.model_validate(fields))])


def told(*questions: Fields, version: int = 2, before: Sequence[Fields] = OLD) -> dict[str, str]:
    """What is told of an edit of the old set, by kind of change."""
    found = changes(library(*before), library(*questions, version=version))
    assert {change.set_id for change in found} <= {"good-set"}
    return {change.what: change.words for change in found}


def test_no_edit_is_no_change() -> None:
    """Nothing is told, nothing is lost."""
    assert told(*OLD, version=1) == {}


def test_a_question_that_is_gone_loses_its_progress() -> None:
    """Its id and its former ids: learners who were long away still stand under those."""
    found = changes(library(*OLD), library(OLD[0], version=2))
    assert [change.words.split(":")[0] for change in found if change.lost] == [
        "question-2",
        "older-two",
    ]
    assert "renamed_from" in found[0].words


def test_a_former_id_that_is_left_out_loses_progress_too() -> None:
    """Whoever has not come back since the renaming stands under it."""
    assert told(OLD[0], question(2))["LOST"].startswith("older-two: ")


def test_a_renamed_question_keeps_its_progress() -> None:
    """As long as the new one names the old one."""
    renamed = question(3, ask=OLD[1]["ask"], renamed_from=["question-2", "older-two"])
    found = told(OLD[0], renamed)
    assert found["renamed"] == "question-2: to question-3; progress goes along"
    assert "LOST" not in found
    assert "added" not in found


def test_two_that_become_one_are_told_apart_from_a_renaming() -> None:
    """A learner who has progress in both keeps that of the one that stays."""
    found = told(question(1, renamed_from=["question-2", "older-two"]))
    assert found["merged"].startswith("question-2: into question-1; ")


def test_retired_revived_and_new_questions_are_told() -> None:
    """Each by its id."""
    found = told(question(1, retired=True), OLD[1], question(3))
    assert found["retired"] == "question-1: not asked any more; its history stays"
    assert found["added"].startswith("question-3: ")
    assert told(*OLD, before=[question(1, retired=True), OLD[1]])["revived"].startswith(
        "question-1"
    )


@pytest.mark.parametrize(
    ("edit", "what", "words"),
    [
        ({"ask": "Who gets the room, and who tells the other one?"}, "reworded", "→"),
        ({"kind": "technical"}, "changed", "kind situational → technical"),
        ({"levels": [3, 4]}, "changed", "levels 2, 3 → 3, 4"),
        ({"competency": ["privacy"]}, "changed", "competency diary, gatekeep → privacy"),
        ({"jurisdiction": "England"}, "changed", "jurisdiction anywhere → England"),
    ],
)
def test_an_edit_of_meaning_wants_another_version(
    edit: dict[str, Any], what: str, words: str
) -> None:
    """It is told, and so is a version that was not raised with it."""
    edited = question(1, **edit)
    assert words in told(edited, OLD[1])[what]
    assert "version" not in told(edited, OLD[1])
    assert "1 → 1; what is asked has changed" in told(edited, OLD[1], version=1)["version"]


@pytest.mark.parametrize(
    "edit", [{"why_asked": "To hear a rule for who comes first."}, {"seconds": 60}]
)
def test_other_edits_are_named_and_want_none(edit: dict[str, Any]) -> None:
    """So does a comma in the question."""
    assert told(question(1, **edit), OLD[1], version=1) == {
        "edited": f"question-1: {next(iter(edit))}"
    }
    comma = question(1, ask=OLD[0]["ask"].replace(" at", ", at"))
    assert [*told(comma, OLD[1], version=1)] == ["reworded"]


def test_a_version_never_goes_back() -> None:
    """Nobody could tell which of two is the newer."""
    found = changes(library(*OLD, version=3), library(*OLD, version=2))
    assert [str(change) for change in found] == ["version   3 → 2; it never goes back"]


def test_sets_that_come_go_or_are_emptied_are_told() -> None:
    """Whoever practises one without questions is asked nothing."""
    old, other = library(*OLD), library(question(7), set_id="other-set")
    assert [change.what for change in changes(library_of([]), other)] == ["new set", "added"]
    assert changes(old, library_of([]))[0].what == "gone"
    empty = [one | {"retired": True} for one in OLD]
    assert "no question to be asked" in told(*empty)["empty"]


def test_a_question_may_move_to_another_set() -> None:
    """Its progress goes along, for ids are unique over all sets."""
    moved = changes(library(question(1)), library(question(1), set_id="other-set"))
    assert "moved" in {change.what for change in moved}
    assert not any(change.lost for change in moved)
