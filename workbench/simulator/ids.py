"""Ids as the API shapes them, decided by the seed and a counter: the same calls get the same ids."""

from __future__ import annotations

from collections import Counter

from workbench.simulator.chance import Chance


class Ids:
    def __init__(self, seed: int) -> None:
        self.organization = "00000000-51b0-4000-8000-" + Chance(seed, "organization").letters(12).lower()
        self.workspace = "wrkspc_01" + Chance(seed, "workspace").letters(22)
        self._seed = seed
        self._given: Counter[str] = Counter()

    def next(self, kind: str, length: int = 22) -> str:
        """The next id of a kind: `req`, `msg`, `toolu`, `msgbatch`, `srvtoolu`."""
        self._given[kind] += 1
        return f"{kind}_01{Chance(self._seed, kind, self._given[kind]).letters(length)}"
