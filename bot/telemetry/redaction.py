"""Keeps secrets out of texts that people or machines will read."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

CONCEALED: Final = "<concealed>"

# A Bot API address ("…/bot123:AAF_x/sendMessage", also URL-encoded), and a token on its own.
_ADDRESS = re.compile(r"(bot)\d+(?::|%3A)[\w-]+", re.IGNORECASE)
_TOKEN = re.compile(r"(?<!\d)\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE)
_SHORTEST_SECRET = 5  # replacing every "ab" of a log would hide the log, not the secret


class Redactor:
    """Replaces the given secrets, and whatever looks like a bot token, by ``<concealed>``."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        kept = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
        forms = kept | {quote(secret, safe="") for secret in kept}
        longest_first = sorted(forms, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if forms else None

    def __call__(self, text: str) -> str:
        """The text without its secrets; the very same text when it holds none."""
        if self._secrets is not None:
            text = self._secrets.sub(CONCEALED, text)
        return _TOKEN.sub(CONCEALED, _ADDRESS.sub(rf"\1{CONCEALED}", text))
