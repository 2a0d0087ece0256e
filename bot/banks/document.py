"""The shape of a bank file: its fields, their limits, and what each of them should be.

Every field's description is a noun phrase that tells an author what to write. Editors show it while
a field is completed, and a message about a wrong value ends with it.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)

from bot.banks.characters import UNWANTED, shown
from bot.banks.vocabulary import COMPETENCIES, KINDS, SLIPS, listed
from bot.drill.question import FollowUps, Question, QuestionSet, ToneRisk, Trap

MAX_QUESTIONS: Final = 200


def _typed(value: object) -> object:
    """A plain whole number, `true` or `false` as what it says; anything else as it was written."""
    if not isinstance(value, str):
        return value
    if re.fullmatch("[0-9]{1,9}", value):
        return int(value)
    return {"true": True, "false": False}.get(value, value)


def _one_line(text: str) -> str:
    if "\n" in text:
        raise ValueError("has a line break in it (fold it into one line with `>-`)")
    if hit := UNWANTED.search(text):
        raise ValueError(f"holds an invisible character, {shown(hit[0])}")
    return text


def _distinct(entries: list[str]) -> list[str]:
    for index, entry in enumerate(entries):
        if entry in entries[:index]:
            raise ValueError(f"has {shown(entry)} twice")
    return entries


def _ascending(levels: list[int]) -> list[int]:
    if levels != sorted(set(levels)):
        raise ValueError("are not in ascending order, each once")
    return levels


def _not_itself(ids: list[str], info: ValidationInfo) -> list[str]:
    if info.data.get("id") in ids:
        raise ValueError("names the question itself")
    return ids


def _word_of(vocabulary: Mapping[str, str]) -> Callable[[str], str]:
    def check(word: str) -> str:
        if word in vocabulary:
            return word
        near = get_close_matches(word[:40], vocabulary, n=1)
        hint = f" (did you mean {shown(near[0])}?)" if near else ""
        raise ValueError(f"is {shown(word)}{hint}")

    return check


def _choices(vocabulary: Mapping[str, str]) -> WithJsonSchema:
    """For editors: the words with their meanings, which they show beside each other."""
    words, meanings = [*vocabulary], [*vocabulary.values()]
    return WithJsonSchema({"type": "string", "enum": words, "enumDescriptions": meanings})


_Stripped = StringConstraints(strip_whitespace=True)
_OneLine = AfterValidator(_one_line)
Slug = Annotated[str, Field(pattern="^[a-z0-9-]{3,64}$")]
Title = Annotated[str, _Stripped, Field(min_length=3, max_length=60), _OneLine]
Wording = Annotated[str, _Stripped, Field(min_length=10, max_length=240), _OneLine]
Line = Annotated[str, _Stripped, Field(min_length=2, max_length=200), _OneLine]
Paragraph = Annotated[str, _Stripped, Field(min_length=20, max_length=400), _OneLine]
Number = Annotated[int, BeforeValidator(_typed)]
Level = Annotated[int, Field(ge=1, le=5), BeforeValidator(_typed)]
Flag = Annotated[bool, BeforeValidator(_typed)]
Competency = Annotated[str, AfterValidator(_word_of(COMPETENCIES)), _choices(COMPETENCIES)]
Kind = Annotated[str, AfterValidator(_word_of(KINDS)), _choices(KINDS)]
Slip = Annotated[str, AfterValidator(_word_of(SLIPS)), _choices(SLIPS)]
Ids = Annotated[list[Slug], AfterValidator(_distinct), AfterValidator(_not_itself)]


class Entry(BaseModel):
    """A mapping in a bank file: no field but those named, no value but of the type named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ToneRiskEntry(Entry):
    """The tone that slips most easily in this question."""

    slip: Slip = Field(description=f"the tone that slips here, one of {listed(SLIPS)}")
    sounds_like: Line = Field(
        description="what the slip sounds like in this answer, in the speaker's words, 2 to 200"
        " characters"
    )


class TrapEntry(Entry):
    """A way to get this question wrong, with its remedy."""

    slip: Line = Field(description="what people do wrong here, 2 to 200 characters")
    remedy: Line = Field(description="what to do instead, 2 to 200 characters")


class FollowUpsEntry(Entry):
    """What the interviewer may ask next."""

    neutral: list[Line] = Field(
        min_length=2, max_length=4, description="2 to 4 calm follow-up questions"
    )
    pressing: list[Line] = Field(
        min_length=2,
        max_length=4,
        description="2 to 4 follow-up questions that press the facts, not the person's worth",
    )


class QuestionEntry(Entry):
    """One question of the set."""

    id: Slug = Field(
        description="a slug of 3 to 64 small letters, digits and hyphens, unique over all sets,"
        " never changed"
    )
    ask: Wording = Field(
        description="the question as it is first put: one scene, one thing asked, sayable in one"
        " breath, 10 to 240 characters"
    )
    rephrased: list[Wording] = Field(
        min_length=3,
        max_length=8,
        description="3 to 8 other wordings of 10 to 240 characters, among them a friendly one, a"
        " blunt one and one from an odd angle",
    )
    kind: Kind = Field(description=f"the kind of question, one of {listed(KINDS)}")
    competency: Annotated[list[Competency], AfterValidator(_distinct)] = Field(
        min_length=1,
        max_length=4,
        description="a list of 1 to 4 competencies, the main one first, out of "
        + listed(COMPETENCIES),
    )
    why_asked: Paragraph = Field(
        description="what the interviewer wants to find out, 20 to 400 characters"
    )
    tone_risk: ToneRiskEntry = Field(
        description="a mapping of `slip` and `sounds_like`: the tone that slips most easily here"
    )
    traps: list[TrapEntry] = Field(
        min_length=2,
        max_length=6,
        description="a list of 2 to 6 mappings of `slip`, what people do wrong here, and `remedy`",
    )
    shape: list[Line] = Field(
        min_length=3,
        max_length=6,
        description="a list of 3 to 6 beats of a good answer in this scene's own nouns, no script",
    )
    follow_ups: FollowUpsEntry = Field(
        description="a mapping of `neutral` and `pressing`, each a list of 2 to 4 questions"
    )
    good_signs: list[Line] = Field(
        min_length=2,
        max_length=6,
        description="a list of 2 to 6 things that a listener hears in a good answer",
    )
    seconds: Number = Field(
        ge=30,
        le=180,
        description="about how long a spoken answer takes, a whole number from 30 to 180",
    )
    levels: Annotated[list[Level], AfterValidator(_ascending)] = Field(
        min_length=1,
        max_length=5,
        description="a list, ascending, of the seniorities that are asked this: 1 (does set tasks)"
        " to 5 (acts for the executive)",
    )
    scene: Slug = Field(
        description="a slug of 3 to 64 small letters, digits and hyphens for the situation, such as"
        " `file-on-printer`"
    )
    sources: list[Line] = Field(
        min_length=1,
        max_length=6,
        description="a list of 1 to 6 frameworks, rules or studies that the question rests on",
    )
    jurisdiction: Line = Field(
        default_factory=str,
        description="the one place where the question's rules hold, such as `England` (leave the"
        " line out if they hold anywhere)",
    )
    distinct_from: Ids = Field(
        default=[],
        max_length=20,
        description="a list of the ids of other questions that look alike but want another answer",
    )
    retired: Flag = Field(
        default=False, description="`true` or `false`: whether the question is no longer asked"
    )
    renamed_from: Ids = Field(
        default=[],
        max_length=20,
        description="a list of this question's former ids, so that progress is carried over",
    )


class BankEntry(Entry):
    """One set of interview questions."""

    set: Slug = Field(
        description="the set's id, a slug of 3 to 64 small letters, digits and hyphens, the same as"
        " the file's name"
    )
    title: Title = Field(description="the set's name as learners see it, 3 to 60 characters")
    about: Paragraph = Field(
        description="one or two sentences for somebody choosing a set, 20 to 400 characters"
    )
    locale: Literal["en-GB", "en-US"] = Field(description="the spelling used, `en-GB` or `en-US`")
    licence: Title = Field(description="the licence of the texts, such as `CC-BY-4.0`")
    version: Number = Field(
        ge=1, description="a whole number from 1 up, raised with every edit of meaning"
    )
    questions: list[QuestionEntry] = Field(
        min_length=1, max_length=MAX_QUESTIONS, description="a list of 1 to 200 questions"
    )


def question_set(bank: BankEntry) -> QuestionSet:
    """The set as the rest of the house knows it."""
    return QuestionSet(
        id=bank.set,
        title=bank.title,
        about=bank.about,
        locale=bank.locale,
        licence=bank.licence,
        version=bank.version,
        questions=tuple(_question(entry, bank.set) for entry in bank.questions),
    )


def _question(entry: QuestionEntry, set_id: str) -> Question:
    return Question(
        id=entry.id,
        set_id=set_id,
        ask=entry.ask,
        rephrased=tuple(entry.rephrased),
        kind=entry.kind,
        competency=tuple(entry.competency),
        why_asked=entry.why_asked,
        tone_risk=ToneRisk(slip=entry.tone_risk.slip, sounds_like=entry.tone_risk.sounds_like),
        traps=tuple(Trap(slip=trap.slip, remedy=trap.remedy) for trap in entry.traps),
        shape=tuple(entry.shape),
        follow_ups=FollowUps(
            neutral=tuple(entry.follow_ups.neutral), pressing=tuple(entry.follow_ups.pressing)
        ),
        good_signs=tuple(entry.good_signs),
        seconds=entry.seconds,
        levels=tuple(entry.levels),
        scene=entry.scene,
        jurisdiction=entry.jurisdiction or None,
        distinct_from=tuple(entry.distinct_from),
        sources=tuple(entry.sources),
        retired=entry.retired,
        renamed_from=tuple(entry.renamed_from),
    )
