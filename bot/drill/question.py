"""Questions and the sets that they come in, as the rest of the house knows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneRisk:
    """The tone that slips most easily here (`bitter`, `defensive` …), and how that sounds."""

    slip: str
    sounds_like: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A way to get the question wrong, and the one thing that puts it right."""

    slip: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUps:
    """What an interviewer might ask next: calmly, or pressing on the facts."""

    neutral: tuple[str, ...] = ()
    pressing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One entry of a set.

    `id` is unique over all sets and never changes. `shape` is the beats of a good answer without
    its words, `seconds` about how long an answer takes, `levels` the seniorities 1–5 that get asked
    this, `scene` a slug of the situation, `jurisdiction` the one place where its rules hold (None:
    anywhere), `distinct_from` ids that look alike but are not. A `retired` question is never asked;
    its history stays.
    """

    id: str
    set_id: str
    ask: str
    rephrased: tuple[str, ...]
    kind: str
    competency: tuple[str, ...]
    why_asked: str
    tone_risk: ToneRisk
    traps: tuple[Trap, ...]
    shape: tuple[str, ...]
    follow_ups: FollowUps
    good_signs: tuple[str, ...]
    seconds: int
    levels: tuple[int, ...]
    scene: str
    jurisdiction: str | None = None
    distinct_from: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    retired: bool = False
    renamed_from: tuple[str, ...] = ()

    def wordings(self) -> tuple[str, ...]:
        """Every way to put this question, the plain one first."""
        return (self.ask, *self.rephrased)


def at_level(questions: tuple[Question, ...], level: int | None) -> tuple[Question, ...]:
    """Those that are asked at a seniority (None: at any); all of them if there is none."""
    asked = tuple(one for one in questions if level is None or level in one.levels)
    return asked or questions


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """One question bank; `questions` includes the retired ones, in the author's order."""

    id: str
    title: str
    about: str
    locale: str
    licence: str
    version: int
    questions: tuple[Question, ...]
