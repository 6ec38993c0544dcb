"""Copying with tools that work, fail, hang and linger: the sentence is never more than what is known."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import stat
from pathlib import Path

import pytest
from textual.app import App

from tests.ui.resting import LOOK_S
from tests.ui.tools import Tools, runs, until, with_terminal
from workbench.ui import clipboard

pytestmark = pytest.mark.fault("P11")
WORKS = 'if [ "$3" = -o ]; then cat $HERE/board; else cat > $HERE/board; fi'
LINGERS = WORKS.replace(
    "cat > $HERE/board", "cat > $HERE/board; (echo > $HERE/served; exec sleep 60) & echo $! > $HERE/pid"
)
HANGS = "echo $$ > $HERE/pid; exec sleep 60"
HOLDS = 'if [ "$3" = -o ]; then sleep 60 & echo $! > $HERE/pid; else cat > $HERE/board; fi'
OSC = "Sent to the terminal (OSC 52); not every terminal takes it."


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    monkeypatch.setenv("DISPLAY", ":0")
    return Tools(tmp_path / "tools", monkeypatch)


@pytest.fixture
def app() -> App[object]:
    return App()


def sent(written: list[str]) -> str:
    start, end = "\x1b]52;c;", "\a"
    return base64.b64decode("".join(written).removeprefix(start).removesuffix(end)).decode()


async def test_a_tool_that_works(tools: Tools, app: App[object], tmp_path: Path) -> None:
    tools.add("xclip", WORKS)
    terminal = with_terminal(app)
    assert await clipboard.copy(app, "grüß\t\n 🙂 \n", fallback=tmp_path) == "Copied to the clipboard."
    assert tools.kept("board") == "grüß\t\n 🙂 \n".encode()
    assert terminal.written == []
    assert app.clipboard == "grüß\t\n 🙂 \n"


async def test_a_tool_that_serves_on_in_the_background(tools: Tools, app: App[object], tmp_path: Path) -> None:
    tools.add("xclip", LINGERS)
    assert await clipboard.copy(app, "kept", fallback=tmp_path) == "Copied to the clipboard."
    server = int(tools.kept("pid") or b"0")
    assert runs(server)
    os.kill(server, signal.SIGKILL)


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "echo 'no display' >&2; exit 1",
        "cat > /dev/null",  # takes it, and pastes nothing
        'if [ "$3" = -o ]; then echo something else; else cat > /dev/null; fi',
    ],
)
async def test_a_tool_that_fails_is_no_success(
    tools: Tools, app: App[object], tmp_path: Path, script: str, capfd: pytest.CaptureFixture[str]
) -> None:
    tools.add("xclip", script)
    terminal = with_terminal(app)
    assert await clipboard.copy(app, "a prompt", fallback=tmp_path) == OSC
    assert sent(terminal.written) == "a prompt"
    assert capfd.readouterr() == ("", ""), "a tool's complaints would be drawn across the screen"


@pytest.mark.parametrize("script", [HANGS, HOLDS])
async def test_a_tool_that_hangs_is_ended(
    tools: Tools, app: App[object], tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools.add("xclip", script)
    with_terminal(app)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(LOOK_S)

    monkeypatch.setattr(clipboard, "LIMIT", 1.0)  # the shell has long begun
    ticking = asyncio.create_task(tick())
    assert await clipboard.copy(app, "a prompt", fallback=tmp_path) == OSC
    ticking.cancel()
    assert ticks > 50, "the loop went on"
    await until(lambda: not runs(int(tools.kept("pid") or b"0")))


async def test_a_copy_that_is_overtaken_leaves_nothing_running(tools: Tools, app: App[object], tmp_path: Path) -> None:
    tools.add("xclip", HANGS)
    copying = asyncio.create_task(clipboard.copy(app, "a prompt", fallback=tmp_path))
    await until(lambda: tools.kept("pid"))
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    await until(lambda: not runs(int(tools.kept("pid") or b"0")))


async def test_tmux(tools: Tools, app: App[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools.add("tmux", 'echo "$*" > $HERE/asked; cat > $HERE/buffer')
    terminal = with_terminal(app)
    assert await clipboard.copy(app, "x", fallback=tmp_path) == OSC, "not inside tmux"
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    terminal.written.clear()
    said = await clipboard.copy(app, "a\nprompt", fallback=tmp_path)
    assert said.startswith("Copied to tmux's buffer")
    assert (tools.kept("asked"), tools.kept("buffer")) == (b"load-buffer -w -\n", b"a\nprompt")
    assert terminal.written == []


async def test_an_old_tmux_is_passed_over(
    tools: Tools, app: App[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools.add("tmux", "exit 1")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    terminal = with_terminal(app)
    assert await clipboard.copy(app, "x", fallback=tmp_path) == OSC
    assert sent(terminal.written) == "x"


async def test_with_no_way_at_all_a_file_is_written(tools: Tools, app: App[object], tmp_path: Path) -> None:
    folder = tmp_path / "state" / "deep"
    said = await clipboard.copy(app, "a\r\nprompt", fallback=folder, exact=True)
    path = folder / "clipboard.txt"
    assert said == f"No clipboard was found: the text is in {path}."
    assert path.read_bytes() == b"a\r\nprompt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_an_old_file_or_a_planted_link_is_replaced(tools: Tools, app: App[object], tmp_path: Path) -> None:
    other, path = tmp_path / "other", tmp_path / "clipboard.txt"
    other.write_text("mine")
    path.symlink_to(other)
    await clipboard.copy(app, "first", fallback=tmp_path)
    path.chmod(0o644)
    await clipboard.copy(app, "second", fallback=tmp_path)
    assert (path.read_text(), other.read_text()) == ("second", "mine")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_file_that_cant_be_written_is_said(tools: Tools, app: App[object], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = await clipboard.copy(app, "x", fallback=tmp_path / "file")
    assert said.startswith("Not copied: no clipboard was found, and ")


@pytest.mark.fault("A01", "S21")
@pytest.mark.parametrize(
    ("text", "exact", "arrives", "said"),
    [
        ("a\x1b[31mb\x00\x9d\r\n", False, "a[31mb\n", f"{OSC} 4 control characters were left out."),
        ("bell\a", False, "bell", f"{OSC} 1 control character was left out."),
        ("a\x1b[31mb\r\n", True, "a\x1b[31mb\r\n", OSC),
        ("one \ud83d\ude00 two \ud83d", False, "one 😀 two \ufffd", OSC),
        ("", False, "", OSC),
        ("\u2028 \x85 \u202e", False, "\u2028  \u202e", f"{OSC} 1 control character was left out."),
    ],
)
@pytest.mark.usefixtures("tools")
async def test_what_is_copied(app: App[object], text: str, exact: bool, arrives: str, said: str) -> None:
    terminal = with_terminal(app)
    assert await clipboard.copy(app, text, fallback=Path(), exact=exact) == said
    assert sent(terminal.written) == arrives


async def test_a_module_in_the_current_folder_is_not_run(
    tools: Tools, app: App[object], tmp_path: Path, sealed: Path
) -> None:
    (sealed / "pyperclip.py").write_text("open('ran', 'w')\ndef copy(text): pass\ndef paste(): return 'x'\n")
    with_terminal(app)
    assert await clipboard.copy(app, "x", fallback=tmp_path) == OSC
    assert not (sealed / "ran").exists()
