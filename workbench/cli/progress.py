"""What goes on, on one line of standard error, where that is a terminal; and the waits, wherever it goes."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TextIO

from workbench.core.figures import grouped
from workbench.core.run import Phase, Run
from workbench.engine.timeouts import Timeouts

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.cli.planning import Planned
    from workbench.core.retry import Wait

SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
DRAW_S: Final = 0.1
STALL_S: Final = 10.0
"""Silence that is worth saying."""
QUEUE_S: Final = 5.0
"""A wait for the limits that is worth a line."""


class Progress:
    """Draws only what a person watches, and never while an answer's text goes to the same terminal."""

    def __init__(
        self, planned: Sequence[Planned], output: Output, *, text: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._planned = list(planned)
        self._output = output
        self._beside_text = text and output.out_is_terminal
        self._clock = clock
        self._began = clock()
        self._drawn_at = self._began
        self._told: set[tuple[str, int]] = set()
        self._queue_told_until = self._began
        self._silent: set[str] = set()
        """Runs whose silence was told."""
        self._asking = asyncio.Lock()

    def follows(self, next_: Planned) -> None:
        """Another round of a loop."""
        self._planned.append(next_)

    def draw(self) -> None:
        """Called as often as one likes."""
        now = self._clock()
        self._tell_waits()
        self._tell_queue(now)
        self._tell_silence(now)
        if not self._output.draws or self._asking.locked() or now - self._drawn_at < DRAW_S:
            return
        self._drawn_at = now
        going = [each.run for each in self._planned if each.run.phase is not Phase.ENDED]
        if not going or (self._beside_text and any(map(_writes, going))):
            self._output.clear()
            return
        turn = SPINNER[int((now - self._began) / DRAW_S) % len(SPINNER)]
        self._output.draw(f"{turn} {self._line(going, now)}")

    async def ask(self, run: Run, wait: Wait) -> bool:
        """Whether to sit through a long wait: the person says so, and where there is none, no."""
        asked = f"{run.lane}: the server asks to wait {wait.seconds:.0f} s"
        if not self._output.draws or sys.stdin is None or not sys.stdin.isatty():
            self._output.note(f"{asked}; run it again then")
            return False
        async with self._asking:
            self._output.note(f"{asked}; wait that long? [y/N]")
            return (await _line_of(sys.stdin)).strip().lower() in {"y", "yes"}

    def _line(self, going: Sequence[Run], now: float) -> str:
        waiting = next((run for run in going if run.phase is Phase.RETRYING and run.waiting is not None), None)
        if waiting is not None and waiting.waiting is not None:
            left = max(waiting.waiting.until - now, 0)
            return f"{waiting.waiting.problem.title}: trying again in {left:.0f} s"
        queued = [run.queued for run in going if run.queued is not None]
        tokens = sum(run.output_tokens_so_far for run in going)
        silent = min((_silence(run, now) for run in going), default=0.0)
        parts = [_phase(going), f"{now - self._began:.0f} s"]
        if tokens:
            parts.insert(1, f"≈{grouped(tokens)} out")
        if silent >= STALL_S:
            parts.append(_stalled(silent))
        if len(queued) == len(going):
            parts[0] = queued[0].text(now)
        elif queued:
            parts.append(f"{len(queued)} {queued[0].text(now)}")
        if len(self._planned) > 1:
            parts.insert(0, f"{len(self._planned) - len(going)} of {len(self._planned)} done")
        return " · ".join(parts)

    def _tell_waits(self) -> None:
        """Where no line can be drawn, each wait is told once."""
        if self._output.draws:
            return
        for run in (each.run for each in self._planned):
            if run.phase is Phase.RETRYING and run.waiting and (run.id, run.waiting.attempt) not in self._told:
                self._told.add((run.id, run.waiting.attempt))
                wait = run.waiting
                self._output.note(f"{run.lane}: {wait.problem.title}: trying again in {wait.seconds:.1f} s")

    def _tell_queue(self, now: float) -> None:
        """A wait for the limits that all share is told once, by the first of those who wait, until it is over."""
        if self._output.draws or now < self._queue_told_until:
            return
        for run in (each.run for each in self._planned):
            if run.queued and run.queued.reason and run.queued.until and run.queued.until - now >= QUEUE_S:
                self._queue_told_until = run.queued.until
                self._output.note(f"{run.lane}: {run.queued.text(now)}")
                return

    def _tell_silence(self, now: float) -> None:
        """Where the line of progress isn't drawn, each run's silence is told once."""
        beside = self._beside_text and any(_writes(each.run) for each in self._planned)
        for run in (each.run for each in self._planned):
            if _silence(run, now) < STALL_S or run.id in self._silent or (self._output.draws and not beside):
                continue
            self._silent.add(run.id)
            if beside:
                self._output.say("")  # the answer's line isn't ended
            self._output.note(f"{run.lane}: {_stalled(_silence(run, now))}")


def _silence(run: Run, now: float) -> float:
    """Seconds since an open connection gave a byte."""
    waits = run.phase in {Phase.WAITING, Phase.STREAMING} and run.last_byte is not None
    return now - run.last_byte if waits and run.last_byte is not None else 0.0


def _stalled(silent: float) -> str:
    return f"no data for {silent:.0f} s; waiting up to {Timeouts().read:.0f} s, ^C stops"


def _writes(run: Run) -> bool:
    return any(block.type == "text" and block.parts for block in run.blocks)


def _phase(going: Sequence[Run]) -> str:
    for run in going:
        if run.blocks and run.phase is Phase.STREAMING:
            return "thinking" if "thinking" in run.blocks[-1].type else "streaming"
    return "waiting" if any(run.phase is Phase.WAITING for run in going) else "connecting"


async def _line_of(stream: TextIO) -> str:
    """The next line a person types, while everything else goes on."""
    loop = asyncio.get_running_loop()
    typed = asyncio.Event()
    loop.add_reader(stream, typed.set)
    try:
        await typed.wait()
    finally:
        loop.remove_reader(stream)
    return stream.readline()
