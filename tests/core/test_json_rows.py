"""JSON as rows while it comes in: cut anywhere, it is the same tree."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.sessions import JSON
from workbench.core.json_rows import JsonRows


def read(*pieces: str, end: bool = True) -> JsonRows:
    rows = JsonRows()
    for piece in pieces:
        rows.feed(piece)
    if end:
        rows.finish()
    return rows


def value(rows: JsonRows, at: int = 0) -> Any:
    """The value that the rows say, read back."""
    row = rows.rows[at]
    inner = [(each, n) for n, each in enumerate(rows.rows) if each.parent == at]
    match row.kind:
        case "object":
            return {each.key: value(rows, n) for each, n in inner}
        case "array":
            return [value(rows, n) for _, n in inner]
        case "string":
            return row.text
        case _:
            return json.loads(row.text)


@given(JSON, st.lists(st.integers(0, 200), max_size=8), st.sampled_from([None, 2]), st.booleans())
def test_any_cut_gives_the_same_tree(held: Any, cuts: list[int], indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(held, ensure_ascii=ascii_only, indent=indent)
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    rows = read(*(text[a:b] for a, b in pairwise(edges)))
    assert not rows.broken
    assert value(rows) == json.loads(text)
    assert all(row.closed for row in rows.rows)
    assert [row.place for row in rows.rows if row.place is not None and row.place < 0] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a": [1, {"b": "x', [("", "object"), ("", "array"), ("1", "number"), ("", "object"), ("x", "string")]),
        ('{"a', [("", "object")]),
        ('{"a": tru', [("", "object")]),
        ('{"a": -1.50e+3,', [("", "object"), ("-1.50e+3", "number")]),
        ("[12345678901234567890.10, 1", [("", "array"), ("12345678901234567890.10", "number")]),
        (r'["\u00e9\ud83d\ude00\n\q', [("", "array"), ("é😀\n", "string")]),
        (r'["\u00', [("", "array"), ("", "string")]),
        (r'["\ud83d"]', [("", "array"), ("\ufffd", "string")]),
        ("", []),
        ("  ", []),
    ],
)
def test_what_has_come_so_far_is_there(text: str, shown: list[tuple[str, str]]) -> None:
    rows = read(text, end=False)
    assert [(row.text, row.kind) for row in rows.rows] == shown


@pytest.mark.parametrize(
    "text",
    [
        "Sure! {",
        '{"a" 1}',
        "{1: 2}",
        "[1,]",
        '{"a": 1,}',
        "[1 2]",
        "1 2",
        "nul ",
        "01 ",
        '["\n"]',
        "[" * 65,
        "NaN ",
        "]",
        "{]",
    ],
)
def test_what_is_no_json_is_broken(text: str) -> None:
    assert read(text).broken


def test_a_number_at_the_very_end_is_one() -> None:
    rows = read('{"a": [1, 22')
    assert not rows.broken
    assert rows.rows[-1].text == "22"


def test_only_what_changed_is_named() -> None:
    rows = read('{"a": {"b": "x', end=False)
    assert rows.changed == {0, 1, 2}
    rows.changed.clear()
    rows.feed("y")
    assert rows.changed == {2}
    rows.changed.clear()
    rows.feed('"}, "c": ')
    assert rows.changed == {1}
    rows.feed("7}")
    assert rows.changed == {0, 1, 3}


def refused(constant: str) -> None:
    raise ValueError(constant)


@given(
    st.text(st.sampled_from('[]{}",:0123456789.-eE+truefalsn\\ \n')) | st.text(st.characters(exclude_categories=["Cs"]))
)
def test_no_text_makes_it_raise_and_json_is_never_called_broken(text: str) -> None:
    rows = read(*text)
    try:
        held = json.loads(text, parse_constant=refused)
    except ValueError:
        return
    assert not rows.broken
    assert value(rows) == held


def test_a_number_that_never_ends_is_not_read_again_with_each_piece() -> None:
    read = JsonRows()
    read.feed("[0.")
    for _ in range(50_000):
        read.feed("3")
    assert len(read._held) < 10
    read.feed("]")
    assert read.rows[1].text == "0." + "3" * 50_000
    assert read.rows[0].closed
