"""Whatever ends the program, wherever it is: what came is kept, the terminal is as it was, the status is told."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal
from tests.ui import broken
from tests.ui.terminal_stage import BASH, CTRL_Q, F4, SIZE, STATES, at_once, holds, in_shell, reach, repainted, started
from tests.ui.terminal_stage import session as with_session

SIGNALS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130, "SIGQUIT": 131}
EVENTS = ("quit", "exception", "SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "closed window", "stop", "editor")
USUAL = (
    ("quit", "streaming"),
    ("exception", "palette"),
    ("SIGINT", "dialog"),
    ("SIGTERM", "idle"),
    ("stop", "streaming"),
    ("editor", "dialog"),
)
"""Every state, and every event that no other test of real terminals brings about in every run."""
FOUND = b"m1/"
"""How many commands the palette shows of all: one is left."""
EDITOR = "#!/bin/sh\nprintf 'written outside' > \"$1\"\n"


ROWS = {
    "quit": ("C06",),
    "exception": ("P01", "C07"),
    "SIGTERM": ("P02",),
    "SIGHUP": ("P03",),
    "closed window": ("P03",),
    "SIGINT": ("P04",),
    "stop": ("P06",),
    "editor": ("P10",),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The whole matrix with `--whole`; else what is usual of it."""
    if "event" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--whole")
        cells = [(event, state) for event in EVENTS for state in STATES] if whole else USUAL
        marks = {event: pytest.mark.fault(*rows) for event, rows in ROWS.items()}
        metafunc.parametrize(
            ("event", "state"),
            [pytest.param(*cell, marks=marks.get(cell[0], ())) for cell in cells],
        )


def test_an_end_in_every_place(tmp_path: Path, event: str, state: str) -> None:
    with_session(tmp_path)
    if event == "stop":
        _stopped_and_continued(tmp_path, state)
        return
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o700)
    program = (broken.__name__, "worker") if event == "exception" else ("workbench",)
    with started(tmp_path, *program[1:], program=program[0], environ={"EDITOR": str(editor)}) as terminal:
        reach(terminal, state)
        if event == "editor":
            _edited(terminal, state)
        expected, at = _struck(terminal, event, state)
        status = terminal.ended(10)
        took = time.perf_counter() - at
        if event != "closed window":
            assert terminal.modes.left_on == set()
            assert terminal.attributes == terminal.before
        assert status == expected
        assert took < at_once()
    if event == "quit" and state != "streaming":
        return  # one was asked
    assert holds(tmp_path, "streaming" if state == "streaming" else "idle") or event == "editor"


def _struck(terminal: Terminal, event: str, state: str) -> tuple[int, float]:
    """Let it happen; returns the status that it is to end with, and when it was."""
    if event == "quit":
        return 0, _quit(terminal, state)
    at = time.perf_counter()
    if event == "closed window":
        terminal.close()
        return 129, at
    if event == "exception":
        os.kill(terminal.process, signal.SIGUSR1)
        return 1, at
    name = event if event in SIGNALS else "SIGTERM"
    os.kill(terminal.process, signal.Signals[name])
    return SIGNALS[name], at


def _quit(terminal: Terminal, state: str) -> float:
    """By the key for it; what is open closes first, and what isn't saved is asked for."""
    if state == "dialog":
        terminal.press(CTRL_Q)
        terminal.wait_for(b"discards")
    if state in {"dialog", "palette"}:
        terminal.press(CTRL_Q)
        terminal.wait_for(b"simulated")
    terminal.press(CTRL_Q)
    terminal.wait_for(b"Stop it" if state == "streaming" else b"Discard")
    return terminal.press("s" if state == "streaming" else "d")


def _edited(terminal: Terminal, state: str) -> None:
    """To the editor and back: the whole screen is there again, with what was written."""
    if state == "palette":
        terminal.press("$EDITOR")
        terminal.wait_for(FOUND)
        terminal.press("\r")
    else:
        terminal.press(F4)
    assert repainted(terminal) == {*range(1, SIZE[1] + 1)}


def _stopped_and_continued(folder: Path, state: str) -> None:
    """By the shell, as ^Z and fg do it."""
    with in_shell(folder) as terminal:
        reach(terminal, state)
        job = terminal.foreground
        os.kill(job, signal.SIGTSTP)
        terminal.wait_for(b"Stopped")
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
        terminal.press("fg\n")
        assert repainted(terminal) == {*range(1, SIZE[1] + 1)}
        os.kill(job, signal.SIGTERM)
        terminal.wait_for(b"shell> ")
        terminal.press("echo status=$?\n")
        terminal.wait_for(b"status=143")
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
    assert holds(folder, state)


pytestmark = pytest.mark.skipif(not BASH, reason="job control needs a shell that has it")
