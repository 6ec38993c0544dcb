"""Two programs on one session, as two processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Served
from workbench.engine import store

COMMAND = (sys.executable, "-m", "workbench")


@pytest.mark.fault("F07")
def test_of_two_at_once_each_is_kept_or_refused_before_it_asks(
    served: Served, rounds: Callable[[int, int], int]
) -> None:
    Path("s.toml").write_text('[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 5\n')
    kept = refused = 0
    for number in range(rounds(4, 50)):
        words = [[*COMMAND, "run", "s.toml", "--prompt", f"{number} {each}"] for each in ("left", "right")]
        both = [subprocess.Popen(each, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for each in words]
        for process in both:
            _, talk = process.communicate(timeout=30)
            assert process.returncode in {0, 2}, talk
            assert process.returncode == 0 or "s.toml is in use: " in talk  # by whom may not be written yet
            kept += process.returncode == 0
            refused += process.returncode == 2
        session = store.load(Path("s.toml")).session
        assert len(session.runs) == kept
        assert len(session.messages) == 2 * kept
        assert kept > number
    asked = [each for each in served.simulator.received if each.target == "/v1/messages"]
    assert len(asked) == kept
    assert sorted(path.name for path in Path().iterdir()) == ["s.toml"]
    print(f"{kept} kept, {refused} refused, {2 * rounds(4, 50) - kept - refused} lost")  # noqa: T201 - a measurement
