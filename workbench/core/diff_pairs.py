"""Which paragraph of one text answers to which of the other: equal ones first, between them the most similar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from workbench.core.diff_align import Block, blocks
from workbench.core.diff_text import Paragraph, bag

ALIKE: Final = 0.35
"""The share of words that two paragraphs must have in common to be set side by side."""
CELLS: Final = 40_000
"""Pairs of paragraphs that are weighed against each other, at most; beyond, only neighbours are."""
LEAST: Final = 8
"""Paragraphs of the other side that each is weighed against at least."""
_UP, _LEFT, _PAIR = range(3)
Bag: TypeAlias = "frozenset[tuple[str, int]]"


def pairs(left: Sequence[Paragraph], right: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """The numbers of the paragraphs that belong together, rising on both sides."""
    here, there = [_key(each) for each in left], [_key(each) for each in right]
    if (len(there), there) < (len(here), here):
        return [(to, at) for at, to in _pairs(right, left, there, here)]
    return _pairs(left, right, here, there)


def _pairs(
    left: Sequence[Paragraph], right: Sequence[Paragraph], here: list[str], there: list[str]
) -> list[tuple[int, int]]:
    equal = blocks(here, there)
    found = [(at + step, to + step) for at, to, size in equal for step in range(size)]
    gaps = [gap for gap in _gaps(equal, len(left), len(right)) if gap[0] < gap[1] and gap[2] < gap[3]]
    rows = sum(end - at for at, end, _, _ in gaps)
    for at, end, to, stop in gaps:
        chosen = similar(left[at:end], right[to:stop], max(LEAST, CELLS // rows))
        found += [(at + i, to + j) for i, j in chosen]
    return sorted(found)


def similar(left: Sequence[Paragraph], right: Sequence[Paragraph], room: int) -> list[tuple[int, int]]:
    """The pairs, rising on both sides, that have the most words in common together.

    Each is weighed against `room` of the other side, those at about the same share of the way.
    """
    bags, others = [bag(each) for each in left], [bag(each) for each in right]
    width = min(len(right), room)
    starts = [min(max(at * len(right) // len(left) - width // 2, 0), len(right) - width) for at in range(len(left))]
    moves: list[bytearray] = []
    best, base = [0] * (width + 1), starts[0]
    for at, start in enumerate(starts):
        above = best[start - base :]
        above += [best[-1]] * (width + 1 - len(above))
        best, base, row = [above[0]], start, bytearray(width)
        for step in range(width):
            value, move = above[step + 1], _UP
            if best[step] > value:
                value, move = best[step], _LEFT
            if left[at].code == right[start + step].code:
                common = overlap(bags[at], others[start + step])
                if common and above[step] + common > value:
                    value, move = above[step] + common, _PAIR
            best.append(value)
            row[step] = move
        moves.append(row)
    return list(_way_back(moves, starts, len(right), width))[::-1]


def overlap(bag: Bag, other: Bag) -> int:
    """How many words two paragraphs share; 0 where they are too few for a pair."""
    both = len(bag) + len(other)
    if 2 * min(len(bag), len(other)) < ALIKE * both:
        return 0
    common = len(bag & other)
    return common if 2 * common >= ALIKE * both else 0


def _way_back(moves: list[bytearray], starts: list[int], end: int, width: int) -> Iterator[tuple[int, int]]:
    at, to = len(moves) - 1, end
    while at >= 0:
        step = min(to - starts[at], width)
        to = starts[at] + step
        move = moves[at][step - 1] if step > 0 else _UP
        if move == _PAIR:
            yield at, to - 1
        if move != _LEFT:
            at -= 1
        if move != _UP:
            to -= 1


def _gaps(equal: list[Block], left: int, right: int) -> Iterator[tuple[int, int, int, int]]:
    """The stretches between the runs."""
    at = to = 0
    for block in (*equal, Block(left, right, 0)):
        yield at, block.left, to, block.right
        at, to = block.left + block.size, block.right + block.size


def _key(paragraph: Paragraph) -> str:
    """Two paragraphs are equal where only the space between words differs; in code space counts."""
    return f"\n{paragraph.body}" if paragraph.code else " ".join(paragraph.body.split())
