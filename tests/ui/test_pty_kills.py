"""The program on a real terminal, killed at random moments while an answer comes: at most a second of it is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.terminal import Terminal, sealed
from tests.ui.terminal_stage import at_once
from workbench.core.state import State
from workbench.engine import names
from workbench.engine.open_session import OpenSession


@pytest.mark.fault("F06", "P05")
def test_a_kill_at_any_moment_loses_less_than_a_second_of_an_answer(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    chance = random.Random(4)
    for number in range(rounds(1, 25)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Terminal(["-m", "workbench"], sealed(folder), folder) as terminal:
            terminal.wait_for(b"temperature")
            terminal.press("Write 900 words about the sea.\n")
            terminal.wait_for(b"tok/s", 30)
            until = time.monotonic() + chance.uniform(0.6, 3.0)
            while (left := until - time.monotonic()) > 0:
                terminal.read(left)
            terminal.kill()
            killed = time.time()
        (file,) = (folder / "data" / "workbench" / "sessions").glob("*.toml")
        assert killed - names.beside(file, names.JOURNAL).stat().st_mtime < at_once()
        opened = OpenSession.open(file)
        assert opened.held is not None
        opened.held.close()
        assert opened.session.runs[0].state is State.INTERRUPTED
        asked, answered = opened.session.messages
        assert asked.text == "Write 900 words about the sea."
        assert len(answered.text) > 20
