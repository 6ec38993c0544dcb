"""The filter behind all rows: what some place forgot is shown as a picture, and the row keeps its width (A01)."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from tests.ui.inspecting import FOREIGN
from tests.ui.payloads import PAYLOADS, SEQUENCES
from workbench.ui.terminal_filter import TerminalFilter

pytestmark = pytest.mark.fault("A01")

BLACK = Color(0, 0, 0)


@pytest.mark.parametrize("payload", [*PAYLOADS, "a\tb\nc"])
def test_no_payload_passes_and_the_row_keeps_its_width(payload: str) -> None:
    row = Strip([Segment("before "), Segment(payload, Style(color="red")), Segment(" behind" * 9)])
    passed = row.apply_filter(TerminalFilter(), BLACK)
    assert FOREIGN.search(passed.text) is None
    assert Strip([*passed]).cell_length == Strip([*row]).cell_length


@pytest.mark.parametrize("text", ["plain", "👨\u200d👩\u200d👧", "می\u200cخواهم", "❤\ufe0f", "e\u0301", "\ue0b0"])
def test_what_is_only_writing_passes_as_it_is_even_where_a_style_cuts_it(text: str) -> None:
    parts = [Segment(letter) for letter in text]
    assert [each.text for each in TerminalFilter().apply(parts, BLACK)] == [*text]


def test_a_row_with_nothing_wrong_is_the_same_object() -> None:
    parts = [Segment("plain", Style(bold=True)), Segment("日本語")]
    assert TerminalFilter().apply(parts, BLACK) is parts


def test_a_link_that_the_terminal_would_follow_is_none_and_a_control_segment_is_text() -> None:
    linked = Segment("x", Style(color="red", link="https://evil\x1b\\\x1b]52;c;aGk=\x07"))
    bell = Segment(SEQUENCES[0], None, [])
    made = TerminalFilter().apply([linked, bell], BLACK)
    assert [(each.style.link if each.style else None, each.control) for each in made] == [(None, None), (None, None)]
    assert made[0].style is not None
    assert made[0].style.color == Style(color="red").color
    assert "\x1b" not in "".join(each.text for each in made)
