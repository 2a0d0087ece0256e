"""Texts as words, sentences and stems, and how like two of them are."""

import re
from collections.abc import Sequence
from typing import Final

STEM: Final = 5
"""So many first letters stand for a word: invoice, invoices and invoicing are one stem."""

_LITTLE: Final = frozenset(
    "about after again all also always and any anybody anyone anything are because been before"
    " being between both but can cannot could day days did does doing done down each ever every"
    " everything first for from get gets give given goes going good had has have having her here"
    " hers him his how into its just know last like made make makes many may mean might mine more"
    " most much must never new next nobody not nothing now off once one only other others ought our"
    " out over own people person please put really said same saw say says see she should some"
    " somebody someone something still such take tell than that the their them then there these"
    " they thing things think this those through time times today told too two under until upon use"
    " used very want wanted was way ways well went were what when where which while who whole whom"
    " whose why will with without work would yes yet you your yours answer answers question"
    " questions situation task action result results example examples skill skills experience".split()
)


def words(text: str) -> list[str]:
    """The words as they are heard: small letters, no punctuation, `don't` as one word."""
    return re.findall(r"[^\W_]+", re.sub("['’]", "", text.casefold()))


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that carry meaning."""
    return frozenset(
        word.rstrip("s")[:STEM] for word in words(text) if len(word) > 2 and word not in _LITTLE
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text, with the marks that end them."""
    return [part for part in re.split(r"(?<=[.?!…])['\"’”)]*\s+", text.strip()) if words(part)]


def key(text: str) -> str:
    """The words in alphabetical order: equal for texts that only put them in another order."""
    return " ".join(sorted(words(text)))


def likeness(one: str, other: str) -> float:
    """How much of two texts is common to both in one order, 0 to 1; twice the longest common
    subsequence over the sum of their lengths. Of two keys it is the sorted-token ratio.
    """
    if not one or not other:
        return 0.0
    return 2 * _common(one, other) / (len(one) + len(other))


def _common(one: str, other: str) -> int:
    """The length of the longest common subsequence, a whole row at a time in one integer.

    Hyyrö 2004: bit i of `row` is 0 where the subsequence grows at letter i of `one`.
    """
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    full = row = (1 << len(one)) - 1
    for letter in other:
        hit = row & places.get(letter, 0)
        row = (row + hit | row - hit) & full
    return len(one) - row.bit_count()


def runs(text: str, length: int) -> frozenset[tuple[str, ...]]:
    """Every run of so many words that follow each other."""
    heard = words(text)
    return frozenset(tuple(heard[n : n + length]) for n in range(len(heard) - length + 1))


def reading_grade(text: str) -> float:
    """The school year in which a text is read easily: the automated readability index.

    0 for a text without words.
    """
    heard = words(text)
    if not heard:
        return 0
    letters = sum(map(len, heard))
    return 4.71 * letters / len(heard) + 0.5 * len(heard) / len(sentences(text)) - 21.43


def opener(text: str) -> str:
    """The first three words of the last sentence, by which a question is heard to close."""
    last: Sequence[str] = words(sentences(text)[-1]) if sentences(text) else []
    return " ".join(last[:3])
