"""What a diff says of two texts, and what holds for any two."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workbench.core.diff import SAME, UNITS, Diff, Unit, compare, plain

SPACE = (" ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", "\n \n", "\u2028", "\u200b", "\x1b[31m")
MARKS = (",", ".", "- ", "1. ", "# ", "```", "```python", "~~~", "|")
WORDS = (
    "word",
    "other",
    "the",
    "a",
    "shouldn't",
    "34.90",
    "日本語",
    "がぎ",
    "e\u0301",
    "👩\u200d👩\u200d👧",
    "1\ufe0f\u20e3",
)
PIECES = st.sampled_from(SPACE + MARKS + WORDS)
TEXTS = st.lists(PIECES, max_size=24).map("".join) | st.text(max_size=40)
ANY_UNIT = st.sampled_from(UNITS)


LONG_SPACE = "one two  three " * 59 + "one two [- -]three end"


def shown(diff: Diff) -> str:
    """The diff in one text: `[-removed-]{+added+}`."""
    out = ""
    for part in (part for row in diff.rows for part in row.parts):
        out += (
            part.right if part.same else f"[-{part.left}-]" * bool(part.left) + f"{{+{part.right}+}}" * bool(part.right)
        )
    return out


@pytest.mark.parametrize(
    ("left", "right", "unit", "expected"),
    [
        ("A red box.", "A red lamp.", "word", "A red [-box-]{+lamp+}."),
        ("You shouldn't wait.", "You should not wait.", "word", "You [-shouldn't-]{+should not+} wait."),
        ("on your card, and", "on your card ending 4410, and", "word", "on your card {+ending 4410+}, and"),
        ("one two three", "one three", "word", "one [-two -]three"),
        ("It costs $34.90 now", "It costs $35.10 now", "word", "It costs $[-34.90-]{+35.10+} now"),
        ("a  b\nc", "a b c", "word", "a b c"),
        ("a  b", "a b", "character", "a [- -]b"),
        ("one two  three " * 60 + "end", "one two  three " * 59 + "one two three end", "character", LONG_SPACE),
        ("a\r\nb", "a\nb", "character", "a\nb"),
        ("the colour is red", "the color is red", "character", "the colo[-u-]r is red"),
        ("a card, and", "a card ending 4410, and", "character", "a card{+ ending 4410+}, and"),
        ("one box", "one lamp", "character", "one [-box-]{+lamp+}"),
        ("one\ntwo\nthree", "one\n2\nthree", "line", "one\n[-two\n-]{+2\n+}three"),
        ("一二三四", "一二五四", "word", "一二[-三-]{+五+}四"),
        ("```\na = 1\nb = 2\n```", "```\na = 1\nb = 3\n```", "word", "```\na = 1\n[-b = 2\n-]{+b = 3\n+}```"),
        ("```\na = 1\nb = 2\n```", "```\na = 1\nb = 3\n```", "character", "```\na = 1\nb = [-2-]{+3+}\n```"),
    ],
)
def test_what_differs_inside_a_paragraph(left: str, right: str, unit: Unit, expected: str) -> None:
    assert shown(compare(left, right, unit)) == expected


def test_paragraphs_that_share_next_to_nothing_are_not_set_side_by_side() -> None:
    diff = compare("wholly different, another thing", "utterly unlike, one matter")
    assert [row.texts for row in diff.rows] == [(diff.rows[0].texts[0], ""), ("", diff.rows[1].texts[1])]


def test_a_sign_between_two_replacements_does_not_tear_them_apart() -> None:
    diff = compare("We sent it by plane, yesterday, to you.", "We sent it by steamer, tomorrow, to you.")
    assert shown(diff) == "We sent it by [-plane, yesterday-]{+steamer, tomorrow+}, to you."


REFUND = "The refund was posted today and will be visible within five days."
LAMP = "If you still want the lamp, reply replace and we ship another one tonight."


@pytest.mark.parametrize(
    ("left", "right", "rows"),
    [
        ([REFUND, LAMP], [LAMP], [(REFUND, ""), (LAMP, LAMP)]),
        ([REFUND, "Regards."], ["Hello!", REFUND[:-6]], [("", "Hello!"), (REFUND, REFUND[:-6]), ("Regards.", "")]),
        ([REFUND], [LAMP, REFUND, LAMP], [("", LAMP), (REFUND, REFUND), ("", LAMP)]),
        (["Yes.", REFUND], ["No!", REFUND + " " + LAMP], [("Yes.", ""), ("", "No!"), (REFUND, REFUND + " " + LAMP)]),
        ([], [REFUND], [("", REFUND)]),
        ([REFUND], [], [(REFUND, "")]),
        ([], [], []),
    ],
)
def test_paragraphs_that_say_the_same_stand_side_by_side(
    left: list[str], right: list[str], rows: list[tuple[str, str]]
) -> None:
    diff = compare("\n\n".join(left), "\n\n".join(right))
    assert [(here.strip(), there.strip()) for here, there in (row.texts for row in diff.rows)] == rows


def test_of_two_paragraphs_that_changed_places_one_stays_where_it_is() -> None:
    diff = compare(f"{REFUND}\n\n{LAMP}", f"{LAMP}\n\n{REFUND}")
    assert sorted(row.same for row in diff.rows) == [False, False, True]


def test_a_list_is_aligned_item_by_item() -> None:
    diff = compare("Steps:\n- wash\n- cook slowly\n- eat", "Steps:\n- wash\n- peel\n- cook slowly\n- eat")
    assert [row.texts for row in diff.rows if not row.same] == [("", "- peel\n")]
    assert (diff.removed, diff.added) == (0, 1)


def test_a_code_block_is_one_paragraph_of_lines_that_stay_side_by_side() -> None:
    code = "Intro.\n\n```python\nx = 1\n\ny = 2\nz = 3\n```\nAfter it."
    diff = compare(code, code.replace("y = 2\n", "y = 2\nw = 4\n"))
    assert [row.texts for row in diff.rows if not row.same] == [("", "w = 4\n")]
    assert [row.within for row in diff.rows] == [False, False, True, True, False]


def test_code_never_answers_to_prose() -> None:
    diff = compare("```\nwash the dishes now\n```", "wash the dishes now")
    assert [bool(a) + bool(b) for a, b in (row.texts for row in diff.rows)] == [1, 1]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("text", ["", "One word.", "Two.\n\nParagraphs. \r\n", "```\ncode\n", "\n\n  \n"])
def test_equal_texts_are_all_alike(text: str, unit: Unit) -> None:
    diff = compare(text, text, unit)
    assert (diff.alike, diff.changes, diff.removed, diff.added, diff.equal) == (1.0, (), 0, 0, True)


def test_only_space_is_no_change_and_yet_not_equal() -> None:
    diff = compare("One two.\n\nThree.", "One  two.\nThree.\n".replace(".\n", ".\n\n\n", 1))
    assert (diff.changes, diff.alike, diff.equal) == ((), 1.0, False)


def test_counts_are_in_the_unit() -> None:
    texts = "One two, three.\nFour five.", "One two, 3.\nFour five."
    diffs = [compare(*texts, unit) for unit in UNITS]
    assert [(diff.removed, diff.added) for diff in diffs] == [(1, 1), (1, 1), (5, 1)]
    assert [round(diff.alike, 2) for diff in diffs] == [0.8, 0.5, 0.87]


def test_the_plain_form_marks_every_line() -> None:
    text = plain(compare("Same here.\n\nOld words stay.", "Same here.\n\nNew words stay.\n\nMore!"))
    assert text == "  Same here.\n\n- Old words stay.\n+ New words stay.\n\n+ More!\n"


@given(TEXTS, TEXTS, ANY_UNIT)
def test_nothing_of_either_text_is_lost(left: str, right: str, unit: Unit) -> None:
    diff = compare(left, right, unit)
    assert "".join(span.text for row in diff.rows for span in row.left) == left
    assert "".join(span.text for row in diff.rows for span in row.right) == right
    numbers = [part.change for row in diff.rows for part in row.parts if not part.same]
    assert numbers == list(range(len(diff.changes)))
    assert [at for at, row in enumerate(diff.rows) for part in row.parts if not part.same] == list(diff.changes)
    assert 0 <= diff.alike <= 1
    assert diff.equal == (left == right)


@example("alike abcdefgh がぎ ijklmnop alike", "alike qrstuvwx が ぎ yzabcdef alike", "word")
@given(TEXTS, TEXTS, ANY_UNIT)
def test_the_other_order_is_the_mirror_image(left: str, right: str, unit: Unit) -> None:
    there, back = compare(left, right, unit), compare(right, left, unit)
    assert (there.removed, there.added, there.alike) == (back.added, back.removed, back.alike)
    mirrored = sorted(tuple((p.right, p.left, p.same) for p in row.parts) for row in back.rows)
    assert sorted(tuple((p.left, p.right, p.same) for p in row.parts) for row in there.rows) == mirrored


@given(TEXTS, ANY_UNIT)
def test_a_text_differs_nowhere_from_itself(text: str, unit: Unit) -> None:
    diff = compare(text, text, unit)
    assert (diff.changes, diff.alike) == ((), 1.0)


@given(TEXTS, TEXTS)
def test_what_is_called_the_same_differs_by_space_at_most(left: str, right: str) -> None:
    for row in compare(left, right).rows:
        for part in row.parts:
            assert part.change != SAME or "".join(part.left.split()) == "".join(part.right.split())
