"""A JSON answer as a tree: the same however it comes, at any width, whatever stands in it."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.core.sessions import JSON
from tests.ui.conversation_stage import claude, rows, stage, you
from workbench.ui.text.tree import ROWS, TreeDocument

TICKET = '{"kind": "refund", "items": [{"price": 12345678901234567890.10}, {}], "sure": null, "note": "a\\nb"}'


def tree(*pieces: str, end: bool = True) -> TreeDocument:
    made = TreeDocument()
    for piece in pieces:
        made.feed((piece,))
        made.update()
    if end:
        made.finish()
    return made


def drawn(of: TreeDocument, width: int = 40) -> list[str]:
    return ["".join(text for text, _ in (*line.prefix, *line.runs)) for line in of.lines(width)]


def test_keys_values_and_what_containers_hold() -> None:
    assert drawn(tree(TICKET)) == [
        "▾ 4 fields",
        '    kind: "refund"',
        "  ▾ items: 2 items",
        "    ▾ 0  1 field",
        "        price: 12345678901234567890.10",
        "      1  {}",
        "    sure: null",
        '    note: "a↵b"',
    ]


def test_it_grows_with_what_comes() -> None:
    assert drawn(tree('{"kind": "ref', end=False)) == ["▾ 1 field …", '    kind: "ref']
    assert drawn(tree('{"a": [1, 2', end=False)) == ["▾ 1 field …", "  ▾ a: 1 item …", "      0  1"]
    assert drawn(tree("", end=False)) == []


@settings(max_examples=60)
@given(JSON, st.lists(st.integers(0, 300), max_size=5))
def test_piece_by_piece_and_all_at_once_look_alike(held: Any, cuts: list[int]) -> None:
    text = json.dumps(held)
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    grown = tree(*(text[a:b] for a, b in pairwise(edges)))
    assert drawn(grown) == drawn(tree(text))
    assert grown.text == text


@settings(max_examples=60)
@given(JSON, st.integers(1, 60))
def test_no_row_is_wider_than_there_is_room(held: Any, width: int) -> None:
    made = tree(json.dumps(held, ensure_ascii=False))
    assert all(cell_len(row) <= max(width, 6) for row in drawn(made, width))
    assert all(category(character) != "Cc" for row in drawn(made, width) for character in row)


def test_what_turns_out_to_be_no_json_is_shown_as_it_came() -> None:
    made = tree('{"a": 1, ', end=False)
    assert drawn(made) == ["▾ 1 field …", "    a: 1"]
    made.feed(("oops\nmore",))
    made.update()
    assert drawn(made) == ['{"a": 1, oops', "more"]
    made.finish()
    assert drawn(made) == ['{"a": 1, oops', "more"]
    assert drawn(tree("Sure! {}")) == ["Sure! {}"]


def test_a_container_folds_and_what_is_in_it_stays_hidden_while_more_comes() -> None:
    made = tree('{"a": {"b": {"c": 1}}, "d": [', end=False)
    assert made.toggle(1)
    assert not made.toggle(3)  # 1 is no container
    made.feed(("[7], 8",))
    made.update()
    assert drawn(made)[:3] == ["▾ 2 fields …", "  ▸ a: 1 field", "  ▾ d: 1 item …"]
    assert made.is_open
    made.fold(opening=False)
    made.finish()
    assert drawn(made) == ["▾ 2 fields …", "  ▸ a: 1 field", "  ▸ d: 2 items …"]
    made.fold(opening=True)
    assert "        c: 1" not in drawn(made, 40)[:2]
    assert any("c: 1" in row for row in drawn(made))


def test_a_change_is_laid_out_again_only_where_it_is() -> None:
    made = tree("[" + ", ".join(str(n) for n in range(5 * ROWS - 9)), end=False)
    before = [piece.lines(40) for piece in made.pieces]
    made.feed((", 99",))
    made.update()
    after = [piece.lines(40) for piece in made.pieces]
    assert [old is new for old, new in zip(before, after, strict=True)] == [True, *[True] * (len(after) - 2), False]


async def test_a_click_folds_one_part_and_what_is_sought_is_found_in_the_tree() -> None:
    entry = claude(2, TICKET, tree=True)
    async with stage(you(1), entry, size=(50, 20)) as (view, pilot, _):
        shown = rows(view)
        line = next(at for at, row in enumerate(shown) if "items: 2" in row)
        await pilot.click(view, offset=(6, line))
        await pilot.pause()
        assert any("▸ items: 2 items" in row for row in rows(view))
        assert not any("price" in row for row in rows(view))
        assert view.find("sure") == 1
        assert view.find("price") == 0  # it is folded away
        assert view.fold()  # closes what is left open
        assert view.fold()  # and opens all
        await pilot.pause()
        assert any("price: 12345678901234567890.10" in row for row in rows(view))
        assert view.find("price") == 1
        view.raw = True
        await pilot.pause()
        assert any(row.startswith('{"kind": "refund"') for row in rows(view))


async def test_an_answer_that_grows_is_the_one_that_is_kept() -> None:
    async with stage(you(1), size=(50, 20)) as (view, pilot, _):
        view.open_live(claude(2, "", tree=True))
        for at in range(0, len(TICKET), 7):
            view.feed((TICKET[at : at + 7],))
            view.draw_new()
        await pilot.pause()
        assert any("sure: null" in row for row in rows(view))
        view.close_live(claude(2, TICKET, tree=True))
        await pilot.pause()
        assert any('note: "a↵b"' in row for row in rows(view))


@pytest.mark.parametrize(
    "text", ['{"\\u001b[2J": "\\u202e[/b]\\u0007"}', '["' + "x" * 3000 + '"]', "[" * 64 + "]" * 64]
)
async def test_hostile_json_steers_nothing(text: str) -> None:
    async with stage(claude(1, text, tree=True)) as (view, pilot, _):
        await pilot.pause()
        assert all(category(character) != "Cc" for row in rows(view) for character in row)
