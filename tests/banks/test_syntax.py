"""Broken YAML in plain words, whichever parser finds it."""

from collections.abc import Callable

import pytest
import yaml

from bot.banks.problem import START, Mark, UnreadableError
from bot.banks.syntax import syntax_fault
from bot.banks.tree import PARSER, Events, tree


@pytest.mark.parametrize("parser", [PARSER, yaml.SafeLoader], ids=["libyaml", "pure"])
@pytest.mark.parametrize(
    ("text", "mark", "words"),
    [
        ("ask: Two things: one\n", Mark(1, 16), "a text that holds `: `"),
        ("a: 1\nb: 'open\nc: 2\n", Mark(2, 4), "a quote opens here and never closes"),
        ('a: 1\nb: "open\n---\n', Mark(2, 4), "a quote opens here and never closes"),
        ("a: 'it's'\n", Mark(1, 8), "quote"),
        ("a:\n  - x\n - y\n", Mark(3, 2), "this does not belong to"),
        ("- a\nb: 1\n", Mark(2, 1), "this does not belong to"),
        ("a: 1\nfoo\nb: 2\n", Mark(2, 1), "is no `key: value`"),
        ("a: - b\n", Mark(1, 4), "the lines below its key"),
        ("a: [b, c\nd: 1\n", Mark(2, 2), "`[` list is not closed"),
        ("a: {b: c\nd: 1\n", Mark(2, 2), "`{` mapping is not closed"),
        ("a: @foo\n", Mark(1, 4), "cannot begin with this character"),
        ("a: * x\n", Mark(1, 5), "cannot begin with `*` or `&`"),
        ("a: > foo\n b\n", Mark(1, 6), "cannot follow `>`"),
        ("a: !x!y z\n", Mark(1, 4), "`!` begins a tag"),
        ("a: 1\n...\nb: 2\n", Mark(3, 1), "outside of the set"),
    ],
)
def test_a_slip_of_the_pen_gets_its_words_and_its_place(
    parser: Callable[[str], Events], text: str, mark: Mark, words: str
) -> None:
    """The usual slips are said as what to look at, at the place to look at."""
    with pytest.raises(UnreadableError) as caught:
        tree(text, parser)
    (fault,) = caught.value.faults
    assert fault.mark == mark
    assert words in fault.message


def test_an_escape_is_marked_where_it_stands() -> None:
    """Not at the quote that opened long before it."""
    with pytest.raises(UnreadableError) as caught:
        tree('a: "one\n  two \\q"\n')
    assert caught.value.faults[0].mark.line == 2
    assert "backslash" in caught.value.faults[0].message


def test_what_has_no_words_of_ours_is_still_told() -> None:
    """An unknown complaint is passed on; one without a place stands at the beginning."""
    fault = syntax_fault(yaml.MarkedYAMLError(problem="something odd"))
    assert fault.mark == START
    assert fault.message.startswith("something odd; ")
    assert syntax_fault(yaml.MarkedYAMLError()).message.startswith("this is not YAML")
