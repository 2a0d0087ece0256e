"""The composition root: builds every part, hands each what it needs, and owns the running tasks."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import structlog
from aiohttp import web
from pydantic import SecretStr
from telegram.error import InvalidToken

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
from bot.store.opening import CannotOpen, bring_up_to_date, only_here
from bot.store.transaction import Transaction
from bot.telemetry.health import Health, healthz
from bot.wire.api import BotApi
from bot.wire.fetcher import Fetcher
from bot.wire.intake import Intake
from bot.wire.limits import Limits, Sleep
from bot.wire.reception import Hook, Reception
from bot.wire.sender import Sender
from bot.wire.transport import AiohttpRequest
from bot.wire.webhook import webhook_app

HEALTH_MS = {"poller": 120_000, "sender": 120_000, "dispatcher": 2 * 3600_000}
"""How long each part may be silent before the bot counts as ill, at clock speed 1."""

HOUSEKEEPING_SECONDS = 3600.0
HANG_UP_SECONDS = 5.0
PROBLEMS_TOLD = 12
RACES = 20
MINUTE_MS = 60_000

log = structlog.get_logger(__name__)


class TokenRefused(Exception):
    """Telegram does not accept SPRUNG_TOKEN. Copy it again from @BotFather, or make a new one there."""


@dataclass(slots=True)
class _Banks:
    """The library as it is now; a good edit replaces it."""

    library: Library


class App:
    """The whole bot on one open database. `run` serves until cancelled.

    `sleep`: how to wait until Telegram may be asked again.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        library: Library,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self._banks = _Banks(library)
        self._username = ""
        speed = max(1.0, clock.speed)
        self.health = Health(
            {part: int(limit * speed) for part, limit in HEALTH_MS.items()}, clock.now()
        )
        token = settings.token.get_secret_value() if settings.token else ""
        self._transport = AiohttpRequest()
        self.api = BotApi(token, settings.api_url, self._transport)
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
        self.reception = Reception(
            self.api,
            self.intake,
            clock,
            self.health,
            menu=menu.calls(Texts()),
            hook=hook_of(settings),
            named=self._named,
            sleep=sleep,
        )
        self.dispatcher = Dispatcher(
            database, clock, self.health, post=self._post_drill, expire=self._expire
        )
        self.alarm = Alarm(clock, self.dispatcher.ring)

    @property
    def library(self) -> Library:
        """The question banks as they are now."""
        return self._banks.library

    def _named(self, username: str) -> None:
        self._username = username

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
        """Finish what is being sent, leave the rest to the next start, and hang up."""
        await self.intake.close()
        await self.sender.close()
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
        async with self._listening():
            await self.reception.run()

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Answer /healthz, and the webhook if there is one, on SPRUNG_LISTEN."""
        address = self.settings.listen
        if address is None:
            yield
            return
        runner = web.AppRunner(self._web(), access_log=None, shutdown_timeout=HANG_UP_SECONDS)
        await runner.setup()
        try:
            site = web.TCPSite(runner, address.host, address.port)
            try:
                await site.start()
            except OSError as error:
                where = f"SPRUNG_LISTEN {address.host}:{address.port}"
                raise OSError(error.errno, f"{where} cannot be used: {error.strerror}") from error
            host, port, *_ = runner.addresses[0]
            log.info("listening", url=f"http://{host}:{port}/healthz")
            yield
        finally:
            await runner.cleanup()

    def _web(self) -> web.Application:
        hook = hook_of(self.settings)
        if hook is not None:
            application = webhook_app(
                hook.secret,
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
            await self._cut_log()
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

    async def _cut_log(self) -> None:
        try:
            await self.database.truncate_log()
        except StorageError as error:
            log.error("the log of the database was not cut; trying again later", reason=str(error))

    async def _change(
        self, learner_id: int, verb: Callable[[Transaction], Awaitable[None]]
    ) -> None:
        """Run one verb for one learner in a transaction of its own, again when a race was lost.

        Nothing happens for somebody who is not known, or not any more. Raises `Conflict` in the end.
        """
        for race in count(1):
            tx = await Transaction.begin(self.database, learner_id, self.clock.now())
            if tx.is_new:
                return
            await verb(tx)
            try:
                await tx.commit()
            except Conflict:
                if race == RACES:
                    raise
            else:
                await self._committed(tx)
                return

    async def _post_drill(self, learner_id: int) -> None:
        await self._change(learner_id, self._conversation.spring)

    async def _expire(self, learner_id: int, drill_no: int) -> None:
        await self._change(learner_id, lambda tx: self._conversation.expire(tx, drill_no))

    async def _blocked(self, learner_id: int) -> None:
        async def verb(tx: Transaction) -> None:
            leave.gone(tx)

        await self._change(learner_id, verb)

    async def _tell_owners(
        self, say: Callable[[Transaction], None], *, apart_from: int | None = None
    ) -> None:
        """Tell every owner who uses this bot; one who never pressed Start cannot be written to."""

        async def verb(tx: Transaction) -> None:
            say(tx)

        for owner in self.settings.owners - {apart_from}:
            await self._change(owner, verb)

    async def _watch_banks(self) -> None:
        stop = asyncio.Event()
        folders = self.settings.bank_folders
        async for news in watch_banks(folders, self._banks.library, stop):
            try:
                await self._banks_changed(news)
            except (Conflict, StorageError) as error:
                log.error("the owners were not told of the banks", reason=str(error))

    async def _banks_changed(self, news: Library | Sequence[Problem]) -> None:
        if not isinstance(news, Library):
            await self._bad_banks(news)
            return
        self._banks.library = news
        log.info("question banks reloaded", sets=len(news.sets), questions=len(news.questions))
        await self._tell_owners(partial(self._good_banks, news))

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
            await self._cut_log()
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
        """Put the clock forward; what falls due on the way happens in its order, as if waited for."""
        if self.app is None:
            return
        end = self.clock.now() + ms
        await self.app.alarm.ring()
        while (due := self.app.alarm.due) is not None and due < end:
            await self._forward(self.app, max(due, self.clock.now() + MINUTE_MS))
        await self._forward(self.app, end)

    async def _forward(self, app: App, moment: int) -> None:
        self.clock.skip(max(0, moment - self.clock.now()))
        await app.database.commit([installation.put("skipped", str(self.clock.skipped))])
        await app.alarm.ring()

    async def next_for(self, person: int) -> int | None:
        """When this person's next surprise comes; None: nothing is planned."""
        if self.app is None:
            return None
        tx = await Transaction.begin(self.app.database, person, self.now())
        return tx.learner.next_drill_at


def hook_of(settings: Settings) -> Hook | None:
    """The webhook, if the settings ask for one."""
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Hook(settings.webhook_url, settings.webhook_secret.get_secret_value())


def dice_for(settings: Settings) -> Dice:
    """Dice nobody can foresee, unless SPRUNG_SEED asks for a rehearsal."""
    return random.SystemRandom() if settings.seed is None else random.Random(settings.seed)


async def clock_for(settings: Settings, database: Database, *, rehearsal: bool) -> Clock:
    """The wall clock; in a rehearsal one that goes on where the last run on this database stopped."""
    if not rehearsal and settings.clock_speed == 1.0:
        return Clock()
    origin, skipped, speed = [
        await installation.find(database, name) for name in ("origin", "skipped", "speed")
    ]
    clock = Clock(
        speed=settings.clock_speed,
        origin=int(origin) if origin else None,
        skipped=int(skipped or 0),
    )
    if origin and speed and float(speed) != clock.speed:
        # At another speed it counts from the same origin, and would show another time.
        before = Clock(speed=float(speed), origin=clock.origin, skipped=clock.skipped)
        clock.skip(before.now() - clock.now())
    kept = {"origin": clock.origin, "skipped": clock.skipped, "speed": clock.speed}
    await database.commit([installation.put(name, str(value)) for name, value in kept.items()])
    return clock


def read_banks(settings: Settings) -> Library:
    """The banks at start; problems are logged, and what is good is used."""
    library, problems = load_library(settings.bank_folders)
    for problem in problems:
        log.error("question bank", problem=str(problem))
    if not library.sets:
        log.error("no question bank can be used: nobody can practise until one is mended")
    return library


async def serve(settings: Settings, control: ClockControl | None = None) -> None:
    """Run the bot until cancelled. Raises `CannotOpen`, `TokenRefused` or `OSError` (port in use)."""
    path = settings.database_path
    with only_here(path):
        bring_up_to_date(path)
        try:
            await _serve(settings, control)
        except StorageError as error:
            raise CannotOpen(f"{path}: {error}") from error


async def _serve(settings: Settings, control: ClockControl | None) -> None:
    async with Database(settings.database_path) as database:
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
