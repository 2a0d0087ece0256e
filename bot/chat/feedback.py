"""What is said after a rating: what it changed, help with this very question, a badge celebrated."""

from bot.chat.keyboards import button, keyboard
from bot.chat.turn import Turn
from bot.drill.badge import Remaining
from bot.drill.question import Question
from bot.drill.tone import Tone
from bot.practice import Take, TakeKind, answer
from bot.practice.listen import SecondRating
from bot.practice.rate import Rated

CONFETTI = "5046509860389126442"
"""Telegram's 🎉 message effect."""

QUOTED_CHARACTERS = 600


def text(turn: Turn, rated: Rated, takes: int) -> str:
    """The rating, the way to the badge, after a slip the question's own help, and why it is asked.

    `takes`: how many answers the question has had, so that the help is another one each time.
    """
    texts, question = turn.texts, rated.question
    tone = texts.plain(f"tone-{rated.tone.value}")
    lines = [f"<b>{texts('rated', tone=tone, takes=takes)}</b>", *_points(turn, rated)]
    if question and rated.tone.is_slip:
        lines += help_with(turn, question, rated.tone, takes)
    if question and question.why_asked:
        lines.append(texts("why-asked", why=question.why_asked))
    return "\n".join(lines)


def help_with(turn: Turn, question: Question, tone: Tone, takes: int) -> list[str]:
    """The question's own trap, and one thing to do: of a flat answer what to put in, of a sharp one
    how it should sound.
    """
    lines = []
    if question.traps:
        trap = question.traps[(takes - 1) % len(question.traps)]
        lines.append(turn.texts("trap", slip=trap.slip, remedy=trap.remedy))
    elif slip := question.tone_risk.slip:
        named = turn.texts.plain(f"slip-{slip}")
        remedy = turn.texts.plain(f"remedy-{slip}")
        lines.append(turn.texts("trap", slip=named, remedy=remedy))
    name, tips = (
        ("tip-say", question.shape) if tone is Tone.FLAT else ("tip-sound", question.good_signs)
    )
    if tips:
        lines.append(turn.texts(name, tip=tips[(takes - 1) % len(tips)]))
    return lines


def _points(turn: Turn, rated: Rated) -> list[str]:
    texts = turn.texts
    if rated.earned and not rated.celebrated:
        return []
    if rated.lost:
        return [texts("badge-lost")]
    if rated.after.badge_at is not None:
        return [texts("badge-kept" if rated.tone.is_slip else "badge-held")]
    if rated.tone.is_slip:
        return [texts("points-wiped")] if rated.before.points else []
    lines = way_to_badge(turn, rated.after.points, rated.remaining)
    if not rated.counted and not rated.remaining.only_listen:
        lines.append(texts("points-day-used"))
    return lines


def way_to_badge(turn: Turn, points: int, left: Remaining) -> list[str]:
    """How many points there are, and what else the badge takes."""
    lines = [turn.texts("points-left", points=points, days=left.days if left.points else 0)]
    if left.surprise_needed:
        lines.append(turn.texts("points-surprise"))
    if left.only_listen:
        lines.append(turn.texts("points-listen"))
    return lines


async def celebrate(turn: Turn, rated: Rated | SecondRating) -> None:
    """A badge: the picture of then and now, with the first take beside it."""
    question = rated.question.ask if rated.question else rated.drill.question_id
    first = await answer.first_take(turn.tx, rated.drill)
    if first is None or first.deleted_at is not None:
        first = rated.take
    turn.react(rated.take.message_id, "🏆")
    turn.say(
        turn.texts(
            "badge-earned",
            question=question,
            then=_when(turn, first),
            now=_when(turn, rated.take),
        ),
        keyboard(
            [
                button(turn.texts.plain("first-take"), "first-take", rated.drill.drill_no),
                button(turn.texts.plain("drill-now"), "drill", style="primary"),
            ]
        ),
        reply_to=rated.take.message_id,
        effect=CONFETTI,
    )
    if first.take_no != rated.take.take_no:
        replay(turn, first)


def _when(turn: Turn, take: Take) -> str:
    length = f", {take.duration // 60}:{take.duration % 60:02}" if take.duration else ""
    return f"{_date(turn, take)}{length}"


def _date(turn: Turn, take: Take) -> str:
    return turn.texts.long_date(turn.wall(take.taken_at).date())


def replay(turn: Turn, take: Take) -> None:
    """Let the learner hear an earlier take: a pointer to their own message, which costs nothing.

    It also works for people who accept no voice messages from bots.
    """
    if take.kind == TakeKind.TEXT:
        words = (take.text or "")[:QUOTED_CHARACTERS]
        turn.say(turn.texts("first-text", date=_date(turn, take), text=words))
        return
    turn.say(turn.texts("then-take"), reply_to=take.message_id)
