"""Asking a friend for an ear, once: a link to one take, five buttons, one line, done."""

from bot.chat import coach_words, lending, onboarding, pupils
from bot.chat.keyboards import Keyboard, button, grid, keyboard, passing_on
from bot.chat.texts import Html, shortened
from bot.chat.turn import Turn
from bot.drill.tone import Tone
from bot.practice import Errand, ear, lend, own
from bot.practice.ear import Deaf, Lending

PREFIX = "ear-"
"""How the payload of a link to one take begins."""

LABEL_CHARACTERS = 20

DEAF = {
    Deaf.UNKNOWN: "share-unknown",
    Deaf.OWN: "ear-own",
    Deaf.USED: "ear-used",
    Deaf.REVOKED: "share-withdrawn",
    Deaf.LATE: "coach-late",
    Deaf.GONE: "pupil-take-gone",
    Deaf.DONE: "pupil-done",
    Deaf.LONG: "ear-long",
}

ANSWERS = frozenset({"ear-rate", "ear-done"})
"""Buttons that carry the secret by which whoever opened a link is known."""


async def ask(turn: Turn) -> None:
    """Ask a friend: what shall they read as the learner's name?"""
    turn.toast()
    take_no = (turn.press.number(0) if turn.press else None) or 0
    latest = await _latest(turn)
    name = turn.texts.plain("as-name", name=pupils.first_name(turn))
    turn.say(
        turn.texts("ear-ask"),
        keyboard(
            [
                button(shortened(name, LABEL_CHARACTERS), "ear-link", take_no, latest, 1),
                button(turn.texts.plain("without-name"), "ear-link", take_no, latest),
            ],
            [button(turn.texts.plain("cancel"), "cancel")],
        ),
    )


async def _latest(turn: Turn) -> int:
    return max((one.ear_no for one in await ear.links(turn.tx)), default=0)


async def make(turn: Turn) -> None:
    """Make the link. A button that is older than the latest link makes none."""
    if turn.press is None or turn.press.number(1) != await _latest(turn):
        turn.toast(turn.texts.plain("card-closed"))
        return
    name = pupils.first_name(turn) if turn.press.number(2) else ""
    token = turn.house.secret()
    made = await ear.make(turn.tx, turn.press.number(0) or 0, token, name or None)
    if isinstance(made, Deaf):
        turn.toast(turn.texts.plain("coach-take-gone"))
        return
    turn.toast()
    ask_me = button(turn.texts.plain("drill-now"), "drill")
    if made is None:
        turn.edit(turn.texts("ear-most", most=ear.MOST_OPEN), keyboard([ask_me]))
        return
    link = f"https://t.me/{turn.house.username()}?start={PREFIX}{token}"
    until = turn.day_and_time(made.expires_at)
    turn.edit(
        turn.texts("ear-made", until=until, link=Html(f"<code>{link}</code>")),
        keyboard(
            passing_on(turn.texts.plain("link-copy"), turn.texts.plain("link-share"), link),
            [button(turn.texts.plain("link-revoke"), "ear-end", made.ear_no), ask_me],
        ),
    )


async def revoke(turn: Turn) -> None:
    """Take the link back."""
    one = await ear.revoke(turn.tx, (turn.press.number(0) if turn.press else None) or 0)
    if one is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    told = "coach-link-ended" if one.opened_at is None else "ear-ended-late"
    turn.edit(turn.texts(told), keyboard([button(turn.texts.plain("drill-now"), "drill")]))


async def opened(turn: Turn, token: str) -> None:
    """A friend follows the link: what it is, before anything is used up."""
    if not onboarding.admitted(turn):
        turn.say(turn.texts("ear-invite-needed"))
        return
    found = await ear.offered(turn.tx, turn.house.library(), token)
    if isinstance(found, Deaf):
        turn.say(turn.texts(DEAF[found]), _on(turn))
        return
    name, question = found.ear.told_from, _question(turn, found)
    asks = "ear-offer" if name is None else "ear-offer-from"
    listen = button(turn.texts.plain("ear-hear"), "ear-hear", token, style="primary")
    turn.say(turn.texts(asks, name=name or "", question=question), keyboard([listen]))


def _question(turn: Turn, found: Lending) -> str:
    return found.lent.question or turn.texts.plain("pupil-question-gone")


def _on(turn: Turn) -> Keyboard:
    """A way on for a friend who is done: most never practised here."""
    if turn.tx.learner.enrolled_at is None:
        return keyboard([button(turn.texts.plain("practise-too"), "start")])
    return keyboard([button(turn.texts.plain("drill-now"), "drill")])


async def hear(turn: Turn) -> None:
    """Listen: the link is used up, and the five buttons are the friend's alone."""
    token, secret = turn.press.text(0) if turn.press else "", turn.house.secret()
    found = await ear.listen(turn.tx, turn.house.library(), token, secret)
    if isinstance(found, Deaf):
        turn.toast(turn.texts.plain(DEAF[found]))
        return
    turn.toast()
    turn.strip_pressed()
    tones = [
        button(turn.texts.plain(f"tone-{tone}"), "ear-rate", secret, tone) for tone in range(1, 6)
    ]
    text = turn.texts("ear-take", question=_question(turn, found))
    unplayed = turn.texts("ear-unplayed"), _on(turn)
    lending.take(turn, found.lent.take, text, keyboard(*grid(tones, 3)), instead=unplayed)


async def rate(turn: Turn) -> None:
    """One of the five was tapped."""
    secret = turn.press.text(0) if turn.press else ""
    tone = (turn.press.number(1) if turn.press else None) or 0
    if tone not in range(1, 6):
        turn.toast(turn.texts.plain("card-closed"))
        return
    one = await ear.rate(turn.tx, secret, Tone(tone))
    if isinstance(one, Deaf):
        turn.toast(turn.texts.plain(DEAF[one]))
        return
    turn.toast(turn.texts.plain("saved"))
    told = turn.texts("ear-rated", tone=turn.texts.plain(f"tone-{tone}"), most=lend.LINE_CHARACTERS)
    done = button(turn.texts.plain("ear-done"), "ear-done", secret)
    lending.close(turn, told, keyboard([done]))


async def done(turn: Turn) -> None:
    """No line: that was all."""
    turn.toast()
    lending.close(turn, turn.texts("ear-thanks"), _on(turn))


async def told(turn: Turn) -> bool:
    """Take up a friend's line: a reply to the take they rated. False: this is none."""
    replied = turn.message.reply_to_message if turn.message else None
    every = coach_words.presses(replied) if replied else []
    press = next((press for press in every if press.action in ANSWERS), None)
    if press is None or turn.message is None:
        return False
    line = own.cleaned(turn.message.text or "").replace("\n", " ")
    one = await ear.say(turn.tx, press.text(0), line)
    if isinstance(one, Deaf):
        turn.say(turn.texts(DEAF[one], most=lend.LINE_CHARACTERS), _on(turn))
    else:
        turn.say(turn.texts("ear-thanks"), _on(turn))
    return True


async def heard(turn: Turn, errand: Errand) -> None:
    """A friend has listened: the learner sees how it sounded to them, or their line."""
    ear_no, _, what = errand.about.partition(" ")
    found = await ear.told(turn.tx, int(ear_no))
    if found is None:
        return
    again = button(turn.texts.plain("again"), "again", found.take.drill_no)
    ways = keyboard([again, button(turn.texts.plain("drill-now"), "drill")])
    message_id = found.take.message_id
    if what:
        text = turn.texts("ear-line-said", line=found.ear.line or "")
        turn.say(text, ways, reply_to=message_id)
        return
    tone = turn.texts.plain(f"tone-{found.ear.tone}")
    if found.own is None:
        turn.say(turn.texts("ear-heard-alone", tone=tone), ways, reply_to=message_id)
        return
    both = turn.texts("ear-heard", tone=tone, own=turn.texts.plain(f"tone-{found.own.value}"))
    turn.say(both, ways, reply_to=message_id)
