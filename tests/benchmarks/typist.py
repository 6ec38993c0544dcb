"""A person at the terminal of a benchmark: types letters, and sees when each is there; and what the program uses."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks.terminal import NothingDrawnError, Terminal

ALPHABETS: Final = ((0x0430, 0x0482), (0x048A, 0x0530), (0x0561, 0x0587), (0x1401, 0x166D))
LETTERS: Final = [chr(code) for first, end in ALPHABETS for code in range(first, end)]
"""Letters of one cell that no answer holds, so that each is drawn by its own key press."""
LONGEST: Final = 3
"""Bytes of a letter."""
KEY_EVERY: Final = 0.05
"""Seconds between two key presses."""


@dataclass(frozen=True, slots=True)
class Typed:
    """How long the keys waited, in milliseconds; one that nothing came of waited until the end at least."""

    handled: list[float]
    drawn: list[float]


def busy(terminal: Terminal, seconds: float) -> float:
    """The share of a core used while reading on for so long."""
    begun, before = time.perf_counter(), terminal.cpu
    while (left := begun + seconds - time.perf_counter()) > 0:
        terminal.read(left)
    return (terminal.cpu - before) / (time.perf_counter() - begun)


def type_letters(terminal: Terminal, seconds: float, notes: Path, patience: float = 1.0) -> tuple[Typed, float]:
    """How long each letter waited, and the share of a core used meanwhile; `notes` is what the program writes.

    After the last key it waits at most so many seconds for what is still due. Raises NothingDrawnError where no
    letter was handled: they went elsewhere.
    """
    pressed: dict[str, float] = {}
    drawn: dict[str, float] = {}
    chance = random.Random(3)
    begun, before = time.perf_counter(), terminal.cpu
    tail = b""

    def look(until: float) -> None:
        nonlocal tail
        while (left := until - time.perf_counter()) > 0:
            piece = tail + terminal.read(left)
            now, tail = time.perf_counter(), piece[1 - LONGEST :]
            for waiting in pressed.keys() - drawn.keys():
                if waiting.encode() in piece:
                    drawn[waiting] = now

    for letter in LETTERS[: int(seconds / KEY_EVERY)]:
        pressed[letter] = terminal.press(letter)
        look(pressed[letter] + KEY_EVERY * chance.uniform(0.8, 1.2))
        if time.perf_counter() - begun > seconds:
            break
    cpu = (terminal.cpu - before) / (time.perf_counter() - begun)
    end = time.perf_counter() + patience
    while len(drawn) < len(pressed) and time.perf_counter() < end:
        look(time.perf_counter() + KEY_EVERY)
    lines = (line.split() for line in notes.read_text("utf-8").splitlines())
    handled = {line[0]: float(line[1]) for line in lines if len(line) == 2}
    if not handled.keys() & pressed.keys():
        raise NothingDrawnError(f"none of {len(pressed)} letters came to the editor")
    now = time.perf_counter()
    waits, paints = (
        [(at.get(letter, now) - since) * 1000 for letter, since in pressed.items()] for at in (handled, drawn)
    )
    return Typed(waits, paints), cpu
