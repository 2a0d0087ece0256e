"""Logging: structlog in front, the standard library behind, and one place where text gets out.

Everything that is logged, by the bot or by a library, leaves through one handler. Its formatter
redacts the finished line, so a secret is caught wherever it was: in a message, an argument, a
traceback or an event's value.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets as chance
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from bot.telemetry.redaction import Redactor
from bot.telemetry.traces import trace

# These print what learners wrote, or whole requests, below WARNING.
_TALKATIVE: Final = (
    "aiohttp.access",
    "alembic",
    "aiosqlite",
    "apscheduler",
    "httpcore",
    "httpx",
    "sqlalchemy",
    "telegram",
)
_LEARNER_KEYS: Final = frozenset({"learner", "learner_id", "user_id", "chat_id"})
_TAG_BYTES: Final = 6  # a million learners share a tag less than once in 500 logs

log = structlog.get_logger(__name__)


def learner_tag(learner_id: int, salt: bytes) -> str:
    """What stands for a learner in the logs: the same for the same salt, and no way back."""
    digest = hmac.digest(salt, str(learner_id).encode(), hashlib.sha256)
    return digest[:_TAG_BYTES].hex()


def configure(
    level: str, secrets: Sequence[str], stream: TextIO, *, salt: bytes | None = None
) -> None:
    """Send all logging to `stream`: lines for people on a terminal, JSON lines otherwise.

    `level` is debug, info or warning. No `secrets` will be in the output. Learner ids are replaced
    by tags made with `salt`; without one, tags of different runs have nothing in common.
    """
    before = _processors(salt or chance.token_bytes(16))
    handler = _Handler(stream, Redactor(secrets))
    handler.setFormatter(_formatter(before, stream, handler.redact))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("asyncio").addFilter(_conceal_arguments)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def install_last_resort() -> None:
    """Log what nobody caught, in the program, in its threads and in finalizers, then go on."""

    def in_program(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            log.critical("the program failed", exc_info=(kind, error, trace))

    def in_thread(failure: threading.ExceptHookArgs) -> None:
        log.critical("a thread failed", exc_info=failure.exc_value)

    def in_finalizer(failure: "sys.UnraisableHookArgs") -> None:
        log.error("a finalizer failed", exc_info=failure.exc_value)

    sys.excepthook = in_program
    threading.excepthook = in_thread
    sys.unraisablehook = in_finalizer


def loop_exception_handler(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For `loop.set_exception_handler`: log what a task or callback failed with, and go on."""
    what = context.get("task") or context.get("future") or context.get("handle")
    log.error(
        "a task failed",
        said=context["message"],
        what=_called(what),
        exc_info=context.get("exception"),
    )


def _called(thing: object) -> str:
    """What a task or callback of asyncio is called; its own repr tells what it was given or returned."""
    if isinstance(thing, asyncio.Task):
        return f"{thing.get_name()} {getattr(thing.get_coro(), '__qualname__', '')}".rstrip()
    return type(thing).__name__


def _conceal_arguments(record: logging.LogRecord) -> bool:
    """For asyncio's debugging, which prints whole tasks and callbacks: only names and numbers stay."""
    if isinstance(record.args, tuple):
        plain = (int, float)
        record.args = tuple(a if isinstance(a, plain) else _called(a) for a in record.args)
    return True


class _Handler(logging.StreamHandler[TextIO]):
    """A stream handler that redacts even what it has to say about its own failures."""

    def __init__(self, stream: TextIO, redact: Redactor) -> None:
        super().__init__(stream)
        self.redact = redact

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Say which call could not be logged, without its arguments: they may be private."""
        if sys.stderr is not None:
            where = f"{record.pathname}:{record.lineno}"
            error = sys.exc_info()[1]
            told = f"a call to the log failed at {where}\n{trace(error) if error else ''}\n"
            sys.stderr.write(self.redact(told))


class _Redacting(logging.Formatter):
    def __init__(self, inner: logging.Formatter, redact: Redactor) -> None:
        super().__init__()
        self._inner = inner
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        return self._redact(self._inner.format(record))


def _trace(exc_info: ExcInfo) -> str:
    return trace(exc_info[1])


def _write_trace(stream: TextIO, failure: ExcInfo) -> None:
    stream.write(f"\n{_trace(failure)}")


def _processors(salt: bytes) -> list[Processor]:
    def tag_learners(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key in _LEARNER_KEYS & event.keys():
            if isinstance(event[key], int):
                event[key] = learner_tag(event[key], salt)
        return event

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tag_learners,
    ]


def _formatter(before: list[Processor], stream: TextIO, redact: Redactor) -> logging.Formatter:
    rendering: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=True, exception_formatter=_write_trace)]
        if stream.isatty()
        else [
            structlog.processors.ExceptionRenderer(_trace),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(),
        ]
    )
    inner = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    )
    return _Redacting(inner, redact)
