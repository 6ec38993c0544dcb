"""The work of a diff stays bounded: counted in what difflib and the pairing of paragraphs are given to do."""

from __future__ import annotations

from collections import Counter
from difflib import Match, SequenceMatcher
from random import Random

import pytest

from workbench.core import diff_align, diff_pairs
from workbench.core.diff import UNITS, Unit, compare
from workbench.core.diff_align import blocks


def prose(count: int, vocabulary: int, seed: int = 1) -> list[str]:
    draw = Random(seed)
    return [f"w{draw.randrange(vocabulary)}" for _ in range(count)]


NUMBERED = [f"w{at}" for at in range(10_000)]
SHUFFLED = Random(2).sample(NUMBERED, len(NUMBERED))
EVERY_OTHER = [word if at % 2 else f"x{at}" for at, word in enumerate(NUMBERED)]
CASES = {
    "identical words": ("word " * 3000, "word " * 2900),
    "every second word in between": ("word " * 3000, "word other " * 1500),
    "two words in any order": (" ".join(prose(10_000, 2)), " ".join(prose(10_000, 2, 5))),
    "hundred words in any order": (" ".join(prose(10_000, 100)), " ".join(prose(10_000, 100, 5))),
    "every other word replaced": (" ".join(NUMBERED), " ".join(EVERY_OTHER)),
    "all different": (" ".join(NUMBERED), " ".join(f"x{at}" for at in range(10_000))),
    "all moved": (" ".join(NUMBERED), " ".join(SHUFFLED)),
    "backwards": (" ".join(NUMBERED), " ".join(NUMBERED[::-1])),
    "paragraphs of one word": ("\n\n".join(prose(5000, 900)), "\n\n".join(prose(5000, 900, 5))),
    "paragraphs all different": ("\n\n".join(NUMBERED[:5000]), "\n\n".join(f"x{at}" for at in range(5000))),
    "blank lines in code": (f"```\n{chr(10) * 20_000}x", f"```\n{chr(10) * 20_001}y"),
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("case", CASES)
def test_the_work_is_bounded_in_the_worst_case(case: str, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    work: Counter[str] = Counter()

    def matcher(junk: None, left: list[str], right: list[str], *, autojunk: bool) -> SequenceMatcher[str]:
        made = SequenceMatcher(junk, left, right, autojunk=autojunk)
        find, places = made.find_longest_match, made.b2j  # type: ignore[attr-defined]  # where each token stands

        def counted(alo: int, ahi: int, blo: int, bhi: int) -> Match:
            work["steps"] += sum(1 + len(places.get(token, ())) for token in left[alo:ahi])
            return find(alo, ahi, blo, bhi)

        made.find_longest_match = counted  # type: ignore[method-assign, assignment]  # as difflib calls it
        return made

    weigh = diff_pairs.overlap

    def overlap(bag: diff_pairs.Bag, other: diff_pairs.Bag) -> int:
        work["cells"] += 1
        return weigh(bag, other)

    monkeypatch.setattr(diff_align, "SequenceMatcher", matcher)
    monkeypatch.setattr(diff_pairs, "overlap", overlap)
    left, right = CASES[case]
    diff = compare(left, right, unit)
    assert "".join(row.texts[0] for row in diff.rows) == left
    assert work["steps"] < 5_000_000
    assert work["cells"] <= 2 * diff_pairs.CELLS


def test_a_long_change_keeps_its_words_and_says_so() -> None:
    frame = f"{' '.join(NUMBERED[200:400])} {{}}"
    left, right = frame.format(" ".join(NUMBERED[:150])), frame.format(" ".join(f"x{at}" for at in range(150)))
    assert compare(left, right, "character").coarse
    assert not compare(left, right, "word").coarse
    assert not compare("one box", "one fox", "character").coarse


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NUMBERED, EVERY_OTHER),
        (prose(9000, 3), prose(9000, 3, 4)),
        (NUMBERED, SHUFFLED),
        (["a"] * 500, ["a", "b"] * 250),
    ],
)
def test_large_ranges_are_aligned_by_tokens_that_are_equal_and_in_order(left: list[str], right: list[str]) -> None:
    found = blocks(left, right)
    assert found
    at = to = 0
    for start, other, size in found:
        assert start >= at
        assert other >= to
        assert left[start : start + size] == right[other : other + size]
        at, to = start + size, other + size
    assert blocks(right, left) == [(b, a, size) for a, b, size in found]


def test_what_occurs_once_holds_a_large_range_together() -> None:
    assert sum(block.size for block in blocks(NUMBERED, EVERY_OTHER)) == 5000
