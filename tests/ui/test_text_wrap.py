"""Wrapping by cells."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.ui.text.lines import Line, keep, merged
from workbench.ui.text.wrap import clip, clusters, expanded, rows, wrap

TEXT = st.text(alphabet=st.sampled_from("ab c  \n日本。👨\u200d👩\u200d👧e\u0301❤\ufe0f🇩🇪–ж"), max_size=60)


def cut(text: str, width: int, *, literal: bool = False) -> list[str]:
    return [text[start:end] for start, end, _ in rows(text, width, literal=literal)]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("", 5, [""]),
        ("abc", 5, ["abc"]),
        ("abcde", 5, ["abcde"]),
        ("abc def", 5, ["abc", "def"]),
        ("abcde fgh", 5, ["abcde", "fgh"]),
        ("abc   def", 5, ["abc", "def"]),
        ("abcdefgh", 5, ["abcde", "fgh"]),
        ("ab cdefghij", 5, ["ab", "cdefg", "hij"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("        x", 5, ["     ", "   x"]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("日本語日本", 4, ["日本", "語日", "本"]),
        ("日本語日本", 5, ["日本", "語日", "本"]),
        ("ab日本", 4, ["ab日", "本"]),
        ("日本。語", 4, ["日", "本。", "語"]),
        ("ab 👨‍👩‍👧 cd", 5, ["ab 👨‍👩‍👧", "cd"]),
        ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 4, ["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("❤\ufe0f❤\ufe0f", 3, ["❤\ufe0f", "❤\ufe0f"]),
        ("word 日本語", 7, ["word 日", "本語"]),
        ("\u0301👧。", 2, ["\u0301👧", "。"]),
        ("a\u200d\u200d。", 2, ["a\u200d\u200d", "。"]),
    ],
)
def test_words_break_at_spaces_and_wide_characters_anywhere(text: str, width: int, shown: list[str]) -> None:
    assert cut(text, width) == shown


def test_literal_text_is_cut_at_the_last_cell() -> None:
    assert cut("ab cd  ef", 4, literal=True) == ["ab c", "d  e", "f"]
    assert cut("日 本 語", 4, literal=True) == ["日 ", "本 ", "語"]


@given(TEXT, st.integers(2, 20), st.booleans())
def test_no_row_is_too_wide_and_nothing_is_lost(text: str, width: int, literal: bool) -> None:
    found = rows(text, width, literal=literal)
    assert all(cell_len(text[row.start : row.end].rstrip(" ")) <= width for row in found)
    back = "".join((row.joint if at else "") + text[row.start : row.end] for at, row in enumerate(found))
    assert "\n".join(line.rstrip(" ") for line in back.split("\n")) == "\n".join(
        line.rstrip(" ") for line in text.split("\n")
    )


@given(TEXT, st.integers(2, 20), st.lists(st.integers(0, 60), max_size=4))
def test_faces_follow_their_characters(text: str, width: int, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(min(at, len(text)) for at in cuts)})
    runs = [(text[first:last], str(at)) for at, (first, last) in enumerate(pairwise(edges))]
    shown = [("".join(run for run, _ in row), joint) for row, joint in wrap(runs, width)]
    assert shown == [(text[row.start : row.end], row.joint) for row in rows(text, width)]
    for row, _ in wrap(runs, width):
        for run, face in row:
            assert run in runs[int(face)][0]


@given(TEXT)
def test_clusters_add_up(text: str) -> None:
    found = list(clusters(text.replace("\n", "")))
    assert "".join(cluster for cluster, _ in found) == text.replace("\n", "")
    assert sum(cells for _, cells in found) == cell_len(text.replace("\n", ""))


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 4, "日…"), ("abc", 0, ""), ("abc", 1, "…")],
)
def test_clip_says_that_something_is_missing(text: str, width: int, shown: str) -> None:
    assert clip(text, width) == shown


def test_tabs_become_spaces() -> None:
    assert expanded("a\tb\n\tc") == "a   b\n    c"


def test_what_did_not_change_stays_the_same_object() -> None:
    old = [Line([("a", "")]), Line([("b", "")])]
    new = keep(old, [Line([("a", "")]), Line([("b", "em")]), Line([("c", "")])])
    assert new[0] is old[0]
    assert new[1] is not old[1]
    assert len(new) == 3
    assert merged([("a", "x"), ("", "y"), ("b", "x"), ("c", "")]) == [("ab", "x"), ("c", "")]
