"""What the sandbox says when it will not do something, in Telegram's words."""

from __future__ import annotations


class Refusal(Exception):
    """A request that is not carried out; the bot is told the status and the description."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(reason: str) -> Refusal:
    """400: the request is wrong, and `reason` says how."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """403: the bot may not do this here."""
    return Refusal(403, f"Forbidden: {reason}")


def too_many(retry_after: int) -> Refusal:
    """429: the bot may try again after `retry_after` seconds."""
    description = f"Too Many Requests: retry after {retry_after}"
    return Refusal(429, description, retry_after=retry_after)
