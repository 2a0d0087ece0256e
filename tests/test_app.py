import asyncio
import errno
import gc
import io
import random
import re
import resource
import socket
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import App, TokenRefused, read_banks, serve
from bot.clock import Clock
from bot.rehearsal import ClockControl, for_sandbox
from bot.sandbox.limits import Limits as Allowance
from bot.sandbox.server import Sandbox
from bot.settings import Address, Settings, load_settings
from bot.store import inbox, learners, outbox
from bot.store.database import Database, StorageError
from bot.store.opening import CannotOpen
from bot.store.tables import Priority, SendState
from bot.store.tables import outbox as outbox_table
from tests.house import ANN, CARL, OLGA, Street
from tests.store import cabinet
from tests.wire.conftest import logged
from tests.wire.loopback import free_port
from tests.wire.outpost import until

__all__ = ["logged"]

HOOK_SECRET = "s3cret-of-the-hook"


def settings_for(sandbox: Sandbox, folder: Path, **changes: Any) -> Settings:
    """Settings for a whole bot on this sandbox, with a database ready to be opened."""
    settings = for_sandbox(
        load_settings({"SPRUNG_DATA": str(folder), "SPRUNG_SEED": "1"}, None),
        token=sandbox.token,
        api_url=sandbox.url,
        owner=OLGA,
    ).model_copy(update={"listen": None, **changes})
    path = settings.database_path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cabinet.new_file(folder).read_bytes())
    return settings


@dataclass
class Running:
    """A whole bot at work on a sandbox."""

    sandbox: Sandbox
    settings: Settings
    program: asyncio.Task[None]

    async def said(self, text: str, person: int = ANN) -> None:
        """Somebody writes, and the bot answers."""
        before = self.answers(person)
        self.sandbox.world.say(person, text)
        await self.until(lambda: self.answers(person) > before)

    def answers(self, person: int = ANN) -> int:
        """How many messages of the bot somebody sees."""
        return sum(not m.get("outgoing") for m in self.sandbox.world.messages(person))

    def labels(self) -> list[str]:
        """The labels of all buttons on Ann's phone, the newest last."""
        shown = [m.get("reply_markup", {}) for m in self.sandbox.world.messages(ANN)]
        rows = [row for markup in shown for row in markup.get("inline_keyboard", [])]
        return [button["text"] for row in rows for button in row]

    async def tap(self, beginning: str) -> None:
        """Ann taps the newest button whose label begins like this, as soon as there is one."""
        found: list[str] = []

        def there() -> bool:
            found[:] = [label for label in self.labels() if re.match(beginning, label)]
            return bool(found)

        await self.until(there)
        self.sandbox.world.tap(ANN, found[-1])

    async def until(self, holds: Any) -> None:
        """Wait until the condition holds; the program must not end before."""
        await until(lambda: self.program.done() or holds())
        if self.program.done():
            self.program.result()
            raise AssertionError("the program ended")


@asynccontextmanager
async def standing() -> AsyncIterator[Sandbox]:
    """A sandbox without rates."""
    sandbox = Sandbox(limits=Allowance.unlimited(), dice=random.Random(7))
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def running(
    sandbox: Sandbox, settings: Settings, control: ClockControl | None = None
) -> AsyncIterator[Running]:
    """`serve`, until the block ends; then it is stopped as by Ctrl-C."""
    program = asyncio.create_task(serve(settings, control))
    try:
        yield Running(sandbox, settings, program)
    finally:
        program.cancel()
        await asyncio.gather(program, return_exceptions=True)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox without rates."""
    async with standing() as opened:
        yield opened


async def ask(url: str) -> tuple[int, Any]:
    """What an address answers."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def test_the_whole_bot_polls_and_answers(sandbox: Sandbox, tmp_path: Path) -> None:
    """Started as by `sprung run`, it introduces itself and answers the first message."""
    async with running(sandbox, settings_for(sandbox, tmp_path)) as bot:
        await bot.said("/start")
    methods = [entry.method for entry in sandbox.journal.since(0)]
    assert methods[0] == "getMe"
    assert "setMyCommands" in methods


async def test_a_stop_leaves_no_task_and_no_connection(sandbox: Sandbox, tmp_path: Path) -> None:
    """Cancelled in the middle of talking to three people, everything is ended and closed."""
    settings = settings_for(sandbox, tmp_path, listen=Address("127.0.0.1", 0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with running(sandbox, settings) as bot:
            await bot.said("/start")
            for person in (ANN, CARL, OLGA):
                for _ in range(5):
                    sandbox.world.say(person, "/help")
            await bot.until(lambda: bot.answers(CARL) > 0)
        await sandbox.stop()
        await asyncio.sleep(0)
        gc.collect()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_stop_and_a_start_lose_and_double_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """Stopped again and again in the middle of work: every update is done, every reply arrived."""
    settings = settings_for(sandbox, tmp_path)
    for number in range(4):
        async with running(sandbox, settings) as bot:
            for _ in range(4):
                sandbox.world.say(ANN, "/help")
            await bot.until(lambda number=number: bot.answers() > 4 * number)
    async with running(sandbox, settings) as bot:
        await bot.until(lambda: bot.answers() >= 16)
        await bot.said("/help", CARL)
    assert bot.answers() == 16
    async with Database(settings.database_path) as database:
        assert not (await inbox.counts(database))["waiting"]


async def test_a_second_copy_on_the_same_data_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    """It says so in one sentence with the file's name, and the first copy goes on."""
    settings = settings_for(sandbox, tmp_path)
    async with running(sandbox, settings) as bot:
        await bot.said("/start")
        with pytest.raises(CannotOpen, match="another copy of Sprung is using this database"):
            await serve(settings)
        await bot.said("/help")
    async with running(sandbox, settings) as bot:
        await bot.said("/help")


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process can grow, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("logged")
async def test_a_full_disk_at_the_start_is_one_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    """Where nothing can be written the bot does not begin: it names the file and the reason."""
    settings = settings_for(sandbox, tmp_path)
    with no_room(), pytest.raises(CannotOpen, match=re.escape(str(settings.database_path))):
        await serve(settings)
    async with running(sandbox, settings) as bot:
        await bot.said("/start")


async def test_a_port_in_use_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    """One line that names the setting and the address; nothing was asked of Telegram for it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        settings = settings_for(sandbox, tmp_path, listen=Address("127.0.0.1", port))
        with pytest.raises(ExceptionGroup) as raised:
            await asyncio.wait_for(serve(settings), 10)
    [error] = raised.value.exceptions
    assert isinstance(error, OSError)
    assert error.errno == errno.EADDRINUSE
    assert f"SPRUNG_LISTEN 127.0.0.1:{port} cannot be used" in str(error)
    assert list(sandbox.journal.since(0)) == []


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_a_refused_token_ends_the_program(
    sandbox: Sandbox, tmp_path: Path, method: str
) -> None:
    """At the start or later, a revoked token is one error, and nothing is left running."""
    sandbox.world.say(ANN, "/start")
    settings = settings_for(sandbox, tmp_path)
    async with running(sandbox, settings) as bot:
        if method == "getUpdates":
            await bot.until(bot.answers)
        sandbox.faults.add({"method": "*", "status": 401, "times": 1000})
        sandbox.world.say(ANN, "hello")
        with pytest.raises(TokenRefused):
            await asyncio.wait_for(bot.program, 10)
    sandbox.faults.clear()
    before = len([m for m in sandbox.world.messages(ANN) if not m.get("outgoing")])
    async with running(sandbox, settings) as bot:
        await bot.until(lambda: bot.answers() > before)


async def test_health_is_told_while_telegram_cannot_be_reached(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """The port answers from the start, and says what the trouble is; what is on disk is handled."""
    port = free_port()
    settings = settings_for(
        sandbox, tmp_path, listen=Address("127.0.0.1", port), api_url="http://127.0.0.1:9"
    )
    sandbox.world.say(ANN, "/start")
    [waiting] = sandbox.world.updates.take(0, 1)
    async with Database(settings.database_path) as database:
        stored = cabinet.update(waiting.id, raw=waiting.body)
        await inbox.store(database, [stored], 0)
    async with running(sandbox, settings):
        async with asyncio.timeout(60):
            while True:
                try:
                    status, told = await ask(f"http://127.0.0.1:{port}/healthz")
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0)
                    continue
                if "poller" in told["troubles"]:
                    break
        assert (status, told["status"]) == (200, "ok")
    async with Database(settings.database_path) as database:
        assert not (await inbox.counts(database))["waiting"]


async def test_the_webhook_end_to_end(sandbox: Sandbox, tmp_path: Path) -> None:
    """Telegram posts to the bot's port: updates are handled once, and nothing is polled."""
    port = free_port()
    settings = settings_for(
        sandbox,
        tmp_path,
        listen=Address("127.0.0.1", port),
        webhook_url=f"http://127.0.0.1:{port}/telegram",
        webhook_secret=SecretStr(HOOK_SECRET),
    )
    sandbox.world.say(ANN, "/start")
    async with running(sandbox, settings) as bot:
        await bot.until(bot.answers)
        for person in (ANN, CARL):
            for _ in range(3):
                sandbox.world.say(person, "/help")
        await bot.until(lambda: bot.answers(ANN) >= 4 and bot.answers(CARL) >= 3)
        assert (bot.answers(ANN), bot.answers(CARL)) == (4, 3)
        assert sandbox.world.updates.waiting() == []
        await bot.until(lambda: sandbox.world.webhook.url)
        assert (await ask(f"http://127.0.0.1:{port}/healthz"))[0] == 200
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/metrics") as page,
        ):
            assert "sprung_outbox_oldest_seconds 0.0" in await page.text()
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"http://127.0.0.1:{port}/telegram", json={}) as forged,
        ):
            assert forged.status == 401
    methods = [entry.method for entry in sandbox.journal.since(0)]
    assert "getUpdates" not in methods


async def test_a_change_from_the_webhook_to_polling_is_made_at_the_start(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """A webhook left by an earlier run is removed, and what waited for it is fetched."""
    await sandbox.world.webhook.set("http://127.0.0.1:9/", "", 40, None)
    sandbox.world.say(ANN, "/start")
    async with running(sandbox, settings_for(sandbox, tmp_path)) as bot:
        await bot.until(bot.answers)
    assert sandbox.world.webhook.url == ""


CANARY = "CANARY-I-was-let-go-in-March"
BIG = 7_654_321_987
BROKEN = {"message_id": "seven", "date": "soon", "chat": {"id": ANN, "type": "private"}}


async def test_an_update_that_cannot_be_read_is_said_to_learner_and_owner(town: Street) -> None:
    """After three tries Ann is told plainly, the owner gets number and error, and all goes on."""
    await town.enrol()
    await town.say("/start", OLGA)
    sender = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    number = town.sandbox.world.updates.push_raw({"message": BROKEN | {"from": sender}}, order=ANN)
    await town.settle()
    assert "went wrong" in town.last(ANN)["text"]
    told = town.last(OLGA)["text"]
    assert str(number) in told
    assert "Error" in told
    assert "failed before" not in told
    assert "don" in (await town.say("/nonsense"))["text"]
    assert (await inbox.counts(town.app.database))["dead"] == 1


async def test_neither_words_nor_ids_of_a_failure_are_logged(
    town: Street, logged: io.StringIO
) -> None:
    """At DEBUG, an update that fails, dies and cannot even be answered leaves no trace of its sender."""
    sender = {"id": BIG, "is_bot": False, "first_name": CANARY}
    chat = {"id": BIG, "type": "private", "first_name": CANARY}
    for text in ("/start", CANARY, f"<b>{CANARY}"):
        message = {"message_id": 7, "date": 1, "chat": chat, "from": sender, "text": text}
        town.sandbox.world.updates.push_raw({"message": message}, order=BIG)
        broken = {"message": message | {"entities": "none", "date": CANARY}}
        town.sandbox.world.updates.push_raw(broken, order=BIG)
    await town.settle()
    lines = logged.getvalue().lower()
    assert "set aside" in lines
    assert "refused a message" in lines
    assert CANARY.lower() not in lines
    assert str(BIG) not in lines


@pytest.mark.parametrize("way", ["press", "answer"])
async def test_a_surprise_that_seemed_lost_is_found_by_its_answer(town: Street, way: str) -> None:
    """The card arrived and its receipt did not: a press or an answer shows it, and counts once."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    town.sandbox.faults.add({"method": "sendMessage", "reset": True, "after_delivery": True})
    await town.surprise()
    assert [row["state"] for row in town.rows("outbox")].count(SendState.UNKNOWN) == 1
    card = town.last()
    if way == "press":
        await town.tap("Hint")
    else:
        await town.say("I asked both of them what they needed first.")
    states = [row["state"] for row in town.rows("outbox")]
    assert set(states) == {SendState.SENT}
    if way == "press":
        assert town.row("drill")["message_id"] == card["message_id"]
    assert [m["text"] for m in town.messages() if not m.get("outgoing")].count(card["text"]) <= 1


class Uncut(Database):
    """A database whose log cannot be cut."""

    async def truncate_log(self) -> None:
        """Fail like a broken disk."""
        raise StorageError("disk I/O error")


async def test_a_log_that_cannot_be_cut_stops_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """The learner is erased and told so, once, and the bot goes on; the log is cut later."""
    settings = settings_for(sandbox, tmp_path)
    async with Uncut(settings.database_path) as database:
        app = App(settings, database, read_banks(settings), Clock())
        bot = Running(sandbox, settings, asyncio.create_task(app.run()))
        try:
            await bot.said("/start")
            await bot.said("/forget")
            assert "erased" in sandbox.world.messages(ANN)[-1]["text"]
            assert await learners.find(database, ANN) is None
            await bot.said("/help", CARL)
        finally:
            bot.program.cancel()
            await asyncio.gather(bot.program, return_exceptions=True)
        assert not (await inbox.counts(database))["waiting"]


async def test_every_change_sets_the_alarm(town: Street) -> None:
    """A drill that is asked sets the alarm to its end, without anybody looking at the database."""
    await town.enrol()
    assert town.app.alarm.due == town.row("drill")["expires_at"]


async def test_what_was_being_sent_at_a_crash_is_unknown_at_the_start(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """A drill found in the state SENDING is never sent again, whether or not it had arrived."""
    settings = settings_for(sandbox, tmp_path)
    half_sent = cabinet.message(1, ANN, priority=Priority.DRILL, state=SendState.SENDING)
    async with Database(settings.database_path) as database:
        await cabinet.keep(database, cabinet.learner(ANN, sequence=1))
        await database.commit([outbox.posted(half_sent)])
    async with running(sandbox, settings) as bot:
        await bot.said("/help")
    async with Database(settings.database_path) as database:
        row = await cabinet.only(database, outbox_table, learner_id=ANN, message_no=1)
        assert row["state"] == SendState.UNKNOWN
