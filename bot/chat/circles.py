"""Practice circles: an owner makes one with a link; members see of each other a name and a number."""

from bot.chat import onboarding
from bot.chat.keyboards import Button, Keyboard, button, keyboard, passing_on
from bot.chat.texts import Html, shortened
from bot.chat.turn import Turn
from bot.practice import Circle, Errand, Member, circle, own
from bot.practice.circle import Shut

PREFIX = "circle-"
"""How the payload of a link to a circle begins."""

TITLE = "circle-title"
NAME = "circle-name"
"""What the chat waits for: how a circle is called, how a member of the link with this hash is."""

LABEL_CHARACTERS = 20


async def _owned(turn: Turn) -> Circle | None:
    """The circle of an owner's pressed button; otherwise the press is answered here."""
    number = (turn.press.number(0) if turn.press else None) or 0
    one = await circle.find(turn.tx, number) if turn.is_owner else None
    if one is None:
        turn.toast(turn.texts.plain("card-closed"))
    return one


async def show(turn: Turn) -> None:
    """The owner's circles."""
    if not turn.is_owner:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    turn.tx.change(awaiting=None)
    every = await circle.mine(turn.tx)
    rows = [
        [button(shortened(one.title, LABEL_CHARACTERS), "circle-own", one.circle_no)]
        for one in every
    ]
    new = button(turn.texts.plain("circle-new"), "circle-new", style="primary")
    turn.show(turn.texts("circle-title" if every else "circle-none"), keyboard(*rows, [new]))


def _all(turn: Turn) -> Button:
    return button(turn.texts.plain("circle-button"), "circles")


async def ask_title(turn: Turn) -> None:
    """What shall it be called?"""
    if not turn.is_owner:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    turn.tx.change(awaiting=TITLE)
    turn.edit(turn.texts("circle-title-type", most=circle.TITLE_CHARACTERS), keyboard([_all(turn)]))


async def title_typed(turn: Turn, text: str) -> None:
    """A title was typed: make the circle."""
    title = own.cleaned(text)
    if not title or "\n" in title or len(title) > circle.TITLE_CHARACTERS or not turn.is_owner:
        turn.say(turn.texts("circle-bad", most=circle.TITLE_CHARACTERS), keyboard([_all(turn)]))
        return
    turn.tx.change(awaiting=None)
    token = turn.house.secret()
    made = await circle.make(turn.tx, title, token)
    if made is None:
        turn.say(turn.texts("circle-full", most=circle.MOST_CIRCLES), keyboard([_all(turn)]))
    else:
        _linked(turn, made, token)


def _linked(turn: Turn, one: Circle, token: str) -> None:
    link = f"https://t.me/{turn.house.username()}?start={PREFIX}{token}"
    back = button(turn.texts.plain("circle-unlink"), "circle-unlink", one.circle_no)
    turn.show(
        turn.texts("circle-made", title=one.title, link=Html(f"<code>{link}</code>")),
        keyboard(
            passing_on(turn.texts.plain("link-copy"), turn.texts.plain("link-share"), link),
            [back, _all(turn)],
        ),
    )


async def card(turn: Turn) -> None:
    """One circle: how many are in it, and what can be done; not who, and not how much."""
    one = await _owned(turn)
    if one is None:
        return
    turn.toast()
    linked = "yes" if one.token_hash else "no"
    count = len(await circle.members(turn.tx, one))
    number = one.circle_no
    unlink = button(turn.texts.plain("circle-unlink"), "circle-unlink", number)
    close_it = button(turn.texts.plain("circle-close"), "circle-close", number, style="danger")
    turn.edit(
        turn.texts("circle-own", title=one.title, count=count, linked=linked),
        keyboard(
            [
                button(turn.texts.plain("circle-link"), "circle-link", number),
                *([unlink] if one.token_hash else []),
            ],
            [close_it, _all(turn)],
        ),
    )


async def new_link(turn: Turn) -> None:
    """Another link in the place of the one there is."""
    one = await _owned(turn)
    if one is not None:
        turn.toast()
        token = turn.house.secret()
        circle.link(turn.tx, one, token)
        _linked(turn, one, token)


async def no_link(turn: Turn) -> None:
    """The link is taken back; members stay."""
    one = await _owned(turn)
    if one is not None:
        turn.toast()
        circle.link(turn.tx, one, None)
        turn.edit(turn.texts("circle-unlinked"), keyboard([_all(turn)]))


async def close(turn: Turn) -> None:
    """The circle ends."""
    one = await _owned(turn)
    if one is not None:
        turn.toast()
        await circle.close(turn.tx, one)
        turn.edit(turn.texts("circle-closed", title=one.title), keyboard([_all(turn)]))


async def closed(turn: Turn, errand: Errand) -> None:
    """To a member: the circle is no more."""
    turn.say(turn.texts("circle-over", title=errand.about), _on(turn))


def _on(turn: Turn) -> Keyboard:
    return keyboard([button(turn.texts.plain("drill-now"), "drill")])


async def opened(turn: Turn, token: str) -> None:
    """Somebody follows the link: what it is, and a way in."""
    if not onboarding.admitted(turn):
        turn.say(turn.texts("invite-needed"))
        return
    found = await circle.open_to(turn.tx, circle.hash_of(token))
    if isinstance(found, Shut):
        _shut(turn, found)
        return
    text = turn.texts("circle-offer", title=found.title)
    if turn.tx.learner.enrolled_at is None:
        begin = button(turn.texts.plain("start-button"), "start", style="primary")
        turn.say(f"{text}\n{turn.texts('circle-practise')}", keyboard([begin]))
        return
    join_it = button(turn.texts.plain("circle-join"), "circle-join", token, style="primary")
    turn.say(text, keyboard([join_it, button(turn.texts.plain("drill-now"), "drill")]))


def _shut(turn: Turn, why: Shut) -> None:
    name = "circle-gone" if why is Shut.GONE else "circle-crowded"
    turn.say(turn.texts(name, most=circle.MOST_MEMBERS), _on(turn))


async def join(turn: Turn) -> None:
    """Under which name?"""
    if turn.tx.learner.enrolled_at is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    token_hash = circle.hash_of(turn.press.text(0) if turn.press else "")
    turn.tx.change(awaiting=f"{NAME} {token_hash}")
    turn.edit(turn.texts("circle-name-type", most=circle.NAME_CHARACTERS), _on(turn))


async def name_typed(turn: Turn, text: str) -> None:
    """The name was typed: the learner is in."""
    name = own.cleaned(text)
    if not name or "\n" in name or len(name) > circle.NAME_CHARACTERS:
        turn.say(turn.texts("circle-bad", most=circle.NAME_CHARACTERS), _on(turn))
        return
    token_hash = (turn.tx.learner.awaiting or "").partition(" ")[2]
    turn.tx.change(awaiting=None)
    found = await circle.open_to(turn.tx, token_hash)
    if isinstance(found, Shut):
        _shut(turn, found)
        return
    others = await circle.members(turn.tx, found)
    member = await circle.join(turn.tx, found, name)
    before = [one for one in others if one.learner_id != member.learner_id]
    known = [(one, await circle.answers(turn.tx, one)) for one in (*before, member)]
    _board(turn, member, found.title, known)


def _board(turn: Turn, me: Member, title: str, known: list[tuple[Member, int]]) -> None:
    lines = [turn.texts("circle-board", title=title)]
    for one, count in known:
        line = turn.texts("circle-line", name=one.name, count=count)
        mine = one.learner_id == me.learner_id
        lines.append(turn.texts("circle-you", line=Html(line)) if mine else line)
    go = button(turn.texts.plain("circle-leave"), "circle-leave", key(me), me.circle_no)
    ask = button(turn.texts.plain("drill-now"), "drill", style="primary")
    turn.show("\n".join(lines), keyboard([ask, go]))


def key(member: Member) -> int:
    """When somebody joined, in seconds: tells their circles apart without saying whose they are."""
    return member.joined_at // 1000 % 1_000_000_000


async def rows(turn: Turn) -> list[list[Button]]:
    """A button for each circle that the learner is in."""
    return [
        [button(shortened(title, LABEL_CHARACTERS), "circle", key(member), member.circle_no)]
        for member, title in await circle.joined(turn.tx)
    ]


async def _inside(turn: Turn) -> tuple[Member, str] | None:
    """The circle of a member's pressed button; otherwise the press is answered here."""
    wanted = (turn.press.number(0), turn.press.number(1)) if turn.press else (None, None)
    every = await circle.joined(turn.tx)
    found = next((one for one in every if (key(one[0]), one[0].circle_no) == wanted), None)
    if found is None:
        turn.toast(turn.texts.plain("card-closed"))
    return found


async def board(turn: Turn) -> None:
    """How many answers everybody gave in the last seven days."""
    found = await _inside(turn)
    if found is not None:
        turn.toast()
        known = await circle.counts(turn.tx, found[0])
        _board(turn, *found, known)


async def leave(turn: Turn) -> None:
    """Out, with one tap."""
    found = await _inside(turn)
    if found is not None:
        turn.toast()
        circle.leave(turn.tx, found[0])
        turn.edit(turn.texts("circle-left", title=found[1]), _on(turn))
