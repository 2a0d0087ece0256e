"""British or American: a set keeps to the spelling and the terms of its `locale`.

The list is curated, not complete: words that offices use, whose other form is foreign in the one
country or the other. A word in capitals within a sentence is taken for a name and left alone
(Outlook Calendar), and so are sources, which are cited as they are written.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bot.banks.characters import shown
from bot.banks.lint.finding import Finding, prose
from bot.drill.question import Question

# British beginnings and American ones; any ending may follow (organise, organising, organisation).
_BEGINNINGS: Final = """
apologis apologiz, authoris authoriz, categoris categoriz, computeris computeriz,
customis customiz, criticis(?!m) criticiz, digitis digitiz, emphasis(?!$) emphasiz, finalis finaliz,
formalis(?!t|m) formaliz, itemis itemiz, memoris memoriz, minimis(?!$) minimiz, organis(?!m) organiz,
personalis personaliz, prioritis prioritiz, realis(?!t|m) realiz, recognis recogniz,
reorganis reorganiz, specialis(?!t) specializ, standardis standardiz, summaris summariz,
unauthoris unauthoriz, analys(?!is|t) analyz, paralys(?!is) paralyz,
colour color, favour favor, honour honor(?!ar), labour labor(?!at), neighbour neighbor,
behaviour behavior, harbour harbor, humour humor(?!ous), rumour rumor, flavour flavor,
endeavour endeavor, cancell(?!at) cancel(?=e), travell travel(?=e|i), labell label(?=e|i),
modell model(?=e|i), signall signal(?=e|i), counsell counsel(?=o|e|i), jewell jewel(?=e|r),
quarrell quarrel(?=e|i), practis practic(?=ing), paediatr pediatr, anaesth anesth,
gynaecolog gynecolog, orthopaed orthoped, sceptic skeptic, manoeuv maneuv, mould mold, plough plow
"""

# Whole words with their plurals. `-` stands for what has no one word there, or is good in both.
_WORDS: Final = """
centre center, theatre theater, metre meter, litre liter, kilometre kilometer, fibre fiber,
cheque -, chequebook checkbook, programme program, catalogue catalog, defence defense,
offence offense, pretence pretense, licence -, judgement judgment,
acknowledgement acknowledgment, fulfil fulfill, enrol enroll, enrolment enrollment,
instalment installment, grey gray, tyre -, kerb -, storey -, maths math(?!s), mum mom,
aluminium aluminum, jewellery jewelry, pyjamas pajamas, cosy cozy, ageing aging,
moustache mustache, artefact artifact, learnt -, spelt -, whilst -, amongst -, - gotten,
cv résumé, diary calendar, lift elevator, pavement sidewalk, - vacation, - apartment,
postcode -, lorry -, lorries -, fortnight -, fortnightly -, rota -, payslip paystub,
petrol gasoline, nappy diaper, rubbish trash, - garbage, loo restroom, - coworker, aeroplane airplane,
solicitor -, biro -, telly -, queue -, noughts -, - mailbox, headteacher -, - cellphone,
crisps -, whinge -, diaries -
"""

# Good in both countries although the list has a part of them; a lift is one only after `the`.
_EXCUSED: Final = re.compile(
    r"(?<!the )\blifts?\b|\bcalendar (?:days?|weeks?|months?|quarters?|years?)\b"
    r"|\b(?:computer|software) programs?\b|\blift-(?:off|gate)\b|\b(?:call|print|ticket) queues?\b"
    r"|\bparking meters?\b|\b(?:gas|water|electricity) meters?\b",
    re.IGNORECASE,
)

_LOCALES: Final = ("en-GB", "en-US")
_COUNTRIES: Final = ("British", "American")


def foreign_words(question: Question, locale: str) -> Iterator[Finding]:
    """Every word of the other country, with the one that is at home here where there is one."""
    home = _LOCALES.index(locale)
    for place, text in prose(question):
        for hit in re.finditer(r"[^\W\d_]+", _EXCUSED.sub("", text)):
            own = _at_home(hit[0].casefold(), home)
            if own is not None and not _is_name(hit):
                message = f"{shown(hit[0])} is {_COUNTRIES[1 - home]} and the set `{locale}`"
                yield Finding(place, f"{message}; {f'write `{own}`' if own else 'say it anew'}")


def _is_name(hit: re.Match[str]) -> bool:
    """Whether the word has a capital within a sentence, as the name of a program has."""
    before = hit.string[: hit.start()].rstrip(" \"'“‘(")
    return hit[0].istitle() and before[-1:] not in ("", ".", "?", "!", ":", "…")


@cache
def _at_home(word: str, home: int) -> str | None:
    """The word of home for one from abroad; "" if there is no one word, None if it is at home."""
    for foreign, own in _entries(home):
        if foreign.fullmatch(word):
            return own
    return None


@cache
def _entries(home: int) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for each word from abroad, and the word of home or its beginning."""
    found = []
    for entries, ending in ((_BEGINNINGS, r"\w*"), (_WORDS, "s?")):
        for pair in entries.split(","):
            foreign, own = pair.split()[1 - home], pair.split()[home]
            more = "…" if entries is _BEGINNINGS else ""
            if foreign != "-":
                plain = re.sub(r"\(.*?\)", "", own)
                found.append((re.compile(foreign + ending), "" if own == "-" else plain + more))
    return tuple(found)
