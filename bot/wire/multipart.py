"""A multipart/form-data body that reads its files piece by piece while it is being sent."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from typing import IO

_PIECE_BYTES = 64 * 1024
_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})

# name, contents and media type of one file, as python-telegram-bot hands it over
FilePart = tuple[str, bytes | IO[bytes], str]


class Multipart:
    """Text fields, then files. A file is sent from its present position and is not closed."""

    def __init__(self, fields: Mapping[str, str], files: Mapping[str, FilePart]) -> None:
        self._boundary = os.urandom(16).hex()
        self._fields = b"".join(
            self._head(f'name="{_escaped(name)}"') + text.encode(errors="replace") + b"\r\n"
            for name, text in fields.items()
        )
        self._files = [
            (self._file_head(name, part), part[1], _remaining(part[1]))
            for name, part in files.items()
        ]
        self._end = f"--{self._boundary}--\r\n".encode()

    @property
    def headers(self) -> dict[str, str]:
        """Content-Type and, so that no chunked encoding is needed, Content-Length."""
        files = sum(len(head) + size + 2 for head, _, size in self._files)
        length = len(self._fields) + files + len(self._end)
        return {
            "Content-Type": f"multipart/form-data; boundary={self._boundary}",
            "Content-Length": str(length),
        }

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, in order; EOFError when a file turns out shorter than it was announced."""
        yield self._fields
        for head, content, size in self._files:
            yield head
            async for piece in _read(content, size):
                yield piece
            yield b"\r\n"
        yield self._end

    def _head(self, disposition: str) -> bytes:
        return (
            f"--{self._boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
        ).encode(errors="replace")

    def _file_head(self, name: str, part: FilePart) -> bytes:
        file_name, _, media_type = part
        return self._head(
            f'name="{_escaped(name)}"; filename="{_escaped(file_name)}"\r\n'
            f"Content-Type: {media_type}"
        )


async def _read(content: bytes | IO[bytes], size: int) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, size, _PIECE_BYTES):
            yield content[start : start + _PIECE_BYTES]
        return
    left = size
    while left:
        piece = await asyncio.to_thread(content.read, min(left, _PIECE_BYTES))
        if not piece:
            raise EOFError(f"a file ended {left} bytes early")
        left -= len(piece)
        yield piece


def _remaining(content: bytes | IO[bytes]) -> int:
    if isinstance(content, bytes):
        return len(content)
    position = content.tell()
    end = content.seek(0, os.SEEK_END)
    content.seek(position)
    return end - position


def _escaped(name: str) -> str:
    return name.translate(_ESCAPES)
