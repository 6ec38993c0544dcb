"""Mistakes of the program, screens that hang and threads that block, on a real terminal: it ends as it should."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest

from tests.ui import broken
from tests.ui.terminal_stage import DRAFT, FILE, PROMPT, at_once, holds, kept, reach, started
from tests.ui.terminal_stage import session as with_session

ENDING = ("blocked", "stuck", "end")
"""Those that are no mistake in the middle of things."""
CRASHES = tuple(kind for kind in broken.KINDS if kind not in ENDING)
STREAMING = ("render", "loop")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All kinds with `--whole`; else those that come up in different ways."""
    if "mistake" in metafunc.fixturenames:
        metafunc.parametrize("mistake", CRASHES if metafunc.config.getoption("--whole") else STREAMING[:1])


@pytest.mark.fault("P01", "C07")
def test_a_mistake_anywhere_ends_with_status_1_a_note_and_the_name_of_the_session(tmp_path: Path, mistake: str) -> None:
    with_session(tmp_path)
    with started(tmp_path, mistake, program=broken.__name__) as terminal:
        reach(terminal, "streaming" if mistake in STREAMING else "idle")
        terminal.drawn = b""
        os.kill(terminal.process, signal.SIGUSR1)
        assert terminal.ended(10) == 1
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
        said = terminal.drawn[terminal.drawn.rindex(b"l", 0, terminal.drawn.rindex(b"Workbench ended")) + 1 :].decode()
    assert said.count("\n") == 3, "few lines"
    (note,) = (tmp_path / "state" / "workbench" / "logs").iterdir()
    assert str(note) in said
    assert FILE in said
    text = note.read_text()
    assert ("ValueError" in text or "SystemExit" in text, "broken.py" in text or mistake == "exit") == (True, True)
    for secret in (broken.KEY, "canary", DRAFT, PROMPT, "headers"):
        assert secret not in text + said, secret
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert holds(tmp_path, "streaming" if mistake in STREAMING else "idle")


@pytest.mark.fault("P01")
def test_a_mistake_before_the_first_paint_is_told_too(tmp_path: Path) -> None:
    with_session(tmp_path)
    with started(tmp_path, "start", program=broken.__name__, ready=b"mistake in itself") as terminal:
        assert terminal.ended(10) == 1
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
    assert kept(tmp_path)["session"]["prompt"] == PROMPT


@pytest.mark.fault("P12", "P02")
@pytest.mark.parametrize(
    ("kind", "state"), [("blocked", "idle"), ("stuck", "streaming")], ids=["a thread blocks", "the screen hangs"]
)
def test_an_end_waits_for_nothing_that_blocks(tmp_path: Path, kind: str, state: str) -> None:
    with_session(tmp_path)
    with started(tmp_path, kind, program=broken.__name__) as terminal:
        reach(terminal, state)
        os.kill(terminal.process, signal.SIGUSR1)
        if kind == "stuck":
            while terminal.read(0.2):  # until nothing is drawn any more
                pass
        else:
            terminal.wait_for(b"Something failed")  # in a thread beside, and the program goes on
            (note,) = (tmp_path / "state" / "workbench" / "logs").iterdir()
            assert "canary" not in note.read_text()
        at = time.perf_counter()
        os.kill(terminal.process, signal.SIGTERM)
        status = terminal.ended(10)
        took = time.perf_counter() - at
        assert terminal.modes.left_on == set()
        assert terminal.attributes == terminal.before
    assert status == 143
    assert took < at_once()
    assert (tmp_path / FILE).read_text().count("cancelled" if kind == "stuck" else DRAFT) == (
        4 if kind == "stuck" else 1
    )
