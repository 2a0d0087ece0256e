"""The composition root: builds every part, hands each what it needs, and owns the running tasks."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError

from bot.banks.library import Library, load_library
from bot.banks.problem import Problem
from bot.banks.watch import watch_banks
from bot.chat import menu
from bot.chat.conversation import Conversation
from bot.chat.texts import Texts
from bot.chat.turn import House
from bot.clock import Clock
from bot.drill.dice import Dice
from bot.practice import leave
from bot.schedule.alarm import Alarm
from bot.schedule.dispatch import Dispatcher
from bot.settings import Settings
from bot.store import inbox, installation, outbox
from bot.store.database import Conflict, Database, StorageError
from bot.store.media import MediaFolder
from bot.store.opening import bring_up_to_date, only_here
from bot.store.transaction import Transaction
from bot.telemetry.health import Health, healthz
from bot.wire.api import BotApi
from bot.wire.fetcher import Fetcher
from bot.wire.intake import Intake
from bot.wire.limits import Limits
from bot.wire.poller import ALLOWED_UPDATES, Poller
from bot.wire.sender import Sender
from bot.wire.transport import AiohttpRequest
from bot.wire.webhook import webhook_app

HEALTH_MS = {"poller": 120_000, "sender": 120_000, "dispatcher": 2 * 3600_000}
"""How long each part may be silent before the bot counts as ill, at clock speed 1."""

HOUSEKEEPING_SECONDS = 3600.0
START_WAITS = (1.0, 2.0, 5.0, 15.0, 30.0)
PROBLEMS_TOLD = 12

log = structlog.get_logger(__name__)


class TokenRefused(Exception):
    """Telegram does not accept SPRUNG_TOKEN. Copy it again from @BotFather, or make a new one there."""


@dataclass(slots=True)
class _Banks:
    """The library as it is now; a good edit replaces it."""

    library: Library


class App:
    """The whole bot on one open database. `run` serves until cancelled."""

    def __init__(
        self, settings: Settings, database: Database, library: Library, clock: Clock
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self._banks = _Banks(library)
        speed = max(1.0, clock.speed)
        self.health = Health(
            {part: int(limit * speed) for part, limit in HEALTH_MS.items()}, clock.now()
        )
        token = settings.token.get_secret_value() if settings.token else ""
        self._transport = AiohttpRequest()
        self.api = BotApi(token, settings.api_url, self._transport)
        self._username = ""
        self._conversation = Conversation(self._house(), self.api.bot)
        self.sender = Sender(
            database,
            self.api,
            clock,
            self.health,
            Limits(asyncio.get_running_loop().time),
            blocked=self._blocked,
        )
        self.fetcher = Fetcher(
            database, self.api, MediaFolder(settings.media_folder), clock, self.health
        )
        self.intake = Intake(
            database,
            clock,
            self.health,
            handle=self._conversation.handle,
            committed=self._committed,
            died=self._died,
        )
        self.dispatcher = Dispatcher(
            database, clock, self.health, post=self._post_drill, expire=self._expire
        )
        self.alarm = Alarm(clock, self.dispatcher.ring)

    @property
    def library(self) -> Library:
        """The question banks as they are now."""
        return self._banks.library

    def _house(self) -> House:
        settings = self.settings
        return House(
            texts=Texts(),
            library=lambda: self._banks.library,
            dice=dice_for(settings),
            media=MediaFolder(settings.media_folder),
            exports=settings.database_path.parent / "exports",
            owners=settings.owners,
            invite_only=settings.access == "invite",
            username=lambda: self._username,
            secret=lambda: secrets.token_urlsafe(24),
        )

    async def run(self) -> None:
        """Serve until cancelled. Raises `TokenRefused`."""
        try:
            await self.begin()
            await self._serve()
        except* InvalidToken as refused:
            raise TokenRefused from refused.exceptions[0]
        finally:
            await self.end()

    async def begin(self) -> None:
        """Open the transport and take up what an earlier run left."""
        await self._transport.initialize()
        await self.sender.recover()
        # What is on disk is handled at once, even while Telegram cannot be reached.
        await self.intake.resume()

    async def end(self) -> None:
        """Close the transport."""
        await self._transport.shutdown()

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._receive(), name="receive")
            tasks.create_task(self.sender.run(), name="sender")
            tasks.create_task(self.fetcher.run(), name="fetcher")
            tasks.create_task(self.alarm.run(), name="alarm")
            tasks.create_task(self._watch_banks(), name="banks")
            tasks.create_task(self._housekeeping(), name="housekeeping")

    async def _receive(self) -> None:
        await self._introduce()
        settings = self.settings
        async with self._listening():
            if settings.webhook_url and settings.webhook_secret:
                secret = settings.webhook_secret.get_secret_value()
                await self._until_reached(
                    "setWebhook",
                    {
                        "url": settings.webhook_url,
                        "secret_token": secret,
                        "allowed_updates": ALLOWED_UPDATES,
                    },
                )
                while True:
                    self.health.progress("poller", self.clock.now())
                    await asyncio.sleep(1)
            await self._until_reached("deleteWebhook", {})
            await Poller(self.api, self.intake, self.clock, self.health).run()

    async def _introduce(self) -> None:
        me = await self._until_reached("getMe", {})
        self._username = me["username"]
        log.info("connected", bot=self._username)
        for method, parameters in menu.calls(Texts()):
            await self._until_reached(method, parameters)

    async def _until_reached(self, method: str, parameters: dict[str, Any]) -> Any:
        """Call until Telegram answers; a refusal is logged and given up, `InvalidToken` is raised."""
        attempt = 0
        while True:
            try:
                return await self.api.call(method, parameters)
            except InvalidToken:
                raise
            except TelegramError as error:
                self.health.trouble("poller", str(error))
                wait = START_WAITS[min(attempt, len(START_WAITS) - 1)]
                log.warning("Telegram cannot be reached; trying on", reason=str(error), wait=wait)
                attempt += 1
                await asyncio.sleep(wait)

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Answer /healthz, and the webhook if there is one, on SPRUNG_LISTEN."""
        address = self.settings.listen
        if address is None:
            yield
            return
        runner = web.AppRunner(self._web(), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, address.host, address.port)
            await site.start()
            host, port, *_ = runner.addresses[0]
            log.info("listening", url=f"http://{host}:{port}/healthz")
            yield
        finally:
            await runner.cleanup()

    def _web(self) -> web.Application:
        if self.settings.webhook_secret and self.settings.webhook_url:
            application = webhook_app(
                self.settings.webhook_secret.get_secret_value(),
                self.intake.store,
                "/telegram",
                storage_error=StorageError,
            )
        else:
            application = web.Application()
        application.router.add_get("/healthz", healthz(self.health, self.clock.now))
        return application

    async def _committed(self, tx: Transaction) -> None:
        """After a transaction is on disk: send what it said, fetch what it wants, set the alarm."""
        self.sender.offer(tx.learner.learner_id)
        if tx.forgotten:
            await self.database.truncate_log()
            return
        self.fetcher.wake()
        self.alarm.no_later_than(tx.due)

    async def _died(self, tx: Transaction, raw: Any, error: Exception) -> None:
        await self._conversation.died(tx, raw, error)
        update = raw["update_id"]
        await self._tell_owners(
            lambda owner: self._conversation.set_aside(owner, update, type(error).__name__),
            apart_from=tx.learner.learner_id,
        )

    async def _change(
        self, learner_id: int, verb: Callable[[Transaction], Awaitable[None]]
    ) -> None:
        """Run one verb for one learner in a transaction of its own."""
        tx = await Transaction.begin(self.database, learner_id, self.clock.now())
        await verb(tx)
        await tx.commit()
        await self._committed(tx)

    async def _post_drill(self, learner_id: int) -> None:
        await self._change(learner_id, self._conversation.spring)

    async def _expire(self, learner_id: int, drill_no: int) -> None:
        await self._change(learner_id, lambda tx: self._conversation.expire(tx, drill_no))

    async def _blocked(self, learner_id: int) -> None:
        async def verb(tx: Transaction) -> None:
            if not tx.is_new:
                leave.gone(tx)

        try:
            await self._change(learner_id, verb)
        except Conflict:
            log.info("a learner left while doing something else")

    async def _tell_owners(
        self, say: Callable[[Transaction], None], *, apart_from: int | None = None
    ) -> None:
        """Tell every owner who uses this bot; one who never pressed Start cannot be written to."""
        for owner in self.settings.owners - {apart_from}:
            tx = await Transaction.begin(self.database, owner, self.clock.now())
            if tx.is_new:
                continue
            say(tx)
            try:
                await tx.commit()
            except Conflict:
                log.warning("an owner could not be told just now")
                continue
            self.sender.offer(owner)

    async def _watch_banks(self) -> None:
        stop = asyncio.Event()
        folders = self.settings.bank_folders
        async for news in watch_banks(folders, self._banks.library, stop):
            if isinstance(news, Library):
                self._banks.library = news
                sets, questions = len(news.sets), len(news.questions)
                log.info("question banks reloaded", sets=sets, questions=questions)
                await self._tell_owners(partial(self._good_banks, news))
            else:
                await self._bad_banks(news)

    def _good_banks(self, news: Library, tx: Transaction) -> None:
        self._conversation.banks_good(tx, len(news.sets), len(news.questions))

    async def _bad_banks(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            log.error("question bank", problem=str(problem))
        told = "\n".join(str(problem) for problem in problems[:PROBLEMS_TOLD])
        await self._tell_owners(lambda tx: self._conversation.banks_bad(tx, told))

    async def _housekeeping(self) -> None:
        while True:
            now = self.clock.now()
            try:
                await self.database.commit([inbox.purged(now), outbox.purged(now)])
            except StorageError as error:
                log.error("old rows were not purged", reason=str(error))
            await asyncio.sleep(HOUSEKEEPING_SECONDS)


class ClockControl:
    """What the sandbox's clock bar may do: put the bot's clock forward, and ask for the next surprise."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.clock = Clock()
        self.speed = 1.0

    def attach(self, app: App) -> None:
        """Let the clock bar govern this bot from now on."""
        self.app, self.clock, self.speed = app, app.clock, app.clock.speed

    def now(self) -> int:
        """The bot's time."""
        return self.clock.now()

    async def skip(self, ms: int) -> None:
        """Put the clock forward; what falls due on the way comes at once."""
        if self.app is None:
            return
        self.clock.skip(ms)
        await self.app.database.commit([installation.put("skipped", str(self.clock.skipped))])
        await self.app.alarm.ring()

    async def next_for(self, person: int) -> int | None:
        """When this person's next surprise comes; None: nothing is planned."""
        if self.app is None:
            return None
        tx = await Transaction.begin(self.app.database, person, self.now())
        return tx.learner.next_drill_at


def dice_for(settings: Settings) -> Dice:
    """Dice nobody can foresee, unless SPRUNG_SEED asks for a rehearsal."""
    return random.SystemRandom() if settings.seed is None else random.Random(settings.seed)


async def clock_for(settings: Settings, database: Database, *, rehearsal: bool) -> Clock:
    """The wall clock; in a rehearsal one that goes on where the last run on this database stopped."""
    if not rehearsal and settings.clock_speed == 1.0:
        return Clock()
    origin = await installation.find(database, "origin")
    skipped = await installation.find(database, "skipped")
    clock = Clock(
        speed=settings.clock_speed,
        origin=int(origin) if origin else None,
        skipped=int(skipped or 0),
    )
    if origin is None:
        await database.commit([installation.put("origin", str(clock.origin))])
    return clock


def read_banks(settings: Settings) -> Library:
    """The banks at start; problems are logged, and what is good is used."""
    library, problems = load_library(settings.bank_folders)
    for problem in problems:
        log.error("question bank", problem=str(problem))
    return library


async def serve(settings: Settings, control: ClockControl | None = None) -> None:
    """Run the bot until cancelled. Raises `CannotOpen`, `TokenRefused` or `OSError` (port in use)."""
    path = settings.database_path
    with only_here(path):
        bring_up_to_date(path)
        async with Database(path) as database:
            await database.truncate_log()
            library = read_banks(settings)
            clock = await clock_for(settings, database, rehearsal=control is not None)
            app = App(settings, database, library, clock)
            if control is not None:
                control.attach(app)
            await app.run()


def for_sandbox(settings: Settings, *, token: str, api_url: str, owner: int) -> Settings:
    """Settings for a rehearsal: the sandbox's address and token, and an owner to play."""
    return settings.model_copy(
        update={
            "token": SecretStr(token),
            "api_url": api_url,
            "owners": settings.owners or frozenset({owner}),
            "data": settings.data / "sandbox",
        }
    )
