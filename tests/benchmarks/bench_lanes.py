"""Eight lanes side by side, each at 200 tokens a second: share of a core, and how long a key waits.

`python -m tests.benchmarks.bench_lanes [--seconds 60] [--tokens 20000] [--lanes 8]`: the real program is driven by
its keys, F3 for Compare, i for the prompt, ^J for all. Each lane holds an answer of so many tokens, and the one that
streams is as long already when measuring begins. In the first half of the time nobody types, in the second 20 keys
a second. Beside it stand Textual's `Markdown` with the same answers, and the same application with nothing to show;
a key that has not come after 15 s counts as much.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import lanes_child, loopback, report, session
from tests.benchmarks.process import server
from tests.benchmarks.terminal import NothingDrawnError, Terminal, sealed
from tests.benchmarks.typist import Typed, busy, type_letters

F3: Final = "\x1bOR"
TO_PROMPT: Final = "i"
"""A letter more where it was there already."""
CALM: Final = 0.5
"""Share of a core below which the program has taken in what came at once."""
LONGEST: Final = 120.0
"""Seconds until everything that is to be there must be."""
PATIENCE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Case:
    """What was measured of one program."""

    first: float
    """Seconds of CPU until everything was there."""
    cpu: float
    """Percent of a core while nobody types."""
    cpu_typing: float
    typed: Typed
    megabytes: float


@dataclass(frozen=True, slots=True)
class Load:
    """What all show."""

    lanes: int
    tokens: int
    seconds: float


def observed(terminal: Terminal, seconds: float, notes: Path) -> Case:
    first = terminal.cpu
    cpu = busy(terminal, seconds / 2)
    typed, typing = type_letters(terminal, seconds / 2, notes, PATIENCE)
    return Case(first, cpu * 100, typing * 100, typed, terminal.megabytes)


def workbench(load: Load) -> Case:
    with TemporaryDirectory() as name, server("-m", f"{__package__}.server", str(load.tokens)) as address:
        folder = Path(name)
        session.write(folder / "long.toml", load.tokens, load.lanes)
        with session.shown(folder, address) as terminal:
            if load.lanes > 1:
                terminal.press(F3)
                terminal.wait_for(b"differs")
                terminal.press(TO_PROMPT)
            terminal.press("Go on.\n")
            until = time.perf_counter() + LONGEST
            while (streaming := loopback.number(f"{address}/streaming")) < load.lanes:
                busy(terminal, 0.2)
                if time.perf_counter() > until:
                    raise NothingDrawnError(f"{streaming} of {load.lanes} lanes stream after {LONGEST:g} s")
            while busy(terminal, 1.0) > CALM and time.perf_counter() < until:
                pass
            terminal.press(TO_PROMPT)
            case = observed(terminal, load.seconds, folder / session.NOTES)
            if (left := loopback.number(f"{address}/streaming")) < load.lanes:
                raise NothingDrawnError(f"{left} of {load.lanes} lanes streamed to the end")
    return case


def beside(kind: str) -> Callable[[Load], Case]:
    def measure(load: Load) -> Case:
        with TemporaryDirectory() as name:
            folder = Path(name)
            words = [session.NOTES, kind, str(load.lanes), str(load.tokens)]
            environ = sealed(folder, PYTHONPATH=str(Path(__file__).parents[2]))
            with Terminal(["-m", lanes_child.__name__, *words], environ, folder) as terminal:
                terminal.wait_for(lanes_child.READY.encode(), LONGEST)
                return observed(terminal, load.seconds, folder / session.NOTES)

    return measure


CASES: Final[dict[str, Callable[[Load], Case]]] = {
    "Workbench": workbench,
    "Textual's Markdown": beside("markdown"),
    "idle Textual": beside("idle"),
}


def show(name: str, case: Case, *, cpu_aim: float | None = None, key_aim: float | None = None) -> None:
    report.figure(f"{name}: CPU", case.cpu, "% core", cpu_aim)
    report.figure(f"{name}: CPU, and 20 keys a second", case.cpu_typing, "% core")
    report.figure(f"{name}: key to handled, median", report.share(case.typed.handled, 0.5), "ms")
    report.figure(f"{name}: key to handled, p99", report.share(case.typed.handled, 0.99), "ms", key_aim)
    report.figure(f"{name}: key to drawn, median", report.share(case.typed.drawn, 0.5), "ms")
    report.figure(f"{name}: key to drawn, p99", report.share(case.typed.drawn, 0.99), "ms")
    report.figure(f"{name}: CPU until everything was there", case.first, "s")
    report.figure(f"{name}: memory", case.megabytes, "MB")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--tokens", type=int, default=20_000)
    arguments.add_argument("--lanes", type=int, default=8)
    arguments.add_argument("--only", choices=CASES, help="one of them")
    given = arguments.parse_args()
    load = Load(given.lanes, given.tokens, given.seconds)
    report.heading(
        f"{load.lanes} lanes at 200 tokens a second each for {load.seconds:g} s, 200×60, "
        f"answers of {load.tokens:,} tokens (bench_lanes)"
    )
    found: dict[str, Case] = {}
    for name in [given.only] if given.only else CASES:
        found[name] = CASES[name](load)
        aims = {"cpu_aim": 25.0, "key_aim": 20.0} if name == "Workbench" else {}
        show(name, found[name], **aims)
    if len(found) < len(CASES):
        return
    ours, markdown, idle = found.values()
    p99 = (report.share(case.typed.handled, 0.99) for case in (ours, markdown))
    report.figure("CPU, over Textual's Markdown", ours.cpu / markdown.cpu, "×")
    report.figure("key to handled, p99, over Textual's Markdown", next(p99) / next(p99), "×")
    report.figure("CPU beyond the idle application", ours.cpu - idle.cpu, "% core")


if __name__ == "__main__":
    main()
