"""Pictures and documents as bytes: small, but whole enough for whoever looks at their heads, or opens them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO


def png(width: int = 40, height: int = 30, more: int = 0) -> bytes:
    """One of a single colour; `more` bytes make its file larger."""
    rows = zlib.compress(b"".join(b"\0" + b"\x80\x60\x20" * width for _ in range(height)), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), *([(b"tEXt", b"x\0" + b"a" * more)] if more else []), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg(width: int, height: int, before: int = 0) -> bytes:
    """Its head; `before` bytes of a profile and a preview stand before the size."""
    parts = [b"\xff\xd8\xff\xe0\x00\x04ab"]
    while before > 0:
        size = min(before, 65_000)
        parts.append(b"\xff\xe2" + struct.pack(">H", size + 2) + bytes(size))
        before -= size
    return b"".join((*parts, b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(12), b"\xff\xd9"))


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00;"


def webp(width: int, height: int, kind: bytes = b"VP8X") -> bytes:
    if kind == b"VP8X":
        body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif kind == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + bytes(8)
    else:
        body = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(8)
    inner = b"WEBP" + kind + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def pdf(pages: int = 1, password: str = "") -> bytes:
    """One with empty pages."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
