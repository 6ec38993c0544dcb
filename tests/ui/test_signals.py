"""The program on a real terminal: what a signal ends, and what it leaves."""

from __future__ import annotations

import os
import signal
import tomllib
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal, sealed


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
        assert terminal.ended(10) == 129
        assert terminal.modes.left_on == set()
    (file,) = (tmp_path / "data" / "workbench" / "sessions").glob("*.toml")
    saved = tomllib.loads(file.read_text())
    assert saved["session"]["prompt"] == "half a thought"
    assert [message["role"] for message in saved["messages"]] == ["user", "assistant"]
    assert saved["runs"][0]["state"] == "cancelled"
