"""The lines of a lane and the rows of the list, by width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.ui.host import HOSTILE
from tests.ui.lanes_stage import card
from workbench.core.compare import Differing, Group
from workbench.core.facts import Fact
from workbench.core.safe import display
from workbench.ui.lanes import card_lines, header
from workbench.ui.lanes.columns import Table
from workbench.ui.lanes.values import Card, Head

WAITING = card(
    2,
    "",
    sign="!",
    tone="warning",
    state="waiting for output tokens · 12s",
    out="",
    cost="",
    ttft="",
    rate="",
    rates=(),
)
HOSTILE_CARD = Card(
    "x", 1, HOSTILE, (HOSTILE, "\n"), HOSTILE, "ok", HOSTILE, facts=(Fact(HOSTILE),), rates=(1, 2), tail=HOSTILE,
    out=HOSTILE, cost=HOSTILE, ttft=HOSTILE, rate=HOSTILE, cheapest=True, fastest=True, baseline=True, ttft_share=0.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, " 1  terse  T 0.1   v3                           ◆ baseline ✓"),
        (34, " 1  terse  T 0.1   v3            ✓"),
        (20, " 1   T 0.1   v3    ✓"),
        (14, " 1   T 0.1   ✓"),
        (8, " 1     ✓"),
        (2, " …"),
    ],
)
def test_the_first_line_keeps_number_sign_and_what_differs(width: int, expected: str) -> None:
    shown = card_lines.top(card(1, name="terse", baseline=True), width).plain
    assert shown == expected


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, "101 out  $0.0021  0.41s  ━━━───  71 t/s  ▄▆█▇█"),
        (40, "101 out  $0.0021  0.41s  71 t/s  ▄▆█▇█"),
        (36, "101 out  $0.0021  0.41s  71 t/s"),
        (30, "101 out  $0.0021  0.41s"),
        (20, "101 out  $0.0021"),
        (9, "101 out"),
        (4, "101…"),
    ],
)
def test_the_last_line_drops_the_least_important(width: int, expected: str) -> None:
    assert card_lines.bottom(card(1, ttft_share=0.5), width).plain == expected


def test_cheapest_and_fastest_are_marked_beside_their_colour() -> None:
    line = card_lines.bottom(card(1, cheapest=True, fastest=True), 60)
    assert line.plain == "101 out  $0.0021↓  0.41s↓  71 t/s  ▄▆█▇█"
    styles = {line.plain[span.start : span.end]: span.style for span in line.spans}
    assert styles["$0.0021↓"] == styles["0.41s↓"] == "$success"


def test_a_lane_that_waits_says_for_what_before_all_else() -> None:
    assert card_lines.bottom(replace(WAITING, out="≈3 out"), 33).plain == "waiting for output tokens · 12s"
    assert card_lines.bottom(card(1, state="streaming"), 30).plain == "101 out  $0.0021  0.41s"


def test_a_lane_that_is_alone_shows_all_its_facts() -> None:
    facts = (Fact("412 out", 90), Fact("1 204 in", 60), Fact("refusal", 70, "warning"))
    shown = card_lines.bottom(card(1, facts=facts), 60, alone=True)
    assert shown.plain == "412 out · 1 204 in · refusal  ▄▆█▇█"
    assert card_lines.bottom(card(1, facts=facts), 20, alone=True).plain == "412 out · refusal"
    assert "$0.0021" in card_lines.bottom(card(1), 60, alone=True).plain


@pytest.mark.parametrize(
    ("values", "count", "expected"),
    [((), 4, ()), ((1, 2), 4, (1, 2)), ((1, 3, 5, 7), 2, (2, 6)), ((2, 4, 6), 2, (3, 6))],
)
def test_a_long_history_is_thinned_to_means(values: tuple[float, ...], count: int, expected: tuple[float, ...]) -> None:
    assert card_lines.thinned(values, count) == expected


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            78,
            [
                "█ 1  ✓  T 0.1  v3  101 out  $0.0021   0.41s  ▄▆█▇█  …g to return All the best.",
                "▌ 2  !  T 0.2  v3                                   waiting for output tokens…",
                "▌ 3  ✓  T 0.3  v3  103 out  $0.0023↓  0.43s  ▄▆█▇█  …g to return All the best.",
            ],
        ),
        (
            50,
            [
                "█ 1  ✓  T 0.1  v3  101 out  … return All the best.",
                "▌ 2  !  T 0.2  v3           waiting for output to…",
                "▌ 3  ✓  T 0.3  v3  103 out  … return All the best.",
            ],
        ),
        (20, ["█ 1  ✓  T 0.1 ", "▌ 2  !  T 0.2 ", "▌ 3  ✓  T 0.3 "]),
        (9, ["█ 1  ✓ ", "▌ 2  ! ", "▌ 3  ✓ "]),
        (4, ["█ 1 ", "▌ 2 ", "▌ 3 "]),
    ],
)
def test_rows_of_the_list_stand_in_columns(width: int, expected: list[str]) -> None:
    table = Table((card(1), WAITING, card(3, cheapest=True)), width)
    assert [table.row(at, focused=at == 0).plain for at in range(3)] == expected


def test_a_mark_stands_behind_its_column() -> None:
    shown = (card(1, cost="$0.0100", ttft="10.20s"), card(2, cheapest=True, fastest=True))
    table = Table(shown, 78)
    rows = [table.row(at).plain for at in range(2)]
    assert [row[17:50] for row in rows] == [
        "  101 out  $0.0100   10.20s   ▄▆█",
        "  102 out  $0.0022↓   0.42s↓  ▄▆█",
    ]


@pytest.mark.parametrize("width", [1, 5, 24, 80, 300])
def test_text_from_outside_stays_within_its_line(width: int) -> None:
    lines = [card_lines.top(HOSTILE_CARD, width), card_lines.bottom(HOSTILE_CARD, width)]
    lines += [card_lines.bottom(HOSTILE_CARD, width, alone=True), Table((HOSTILE_CARD,), width).row(0)]
    for line in lines[: 3 if width < 5 else 4]:
        assert line.cell_length <= width
        assert not set("\n\x1b\x07\u202e") & set(line.plain)
    if width == 300:
        assert "[/red]" in lines[1].plain


@pytest.mark.parametrize("tail", ["日本語のとても長い文章です。" * 9, "x" * 200, "", "short"])
@pytest.mark.parametrize("width", [20, 21, 40, 41, 79])
def test_the_end_of_the_text_is_cut_to_its_room(tail: str, width: int) -> None:
    row = Table((card(1, tail=tail, chips=(), out="", cost="", ttft="", rate="", rates=()),), width).row(0)
    assert row.cell_length <= width
    if len(tail) > 100:
        assert row.plain[8:].lstrip().startswith("…")
        assert row.plain.endswith(tail[-1])


@given(st.text(max_size=60), st.integers(5, 120), st.booleans())
@example("日本語の文章" * 5, 24, True)
@example("\u2067\u0000[@click=app.quit]", 9, False)
def test_any_text_at_any_width_stays_one_safe_line(text: str, width: int, focused: bool) -> None:
    shown = replace(HOSTILE_CARD, name=text, chips=(text, text), tail=text, state=text, out=text, tone="")
    head = Head(text, (text, text), (Differing(text, text, (Group(text, (0, 8)),)),), text)
    lines = [card_lines.top(shown, width, "a" * focused), card_lines.bottom(shown, width, alone=focused)]
    lines += [Table((shown, card(2)), width).row(0, focused=focused), *header.lines(head, width, alone=focused)]
    for line in lines:
        assert line.cell_length <= width
        assert display(line.plain) == line.plain
        assert "\n" not in line.plain
