"""JSON as it crosses the wire: orjson, and the standard library for what orjson is too strict for.

A lone surrogate (half an emoji) is legal in JSON text but not in UTF-8, so orjson refuses it both
ways. One such name in one update must not stop the polling of everybody else's: the slow path puts
a question mark in its place.
"""

import json
from typing import Any

import orjson

# Telegram takes seconds since 1970, never an ISO date: let a forgotten datetime fail here.
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def encode(value: object) -> bytes:
    """The value as JSON; TypeError or ValueError when it has no JSON form."""
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except TypeError:
        return _without_surrogates(value)


def decode(payload: bytes) -> Any:
    """The value that a JSON payload stands for; ValueError when it is not JSON."""
    try:
        return orjson.loads(payload)
    except ValueError:
        return _decode_leniently(payload)


def _decode_leniently(payload: bytes) -> Any:
    try:
        return orjson.loads(_without_surrogates(json.loads(payload.decode(errors="replace"))))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_surrogates(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors="replace")
