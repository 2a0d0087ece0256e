"""Files: sent both ways, reused by their id, downloaded, refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.files import picture_size
from tests.sandbox.conftest import ANN, CARL, Client

OGG = b"OggS" + bytes(range(256))
JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x30\x00\x40\x01\x01\x11\x00"


def png(width: int, height: int) -> bytes:
    """The beginning of a picture of that size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    checked = header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + checked


def form(kind: str, data: bytes, name: str = "x.bin", **fields: str) -> aiohttp.FormData:
    """A form for Ann with one file in it."""
    parts = aiohttp.FormData({"chat_id": str(ANN), **fields})
    parts.add_field(kind, io.BytesIO(data), filename=name, content_type="application/octet-stream")
    return parts


async def upload(client: Client, method: str, kind: str, data: bytes, **fields: str) -> Any:
    """The answer to a file sent in a form."""
    return await client.send_form(method, form(kind, data, **fields))


@pytest.mark.parametrize(
    ("method", "kind", "data"),
    [
        ("sendVoice", "voice", OGG),
        ("sendVideoNote", "video_note", b"\0\0\0\x18ftypmp42"),
        ("sendPhoto", "photo", png(640, 480)),
        ("sendDocument", "document", b"{}"),
    ],
)
async def test_a_sent_file_can_be_downloaded_and_sent_again(
    client: Client, method: str, kind: str, data: bytes
) -> None:
    """Every kind comes back with an id that fetches the same bytes and may be sent again."""
    content = (await upload(client, method, kind, data)).result[kind]
    content = content[-1] if kind == "photo" else content
    assert content["file_size"] == len(data)
    path = (await client.call("getFile", file_id=content["file_id"])).result["file_path"]
    fetched = await client.bytes_of(f"/file/bot{client.sandbox.token}/{path}")
    assert fetched[:2] == (200, data)
    again = (await client.call(method, chat_id=ANN, **{kind: content["file_id"]})).result
    sent_again = again[kind][-1] if kind == "photo" else again[kind]
    assert sent_again == content


async def test_a_file_may_be_attached_by_name(client: Client) -> None:
    """`attach://` names another part of the form."""
    parts = form("clip", OGG, voice="attach://clip", duration="7", caption="<b>Mine</b>")
    parts.add_field("parse_mode", "HTML")
    sent = (await client.send_form("sendVoice", parts)).result
    assert sent["voice"]["duration"] == 7
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("Mine", "bold")


async def test_the_journal_keeps_no_bytes(client: Client) -> None:
    """Of an upload the journal knows name, type and size."""
    await upload(client, "sendVoice", "voice", OGG)
    kept = client.sandbox.journal.entries[-1].parameters["voice"]
    assert kept == {
        "file_name": "x.bin",
        "mime_type": "application/octet-stream",
        "file_size": len(OGG),
    }


async def test_a_picture_has_its_size(client: Client) -> None:
    """Width and height are read from the picture."""
    (photo,) = (await upload(client, "sendPhoto", "photo", png(640, 480))).result["photo"]
    assert (photo["width"], photo["height"]) == (640, 480)
    assert picture_size(JPEG) == (64, 48)
    assert picture_size(b"\xff\xd8\xff\xd9") is None


async def test_a_voice_that_is_none_goes_as_a_document(client: Client) -> None:
    """What is neither Ogg, MP3 nor M4A becomes a document, as with Telegram."""
    sent = (await upload(client, "sendVoice", "voice", b"RIFF....WAVE")).result
    assert "voice" not in sent
    assert sent["document"]["file_name"] == "x.bin"
    m4a = (await upload(client, "sendVoice", "voice", b"\0\0\0\x18ftypM4A ")).result
    assert "voice" in m4a


@pytest.mark.parametrize(
    ("method", "kind", "data", "reason"),
    [
        ("sendVoice", "voice", b"", "file must be non-empty"),
        ("sendPhoto", "photo", b"no picture", "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", "photo", png(10_000, 1), "PHOTO_INVALID_DIMENSIONS"),
        ("sendPhoto", "photo", png(9, 9) + bytes(10 * 2**20), "file is too big"),
    ],
)
async def test_a_wrong_file_is_refused(
    client: Client, method: str, kind: str, data: bytes, reason: str
) -> None:
    """Empty files and pictures that are none, too large or too long are refused."""
    answer = await upload(client, method, kind, data)
    assert answer.refusal == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "there is no voice in the request"),
        ({"voice": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        ({"voice": "https://example.com/a.ogg"}, "sending by URL is not offered by the sandbox"),
        ({"voice": "attach://clip"}, 'there is no file "clip" in the request'),
        ({"voice": 5}, 'parameter "voice" must be a file or a file_id'),
        ({"voice": "x", "caption": "y" * 1025}, "message caption is too long"),
        ({"voice": "x", "duration": "long"}, 'parameter "duration" must be an Integer'),
    ],
)
async def test_a_wrong_way_to_send_is_refused(
    client: Client, params: dict[str, Any], reason: str
) -> None:
    """Ids that are none and parts that are missing are refused with the reason."""
    parts = aiohttp.FormData({"chat_id": str(ANN)} | {k: str(v) for k, v in params.items()})
    by_form = isinstance(params.get("voice"), str)
    if by_form:
        answer = await client.send_form("sendVoice", parts)
    else:
        answer = await client.call("sendVoice", chat_id=ANN, **params)
    assert answer.refusal == (400, f"Bad Request: {reason}")


async def test_a_file_goes_only_as_what_it_is(client: Client) -> None:
    """A voice's id cannot be sent as a document."""
    voice = client.sandbox.world.send(ANN, "voice", OGG, duration=3)["voice"]
    answer = await client.call("sendDocument", chat_id=ANN, document=voice["file_id"])
    assert answer.refusal == (400, "Bad Request: can't use file of type VoiceNote as Document")


async def test_a_part_nobody_asked_for_is_refused(client: Client) -> None:
    """A file under an unknown name is an unknown parameter."""
    parts = form("music", OGG, voice="x")
    answer = await client.send_form("sendVoice", parts)
    assert answer.refusal == (400, 'Bad Request: unknown parameter "music"')


async def test_a_form_without_a_boundary_is_refused(client: Client) -> None:
    """A form that cannot be taken apart is answered 400."""
    url = f"{client.sandbox.url}/bot{client.sandbox.token}/sendVoice"
    headers = {"Content-Type": "multipart/form-data"}
    async with client.session.post(url, data=b"x", headers=headers) as response:
        body = await response.json()
    assert body["description"].startswith("Bad Request: can't parse form: ")


@pytest.mark.parametrize("megabytes", [51, 67])
async def test_a_request_too_large_is_refused(client: Client, megabytes: int) -> None:
    """Above 50 MB the file, and far above it the request itself, is refused, as by Telegram."""
    data = bytes(megabytes * 2**20)
    refusal = (await upload(client, "sendDocument", "document", data)).refusal
    assert refusal == (413, "Request Entity Too Large")


async def test_a_large_file_cannot_be_fetched(client: Client) -> None:
    """getFile gives no path to a file above 20 MB."""
    large = client.sandbox.world.send(ANN, "video", bytes(20 * 2**20 + 1), mime_type="video/mp4")
    answer = await client.call("getFile", file_id=large["video"]["file_id"])
    assert answer.refusal == (400, "Bad Request: file is too big")


async def test_what_is_not_there_cannot_be_fetched(client: Client) -> None:
    """Unknown ids are refused, unknown paths and wrong tokens are not found."""
    answer = await client.call("getFile", file_id="nonsense")
    assert answer.refusal == (400, "Bad Request: invalid file_id")
    voice = client.sandbox.world.send(ANN, "voice", OGG)["voice"]
    path = (await client.call("getFile", file_id=voice["file_id"])).result["file_path"]
    assert (await client.get(f"/file/bot{client.sandbox.token}/voice/none.oga")).status == 404
    assert (await client.get(f"/file/bot1:wrong/{path}")).status == 404


async def test_a_recording_is_copied_with_a_new_caption(client: Client) -> None:
    """Copies of media keep the file; a given caption replaces the old one."""
    world = client.sandbox.world
    world.say(CARL, "/start")
    said = world.send(ANN, "voice", OGG, duration=3)
    place = {"chat_id": CARL, "from_chat_id": ANN, "message_id": said["message_id"]}
    await client.call("copyMessage", **place, caption="Ann's answer")
    shown = world.messages(CARL)[-1]
    assert shown["voice"] == said["voice"]
    assert shown["caption"] == "Ann's answer"
    await client.call(
        "copyMessage", chat_id=CARL, from_chat_id=CARL, message_id=shown["message_id"]
    )
    assert world.messages(CARL)[-1]["caption"] == "Ann's answer"


async def test_a_caption_can_be_edited(client: Client) -> None:
    """The caption of a sent file is replaced, and taken away by an empty one."""
    sent = (await upload(client, "sendVoice", "voice", OGG, caption="old")).result
    place = {"chat_id": ANN, "message_id": sent["message_id"]}
    new = await client.call(
        "editMessageCaption", **place, caption="new", show_caption_above_media=True
    )
    assert (new.result["caption"], new.result["show_caption_above_media"]) == ("new", True)
    assert "caption" not in (await client.call("editMessageCaption", **place)).result
    text = await client.call("editMessageText", **place, text="x")
    assert text.refusal == (400, "Bad Request: there is no text in the message to edit")


def is_there(folder: Path) -> bool:
    """Whether the folder exists."""
    return folder.is_dir()


async def test_files_are_gone_after_the_stop(client: Client) -> None:
    """Stopping removes the temporary folder."""
    client.sandbox.world.send(ANN, "voice", OGG)
    folder: Path = next(iter(client.sandbox.world.files._by_id.values())).disk.parent
    assert is_there(folder)
    await client.sandbox.stop()
    assert not is_there(folder)
