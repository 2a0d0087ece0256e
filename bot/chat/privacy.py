"""My data: take everything along, or erase everything in two taps."""

import asyncio

from bot.chat.keyboards import button, keyboard
from bot.chat.turn import Turn
from bot.practice import coach, leave


async def export(turn: Turn) -> None:
    """/export: JSON and recordings as a file, to the learner alone."""
    turn.toast(turn.texts.plain("export-working"))
    rows = await leave.everything(turn.tx)
    folder = turn.house.exports / str(turn.tx.learner.learner_id)
    name = f"sprung-{turn.house.secret()}"
    readme = turn.texts.plain("export-readme")
    parts = await asyncio.to_thread(leave.pack, rows, turn.house.media, folder, name, readme)
    for number, path in enumerate(parts, start=1):
        turn.tx.post(
            "sendDocument",
            {
                "chat_id": turn.chat_id,
                "caption": turn.texts.plain("export-sent"),
                "file_name": f"sprung-export-{number}.zip",
                "disable_notification": True,
            },
            attachment=str(path),
        )


async def ask_forget(turn: Turn) -> None:
    """/forget: what would go, and three ways on; at once, if there is nothing to ask about."""
    if turn.tx.learner.active_set is None:
        await erase(turn)
        return
    turn.toast()
    rows = await leave.everything(turn.tx)
    turn.show(
        turn.texts("forget-ask", takes=len(rows["take"])),
        keyboard(
            [button(turn.texts.plain("forget-export"), "export")],
            [button(turn.texts.plain("forget-yes"), "forget-sure", style="danger")],
            [button(turn.texts.plain("forget-keep"), "keep")],
        ),
    )


async def sure(turn: Turn) -> None:
    """The first of the two taps."""
    turn.toast()
    turn.edit(
        turn.texts("forget-sure"),
        keyboard(
            [button(turn.texts.plain("forget-sure-yes"), "erase", style="danger")],
            [button(turn.texts.plain("forget-keep"), "keep")],
        ),
    )


async def erase(turn: Turn) -> None:
    """The second tap: everything is gone when this turn is on disk."""
    parted = await coach.partners(turn.tx)
    leave.forget(turn.tx, turn.house.media, turn.house.exports, turn.house.erasures)
    coach.tell_parted(turn.tx, parted)
    turn.toast()
    turn.show(
        turn.texts("forgotten"),
        keyboard([button(turn.texts.plain("start-again"), "start", style="primary")]),
    )


async def keep(turn: Turn) -> None:
    """Nothing is erased."""
    turn.toast()
    turn.edit(
        turn.texts("kept"), keyboard([button(turn.texts.plain("settings-button"), "settings")])
    )
