"""A local stand-in for Telegram: the Bot API over HTTP, and phones in the browser."""

from bot.sandbox.limits import Limits
from bot.sandbox.page import ClockControl
from bot.sandbox.server import TOKEN, Sandbox
from bot.sandbox.world import World

__all__ = ["TOKEN", "ClockControl", "Limits", "Sandbox", "World"]
