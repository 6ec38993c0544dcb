"""A terminal that others use in between, lose, or set as they like: it is found again as it was."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.terminal_stage import F4, SIZE, at_once, holds, reach, repainted, rows_drawn, started
from tests.ui.terminal_stage import session as with_session

ROWS = {*range(1, SIZE[1] + 1)}
MODES = "?1049h ?1002h ?1006h ?1h ?6h ?7l ?25l 4h >1u ?2004h 5;9r"
ODD = "".join(rf"\033[{mode}" for mode in MODES.split()) + r"\033]22;wait\007"
RUDE = f"""#!/bin/sh
if [ -e ran ]; then
    printf 'saved, not left' > "$1"
    echo waiting
    exec sleep 60
fi
touch ran
stty raw -echo -isig
printf '{ODD}'
printf lost > "$1"
exit 1
"""
"""Ends badly the first time, and not at all the second."""


def script(folder: Path, text: str) -> str:
    path = folder / "editor"
    path.write_text(text)
    path.chmod(0o700)
    return str(path)


@pytest.mark.fault("P10")
def test_an_editor_that_leaves_the_terminal_in_a_mess_leaves_no_trace_and_what_it_saved_is_kept(tmp_path: Path) -> None:
    with_session(tmp_path)
    script(tmp_path, RUDE)
    path = os.pathsep.join((str(tmp_path), os.environ["PATH"]))
    environ = {"EDITOR": "editor", "PATH": path, "TMPDIR": str(tmp_path)}  # a long name would break the sentence
    with started(tmp_path, environ=environ) as terminal:
        reach(terminal, "idle")
        terminal.press(F4)
        assert repainted(terminal) == ROWS
        assert {"?6", "4", "?1002", "?1"}.isdisjoint(terminal.modes.on), "nor while the program goes on"
        if b"status" not in terminal.drawn:  # it may have come with the repaint, and its number on the next line
            terminal.wait_for(b"status")
        assert [*tmp_path.glob("workbench-*")] == []
        terminal.press(F4)
        terminal.wait_for(b"waiting")
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.ended(10) == 143
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
        said = terminal.drawn.decode(errors="replace")
    (left,) = tmp_path.glob("workbench-*.md")
    assert left.read_text() == "saved, not left"
    assert left.name in said
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert holds(tmp_path, "idle")


@pytest.mark.fault("P03")
def test_a_window_that_closes_ends_even_what_ignores_the_signal_for_it(tmp_path: Path) -> None:
    with_session(tmp_path)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with started(tmp_path) as terminal:
            reach(terminal, "streaming")
            at = time.perf_counter()
            os.kill(terminal.process, signal.SIGHUP)
            terminal.close()
            assert terminal.ended(10) == 129
            assert time.perf_counter() - at < 3 * at_once()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert holds(tmp_path, "streaming")


@pytest.mark.fault("P06", "P07")
def test_storms_of_sizes_bytes_that_are_no_text_and_stops_end_in_the_right_picture(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    with_session(tmp_path)
    with started(tmp_path, environ={"COLUMNS": "9999999", "LINES": "nonsense"}) as terminal:
        reach(terminal, "streaming")
        terminal.resize(9999, 2999)  # which nobody has, and nobody could draw in time
        terminal.wait_for(b"\x1b[399;")
        terminal.drawn = b""
        while not rows_drawn(terminal.drawn):  # what comes first may be the rest of a row
            terminal.wait_for(b"tok/s")
        assert max(rows_drawn(terminal.drawn)) <= 400
        for number in range(rounds(40, 400)):
            sizes = ((0, 0), (1, 1), (2, 1), (80, 24), (30 + number % 90, 3 + number % 40))
            terminal.resize(*sizes[number % 5])
            terminal.read(0.005)
        os.write(terminal.keyboard, b"\xff\xfe\xc3")
        os.kill(terminal.process, signal.SIGSTOP)  # of which nobody is told
        os.waitid(os.P_PID, terminal.process, os.WSTOPPED | os.WNOWAIT)
        os.kill(terminal.process, signal.SIGCONT)
        terminal.wait_for(b"\x1b[?1049h")
        os.kill(terminal.process, signal.SIGTSTP)  # whom nobody could continue, goes on
        terminal.wait_for(b"\x1b[?1049h")
        terminal.resize(91, 23)
        terminal.wait_for(b"tok/s")
        drawn, until = b"", time.perf_counter() + 20
        while not {*range(1, 24)} <= rows_drawn(drawn) and time.perf_counter() < until:
            drawn += terminal.read(0.2)
        assert rows_drawn(drawn) >= {*range(1, 24)}
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.ended(10) == 143
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
    assert holds(tmp_path, "streaming")
