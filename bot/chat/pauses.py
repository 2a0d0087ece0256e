"""No surprises for a while, and on again."""

from bot.chat import mocks
from bot.chat.keyboards import Keyboard, button, keyboard
from bot.chat.turn import Turn
from bot.practice import plan


async def ask_pause(turn: Turn) -> None:
    """/pause: for how long?"""
    turn.toast()
    turn.show(
        turn.texts("pause-title"),
        keyboard(
            [
                button(turn.texts.plain("pause-today"), "pause", 1),
                button(turn.texts.plain("pause-days"), "pause", 3),
            ],
            [button(turn.texts.plain("pause-open"), "pause", 0)],
            [button(turn.texts.plain("cancel"), "cancel")],
        ),
    )


async def pause(turn: Turn) -> None:
    """A length was tapped; 0 is without an end."""
    days = turn.press.number(0) if turn.press else None
    if days not in (0, 1, 3):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    if days == 0:
        await plan.pause(turn.tx)
        turn.edit(turn.texts("paused-open"), _resume(turn))
    else:
        until = await plan.pause_days(turn.tx, days, turn.dice)
        turn.edit(turn.texts("paused-until", time=turn.day_and_time(until)), _resume(turn))
    await mocks.stands(turn)


async def stay_paused(turn: Turn) -> None:
    """After three ignored drills: stay paused."""
    turn.toast()
    await plan.pause(turn.tx)
    turn.edit(turn.texts("paused-open"), _resume(turn))


async def resume(turn: Turn) -> None:
    """Surprises are on again."""
    turn.toast()
    await plan.resume(turn.tx, turn.dice)
    turn.show(
        turn.texts("resumed"),
        keyboard(
            [
                button(turn.texts.plain("drill-now"), "drill", style="primary"),
                button(turn.texts.plain("settings-button"), "settings"),
            ]
        ),
    )


def _resume(turn: Turn) -> Keyboard:
    return keyboard(
        [
            button(turn.texts.plain("resume-button"), "resume", style="primary"),
            button(turn.texts.plain("drill-now"), "drill"),
        ]
    )
