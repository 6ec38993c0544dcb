"""Nothing that the program writes, shows or starts holds the key: not in any form, not when a server says it (K01)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.benchmarks.terminal import Terminal, sealed
from tests.canary import HALF, SECRET, echo, echoing, found_in, found_under, prompts
from tests.cli.conftest import Program
from tests.engine.fault_server import serving
from tests.test_house import expect_none
from tests.ui import broken
from tests.ui.acts import opened
from tests.ui.board_acts import catch_copies, goes_to_wire
from tests.ui.story import User, story
from workbench.core.endpoint import Endpoint
from workbench.core.exports.documents import DOCUMENTS
from workbench.core.exports.languages import LANGUAGES
from workbench.engine.endpoints import Chosen
from workbench.engine.keys import Key
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose

pytestmark = pytest.mark.fault("K01")
ROOT: Final = Path(__file__).parent.parent
CTRL_Q, F4, ESC = "\x11", "\x1bOS", "\x1b"
SNOOP: Final = """#!/bin/sh
env > "$SNOOP/env-$$"
for process in /proc/[0-9]*; do tr '\\0' ' ' < $process/cmdline; echo; done > "$SNOOP/cmdlines-$$" 2>/dev/null
cp -r "$TMPDIR" "$SNOOP/temporary-$$"
cp -r "$HOME" "$SNOOP/home-$$"
"""
MARKS: Final = {"answers": b"word11", "401": b"HTTP 401", "late error event": b"Server error"}
"""What is drawn for some answers; after the others nothing is waited for that is new."""
EDITOR: Final = SNOOP + 'printf " written in an editor" >> "$1"\n'
TOOL: Final = SNOOP + 'case "$*" in *-o*) cat "$SNOOP/clipboard" ;; *) cat > "$SNOOP/clipboard" ;; esac\n'


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text(f"x{SECRET}y")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "drawn").write_text(f"│ {SECRET[:HALF]}\x1b[31m│\n│ {SECRET[HALF:]} │")
    (tmp_path / SECRET[: HALF - 1].replace("/", "_")).touch()
    hits = [*found_under(tmp_path)]
    assert "plain: the key" in hits
    assert "deep/drawn: the key" in hits
    assert "deep/drawn: its second half" in hits
    assert not [*found_in(b"sk-ant-api03- is how it begins, and this is how it ends: ...r4Uq", "")]


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that says keys back, and the key that goes there."""
    with echoing() as address:
        monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
        yield address


def test_no_command_lets_it_out(
    keyed: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    program = Program(capsys, monkeypatch)
    whole = bool(request.config.getoption("--whole"))
    hits: list[str] = []
    statuses: set[int] = set()

    def calls(*words: str) -> str:
        done = program(*words)
        statuses.add(done.status)
        hits.extend(found_in(f"{done.out}\n{done.err}".encode(), " ".join(words[:4])))
        return done.err

    said = prompts(whole=whole)
    for number, prompt in enumerate(said):
        calls("run", "kept.toml", "--prompt", prompt)
        calls("run", f"records{number}.toml", "--prompt", prompt, "--json")
        if whole or number in {1, 4, 10}:
            calls("count", "--prompt", prompt)
            calls("sweep", f"swept{number}.toml", "--prompt", prompt, "--axis", "max_tokens=8,16")
            calls("sweep", f"swept{number}.toml", "--json", "--dry-run")
    for form in (*LANGUAGES, *DOCUMENTS):
        calls("export", "kept.toml", "--as", form)
    for words in (("cost", "kept.toml"), ("cost", "--json", "kept.toml"), ("models",), ("models", "--json")):
        calls(*words)
    assert "Key rejected" in calls("run", "--prompt", "[401|as it is]")
    assert "…" in calls("run", "--prompt", "[401|base64 of a header]")
    for wrong in (f"{SECRET}\nx", f'"{SECRET}"', f"{SECRET}ü", SECRET * 100):
        monkeypatch.setenv("ANTHROPIC_API_KEY", wrong)
        calls("run", "--prompt", "Hello", "--endpoint", "anthropic")
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    calls("run", "--prompt", "Hello", "--base-url", "https://gate.invalid")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"https://{SECRET}@gate.invalid")
    calls("run", "--prompt", "Hello")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", SECRET)
    calls("models")
    assert statuses == {0, 1, 2}
    assert len([*tmp_path.rglob("*.toml")]) > len(said)
    expect_none([*hits, *found_under(tmp_path)])


async def _works(user: User, said: list[str], folder: Path, copied: list[str]) -> list[str]:
    """Send all of these, look at each answer and its wire, take out what can be taken; what was found meanwhile."""
    hits: list[str] = []

    def look(where: str) -> None:
        hits.extend(found_in(user.screen.encode(), f"the screen: {where}"))
        hits.extend(found_in(user.app.export_screenshot().encode(), f"a picture: {where}"))

    for number, prompt in enumerate(said):
        user.chat.prompt.text = prompt
        await user.chat.do("run")
        await user.settles()
        look(prompt)
        await goes_to_wire(user)
        look(f"the wire of {prompt}")
        for form in ("curl", "body", "headers", "events") if number in {0, len(said) - 1} else ("headers",):
            await _takes(user, form)
        await user.does("export")
        await user.until(lambda: isinstance(user.app.screen, Ask) or user.app._notifications)
        if isinstance(user.app.screen, Ask):
            user.app.screen.field.value = str(folder / f"recording{number}.sse")
            await user.presses("ctrl+j")
            await user.until((folder / f"recording{number}.sse").exists)
        user.app.clear_notifications()
        await user.presses("escape")
        await user.until(lambda: user.app.screen is user.chat)
    user.chat.view.focus()
    for form in (*LANGUAGES, *DOCUMENTS):
        await _takes(user, form)
    await user.does("runs")
    look("runs")
    await user.presses("escape")
    await user.does("save")
    await user.settles()
    hits.extend(found_in("\n".join(copied).encode(), "what was copied"))
    return hits


async def _takes(user: User, form: str) -> None:
    """Copy in this form; what can't be copied so is said."""
    user.app.clear_notifications()
    await user.does("copy-as")
    (await opened(user, Choose)).dismiss(form)
    await user.until(lambda: user.app._notifications)


async def test_no_screen_copy_picture_or_file_of_the_program_holds_it(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = bool(request.config.getoption("--whole"))
    said = prompts(whole=whole)
    copied = catch_copies(monkeypatch)
    async with serving(echo) as server:
        chosen = Chosen(Endpoint("gate", server.base_url), Key(SECRET, "GATE_KEY"))
        async with story(tmp_path / "home", chosen=chosen) as user:
            hits = await _works(user, said if whole else said[1::5], tmp_path / "home", copied)
        assert SECRET.encode() in server.requests[0].head
    assert len(copied) > len(LANGUAGES) + len(DOCUMENTS)
    assert [*(tmp_path / "home").rglob("*.sse")]
    expect_none([*hits, *found_under(tmp_path)])


class Recorded(Terminal):
    """Keeps everything that was ever drawn."""

    def __init__(self, arguments: list[str], environ: dict[str, str], folder: Path) -> None:
        self.all = bytearray()
        super().__init__(arguments, environ, folder)

    def read(self, seconds: float) -> bytes:
        piece = super().read(seconds)
        self.all += piece
        return piece


def _script(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text)
    path.chmod(0o700)
    return str(path)


@pytest.mark.fault("P01", "P10")
def test_no_terminal_editor_clipboard_tool_or_crash_gets_it(
    keyed: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    home, tools, snoop, temporary = (tmp_path / name for name in ("home", "tools", "snoop", "temporary"))
    for folder in (tools, snoop, temporary):
        folder.mkdir()
    editor = _script(tools, "an-editor", EDITOR)
    _script(tools, "xclip", TOOL)
    environ = sealed(
        home,
        PATH=f"{tools}:{os.environ['PATH']}",
        PYTHONPATH=str(ROOT),
        ANTHROPIC_API_KEY=SECRET,
        ANTHROPIC_BASE_URL=keyed,
        OTHER_KEY=SECRET,
        EDITOR=editor,
        DISPLAY=":99",
        SNOOP=str(snoop),
        TMPDIR=str(temporary),
        TEXTUAL_LOG=str(tmp_path / "textual.log"),
    )
    config = home / "config" / "workbench" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[endpoints.other]\nbase_url = "https://gate.invalid"\nkey_env = "OTHER_KEY"\n')
    said = prompts(whole=False)
    said = (
        said
        if request.config.getoption("--whole")
        else [each for each in said if any(f"[{how}|as" in each for how in MARKS)]
    )
    with Recorded(["-m", broken.__name__, "handler", "kept.toml"], environ, home) as terminal:
        terminal.wait_for(b"temperature")
        for prompt in said:
            terminal.press(prompt)
            terminal.wait_for(prompt[-6:].encode())
            terminal.press("\n")
            terminal.wait_for(next((mark for how, mark in MARKS.items() if f"[{how}|" in prompt), b"word11"))
        terminal.press(F4)
        terminal.wait_for(b"in an editor")
        terminal.press(ESC)
        terminal.wait_for(b"branch")
        terminal.press("y")
        terminal.wait_for(b"Copied to the clipboard")
        os.kill(terminal.process, signal.SIGUSR1)
        assert terminal.ended(15) == 1
        drawn = bytes(terminal.all) + terminal.drawn
    assert len([*snoop.glob("env-*")]) >= 3  # the editor, and what copies and pastes
    assert b"SNOOP=" in next(iter(snoop.glob("env-*"))).read_bytes()
    assert [*(home / "state" / "workbench" / "logs").iterdir()]
    expect_none([*found_in(drawn, "the terminal"), *found_under(tmp_path)])


def test_the_simulator_that_was_sent_it_tells_nobody(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    child = subprocess.Popen(
        [sys.executable, "-m", "workbench", "simulate", "--speed", "0", "--fault", "500:0.5"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        address = child.stdout.readline().decode().strip()
        monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
        done = Program(capsys, monkeypatch)("run", "--prompt", "Hello.", "--base-url", address)
    finally:
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=60)
    assert done.status in {0, 1}
    told = f"{done.out}\n{done.err}".encode()
    expect_none([*found_in(told, "run"), *found_in(out + err, "simulate"), *found_under(tmp_path)])
