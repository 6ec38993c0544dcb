"""No text is read as markup: the code itself is looked through for every way that Textual has to do that (A02)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

import workbench
from tests.ui.payloads import MARKUP

pytestmark = pytest.mark.fault("A02")

UI: Final = Path(workbench.__file__).parent / "ui"
WITHOUT_MARKUP: Final = frozenset({"Static", "Input", "TextArea"})
NO_WIDGETS: Final = frozenset({"Selection"})
"""What Textual's modules of widgets hold besides: places in a text."""
"""Widgets of Textual that can be told, or never do, read their text as markup; the program uses no others."""
READS: Final = frozenset({"border_title", "border_subtitle", "tooltip", "loading_message", "title", "sub_title"})
"""What a widget or a screen shows as markup when it is set to a string."""
PARSES: Final = frozenset({"from_markup", "render_str", "from_text", "from_ansi", "print"})


@cache  # once for all tests here
def trees() -> tuple[tuple[str, ast.Module], ...]:
    paths = sorted(UI.rglob("*.py"))
    return tuple((str(path.relative_to(UI)), ast.parse(path.read_text("utf-8"))) for path in paths)


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def is_plain(node: ast.expr) -> bool:
    """Whether it is written down here, so that nothing of it comes from outside, and has no bracket."""
    return isinstance(node, ast.Constant) and "[" not in str(node.value)


def says_no_markup(call: ast.Call) -> bool:
    return any(
        each.arg == "markup" and isinstance(each.value, ast.Constant) and not each.value.value for each in call.keywords
    )


def says_something(call: ast.Call) -> bool:
    passed_on = ast.unparse(call.func).startswith("super()")
    return not passed_on and (len(call.args) > 2 or any(each.arg == "message" for each in call.keywords))


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    return tuple(
        (f"{file}:{node.lineno}", node)
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def test_only_widgets_that_leave_text_alone_are_used() -> None:
    used = {
        alias.name
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets")
        for alias in node.names
    }
    assert used - NO_WIDGETS <= WITHOUT_MARKUP, used - WITHOUT_MARKUP


def test_every_note_is_shown_as_it_is() -> None:
    wrong = [where for where, call in calls() if name_of(call.func) == "notify" and not says_no_markup(call)]
    assert wrong == []


def test_every_static_is_given_content_or_told_that_it_is_no_markup() -> None:
    wrong = []
    for where, call in calls():
        if name_of(call.func) == "Static" and not says_no_markup(call):
            first = call.args[0] if call.args else ast.Constant("")
            made = isinstance(first, ast.Call) and name_of(first.func) in {"Content", "styled", "assemble"}
            if not (is_plain(first) or made):
                wrong.append(where)
    assert wrong == []


def test_nothing_parses_markup() -> None:
    modules = {node.module for _, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {"rich.markup", "textual.markup"} & modules == set()
    assert [where for where, call in calls() if name_of(call.func) in PARSES] == []


def test_nothing_is_said_past_the_filter() -> None:
    """What the app prints after its end, and what is written to the terminal as it is."""
    said = [where for where, call in calls() if name_of(call.func) in {"exit", "panic"} and says_something(call)]
    past = {"bell", "write"}
    wrote = [where for where, call in calls() if name_of(call.func) in past and "_driver" in ast.unparse(call.func)]
    assert (said, wrote) == ([], [])


def test_titles_of_borders_and_tooltips_are_content_or_written_down() -> None:
    wrong = []
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    on_self = isinstance(target, ast.Attribute) and target.attr in READS - {"title"}
                    value = node.value
                    made = isinstance(value, ast.Call) and name_of(value.func) in {"Content", "styled", "assemble"}
                    if on_self and not (is_plain(value) or made):
                        wrong.append(f"{file}:{node.lineno}")
    assert wrong == []


class Shows(App[None]):
    """Every way that the program shows text, with one string."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    CSS = "#told { border: round white; }"

    def compose(self) -> ComposeResult:
        yield Static(Content(self.text), id="content")
        told = Static("", markup=False, id="told")
        told.border_title = Content(self.text)
        told.border_subtitle = Content(self.text)
        told.tooltip = Content(self.text)
        yield told

    def on_mount(self) -> None:
        self.query_one("#told", Static).update(self.text)
        self.notify(f"\n{self.text}", markup=False)


@pytest.mark.parametrize("text", MARKUP)
async def test_those_ways_leave_every_string_alone(text: str) -> None:
    async with Shows(text).run_test(size=(60, 12), notifications=True) as pilot:
        await pilot.pause()
        rows = [strip.text for strip in pilot.app.screen._compositor.render_strips()]
        assert sum(text in row for row in rows) >= 4, rows
        assert pilot.app.query_one("#told", Static).render_line(0).text.strip() == text
