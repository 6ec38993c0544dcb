"""Lines of a diff: what each shows, that none is too wide, and that only those in sight are made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.core.diff import SAME, Diff, Unit, compare
from workbench.ui.diff.flow import Flow, Place
from workbench.ui.diff.layout import GUTTER, Item, Line, Shape, change_at, items, lines, splits
from workbench.ui.diff.view import DiffView

SPLIT, INLINE = Shape(84, split=True), Shape(60, split=False)
PIECES = st.sampled_from(
    (
        "word ",
        "other ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "- ",
        "```\n",
        "日本語",
        "👩\u200d👩\u200d👧 ",
        "\x1b[31m",
        "e\u0301",
        "long" * 12,
    )
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def drawn(left: str, right: str, shape: Shape, unit: Unit = "word", *, only_changes: bool = False) -> list[str]:
    """The lines as text: sign and column, `|` between the two."""
    diff = compare(left, right, unit)
    made = [line for item in items(diff, only_changes=only_changes) for line in lines(diff, item, shape)]
    return [shown(line) for line in made]


def shown(line: Line) -> str:
    return "|".join(f"{cell.sign or ' '} {''.join(text for text, _ in cell.runs)}" for cell in line)


@pytest.mark.parametrize(
    ("left", "right", "shape", "unit", "expected"),
    [
        ("A red box.", "A red lamp.", SPLIT, "word", ["~ A red box.|~ A red lamp."]),
        ("A red box.", "A red lamp.", INLINE, "word", ["~ A red boxlamp."]),
        ("A red box.", "A red lamp.", Shape(60, split=False, signs=True), "word", ["~ A red [-box-]{+lamp+}."]),
        ("by day", "by business day", Shape(60, split=False, signs=True), "word", ["~ by {+business+} day"]),
        ("Gone altogether.", "", SPLIT, "word", ["− Gone altogether.|  "]),
        ("", "Come at last.", Shape(60, split=False, signs=True), "word", ["+ Come at last."]),
        ("one\ntwo", "one\nsix", INLINE, "line", ["  one", "− two", "+ six"]),
        ("one\ntwo", "one\nsix", SPLIT, "line", ["  one|  one", "− two|+ six"]),
        ("a  b", "a b", INLINE, "character", ["~ a ·b"]),
        ("a\tb c", "a\tb d", SPLIT, "word", ["~ a   b c|~ a   b d"]),
        ("\r\n\r\nSame\r\nhere\r\n", "Same\nhere", SPLIT, "word", ["  Same|  Same", "  here|  here"]),
        (
            "- wash\n- dry\n\nSame.",
            "- fold\n\nSame.",
            INLINE,
            "word",
            ["− - wash", "− - dry", "", "+ - fold", "", "  Same."],
        ),
        ("- wash\n- x", "Here it is.\n\n- x", INLINE, "word", ["− - wash", "", "+ Here it is.", "", "  - x"]),
        ("One.\n\n\n\nTwo.", "One.\n\nTwo.", SPLIT, "word", ["  One.|  One.", "", "  Two.|  Two."]),
    ],
)
def test_a_line_has_a_sign_for_what_it_is(left: str, right: str, shape: Shape, unit: Unit, expected: list[str]) -> None:
    assert drawn(left, right, shape, unit) == expected


def test_what_is_alike_folds_and_says_how_much() -> None:
    same = "\n\n".join(f"Paragraph {at} is the same." for at in range(3))
    assert drawn(f"{same}\n\nA box.", f"{same}\n\nA lamp.", INLINE, only_changes=True) == [
        "  ··· 3 paragraphs alike ···",
        "",
        "~ A boxlamp.",
    ]
    code = "```\nx = 1\ny = {}\nz = 3\n```"
    assert drawn(code.format(1), code.format(2), INLINE, only_changes=True) == [
        "  ··· 1 paragraph alike ···",
        "− y = 1",
        "+ y = 2",
        "  ··· 1 line alike ···",
    ]
    assert drawn(same, same, INLINE, only_changes=True) == ["  ··· 3 paragraphs alike ···"]


@given(TEXTS, TEXTS, st.sampled_from((12, 40, 61, 84, 200)), st.booleans(), st.booleans())
def test_no_line_is_wider_than_its_column(left: str, right: str, width: int, split: bool, signs: bool) -> None:
    shape = Shape(width, split and splits(width), signs)
    diff = compare(left, right)
    for item in items(diff, only_changes=False):
        for line in lines(diff, item, shape):
            for cell, room in zip(line, shape.columns, strict=False):
                assert sum(cell_len(text) for text, _ in cell.runs) <= max(room, 2)
                assert not any(character in text for text, _ in cell.runs for character in "\x1b\n\r\t")


@given(TEXTS, TEXTS, st.booleans())
def test_every_change_is_on_some_line(left: str, right: str, split: bool) -> None:
    diff = compare(left, right)
    shape = SPLIT if split else INLINE
    found = {
        change
        for item in items(diff, only_changes=True)
        for line in lines(diff, item, shape)
        for cell in line
        for change in cell.changes
    }
    assert found == set(range(len(diff.changes)))


def test_a_column_of_the_screen_is_a_change_or_none() -> None:
    diff = compare("A red box.", "A red lamp.")
    for shape, left, right in [
        (SPLIT, GUTTER + 6, GUTTER * 2 + SPLIT.columns[0] + 2 + 6),
        (INLINE, GUTTER + 6, GUTTER + 9),
    ]:
        line = lines(diff, items(diff, only_changes=False)[0], shape)[0]
        assert [change_at(line, shape, x) for x in (0, GUTTER, left - 1, left, left + 2)] == [SAME, SAME, SAME, 0, 0]
        assert [change_at(line, shape, x) for x in (right, right + 3, right + 4)] == [0, 0, SAME]
        assert change_at(line, shape, shape.width - 1) == SAME


LONG = "\n\n".join(f"Paragraph number {at} goes on for a while, so that it is wrapped once." for at in range(2000))


def test_only_rows_that_come_into_sight_are_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []

    def counted(diff: Diff, item: Item, shape: Shape) -> list[Line]:
        laid.append(item.first)
        return lines(diff, item, shape)

    monkeypatch.setattr("workbench.ui.diff.flow.lines", counted)
    diff = compare(LONG, LONG.replace("number 1500 goes", "number 1500 went"))
    flow = Flow(diff, SPLIT, only_changes=False)
    assert len(flow.shown(30)) == 30
    flow.reveal(0, 30)
    assert flow.sees(0, 30)
    assert flow.thumb(30) is not None
    flow.top = flow.end(30)
    flow.scroll(-1000, 30)
    assert len(laid) < 500


def test_scrolling_stops_at_both_ends_and_a_place_outlives_another_shape() -> None:
    diff = compare(LONG, LONG)
    flow = Flow(diff, SPLIT, only_changes=False)
    flow.scroll(-5, 30)
    assert flow.top == Place()
    flow.scroll(10**6, 30)
    assert flow.top == flow.end(30)
    assert "number 1999" in shown(flow.shown(30)[-2])
    flow.go_to(Flow(diff, INLINE, only_changes=False).offset, 30)
    assert flow.top == Place()
    flow.scroll(700, 30)
    other = Flow(diff, INLINE, only_changes=False)
    other.go_to(flow.offset, 30)
    assert other.items[other.top.item] == flow.items[flow.top.item]
    short = Flow(compare("One.", "One."), SPLIT, only_changes=False)
    assert short.thumb(30) is None
    empty = Flow(compare("", ""), SPLIT, only_changes=False)
    assert (empty.shown(5), empty.thumb(5), empty.offset) == ([], None, 0)
    empty.scroll(1, 5)
    empty.go_to(3, 5)
    assert empty.shown(5) == []


def test_a_change_may_be_pointed_at_before_anything_is_laid_out() -> None:
    view = DiffView()
    view.show(compare("A box.", "A lamp."), split=True, only_changes=False)
    view.point_at(0)
    assert view.render_line(0).cell_length == 0
