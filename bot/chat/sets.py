"""Choosing what to practise, and how far one is."""

from bot.chat import drills, listening, pictures
from bot.chat.callbacks import short
from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.pages import PAGE, paged
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.practice import enrol, figures, listen, mock, progress
from bot.practice.progress import QuestionProgress

LINES = 25
LINE_CHARACTERS = 100
"""Of how many questions, and how much of each, /progress shows: a message holds 4096 characters."""


async def show_sets(turn: Turn) -> None:
    """/sets: every set with its badges; one tap switches."""
    turn.toast()
    turn.show(*await _card(turn, turn.press.number(0) if turn.press else None))


async def _card(turn: Turn, number: int | None = None) -> tuple[str, Keyboard]:
    """A page of the sets; without a number the one that has the active set."""
    rows = await progress.by_set(turn.tx, turn.library)
    mixed = turn.tx.learner.active_set == enrol.ALL_SETS
    if number is None:
        number = next((place // PAGE for place, row in enumerate(rows) if row.active), 0)
    shown, turning = paged(turn, rows, number, "sets")
    lines = [turn.texts("sets-title")]
    buttons = []
    for row in shown:
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
        label = row.title + (" ✓" if active else "")
        buttons.append([button(label, "set", short(row.set_id))])
    buttons.append(turning)
    every = turn.texts.plain("all-sets") + (" ✓" if mixed else "")
    buttons.append([button(every, "set", enrol.ALL_SETS)])
    buttons.append([button(turn.texts.plain("own-manage"), "mine")])
    buttons.append([button(turn.texts.plain("drill-now"), "drill", style="primary")])
    return "\n".join(lines), keyboard(*buttons)


async def switch(turn: Turn) -> None:
    """A set was tapped."""
    set_id = drills.pressed_set(turn)
    if set_id is None:
        turn.toast(turn.texts.plain("card-closed"))
    else:
        await enrol.choose_set(turn.tx, set_id, turn.dice)
        title = drills.set_title(turn, set_id)
        told = turn.texts.plain("set-switched", set=title)
        if await mock.current(turn.tx) is not None:
            told += ". " + turn.texts.plain("mock-keeps-set")
        turn.toast(told)
    turn.edit(*await _card(turn))


async def show_progress(turn: Turn) -> None:
    """/progress: badges of the active set, then what is on the way."""
    turn.toast()
    active = turn.tx.learner.active_set or ""
    sets = [row for row in await progress.by_set(turn.tx, turn.library) if row.active]
    rows = await progress.rated_questions(turn.tx, turn.library)
    badges, questions = (sum(row.badges for row in sets), sum(row.questions for row in sets))
    lines = [
        turn.texts(
            "progress-title",
            set=drills.set_title(turn, active),
            badges=badges,
            questions=questions,
        ),
        next_badge(turn, rows, questions - len(rows)),
        pictures.forecast(turn, await figures.foretold(turn.tx, turn.library)),
        *await listening.calibration(turn),
        *(_line(turn, row) for row in rows[:LINES]),
    ]
    if len(rows) > LINES:
        lines.append(turn.texts("progress-more", count=len(rows) - LINES))
    again = [button(turn.texts.plain("takes-button"), "takes")]
    if await listen.can_be_asked(turn.tx):
        again.append(button(turn.texts.plain("listen-button"), "listen"))
    text = "\n".join(line for line in lines if line)
    turn.show(text, keyboard(*drills.next_steps(turn)["inline_keyboard"], again))
    if rows:
        pictures.ask(turn)


def next_badge(turn: Turn, rows: list[QuestionProgress], unheard: int) -> str:
    """What comes next: the badge that is nearest, or questions not tried yet, or rest."""
    nearest = next((row for row in rows if not row.badge), None)
    if nearest is None:
        return turn.texts("progress-new", count=unheard) if unheard else turn.texts("progress-all")
    return turn.texts(
        "progress-next-listen" if nearest.remaining.only_listen else "progress-next",
        question=shortened(nearest.question.ask, LINE_CHARACTERS),
        days=nearest.remaining.days,
        surprise="yes" if nearest.remaining.surprise_needed else "no",
    )


def _line(turn: Turn, row: QuestionProgress) -> str:
    name = "progress-badge" if row.badge else "progress-line"
    question = shortened(row.question.ask, LINE_CHARACTERS)
    return turn.texts(name, question=question, points=row.points)
