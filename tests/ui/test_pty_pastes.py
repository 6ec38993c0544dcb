"""Pastes of many megabytes on a real terminal, while answers stream: they are refused, and the screen goes on."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ui.terminal_stage import at_once, kept, reach, started
from tests.ui.terminal_stage import session as with_session

SILENT_S = 2.0
"""On a machine that has nothing else to do."""
MARKED = "\x1b[200~{}\x1b[201~"


@pytest.mark.fault("P08")
def test_a_huge_paste_is_refused_while_answers_go_on(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    megabyte = 1_000_001
    pastes = [
        MARKED.format("x" * 10 * megabyte),
        *(["x" * 10 * megabyte, MARKED.format("x" * megabyte), "x" * megabyte] if rounds(0, 1) else []),
        *([MARKED.format(("x" * 99 + "\r") * 100_000)] if rounds(0, 1) else []),
    ]
    with_session(tmp_path)
    with started(tmp_path) as terminal:
        reach(terminal, "streaming")
        for text in pastes:
            writing = threading.Thread(target=terminal.press, args=(text,))
            writing.start()
            drawn = b""
            while b"The paste" not in drawn:
                piece = terminal.read(SILENT_S * at_once())
                assert piece, "nothing was drawn for as long"
                drawn += piece
            writing.join()
        os.kill(terminal.process, signal.SIGTERM)
        assert terminal.ended(10) == 143
    assert "prompt" not in kept(tmp_path)["session"]
