"""What two sequences share, in order, at a cost that stays bounded whatever they hold.

difflib finds what reads best and is quick in small ranges; in large ones with many repetitions it is not. Large ranges
are cut first: at what occurs exactly once on each side, and where nothing does, in the middle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

SMALL: Final = 32
"""Tokens on each side that go to difflib without a look at what they are."""
DENSE: Final = 5_000
"""Pairs of equal tokens that difflib may have to look at in one range."""
LARGE: Final = 250_000
"""Tokens on one side times those on the other, likewise."""
GRAMS: Final = (1, 2, 4)
"""How many neighbours are looked for together, to find what occurs only once."""
DEPTH: Final = 8
"""Cuts inside cuts at what occurs once; further down a range is halved, so that the end is near."""


class Block(NamedTuple):
    """A run of tokens that both sides have: where it begins on each, and how long it is."""

    left: int
    right: int
    size: int


class _Range(NamedTuple):
    left: int
    left_end: int
    right: int
    right_end: int
    depth: int


def blocks(left: Sequence[str], right: Sequence[str]) -> list[Block]:
    """The runs that both share, in order; the same for both orders of the arguments."""
    left, right = list(left), list(right)
    if (len(right), right) < (len(left), left):
        return [Block(at, other, size) for other, at, size in _blocks(right, left)]
    return _blocks(left, right)


def _blocks(left: list[str], right: list[str]) -> list[Block]:
    found: list[Block] = []
    waiting = [_Range(0, len(left), 0, len(right), 0)]
    while waiting:
        here = _trimmed(left, right, waiting.pop(), found)
        a, b = left[here.left : here.left_end], right[here.right : here.right_end]
        if not a or not b:
            continue
        if max(len(a), len(b)) > SMALL:
            density = _density(a, b)
            if not density:
                continue
            if density > DENSE or len(a) * len(b) > LARGE:
                waiting.extend(_cut(a, b, here))
                continue
        matcher = SequenceMatcher(None, a, b, autojunk=False)
        found += [
            Block(here.left + at, here.right + to, size) for at, to, size in matcher.get_matching_blocks() if size
        ]
    return _joined(sorted(found))


def _trimmed(left: list[str], right: list[str], here: _Range, found: list[Block]) -> _Range:
    """The range without what its two sides begin and end with alike, which is found."""
    first, last, to, end, depth = here
    while first < last and to < end and left[first] == right[to]:
        first, to = first + 1, to + 1
    if first > here.left:
        found.append(Block(here.left, here.right, first - here.left))
    stop = last
    while first < last and to < end and left[last - 1] == right[end - 1]:
        last, end = last - 1, end - 1
    if stop > last:
        found.append(Block(last, end, stop - last))
    return _Range(first, last, to, end, depth)


def _density(a: list[str], b: list[str]) -> int:
    """How many pairs of equal tokens there are."""
    counted = Counter(b)
    return sum(counted[token] for token in a if token in counted)


def _cut(a: list[str], b: list[str], here: _Range) -> Iterator[_Range]:
    """Smaller ranges: between the anchors, or two halves."""
    chains = [_chain(_anchors(a, b, size)) for size in GRAMS] if here.depth < DEPTH else []
    chain = max(chains, key=len, default=[]) or [(len(a) // 2, len(b) // 2)]
    for (at, to), (end, stop) in pairwise([(0, 0), *chain, (len(a), len(b))]):
        yield _Range(here.left + at, here.left + end, here.right + to, here.right + stop, here.depth + 1)


def _anchors(a: list[str], b: list[str], size: int) -> list[tuple[int, int]]:
    """Where runs of so many tokens stand that occur once on each side, in the order of `a`."""
    there = _once(b, size)
    return [(at, there[gram]) for gram, at in _once(a, size).items() if gram in there]


def _once(tokens: list[str], size: int) -> dict[object, int]:
    grams: list[object] = list(tokens) if size == 1 else list(zip(*(tokens[at:] for at in range(size)), strict=False))
    counted = Counter(grams)
    return {gram: at for at, gram in enumerate(grams) if counted[gram] == 1}


def _chain(anchors: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of them that rises on both sides."""
    ends: list[int] = []
    """The lowest place on the right where a chain of each length ends."""
    last: list[int] = []
    before: list[int] = []
    for at, (_, to) in enumerate(anchors):
        length = bisect_left(ends, to)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [to]
        last[length : length + 1] = [at]
    chain: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(anchors[at])
        at = before[at]
    return chain[::-1]


def _joined(found: list[Block]) -> list[Block]:
    """Neighbours as one run."""
    made: list[Block] = []
    for block in found:
        before = made[-1] if made else None
        if before and before.left + before.size == block.left and before.right + before.size == block.right:
            made[-1] = before._replace(size=before.size + block.size)
        else:
            made.append(block)
    return made
