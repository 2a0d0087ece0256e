"""What a whole interview looks like: its questions, where it stands, its ratings, what it came to."""

from typing import Any

from bot.chat.keyboards import Keyboard, button, grid, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Mock, Role
from bot.practice.mock import Running
from bot.practice.mock_summary import Answer, MockSummary, ToRate

COUNTS = (3, 5, 8)
MINUTES_EACH = 3
COMES_BACK = 2
"""How many more questions there are under pressure."""
LINE_CHARACTERS = 100


def offer(turn: Turn, count: int, *, pressing: bool, waiting: bool) -> tuple[str, Keyboard]:
    """The card on which an interview is chosen. `waiting`: a question is open at present."""
    texts = turn.texts
    minutes = MINUTES_EACH * (count + COMES_BACK * pressing)
    lines = [texts("mock-title", count=count, minutes=minutes)]
    if pressing:
        lines.append(texts("mock-pressing"))
    if waiting:
        lines.append(texts("mock-puts-off"))
    on = int(pressing)
    counts = [
        button(f"{one} ✓" if one == count else str(one), "mock-set", one, on) for one in COUNTS
    ]
    pressure = texts.plain("mock-pressure-on" if pressing else "mock-pressure-off")
    buttons = keyboard(
        counts,
        [button(pressure, "mock-set", count, 1 - on)],
        [button(texts.plain("mock-start"), "mock-begin", count, on, style="primary")],
    )
    return "\n".join(lines), buttons


def ask(turn: Turn, running: Running) -> None:
    """Put the current question, or what is asked on it, into the chat."""
    mock = running.mock
    turn.say(
        turn.texts(
            "mock-question",
            number=mock.step + 1,
            of=len(running.parts),
            question=running.words,
        ),
        keyboard(
            [
                button(turn.texts.plain("skip"), "mock-skip", mock.mock_no, running.mock.card_no),
                button(
                    turn.texts.plain("mock-end"), "mock-end", mock.mock_no, running.mock.card_no
                ),
            ]
        ),
        drill_no=running.drill.drill_no,
        role=Role.CARD,
    )


def where(turn: Turn, running: Running) -> None:
    """Say where an interview stands, and ask whether it goes on."""
    keys = running.mock.mock_no, running.mock.card_no
    turn.say(
        turn.texts("mock-where", number=running.mock.step + 1, of=len(running.parts)),
        keyboard(
            [
                button(turn.texts.plain("mock-resume"), "mock-resume", *keys, style="primary"),
                button(turn.texts.plain("mock-end"), "mock-end", *keys),
            ]
        ),
    )


def rating(turn: Turn, mock: Mock, todo: ToRate) -> tuple[str, Keyboard]:
    """The card that asks how one answer sounded."""
    keys = mock.mock_no, todo.drill.drill_no
    tones = [
        button(turn.texts.plain(f"tone-{tone.value}"), "mock-rate", *keys, tone.value)
        for tone in Tone
    ]
    text = turn.texts("mock-rate", number=todo.number, of=todo.of, question=todo.part.words)
    after = [
        button(turn.texts.plain("mock-play"), "mock-play", *keys),
        button(turn.texts.plain("mock-later"), "mock-later", mock.mock_no),
    ]
    return text, keyboard(*grid(tones, 3), after)


def ask_rating(turn: Turn, mock: Mock, todo: ToRate) -> None:
    """Send that card."""
    text, buttons = rating(turn, mock, todo)
    turn.say(text, buttons, drill_no=todo.drill.drill_no, role=Role.RATING)


def clock(ms: int) -> str:
    """A length of time as m:ss."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def ended(turn: Turn, result: MockSummary) -> str:
    """What is said first when it is over."""
    return turn.texts("mock-ended", **_figures(result))


def _figures(result: MockSummary) -> dict[str, Any]:
    return {
        "answered": result.answered,
        "put": len(result.answers),
        "time": clock(result.total),
    }


def summary(turn: Turn, mock: Mock, result: MockSummary) -> tuple[str, Keyboard]:
    """What an interview came to, in words."""
    texts = turn.texts
    lines = [texts("mock-summary", **_figures(result))]
    if result.first is not None:
        lines.append(texts("mock-first", time=clock(result.first)))
    lines += [_line(turn, number, one) for number, one in enumerate(result.answers, 1)]
    rows = []
    if result.unrated:
        rate = button(texts.plain("mock-rate-rest"), "mock-more", mock.mock_no, style="primary")
        rows.append([rate])
    if (weakest := result.drill_next) is not None:
        lines.append(texts("mock-next", question=shortened(weakest.words, LINE_CHARACTERS)))
        rows.append([button(texts.plain("mock-drill"), "again", weakest.drill_no)])
    another = button(texts.plain("mock-another"), "mock")
    rows.append([button(texts.plain("takes-button"), "takes"), another])
    return "\n".join(lines), keyboard(*rows)


def told(turn: Turn, result: MockSummary) -> str:
    """An interview in one line, without markup."""
    return turn.texts.plain("mock-figures", **_figures(result))


def caption(turn: Turn, result: MockSummary) -> str:
    """What stands under the picture of an interview: the numbers that it shows, in words."""
    tones = [_tone(turn, one) for one in result.answers]
    lines = [f"{number}. {tone}" for number, tone in enumerate(tones, 1)]
    return "\n".join([turn.texts("mock-summary", **_figures(result)), *lines])


def _tone(turn: Turn, one: Answer) -> str:
    if not one.answered:
        return turn.texts.plain("mock-left-out")
    if one.tone is None:
        return turn.texts.plain("mock-unrated")
    return turn.texts.plain(f"tone-{one.tone.value}")


def _line(turn: Turn, number: int, one: Answer) -> str:
    texts = turn.texts
    times = [clock(one.waited)] if one.waited is not None else []
    if one.spoken is not None:
        times.append(texts.plain("mock-spoken", time=clock(1000 * one.spoken)))
    said = " · ".join([*times, _tone(turn, one)])
    words = shortened(one.words, LINE_CHARACTERS)
    return texts("mock-line", number=number, question=words, said=said)
