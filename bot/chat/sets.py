"""Choosing what to practise, and how far one is."""

from bot.chat import drills
from bot.chat.keyboards import button, keyboard
from bot.chat.turn import Turn
from bot.practice import enrol, progress

LINES = 25


async def show_sets(turn: Turn) -> None:
    """/sets: every set with its badges; one tap switches."""
    turn.toast()
    turn.show(*await _card(turn))


async def _card(turn: Turn) -> tuple[str, dict[str, object]]:
    rows = await progress.by_set(turn.tx, turn.library)
    mixed = turn.tx.learner.active_set == enrol.ALL_SETS
    lines = [turn.texts("sets-title")]
    buttons = []
    for row in rows:
        active = row.active and not mixed
        lines.append(
            turn.texts(
                "set-line",
                mark="●" if row.active else "○",
                title=row.title,
                badges=row.badges,
                questions=row.questions,
            )
        )
        buttons.append([button(row.title + (" ✓" if active else ""), "set", row.set_id)])
    every = turn.texts.plain("all-sets") + (" ✓" if mixed else "")
    buttons.append([button(every, "set", enrol.ALL_SETS)])
    buttons.append([button(turn.texts.plain("drill-now"), "drill", style="primary")])
    return "\n".join(lines), keyboard(*buttons)


async def switch(turn: Turn) -> None:
    """A set was tapped."""
    set_id = turn.press.text(0) if turn.press else ""
    if not enrol.knows_set(turn.library, set_id):
        turn.toast(turn.texts.plain("card-closed"))
    else:
        await enrol.choose_set(turn.tx, set_id, turn.dice)
        title = drills.set_title(turn, set_id)
        turn.toast(turn.texts.plain("set-switched", set=title))
    turn.edit(*await _card(turn))


async def show_progress(turn: Turn) -> None:
    """/progress: badges of the active set, then what is on the way."""
    turn.toast()
    active = turn.tx.learner.active_set or ""
    sets = [row for row in await progress.by_set(turn.tx, turn.library) if row.active]
    rows = await progress.rated_questions(turn.tx, turn.library)
    lines = [
        turn.texts(
            "progress-title",
            set=drills.set_title(turn, active),
            badges=sum(row.badges for row in sets),
            questions=sum(row.questions for row in sets),
        )
    ]
    for row in rows[:LINES]:
        name = "progress-badge" if row.badge else "progress-line"
        lines.append(turn.texts(name, question=row.question.ask, points=row.points))
    if len(rows) > LINES:
        lines.append(turn.texts("progress-more", count=len(rows) - LINES))
    if not rows:
        lines.append(turn.texts("progress-none"))
    turn.show("\n".join(lines), drills.next_steps(turn))
