"""Presses that no button of the presser's carries: no effect on anybody, and a polite answer."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.chat.routes import BUTTONS
from tests.faults.oracle import Verdict
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.loop import simulated
from tests.faults.simulation.people import Steady, data_of

PRESSES = 1000
BATCH = 25
STRANGER = 0.2
"""How often the presser is somebody who never started the bot."""


class Thief(Steady):
    """Practises like everybody, and presses what is not the thief's."""


async def forging(seed: int, folder: Path, presses: int) -> City:
    """Three people practise; the third, and a stranger, press others' buttons, and invented ones."""
    city = City(folder, f"forgery {seed}")
    dice = city.dice("forger")
    city.settle(2, 0)
    thief = city.move_in(Thief).number
    stranger = city.world.add_person("Stranger", "en").id
    city.world.chats[stranger].is_open = True

    def data() -> tuple[int, str]:
        shown = [m for p in city.people[:2] for m in p.shown() if any(data_of(m))]
        message = dice.choice(shown) if shown else {"message_id": 5}
        seen = [*data_of(message)] or ["v1:rate:1:5"]
        numbers = [str(dice.randrange(120)) for _ in range(dice.randrange(4))]
        made = ":".join(["v1", dice.choice([*BUTTONS]), *numbers])
        odd = dice.choice(
            ["", "v1", "v2:drill", "v1:" + "x" * 61, "rate:1:5", "v1::", "v1:rate:-1:9"]
        )
        return message["message_id"], dice.choice([*seen, made, made, made, odd])

    async def forge() -> None:
        await asyncio.sleep(4000)
        for number in range(presses):
            presser = stranger if dice.random() < STRANGER else thief
            message_id, payload = data()
            # To start, and to be erased, is everybody's own to choose.
            if not payload.startswith(("v1:start", "v1:first", "v1:erase")):
                city.world.press(presser, message_id, payload)
            if number % BATCH == 0:
                await asyncio.sleep(20)

    city.at_work(forge())
    await city.live(4100 + 20.0 * presses / BATCH)
    return city


def trial(seed: int, folder: Path, presses: int = PRESSES) -> Verdict:
    """A thousand presses: the stranger has nothing afterwards, and nobody was rated but by themselves."""
    city = simulated(lambda: forging(seed, folder, presses))
    verdict = judged(city)
    verdict.counts["forged presses"] = presses
    stranger = max(city.world.people)
    tapped = {
        (query["from"]["id"], int(query["data"].split(":")[2]))
        for number in city.line.acknowledged
        if (query := city.line.handed[number].get("callback_query"))
        and query["data"].startswith("v1:rate:")
        and query["data"].count(":") == 3
    }
    with closing(sqlite3.connect(city.path)) as connection:
        for table in ("learner", "drill", "take", "rating", "standing"):
            sql = f"SELECT count(*) FROM {table} WHERE learner_id = {stranger}"
            (count,) = connection.execute(sql).fetchone()
            if count:
                verdict.complaints.append(f"{count} rows of a stranger in {table}")
        rated = connection.execute("SELECT learner_id, drill_no FROM rating").fetchall()
    verdict.complaints += [f"rated by nobody: {one}" for one in set(rated) - tapped]
    return verdict


def test_forged_presses_have_no_effect(tmp_path: Path) -> None:
    """Buttons of others, old ones and invented ones change nothing and are answered."""
    verdict = trial(1, tmp_path, 300)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["presses"] >= 250
