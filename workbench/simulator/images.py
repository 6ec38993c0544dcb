"""How large a picture is, and so how many tokens it weighs."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.simulator.shape import Block

PATCH: Final = 28
UNKNOWN: Final = 1_600
"""For a picture that lies elsewhere or whose head says no size."""
LIMITS: Final = {True: (2576, 4784), False: (1568, 1568)}
"""The longest edge in pixels and the most tokens, by whether the tokenizer is the one since 4.7."""


def tokens(source: Block, *, new: bool) -> int:
    """One token for each 28 × 28 pixels, after shrinking what is too large until it fits."""
    data = source.get("data")
    found = size(_head(data)) if isinstance(data, str) else None
    if found is None:
        return UNKNOWN
    edge, most = LIMITS[new]
    long, short = max(*found, 1), max(min(found), 1)
    side = min(float(long), edge)
    while _patches(side) * _patches(side * short / long) > most:
        side = (_patches(side) - 1) * PATCH
    return _patches(side) * _patches(side * short / long)


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the head of a PNG, GIF or JPEG."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"GIF8" and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    return _jpeg(data) if data[:2] == b"\xff\xd8" else None


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def pdf_pages(data: str) -> int:
    """A guess at a document's pages: its page objects, at least one."""
    raw = _decoded(data)
    return max(1, raw.count(b"/Type /Page") + raw.count(b"/Type/Page") - raw.count(b"/Type /Pages"))


def _head(data: str) -> bytes:
    return _decoded(data[: 1 << 16])


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data[: len(data) // 4 * 4], validate=False)
    except binascii.Error:
        return b""


def _patches(pixels: float) -> int:
    return max(1, math.ceil(pixels / PATCH))
