"""Compressed answers: nobody asked for them, but some servers send them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from workbench.engine import failures
from workbench.engine.failures import Broken

WINDOWS: Final[Mapping[str, int]] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""zlib's window size, which also says which header is due."""
AT_ONCE: Final = 64 * 1024
"""Bytes unpacked at a time: a bomb meets the caller's cap before it fills the memory, and others get their turns."""


class Unpacker:
    """gzip or deflate, piece by piece."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._zlib = zlib.decompressobj(WINDOWS[encoding])

    @property
    def whole(self) -> bool:
        """Whether the compressed data came to its own end: httpx takes a truncated one for whole."""
        return self._zlib.eof

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes unpack to. Raises Broken for what is not compressed."""
        while packed:
            try:
                piece = self._zlib.decompress(packed, AT_ONCE)
            except zlib.error:
                raise Broken(failures.packed_wrongly(self._encoding), "body", nonsense=True) from None
            packed = self._zlib.unconsumed_tail
            if piece:
                yield piece


def unpacker(encoding: str) -> Unpacker | None:
    """What unpacks an answer, or None where it isn't packed. Raises Broken for an unknown encoding."""
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in WINDOWS:
        raise Broken(failures.packed_wrongly(name), "body", nonsense=True)
    return Unpacker(name)
