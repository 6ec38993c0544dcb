"""Where there is no terminal, one line says so; on one that says little, or nonsense, of itself, the program runs."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal, sealed
from tests.ui.terminal_stage import FILE, READY, ROOT, holds, reach, started
from tests.ui.terminal_stage import session as with_session

START_S = 0.6
"""Seconds that a start takes, about."""
NONE = {
    "its output is a pipe": "| cat; exit 2",
    "its input is no terminal": "< /dev/null",
    "its input is closed": "<&-",
    "its output is closed": ">&-",
    "its errors go to a file": "2> errors",
    "its errors are closed": "2>&-",
    "a dumb terminal": "TERM=dumb",
    "an unknown terminal": "TERM=unknown",
}
ODD: dict[str, dict[str, str]] = {
    "bytes are Latin-1": {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C", "PYTHONUTF8": "0", "TERM": ""},
    "the C locale": {"LC_ALL": "C", "LANG": "C"},
    "POSIX, and no colours": {"LC_ALL": "POSIX", "NO_COLOR": "1"},
    "a size that is nonsense": {"COLUMNS": "-3", "LINES": "1e9"},
    "a size that is too much": {"COLUMNS": "99999999", "LINES": "99999999"},
}


@pytest.mark.fault("P09")
@pytest.mark.parametrize("case", NONE)
def test_where_there_is_no_terminal_one_line_says_so(tmp_path: Path, case: str) -> None:
    way = NONE[case]
    variable = way if way.startswith("TERM") else ""
    command = f"{variable} {sys.executable} -m workbench {'' if variable else way}"
    environ = sealed(tmp_path, PYTHONPATH=str(ROOT))
    with Terminal(["-c", command], environ, tmp_path, size=(200, 24), command="/bin/sh") as terminal:
        assert terminal.ended(10) == 2
        said = terminal.drawn.decode()
        assert terminal.attributes == terminal.before
    if "errors" in case:
        said = (tmp_path / "errors").read_text() if (tmp_path / "errors").exists() else ""
    else:
        assert said.strip().startswith("workbench: the screen needs a terminal")
    assert "\x1b" not in said
    assert len(said.splitlines()) <= 1
    assert not (tmp_path / "data").exists()


@pytest.mark.fault("P09")
def test_a_terminal_that_says_little_of_itself_is_drawn_on_all_the_same(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    for number, (case, environ) in enumerate([*ODD.items()][: rounds(1, len(ODD))]):
        folder = tmp_path / str(number)
        folder.mkdir()
        with_session(folder)
        with started(folder, environ=environ) as terminal:
            reach(terminal, "idle")
            assert "─".encode() in terminal.drawn, case
            assert b"\\u2500" not in terminal.drawn, case
            terminal.drawn = b""
            os.kill(terminal.process, signal.SIGTERM)
            assert terminal.ended(10) == 143, case
            assert terminal.modes.left_on == set(), case
        assert holds(folder, "idle"), case


@pytest.mark.fault("P02", "P04")
def test_a_signal_in_any_moment_of_the_start_leaves_the_terminal_as_it_was(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    with_session(tmp_path)
    words = ["-m", "workbench", FILE]
    count = rounds(1, 40)
    for number in range(count):
        with Terminal(words, sealed(tmp_path, PYTHONPATH=str(ROOT)), tmp_path) as terminal:
            until = time.perf_counter() + START_S * (number + 1) / count
            while READY not in terminal.drawn and terminal.running and time.perf_counter() < until:
                terminal.drawn += terminal.read(min(0.01, until - time.perf_counter()))
            os.kill(terminal.process, signal.SIGINT if number % 2 else signal.SIGTERM)
            status = terminal.ended(10)
            too_early = b"runpy" in terminal.drawn  # Python had not come to the program yet
            assert status in {143, 130, -signal.SIGTERM, -signal.SIGINT} or too_early
            assert terminal.modes.left_on == set(), number
            assert terminal.attributes == terminal.before
            assert b"/workbench/ui/" not in terminal.drawn, "a traceback of ours"
