"""The picture of a whole interview: the tone of each answer, in the order they were given."""

from bot.charts.chart import MOST_CHARACTERS, MOST_TURNS, Interview, Level, encode
from bot.chat import mock_cards
from bot.chat.keyboards import button, keyboard
from bot.chat.pictures import Sketch
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Mock, PictureKind, look, mock_summary


def ask(turn: Turn, mock: Mock) -> None:
    """Have the picture of an interview drawn; it follows when it is there."""
    turn.tx.want_picture(PictureKind.MOCK, str(mock.mock_no))


async def sketch(turn: Turn, about: str) -> Sketch | None:
    """The interview of this number, as it is rated now; None: there is nothing to be seen."""
    found = await mock_summary.find(turn.tx, int(about))
    if found is None:
        return None
    result = await mock_summary.summary(turn.tx, found)
    if not any(one.tone for one in result.answers):
        return None
    texts = turn.texts
    turns = tuple(
        Level(shortened(one.words, MOST_CHARACTERS), float(one.tone or 0))
        for one in result.answers[:MOST_TURNS]
    )
    chart = Interview(
        dark=bool((await look.of_learner(turn.tx)).dark),
        title=texts.plain("mock-picture"),
        summary=mock_cards.told(turn, result),
        turns=turns,
        tones=tuple(texts.plain(f"tone-name-{tone.value}") for tone in Tone),
    )
    again = button(texts.plain("mock-another"), "mock")
    buttons = keyboard([button(texts.plain("takes-button"), "takes"), again])
    return Sketch(encode(chart), mock_cards.caption(turn, result), buttons)
