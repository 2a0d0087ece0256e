"""/coach: the learner's coaches. A link, a yes to who accepted, what they may have, and an end."""

from collections.abc import Sequence

from bot.chat import circles, odds, onboarding, pupils
from bot.chat.keyboards import Button, Keyboard, button, keyboard, passing_on
from bot.chat.texts import Html, shortened
from bot.chat.turn import Turn
from bot.practice import Coaching, CoachingState, Errand, Given, coach, own

PREFIX = "coach-"
"""How the payload of a link to a coach begins."""

NAME = "coach-from"
"""What the chat waits for when the learner types what the coach shall read as their name."""

LABEL_CHARACTERS = 20
EITHER = {1: Given.TAKES, 2: Given.RATINGS, 3: Given.TAKES | Given.RATINGS}


async def show(turn: Turn) -> None:
    """/coach: who coaches the learner, and whom they coach."""
    turn.tx.change(awaiting=None)
    coached = await coach.coached(turn.tx)
    if turn.tx.learner.enrolled_at is None:
        await _without_practice(turn, coached)
        return
    turn.toast()
    mine = await coach.mine(turn.tx)
    lines = [turn.texts("coach-title" if mine or coached else "coach-none")]
    lines += [_line(turn, number, one) for number, one in enumerate(mine, 1)]
    rows = [[_button(turn, number, one)] for number, one in enumerate(mine, 1)]
    if coached:
        lines.append(turn.texts("coach-coached"))
        rows += pupils.rows(turn, coached)
    rows += await circles.rows(turn)
    invite = button(turn.texts.plain("coach-invite"), "coach-invite", style="primary")
    settings = button(turn.texts.plain("settings-button"), "settings")
    turn.show("\n".join(lines), keyboard([invite], *rows, [settings]))


async def _without_practice(turn: Turn, coached: Sequence[Coaching]) -> None:
    """For somebody who does not practise: whom they coach, or how to begin."""
    if coached:
        turn.toast()
        pupils.show(turn, coached)
    elif turn.query is None:
        await onboarding.start(turn)
    else:
        odds.stale(turn)


def _line(turn: Turn, number: int, one: Coaching) -> str:
    if one.state == CoachingState.OFFERED:
        return turn.texts("coach-line-open", number=number, until=turn.day_and_time(one.expires_at))
    if one.state == CoachingState.ACCEPTED:
        return turn.texts("coach-line-waits", number=number, name=name(one))
    return turn.texts("coach-line", number=number, name=name(one), given=_given(turn, one))


def name(one: Coaching) -> str:
    """What the coach is called, as long as the coaching stands."""
    return one.coach_name or ""


def _given(turn: Turn, one: Coaching) -> str:
    return turn.texts.plain(f"given-{one.given}")


def _button(turn: Turn, number: int, one: Coaching) -> Button:
    open_link = turn.texts.plain("coach-link-number", number=number)
    label = open_link if one.state == CoachingState.OFFERED else f"{number}. {name(one)}"
    return button(shortened(label, LABEL_CHARACTERS), "coach-one", one.coaching_no)


def _coaches(turn: Turn) -> Button:
    return button(turn.texts.plain("coach-button"), "coach")


async def invite(turn: Turn) -> None:
    """What shall the coach read as the learner's name?"""
    turn.toast()
    turn.tx.change(awaiting=NAME)
    latest = await _latest(turn)
    named = shortened(turn.texts.plain("as-name", name=pupils.first_name(turn)), LABEL_CHARACTERS)
    turn.show(
        turn.texts("coach-name-ask", most=coach.NAME_CHARACTERS),
        keyboard(
            [
                button(named, "coach-link", latest, 1, style="primary"),
                button(turn.texts.plain("without-name"), "coach-link", latest),
            ],
            [_coaches(turn)],
        ),
    )


async def _latest(turn: Turn) -> int:
    return max((one.coaching_no for one in await coach.links(turn.tx)), default=0)


async def make(turn: Turn) -> None:
    """Make a link. A button that is older than the latest link makes none."""
    if turn.press is None or turn.press.number(0) != await _latest(turn):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    await _make(turn, pupils.first_name(turn) if turn.press.number(1) else None)


async def name_typed(turn: Turn, text: str) -> None:
    """A name was typed: make a link that says so."""
    name = own.cleaned(text)
    if not name or "\n" in name or len(name) > coach.NAME_CHARACTERS:
        turn.say(
            turn.texts("share-from-bad", most=coach.NAME_CHARACTERS), keyboard([_coaches(turn)])
        )
        return
    await _make(turn, name)


async def _make(turn: Turn, name: str | None) -> None:
    turn.tx.change(awaiting=None)
    token = turn.house.secret()
    made = await coach.invite(turn.tx, token, name or None)
    if made is None:
        turn.show(turn.texts("coach-most", most=coach.MOST), keyboard([_coaches(turn)]))
        return
    link = f"https://t.me/{turn.house.username()}?start={PREFIX}{token}"
    until = turn.day_and_time(made.expires_at)
    turn.show(
        turn.texts("coach-made", until=until, link=Html(f"<code>{link}</code>")),
        keyboard(
            passing_on(turn.texts.plain("link-copy"), turn.texts.plain("link-share"), link),
            [button(turn.texts.plain("link-revoke"), "coach-end", made.coaching_no)],
            [_coaches(turn)],
        ),
    )


async def accepted(turn: Turn, errand: Errand) -> None:
    """Somebody accepted: before anything is shared the learner says whether it is who they meant."""
    one = await coach.find(turn.tx, int(errand.about))
    if one is not None and one.state == CoachingState.ACCEPTED:
        turn.say(turn.texts("coach-accepted", name=name(one)), _yes_or_no(turn, one))


def _yes_or_no(turn: Turn, one: Coaching) -> Keyboard:
    room = LABEL_CHARACTERS - len(turn.texts.plain("coach-yes", name=""))
    yes = turn.texts.plain("coach-yes", name=shortened(name(one), room))
    return keyboard(
        [
            button(yes, "coach-yes", one.coaching_no, style="primary"),
            button(turn.texts.plain("no"), "coach-end", one.coaching_no),
        ]
    )


async def pressed(turn: Turn) -> Coaching | None:
    """The coaching of a pressed button of the learner's, if it stands; otherwise it is said."""
    number = turn.press.number(0) if turn.press else None
    one = await coach.find(turn.tx, number or 0)
    if one is None or not one.is_open(turn.tx.now):
        turn.toast(turn.texts.plain("coach-over"))
        return None
    return one


async def card(turn: Turn) -> None:
    """One coach, or one open link."""
    one = await pressed(turn)
    if one is None:
        return
    turn.toast()
    if one.state == CoachingState.OFFERED:
        until = turn.day_and_time(one.expires_at)
        revoke = button(turn.texts.plain("link-revoke"), "coach-end", one.coaching_no)
        turn.show(turn.texts("coach-link-open", until=until), keyboard([revoke], [_coaches(turn)]))
    elif one.state == CoachingState.ACCEPTED:
        turn.show(turn.texts("coach-accepted", name=name(one)), _yes_or_no(turn, one))
    else:
        stop = button(turn.texts.plain("coach-stop"), "coach-end", one.coaching_no, style="danger")
        change = button(turn.texts.plain("coach-change"), "coach-yes", one.coaching_no)
        text = turn.texts("coach-card", name=name(one), given=_given(turn, one))
        turn.show(text, keyboard([change, stop], [_coaches(turn)]))


async def ask_what(turn: Turn) -> None:
    """Yes, it is who was meant: what may they have?"""
    one = await pressed(turn)
    if one is None:
        return
    turn.toast()
    choices = [
        button(turn.texts.plain(f"give-{what}"), "coach-give", one.coaching_no, what)
        for what in EITHER
    ]
    nothing = button(turn.texts.plain("coach-nothing"), "coach-end", one.coaching_no)
    turn.edit(turn.texts("coach-what", name=name(one)), keyboard(choices, [nothing]))


async def give(turn: Turn) -> None:
    """What they may have was tapped: from here on it is shared."""
    one = await pressed(turn)
    if one is None:
        return
    what = EITHER.get((turn.press.number(1) if turn.press else None) or 0, Given.NOTHING)
    agreed = await coach.agree(turn.tx, one.coaching_no, what)
    if agreed is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast(turn.texts.plain("saved"))
    stop = button(turn.texts.plain("coach-stop"), "coach-end", one.coaching_no, style="danger")
    text = turn.texts("coach-agreed", name=name(one), given=_given(turn, agreed))
    turn.edit(text, keyboard([stop, _coaches(turn)]))


async def end(turn: Turn) -> None:
    """No, or no longer; or the link is taken back."""
    one = await pressed(turn)
    if one is None:
        return
    turn.toast()
    coach.end(turn.tx, one)
    told = "coach-link-ended" if one.other_id is None else "coach-ended"
    ask = button(turn.texts.plain("drill-now"), "drill")
    turn.edit(turn.texts(told, name=name(one)), keyboard([_coaches(turn), ask]))


async def parted(turn: Turn, errand: Errand) -> None:
    """The other of the two has ended it, or is gone: that is said, not why."""
    side, _, name = errand.about.partition(" ")
    if side == "learner":
        buttons = keyboard([_coaches(turn), button(turn.texts.plain("drill-now"), "drill")])
        turn.say(turn.texts("coach-gone", name=name or turn.texts.plain("coach-somebody")), buttons)
    else:
        pupils.parted(turn, name)
