"""Pictures that learners wait for: each comes once, whatever dies; nobody waits for one."""

import sys
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.charts.chart import Progress
from bot.charts.studio import Studio
from bot.clock import Clock
from bot.wire.sender import Sender
from tests.fakes.copyist import Copyist, tiny_png
from tests.house import ANN, CARL, HOUR, Street, Unhurried


@pytest.fixture
async def practised(town: Street) -> Street:
    """Ann has rated one answer."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    return town


def pictures(town: Street, person: int = ANN) -> list[dict[str, Any]]:
    """The pictures in somebody's chat."""
    return [message for message in town.messages(person) if "photo" in message]


def left(town: Street) -> list[str]:
    """The files that wait to be sent, or were drawn."""
    return sorted(path.name for path in (town.folder / "exports").rglob("*.png"))


async def restarted(town: Street) -> None:
    """The process dies, and another takes over with what is on disk."""
    old = town.app
    await old.end()
    studio = Copyist()
    app = App(old.settings, old.database, old.library, Clock(wall=town.wall), studio=studio)
    app.sender = Sender(
        old.database, app.api, app.clock, app.health, Unhurried(), blocked=app.occasions.blocked
    )
    await app.begin()
    town.app, town.studio = app, studio
    await town.settle()


async def test_the_words_come_first(practised: Street) -> None:
    """/progress answers with words before anything is drawn; the picture follows, with its numbers."""
    said = await practised.say("/progress")
    assert said["text"].startswith("Hard questions: 0 of 32 badges")
    assert practised.studio.charts == []
    shown = await practised.painted()
    assert shown["photo"]
    assert shown["caption"].split("\n") == [
        "Hard questions: 0 of 32 badges",
        "At 3 a day, about 38–62 more days bring 26 of 32 badges.",
        "1 week running",
        "1 answer on 1 day",
    ]
    assert practised.labels(shown) == ["Dark", "Ask me one now"]
    [call] = practised.calls("sendPhoto")
    assert call["disable_notification"]
    assert practised.rows("picture") == []
    [chart] = practised.studio.charts
    assert isinstance(chart, Progress)


async def test_the_real_thing(practised: Street) -> None:
    """A child draws it, as wide as a phone, while the process that serves loads nothing for it."""
    practised.app.painter._studio = Studio(practised.app.settings.fonts_folder)
    await practised.say("/progress")
    shown = await practised.painted()
    assert shown["photo"][-1]["width"] == 1080
    assert practised.refusals() == []
    assert "matplotlib" not in sys.modules


async def test_nothing_to_be_seen(town: Street) -> None:
    """Before the first rating there are the words alone."""
    await town.enrol()
    await town.say("/progress")
    assert town.rows("picture") == []
    await town.painted()
    assert pictures(town) == []


async def test_the_same_figures_are_drawn_once(practised: Street) -> None:
    """Asked again, the picture comes again without being drawn; another answer is drawn anew."""
    for _ in range(2):
        await practised.say("/progress")
        await practised.painted()
    assert (len(pictures(practised)), len(practised.studio.charts)) == (2, 1)
    await practised.tap("Ask me one now")
    await practised.voice()
    await practised.tap("4 Professional")
    await practised.say("/progress")
    await practised.painted()
    assert (len(pictures(practised)), len(practised.studio.charts)) == (3, 2)


async def test_three_taps_are_one_picture(practised: Street) -> None:
    """Who asks three times before it is drawn gets the words three times and one picture."""
    for _ in range(3):
        await practised.say("/progress")
    await practised.painted()
    assert len(pictures(practised)) == 1


async def test_light_and_dark(practised: Street) -> None:
    """One tap under the picture brings it in the other colours, which are kept."""
    await practised.say("/progress")
    await practised.painted()
    await practised.tap("Dark")
    shown = await practised.painted()
    assert practised.labels(shown) == ["Light", "Ask me one now"]
    assert practised.labels(pictures(practised)[0]) == []
    await practised.say("/progress")
    await practised.painted()
    dark = [chart.dark for chart in practised.studio.charts if isinstance(chart, Progress)]
    assert dark == [False, True]
    await practised.tap("Light")
    assert practised.row("looks")["dark"] == 0


@pytest.mark.parametrize("data", ["v1:picture:2", "v1:picture", "v1:picture:dark"])
async def test_forged_colours(practised: Street, data: str) -> None:
    """A colour that is none changes nothing and is answered."""
    await practised.say("/progress")
    shown = await practised.painted()
    await practised.press(shown["message_id"], data)
    assert practised.toasts()[-1] == "That card is closed."
    assert (practised.rows("looks"), practised.rows("picture")) == ([], [])


async def test_a_picture_that_cannot_be_drawn(practised: Street) -> None:
    """It is missing and nothing else is: no error for the learner, no try without an end."""
    practised.studio.able = False
    await practised.say("/progress")
    said = len(practised.messages())
    await practised.painted()
    assert len(practised.messages()) == said
    assert (practised.rows("picture"), left(practised)) == ([], [])


async def test_a_picture_that_telegram_refuses(practised: Street) -> None:
    """Its words come instead, with the buttons."""
    practised.app.painter._studio = Spoilt()
    await practised.say("/progress")
    shown = await practised.painted()
    assert shown["text"].startswith("Hard questions: 0 of 32 badges\nAt 3 a day")
    assert practised.labels(shown) == ["Dark", "Ask me one now"]


class Spoilt(Studio):
    """Draws what Telegram takes for no picture."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))

    async def drawn(self, encoded: bytes) -> bytes | None:
        """Too long and too thin."""
        return tiny_png(10, 400)


async def test_killed_before_it_is_drawn(practised: Street) -> None:
    """The wish is on disk: the next process draws the picture, once."""
    await practised.say("/progress")
    await restarted(practised)
    for _ in range(2):
        await practised.painted()
    assert len(pictures(practised)) == 1


class Died(BaseException):
    """The process is no more."""


async def test_killed_after_it_is_drawn(practised: Street) -> None:
    """A picture that was drawn and not put into the outbox leaves no file, and comes once."""
    await practised.say("/progress")

    async def die(*given: object) -> bool:
        [kept, *_] = (practised.folder / "exports").rglob("*.png")
        kept.with_name("stray.png").write_bytes(b"a copy that nobody could delete any more")
        raise Died

    practised.app.painter._settle = die
    with pytest.raises(Died):
        await practised.app.painter.draw_waiting()
    await restarted(practised)
    assert left(practised) == []
    for _ in range(2):
        await practised.painted()
    assert len(pictures(practised)) == 1


async def test_killed_before_it_is_sent(practised: Street) -> None:
    """In the outbox it outlives the process, file and all, and comes once."""
    await practised.say("/progress")
    await practised.app.sender.close()
    await practised.app.painter.draw_waiting()
    assert pictures(practised) == []
    await restarted(practised)
    await practised.app.sender.look()
    await practised.settle()
    assert len(pictures(practised)) == 1
    await practised.painted()
    assert len(pictures(practised)) == 1


async def test_erased_while_it_is_drawn(practised: Street) -> None:
    """Whoever is erased meanwhile gets no picture, and no file of theirs is left."""
    await practised.say("/progress")
    draw = practised.studio.drawn

    async def forgotten(encoded: bytes) -> bytes | None:
        await practised.say("/forget")
        await practised.tap("Erase everything")
        await practised.tap("Yes, erase")
        return await draw(encoded)

    practised.app.painter._studio.drawn = forgotten  # type: ignore[method-assign]
    await practised.painted()
    assert (pictures(practised), left(practised)) == ([], [])


async def test_gone_while_it_waits(practised: Street) -> None:
    """Whoever has blocked the bot gets no picture, and it is not tried for ever."""
    await practised.say("/progress")
    await practised.app.occasions.blocked(ANN)
    await practised.painted()
    assert (pictures(practised), practised.rows("picture")) == ([], [])


async def test_each_gets_their_own(practised: Street) -> None:
    """Two who wait at once each get one picture, of their own answers."""
    await practised.enrol(CARL)
    for _ in range(2):
        await practised.voice(CARL)
        await practised.tap("2 Edgy", CARL)
        await practised.say("/drill", CARL)
    for person in (ANN, CARL):
        await practised.say("/progress", person)
    await practised.painted()
    tones = {
        tuple(dot.tone for panel in chart.panels for dot in panel.dots)
        for chart in practised.studio.charts
        if isinstance(chart, Progress)
    }
    assert tones == {(4,), (2, 2)}
    captions = [pictures(practised, who)[0]["caption"] for who in (ANN, CARL)]
    assert "1 answer on 1 day" in captions[0]
    assert "2 answers on 1 day" in captions[1]


async def test_an_export_leaves_it_alone(practised: Street) -> None:
    """Everything asked for while a picture waits to be sent comes as well as the picture."""
    await practised.say("/progress")
    await practised.app.sender.close()
    await practised.app.painter.draw_waiting()
    practised.sandbox.world.say(ANN, "/export")
    await restarted(practised)
    await practised.app.sender.look()
    await practised.settle()
    assert len(pictures(practised)) == 1
    assert practised.last().get("document")


async def test_what_was_drawn_is_swept_out(practised: Street) -> None:
    """A picture is kept for an hour or two, in case it is asked for again, and not longer."""
    await practised.say("/progress")
    await practised.painted()
    assert len(left(practised)) == 1
    for _ in range(2):
        await practised.app.upkeep.tidy()
        await practised.later(HOUR)
    assert left(practised) == []
