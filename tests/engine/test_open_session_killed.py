"""kill -9 at any moment: what was reported is there, and nothing heaps up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import store
from workbench.engine.open_session import OpenSession

ROOT = Path(__file__).parents[2]
AFRESH = 60
"""Rounds after which the session has become long enough."""


@pytest.mark.fault("F06")
def test_no_kill_at_any_moment_loses_what_was_reported(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    generator = random.Random(6)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.engine.killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        saved: set[str] = set()
        for at in range(rounds(8, 500)):
            path = tmp_path / f"{at // AFRESH}" / "killed.toml"
            saved = saved if at % AFRESH else set()
            program.stdin.write(f"{path} {at}\n")
            program.stdin.flush()
            said = _until_killed(program.stdout, generator.randrange(1, 90))
            saved |= {line.split()[1] for line in said if line.startswith("saved")}
            if path.exists():
                _holds_all(path, saved, [line for line in said if line.startswith("came")])
        program.stdin.close()
    opened = OpenSession.open(path)
    assert opened.held is not None
    opened.held.close()
    assert [each.name for each in path.parent.iterdir()] == ["killed.toml"]


def _until_killed(out: IO[str], lines: int) -> list[str]:
    """What a child reports until it is killed, some time after so many lines."""
    child = int(out.readline().split()[1])
    said = [out.readline() for _ in range(lines)]
    os.kill(child, signal.SIGKILL)
    while (line := out.readline()) != "gone\n":
        said.append(line)
    assert all(line.startswith(("came", "saved")) for line in said), said[-1]
    return said


def _holds_all(path: Path, saved: set[str], came: list[str]) -> None:
    """Every answer that was saved, whole; of the one that was coming no piece less than was reported."""
    loaded = store.load(path)
    session = loaded.session
    assert all(session.run_by_id[run].text == _answer(session, run) for run in saved)
    assert [run.id for run in session.runs] == [f"r{at + 1}" for at in range(len(session.runs))]
    assert all(message.parent is None or message.parent in session.by_id for message in session.messages)
    assert not any("damaged" in each or "another program" in each for each in loaded.recovered)
    if came and (run := came[-1].split()[1]) not in saved:
        record = session.run_by_id[run]
        text = "".join(f"{at} " for at in range(int(came[-1].split()[2]) + 1))
        assert record.text.startswith(text) or record.state is State.COMPLETE
    left = [each.name for each in path.parent.iterdir()]
    assert sum(name.endswith(".tmp") for name in left) <= 2, left
    assert len(left) <= 5, left


def _answer(session: Session, run: str) -> str:
    return f"Answer {run[1:]}"
