"""How fast an answer comes: a wait that grows with the prompt, then tokens with a little unevenness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from workbench.simulator.chance import Chance

OPENING_TOKENS: Final = 25.0
"""The wait before the first token, in tokens of time: 0.28 s at 90 a second."""
PROMPT_SHARE: Final = 1 / 200
"""Reading a prompt is this much quicker than writing."""
TRICKLE: Final = 3.0
"""Tokens a second of the fault `slow`, whatever the speed."""
YIELD_EVERY: Final = 32
LATE_S: Final = 0.1
"""How far behind a stream may catch up when the machine was busy."""


class Pace:
    """Waits so that tokens come at `speed` a second; at speed 0 it only lets others run now and then."""

    def __init__(
        self,
        speed: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        chance: Chance,
    ) -> None:
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._due = clock()
        self._steps = 0

    @property
    def waits(self) -> bool:
        """Whether time passes between tokens at all."""
        return self._speed > 0

    def trickle(self) -> None:
        """From here on, as slow as the fault `slow` wants it."""
        self._speed = TRICKLE

    async def opening(self, prompt_tokens: int) -> None:
        """The time until the response begins."""
        await self.tokens(OPENING_TOKENS + prompt_tokens * PROMPT_SHARE)

    async def tokens(self, count: float) -> None:
        """The time that making so many tokens takes."""
        self._steps += 1
        if self._speed <= 0:
            if self._steps % YIELD_EVERY == 0:
                await self._sleep(0)
            return
        if count <= 0:
            return
        uneven = 0.6 + 0.8 * self._chance.real()
        self._due = max(self._due, self._clock() - LATE_S) + count / self._speed * uneven
        delay = self._due - self._clock()
        if delay > 0:
            await self._sleep(delay)
