"""How large a picture is by its head, and so how many tokens it weighs (claude-api §6.5)."""

from __future__ import annotations

import math
import re
import struct
from typing import Final

PATCH: Final = 28
LIMITS: Final = {True: (2576, 4784), False: (1568, 1568)}
"""The longest edge in pixels and the most tokens, by whether the tokenizer is the one since 4.7."""
HEAD: Final = 1 << 16
"""Bytes that nearly always tell the size; a JPEG can have megabytes of colour profiles and previews before it."""
SIGNS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
"""How the files that the API takes begin."""
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""The JPEG markers that say a size."""
BARE: Final = frozenset((0x01, *range(0xD0, 0xD9)))
"""Those that nothing belongs to."""
PDF_PAGE: Final = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
"""What a page's object says of itself; `/Pages` is the tree of them."""


def media_type(data: bytes) -> str | None:
    """What kind of picture it is by its first bytes, whatever its file is called; None for no picture of these."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in SIGNS if data.startswith(sign)), None)


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, None where the head doesn't say."""
    match media_type(data):
        case "image/png":
            return struct.unpack(">II", data[16:24]) if len(data) >= 24 else None
        case "image/gif":
            return struct.unpack("<HH", data[6:10]) if len(data) >= 10 else None
        case "image/webp":
            return _webp(data)
        case "image/jpeg":
            return _jpeg(data)
    return None


def tokens(width: int, height: int, *, new: bool) -> int:
    """One token for each 28 × 28 pixels, after shrinking what is too large until it fits."""
    edge, most = LIMITS[new]
    long, short = max(width, height, 1), max(min(width, height), 1)
    side = min(float(long), edge)
    while _patches(side) * _patches(side * short / long) > most:
        side = (_patches(side) - 1) * PATCH
    return _patches(side) * _patches(side * short / long)


def _patches(pixels: float) -> int:
    return max(1, math.ceil(pixels / PATCH))


def _webp(data: bytes) -> tuple[int, int] | None:
    if len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def pdf_pages(data: bytes) -> int:
    """A guess at a PDF's pages: the page objects that stand there uncompressed, at least one."""
    return max(1, len(PDF_PAGE.findall(data)))
