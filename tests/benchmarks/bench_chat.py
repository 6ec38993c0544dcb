"""The real Chat screen while 200 tokens a second stream into it: share of a core, and how long a key waits.

`python -m tests.benchmarks.bench_chat [--seconds 8] [--tokens 1000 20000 100000]`: the session holds an answer
of so many tokens, and the answer that streams is as long already when measuring begins. *handled* is from the
key press to the changed text in the editor, *drawn* to the letter's arrival at the terminal.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks import report, stream
from tests.benchmarks.terminal import Terminal, sealed

LETTERS: Final = [chr(code) for code in (*range(0x0430, 0x0482), *range(0x048A, 0x0530), *range(0x0561, 0x0587))]
"""Letters of one cell that no answer holds, so that each is drawn by its own key press."""
KEY_EVERY: Final = 0.05
CALM: Final = 0.5
"""Share of a core below which the program has taken in what came at once."""


@dataclass
class Case:
    """What was measured with one length."""

    cpu: float
    """Percent of a core while nobody types."""
    cpu_typing: float
    handled: list[float]
    """In milliseconds."""
    drawn: list[float]
    first: float
    """Seconds of CPU to open the session and to take in what came at once."""
    megabytes: float


def session(path: Path, tokens: int) -> None:
    """A question and an answer of so many tokens."""
    text = json.dumps("".join(islice(stream.words(random.Random(1)), tokens)), ensure_ascii=False)
    path.write_text(
        'format = 1\n[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 64000\n'
        '[[lanes]]\nid = "A"\ntip = "m2"\n'
        '[[messages]]\nid = "m1"\nrole = "user"\ntext = "Go."\n'
        f'[[messages]]\nid = "m2"\nparent = "m1"\nrole = "assistant"\ntext = {text}\n',
        "utf-8",
    )


@contextmanager
def server(tokens: int) -> Iterator[str]:
    """The base URL of a server in another process."""
    command = [sys.executable, "-m", f"{__package__}.server", str(tokens)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def busy(terminal: Terminal, seconds: float) -> float:
    """The share of a core used while reading on for so long."""
    begun, before = time.perf_counter(), terminal.cpu
    while (left := begun + seconds - time.perf_counter()) > 0:
        terminal.read(left)
    return (terminal.cpu - before) / (time.perf_counter() - begun)


def type_letters(terminal: Terminal, seconds: float) -> tuple[dict[str, float], dict[str, float]]:
    """When each letter was pressed, and when it was drawn."""
    pressed: dict[str, float] = {}
    drawn: dict[str, float] = {}
    begun, tail = time.perf_counter(), b""
    chance = random.Random(3)
    for letter in LETTERS[: int(seconds / KEY_EVERY)]:
        pressed[letter] = terminal.press(letter)
        until = pressed[letter] + KEY_EVERY * chance.uniform(0.8, 1.2)
        while (left := until - time.perf_counter()) > 0:
            piece = tail + terminal.read(left)
            now, tail = time.perf_counter(), piece[-1:]
            for waiting in pressed.keys() - drawn.keys():
                if waiting.encode() in piece:
                    drawn[waiting] = now
        if time.perf_counter() - begun > seconds:
            break
    return pressed, drawn


def measure(tokens: int, seconds: float) -> Case:
    with TemporaryDirectory() as name, server(tokens) as base_url:
        folder = Path(name)
        session(folder / "long.toml", tokens)
        arguments = ["-m", f"{__package__}.chat_child", "notes", "long.toml", base_url]
        environ = sealed(folder, ANTHROPIC_API_KEY="sk-test", PYTHONPATH=str(Path(__file__).parents[2]))
        with Terminal(arguments, environ, folder) as terminal:
            terminal.wait_for(b"temperature")
            terminal.press("Go on.\n")
            terminal.wait_for(b"streaming", 60)
            while busy(terminal, 1.0) > CALM:
                pass
            first = terminal.cpu
            cpu = busy(terminal, seconds)
            begun, before = time.perf_counter(), terminal.cpu
            pressed, drawn = type_letters(terminal, seconds)
            typing = (terminal.cpu - before) / (time.perf_counter() - begun)
            megabytes = terminal.megabytes
        notes = (line.split() for line in (folder / "notes").read_text("utf-8").splitlines())
        handled = {note[0]: float(note[1]) for note in notes if len(note) == 2}
    waits, paints = (
        [(at[letter] - pressed[letter]) * 1000 for letter in pressed if letter in at] for at in (handled, drawn)
    )
    assert len(waits) > len(pressed) * 0.9, f"{len(pressed)} keys pressed, {len(waits)} handled"
    return Case(cpu * 100, typing * 100, waits, paints, first, megabytes)


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
        report.figure(f"{label}: key to handled, median", report.share(case.handled, 0.5), "ms")
        report.figure(f"{label}: key to handled, p99", report.share(case.handled, 0.99), "ms", 15)
        report.figure(f"{label}: key to drawn, median", report.share(case.drawn, 0.5), "ms")
        report.figure(f"{label}: key to drawn, p99", report.share(case.drawn, 0.99), "ms")
        report.figure(f"{label}: CPU to open it and take in as many", case.first, "s")
        report.figure(f"{label}: memory", case.megabytes, "MB")
    shares = [case.cpu for case in cases.values()]
    report.figure("CPU of the longest over the shortest", shares[-1] / max(shares[0], 0.1), "×", 1.5)


if __name__ == "__main__":
    main()
