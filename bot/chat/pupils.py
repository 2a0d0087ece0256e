"""The coach's side: accepting, hearing takes one at a time, rating them, ratings, and stopping."""

from collections.abc import Sequence

from bot.chat import lending, onboarding
from bot.chat.keyboards import Button, Keyboard, button, grid, keyboard
from bot.chat.texts import shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Coaching, CoachingState, Errand, Given, coach, lend
from bot.practice.coach import Closed, Refused
from bot.practice.lend import Lent, Unheard

LABEL_CHARACTERS = 20

CLOSED = {
    Closed.UNKNOWN: "share-unknown",
    Closed.OWN: "coach-own",
    Closed.USED: "coach-used",
    Closed.MINE: "coach-mine",
    Closed.REVOKED: "share-withdrawn",
    Closed.LATE: "coach-late",
    Closed.ALREADY: "coach-already",
}

REFUSED = {
    Refused.UNKNOWN: "card-closed",
    Refused.WAITING: "pupil-waiting",
    Refused.OVER: "pupil-over",
    Refused.NOT_GIVEN: "pupil-not-given",
    Refused.TOO_FAST: "pupil-too-fast",
}

UNHEARD = {
    Unheard.GONE: "pupil-take-gone",
    Unheard.ALREADY: "pupil-done",
    Unheard.NOT_RATED: "pupil-rate-first",
    Unheard.LONG: "pupil-note-long",
}


async def opened(turn: Turn, token: str) -> None:
    """Somebody follows a link to a coach: who asks, as far as the learner said, and what it means."""
    if not onboarding.admitted(turn):
        turn.say(turn.texts("coach-invite-needed"))
        return
    one = await coach.offered(turn.tx, token)
    if isinstance(one, Closed):
        turn.say(turn.texts(CLOSED[one]), _on(turn))
        return
    asks = turn.texts(
        "coach-offer" if one.told_from is None else "coach-offer-from", name=name(turn, one)
    )
    turn.say(
        f"{asks}\n{turn.texts('coach-offer-terms', until=turn.day_and_time(one.expires_at))}",
        keyboard(
            [
                button(turn.texts.plain("coach-accept"), "coach-accept", token, style="primary"),
                button(turn.texts.plain("coach-decline"), "coach-decline"),
            ]
        ),
    )


def _on(turn: Turn) -> Keyboard:
    """Ways on from a link that opens nothing."""
    if turn.tx.learner.enrolled_at is None:
        return keyboard([button(turn.texts.plain("start-button"), "start", style="primary")])
    return keyboard([everybody(turn), button(turn.texts.plain("drill-now"), "drill")])


def everybody(turn: Turn) -> Button:
    """The way to all whom somebody coaches, and who coaches them."""
    return button(turn.texts.plain("coach-button"), "coach")


def name(turn: Turn, one: Coaching) -> str:
    """What the learner chose to be called; else a number that only this coach has for them."""
    return one.told_from or turn.texts.plain("pupil-nameless", number=one.coach_no or 0)


async def accept(turn: Turn) -> None:
    """Accepted; nothing can be heard until the learner has said yes to who did."""
    one = await coach.accept(turn.tx, turn.press.text(0) if turn.press else "", first_name(turn))
    if isinstance(one, Closed):
        turn.toast(turn.texts.plain(CLOSED[one]))
        return
    turn.toast()
    turn.edit(turn.texts("coach-waits", name=name(turn, one)), keyboard([everybody(turn)]))


def first_name(turn: Turn) -> str:
    """What Telegram calls whoever pressed or wrote, by the first name alone."""
    user = turn.update.effective_user if turn.update else None
    return " ".join((user.first_name if user else "").split())[: coach.NAME_CHARACTERS]


async def decline(turn: Turn) -> None:
    """No, thank you: nothing is stored, and the link stays good."""
    turn.toast()
    turn.edit(turn.texts("coach-declined"), _on(turn))


def show(turn: Turn, coached: Sequence[Coaching]) -> None:
    """/coach for somebody who only coaches."""
    begin = button(turn.texts.plain("practise-too"), "start")
    turn.show(turn.texts("pupil-title"), keyboard(*rows(turn, coached), [begin]))


def rows(turn: Turn, coached: Sequence[Coaching]) -> list[list[Button]]:
    """A button for each whom this person coaches."""
    return [
        [button(shortened(name(turn, one), LABEL_CHARACTERS), "pupil", one.coach_no or 0)]
        for one in coached
    ]


def parted(turn: Turn, told_from: str) -> None:
    """To a coach: it is over."""
    named = told_from or turn.texts.plain("pupil-somebody")
    turn.say(turn.texts("pupil-parted", name=named), keyboard([everybody(turn)]))


async def agreed(turn: Turn, errand: Errand) -> None:
    """The learner has said yes, or something else than before."""
    one = await coach.pupil(turn.tx, int(errand.about))
    if one is not None and one.state == CoachingState.ACTIVE:
        coach.look(turn.tx, one)
        text = turn.texts("pupil-agreed", name=name(turn, one), given=_given(turn, one))
        turn.say(text, _desk(turn, one))


def _given(turn: Turn, one: Coaching) -> str:
    return turn.texts.plain(f"given-{one.given}")


def _desk(turn: Turn, one: Coaching) -> Keyboard:
    """What a coach can do for one learner."""
    number = one.coach_no or 0
    given = []
    if one.gives(Given.TAKES):
        given.append(button(turn.texts.plain("pupil-hear"), "pupil-hear", number, style="primary"))
    if one.gives(Given.RATINGS):
        given.append(button(turn.texts.plain("pupil-ratings"), "pupil-ratings", number))
    return keyboard(
        given,
        [button(turn.texts.plain("pupil-spring"), "pupil-spring", number)],
        [button(turn.texts.plain("pupil-stop"), "pupil-end", number), everybody(turn)],
    )


async def pressed(turn: Turn, what: Given = Given.NOTHING) -> Coaching | None:
    """Whom a pressed button of a coach is about, if they may have this now; otherwise it is said."""
    number = turn.press.number(0) if turn.press else None
    one = await coach.may(turn.tx, number or 0, what)
    if isinstance(one, Refused):
        refuse(turn, one)
        return None
    return one


def refuse(turn: Turn, why: Refused) -> None:
    """Say why not; what is over has no buttons any more."""
    turn.toast(turn.texts.plain(REFUSED[why]))
    if why is Refused.OVER:
        turn.strip_pressed()


async def card(turn: Turn) -> None:
    """One learner: what there is to do."""
    one = await pressed(turn)
    if one is None:
        return
    turn.toast()
    coach.look(turn.tx, one)
    lines = [turn.texts("pupil-card", name=name(turn, one), given=_given(turn, one))]
    if one.gives(Given.TAKES):
        lines.append(turn.texts("pupil-count", count=len(await lend.waiting(turn.tx, one))))
    turn.show("\n".join(lines), _desk(turn, one))


async def hear(turn: Turn) -> None:
    """The next take that this coach has not rated, one at a time."""
    one = await pressed(turn, Given.TAKES)
    if one is None:
        return
    before = turn.press.number(1) if turn.press else None
    lent = await lend.next_take(turn.tx, turn.house.library(), one, before)
    if isinstance(lent, Refused):
        refuse(turn, lent)
        return
    turn.toast()
    if lent is None:
        turn.say(turn.texts("pupil-no-more", name=name(turn, one)), _desk(turn, one))
        return
    number = one.coach_no or 0
    other = button(turn.texts.plain("pupil-other"), "pupil-hear", number, lent.take.take_no)
    tones = [
        button(turn.texts.plain(f"tone-{tone}"), "pupil-rate", number, lent.take.take_no, tone)
        for tone in range(1, 6)
    ]
    lending.take(
        turn,
        lent.take,
        f"{_headline(turn, one, lent)}\n{turn.texts('pupil-rate-ask')}",
        keyboard(*grid(tones, 3), [other]),
        instead=(
            turn.texts("pupil-unplayed", name=name(turn, one)),
            keyboard([other, everybody(turn)]),
        ),
    )


def _headline(turn: Turn, one: Coaching, lent: Lent) -> str:
    question = lent.question or turn.texts.plain("pupil-question-gone")
    return turn.texts("pupil-take", name=name(turn, one), number=lent.number, question=question)


async def rate(turn: Turn) -> None:
    """One of the five was tapped."""
    one = await pressed(turn, Given.TAKES)
    take_no = (turn.press.number(1) if turn.press else None) or 0
    tone = (turn.press.number(2) if turn.press else None) or 0
    if one is None:
        return
    if tone not in range(1, 6):
        turn.toast(turn.texts.plain("card-closed"))
        return
    rated = await lend.rate(turn.tx, one, take_no, Tone(tone))
    if isinstance(rated, Unheard):
        turn.toast(turn.texts.plain(UNHEARD[rated]))
        return
    turn.toast(turn.texts.plain("saved"))
    number, told = one.coach_no or 0, turn.texts.plain(f"tone-{tone}")
    lending.close(
        turn,
        turn.texts("pupil-rated", name=name(turn, one), tone=told),
        keyboard(
            [button(turn.texts.plain("pupil-note"), "pupil-note", number, take_no)],
            [button(turn.texts.plain("pupil-other"), "pupil-hear", number), everybody(turn)],
        ),
    )


async def ratings(turn: Turn) -> None:
    """The learner's own ratings, but for takes that the coach can still rate."""
    one = await pressed(turn, Given.RATINGS)
    if one is None:
        return
    turn.toast()
    found = await lend.latest_ratings(turn.tx, turn.house.library(), one)
    title = "pupil-ratings-title" if found else "pupil-ratings-none"
    lines = [turn.texts(title, name=name(turn, one))]
    gone = turn.texts.plain("pupil-question-own")
    for tone, question in found:
        told = turn.texts.plain(f"tone-{tone.value}")
        lines.append(turn.texts("pupil-ratings-line", tone=told, question=question or gone))
    if one.gives(Given.TAKES):
        lines.append(turn.texts("pupil-ratings-blind"))
    of = one.learner_id
    lending.words(turn, "\n".join(lines), _desk(turn, one), of=of)


async def end(turn: Turn) -> None:
    """The coach stops."""
    number = turn.press.number(0) if turn.press else None
    one = await coach.pupil(turn.tx, number or 0)
    if one is None or not one.is_open(turn.tx.now):
        refuse(turn, Refused.OVER if one else Refused.UNKNOWN)
        return
    turn.toast()
    coach.end(turn.tx, one)
    turn.edit(turn.texts("pupil-stopped", name=name(turn, one)), keyboard([everybody(turn)]))
