"""What shows only when all sets lie side by side: the same question, or the same scene, again."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from bot.banks.lint.finding import Finding, wordings
from bot.banks.lint.set_rules import asked
from bot.banks.lint.words import key, likeness, words
from bot.drill.question import Question, QuestionSet

SAME_QUESTION: Final = 0.83
CLOSE_QUESTION: Final = 0.70
SCENE_SETS: Final = 2

# Only wordings that share enough of their rarer words are compared letter by letter. BENCHMARKS.md
# has what that leaves out (1 in 3,000 of what it should find) and what it saves.
_COMMON_SHARE: Final = 0.05
_COMMON_LEAST: Final = 40
_SHARED_LETTERS: Final = 0.15


class Pair(NamedTuple):
    """Two questions, and how like their likest wordings are; `wording` counts those of `one`."""

    one: Question
    wording: int
    other: Question
    like: float


def pairs(questions: Sequence[Question]) -> list[Pair]:
    """Every two questions with wordings that could be called alike, the likest first."""
    texts = [
        (question, number, key(text))
        for question in questions
        for number, (_, text) in enumerate(wordings(question))
    ]
    best: dict[tuple[str, str], Pair] = {}
    for later, earlier in candidates([text for _, _, text in texts]):
        (one, wording, text), (other, _, other_text) = texts[later], texts[earlier]
        if one is other:
            continue
        pair = Pair(one, wording, other, likeness(text, other_text))
        known = best.setdefault((one.id, other.id), pair)
        if pair.like > known.like:
            best[one.id, other.id] = pair
    return sorted(best.values(), key=lambda pair: -pair.like)


def candidates(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pairs of texts that share enough letters in words that are not common to many."""
    bags = [frozenset(words(text)) for text in keys]
    letters = [len(text.replace(" ", "")) for text in keys]
    spread = Counter(word for bag in bags for word in bag)
    common = max(_COMMON_LEAST, _COMMON_SHARE * len(keys))
    holders: dict[str, list[int]] = defaultdict(list)
    for later, bag in enumerate(bags):
        shared: Counter[int] = Counter()
        for word in bag:
            if spread[word] <= common:
                for earlier in holders[word]:
                    shared[earlier] += len(word)
                holders[word].append(later)
        for earlier, number in shared.items():
            if 2 * number >= _SHARED_LETTERS * (letters[later] + letters[earlier]):
                yield later, earlier


def near_duplicates(alike: Iterable[Pair]) -> Iterator[tuple[Question, Finding]]:
    """The same question twice, in one set or in two; `distinct_from` vouches for close ones."""
    for pair in alike:
        if pair.like < CLOSE_QUESTION:
            continue
        same = pair.like >= SAME_QUESTION
        reviewed = (
            pair.other.id in pair.one.distinct_from or pair.one.id in pair.other.distinct_from
        )
        if same or not reviewed:
            place = ("rephrased", pair.wording - 1) if pair.wording else ("ask",)
            message = f"{pair.like:.2f} like a wording of `{pair.other.id}` ({pair.other.set_id})"
            remedy = "say it anew" if same else "say it anew, or name that in `distinct_from`"
            yield pair.one, Finding(place, f"{message}; {remedy}", "error" if same else "warning")


def worn_scenes(sets: Iterable[QuestionSet]) -> Iterator[tuple[Question, Finding]]:
    """A scene that turns up in three sets is met again by whoever practises them all."""
    first: dict[str, dict[str, Question]] = defaultdict(dict)
    for bank in sets:
        for question in asked(bank):
            first[question.scene].setdefault(bank.id, question)
    for scene, holders in first.items():
        for question in list(holders.values())[SCENE_SETS:]:
            message = f"`{scene}` is in {len(holders)} sets; it should be in {SCENE_SETS} at most"
            yield question, Finding(("scene",), message)
