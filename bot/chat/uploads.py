"""A question set as a document from an owner: shown with all it does, live after one tap, undone by one."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.banks.problem import Problem
from bot.banks.reader import MAX_BYTES
from bot.banks.upload import Changes
from bot.chat.callbacks import short
from bot.chat.keyboards import NO_BUTTONS, Button, Keyboard, button, keyboard
from bot.chat.turn import Turn
from bot.practice import publish
from bot.practice.publish import Proposal

ENDINGS = (".yaml", ".yml")
NAME_CHARACTERS = 80
"""A set's longest id and its ending fit; what comes before that of a longer name is left out."""

PROBLEMS_SHOWN = 12
PROBLEM_CHARACTERS = 160
PLACE_CHARACTERS = 40
IDS_SHOWN = 3
"""Of how much is shown: a message holds 4096 characters."""


async def received(turn: Turn) -> bool:
    """Take a YAML document from an owner up; False: this is none."""
    document = turn.message.document if turn.message else None
    if document is None or turn.message is None or not turn.is_owner:
        return False
    name = re.sub(r"[^\w.() -]", "_", Path(document.file_name or "").name)[-NAME_CHARACTERS:]
    if not name.lower().endswith(ENDINGS):
        return False
    if (document.file_size or 0) > MAX_BYTES:
        turn.say(turn.texts("upload-too-large", kib=MAX_BYTES // 1024), reply_to=turn.message_id)
        return True
    publish.receive(turn.tx, message_id=turn.message_id, file_id=document.file_id, file_name=name)
    turn.react(turn.message_id, "👀")
    return True


async def arrived(turn: Turn, upload_no: int, raw: bytes) -> None:
    """The document is here: judge it, and show what it would do. Of no owner any more, it is let go."""
    if not turn.is_owner:
        await publish.refuse(turn.tx, upload_no)
        return
    proposal = await publish.judge(turn.tx, turn.house.library(), upload_no, raw)
    if proposal is not None:
        turn.say(*_card(turn, proposal), reply_to=proposal.upload.message_id)


async def missed(turn: Turn, upload_no: int, why: str) -> None:
    """The document cannot be had; `why`: too-large, gone or trouble."""
    document = await publish.refuse(turn.tx, upload_no)
    if document is not None:
        text = turn.texts(f"upload-{why}", kib=MAX_BYTES // 1024)
        turn.say(text, reply_to=document.message_id)


async def put_live(turn: Turn) -> None:
    """The tap that puts a set live, if what its summary rested on still runs."""
    number = turn.press.number(0) if turn.press else None
    rests_on = turn.press.text(1) if turn.press else ""
    outcome = None
    if turn.is_owner:
        outcome = await publish.put_live(turn.tx, turn.house.library(), number or 0, rests_on)
    if outcome is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    if isinstance(outcome, Proposal):
        text, buttons = _card(turn, outcome)
        turn.edit(turn.texts("upload-moved") + "\n\n" + text, buttons)
        return
    live = outcome.question_set
    undo = undo_button(live.id, outcome.version, turn.texts.plain("undo"))
    text = turn.texts("upload-live", title=live.title, version=outcome.version)
    turn.edit(text, keyboard([undo]))


async def drop(turn: Turn) -> None:
    """Leave it."""
    number = turn.press.number(0) if turn.press else None
    if not turn.is_owner or not await publish.drop(turn.tx, number or 0):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    turn.edit(turn.texts("upload-dropped"))


async def undo(turn: Turn) -> None:
    """Take the running version of a set back."""
    named, version = (turn.press.text(0), turn.press.number(1)) if turn.press else ("", None)
    undone = None
    if turn.is_owner and version is not None:
        undone = await publish.undo(turn.tx, turn.house.library(), _set_named(turn, named), version)
    if undone is None:
        turn.toast(turn.texts.plain("upload-undo-late" if turn.is_owner else "card-closed"))
        return
    turn.toast()
    if undone.problems:
        turn.say(
            turn.texts("upload-undo-clash", title=undone.title) + _listed(turn, undone.problems)
        )
        return
    to = {None: "gone", 0: "shipped"}.get(undone.back_to, "version")
    version = undone.back_to or 0
    turn.edit(turn.texts(f"upload-undone-{to}", title=undone.title, version=version))


def _set_named(turn: Turn, named: str) -> str:
    known = (*turn.house.library().beneath, *turn.house.library().sets)
    return next((set_id for set_id in known if short(set_id) == named), named)


def undo_button(set_id: str, version: int, label: str) -> Button:
    """The button that takes this version back, as long as it runs."""
    return button(label, "undo-set", short(set_id), version)


def _card(turn: Turn, proposal: Proposal) -> tuple[str, Keyboard]:
    found, problems = proposal.question_set, proposal.problems
    if found is None or proposal.changes is None:
        refused = turn.texts("upload-refused", name=proposal.upload.file_name)
        return refused + _listed(turn, problems), NO_BUTTONS
    asked = sum(not one.retired for one in found.questions)
    lines = [
        turn.texts("upload-title", title=found.title, set=found.id, count=asked),
        *([turn.texts("upload-first")] if proposal.is_new else _changes(turn, proposal.changes)),
        turn.texts("upload-practising", count=proposal.practising),
        *([] if asked else [turn.texts("upload-empty")]),
    ]
    if problems:
        lines.append(turn.texts("upload-doubts", count=len(problems)) + _listed(turn, problems))
    lines += ["", turn.texts("upload-ask")]
    number = proposal.upload.upload_no
    live = button(
        turn.texts.plain("upload-yes"), "put-live", number, proposal.rests_on, style="primary"
    )
    return "\n".join(lines), keyboard(
        [live, button(turn.texts.plain("upload-no"), "drop-set", number)]
    )


def _changes(turn: Turn, changes: Changes) -> list[str]:
    kinds = (
        ("new", changes.new),
        ("changed", changes.changed),
        ("retired", changes.retired),
        ("removed", changes.removed),
    )
    told = [
        turn.texts(f"upload-{kind}", count=len(ids), ids=_some(ids)) for kind, ids in kinds if ids
    ]
    return told or [turn.texts("upload-same")]


def _some(ids: Sequence[str]) -> str:
    return ", ".join(ids[:IDS_SHOWN]) + (" …" if len(ids) > IDS_SHOWN else "")


def _listed(turn: Turn, problems: Sequence[Problem]) -> str:
    """The first problems, each on a line of its own, within what a message holds."""
    lines = [
        turn.texts(
            "upload-problem",
            place=f"{Path(one.path).name[-PLACE_CHARACTERS:]}:{one.line}:{one.column}",
            message=_cut(one.message),
        )
        for one in problems[:PROBLEMS_SHOWN]
    ]
    if len(problems) > PROBLEMS_SHOWN:
        lines.append(turn.texts("upload-more", count=len(problems) - PROBLEMS_SHOWN))
    return "\n" + "\n".join(lines)


def _cut(line: str) -> str:
    return line if len(line) <= PROBLEM_CHARACTERS else line[: PROBLEM_CHARACTERS - 1] + "…"
