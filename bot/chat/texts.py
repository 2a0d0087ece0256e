"""Every text the bot says, from one Fluent catalogue a language; values are escaped on the way in."""

from datetime import date
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"


class Texts:
    """Looks texts up by id. A missing id or value is a bug and raises, never an odd message."""

    def __init__(self, locale: str = DEFAULT) -> None:
        self._bundle = _bundle(locale)

    def __call__(self, text_id: str, /, **values: Any) -> str:
        """The text as Telegram's HTML. String values are escaped; `Html` values are HTML already."""
        arguments = {name: _safe(value) for name, value in values.items()}
        message = self._bundle.get_message(text_id)
        if message.value is None:
            raise LookupError(text_id)
        text, errors = self._bundle.format_pattern(message.value, arguments)
        if errors:
            raise LookupError(f"{text_id}: {errors[0]}")
        return str(text)

    def plain(self, text_id: str, /, **values: Any) -> str:
        """The text where Telegram takes no HTML: labels, toasts, menus."""
        return self(text_id, **{name: Html(str(value)) for name, value in values.items()})

    def long_date(self, day: date) -> str:
        """A date in words."""
        month = self.plain(f"month-{day.month}")
        return self.plain("date-long", day=day.day, month=month, year=day.year)


def shortened(text: str, most: int) -> str:
    """A text of so many characters at most."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


class Html(str):
    """Text that is HTML already, made by `Texts` itself; it is not escaped a second time."""

    __slots__ = ()


@cache
def _bundle(locale: str) -> FluentBundle:
    bundle = FluentBundle([locale], use_isolating=False)
    source = (LOCALES / f"{locale}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle


def _safe(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Html):
        return escape(value, quote=False)
    return str(value) if isinstance(value, Html) else value
