"""Files that went through the sandbox: kept on disk while it runs, described as Telegram does."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox import limits
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.shapes import Json, Upload

# For each kind: the start of its file ids, its folder, its usual ending, Telegram's name for it.
_KINDS = {
    "voice": ("AwACAgIAAxkBAAI", "voice", ".oga", "VoiceNote"),
    "video_note": ("DQACAgIAAxkBAAI", "video_notes", ".mp4", "VideoNote"),
    "video": ("BAACAgIAAxkBAAI", "videos", ".mp4", "Video"),
    "photo": ("AgACAgIAAxkBAAI", "photos", ".jpg", "Photo"),
    "document": ("BQACAgIAAxkBAAI", "documents", "", "Document"),
}
KINDS = tuple(_KINDS)
_DIAMETER = 384
_SIDE_SUM, _SIDE_RATIO = 10_000, 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; `content` is what a message of its kind says about it."""

    kind: str
    id: str
    unique_id: str
    path: str  # below /file/bot<token>/
    disk: Path
    size: int
    mime_type: str
    content: Any

    def described(self) -> Json:
        """Telegram's File object."""
        return {
            "file_id": self.id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
            "file_path": self.path,
        }


class Files:
    """All files of one sandbox, in a temporary folder that is removed with it."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def keep(self, kind: str, upload: Upload, facts: Json | None = None) -> StoredFile:
        """Store a file as `kind`; `facts` may hold its duration, length, width and height.

        Raises Refusal (400) for an empty file and for a picture that is none.
        """
        if not upload.data:
            raise bad_request("file must be non-empty")
        start, folder, ending, _ = _KINDS[kind]
        number = len(self._by_id) + 1
        digest = hashlib.sha512(f"{number} {self._random()}".encode()).digest()
        file_id = start + base64.urlsafe_b64encode(digest[:42]).decode()
        unique_id = "AgAD" + base64.urlsafe_b64encode(digest[42:51]).decode()
        path = f"{folder}/file_{number}{_ending(upload, ending)}"
        disk = self._disk() / f"{number}"
        disk.write_bytes(upload.data)
        names = {"file_id": file_id, "file_unique_id": unique_id, "file_size": len(upload.data)}
        content = _CONTENTS[kind](names, upload, facts or {})
        stored = StoredFile(
            kind, file_id, unique_id, path, disk, len(upload.data), upload.mime_type, content
        )
        self._by_id[file_id] = self._by_path[path] = stored
        return stored

    def named(self, file_id: str) -> StoredFile | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file at this path."""
        return self._by_path.get(path)

    def sent(self, kind: str, given: Upload | str, facts: Json) -> StoredFile:
        """The file a bot sends as `kind`: an upload, or the id of an earlier file of that kind."""
        if isinstance(given, Upload):
            if len(given.data) > limits.UPLOAD_BYTES:
                raise Refusal(413, "Request Entity Too Large")
            if kind == "photo" and len(given.data) > limits.PHOTO_BYTES:
                raise bad_request("file is too big")
            return self.keep(kind, given, facts)
        if given.startswith(("http://", "https://")):
            raise bad_request("sending by URL is not offered by the sandbox")
        stored = self._by_id.get(given)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(
                f"can't use file of type {_KINDS[stored.kind][3]} as {_KINDS[kind][3]}"
            )
        return stored

    def close(self) -> None:
        """Remove every file."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _disk(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="sandbox-")
        return Path(self._folder.name)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG; none for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        # Frame headers are C0 to CF, but for the tables C4, C8 and CC.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _ending(upload: Upload, usual: str) -> str:
    return usual or Path(upload.name).suffix or mimetypes.guess_extension(upload.mime_type) or ""


def _voice(names: Json, upload: Upload, facts: Json) -> Json:
    return {**names, "duration": facts.get("duration", 0), "mime_type": upload.mime_type}


def _video_note(names: Json, _upload: Upload, facts: Json) -> Json:
    length, duration = facts.get("length", _DIAMETER), facts.get("duration", 0)
    return {**names, "length": length, "duration": duration}


def _video(names: Json, upload: Upload, facts: Json) -> Json:
    frame = {"width": facts.get("width", 1280), "height": facts.get("height", 720)}
    known = {"duration": facts.get("duration", 0), "mime_type": upload.mime_type}
    return {**names, **frame, **known, "file_name": upload.name or "video.mp4"}


def _photo(names: Json, upload: Upload, _facts: Json) -> list[Json]:
    size = picture_size(upload.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if not 0 < width + height <= _SIDE_SUM or max(size) > _SIDE_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return [{**names, "width": width, "height": height}]


def _document(names: Json, upload: Upload, _facts: Json) -> Json:
    return {**names, "file_name": upload.name or "file", "mime_type": upload.mime_type}


_CONTENTS: dict[str, Callable[[Json, Upload, Json], Any]] = {
    "voice": _voice,
    "video_note": _video_note,
    "video": _video,
    "photo": _photo,
    "document": _document,
}
