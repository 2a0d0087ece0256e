"""What is allowed in a bank and yet probably not meant: warnings, none of which keeps a set out."""

import re
from collections.abc import Iterator
from typing import Final

from bot.banks.complaint import Place
from bot.banks.document import BankEntry, QuestionEntry

SPOKEN_CHARACTERS: Final = 160
FEWEST_QUESTIONS: Final = 15
SCHEMA_LINE: Final = "# yaml-language-server: $schema=bank.schema.json"

Doubt = tuple[Place, str]


def doubts(bank: BankEntry, file_name: str, first_line: str) -> Iterator[Doubt]:
    """Each doubt with its place in the file; `file_name` without its ending."""
    if "yaml-language-server: $schema=" not in first_line:
        yield (), f"the first line should be `{SCHEMA_LINE}`, so that editors check the file"
    if bank.set != file_name:
        yield ("set",), f"the set is `{bank.set}` but the file `{file_name}`; they should agree"
    active = sum(not entry.retired for entry in bank.questions)
    if active < FEWEST_QUESTIONS:
        yield (
            ("questions",),
            f"{active} to be asked; a set should have {FEWEST_QUESTIONS} or more, or one soon"
            " knows what comes",
        )
    for index, entry in enumerate(bank.questions):
        yield from _of_wordings(entry, ("questions", index))
    yield from _of_scenes(bank)


def _of_wordings(entry: QuestionEntry, place: Place) -> Iterator[Doubt]:
    wordings: dict[Place, str] = {(*place, "ask"): entry.ask}
    wordings |= {(*place, "rephrased", i): text for i, text in enumerate(entry.rephrased)}
    seen: set[str] = set()
    for where, text in wordings.items():
        if len(text) > SPOKEN_CHARACTERS:
            yield (
                where,
                f"{len(text)} characters are more than one breath; it should be"
                f" {SPOKEN_CHARACTERS} or fewer",
            )
        heard = essence(text)
        if heard in seen:
            yield where, "this wording is there already; it should come from another angle"
        seen.add(heard)


def _of_scenes(bank: BankEntry) -> Iterator[Doubt]:
    """Two active questions on one scene and one competency are probably the same question."""
    first: dict[tuple[str, str], QuestionEntry] = {}
    for index, entry in enumerate(bank.questions):
        key = (entry.scene, entry.competency[0])
        other = first.setdefault(key, entry)
        if other is entry or other.retired or entry.retired:
            continue
        if other.id not in entry.distinct_from and entry.id not in other.distinct_from:
            yield (
                ("questions", index, "scene"),
                f"the same scene and main competency as `{other.id}`; one of the two should"
                " change, or name the other in `distinct_from`",
            )


def essence(text: str) -> str:
    """Letters and digits alone: what is left when two wordings differ in nothing that is heard."""
    return re.sub(r"[\W_]+", "", text.casefold())
