"""What the owner of this bot may see and do: counts, invitations; never anybody's answers."""

from bot.chat import drills, uploads
from bot.chat.keyboards import button, keyboard
from bot.chat.texts import Html
from bot.chat.turn import Turn
from bot.practice import enrol, publish, tally


async def show(turn: Turn) -> None:
    """/owner: counts, and the sets that were sent. For anybody else the command does not exist."""
    counts = await tally.counts(turn.tx)
    lines = [turn.texts("owner-title", **counts)]
    undos = []
    for set_id, version in (await publish.versions(turn.tx.database)).items():
        title = drills.set_title(turn, set_id)
        lines.append(turn.texts("owner-uploaded", title=title, version=version))
        label = turn.texts.plain("owner-undo", title=title)
        undos.append([uploads.undo_button(set_id, version, label)])
    if not undos:
        lines.append(turn.texts("owner-how-to-upload"))
    invitation = [
        button(turn.texts.plain("owner-invite"), "invite"),
        button(turn.texts.plain("circle-button"), "circles"),
    ]
    turn.say("\n".join(lines), keyboard(invitation, *undos))


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
