"""The program on a real terminal, brought to where something is to happen to it."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.terminal import Terminal, sealed

SIZE: Final = (100, 30)
LANES: Final = 4
PROMPT: Final = "Write 900 words about the sea."
DRAFT: Final = "half a thought"
PARAMS: Final = '[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 2048\n'
FILE: Final = "mine.toml"
F3, F4, CTRL_P, CTRL_Q, CTRL_T, ESC = "\x1bOR", "\x1bOS", "\x10", "\x11", "\x14", "\x1b"
ROW: Final = re.compile(rb"\x1b\[(\d+);\d+H")
STATES: Final = ("idle", "streaming", "dialog", "palette")
SYSTEM: Final = 11
"""Rows from the first parameter down to the system prompt."""
ENTERED: Final = b"\x1b[?1049h"
READY: Final = b"temperature"
BASH: Final = shutil.which("bash") or ""


def session(folder: Path, *, lanes: int = LANES) -> Path:
    """A session of so many lanes that is ready to be sent."""
    path = folder / FILE
    rows = "".join(f'[[lanes]]\nid = "L{number}"\nname = "lane {number}"\n' for number in range(lanes))
    path.write_text(f'format = 1\n[session]\nprompt = "{PROMPT}"\n{PARAMS}{rows}', "utf-8")
    return path


@contextmanager
def started(
    folder: Path,
    *words: str,
    program: str = "workbench",
    size: tuple[int, int] = SIZE,
    ready: bytes = READY,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """The program, or another module in its place, with the session; its first screen is there."""
    variables = sealed(folder, PYTHONPATH=os.pathsep.join((str(Path.cwd()), str(ROOT))), **(environ or {}))
    with Terminal(["-m", program, *words, FILE], variables, folder, size=size) as terminal:
        terminal.wait_for(ready)
        yield terminal


ROOT: Final = Path(__file__).parent.parent.parent


def reach(terminal: Terminal, state: str) -> None:
    """From the first screen to the state."""
    if state == "streaming":
        terminal.press(F3)
        terminal.wait_for(b"lane 3")
        terminal.press("\n")
        terminal.wait_for(b"tok/s")
        return
    terminal.press(DRAFT)
    terminal.wait_for(b"thought")
    if state == "dialog":
        terminal.press(CTRL_T)
        terminal.wait_for(b"unset")
        terminal.press("j" * SYSTEM + "\r")
        terminal.wait_for(b"EDITOR")
        terminal.press("said in a dialog")
        terminal.wait_for(b"dialog")
    elif state == "palette":
        terminal.press(CTRL_P)
        terminal.wait_for(b"m command")  # the cursor is on its first letter: the field has the keys


def kept(folder: Path) -> dict[str, Any]:
    """What the disk holds of the session, wherever it is."""
    return tomllib.loads((folder / FILE).read_text("utf-8"))


def holds(folder: Path, state: str) -> bool:
    """Whether nothing is lost of what came and what was typed."""
    found = kept(folder)
    if state != "streaming":
        draft: str = found["session"]["prompt"]
        return draft.endswith(DRAFT)
    answers = [each["text"] for each in found["messages"] if each["role"] == "assistant"]
    return [run["state"] for run in found["runs"]] == ["cancelled"] * LANES and len([*filter(None, answers)]) == LANES


def at_once() -> float:
    """A second, on a machine that has nothing else to do."""
    return max(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0)


def rows_drawn(output: bytes) -> set[int]:
    return {int(row) for row in ROW.findall(output)}


def repainted(terminal: Terminal, rows: int = SIZE[1], seconds: float = 20.0) -> set[int]:
    """The rows that are drawn after the alternate screen is entered again: all, or those of that time."""
    terminal.wait_for(ENTERED, seconds)
    until = time.perf_counter() + seconds
    begun = terminal.drawn.rindex(ENTERED)
    while len(rows_drawn(terminal.drawn[begun:])) < rows and time.perf_counter() < until:
        terminal.drawn += terminal.read(0.2)
    return rows_drawn(terminal.drawn[begun:])


@contextmanager
def in_shell(folder: Path, **environ: str) -> Iterator[Terminal]:
    """A shell with job control, which has just started the program in its foreground."""
    path = os.pathsep.join((str(Path.cwd()), str(ROOT)))
    variables = sealed(folder, PYTHONPATH=path, PS1="shell> ", **environ)
    words = ["--norc", "--noprofile", "--noediting", "-i"]
    with Terminal(words, variables, folder, size=SIZE, command=BASH) as terminal:
        terminal.wait_for(b"shell> ")
        terminal.before = terminal.attributes
        terminal.press(f"{sys.executable} -m workbench {FILE}\n")
        terminal.wait_for(READY)
        yield terminal
