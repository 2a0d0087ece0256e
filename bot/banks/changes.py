"""What an edit of the banks does to learners: whose progress goes on, and whose would be lost."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.banks.doubts import essence
from bot.banks.library import Library
from bot.drill.question import Question

MEANING = ("kind", "levels", "competency", "jurisdiction")
TEXTS = ("rephrased", "why_asked", "tone_risk", "traps", "shape", "follow_ups", "good_signs")
DETAILS = ("seconds", "scene", "sources", "distinct_from")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `lost`: learners would lose progress by it."""

    set_id: str
    what: str
    words: str
    lost: bool = False
    meant: bool = True

    def __str__(self) -> str:
        return f"{self.what:<9} {self.words}"


def changes(old: Library, new: Library) -> list[Change]:
    """Everything that an edit changes, set by set; first what was there before, then what is new."""
    found: list[Change] = []
    for set_id in dict.fromkeys([*old.sets, *new.sets]):
        of_set = [*_gone(old, new, set_id), *_kept(old, new, set_id), *_added(old, new, set_id)]
        found += [*_of_set(old, new, set_id, of_set), *of_set]
    return found


def _gone(old: Library, new: Library, set_id: str) -> Iterator[Change]:
    """Ids under which learners may have progress, and which nothing answers to any more."""
    for question in _questions(old, set_id):
        for known in (question.id, *question.renamed_from):
            if new.question(known) is None:
                hint = "put it back with `retired: true`, or name it in `renamed_from`"
                yield Change(set_id, "LOST", f"{known}: its progress; {hint}", lost=True)


def _kept(old: Library, new: Library, set_id: str) -> Iterator[Change]:
    for before in _questions(old, set_id):
        after = new.question(before.id)
        if after is None:
            continue
        if after.id != before.id:
            yield _renamed(before, after, old)
        if after.set_id != before.set_id:
            yield Change(set_id, "moved", f"{after.id}: to {after.set_id}; progress goes along")
        yield from _edited(before, after)


def _renamed(before: Question, after: Question, old: Library) -> Change:
    if after.id in old.questions:
        words = f"{before.id}: into {after.id}; whoever has progress in both keeps the latter's"
        return Change(before.set_id, "merged", words)
    return Change(before.set_id, "renamed", f"{before.id}: to {after.id}; progress goes along")


def _edited(before: Question, after: Question) -> Iterator[Change]:
    set_id, name = before.set_id, after.id
    if before.retired != after.retired:
        words = "not asked any more; its history stays" if after.retired else "asked again"
        yield Change(set_id, "retired" if after.retired else "revived", f"{name}: {words}")
    if before.ask != after.ask:
        meant = essence(before.ask) != essence(after.ask)
        yield Change(set_id, "reworded", f"{name}: {before.ask!r} → {after.ask!r}", meant=meant)
    for field in MEANING:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(set_id, "changed", f"{name}: {field} {_told(was)} → {_told(now)}")
    touched = [one for one in (*TEXTS, *DETAILS) if getattr(before, one) != getattr(after, one)]
    if touched:
        yield Change(set_id, "edited", f"{name}: {', '.join(touched)}", meant=False)


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "anywhere")


def _added(old: Library, new: Library, set_id: str) -> Iterator[Change]:
    for question in _questions(new, set_id):
        if not any(old.question(one) for one in (question.id, *question.renamed_from)):
            yield Change(set_id, "added", f"{question.id}: {question.ask!r}")


def _of_set(old: Library, new: Library, set_id: str, within: list[Change]) -> Iterator[Change]:
    """What concerns the set as a whole: it comes, goes, is emptied, or its version does not tell."""
    before, after = old.sets.get(set_id), new.sets.get(set_id)
    if before is None:
        yield Change(set_id, "new set", set_id)
    elif after is None or not new.active(set_id):
        words = "whoever practises it has no question to be asked until they choose another set"
        yield Change(set_id, "empty" if after else "gone", f"{set_id}: {words}")
    elif any(change.meant for change in within) and after.version <= before.version:
        words = f"{before.version} → {after.version}; what is asked has changed, so raise it"
        yield Change(set_id, "version", words)
    elif after.version < before.version:
        yield Change(set_id, "version", f"{before.version} → {after.version}; it never goes back")


def _questions(library: Library, set_id: str) -> tuple[Question, ...]:
    return library.sets[set_id].questions if set_id in library.sets else ()
