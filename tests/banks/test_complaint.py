"""The shape's complaints in plain words."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.banks.complaint import complaint
from bot.banks.document import BankEntry
from tests.banks.examples import bank, question


def complaints(fields: Any) -> list[str]:
    """What is said of a bank with these fields."""
    with pytest.raises(ValidationError) as caught:
        BankEntry.model_validate(fields)
    return [complaint(error) for error in caught.value.errors(include_url=False)]


def of_question(**changes: Any) -> str:
    """The only complaint about a bank whose question has these changes."""
    (only,) = complaints(bank(questions=[question(**changes)]))
    return only


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seconds": None}, "`seconds` is missing; it should be about how long a spoken answer"),
        ({"seconds": "20"}, "`seconds` is `20`; it should be about how long"),
        ({"seconds": "ninety"}, "`seconds` is `ninety`; it should be about how long"),
        ({"seconds": ""}, "`seconds` is empty; it should be about how long"),
        ({"ask": "Short?"}, "`ask` has 6 characters; it should be the question as it is first"),
        ({"ask": ""}, "`ask` is empty; it should be the question as it is first"),
        ({"scene": "x"}, "`scene` is `x`; it should be a slug"),
        ({"ask": ["x"]}, "`ask` is a list (a text that begins with `[`"),
        ({"ask": {"Two": "one"}}, "`ask` is a mapping (a text that holds `: ` takes quotes); it"),
        ({"ask": "One line\nand more"}, "`ask` has a line break in it"),
        ({"sources": ""}, "`sources` is empty; it should be a list of 1 to 6"),
        ({"sources": []}, "`sources` has 0 entries; it should be a list of 1 to 6"),
        ({"shape": ["one beat"]}, "`shape` has 1 entry; it should be a list of 3 to 6"),
        ({"shape": ["ab", "c", "de"]}, "`shape`, entry 2, has 1 character; it should be a list"),
        ({"kind": "situation"}, "`kind` is `situation` (did you mean `situational`?); it should"),
        ({"kind": "zzz"}, "`kind` is `zzz`; it should be the kind of question, one of opening,"),
        ({"levels": ["3", "2"]}, "`levels` are not in ascending order"),
        ({"competency": ["self", "self"]}, "`competency` has `self` twice; it should be a list"),
        ({"tone_risk": "bitter"}, "`tone_risk` is `bitter`; it should be a mapping of `slip`"),
        ({"traps": [{"slip": "ab"}] * 2}, "`remedy` is missing; it should be what to do instead"),
        ({"traps": ["ab"] * 2}, "`traps`, entry 1, is `ab`; it should be a mapping of `slip`,"),
        ({"distinct_from": ["question-1"]}, "`distinct_from` names the question itself"),
        ({"asks": "x"}, "`asks` is no field here; did you mean `ask`?"),
        ({"zzz": "x"}, "`zzz` is no field here; it should be one of id, ask, rephrased"),
    ],
)
def test_each_error_of_a_question_has_its_words(changes: dict[str, Any], said: str) -> None:
    """What is wrong comes first, and then what it should be."""
    fields = bank(questions=[question(**changes)])
    assert complaints(fields)[0].startswith(said)


def test_fields_are_explained_where_they_are() -> None:
    """`slip` is a word of the vocabulary in `tone_risk` and free text in a trap."""
    in_risk = of_question(tone_risk={"slip": "sad", "sounds_like": "Oh."})
    in_trap = of_question(traps=[{"slip": "x", "remedy": "yes"}, {"slip": "ab", "remedy": "cd"}])
    assert "one of bitter" in in_risk
    assert "what people do wrong here" in in_trap


def test_entries_that_are_no_mapping_hear_which_fields_are_needed() -> None:
    """A question or the whole file that is a text or a list."""
    (question_is,) = complaints(bank(questions=["hello"]))  # type: ignore[list-item]
    assert question_is.startswith("question 1 is `hello`; it should be a mapping of `id`, `ask`,")
    assert "`renamed_from`" not in question_is
    (file_is,) = complaints(["x"])
    assert file_is.startswith("the file is a list")
    assert file_is.endswith(
        "it should be a mapping of `set`, `title`, `about`, `locale`,"
        " `licence`, `version`, `questions`"
    )


def test_fields_of_the_set_are_explained_too() -> None:
    """Their names are looked for among the set's fields."""
    assert complaints(bank(titel="A set")) == ["`titel` is no field here; did you mean `title`?"]
    assert complaints(bank() | {"questions": "none"})[0].endswith(
        "should be a list of 1 to 200 questions"
    )
