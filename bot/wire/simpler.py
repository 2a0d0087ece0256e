"""A message in a simpler form: for when Telegram refuses how it is dressed, not what it says."""

import html
import re
from collections.abc import Mapping
from typing import Any

_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|a|code|pre|blockquote|span|tg-spoiler|tg-emoji|tg-time)"
    r"(?:\s[^<>]*)?>",
    re.IGNORECASE,
)


def simpler(parameters: Mapping[str, Any], refusal: str) -> dict[str, Any] | None:
    """What to send instead of `parameters`; None when only what it says can be meant."""
    if "message_effect_id" in parameters:
        return _without(parameters, "message_effect_id")
    if "parse_mode" in parameters and "can't parse entities" in refusal.lower():
        bare = _without(parameters, "parse_mode")
        return bare | {name: _bare(bare[name]) for name in ("text", "caption") if name in bare}
    return None


def _without(parameters: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in parameters.items() if key != name}


def _bare(markup: str) -> str:
    """The text of an HTML message, without the tags that Telegram knows."""
    return html.unescape(_TAG.sub("", markup))
