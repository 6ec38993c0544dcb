"""The real Chat screen while 200 tokens a second stream into it: share of a core, and how long a key waits.

`python -m tests.benchmarks.bench_chat [--seconds 8] [--tokens 1000 20000 100000]`: the session holds an answer
of so many tokens, and the answer that streams is as long already when measuring begins. *handled* is from the
key press to the changed text in the editor, *drawn* to the letter's arrival at the terminal.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report, session
from tests.benchmarks.process import server
from tests.benchmarks.typist import Typed, busy, type_letters

CALM: Final = 0.5
"""Share of a core below which the program has taken in what came at once."""


@dataclass
class Case:
    """What was measured with one length."""

    cpu: float
    """Percent of a core while nobody types."""
    cpu_typing: float
    typed: Typed
    first: float
    """Seconds of CPU to open the session and to take in what came at once."""
    megabytes: float


def measure(tokens: int, seconds: float) -> Case:
    with TemporaryDirectory() as name, server("-m", f"{__package__}.server", str(tokens)) as address:
        folder = Path(name)
        session.write(folder / "long.toml", tokens)
        with session.shown(folder, address) as terminal:
            terminal.press("Go on.\n")
            terminal.wait_for(b"streaming", 60)
            while busy(terminal, 1.0) > CALM:
                pass
            first = terminal.cpu
            cpu = busy(terminal, seconds)
            typed, typing = type_letters(terminal, seconds, folder / session.NOTES)
            return Case(cpu * 100, typing * 100, typed, first, terminal.megabytes)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=float, default=8)
    arguments.add_argument("--tokens", type=int, nargs="*", default=[1_000, 20_000, 100_000])
    given = arguments.parse_args()
    report.heading("The Chat screen at 200×60 while 200 tokens a second stream into it (bench_chat)")
    cases = {}
    for tokens in given.tokens:
        case = cases[tokens] = measure(tokens, given.seconds)
        label = f"{tokens:,} tokens"
        report.figure(f"{label}: CPU", case.cpu, "% core", 10)
        report.figure(f"{label}: CPU, and 20 keys a second", case.cpu_typing, "% core")
        report.figure(f"{label}: key to handled, median", report.share(case.typed.handled, 0.5), "ms")
        report.figure(f"{label}: key to handled, p99", report.share(case.typed.handled, 0.99), "ms", 15)
        report.figure(f"{label}: key to drawn, median", report.share(case.typed.drawn, 0.5), "ms")
        report.figure(f"{label}: key to drawn, p99", report.share(case.typed.drawn, 0.99), "ms")
        report.figure(f"{label}: CPU to open it and take in as many", case.first, "s")
        report.figure(f"{label}: memory", case.megabytes, "MB")
    shares = [case.cpu for case in cases.values()]
    report.figure("CPU of the longest over the shortest", shares[-1] / max(shares[0], 0.1), "×", 1.5)


if __name__ == "__main__":
    main()
