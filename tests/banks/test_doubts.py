"""Warnings: what is allowed and probably not meant."""

from pathlib import Path
from typing import Any

from bot.banks.problem import Problem
from bot.banks.reader import read_bank
from tests.banks.examples import bank, line_of, question, write, yaml_of


def warnings_of(folder: Path, fields: dict[str, Any]) -> list[Problem]:
    """The problems of a good bank, of which none may be an error."""
    good, problems = read_bank(write(folder, fields))
    assert good is not None
    assert {problem.severity for problem in problems} <= {"warning"}
    return problems


def with_second(**changes: Any) -> dict[str, Any]:
    """A good bank with changes to its second question."""
    fields = bank()
    fields["questions"][1] |= changes
    return fields


def test_nothing_is_doubted_in_a_good_bank(tmp_path: Path) -> None:
    """The example of the other tests has no warnings."""
    assert warnings_of(tmp_path, bank()) == []


def test_few_questions_are_doubted(tmp_path: Path) -> None:
    """Retired ones are not counted: they are never asked."""
    questions = [question(n) for n in range(1, 16)]
    questions[3]["retired"] = True
    (only,) = warnings_of(tmp_path, bank(questions=questions))
    assert only.message.startswith("14 to be asked; a set should have 15 or more")


def test_more_than_one_breath_is_doubted(tmp_path: Path) -> None:
    """160 characters are spoken well; one more is marked where it stands, in any wording."""
    assert warnings_of(tmp_path, with_second(ask="x" * 160)) == []
    fields = with_second(ask="x" * 161)
    fields["questions"][1]["rephrased"][2] = "y" * 170
    first, second = warnings_of(tmp_path, fields)
    text = yaml_of(fields)
    assert (first.line, second.line) == (line_of(text, "x" * 80), line_of(text, "y" * 80))
    assert "161 characters are more than one breath" in first.message


def test_a_wording_that_is_there_already_is_doubted(tmp_path: Path) -> None:
    """Case and punctuation are not heard, so they make no other wording."""
    rephrased = ["What made you leave?", "Why did you go?", "WHY, DID you go!"]
    fields = with_second(ask="What made you leave?", rephrased=rephrased)
    first, second = warnings_of(tmp_path, fields)
    text = yaml_of(fields)
    assert first.line == line_of(text, "- What made you leave?")
    assert second.line == line_of(text, "WHY, DID")
    assert "should come from another angle" in first.message


def test_two_questions_on_one_scene_are_doubted(tmp_path: Path) -> None:
    """Unless their main competency differs, one is retired, or they say that they differ."""
    (only,) = warnings_of(tmp_path, with_second(scene="scene-1"))
    assert "as `good-set-1`" in only.message
    assert warnings_of(tmp_path, with_second(scene="scene-1", competency=["team"])) == []
    assert warnings_of(tmp_path, with_second(scene="scene-1", distinct_from=["good-set-1"])) == []
    fields = with_second(scene="scene-1")
    fields["questions"][0]["distinct_from"] = ["good-set-2"]
    assert warnings_of(tmp_path, fields) == []
    sixteen = with_second(scene="scene-1", retired=True)
    sixteen["questions"].append(question(16))
    assert warnings_of(tmp_path, sixteen) == []


def test_a_file_should_carry_the_name_of_its_set(tmp_path: Path) -> None:
    """The id stands where the doubt is."""
    path = tmp_path / "other.yaml"
    path.write_text(yaml_of(bank()))
    (only,) = read_bank(path)[1]
    assert (only.line, only.column) == (2, 6)
    assert "the set is `good-set` but the file `other`" in only.message


def test_the_first_line_should_name_the_schema(tmp_path: Path) -> None:
    """Without it editors neither complete nor check."""
    path = tmp_path / "good-set.yaml"
    path.write_text(yaml_of(bank()).partition("\n")[2])
    (only,) = read_bank(path)[1]
    assert (only.line, only.severity) == (1, "warning")
    assert "yaml-language-server" in only.message
