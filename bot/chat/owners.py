"""What the owner of this bot may see and do: counts, invitations; never anybody's answers."""

from bot.chat.keyboards import button, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.practice import enrol, tally


async def show(turn: Turn) -> None:
    """/owner: counts only. For anybody else the command does not exist."""
    counts = await tally.counts(turn.tx)
    turn.say(
        turn.texts("owner-title", **counts),
        keyboard([button(turn.texts.plain("owner-invite"), "invite")]),
    )


async def invite(turn: Turn) -> None:
    """A single-use link for one person; only its hash is stored."""
    if not turn.is_owner:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    token = turn.house.secret()
    enrol.invite(turn.tx, token)
    link = f"https://t.me/{turn.house.username()}?start={token}"
    turn.say(turn.texts("owner-invited", link=Html(f"<code>{link}</code>")))
