"""Banks for tests: one that has nothing wrong with it, and ways to put something wrong into it."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from bot.banks.characters import UNWANTED
from bot.banks.doubts import SCHEMA_LINE
from bot.banks.problem import Problem
from bot.banks.vocabulary import COMPETENCIES, KINDS, SLIPS

Fields = dict[str, Any]
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def question(number: int = 1, **changes: Any) -> Fields:
    """The fields of a good question; a change to None leaves the field out."""
    fields: Fields = {
        "id": f"question-{number}",
        "ask": f"Two directors want room {number} at eleven. What do you do?",
        "rephrased": [
            f"Help me picture the morning when two people needed room {number}.",
            f"One room, number {number}, and two directors. Who gets it?",
            f"Whoever lost room {number} rings you at noon. What had you done?",
        ],
        "kind": "situational",
        "competency": ["diary", "gatekeep"],
        "why_asked": "They want to hear a rule for who comes first.",
        "tone_risk": {"slip": "defensive", "sounds_like": "To be fair, nobody told me."},
        "traps": [
            {"slip": "Giving it to the louder one", "remedy": "Name your rule"},
            {"slip": "Leaving both waiting", "remedy": "Offer two times"},
        ],
        "shape": ["what each needs", "the rule", "the note afterwards"],
        "follow_ups": {
            "neutral": ["How do you tell your boss?", "And the other one?"],
            "pressing": ["What if neither accepts?", "What if you are wrong?"],
        },
        "good_signs": ["Asks what each meeting is for", "Offers times"],
        "seconds": 90,
        "levels": [2, 3],
        "scene": f"scene-{number}",
        "sources": ["NOS CFABAA431"],
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def bank(set_id: str = "good-set", questions: list[Fields] | None = None, **changes: Any) -> Fields:
    """The fields of a good set of fifteen questions, whose ids begin with the set's."""
    numbered = [question(n, id=f"{set_id}-{n}") for n in range(1, 16)]
    fields: Fields = {
        "set": set_id,
        "title": "A good set",
        "about": "For somebody who tests what banks may hold.",
        "locale": "en-GB",
        "licence": "CC-BY-4.0",
        "version": 1,
        "questions": numbered if questions is None else questions,
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def yaml_of(fields: Fields) -> str:
    """The fields as a bank file holds them."""
    body: str = yaml.dump(fields, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=90)
    return f"{SCHEMA_LINE}\n{body}"


def write(folder: Path, fields: Fields) -> Path:
    """Put a bank into a folder, under the name that it should have."""
    path = folder / f"{fields['set']}.yaml"
    path.write_text(yaml_of(fields), encoding="utf-8")
    return path


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds a part."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def well_located(problems: tuple[Problem, ...], raw: bytes) -> bool:
    """Whether each problem stands in a line of the file and within it, or right behind it."""
    text = raw.decode("utf-8", errors="surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    lines = [*text.split("\n"), ""]
    return all(
        1 <= one.line <= len(lines) and 1 <= one.column <= len(lines[one.line - 1]) + 1
        for one in problems
    )


def _texts(least: int, most: int) -> st.SearchStrategy[str]:
    characters = st.characters(exclude_categories=["Cs", "Cc"]).filter(
        lambda character: not UNWANTED.match(character)
    )
    texts = st.text(characters, min_size=least, max_size=min(most, least + 30)).map(str.strip)
    awkward = st.sampled_from(["12:30", "2026-02-30", "no", "~", "- x", "a: b #c", "'", "&a", "%!"])
    padded = awkward.map(lambda text: text.ljust(least, "x"))
    return (texts | padded).filter(lambda text: least <= len(text) <= most)


def _lists(entries: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(entries, min_size=least, max_size=min(most, least + 1))


_SLUGS = st.from_regex("[a-z0-9-]{3,64}", fullmatch=True)
_LINES = _texts(2, 200)


def banks() -> st.SearchStrategy[Fields]:
    """Any bank of two questions that has no errors."""
    ids = st.lists(_SLUGS, min_size=6, max_size=6, unique=True)
    return ids.flatmap(
        lambda names: st.fixed_dictionaries(
            {
                "set": _SLUGS,
                "title": _texts(3, 60),
                "about": _texts(20, 400),
                "locale": st.sampled_from(["en-GB", "en-US"]),
                "licence": _texts(3, 60),
                "version": st.integers(1, 10**9 - 1),
                "questions": st.tuples(*(_questions(names[n::2]) for n in range(2))).map(list),
            }
        )
    )


def _questions(names: list[str]) -> st.SearchStrategy[Fields]:
    own, former, other = names
    levels = st.sets(st.integers(1, 5), min_size=1).map(sorted)
    competencies = st.lists(st.sampled_from([*COMPETENCIES]), min_size=1, max_size=4, unique=True)
    probes = _lists(_LINES, 2, 4)
    return st.fixed_dictionaries(
        {
            "id": st.just(own),
            "ask": _texts(10, 240),
            "rephrased": _lists(_texts(10, 240), 3, 8),
            "kind": st.sampled_from([*KINDS]),
            "competency": competencies,
            "why_asked": _texts(20, 400),
            "tone_risk": st.fixed_dictionaries(
                {"slip": st.sampled_from([*SLIPS]), "sounds_like": _LINES}
            ),
            "traps": _lists(st.fixed_dictionaries({"slip": _LINES, "remedy": _LINES}), 2, 6),
            "shape": _lists(_LINES, 3, 6),
            "follow_ups": st.fixed_dictionaries({"neutral": probes, "pressing": probes}),
            "good_signs": _lists(_LINES, 2, 6),
            "seconds": st.integers(30, 180),
            "levels": levels,
            "scene": _SLUGS,
            "sources": _lists(_LINES, 1, 6),
        },
        optional={
            "jurisdiction": _LINES,
            "distinct_from": st.just([other]),
            "retired": st.booleans(),
            "renamed_from": st.just([former]),
        },
    )
