"""While many answers stream, what arrives is read together: a screen draws no faster than it can be seen."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

MANY: Final = 4
"""Answers that stream at once before what arrives is gathered."""


class Gathering:
    """Entered by each answer on its way; `pause` lets more of it arrive, where there are many.

    To wake for every token of eight answers costs a tenth of a core. The times of events, and of an answer's end, are
    then late by up to `seconds`; the time to the first token is exact.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds` of 0 gathers nothing."""
        self.seconds = seconds
        self.streaming = 0

    def __enter__(self) -> None:
        self.streaming += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.streaming -= 1

    async def pause(self) -> None:
        if self.seconds and self.streaming > MANY:
            await asyncio.sleep(self.seconds)
