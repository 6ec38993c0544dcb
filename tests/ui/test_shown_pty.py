"""A stranger's session on a real terminal: every control that comes out of it comes out of a harmless one too."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.terminal import NothingDrawnError, Terminal
from tests.ui import hostile
from tests.ui.payloads import MARK, MIXED, PAYLOADS
from tests.ui.terminal_stage import CTRL_P, CTRL_Q, ESC, F3, FILE, started
from workbench.engine import store

pytestmark = pytest.mark.fault("A01", "A02")

SEQUENCE: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]", re.DOTALL
)
NUMBERS: Final = re.compile(r"\d+(?:[;:]\d+)*")
CONTROL: Final = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
F6, F8, CTRL_O = "\x1b[17~", "\x1b[19~", "\x0f"
STEPS: Final = (F8, ESC, F6, ESC, F3, CTRL_P, ESC, CTRL_O, ESC)
"""Keys, each after the one before was answered."""


def drawn(terminal: Terminal) -> str:
    """What comes until nothing comes."""
    found, seconds = b"", 20.0
    while piece := terminal.read(seconds):
        found, seconds = found + piece, 0.3
    return found.decode("utf-8", "replace")


def output(folder: Path, payload: str, steps: tuple[str, ...]) -> str:
    """All that a session of this payload writes, from the first byte to the last."""
    folder.mkdir()
    store.save(folder / FILE, hostile.session(payload))
    with started(folder, size=(160, 50)) as terminal:
        found = terminal.drawn.decode("utf-8", "replace")
        for keys in steps:
            terminal.press(keys)
            found += drawn(terminal)
        terminal.press(CTRL_Q)
        try:
            while piece := terminal.read(5.0):
                found += piece.decode("utf-8", "replace")
        except NothingDrawnError:
            pass
    return found


def shapes(text: str) -> set[str]:
    return {NUMBERS.sub("n", each) for each in SEQUENCE.findall(text)}


def test_a_terminal_gets_no_control_that_is_not_the_programs_own(
    tmp_path: Path, rounds: Callable[[int, int], int]
) -> None:
    steps = STEPS[: rounds(1, len(STEPS))]
    usual = output(tmp_path / "usual", "harmless", steps)
    for at, payload in enumerate((MIXED, *PAYLOADS)[: rounds(1, 12)]):
        found = output(tmp_path / f"hostile-{at}", payload, steps)
        assert shapes(found) - shapes(usual) == set(), ascii(payload)
        assert not [each for each in SEQUENCE.findall(found) if MARK in each], ascii(payload)
        left = SEQUENCE.sub("", found)
        assert CONTROL.findall(left) == [], ascii(payload)


def on_terminal(*words: str) -> str:
    """What a command writes where all its streams are a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "workbench", *words], stdin=theirs, stdout=theirs, stderr=theirs
    ) as done:
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:
                break
            found += piece
        done.wait()
    os.close(ours)
    return found.decode("utf-8", "replace").replace("\r\n", "\n")


def test_a_mistake_in_what_was_typed_is_shown_as_pictures() -> None:
    found = on_terminal("--replay", MIXED)
    assert "␛[7777m" in found
    assert CONTROL.findall(found) == []


@pytest.mark.parametrize("file", ["s.toml", f"{MIXED} missing.toml"])
def test_a_command_shows_pictures_on_a_terminal_and_gives_a_pipe_the_characters(file: str) -> None:
    store.save(Path("s.toml"), hostile.session(MIXED))
    found = SEQUENCE.sub("", on_terminal("cost", file))
    assert "␛[7777m␇⟨U+202E⟩⟨U+E0041⟩⟨U+009B⟩[@click=app.quit]x" in found
    assert CONTROL.findall(found) == []
    piped = subprocess.run([sys.executable, "-m", "workbench", "cost", file], capture_output=True, check=False)
    assert (MIXED in piped.stdout.decode()) == (file == "s.toml")  # data goes as it is
    assert MIXED not in piped.stderr.decode()  # talk never does
