"""CPU from exec to first content: the Chat screen against a bare Textual app with one Static.

`python -m tests.benchmarks.bench_start`: both on a pseudo-terminal of 200×60, in turns, medians.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report
from tests.benchmarks.terminal import Terminal, sealed

TURNS: Final = 11
BARE: Final = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("first-content")
Bare().run()
"""
PYTHON: Final = """
import sys
sys.stdout.write("first-content")
sys.stdout.flush()
sys.stdin.read()
"""
CASES: Final = {
    "bare Python": (["-c", PYTHON], b"first-content"),
    "Textual, one Static": (["-c", BARE], b"first-content"),
    "Workbench, Chat screen": (["-m", "workbench"], b"temperature"),
}


def cpu(case: str, folder: Path) -> tuple[float, float]:
    """Milliseconds of CPU until the first content was drawn, and MB resident then."""
    arguments, mark = CASES[case]
    with Terminal(arguments, sealed(folder), folder) as terminal:
        terminal.wait_for(mark)
        megabytes = terminal.megabytes
        return terminal.kill() * 1000, megabytes


def main() -> None:
    report.heading("CPU from start to first content, 200×60 (bench_start)")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for case in CASES:
            cpu(case, folder)
        turns = [{case: cpu(case, folder) for case in CASES} for _ in range(TURNS)]
    for case in CASES:
        report.figure(case, report.middle([turn[case][0] for turn in turns]), "ms")
    for case in CASES:
        report.figure(f"{case}: memory", report.middle([turn[case][1] for turn in turns]), "MB")
    _, bare, ours = CASES
    ratio = report.middle([turn[ours][0] for turn in turns]) / report.middle([turn[bare][0] for turn in turns])
    report.figure(f"{ours} over {bare}", ratio, "×", 1.3)


if __name__ == "__main__":
    main()
