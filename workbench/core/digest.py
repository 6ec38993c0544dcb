"""SHA-256, loaded with the first text that needs it: an empty session needs none, and it brings a large library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash


def sha256(text: bytes = b"") -> _Hash:
    from hashlib import sha256 as made

    return made(text)
