"""Numbers that look like chance and are the same everywhere: a seed and a few words decide them."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def digest(*parts: object, size: int = 16) -> bytes:
    """A short fingerprint of the parts, whose borders count."""
    return blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=size).digest()


class Chance:
    """A stream of numbers named by its parts; unlike `random`, stable over Python versions."""

    def __init__(self, *parts: object) -> None:
        self._key = digest(*parts, size=32)
        self._turn = 0
        self._pool: list[int] = []

    def _word(self) -> int:
        if not self._pool:
            block = blake2b(self._turn.to_bytes(8, "big"), key=self._key).digest()
            self._turn += 1
            self._pool = [int.from_bytes(block[at : at + 8], "big") for at in range(0, 64, 8)]
        return self._pool.pop()

    def real(self) -> float:
        """At least 0, below 1."""
        return (self._word() >> 11) / (1 << 53)

    def below(self, count: int) -> int:
        return self._word() % count

    def between(self, low: int, high: int) -> int:
        """Both ends included."""
        return low + self._word() % (high - low + 1)

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self._word() % len(choices)]

    def letters(self, count: int) -> str:
        """Letters and digits as the API's ids have them."""
        return "".join(ALPHABET[self._word() % len(ALPHABET)] for _ in range(count))
