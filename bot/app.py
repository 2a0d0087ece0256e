"""The composition root: builds every part, hands each what it needs, and owns the running tasks."""

import asyncio
import os
import random
import secrets
from contextlib import nullcontext
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from telegram.error import InvalidToken

from bot.banks.library import Library, errors, library_of, load_library, with_uploads
from bot.banks.problem import Problem
from bot.banks.reader import MAX_BYTES
from bot.banks.watch import watch_banks
from bot.charts.studio import Studio
from bot.chat import menu
from bot.chat.conversation import Conversation
from bot.chat.texts import Texts
from bot.chat.turn import House
from bot.clearing import Clearing
from bot.clock import Clock
from bot.drill.dice import Dice
from bot.occasions import Occasions
from bot.painter import Painter
from bot.practice import publish
from bot.rehearsal import ClockControl, clock_for
from bot.schedule.alarm import Alarm
from bot.schedule.dispatch import Dispatcher
from bot.settings import Settings
from bot.store.database import Conflict, Database, StorageError
from bot.store.erasures import Erasures
from bot.store.leftovers import Exports
from bot.store.media import MediaFolder
from bot.store.opening import CannotOpen, bring_up_to_date, must_not_be_gone, only_here
from bot.store.room import Free, Room, free_bytes
from bot.store.transaction import Transaction
from bot.telemetry.health import Health, healthz
from bot.telemetry.metrics import metrics
from bot.telemetry.systemd import Systemd
from bot.upkeep import Upkeep
from bot.vitals import Vitals
from bot.watchman import Watchman
from bot.wire.api import BotApi
from bot.wire.documents import Documents
from bot.wire.fetcher import Fetcher
from bot.wire.intake import Intake
from bot.wire.limits import Limits, Sleep
from bot.wire.listening import listening
from bot.wire.origin import from_telegram
from bot.wire.reception import Hook, Reception
from bot.wire.sender import Sender
from bot.wire.telegram_time import TelegramTime
from bot.wire.transport import AiohttpRequest
from bot.wire.webhook import webhook_app

HEALTH_MS = dict.fromkeys(("poller", "sender", "dispatcher", "writer"), 120_000)
"""How long each part may be silent before the bot counts as ill, at clock speed 1."""


log = structlog.get_logger(__name__)


class TokenRefused(Exception):
    """Telegram does not accept SPRUNG_TOKEN. Copy it again from @BotFather, or make a new one there."""


@dataclass(slots=True)
class _Banks:
    """The library as it is now: what the folders have, and over it what owners have sent."""

    folders: Library
    library: Library
    told: list[Problem] = field(default_factory=list)
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)


class App:
    """The whole bot on one open database. `run` serves until cancelled.

    `sleep`: how to wait until Telegram may be asked again. `free`: how much room a folder's disk has.
    `transport`: the way to Telegram. `studio`: where pictures are drawn.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        library: Library,
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        free: Free = free_bytes,
        transport: AiohttpRequest | None = None,
        studio: Studio | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.database = database
        self._banks = _Banks(library, library)
        self._username = ""
        speed = max(1.0, clock.speed)
        self.health = Health(
            {part: int(limit * speed) for part, limit in HEALTH_MS.items()}, clock.now()
        )
        token = settings.token.get_secret_value() if settings.token else ""
        self.time = TelegramTime(clock)
        self.room = Room(settings.database_path.parent, free)
        self._transport = transport or AiohttpRequest()
        self._transport.heard = self.time.heard
        self.api = BotApi(token, settings.api_url, self._transport)
        conversation = Conversation(self._house(), self.api.bot)
        self.occasions = Occasions(
            database, clock, conversation, settings.owners, committed=self._committed
        )
        self.sender = Sender(
            database,
            self.api,
            clock,
            self.health,
            Limits(asyncio.get_running_loop().time),
            blocked=self.occasions.blocked,
        )
        media = MediaFolder(settings.media_folder)
        self.fetcher = Fetcher(database, self.api, media, clock, self.health, room=self.room.check)
        self.documents = Documents(
            database,
            self.api,
            clock,
            arrived=self.occasions.upload_arrived,
            missed=self.occasions.upload_missed,
            limit_bytes=MAX_BYTES,
        )
        self.painter = Painter(
            database,
            clock,
            studio or Studio(settings.fonts_folder),
            settings.exports_folder,
            sketch=self.occasions.sketch,
            settle=self.occasions.picture,
        )
        self.intake = Intake(
            database,
            clock,
            self.health,
            handle=conversation.handle,
            committed=self._committed,
            died=self.occasions.died,
            room=self.room.check,
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
            database,
            clock,
            self.health,
            post=self.occasions.spring,
            expire=self.occasions.expire,
            run=self.occasions.errand,
            holds=lambda: self.watchman.holds(),
        )
        self.vitals = Vitals(database, clock, self.health, free=free, wall=Clock())
        self.alarm = Alarm(clock, self.dispatcher.ring)
        self.clearing = Clearing(database, clock, media, change=self.occasions.change, wall=Clock())
        self.upkeep = Upkeep(
            database,
            clock,
            self.health,
            room=self.room,
            erasures=erasures_of(settings),
            exports=Exports(settings.exports_folder),
            clearing=self.clearing,
            tell=self.occasions.news,
            wall=Clock(),
        )
        self.watchman = Watchman(
            database,
            clock,
            self.health,
            room=self.room,
            time=self.time,
            alarm=self.alarm,
            systemd=Systemd(os.environ),
            ask=lambda: self.time.ask(self.api),
            tell=self.occasions.news,
            set_right=self.occasions.clock_set_right,
            monotonic=asyncio.get_running_loop().time,
        )

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
            exports=settings.exports_folder,
            erasures=erasures_of(settings),
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
        await self.upkeep.begin()
        await self._rebuild(last=library_of([]))
        # What is on disk is handled at once, even while Telegram cannot be reached.
        await self.intake.resume()

    async def end(self) -> None:
        """Finish what is being sent, leave the rest to the next start, and hang up."""
        await self.intake.close()
        await self.sender.close()
        await self._transport.shutdown()

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            # First of all, so that nothing is sprung before the clock is known to be right.
            tasks.create_task(self.watchman.run(), name="watchman")
            tasks.create_task(self._receive(), name="receive")
            tasks.create_task(self.sender.run(), name="sender")
            tasks.create_task(self.fetcher.run(), name="fetcher")
            tasks.create_task(self.documents.run(), name="documents")
            tasks.create_task(self.painter.run(), name="painter")
            tasks.create_task(self.alarm.run(), name="alarm")
            tasks.create_task(self._watch_banks(), name="banks")
            tasks.create_task(self.upkeep.run(), name="upkeep")
            tasks.create_task(self.upkeep.cut_again(), name="cut again")

    async def _receive(self) -> None:
        address = self.settings.listen
        door = listening(self._web(), address.host, address.port) if address else nullcontext()
        async with door:
            await self.reception.run()

    def _web(self) -> web.Application:
        hook, proxies = hook_of(self.settings), self.settings.webhook_from
        if hook is not None:
            application = webhook_app(
                hook.secret,
                self.intake.store,
                "/telegram",
                storage_error=StorageError,
                origin=None if proxies is None else from_telegram(proxies),
            )
        else:
            application = web.Application()
        application.router.add_get("/healthz", healthz(self.health, self.clock.now))
        application.router.add_get("/metrics", metrics(self.vitals.read))
        return application

    async def _committed(self, tx: Transaction) -> None:
        """After a transaction is on disk: send what it said, fetch what it wants, set the alarm."""
        self.sender.offer(tx.learner.learner_id)
        self.alarm.no_later_than(tx.due)
        if tx.forgotten:
            await self.upkeep.cut_log()
            return
        if tx.erased:
            await self.upkeep.erase_files()
        self.fetcher.wake()
        if tx.wants_picture:
            self.painter.wake()
        if tx.learner.learner_id in self.settings.owners:
            self.documents.wake()
        if tx.published is not None:
            await self._rebuild()
            await self.occasions.published(tx.published, tx.learner.learner_id)

    async def _rebuild(self, last: Library | None = None) -> None:
        """The library anew, from what the folders and the database hold now; tells of new clashes.

        `last`: what ran before, if not what runs now.
        """
        banks = self._banks
        async with banks.changing:
            uploads = await publish.running(self.database)
            banks.library, clashes = with_uploads(banks.folders, uploads, last or banks.library)
            wrong = [*(one for each in uploads for one in errors(each.problems)), *clashes]
            news, banks.told = wrong != banks.told, wrong
        if wrong and news:
            await self.occasions.banks_refused(wrong)

    async def _watch_banks(self) -> None:
        stop = asyncio.Event()
        folders = self.settings.bank_folders
        async for news in watch_banks(folders, self._banks.folders, stop):
            try:
                await self._edited(news)
            except (Conflict, StorageError) as error:
                log.error("the owners were not told of the banks", reason=str(error))

    async def _edited(self, news: Library | list[Problem]) -> None:
        """A folder was edited: a new library, or what is wrong with the edit."""
        if isinstance(news, Library):
            self._banks.folders = news
            await self._rebuild()
            await self.occasions.banks_changed(self.library)
        else:
            await self.occasions.banks_refused(news)


def hook_of(settings: Settings) -> Hook | None:
    """The webhook, if the settings ask for one."""
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    return Hook(settings.webhook_url, settings.webhook_secret.get_secret_value())


def erasures_of(settings: Settings) -> Erasures:
    """Who was erased."""
    return Erasures(settings.erasures_file, secrets.token_hex)


def dice_for(settings: Settings) -> Dice:
    """Dice nobody can foresee, unless SPRUNG_SEED asks for a rehearsal."""
    return random.SystemRandom() if settings.seed is None else random.Random(settings.seed)


def read_banks(settings: Settings) -> Library:
    """The banks at start; problems are logged, and what is good is used."""
    library, problems = load_library(settings.bank_folders)
    for problem in problems:
        log.error("question bank", problem=str(problem))
    if not library.sets:
        log.error("no question bank can be used: nobody can practise until one is mended")
    return library


async def serve(settings: Settings, control: ClockControl | None = None) -> None:
    """Run the bot until cancelled. Raises `CannotOpen`, `TokenRefused` or `CannotListen`."""
    path = settings.database_path
    with only_here(path):
        must_not_be_gone(path)
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
            control.attach(clock, database, app.alarm)
        await app.run()
