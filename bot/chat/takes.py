"""/takes: one's answers by question, by tone, by date, or by their words; a page at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.chat import take_card
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import SeenTake, browse
from bot.practice.browse import MOST_SOUGHT, PAGE, UNRATED, Page

SEEK = "takes"
"""What the chat waits for when words to search for are wanted."""

LINE_CHARACTERS = 90
AROUND = 30
"""How much of an answer is shown before the word that was found."""

PageButton = Callable[[str, int], Button]


async def show(turn: Turn) -> None:
    """/takes: the questions answered last; with words behind the command, the answers that have them."""
    turn.toast()
    words = _behind_the_command(turn)
    if words:
        await _search(turn, words)
        return
    turn.tx.change(awaiting=None)
    page = await browse.by_question(turn.tx, _page_number(turn, 0))
    if not page.rows:
        start = button(turn.texts.plain("drill-now"), "drill", style="primary")
        turn.show(turn.texts("takes-none"), keyboard([start]))
        return
    numbered = list(enumerate(page.rows, page.number * PAGE + 1))
    lines = [turn.texts("takes-title"), "", *(_question_line(turn, *one) for one in numbered)]
    numbers = [
        button(str(number), "takes-of", takes[-1].drill.drill_no) for number, takes in numbered
    ]
    turn.show(
        "\n".join(lines),
        keyboard(
            *grid(numbers, 3),
            _pages(turn, page, lambda label, number: button(label, "takes", number)),
            [
                button(turn.texts.plain("takes-tones"), "takes-tones"),
                button(turn.texts.plain("takes-dates"), "takes-date"),
                button(turn.texts.plain("takes-seek"), "takes-seek"),
            ],
            [button(turn.texts.plain("progress-button"), "progress")],
        ),
    )


def _behind_the_command(turn: Turn) -> str:
    if turn.query is not None or turn.message is None:
        return ""
    return (turn.message.text or "").partition(" ")[2].strip()


def _page_number(turn: Turn, argument: int) -> int:
    return (turn.press.number(argument) if turn.press else None) or 0


def _pages(turn: Turn, page: Page[Any], make: PageButton) -> list[Button]:
    ways = []
    if page.number > 0:
        ways.append(make(turn.texts.plain("takes-newer"), page.number - 1))
    if page.more:
        ways.append(make(turn.texts.plain("takes-older"), page.number + 1))
    return ways


def _question_line(turn: Turn, number: int, takes: Sequence[SeenTake]) -> str:
    first, last = takes[0], takes[-1]
    return turn.texts(
        "takes-question",
        number=number,
        question=shortened(take_card.question(turn, last), LINE_CHARACTERS),
        takes=len(takes),
        first=take_card.tone(turn, first),
        last=take_card.tone(turn, last),
    )


def _list(turn: Turn, title: str, page: Page[SeenTake], make: PageButton) -> None:
    """Takes, one a line, with a button for each."""
    numbered = list(enumerate(page.rows, page.number * PAGE + 1))
    lines = [title, "", *(_take_line(turn, *one) for one in numbered)]
    numbers = [button(str(number), "take-card", one.take.take_no) for number, one in numbered]
    turn.show("\n".join(lines), _list_buttons(turn, numbers, _pages(turn, page, make)))


def _list_buttons(turn: Turn, numbers: Sequence[Button], pages: list[Button]) -> Keyboard:
    return keyboard(*grid(numbers, 3), pages, [button(turn.texts.plain("takes-button"), "takes")])


def _take_line(turn: Turn, number: int, one: SeenTake) -> str:
    return turn.texts(
        "takes-line",
        number=number,
        star=take_card.star(one),
        date=take_card.date(turn, one),
        tone=take_card.tone(turn, one),
        question=shortened(take_card.question(turn, one), LINE_CHARACTERS),
    )


async def by_date(turn: Turn) -> None:
    """Every take, the newest first."""
    turn.toast()
    page = await browse.by_date(turn.tx, _page_number(turn, 0))
    _list(
        turn,
        turn.texts("takes-by-date"),
        page,
        lambda label, number: button(label, "takes-date", number),
    )


async def tones(turn: Turn) -> None:
    """Which tone? Each with how many there are."""
    turn.toast()
    counts = await browse.tones(turn.tx)
    buttons = [
        button(f"{_named(turn, value)} ({counts[value]})", "takes-tone", value)
        for value in (*Tone, UNRATED)
        if counts.get(value)
    ]
    turn.show(turn.texts("takes-which-tone"), _list_buttons(turn, buttons, []))


def _named(turn: Turn, value: int) -> str:
    return turn.texts.plain("unrated" if value == UNRATED else f"tone-{value}")


async def by_tone(turn: Turn) -> None:
    """The takes of one tone, the newest first."""
    value = turn.press.number(0) if turn.press else None
    if value is None or value > max(Tone):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    page = await browse.by_tone(turn.tx, value, _page_number(turn, 1))
    _list(
        turn,
        turn.texts("takes-by-tone", tone=_named(turn, value)),
        page,
        lambda label, number: button(label, "takes-tone", value, number),
    )


async def ask_words(turn: Turn) -> None:
    """Search: the next message says for what."""
    turn.toast()
    turn.tx.change(awaiting=SEEK)
    back = button(turn.texts.plain("back"), "takes")
    turn.show(turn.texts("takes-type"), keyboard([back]))


async def words_typed(turn: Turn, text: str) -> bool:
    """Words to search for; False: they are too many for that."""
    if len(text) > MOST_SOUGHT:
        return False
    await _search(turn, text)
    return True


def words_unfit(turn: Turn, _: str) -> None:
    """What was typed is no search."""
    turn.say(
        turn.texts("takes-too-long", most=MOST_SOUGHT),
        keyboard([button(turn.texts.plain("back"), "takes")]),
    )


async def _search(turn: Turn, words: str) -> None:
    if not browse.seek(turn.tx, words):
        words_unfit(turn, words)
        return
    turn.tx.change(awaiting=None)
    await found(turn)


async def found(turn: Turn) -> None:
    """The typed answers in which the words stand that were searched for last."""
    turn.toast()
    page = await browse.found(turn.tx, _page_number(turn, 0))
    words = turn.tx.learner.sought or ""
    again = button(turn.texts.plain("takes-seek"), "takes-seek")
    mine = button(turn.texts.plain("takes-button"), "takes")
    if not page.rows:
        turn.show(turn.texts("takes-not-found", words=words), keyboard([again, mine]))
        return
    numbered = list(enumerate(page.rows, page.number * PAGE + 1))
    lines = [
        turn.texts("takes-found", words=words),
        "",
        *(_found_line(turn, *one, words) for one in numbered),
    ]
    numbers = [button(str(number), "take-card", one.take.take_no) for number, one in numbered]
    pages = _pages(turn, page, lambda label, number: button(label, "takes-found", number))
    turn.show("\n".join(lines), keyboard(*grid(numbers, 3), pages, [again, mine]))


def _found_line(turn: Turn, number: int, one: SeenTake, words: str) -> str:
    return turn.texts(
        "takes-hit",
        number=number,
        date=take_card.date(turn, one),
        tone=take_card.tone(turn, one),
        text=_around(one.take.text or "", words.casefold().split()[0]),
    )


def _around(text: str, word: str) -> str:
    """The part of an answer where the word stands, in one line."""
    plain = " ".join(text.split())
    start = max(0, plain.casefold().find(word) - AROUND)
    return ("…" if start else "") + shortened(plain[start:], LINE_CHARACTERS)


async def of_question(turn: Turn) -> None:
    """The takes of one question, oldest first; on a message of its own where the button says so."""
    number = turn.press.number(0) if turn.press else None
    takes = await browse.of_drill(turn.tx, number or 0)
    if takes is None or number is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    text, buttons = _question_card(turn, number, takes)
    if turn.press is not None and turn.press.text(2) == take_card.ANEW:
        turn.say(text, buttons)
    else:
        turn.show(text, buttons)


def _question_card(turn: Turn, drill_no: int, takes: Sequence[SeenTake]) -> tuple[str, Keyboard]:
    if not takes:
        return turn.texts("takes-all-deleted"), _list_buttons(turn, [], [])
    page = _latest_page(takes, _page_number(turn, 1))
    numbered = list(enumerate(takes, 1))[page.number * PAGE : (page.number + 1) * PAGE]
    lines = [
        turn.texts("takes-of", question=take_card.question(turn, takes[-1]), takes=len(takes)),
        "",
        *(_one_of_question(turn, *one) for one in numbered),
    ]
    numbers = [button(str(number), "take-card", one.take.take_no) for number, one in numbered]

    def make(label: str, number: int) -> Button:
        return button(label, "takes-of", drill_no, number)

    ways = []
    if page.number > 0:
        ways.append(make(turn.texts.plain("own-earlier"), page.number - 1))
    if page.more:
        ways.append(make(turn.texts.plain("own-later"), page.number + 1))
    return "\n".join(lines), keyboard(
        *grid(numbers, 3),
        ways,
        [
            button(turn.texts.plain("takes-then"), "takes-then", drill_no, style="primary"),
            button(turn.texts.plain("again"), "again", drill_no),
        ],
        [button(turn.texts.plain("takes-button"), "takes")],
    )


def _latest_page(takes: Sequence[SeenTake], number: int) -> Page[SeenTake]:
    last = (len(takes) - 1) // PAGE
    shown = min(number, last)
    return Page(takes, shown, shown < last)


def _one_of_question(turn: Turn, number: int, one: SeenTake) -> str:
    return turn.texts(
        "takes-one",
        number=number,
        star=take_card.star(one),
        date=take_card.date(turn, one),
        tone=take_card.tone(turn, one),
        kind=take_card.kind(turn, one),
    )
