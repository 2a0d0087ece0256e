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

# The six domains of the CAP examination (IAAP). Which competency lies in which is our judgement.
DOMAINS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "OC": "organizational communication",
        "BW": "business writing and documents",
        "TI": "technology and information",
        "OR": "office and records management",
        "EP": "event and project management",
        "OF": "operational functions",
    }
)

_DOMAIN_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        competency: domain
        for domain, competencies in {
            "OC": "frontdesk upset gatekeep upward team privacy",
            "BW": "minutes writing proof",
            "TI": "data tech",
            "OR": "records facilities",
            "EP": "diary travel meetings events projects",
            "OF": "money buying rules priority coach initiative",
        }.items()
        for competency in competencies.split()
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


def domain_of(competency: str) -> str | None:
    """The CAP domain of a competency; None for `self`, which only interviews ask about."""
    return _DOMAIN_OF.get(competency)


def listed(vocabulary: Mapping[str, str]) -> str:
    """Every word, for whoever has to choose one."""
    return ", ".join(vocabulary)
