"""The shape of a bank: each field's limits, and that the limits themselves are allowed."""

from typing import Any

import pytest
from pydantic import ValidationError

from bot.banks.document import BankEntry
from tests.banks.examples import bank, question

TRAP = {"slip": "wrong", "remedy": "right"}


def complains(field: str, value: Any, of: str = "question") -> bool:
    """Whether a bank whose field has this value, written as text, is refused for that field."""
    change = {field: value}
    fields = bank() | change if of == "set" else bank(questions=[question() | change])
    try:
        BankEntry.model_validate(fields)
    except ValidationError as error:
        return all(field in one["loc"] for one in error.errors())
    return False


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [("ask", 10, 240), ("why_asked", 20, 400), ("jurisdiction", 2, 200)],
)
def test_texts_of_a_question_have_a_length(field: str, least: int, most: int) -> None:
    """The bounds are in; one character beyond is out; blanks around do not count."""
    assert not complains(field, "x" * least)
    assert not complains(field, "x" * most)
    assert not complains(field, f"  {'x' * most}\n")
    assert complains(field, "x" * (least - 1))
    assert complains(field, "x" * (most + 1))
    assert complains(field, " " * least)


@pytest.mark.parametrize(
    ("field", "least", "most"), [("title", 3, 60), ("about", 20, 400), ("licence", 3, 60)]
)
def test_texts_of_a_set_have_a_length(field: str, least: int, most: int) -> None:
    """The bounds are in; one character beyond is out."""
    assert not complains(field, "x" * least, of="set")
    assert not complains(field, "x" * most, of="set")
    assert complains(field, "x" * (least - 1), of="set")
    assert complains(field, "x" * (most + 1), of="set")


@pytest.mark.parametrize(
    ("field", "entry", "least", "most"),
    [
        ("rephrased", "another wording of it", 3, 8),
        ("shape", "a beat", 3, 6),
        ("good_signs", "a sign", 2, 6),
        ("sources", "a source", 1, 6),
        ("traps", TRAP, 2, 6),
    ],
)
def test_lists_have_a_length(field: str, entry: object, least: int, most: int) -> None:
    """The bounds are in; one entry beyond is out."""
    assert not complains(field, [entry] * least)
    assert not complains(field, [entry] * most)
    assert complains(field, [entry] * (least - 1))
    assert complains(field, [entry] * (most + 1))


@pytest.mark.parametrize("tone", ["neutral", "pressing"])
def test_follow_ups_come_in_twos_to_fours(tone: str) -> None:
    """Calm and pressing ones alike."""
    probes = {"neutral": ["one more?"] * 2, "pressing": ["and then?"] * 4}
    assert not complains("follow_ups", probes)
    assert complains("follow_ups", probes | {tone: ["only one?"]})
    assert complains("follow_ups", probes | {tone: ["five?"] * 5})


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        (
            "seconds",
            ["30", "180", "090"],
            ["29", "181", "90s", "1e2", "9_0", "-60", "٦٠", "", "+60"],
        ),
        ("levels", [["1"], ["1", "3", "5"]], [["0"], ["6"], ["2", "1"], ["2", "2"], ["x"], []]),
        ("retired", ["true", "false"], ["yes", "True", "1", "no", ""]),
        ("kind", ["deflect", "ask-them"], ["Deflect", "", "star"]),
        ("competency", [["diary"], ["self", "team"]], [["diery"], [], ["team", "team"], ["x"] * 5]),
        ("id", ["abc", "a-1"], ["ab", "Abc", "a_b", "a b", "x" * 65, "ab\n", "café"]),
        ("scene", ["file-on-printer"], ["file on printer"]),
        ("distinct_from", [["a-b"], []], [["a b"], ["a-b", "a-b"], ["question-1"]]),
        ("renamed_from", [["a-b", "c-d"]], [["A"], ["a-b", "a-b"], ["question-1"]]),
        ("tone_risk", [{"slip": "flat", "sounds_like": "Hm."}], [{"slip": "sad"}, "flat"]),
        ("traps", [[TRAP] * 2], [[TRAP, {"slip": "only"}], [TRAP, TRAP | {"more": "x"}]]),
        ("ask", ["A plain question?"], ["One line\nand another", "Zero\u200ewidth\u202e text"]),
    ],
)
def test_fields_of_a_question_take_what_they_name(
    field: str, good: list[object], bad: list[object]
) -> None:
    """Numbers and truths are read from plain text alone; words come from their vocabulary."""
    assert [value for value in good if complains(field, value)] == []
    assert [value for value in bad if not complains(field, value)] == []


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("version", ["1", "999999999"], ["0", "1.0", "v1", "9999999999", "-1"]),
        ("locale", ["en-GB", "en-US"], ["en", "en-gb", "fr-FR"]),
        ("set", ["good-set"], ["Good Set", "x"]),
        ("questions", [[question()]], [[], [question()] * 201, "none", [["x"]]]),
        ("author", [], ["somebody"]),
    ],
)
def test_fields_of_a_set_take_what_they_name(
    field: str, good: list[object], bad: list[object]
) -> None:
    """A set has its fields and no others."""
    assert [value for value in good if complains(field, value, of="set")] == []
    assert [value for value in bad if not complains(field, value, of="set")] == []


@pytest.mark.parametrize("field", sorted(question()))
def test_no_field_of_a_question_may_be_missing(field: str) -> None:
    """Only jurisdiction, distinct_from, retired and renamed_from are optional."""
    fields = bank(questions=[{name: value for name, value in question().items() if name != field}])
    with pytest.raises(ValidationError) as caught:
        BankEntry.model_validate(fields)
    assert [one["type"] for one in caught.value.errors()] == ["missing"]
