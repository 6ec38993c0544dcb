"""What is typed, pasted or loaded into a text field comes out of it to the character."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.document._document import Location
from textual.widget import Widget

from tests.ui.host import seen
from workbench.ui import pasting
from workbench.ui.widgets.editor import Editor
from workbench.ui.widgets.exact_document import ExactDocument
from workbench.ui.widgets.field import Field
from workbench.ui.widgets.prompt import Prompt

ODD = "a\r\nb\rc\n\x0b\x0c\x1c\x85\u2028\u2029\t\ud83d😀é\x1b[31m\u202e  \n"
TEXT = st.text(st.sampled_from("ab é😀{}\n\n\r\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\x1b\ud800\u200d"), max_size=30)
EDITS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXT), max_size=8)


class Fields(App[None]):
    def __init__(self, field: Widget) -> None:
        super().__init__()
        self.field = field
        self.ran = 0

    def compose(self) -> ComposeResult:
        yield self.field

    def on_prompt_run(self) -> None:
        self.ran += 1


def location(text: str, index: int) -> Location:
    before = text[:index]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


@given(TEXT, EDITS)
@settings(deadline=None)
def test_a_document_is_a_string(text: str, edits: list[tuple[int, int, str]]) -> None:
    document = ExactDocument(text)
    for one, other, insert in edits:
        assert document.text == text
        start, end = sorted((min(one, len(text)), min(other, len(text))))
        first, last = location(text, start), location(text, end)
        if one % 2:
            first, last = last, first
        assert document.get_text_range(first, last) == text[start:end]
        result = document.replace_range(first, last, insert)
        assert result.replaced_text == text[start:end]
        text = text[:start] + insert + text[end:]
        assert result.end_location == location(text, start + len(insert))
        assert document.end == location(text, len(text))
        assert document.get_index_from_location(result.end_location) == start + len(insert)
    assert document.text == text
    assert document.line_count == len(document.lines) == text.count("\n") + 1
    assert [len(line) for line in document.lines] == [len(line) for line in text.split("\n")]
    assert document.lines == ExactDocument(text).lines


@pytest.mark.parametrize("make", [Editor, Prompt])
async def test_a_field_keeps_every_text_through_edits_and_their_undoing(make: type[Editor]) -> None:
    field = make()

    @given(TEXT, EDITS)
    @settings(deadline=None, max_examples=40)
    def check(text: str, edits: list[tuple[int, int, str]]) -> None:
        field.text = text
        assert field.text == text
        for one, other, insert in edits:
            start, end = sorted((min(one, len(text)), min(other, len(text))))
            field.replace(insert, location(text, start), location(text, end), maintain_selection_offset=False)
            before, text = text, text[:start] + insert + text[end:]
            assert field.text == text
            if text != before:
                field.undo()
                assert field.text == before
                field.redo()
                assert field.text == text

    async with Fields(field).run_test(size=(40, 12)):
        check()


@pytest.mark.parametrize("make", [Editor, Prompt])
async def test_it_is_drawn_without_steering_the_terminal(make: type[Editor]) -> None:
    field = make()
    async with Fields(field).run_test(size=(60, 12)) as pilot:
        field.text = ODD * 3
        await pilot.pause()
        screen = seen(pilot)
        assert "a␍" in screen
        assert not set("\r\x0b\x0c\x1b\x85\u2028\u202e\ud83d") & set(screen)


async def test_a_line_of_pictures_is_wrapped_as_wide_as_it_is_drawn() -> None:
    field = Editor("\x1b" * 100)
    async with Fields(field).run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert seen(pilot).count("␛") == 100


@pytest.mark.parametrize(
    ("paste", "text"),
    [
        ("a\nb", "a\nb"),
        ("a\rb\r", "a\nb\n"),  # as xterm, iTerm2 and tmux send it
        ("a\r\nb", "a\r\nb"),
        ("a\u2028b\x85c\td\x0b", "a\u2028b\x85c\td\x0b"),
        (" \n ", " \n "),
        ("{{x}} 😀 \u200d", "{{x}} 😀 \u200d"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("make", [Editor, Prompt])
async def test_a_paste_arrives_once_and_whole(make: type[Editor], paste: str, text: str) -> None:
    parser = XTermParser()
    tokens = [token for part in (f"\x1b[200~{paste[:2]}", f"{paste[2:]}\x1b[201~x") for token in parser.feed(part)]
    assert isinstance(tokens[0], events.Paste)
    assert tokens[0].text == paste
    field = make()
    app = Fields(field)
    async with app.run_test() as pilot:
        field.text = "<>"
        field.move_cursor((0, 1))
        field.focus()
        await pilot.pause()
        app.post_message(tokens[0])
        await pilot.pause()
        assert field.text == f"<{text}>"
        assert field.cursor_location == location(field.text, 1 + len(text))


@pytest.mark.fault("P08")
@pytest.mark.parametrize("make", [Editor, Prompt])
@pytest.mark.parametrize(
    ("line", "holds", "why"),
    [("x" * 50, 200, "would make a line of 250 characters"), ("x" * 49 + "\r", 1000, "has 50 ")],
)
async def test_pastes_that_together_would_freeze_a_field_are_refused(
    make: type[Editor], line: str, holds: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasting, "LIMIT", 1000)
    monkeypatch.setattr(pasting, "LINE_LIMIT", 200)
    field = make()
    app = Fields(field)
    async with app.run_test() as pilot:
        for _ in range(22):
            app.post_message(events.Paste(line))
        await pilot.pause()
        assert len(field.text) == holds
        assert {each.message.startswith(f"The paste {why}") for each in app._notifications} == {True}


@pytest.mark.parametrize("character", ["\u3000", "\u00a0", "\u200d", "\u202f", "é", "😀"])
@pytest.mark.parametrize("make", [Editor, Prompt, Field])
async def test_every_character_that_a_keyboard_writes_is_taken(make: type[Editor | Field], character: str) -> None:
    field = make()
    async with Fields(field).run_test() as pilot:
        field.focus()
        for letter in ("a", character, "b"):
            for token in XTermParser().feed(letter):
                pilot.app.post_message(token)
        await pilot.pause()
        value = field.value if isinstance(field, Field) else field.text
        assert value == f"a{character}b"


async def test_a_field_that_is_only_read_takes_nothing() -> None:
    field = Editor("a")
    field.read_only = True
    app = Fields(field)
    async with app.run_test() as pilot:
        field.focus()
        await pilot.press("x")
        app.post_message(events.Key("no-break_space", "\u00a0"))
        app.post_message(events.Paste("y"))
        await pilot.pause()
        assert field.text == "a"


@pytest.mark.parametrize(("paste", "value"), [("a\u2028b\nc", "a\u2028b"), ("a\rb", "a"), ("a\r\nb", "a"), ("", "")])
async def test_one_line_takes_the_first_of_a_paste(paste: str, value: str) -> None:
    field = Field()
    app = Fields(field)
    async with app.run_test() as pilot:
        field.value = "<>"
        field.focus()
        field.cursor_position = 1
        app.post_message(events.Paste(paste))
        await pilot.pause()
        assert field.value == f"<{value}>"


@pytest.mark.parametrize(("enter_runs", "text", "ran"), [(False, "a\nb", 0), (True, "ab", 1)])
async def test_enter(enter_runs: bool, text: str, ran: int) -> None:
    prompt = Prompt(enter_runs=enter_runs)
    app = Fields(prompt)
    async with app.run_test() as pilot:
        prompt.focus()
        await pilot.press("a", "enter", "b")
        await pilot.pause()
        assert (prompt.text, app.ran) == (text, ran)


async def test_variables_are_coloured_and_escaped_ones_are_not() -> None:
    prompt = Prompt()
    async with Fields(prompt).run_test():
        prompt.text = "\r{{name}} \\{{name}} {x}"
        assert [span[:2] for span in prompt.get_line(0).spans] == [(1, 9)]
