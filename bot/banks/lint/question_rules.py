"""What an editor would mark in one question; places are within the question."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Final

from bot.banks.characters import shown
from bot.banks.lint.finding import Finding, wordings
from bot.banks.lint.words import key, likeness, reading_grade, runs, sentences, stems, words
from bot.banks.problem import Severity
from bot.drill.question import Question

SAME_WORDING: Final = 0.70
CLOSE_WORDING: Final = 0.65
RUN: Final = 5
SENTENCE_WORDS: Final = 25
BEAT_WORDS: Final = 16
SHARED_STEMS: Final = 2
HARD_GRADE: Final = 9
HARDEST_GRADE: Final = 14
REMEDY_WORDS: Final = 3

QuestionRule = Callable[[Question], Iterator[Finding]]


def repeated_rephrasings(question: Question) -> Iterator[Finding]:
    """A rephrasing should come from another angle, not from a list of synonyms."""
    for (_, one), (place, other) in combinations(wordings(question), 2):
        if shared := runs(one, RUN) & runs(other, RUN):
            said = shown(" ".join(min(shared)))
            yield Finding(place, f"repeats {said} from another wording; say it anew", "error")
            continue
        like = likeness(key(one), key(other))
        if like >= CLOSE_WORDING:
            severity: Severity = "error" if like >= SAME_WORDING else "warning"
            message = f"{like:.2f} like another wording of its own; it should take another angle"
            yield Finding(place, message, severity)


def long_sentences(question: Question) -> Iterator[Finding]:
    """Nobody speaks, or remembers, a sentence of more than 25 words."""
    for place, text in wordings(question):
        for sentence in sentences(text):
            if (length := len(words(sentence))) > SENTENCE_WORDS:
                message = f"a sentence of {length} words; it should have {SENTENCE_WORDS} or fewer"
                yield Finding(place, message)


def hard_reading(question: Question) -> Iterator[Finding]:
    """All wordings and the reason together: a single sentence is too little to judge by."""
    texts = [text for _, text in wordings(question)]
    grade = reading_grade(" ".join([*texts, question.why_asked]))
    if grade > HARD_GRADE:
        severity: Severity = "error" if grade > HARDEST_GRADE else "warning"
        message = f"reads like school year {grade:.0f}; {HARD_GRADE} or lower is heard at once"
        yield Finding(("ask",), f"{message}: shorter words, shorter sentences", severity)


def generic_outlines(question: Question) -> Iterator[Finding]:
    """Beats that share no nouns with the question would do for any other one."""
    asked = stems(" ".join(question.wordings()))
    shared = asked & stems(" ".join(question.shape))
    if len(shared) < SHARED_STEMS:
        message = f"the outline shares {len(shared)} words of substance with the question"
        yield Finding(("shape",), f"{message}; its beats should be in this scene's nouns", "error")


def long_beats(question: Question) -> Iterator[Finding]:
    """A beat is a peg to hang a sentence on, not the sentence."""
    for number, beat in enumerate(question.shape):
        if (length := len(words(beat))) > BEAT_WORDS:
            message = f"a beat of {length} words; it should have {BEAT_WORDS} or fewer"
            yield Finding(("shape", number), message)


_ONLY_NOT: Final = re.compile(r"(?:don't|do not|avoid|never|not)\b[^.;,]*\.?", re.IGNORECASE)


def traps_without_remedy(question: Question) -> Iterator[Finding]:
    """`Don't` says again what is wrong; the remedy says what to do instead."""
    for number, trap in enumerate(question.traps):
        too_short = len(words(trap.remedy)) < REMEDY_WORDS
        echo = likeness(key(trap.slip), key(trap.remedy)) >= SAME_WORDING
        if too_short or echo or _ONLY_NOT.fullmatch(trap.remedy):
            message = f"{shown(trap.remedy)} is no remedy; it should say what to do instead"
            yield Finding(("traps", number, "remedy"), message, "error")


# Put to the candidate, these touch what the law protects; put by somebody in a scene they are not
# the interviewer's, so what stands in quotation marks is passed over.
_KIN = r"(?:husband|wife|spouse|boyfriend|girlfriend|children|kids|child|baby|babies|family)"
_UNLAWFUL: Final = re.compile(
    r"\b(?:"
    r"how old (?:are|were) you|what year were you born|when were you born|your (?:age|birthday)\b"
    r"|are you (?:really |still )?(?:married|single|divorced|engaged|pregnant|expecting|religious"
    r"|disabled|gay|straight|jewish|muslim|christian|catholic|foreign|in good health"
    r"|on (?:any )?medication|a citizen|in a union|a union member|trying for)"
    rf"|(?:do|will|would) you (?:have|want|plan|expect|intend)(?: to (?:have|start))?(?: an?y?)?"
    rf"(?: more| young| small)? {_KIN}"
    r"|do you (?:have|suffer from)(?: an?y?)? (?:disabilit|illness|health|medical|criminal record"
    r"|arrest)"
    r"|do you (?:go to church|pray|fast|vote|belong to a union|wear that for)"
    rf"|(?:what does|does|will|would) your {_KIN}"
    rf"|who (?:looks after|minds|picks up|watches) (?:your|the) {_KIN}"
    r"|what(?:'s| is| are) your (?:religion|faith|nationality|date of birth|marital status"
    r"|maiden name|sexual orientation|native language|first language|mother tongue|disabilit\w+"
    r"|diagnosis|politics)"
    r"|where (?:are|were) you (?:really |originally )?(?:from|born)"
    r"|where (?:are|were) your (?:parents|family) (?:from|born)"
    r"|when did you (?:graduate|leave school|finish school)"
    r"|have you (?:ever )?been (?:arrested|pregnant|hospitali[sz]ed|seriously ill)"
    r"|how many (?:sick days|days (?:were you|did you take) (?:off )?(?:sick|ill))"
    r"|what (?:medication|medicines|tablets|pills) (?:do|are) you"
    r")",
    re.IGNORECASE,
)
_PAY_HISTORY: Final = re.compile(
    r"\b(?:(?:what|how much) (?:do|did) (?:you earn|they pay you)|how much (?:do|did) you make"
    r"|what(?:'s| is| was) your (?:current|last|present|previous) (?:salary|pay|wage))",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|(?<!\w)'.*?'(?!\w)")


def unlawful_questions(question: Question) -> Iterator[Finding]:
    """What an employer may not ask is practised as `deflect`, and asked nowhere else."""
    if question.kind == "deflect":
        return
    probes = {"neutral": question.follow_ups.neutral, "pressing": question.follow_ups.pressing}
    asked = list(wordings(question))
    for manner, texts in probes.items():
        asked += [(("follow_ups", manner, n), text) for n, text in enumerate(texts)]
    for place, text in asked:
        own = _QUOTED.sub("", text)
        if hit := _UNLAWFUL.search(own):
            message = f"{shown(hit[0])} should not be asked; make the question a `deflect`"
            yield Finding(place, f"{message}, or ask for what the job needs", "error")
        elif hit := _PAY_HISTORY.search(own):
            message = f"{shown(hit[0])} is barred in some places; ask what pay is expected"
            yield Finding(place, message)


_LAW: Final = re.compile(
    r"\b(?:Acts?\b|Regulations?\b|Directive\b|Statutes?\b|U\.S\.C\.|CFR\b|C-\d+/\d+|Code \d"
    r"|Rules? of|EEOC\b|GOV\.UK|Acas\b|CFPB\b|OSHA\b|HIPAA\b|GDPR\b|NHS England|ICO\b)"
)


def rules_without_place(question: Question) -> Iterator[Finding]:
    """Law differs from place to place and from year to year; say which place, and when."""
    cited = any(_LAW.search(source) for source in question.sources)
    if not cited and question.kind != "deflect":
        return
    if question.jurisdiction is None:
        message = "rests on a law; `jurisdiction` should name the one place where it holds"
        yield Finding(("sources",), message)
    if not re.search(r"\b(?:1[89]|20)\d\d\b", " ".join([*question.sources, question.why_asked])):
        message = "the rule has no year; a source should name one, of the rule or of the reading"
        yield Finding(("sources",), message)


QUESTION_RULES: Final[tuple[QuestionRule, ...]] = (
    repeated_rephrasings,
    long_sentences,
    hard_reading,
    generic_outlines,
    long_beats,
    traps_without_remedy,
    unlawful_questions,
    rules_without_place,
)
