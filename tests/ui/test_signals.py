"""The program on a real terminal: what a signal ends, and what it leaves."""

from __future__ import annotations

import os
import signal
import time
import tomllib
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal, sealed
from tests.ui.terminal_stage import LANES, reach, started
from tests.ui.terminal_stage import session as with_session
from workbench.core.state import State
from workbench.engine import store


@pytest.mark.fault("P03", "C06")
def test_a_signal_keeps_the_answer_and_the_draft_and_gives_the_terminal_back(tmp_path: Path) -> None:
    environ = sealed(tmp_path)
    with Terminal(["-m", "workbench"], environ, tmp_path) as terminal:
        terminal.wait_for(b"temperature")
        terminal.press("Write 400 words about the sea.\n")
        terminal.wait_for(b"tok/s")
        terminal.press("half a thought")
        terminal.wait_for(b"thought")
        os.kill(terminal.process, signal.SIGHUP)
        terminal.wait_for(b"\x1b[?1049l")
        (file,) = (tmp_path / "data" / "workbench" / "sessions").glob("*.toml")
        assert "cancelled" in file.read_text(), "it is kept before the terminal is given back"
        assert terminal.ended(10) == 129
        assert terminal.modes.left_on == set()
    saved = tomllib.loads(file.read_text())
    assert saved["session"]["prompt"] == "half a thought"
    assert [message["role"] for message in saved["messages"]] == ["user", "assistant"]
    assert saved["runs"][0]["state"] == "cancelled"


@pytest.mark.fault("P05")
def test_what_nothing_can_restore_is_found_again_at_the_next_start(tmp_path: Path) -> None:
    path = with_session(tmp_path)
    with started(tmp_path) as terminal:
        reach(terminal, "streaming")
        until = time.perf_counter() + 1.5
        while time.perf_counter() < until:  # within a second, what came is on the disk
            terminal.read(0.1)
        terminal.kill()
        assert "?1049" in terminal.modes.left_on, "which `reset` puts right"
    with started(tmp_path, ready=b"interrupted") as terminal:
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.ended(10) == 143
    found = store.load(path).session
    assert [run.state for run in found.runs] == [State.INTERRUPTED] * LANES
    assert all(len(message.text) > 20 for message in found.messages if message.role == "assistant")
