"""How like are questions that should not be, and those that should? python -m tests.benchmarks.duplicates

Ordinary pairs are wordings of different questions of the shipped sets. Copies are wordings that
were changed as somebody would who takes over a question: each way of changing is a row.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.banks.library import load_library
from bot.banks.lint.library_rules import CLOSE_QUESTION, SAME_QUESTION, candidates
from bot.banks.lint.words import key, likeness, words

BANKS = Path(__file__).parents[2] / "question_banks"
SEED = 20261123
COPIES = 600
ORDINARY = 100_000

Change = Callable[[list[str], random.Random, Sequence[str]], list[str]]


def drop_one(said: list[str], dice: random.Random, _: Sequence[str]) -> list[str]:
    """One word less."""
    gone = dice.randrange(len(said))
    return said[:gone] + said[gone + 1 :]


def turn_round(said: list[str], dice: random.Random, _: Sequence[str]) -> list[str]:
    """The second part first."""
    cut = dice.randrange(1, len(said)) if len(said) > 1 else 0
    return said[cut:] + said[:cut]


def replace(share: float) -> Change:
    """So many of the words are others."""

    def change(said: list[str], dice: random.Random, others: Sequence[str]) -> list[str]:
        chosen = dice.sample(range(len(said)), max(1, round(share * len(said))))
        return [dice.choice(others) if n in chosen else word for n, word in enumerate(said)]

    return change


CHANGES: dict[str, Change] = {
    "a word dropped": drop_one,
    "parts in another order": turn_round,
    "one word in ten replaced": replace(0.1),
    "one in five replaced": replace(0.2),
    "one in three replaced": replace(1 / 3),
    "one in two replaced": replace(0.5),
}


def ordinary(wordings: Sequence[tuple[str, str]], dice: random.Random) -> list[float]:
    """The likeness of random pairs of different questions."""
    found: list[float] = []
    while len(found) < ORDINARY:
        (one, text), (other, another) = dice.choice(wordings), dice.choice(wordings)
        if one != other:
            found.append(likeness(key(text), key(another)))
    return sorted(found)


def copied(texts: Sequence[str], change: Change, dice: random.Random) -> list[tuple[float, bool]]:
    """How like each copy is to its original, and whether the quick selection compares the two."""
    others = sorted({word for text in texts for word in words(text)})
    originals = dice.sample(range(len(texts)), COPIES)
    copies = [" ".join(change(words(texts[n]), dice, others)) for n in originals]
    keys = [key(text) for text in [*texts, *copies]]
    compared = set(candidates(keys))
    places = ((len(texts) + number, n) for number, n in enumerate(originals))
    return [
        (likeness(keys[late], keys[early]), (late, early) in compared) for late, early in places
    ]


def main() -> None:
    """Print both tables."""
    library, _ = load_library([BANKS])
    wordings = [(one.id, text) for one in library.questions.values() for text in one.wordings()]
    texts = [text for _, text in wordings]
    dice = random.Random(SEED)
    began = time.perf_counter()
    compared = list(candidates([key(text) for text in texts]))
    seconds = time.perf_counter() - began
    likes = ordinary(wordings, dice)
    pairs = len(texts) * (len(texts) - 1) // 2
    out = sys.stdout.write
    out(f"{len(texts):,} wordings, {pairs:,} pairs; {len(compared):,} share enough of their rarer")
    out(f" words to be compared, found in {seconds:.2f} s.\n")
    quantiles = ", ".join(
        f"{part:.2%} {likes[int(part * ORDINARY)]:.2f}" for part in (0.5, 0.99, 0.9999)
    )
    out(f"{ORDINARY:,} ordinary pairs: {quantiles}, highest {likes[-1]:.2f}.\n\n")
    out(f"| copies with | mean | at {SAME_QUESTION} | at {CLOSE_QUESTION:.2f} | not compared |\n")
    out("| --- | --- | --- | --- | --- |\n")
    for name, change in CHANGES.items():
        found = copied(texts, change, dice)
        close = [seen for like, seen in found if like >= CLOSE_QUESTION]
        same = sum(like >= SAME_QUESTION for like, _ in found) / COPIES
        mean = sum(like for like, _ in found) / COPIES
        missed = close.count(False)
        out(f"| {name} | {mean:.2f} | {same:.1%} | {len(close) / COPIES:.1%} | {missed} |\n")


if __name__ == "__main__":
    main()
