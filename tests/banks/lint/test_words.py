"""Texts as words, and how like two of them are."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banks.lint.words import (
    key,
    likeness,
    opener,
    reading_grade,
    runs,
    sentences,
    stems,
    words,
)

TEXTS = st.text(alphabet="abc ", max_size=12)


def _plain(one: str, other: str) -> float:
    """Twice the longest common subsequence over both lengths, by its definition."""

    @cache
    def common(i: int, j: int) -> int:
        if i == len(one) or j == len(other):
            return 0
        if one[i] == other[j]:
            return 1 + common(i + 1, j + 1)
        return max(common(i + 1, j), common(i, j + 1))

    return 2 * common(0, 0) / (len(one) + len(other))


@given(TEXTS.filter(bool), TEXTS.filter(bool))
def test_likeness_is_what_its_definition_says(one: str, other: str) -> None:
    """The row-at-a-time arithmetic agrees with plain recursion, both ways round."""
    assert likeness(one, other) == pytest.approx(_plain(one, other))
    assert likeness(one, other) == likeness(other, one)


@given(TEXTS)
def test_likeness_lies_between_nothing_and_the_same(text: str) -> None:
    """A text is wholly like itself, and an empty one like nothing."""
    assert likeness(text, text) == (1 if text else 0)
    assert likeness(text, "xyz") == 0
    assert likeness("", text) == 0


@given(st.permutations("who told whom and when".split()))
def test_order_and_punctuation_leave_the_key_alone(said: list[str]) -> None:
    """Somebody who turns a question round has not written another one."""
    assert key(" ".join(said)) == key("Who told whom, and WHEN?")


def test_words_are_what_is_heard() -> None:
    """Case, quotes and hyphens are not heard; an apostrophe does not split a word."""
    assert words("“Don’t!” she said: e-mail it.") == ["dont", "she", "said", "e", "mail", "it"]


def test_stems_hold_what_carries_meaning() -> None:
    """Little words and the words of every question are left out; plurals and endings meet."""
    assert stems("What would you do with the invoices?") == stems("Invoicing: a situation")
    assert stems("pays") == stems("pay")


def test_sentences_end_at_their_marks() -> None:
    """Also where a quotation ends with one."""
    assert sentences("He says, 'Stop.' Do you? One, two…") == [
        "He says, 'Stop.",
        "Do you?",
        "One, two…",
    ]


def test_runs_are_words_in_a_row() -> None:
    """As many as are asked for, none from a text that is shorter."""
    assert runs("One, two. Three", 2) == {("one", "two"), ("two", "three")}
    assert runs("one", 2) == frozenset()


def test_a_long_word_reads_harder_than_a_short_one() -> None:
    """The index grows with letters a word and with words a sentence."""
    assert reading_grade("Stop that now.") < reading_grade("Discontinue aforementioned behaviour.")
    assert reading_grade("Stop. Go. Sit.") < reading_grade("Stop go sit.")
    assert reading_grade("?!") == 0


def test_the_opener_is_of_the_last_sentence() -> None:
    """Three words, and none where nothing is said."""
    assert opener("It is noon. What do you do next?") == "what do you"
    assert opener("…") == ""
