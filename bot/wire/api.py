"""One way to call the Bot API: a method's name and its parameters, as the schema has them."""

import asyncio
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from telegram import Bot, InputFile
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

from bot.wire.transport import AiohttpRequest

PLAIN_PATH = re.compile(r"[\w-]+(?:/[\w.-]+)+", re.ASCII)
"""What Telegram's own paths look like: "voice/file_12.oga", relative, with nothing to be escaped."""

UPLOADS = {"sendDocument": "document", "sendPhoto": "photo"}
"""Which parameter carries the file of an uploading method."""


class BotApi:
    """Raw calls through python-telegram-bot: its errors, no objects built that nobody reads.

    `api_url` is the server's address without a trailing slash.
    """

    def __init__(self, token: str, api_url: str, transport: AiohttpRequest) -> None:
        warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)
        self._transport = transport
        self._files = f"{api_url}/file/bot{token}"
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=transport,
            get_updates_request=transport,
        )

    async def call(
        self,
        method: str,
        parameters: dict[str, Any] | None = None,
        *,
        read_timeout: float | None = None,
        upload: Path | None = None,
    ) -> Any:
        """Return `result` of the answer. Raises `telegram.error.TelegramError`.

        `InvalidToken`: the token is wrong or was revoked. `upload`: the file that goes with it.
        """
        arguments = dict(parameters or {})
        if upload is not None:
            # Its name on disk is a secret; what the learner sees stands in the parameters.
            name = arguments.pop("file_name", upload.name)
            content = await asyncio.to_thread(upload.read_bytes)
            arguments[UPLOADS[method]] = InputFile(content, filename=name)
        return await self.bot.do_api_request(
            method,
            api_kwargs=arguments,
            read_timeout=BaseRequest.DEFAULT_NONE if read_timeout is None else read_timeout,
        )

    async def download(
        self, file_id: str, sink: Callable[[bytes], object], limit_bytes: int
    ) -> int:
        """Fetch a file's bytes into `sink`. Raises `TooLarge` or `TelegramError`.

        The address contains the token, so it is used here and kept nowhere.
        """
        found = await self.call("getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        if path is None:
            raise TelegramError("there is no way to the file just now")
        if not isinstance(path, str) or not PLAIN_PATH.fullmatch(path) or "/.." in path:
            raise BadRequest("the way to the file leads elsewhere")
        return await self._transport.download(f"{self._files}/{path}", sink, limit_bytes)
