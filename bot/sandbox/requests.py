"""Reading a request to the Bot API: JSON, a form, or a form with files."""

from __future__ import annotations

from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.shapes import Json, Upload

_ATTACHED = "attach://"
_UNNAMED = "application/octet-stream"


async def read_request(request: web.Request) -> Json:
    """What the request gives, by name: from its address and its body, files as Upload.

    Raises Refusal: 400 for a body that cannot be read, 413 for one that is too large.
    """
    given: Json = dict(request.query) if request.query_string else {}
    if not request.body_exists:
        return given
    try:
        if request.content_type == "application/json":
            return given | _json(await request.read())
        return given | _attached(await _form(request))
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "Request Entity Too Large") from None


def _json(body: bytes) -> Json:
    try:
        given = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(given, dict):
        raise bad_request("object expected as request")
    return given


async def _form(request: web.Request) -> Json:
    try:
        form = await request.post()
    except ValueError as error:
        raise bad_request(f"can't parse form: {error}") from None
    return {name: _field(value) for name, value in form.items()}


def _field(value: Any) -> Any:
    if isinstance(value, web.FileField):
        with value.file as content:
            return Upload(value.filename, value.content_type or _UNNAMED, content.read())
    return value.decode(errors="replace") if isinstance(value, bytes | bytearray) else value


def _attached(given: Json) -> Json:
    """The fields, with `attach://name` replaced by the file sent under that name."""
    named = {v[len(_ATTACHED) :]: k for k, v in given.items() if _refers(v)}
    for attachment, name in named.items():
        if not isinstance(given.get(attachment), Upload):
            raise bad_request(f'there is no file "{attachment}" in the request')
        given[name] = given.pop(attachment)
    return given


def _refers(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_ATTACHED)


def recorded(given: Json) -> Json:
    """The parameters as the journal keeps them: of files only their name, type and size."""
    return {name: _described(v) if isinstance(v, Upload) else v for name, v in given.items()}


def _described(upload: Upload) -> Json:
    size = len(upload.data)
    return {"file_name": upload.name, "mime_type": upload.mime_type, "file_size": size}
