import asyncio
import gc
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

from bot.telemetry.logs import (
    configure,
    install_last_resort,
    learner_tag,
    loop_exception_handler,
)
from bot.wire.transport import AiohttpRequest
from tests.wire import loopback
from tests.wire.loopback import always, refusal, serving

TOKEN = loopback.TOKEN
STRANGERS_TOKEN = "987654321:AAEsomebodyElsesTokenSomebodyElses0"
SALT = b"pepper"
WORDS = "-".join(["what", "a", "learner", "said"])
TALKATIVE = [
    "aiohttp.access",
    "aiosqlite",
    "apscheduler.scheduler",
    "httpcore.http11",
    "httpx",
    "sqlalchemy.engine.Engine",
    "telegram.Bot",
    "telegram.ext.Application",
]

log = structlog.get_logger("tests")
plain = logging.getLogger("tests.plain")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the process's logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    root.handlers, root.level = handlers, level
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    for name in TALKATIVE:
        logging.getLogger(name.partition(".")[0]).setLevel(logging.NOTSET)
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture(params=[io.StringIO, Terminal], ids=["JSON lines", "terminal"])
def output(request: pytest.FixtureRequest) -> io.StringIO:
    """Everything that is logged at DEBUG, in either form."""
    stream: io.StringIO = request.param()
    configure("debug", [TOKEN], stream, salt=SALT)
    return stream


@pytest.fixture
def lines() -> io.StringIO:
    """Everything that is logged at DEBUG, as JSON lines."""
    stream = io.StringIO()
    configure("debug", [TOKEN], stream, salt=SALT)
    return stream


def assert_redacted(text: str) -> None:
    """Something was logged, and no form of a token is in it."""
    assert "<concealed>" in text
    for token in (TOKEN, STRANGERS_TOKEN):
        assert token not in text
        assert quote(token, safe="") not in text
        assert token.partition(":")[2] not in text


def asking(url: str) -> None:
    """Fail twice, with the address in both errors and in the local variables."""
    try:
        raise ConnectionError(f"cannot reach {url}")
    except ConnectionError as error:
        raise RuntimeError(f"no answer from {url}") from error


@pytest.mark.parametrize("token", [TOKEN, quote(TOKEN, safe=""), f"bot{STRANGERS_TOKEN}"])
def test_a_token_is_in_no_part_of_a_record(output: io.StringIO, token: str) -> None:
    """Messages, arguments, event values, tracebacks and stacks come out without the token."""
    url = f"https://api.telegram.org/{token}/getMe"
    plain.debug(f"asking {url}")
    plain.info("asking %s and %r", url, {"deep": [url]})
    log.debug(f"asking {url}", url=url, deep={"list": [url.encode(), (url,)]}, error=OSError(url))
    log.bind(address=url).warning("asking", stack_info=True)
    for say in (plain.exception, log.exception):
        try:
            asking(url)
        except RuntimeError:
            say("failed")
    told = output.getvalue()
    assert told.count("<concealed>") >= 8
    assert_redacted(told)
    assert "ConnectionError" in told
    assert "RuntimeError" in told


def test_a_token_alone_is_redacted_too(output: io.StringIO) -> None:
    """A token is recognised by its shape, also one that this bot does not know."""
    plain.info("the token is %s", STRANGERS_TOKEN)
    assert_redacted(output.getvalue())


def test_a_warning_is_logged_without_the_token(output: io.StringIO) -> None:
    """Python's warnings end in the log, redacted."""
    with warnings.catch_warnings():
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.simplefilter("always")
        warnings.warn(f"do not use bot{TOKEN}", stacklevel=1)
        logging.captureWarnings(False)
    assert_redacted(output.getvalue())


def test_a_log_call_that_fails_tells_no_arguments(
    output: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """When a message does not fit its arguments, the place is named and the arguments are not."""
    configure("debug", [TOKEN], output)  # once more, to leave pytest's own handlers out of it
    plain.info("one %s", f"bot{TOKEN}", "what a learner said")
    told = capsys.readouterr().err
    assert "test_logs.py" in told
    assert TOKEN not in told
    assert "what a learner said" not in told
    assert output.getvalue() == ""


async def test_the_librarys_own_transport_logs_no_token(output: io.StringIO) -> None:
    """httpx, which logs every address, is held back at DEBUG, and redacted when let loose."""
    async with serving(always(refusal(401, "Unauthorized"), 401)) as server:
        bot = Bot(TOKEN, f"{server.url}/bot", request=HTTPXRequest())
        for level in (logging.NOTSET, logging.DEBUG):
            for name in ("httpx", "httpcore", "telegram"):
                if level:
                    logging.getLogger(name).setLevel(level)
            async with bot.request as request:
                with pytest.raises(TelegramError):
                    await request.post(server.method("getMe"))
            assert ("HTTP Request" in output.getvalue()) is bool(level)
    assert_redacted(output.getvalue())


async def test_a_failing_transport_logs_no_token(output: io.StringIO) -> None:
    """The tracebacks of every failure of the bot's own transport hold no token."""
    async with serving(loopback.never) as server, AiohttpRequest() as request:
        urls = [
            server.method("getUpdates"),
            server.method().replace("http:", "https:"),
            f"http://127.0.0.1:{loopback.free_port()}/bot{TOKEN}/getMe",
            f"http:///bot{TOKEN}/getMe",
        ]
        for url in urls:
            try:
                await request.post(url, read_timeout=0.02, connect_timeout=0.02, pool_timeout=0.0)
            except NetworkError:
                log.exception("no answer", url=url)
    assert output.getvalue().count("Traceback") >= len(urls)
    assert_redacted(output.getvalue())


@pytest.mark.parametrize("name", TALKATIVE)
def test_a_talkative_library_is_held_back(lines: io.StringIO, name: str) -> None:
    """Even at DEBUG, libraries that print contents are heard from WARNING upwards only."""
    logging.getLogger(name).info("INSERT … what a learner said")
    assert lines.getvalue() == ""
    logging.getLogger(name).warning("something is wrong")
    assert "something is wrong" in lines.getvalue()


@pytest.mark.parametrize(
    ("level", "heard"),
    [
        ("debug", ["debug", "info", "warning"]),
        ("info", ["info", "warning"]),
        ("warning", ["warning"]),
    ],
)
def test_the_level_decides_what_is_heard(level: str, heard: list[str]) -> None:
    """Each level lets through itself and what is more urgent."""
    stream = io.StringIO()
    configure(level, [], stream)
    for urgency in ("debug", "info", "warning"):
        getattr(log, urgency)("said")
        getattr(plain, urgency)("said")
    levels = [json.loads(line)["level"] for line in stream.getvalue().splitlines()]
    assert levels == [each for each in heard for _ in range(2)]


def test_a_line_for_machines_is_json(lines: io.StringIO) -> None:
    """Each line is one JSON object with message, level, time, logger and the event's values."""
    log.info("a drill is due", late_ms=12)
    line = json.loads(lines.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {"message": "a drill is due", "level": "info", "logger": "tests", "late_ms": 12}


def test_a_line_for_people_is_not_json() -> None:
    """On a terminal a line is for reading."""
    stream = Terminal()
    configure("info", [], stream)
    log.info("a drill is due", late_ms=12)
    assert "a drill is due" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_a_learner_appears_only_as_a_tag(output: io.StringIO) -> None:
    """A learner's id is replaced by its tag, whichever of the usual names it goes by."""
    for name in ("learner", "learner_id", "user_id", "chat_id"):
        log.info("answered", **{name: 5_550_001_001})
    assert output.getvalue().count(learner_tag(5_550_001_001, SALT)) == 4
    assert "5550001001" not in output.getvalue()


def test_a_tag_is_the_same_for_the_same_salt_only() -> None:
    """A tag follows one learner through one log; with another salt it is another one."""
    assert learner_tag(1001, SALT) == learner_tag(1001, SALT)
    assert learner_tag(1001, SALT) != learner_tag(1002, SALT)
    assert learner_tag(1001, SALT) != learner_tag(1001, b"salt")
    assert len({learner_tag(learner_id, SALT) for learner_id in range(10_000)}) == 10_000


def test_what_nobody_caught_is_logged(output: io.StringIO) -> None:
    """The program's, a thread's and a finalizer's uncaught errors are logged and redacted."""

    class Broken:
        def __del__(self) -> None:
            raise RuntimeError(f"finalizer bot{TOKEN}")

    install_last_resort()
    try:
        asking(f"bot{TOKEN}")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    thread = threading.Thread(target=asking, args=[f"bot{TOKEN}"])
    thread.start()
    thread.join()
    Broken()
    gc.collect()
    told = output.getvalue()
    for what in ("the program failed", "a thread failed", "a finalizer failed"):
        assert what in told
    assert "ConnectionError" in told
    assert TOKEN not in told


def test_what_an_error_said_is_not_logged(output: io.StringIO) -> None:
    """Of errors, their causes and groups of them, kind and place are told, and not their words."""

    def failing(answer: str) -> None:
        try:
            raise KeyError(answer)
        except KeyError as error:
            raise ExceptionGroup(
                answer, [ValueError(answer), OSError(2, "gone", answer)]
            ) from error

    install_last_resort()
    try:
        failing(WORDS)
    except ExceptionGroup as error:
        sys.excepthook(ExceptionGroup, error, error.__traceback__)
        plain.exception("it failed")
        log.exception("it failed")
    told = output.getvalue()
    for kind in ("KeyError", "ExceptionGroup", "ValueError", "FileNotFoundError: gone"):
        assert told.count(kind) >= 3
    assert "in failing" in told
    assert WORDS not in told


def test_an_interrupt_is_no_failure(
    output: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C is left to Python."""
    install_last_resort()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert output.getvalue() == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


async def test_a_lost_task_is_logged(output: io.StringIO) -> None:
    """An error of a task that nobody waited for is logged with its traceback, and redacted."""

    async def lost() -> None:
        asking(f"bot{TOKEN}")

    asyncio.get_running_loop().set_exception_handler(loop_exception_handler)
    task = asyncio.create_task(lost())
    await asyncio.wait({task})
    del task
    gc.collect()
    told = output.getvalue()
    assert "a task failed" in told
    assert "never retrieved" in told
    assert "ConnectionError" in told
    assert TOKEN not in told


async def test_debugging_asyncio_tells_no_words(output: io.StringIO) -> None:
    """What asyncio logs of slow or failed tasks and callbacks is their names, not what they hold."""

    async def slow(said: str) -> str:
        return said

    task = asyncio.create_task(slow(WORDS), name="lane")
    await task
    handle = asyncio.get_running_loop().call_soon(len, WORDS)
    for thing in (task, handle, WORDS):
        logging.getLogger("asyncio").warning("Executing %s took %.3f seconds", thing, 0.25)
        loop_exception_handler(asyncio.get_running_loop(), {"message": "failed", "handle": thing})
    told = output.getvalue()
    assert "lane" in told
    assert "took 0.250 seconds" in told
    assert WORDS not in told


def test_a_short_secret_does_not_blank_the_log() -> None:
    """A secret too short to be recognised leaves the log readable."""
    stream = io.StringIO()
    configure("info", ["a", ""], stream)
    log.info("a drill is due at last")
    assert "a drill is due at last" in stream.getvalue()


def test_secrets_of_any_shape_are_redacted() -> None:
    """A webhook's secret is redacted wherever it is said, URL-encoded too."""
    stream = io.StringIO()
    configure("info", ["geheim/+& 7"], stream)
    log.info("the secret is geheim/+& 7", encoded=quote("geheim/+& 7", safe=""))
    assert "geheim" not in stream.getvalue()
