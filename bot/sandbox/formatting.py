"""Text of a message: cleaned, parsed, measured, with the entities Telegram finds by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.sandbox.entities import read_html, utf16_length
from bot.sandbox.refusals import bad_request
from bot.sandbox.shapes import Json, array, encoded, record, text, whole

ENTITIES = encoded(
    array(
        record(
            {"type": text, "offset": whole, "length": whole},
            {
                "url": text,
                "language": text,
                "custom_emoji_id": text,
                "unix_time": whole,
                "date_time_format": text,
            },
        )
    )
)
"""The shape of entities given beside a text."""

_OVERLAPPING = ("bold", "italic", "underline", "strikethrough", "spoiler")
_KINDS = (
    "expandable_blockquote",
    "blockquote",
    "pre",
    "code",
    "text_link",
    "custom_emoji",
    "date_time",
    *_OVERLAPPING,
)
_CONTROLS = {code: " " for code in range(32) if code != 10} | {13: None}
_SOURCE_BYTES = 2**15
_HAS_MARKS = re.compile(r"[/@#]|\w\.\w")
_MARKS = re.compile(
    r"""
    (?P<url>(?:https?|tg|ton|ftp)://[^\s<>"]*[^\s<>".,;:!?)\]}'])
    |(?P<email>(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})
    |(?P<bare>(?<![\w@.])(?:[A-Za-z0-9-]+\.)+(?:com|org|net|edu|gov|info|io|me|dev|app|eu|uk|de)\b
        (?:/[^\s<>"]*[^\s<>".,;:!?)\]}'])?)
    |(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))
    |(?P<mention>(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w))
    |(?P<hashtag>(?<![\w\#])\#(?=\w*[^\W\d_])\w{1,256}(?![\w\#]))
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, as they stand in a message."""

    text: str
    entities: list[Json]

    @property
    def length(self) -> int:
        """Length in UTF-16 code units."""
        return utf16_length(self.text)

    def fields(self, text_name: str, entities_name: str) -> Json:
        """The fields of a message that say it; absent when empty."""
        fields: Json = {}
        if self.text:
            fields[text_name] = self.text
        if self.entities:
            fields[entities_name] = self.entities
        return fields


def formatted(source: str, parse_mode: str | None, entities: list[Json] | None) -> Formatted:
    """The source as a message shows it: parsed, trimmed, with commands and addresses found.

    `parse_mode` wins over `entities`, as with Telegram. Raises Refusal (400).
    """
    if len(source) * 4 > _SOURCE_BYTES and len(source.encode()) > _SOURCE_BYTES:
        raise bad_request("text is too long")
    source = source if source.isprintable() else source.translate(_CONTROLS)
    if parse_mode:
        _check_parse_mode(parse_mode)
        words, found = read_html(source)
    else:
        words, found = source, _given(source, entities or [])
    words, found = _trimmed(words, _settled(found))
    return Formatted(words, _with_marks(words, found))


def plain(source: str) -> Formatted:
    """What a person typed, as Telegram passes it on."""
    return formatted(source, None, None)


def _check_parse_mode(parse_mode: str) -> None:
    if parse_mode.lower() in ("markdown", "markdownv2"):
        raise bad_request(f"parse_mode {parse_mode} is not offered by the sandbox; use HTML")
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")


def _given(source: str, entities: list[Json]) -> list[Json]:
    """The given entities that Telegram keeps; those it finds by itself are left to it."""
    length = utf16_length(source)
    for entity in entities:
        end = entity["offset"] + entity["length"]
        if entity["offset"] < 0 or entity["length"] <= 0 or end > length:
            raise bad_request("entity must lie within the text")
    return [entity for entity in entities if entity["type"] in _KINDS]


def _settled(entities: list[Json]) -> list[Json]:
    """Entities as Telegram returns them: code holds no others, touching ones of a kind are one."""
    if len(entities) < 2:
        return entities
    solid = list(_outermost(e for e in entities if e["type"] not in _OVERLAPPING))
    walls = sorted(_span(e) for e in solid if e["type"] in ("pre", "code"))
    for kind in _OVERLAPPING:
        spans = _merged(sorted(_span(e) for e in entities if e["type"] == kind))
        for begin, end in (piece for span in spans for piece in _outside(span, walls)):
            solid.append({"type": kind, "offset": begin, "length": end - begin})
    return sorted(solid, key=lambda e: (e["offset"], -e["length"], _KINDS.index(e["type"])))


def _outermost(entities: Iterable[Json]) -> Iterator[Json]:
    """Of entities that cannot hold each other, the longer ones; quotes may hold other kinds."""
    kept: list[Json] = []
    for entity in sorted(entities, key=lambda e: (-e["length"], _KINDS.index(e["type"]))):
        quote = "blockquote" in entity["type"]
        rivals = [e for e in kept if ("blockquote" in e["type"]) == quote]
        if not any(_overlap(_span(entity), _span(rival)) for rival in rivals):
            kept.append(entity)
            yield entity


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _outside(span: tuple[int, int], walls: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begin, end = span
    for wall_begin, wall_end in walls:
        if _overlap((begin, end), (wall_begin, wall_end)):
            if begin < wall_begin:
                yield begin, wall_begin
            begin = wall_end
    if begin < end:
        yield begin, end


def _trimmed(words: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without spaces at the end, nor at the start up to the first entity."""
    short = words.rstrip(" \n")
    lead = len(short) - len(short.lstrip(" \n"))
    lead = min([lead, *(entity["offset"] for entity in entities)])
    if len(short) == len(words) and not lead:
        return words, entities
    short, length = short[lead:], utf16_length(short) - lead
    kept = []
    for entity in entities:
        begin = entity["offset"] - lead
        size = min(entity["length"], length - begin)
        if size > 0:
            kept.append({**entity, "offset": begin, "length": size})
    return short, kept


def _with_marks(words: str, entities: list[Json]) -> list[Json]:
    """The entities and those found in the words: commands, mentions, hashtags, addresses."""
    if not _HAS_MARKS.search(words):
        return entities
    taken = [
        _span(e) for e in entities if e["type"] not in _OVERLAPPING and "quote" not in e["type"]
    ]
    found = []
    for mark in _MARKS.finditer(words):
        begin = utf16_length(words[: mark.start()])
        length = utf16_length(mark.group())
        if not any(_overlap((begin, begin + length), span) for span in taken):
            kind = "url" if mark.lastgroup == "bare" else mark.lastgroup
            found.append({"type": kind, "offset": begin, "length": length})
    if not found:
        return entities
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))
