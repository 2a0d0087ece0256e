"""Ann, who practises, and Carl, who coaches her: the ways to get there."""

from tests.house import ANN, CARL, Message, Street


async def link(town: Street, how: str = "As Ann", person: int = ANN) -> str:
    """Somebody makes a link to a coach; returns what comes after ?start= in it."""
    await town.say("/coach", person)
    await town.tap("Invite a coach", person)
    made = await town.tap(town.label(how, person), person)
    return str(made["text"]).split("?start=")[1].split()[0]


async def accepts(town: Street, payload: str, person: int = CARL) -> Message:
    """Somebody follows the link and accepts; returns what Ann is asked."""
    await town.say(f"/start {payload}", person)
    await town.tap("Accept", person)
    await town.later(0)
    return town.last(ANN)


async def coaches(town: Street, what: str = "Both", person: int = CARL) -> None:
    """Ann has answered and rated one question, and has said yes to a coach."""
    if not town.rows("take"):
        await spoken(town)
    await accepts(town, await link(town), person)
    await town.tap(town.label("Yes, "))
    await town.tap(what)
    await town.later(0)


async def spoken(town: Street, rating: str | None = "5 Smooth") -> None:
    """Ann answers a question aloud and rates it."""
    await (town.say("/drill") if town.rows("drill") else town.enrol())
    await town.voice()
    if rating:
        await town.tap(rating)


async def stops(town: Street) -> None:
    """Ann ends it."""
    await town.say("/coach")
    await town.tap("1. Carl")
    await town.tap("Stop it now")
    await town.later(0)


async def deletes(town: Street) -> None:
    """Ann deletes her first take."""
    await town.say("/takes")
    for label in ("1", "1", "Delete", "Yes, delete it"):
        await town.tap(label)
