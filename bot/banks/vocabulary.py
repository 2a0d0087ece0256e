"""The words that a bank may choose from: competencies, kinds of question, slips of tone."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# What administrative chairs are asked about, boiled down from the task lists of O*NET (43-6011 to
# 43-6014, 43-4171, 43-1011), the domains of the CAP examination and NOS CFABAA.
COMPETENCIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "diary": "calendars, clashes, zones",
        "travel": "trips, changes",
        "meetings": "agenda, room, pack",
        "events": "guests, logistics",
        "projects": "tracking, change",
        "minutes": "decisions, actions",
        "writing": "letters, email",
        "proof": "accuracy, checking",
        "frontdesk": "visitors, calls",
        "upset": "anger, distress, complaint",
        "gatekeep": "access, kind refusal",
        "upward": "bad news, dissent",
        "team": "peers, cover, credit",
        "privacy": "who may know",
        "self": "motives, gaps, feedback",
        "records": "file, version, retain",
        "facilities": "space, kit, safety",
        "data": "databases, sheets, reports",
        "tech": "tools, AI, learning",
        "money": "invoices, cash, reconciling",
        "buying": "quotes, suppliers",
        "rules": "sector law, deadlines",
        "priority": "triage, limits",
        "coach": "train, supervise",
        "initiative": "improve; act unbriefed",
    }
)

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "opening": "arrival, small talk, tell me about yourself",
        "behavioural": "a time when you did it",
        "situational": "what would you do",
        "technical": "tools, rules, know-how",
        "motivation": "why this, why us, why leave, where next, pay",
        "closing": "anything to add, the last word",
        "deflect": "a question that should not be asked",
        "ask-them": "the learner asks",
    }
)

SLIPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bitter": "blame comes last, with a sigh",
        "condescending": "explains slowly what is obvious",
        "gossip": "names names, lowers the voice",
        "servile": "whatever you need",
        "defensive": "to be fair, before anyone has asked",
        "impatient": "clipped, as I said",
        "sarcastic": "a leaned-on word, a short laugh",
        "flippant": "the joke comes first",
        "nonchalant": "it was fine",
        "over-apologetic": "the third sorry",
        "vague": "we, various, somehow",
        "flat": "nothing wrong and nothing said, or read out",
    }
)


def listed(vocabulary: Mapping[str, str]) -> str:
    """Every word, for whoever has to choose one."""
    return ", ".join(vocabulary)
