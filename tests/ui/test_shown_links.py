"""Links of an answer: shown whole and agreed to before anything opens, by key and by mouse; nothing is ever fetched."""

from __future__ import annotations

import base64
import os
import sys
import webbrowser
from pathlib import Path
from typing import cast

import pytest
from textual.app import App

from tests.ui.acts import Start, closed, notes, opened
from tests.ui.board_acts import catch_copies
from tests.ui.story import User
from tests.ui.test_text_documents import streamed
from tests.ui.tools import with_terminal
from workbench.core.links import Link
from workbench.ui import browser_tool, links
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose
from workbench.ui.screens.confirm import Confirm
from workbench.ui.text.addresses import links_in
from workbench.ui.text.document import Document

pytestmark = pytest.mark.fault("A03")

SHOWN = [
    ("[docs](https://e.com/a)", [("docs", "link"), (" (https://e.com/a)", "url")]),
    ("<https://e.com/a>", [("https://e.com/a", "link")]),
    ("[write](mailto:a@b.c)", [("write", "link"), (" (mailto:a@b.c)", "url")]),
    ("[a\u200bb](https://e.com)", [("a⟨U+200B⟩b", "link"), (" (https://e.com)", "url")]),
    ("[go](https://аpple.com)", [("go", "link"), (" (https://xn--pple-43d.com)", "url")]),
    ("![alt](https://e.com/a.png)", [("[image: alt]", "link"), (" (https://e.com/a.png)", "url")]),
    ("[shell](ssh://e.com)", [("shell (ssh://e.com)", "")]),
    ("[rel](../x)", [("rel (../x)", "")]),
    ("![alt](data:image/png;base64,aaaa)", [("[image: alt] (data:image/png;base64,aaaa)", "")]),
    ("[run](javascript:alert(1))", [("[run](javascript:alert(1))", "")]),
    ("[open](file:///etc/passwd)", [("[open](file:///etc/passwd)", "")]),
    ("[app](vscode://file/x)", [("app (vscode://file/x)", "")]),
]
ANSWER = """See [the docs](https://e.com/docs), [ours](https://good.com@evil.com/x) and [not this](ssh://e.com).

![a picture](https://e.com/picture.png) and https://bare.example/page."""


@pytest.mark.parametrize(("source", "runs"), SHOWN)
def test_a_link_shows_its_address_and_what_is_none_is_text(source: str, runs: list[tuple[str, str]]) -> None:
    assert [run for line in Document.whole(source).lines(200) for run in line.runs] == runs
    assert [run for line in streamed(source, 1, 200).lines(200) for run in line.runs] == runs


def test_links_are_found_in_order_once_and_not_in_code() -> None:
    text = (
        f"{ANSWER}\n\n- `https://code.example` [again](https://e.com/docs)\n\n"
        "| a | b |\n|---|---|\n| [cell](http://cell.example) | x |\n\n```\nhttps://fence.example\n```\n"
    )
    assert [(link.words, link.url) for link in links_in(text)] == [
        ("the docs", "https://e.com/docs"),
        ("ours", "https://good.com@evil.com/x"),
        ("image: a picture", "https://e.com/picture.png"),
        ("", "https://bare.example/page"),
        ("cell", "http://cell.example"),
    ]


def answered(user: User, text: str) -> None:
    """The session has this answer."""
    session = user.chat.session.say(user.chat.lane, "Where?", parent=None)
    lane = session.lane()
    user.chat.change(session.say(lane, text, parent=lane.tip, role="assistant"))


async def clicks(user: User, words: str) -> None:
    """Click on these words, wherever they stand."""
    user.app.clear_notifications()
    await user.rests()
    y, row = next((y, row) for y, row in enumerate(user.screen.split("\n")) if words in row)
    await user.pilot.click(offset=(row.index(words) + 1, y))


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were handed to the system."""
    found: list[str] = []

    async def opened(link: Link) -> str:
        found.append(link.url)
        return "Handed to the system's browser."

    monkeypatch.setattr(links, "opened", opened)
    return found


async def test_by_key_a_link_is_chosen_shown_whole_and_opened_only_when_agreed(start: Start, handed: list[str]) -> None:
    async with start("usual") as user:
        answered(user, ANSWER)
        user.chat.view.focus()
        await user.does("links")
        chooser = await opened(user, Choose)
        assert [item.title for item in chooser.items] == [
            "the docs", "ours", "image: a picture", "https://bare.example/page",
        ]  # fmt: skip
        await user.presses(*"ours", "enter")
        await opened(user, Confirm)
        user.reads("https://good.com@evil.com/x", "The server is evil.com", "The text calls it: ours")
        await user.presses("enter")
        await closed(user)
        assert handed == []
        await user.does("links")
        await opened(user, Choose)
        await user.presses(*"docs", "enter")
        await opened(user, Confirm)
        await user.presses("o")
        await closed(user)
        assert handed == ["https://e.com/docs"]
        assert "Handed to the system" in notes(user)


async def test_by_mouse_the_link_under_the_pointer_is_asked_about(start: Start, handed: list[str]) -> None:
    async with start("usual") as user:
        answered(user, ANSWER)
        await user.rests()
        for words, url in (("docs", "https://e.com/docs"), ("bare.ex", "https://bare.example/page")):
            await clicks(user, words)
            await opened(user, Confirm)
            user.reads(url)
            await user.presses("o")
            await closed(user)
        await clicks(user, "ssh://e")
        await closed(user)
        assert user.app.screen is user.chat
        assert handed == ["https://e.com/docs", "https://bare.example/page"]


async def test_an_address_can_be_copied_and_where_there_is_none_that_is_said(
    start: Start, handed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = catch_copies(monkeypatch)
    async with start("usual") as user:
        answered(user, "Only [this](https://аpple.com/\u202egpj).")
        user.chat.view.focus()
        await user.does("links")
        await opened(user, Confirm)
        user.reads("https://xn--pple-43d.com/%E2%80%AEgpj", "reads аpple.com")
        await user.presses("c")
        await closed(user)
        assert copied == ["plain: https://xn--pple-43d.com/%E2%80%AEgpj"]
        answered(user, "Nothing but [this](file:///etc/passwd) and [that](../x).")
        await user.does("links")
        await closed(user)
        assert links.NONE in notes(user)
        assert handed == []


async def test_what_a_copy_leaves_out_the_exact_copy_has(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = catch_copies(monkeypatch)
    async with start("usual") as user:
        answered(user, "a\x1b[31mb\u202e")
        user.chat.view.focus()
        await user.does("copy")
        await user.settles()
        await user.does("copy-exact")
        await user.settles()
        assert copied == ["plain: a\x1b[31mb\u202e", "a\x1b[31mb\u202e"]


@pytest.mark.fault("A01", "S21")
async def test_what_a_text_field_copies_steers_nothing_elsewhere_and_comes_back_whole(start: Start) -> None:
    text = "a\x1b[31mb\ud83d\tc"
    async with start("usual") as user:
        await user.does("title")
        field = (await opened(user, Ask)).field
        field.value = text
        field.select_all()
        before = user.app._driver
        terminal = with_terminal(cast("App[object]", user.app))
        field.action_copy()
        user.app._driver = before
        field.value = ""
        field.action_paste()
        assert field.value == text
        sent = "".join(terminal.written).removeprefix("\x1b]52;c;").removesuffix("\a")
        assert base64.b64decode(sent).decode() == "a[31mb\ufffd\tc"


BROWSER = f"""#!{sys.executable}
import os
import sys
import webbrowser
from pathlib import Path
Path(__file__).with_name("asked").write_text(repr(sys.argv[1:]) + str(sys.stdin.isatty()))
print("across the screen"); print("across the screen", file=sys.stderr)
sys.exit(STATUS)
"""


@pytest.mark.parametrize(("status", "said"), [(0, "Handed to the system's browser."), (1, "Not opened: no browser")])
async def test_the_browser_gets_one_address_and_no_terminal(
    status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(BROWSER.replace("STATUS", str(status)))
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await links.opened(Link("https://e.com/--help?a=b;c&d"))).startswith(said)
    assert (tmp_path / "asked").read_text() == "['https://e.com/--help?a=b;c&d']False"
    assert capfd.readouterr() == ("", "")


async def test_a_browser_that_stays_is_left_to_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\nread line < FIFO\n".replace("FIFO", str(tmp_path / "fifo")))
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr(links, "PATIENCE_S", 0.3)
    os.mkfifo(tmp_path / "fifo")
    try:
        assert await links.opened(Link("https://e.com/")) == "Handed to the system's browser."
    finally:
        waiting = os.open(tmp_path / "fifo", os.O_RDWR | os.O_NONBLOCK)
        os.write(waiting, b"go\n")
        os.close(waiting)


def test_the_tool_hands_on_nothing_but_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def opens(url: str) -> bool:
        asked.append(url)
        return True

    monkeypatch.setattr(webbrowser, "open", opens)
    for address in ("file:///etc/passwd", "--help", "javascript:x"):
        monkeypatch.setattr(sys, "argv", ["tool", address])
        assert browser_tool.main() == 1
    monkeypatch.setattr(sys, "argv", ["tool", "https://e.com"])
    assert browser_tool.main() == 0
    assert asked == ["https://e.com"]
