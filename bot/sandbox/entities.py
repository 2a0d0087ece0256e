"""HTML as Telegram's parse mode reads it: text with entities, or the reason for refusing it.

Offsets of entities are in UTF-16 code units, those in error texts in bytes of UTF-8, as Telegram
counts them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.shapes import Json

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_SPECIAL = re.compile(r"[<&]")
_SPACES = re.compile(r"[ \t\r\n\v]*")
_TAG_NAME = re.compile(r"[^ \t\r\n\v>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v=>]*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_CHARACTER = re.compile(
    r"&(?:#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))|(lt|gt|amp|quot)(?![A-Za-z]));?"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TIME_FORMAT = re.compile(r"[rR]?|[tTdDwW]+")
_LINK_SCHEMES = ("http", "https", "tg", "ton", "tonsite", "ftp", "mailto")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram measures."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_html(source: str) -> tuple[str, list[Json]]:
    """The text without its tags, and the entities in the order in which they end.

    Raises Refusal with Telegram's error text for HTML that Telegram does not take.
    """
    if not _SPECIAL.search(source):
        return source, []
    reader = _Reader(source)
    reader.read()
    for entity in reader.entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return "".join(reader.parts), reader.entities


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    attributes: dict[str, str]
    offset: int  # in the text, UTF-16 code units
    part: int  # how many parts of the text came before it


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.entities: list[Json] = []
        self.open: list[_Tag] = []

    def read(self) -> None:
        while (special := _SPECIAL.search(self.source, self.at)) is not None:
            self._copy(self.source[self.at : special.start()])
            self.at = special.start()
            if special.group() == "&":
                self._character()
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        self._copy(self.source[self.at :])
        if self.open:
            name = self.open[-1].name
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')

    def _copy(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += utf16_length(text)

    def _character(self) -> None:
        found = _CHARACTER.match(self.source, self.at)
        character = found and _decoded(found)
        if found is None or not character:
            self._copy("&")
            self.at += 1
        else:
            self._copy(character)
            self.at = found.end()

    def _start_tag(self) -> None:
        begin = self.at
        name = self._take(_TAG_NAME, begin + 1).lower()
        if self._ended():
            raise self._refused("Unclosed start tag at", begin)
        if name not in _KINDS:
            raise self._refused(f'Unsupported start tag "{name}" at', begin)
        attributes: dict[str, str] = {}
        while self._after_spaces() != ">":
            attribute, value = self._attribute(name, begin)
            attributes[attribute] = value
        self.at += 1
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._refused('Tag "span" must have class "tg-spoiler" at', begin)
        self.open.append(_Tag(name, attributes, self.length, len(self.parts)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._take(_ATTRIBUTE_NAME, self.at)
        if not name:
            raise self._refused(f'Empty attribute name in the tag "{tag}" at', begin)
        if self._after_spaces() != "=":
            if self._ended():
                raise self._refused(f'Unclosed start tag "{tag}" at', begin)
            return name, ""
        self.at += 1
        quote = self._after_spaces()
        if self._ended():
            raise self._refused(f'Unclosed start tag "{tag}" at', begin)
        value = self._quoted(quote) if quote in "'\"" else self._token()
        if self._ended():
            raise self._refused("Unclosed start tag at", begin)
        return name, value

    def _quoted(self, quote: str) -> str:
        end = self.source.find(quote, self.at + 1)
        end = len(self.source) if end < 0 else end
        raw = self.source[self.at + 1 : end]
        self.at = end + 1
        return _CHARACTER.sub(lambda found: _decoded(found) or found.group(), raw)

    def _token(self) -> str:
        begin = self.at
        value = self._take(_NAME_TOKEN, begin).lower()
        if not self._ended() and self.source[self.at] not in " \t\r\n\v>":
            raise self._refused("Unexpected end of name token at", begin)
        return value

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._refused("Unexpected end tag at", begin)
        name = self._take(_TAG_NAME, begin + 2).lower()
        if self._after_spaces() != ">":
            raise self._refused("Unclosed end tag at", begin)
        self.at += 1
        tag = self.open.pop()
        if name not in ("", tag.name):
            raise self._refused(
                "Unmatched end tag at", begin, f', expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        place = {"offset": tag.offset, "length": self.length - tag.offset}
        kind = _KINDS[tag.name]
        if kind in ("pre", "code"):
            self._close_code(kind, place, tag.attributes.get("class", ""))
        elif kind in _DETAILS:
            details = _DETAILS[kind](tag.attributes, "".join(self.parts[tag.part :]))
            if details is not None:
                self.entities.append({"type": kind, **place, **details})
        elif kind == "blockquote" and "expandable" in tag.attributes:
            self.entities.append({"type": "expandable_blockquote", **place})
        else:
            self.entities.append({"type": kind, **place})

    def _close_code(self, kind: str, place: dict[str, int], css_class: str) -> None:
        """A `code` with a language that fills a `pre`, or the other way round, is one entity."""
        language = css_class.removeprefix("language-") if kind == "code" else ""
        last = self.entities[-1] if self.entities else {}
        same = last.get("type") in ("pre", "code") and place.items() <= last.items()
        if same and last["type"] != kind and (language or "language" in last):
            last["type"] = "pre"
            last["language"] = last.get("language") or language
            return
        self.entities.append({"type": kind, **place} | ({"language": language} if language else {}))

    def _take(self, pattern: re.Pattern[str], begin: int) -> str:
        found = pattern.match(self.source, begin)
        assert found is not None, "every pattern here matches the empty text"
        self.at = found.end()
        return found.group()

    def _after_spaces(self) -> str:
        """Skip spaces; the character there, empty at the end."""
        self._take(_SPACES, self.at)
        return self.source[self.at : self.at + 1]

    def _ended(self) -> bool:
        return self.at >= len(self.source)

    def _refused(self, what: str, position: int, more: str = "") -> Refusal:
        offset = len(self.source[:position].encode("utf-8", "surrogatepass"))
        return _cannot_parse(f"{what} byte offset {offset}{more}")


def _link(attributes: dict[str, str], inside: str) -> Json | None:
    """The address as Telegram writes it; none, and the link is lost, if Telegram does not take it.

    Mentions by user id are lost too: the sandbox does not look people up for them.
    """
    address = attributes.get("href") or inside
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
    except ValueError:
        return None
    if parts.scheme not in _LINK_SCHEMES or not parts.netloc or parts.netloc == "user":
        return None
    if parts.scheme in ("http", "https") and "." not in parts.netloc:
        return None
    return {"url": parts._replace(path=parts.path or "/").geturl()}


def _custom_emoji(attributes: dict[str, str], _inside: str) -> Json:
    identifier = attributes.get("emoji-id", "")
    if not identifier.isdecimal() or not int(identifier):
        raise bad_request("invalid custom emoji identifier specified")
    return {"custom_emoji_id": identifier}


def _date_time(attributes: dict[str, str], _inside: str) -> Json:
    unix, form = attributes.get("unix", ""), attributes.get("format", "")
    if not unix.isdecimal() or not int(unix):
        raise _cannot_parse("Invalid Unix time specified")
    if not _TIME_FORMAT.fullmatch(form):
        raise _cannot_parse("Invalid date-time format specified")
    return {"unix_time": int(unix)} | ({"date_time_format": form} if form else {})


_DETAILS = {"text_link": _link, "custom_emoji": _custom_emoji, "date_time": _date_time}


def _decoded(found: re.Match[str]) -> str:
    """The character that a reference stands for; empty when it stands for none."""
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _cannot_parse(reason: str) -> Refusal:
    return bad_request(f"can't parse entities: {reason}")
