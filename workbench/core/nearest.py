"""What a person meant who wrote a word that isn't there; a guess that misleads is worse than none."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

ALIKE: Final = 0.7
"""How like the word must be, of 1: `temprature` is, `foo` and `tools` are not."""
SHORTEST_PART: Final = 3


def nearest(word: str, among: Collection[str], alike: float = ALIKE) -> str | None:
    """The one most like the word, else the only one that has it as a part, else None."""
    if near := get_close_matches(word, among, n=1, cutoff=alike):
        return near[0]
    holding = [each for each in among if word in each] if len(word) >= SHORTEST_PART else []
    return holding[0] if len(holding) == 1 else None
