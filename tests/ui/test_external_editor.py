"""Editors that write, fail, die and are missing: the text comes back as they left it, or a sentence does."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual.app import App

from tests.ui.resting import wait_for_idle
from tests.ui.tools import Tools, reaped, runs, until, with_terminal
from workbench.ui import external_editor
from workbench.ui.external_editor import EditorFailed, edit

pytestmark = pytest.mark.fault("P10")
WAY = "put it in a file and use --prompt-file, or a variable"
HUGE = f"What ed wrote has 1,000,001 characters, and a text field would freeze: {WAY}. Here the text is unchanged."
LARGER = "it has 67 MB, and 64 MB is the most that is read"
WAITS = "echo $$ > $HERE/pid; while [ ! -e $HERE/go ]; do :; done; printf done > $1"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    return Tools(tmp_path / "tools", monkeypatch)


def environ(tools: Tools, **more: str) -> Mapping[str, str]:
    return {"PATH": str(tools.folder)} | more


async def edited(tools: Tools, text: str, script: str) -> str | None:
    """The text after an editor that is this script; what is lent is given back and nothing is left behind."""
    tools.add("ed", script)
    app: App[object] = App()
    terminal = with_terminal(app)
    try:
        return await edit(app, text, environ=environ(tools, EDITOR="ed"))
    finally:
        assert terminal.lent == ["lent", "back"]
        assert list((tools.folder.parent / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "script", "after"),
    [
        ("a", "printf b > $1", "b"),
        ("a", "printf 'a\\r\\nb\\f\\342\\200\\250c' > $1", "a\r\nb\f\u2028c"),
        ("a", "printf ' b \\n' > $1", " b "),  # the newline is the editor's
        ("a", "printf 'b\\n\\n' > $1", "b\n"),
        ("a\n", "printf 'b\\n' > $1", "b\n"),
        ("a\n", "printf b > $1", "b"),
        ("a\r\nb", "printf 'a\\r\\nc\\r\\n' > $1", "a\r\nc"),
        ("a\r\nb", "printf 'a\\r\\nc\\n' > $1", "a\r\nc"),
        ("a", "printf '\\n' > $1", ""),
        ("a", ": > $1", ""),
        ("a", "echo b > $1.new; mv $1.new $1", "b"),  # replaces the file, as vim does
        ("a", "printf b > $1; echo a > $1~", "b"),  # and leaves a backup
        ("a", "printf '\\357\\273\\277b' > $1", "\ufeffb"),
        ("a", ":", None),
        ("", "touch $1", None),
        ("half \ud83d", ":", None),
    ],
)
async def test_the_text_comes_back_to_the_byte(tools: Tools, text: str, script: str, after: str | None) -> None:
    assert await edited(tools, text, script) == after


async def test_the_editor_gets_the_text_to_the_byte_and_nobody_else(tools: Tools) -> None:
    text = "a\r\n\u2028 \x1b é \ud83d"
    await edited(tools, text, "cp $1 $HERE/got; stat -c %a $1 > $HERE/mode; echo $1 > $HERE/name")
    assert tools.kept("got") == "a\r\n\u2028 \x1b é \ufffd".encode()
    assert tools.kept("mode") == b"600\n"
    assert (tools.kept("name") or b"").endswith(b".md\n")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("printf b > $1; exit 3", "ed ended with status 3: the text is unchanged."),
        ("printf b > $1; kill -9 $$", "ed was ended by SIGKILL: the text is unchanged."),
        ("printf '\\377\\376\\000' > $1", "What ed wrote is no UTF-8 text: the text is unchanged."),
        ("head -c 1000001 /dev/zero | tr '\\0' '\\n' > $1", HUGE),
        ("truncate -s 70000000 $1", f"What ed wrote can't be read: {LARGER}; the text is unchanged."),
        ("rm $1", "ed left no file: the text is unchanged."),
        ("rm $1; mkdir $1", "What ed wrote can't be read: it is a folder; the text is unchanged."),
    ],
)
async def test_what_goes_wrong_is_said(tools: Tools, script: str, said: str) -> None:
    with pytest.raises(EditorFailed) as failed:
        await edited(tools, "a", script)
    assert str(failed.value) == said


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({"EDITOR": "ed"}, ["ed"]),
        ({"EDITOR": "ed", "VISUAL": "code --wait"}, ["code", "--wait"]),
        ({"EDITOR": "'my editor' -c \"set ft=x\"", "VISUAL": " "}, ["my editor", "-c", "set ft=x"]),
    ],
)
def test_which_editor(environ: dict[str, str], command: list[str]) -> None:
    assert external_editor.find(environ) == command


def test_without_a_word_a_known_editor_is_taken(tools: Tools) -> None:
    tools.add("vi", "")
    assert external_editor.find(environ(tools)) == ["vi"]
    tools.add("nano", "")
    assert external_editor.find(environ(tools)) == ["nano"]


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "No editor was found: set EDITOR to the command that starts yours."),
        ({"EDITOR": "absent -x"}, "absent was not found: set EDITOR to the command that starts your editor."),
        ({"EDITOR": "/"}, "/ can't be started: permission is denied."),
        ({"VISUAL": "'open"}, "$VISUAL can't be read: no closing quotation in 'open"),
    ],
)
async def test_an_editor_that_is_not_there(tools: Tools, variables: dict[str, str], said: str) -> None:
    app: App[object] = App()
    with_terminal(app)
    with pytest.raises(EditorFailed) as failed:
        await edit(app, "a", environ=environ(tools, **variables))
    assert str(failed.value) == said


async def test_a_terminal_that_cant_be_lent(tools: Tools) -> None:
    tools.add("ed", "touch $HERE/ran")
    app: App[object] = App()
    async with app.run_test():
        with pytest.raises(EditorFailed, match="can't be lent"):
            await edit(app, "a", environ=environ(tools, EDITOR="ed"))
    assert tools.kept("ran") is None


async def test_everything_else_goes_on_meanwhile_and_interrupts_are_the_editors(tools: Tools) -> None:
    tools.add("ed", WAITS)
    app: App[object] = App()
    terminal = with_terminal(app)
    before = signal.getsignal(signal.SIGINT)
    editing = asyncio.create_task(edit(app, "a", environ=environ(tools, EDITOR="ed")))
    await until(lambda: tools.kept("pid"))
    signal.raise_signal(signal.SIGINT)
    assert terminal.lent == ["lent"]
    (tools.folder / "go").touch()
    assert await editing == "done"
    assert signal.getsignal(signal.SIGINT) is before


async def test_leaving_while_the_editor_is_open_ends_it_and_takes_the_terminal_back(tools: Tools) -> None:
    tools.add("ed", WAITS)
    app: App[object] = App()
    terminal = with_terminal(app)
    editing = asyncio.create_task(edit(app, "a", environ=environ(tools, EDITOR="ed")))
    await until(lambda: tools.kept("pid"))
    editing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await editing
    assert terminal.lent == ["lent", "back"]
    assert list((tools.folder.parent / "temporary").iterdir()) == []
    await until(lambda: not runs(int(tools.kept("pid") or b"0")) and reaped())
    await wait_for_idle()
