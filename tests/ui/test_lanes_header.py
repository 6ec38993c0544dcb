"""The header of the side-by-side view: what fits, and what goes first."""

from __future__ import annotations

import pytest

from tests.ui.host import HOSTILE
from tests.ui.lanes_stage import HEAD
from workbench.core.compare import Differing, Group
from workbench.ui.lanes import header
from workbench.ui.lanes.values import Head


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            118,
            [
                "prompt  Make the reply warmer, two sentences. …   i edits",
                "same    sonnet-4-6 · max 1 024 · stop 2 · 1 turn",
                "differs T 0.0 1  0.7 2 4  1.0 3   sys v3 1 2 3  v4 4",
            ],
        ),
        (
            50,
            [
                "prompt  Make the reply warmer, two sentences. …",
                "same    sonnet-4-6 · max 1 024 · stop 2 · 1 turn",
                "differs T 0.0 1 0.7 2 4 1.0 3  sys v3 1 2 3 v4 4",
            ],
        ),
        (
            40,
            [
                "prompt  Make the reply warmer, two sent…",
                "same    sonnet-4-6 · max 1 024 · stop 2",
                "differs T 0.0 1 0.7 2 4 1.0 3  +2",
            ],
        ),
        (
            22,
            [
                "prompt  Make the repl…",
                "same    sonnet-4-6",
                "differs T 0.0 1  +4",
            ],
        ),
        (10, ["prompt  M…", "same    s…", "differs T…"]),
        (4, ["pro…", "sam…", "dif…"]),
    ],
)
def test_what_matters_least_goes_until_the_lines_fit(width: int, expected: list[str]) -> None:
    assert [line.plain for line in header.lines(HEAD, width)] == expected


@pytest.mark.parametrize(("count", "first"), [(3, "prompt"), (2, "same"), (1, "differs")])
def test_the_prompt_goes_first_where_there_is_little_height(count: int, first: str) -> None:
    lines = header.lines(HEAD, 100, count)
    assert len(lines) == count
    assert lines[0].plain.startswith(first)


def test_the_numbers_stand_in_the_colours_of_their_lanes() -> None:
    line = header.differs(Head(differs=(Differing("temperature", "T", (Group("0.5", (1, 8)),)),)), 80)
    styles = {line.plain[span.start : span.end]: span.style for span in line.spans}
    assert (styles[" 2"], styles[" 9"]) == ("$lane-2", "$lane-1")
    assert styles["0.5"] == "bold $foreground"


def test_with_one_lane_the_hint_says_how_to_get_another() -> None:
    head = Head("Ask.", ("sonnet-4-6",), (), "a clones the lane")
    assert [line.plain for line in header.lines(head, 80, alone=True)] == [
        "prompt  Ask.",
        "same    sonnet-4-6",
        "differs a clones the lane",
    ]


def test_an_empty_head_has_dashes() -> None:
    assert [line.plain for line in header.lines(Head(), 80)] == ["prompt  —", "same    —", "differs nothing yet"]


@pytest.mark.parametrize("width", [3, 8, 9, 20, 60, 200])
def test_text_from_outside_stays_one_line_of_text(width: int) -> None:
    head = Head(
        HOSTILE, (HOSTILE, "a\nb"), (Differing(HOSTILE, HOSTILE, (Group(HOSTILE, (0,)), Group("x\ny", (1,)))),), HOSTILE
    )
    for line in header.lines(head, width):
        assert line.cell_length <= width
        assert not set("\n\x1b\x07\u202e") & set(line.plain)
    if width == 200:
        assert "[/red]" in header.differs(head, width).plain
