"""Choices that temperature loosens: at 0 every choice is the request's first one, hotter more are drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from workbench.simulator.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.simulator.ask import Ask

T = TypeVar("T")
LOOSENESS: Final = 0.7
"""The share of choices drawn anew at temperature 1."""


class Voice:
    """One model's way of answering one conversation, this time."""

    def __init__(self, usual: tuple[object, ...], fresh: tuple[object, ...], heat: float) -> None:
        self._names = (usual, fresh)
        self._usual = Chance(*usual)
        self._fresh = Chance(*fresh)
        self._heat = heat * LOOSENESS

    @classmethod
    def of(cls, ask: Ask, seed: int, ordinal: int) -> Voice:
        return cls((seed, ask.model.id, ask.topic), (seed, ask.fingerprint, ordinal), ask.heat)

    def part(self, name: object) -> Voice:
        """A voice for one part of the answer, so that a change in one leaves the others alone."""
        usual, fresh = self._names
        return Voice((*usual, name), (*fresh, name), self._heat / LOOSENESS)

    def pick(self, choices: Sequence[T]) -> T:
        usual, fresh = self._usual.pick(choices), self._fresh.pick(choices)
        return fresh if self._fresh.real() < self._heat else usual

    def between(self, low: int, high: int) -> int:
        return self.pick(range(low, high + 1))

    def several(self, choices: Sequence[T], count: int) -> list[T]:
        """So many different ones; fewer where there are no more."""
        left = list(choices)
        return [left.pop(self.pick(range(len(left)))) for _ in range(min(count, len(left)))]
