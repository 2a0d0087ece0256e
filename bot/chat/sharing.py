"""Sharing one's own questions: a link for one person, taken back with one tap; and who opens it."""

from bot.chat import onboarding
from bot.chat.keyboards import Button, Keyboard, button, keyboard
from bot.chat.own import ways_to_practise
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.practice import Share, own, share
from bot.practice.own import Flaw
from bot.practice.share import Closed, Offer

SENDER = "from"
"""What the chat waits for when the sharer types what the receiver shall read as the sender."""

SENDER_CHARACTERS = 40
SAMPLE = 3
PREFIX = "share-"
"""How the payload of a shared link begins; an owner's invitation has none."""

CLOSED = {
    Closed.UNKNOWN: "share-unknown",
    Closed.OWN: "share-own",
    Closed.USED: "share-used",
    Closed.REVOKED: "share-withdrawn",
    Closed.LATE: "share-late",
    Closed.EMPTY: "share-empty",
}


async def show(turn: Turn) -> None:
    """What sharing means, the links that are open, and a way to make one."""
    turn.toast()
    turn.tx.change(awaiting=None)
    count = sum(share.is_shareable(one) for one in await own.mine(turn.tx))
    if not count:
        turn.show(turn.texts("share-nothing"), keyboard([_mine(turn)]))
        return
    every = await share.links(turn.tx)
    latest = every[-1].share_no if every else 0
    current = [one for one in every if one.is_open(turn.tx.now)]
    lines = [turn.texts("share-title", count=count)]
    lines += [_line(turn, number, one) for number, one in enumerate(current, 1)]
    turn.show(
        "\n".join(lines),
        keyboard(
            [button(turn.texts.plain("share-new"), "share-new", latest, style="primary")],
            [button(turn.texts.plain("share-from"), "share-from")],
            *(
                [button(turn.texts.plain("share-revoke", number=number), "unshare", one.share_no)]
                for number, one in enumerate(current, 1)
            ),
            [_mine(turn)],
        ),
    )


def _line(turn: Turn, number: int, one: Share) -> str:
    until = turn.day_and_time(one.expires_at)
    if one.told_from is None:
        return turn.texts("share-line", number=number, until=until)
    return turn.texts("share-line-from", number=number, until=until, sender=one.told_from)


def _mine(turn: Turn) -> Button:
    return button(turn.texts.plain("own-button"), "mine")


async def make(turn: Turn) -> None:
    """Make a link that names nobody. A button that is older than the latest link makes none."""
    every = await share.links(turn.tx)
    latest = every[-1].share_no if every else 0
    if turn.press is None or turn.press.number(0) != latest:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    await _make(turn, None)


async def ask_sender(turn: Turn) -> None:
    """What shall the receiver read as the sender?"""
    turn.toast()
    turn.tx.change(awaiting=SENDER)
    back = button(turn.texts.plain("back"), "share")
    turn.edit(turn.texts("share-from-type", most=SENDER_CHARACTERS), keyboard([back]))


async def sender_typed(turn: Turn, text: str) -> None:
    """The sender was typed: make a link that names them so."""
    sender = own.cleaned(text)
    if not sender or "\n" in sender or len(sender) > SENDER_CHARACTERS:
        back = button(turn.texts.plain("back"), "share")
        turn.say(turn.texts("share-from-bad", most=SENDER_CHARACTERS), keyboard([back]))
        return
    turn.tx.change(awaiting=None)
    await _make(turn, sender)


async def _make(turn: Turn, sender: str | None) -> None:
    token = turn.house.secret()
    made = await share.make(turn.tx, token, sender)
    if made is None:
        back = button(turn.texts.plain("back"), "share")
        turn.show(turn.texts("share-most", most=share.MOST_OPEN), keyboard([back]))
        return
    link = f"https://t.me/{turn.house.username()}?start={PREFIX}{token}"
    until = turn.day_and_time(made.expires_at)
    withdraw = button(turn.texts.plain("share-withdraw"), "unshare", made.share_no)
    text = turn.texts("share-made", until=until, link=Html(f"<code>{link}</code>"))
    turn.show(text, keyboard([withdraw], [_mine(turn)]))


async def revoke(turn: Turn) -> None:
    """Take a link back."""
    number = turn.press.number(0) if turn.press else None
    one = await share.revoke(turn.tx, number or 0)
    if one is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    name = "share-revoked" if one.used_at is None else "share-revoked-late"
    turn.edit(turn.texts(name), keyboard([button(turn.texts.plain("back"), "share"), _mine(turn)]))


async def opened(turn: Turn, token: str) -> None:
    """A shared link was opened: show what it brings."""
    if not onboarding.admitted(turn):
        turn.say(turn.texts("share-invite-needed"))
        return
    offer = await share.offered(turn.tx, token)
    if isinstance(offer, Closed):
        turn.say(turn.texts(CLOSED[offer]), _on(turn))
    else:
        turn.say(_offered(turn, offer), _answers(turn, token))


def _offered(turn: Turn, offer: Offer) -> str:
    count, sender = len(offer.questions), offer.share.told_from
    if sender is None:
        lines = [turn.texts("share-offer", count=count)]
    else:
        lines = [turn.texts("share-offer-from", count=count, sender=sender)]
    lines += [turn.texts("share-sample", question=one.ask) for one in offer.questions[:SAMPLE]]
    if count > SAMPLE:
        lines.append(turn.texts("progress-more", count=count - SAMPLE))
    return "\n".join([*lines, turn.texts("share-terms")])


def _answers(turn: Turn, token: str) -> Keyboard:
    return keyboard(
        [button(turn.texts.plain("share-take"), "take", token, style="primary")],
        [button(turn.texts.plain("share-no"), "start")],
    )


def _on(turn: Turn) -> Keyboard:
    """Ways on from a link that opens nothing; for somebody new it is the first screen."""
    if turn.tx.learner.enrolled_at is None:
        return keyboard([button(turn.texts.plain("start-button"), "start", style="primary")])
    return keyboard([_mine(turn), button(turn.texts.plain("drill-now"), "drill")])


async def take(turn: Turn) -> None:
    """The receiver takes the copy; somebody new begins with it."""
    token = turn.press.text(0) if turn.press else ""
    copied = await share.accept(turn.tx, token, turn.house.secret())
    if isinstance(copied, Closed):
        turn.toast(turn.texts.plain(CLOSED[copied]))
        return
    turn.toast()
    if isinstance(copied, Flaw):
        turn.edit(turn.texts("share-full", most=own.MOST), keyboard([_mine(turn)]))
    elif turn.tx.learner.enrolled_at is None:
        await onboarding.begin_with(turn, own.MINE)
    elif copied == 0:
        turn.edit(turn.texts("share-known"), keyboard([_mine(turn)]))
    else:
        turn.edit(
            turn.texts("share-taken", count=copied),
            keyboard(ways_to_practise(turn), [_mine(turn)]),
        )
