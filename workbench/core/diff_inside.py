"""Two paragraphs side by side: what they share and what each has alone, by word, line or character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

from workbench.core.diff_align import Block, blocks
from workbench.core.diff_text import Paragraph, Tokens, characters, lines, words

Unit: TypeAlias = Literal["word", "line", "character"]
UNITS: Final[tuple[Unit, ...]] = ("word", "line", "character")
SAME: Final = -1
CHANGED: Final = 0
LONG: Final = 400
"""Characters of a change up to which it is compared character by character."""
PRODUCTS: Final = 4_000_000
"""Characters of the left times those of the right that one diff compares so, over all its changes."""
KIN: Final = 0.5
"""The share of characters that words have in common to be compared by them: between others it would be chance."""
ISLAND: Final = 5
"""Characters of a lone word between two changes, up to which it is part of them: `, the` tears a sentence apart."""


class Part(NamedTuple):
    """A stretch that both sides have, but perhaps for its space, or that differs."""

    left: str
    right: str
    change: int = SAME
    """The number of the change, or `SAME`."""

    @property
    def same(self) -> bool:
        return self.change == SAME


@dataclass(slots=True)
class Allowance:
    """How much may still be compared by character in one diff."""

    products: int = PRODUCTS
    refused: bool = False
    """Whether something was too long, and stayed with its words."""

    def takes(self, left: str, right: str) -> bool:
        product = len(left) * len(right)
        if max(len(left), len(right)) > LONG or product > self.products:
            self.refused = True
            return False
        self.products -= product
        return True


def by_word(left: Paragraph, right: Paragraph) -> list[Part]:
    """The parts of two paragraphs of prose; the blank lines around them never differ."""
    found = _parts(words(left.body), words(right.body))
    found = list(_tails(_bridged(found, ISLAND)))
    around = Part(left.lead, right.lead), Part(left.end, right.end)
    return [part for part in (around[0], *found, around[1]) if part.left or part.right]


def by_line(left: Paragraph, right: Paragraph) -> list[Part]:
    """The parts in whole lines."""
    return _parts(lines(left), lines(right))


def by_character(parts: Sequence[Part], allowance: Allowance) -> list[Part]:
    """The parts with each change narrowed to the characters that differ, the space between words among them."""
    found: list[Part] = []
    for part in parts:
        if part.same:
            found += _spaced(part)
        elif part.left and part.right and allowance.takes(part.left, part.right):
            found += _narrowed(part)
        else:
            found.append(part)
    return _merged(found)


def _narrowed(part: Part) -> list[Part]:
    inside = _compared(part.left, part.right)
    shared = sum(len(each.left) for each in inside if each.same)
    kin = 2 * shared >= KIN * (len(part.left) + len(part.right))
    return _bridged(inside, 1) if kin else [part]


def _compared(left: str, right: str) -> list[Part]:
    here, there = characters(left), characters(right)
    return _parts(Tokens(here, here), Tokens(there, there))


def _spaced(part: Part) -> list[Part]:
    """What both sides have, with the space between its words told apart; how a line ends is no difference."""
    left, right = words(part.left), words(part.right)
    if part.left == part.right or not left.keys or left.keys != right.keys:
        return [part]
    made: list[Part] = []
    here = there = ""
    for one, other in zip(left.texts, right.texts, strict=True):
        word, same = one.rstrip(), other.rstrip()
        space, another = one[len(word) :], other[len(same) :]
        if _unix(space) == _unix(another):
            here, there = here + one, there + other
            continue
        made.append(Part(here + word, there + same))
        made += _compared(space, another)
        here = there = ""
    return [*made, Part(here, there)] if here else made


def _unix(space: str) -> str:
    return space.replace("\r\n", "\n")


def _parts(left: Tokens, right: Tokens) -> list[Part]:
    found: list[Part] = []
    at = to = 0
    for start, other, size in (*blocks(left.keys, right.keys), Block(len(left.keys), len(right.keys), 0)):
        if start > at or other > to:
            found.append(Part("".join(left.texts[at:start]), "".join(right.texts[to:other]), CHANGED))
        at, to = start + size, other + size
        if size:
            found.append(Part("".join(left.texts[start:at]), "".join(right.texts[other:to])))
    return found


def _merged(parts: Sequence[Part]) -> list[Part]:
    """The parts with neighbours that both differ as one change."""
    made: list[Part] = []
    for part in parts:
        if made and not made[-1].same and not part.same:
            made[-1] = Part(made[-1].left + part.left, made[-1].right + part.right, CHANGED)
        else:
            made.append(part)
    return made


def _bridged(parts: Sequence[Part], longest: int) -> list[Part]:
    """The parts with two replacements made one where next to nothing stands between them."""
    made: list[Part] = []
    for part in parts:
        if len(made) > 1 and not part.same and _island(made[-2], made[-1], part, longest):
            between, before = made.pop(), made.pop()
            joined = before.left + between.left + part.left, before.right + between.right + part.right
            made.append(Part(*joined, CHANGED))
        else:
            made.append(part)
    return made


def _island(before: Part, part: Part, after: Part, longest: int) -> bool:
    sides = part.left, part.right
    size = max(len(side.strip()) for side in sides)
    if before.same or not part.same or size > longest or any(len(side.split()) > 1 for side in sides):
        return False
    around = (before.left, before.right, after.left, after.right)
    smaller = min(max(map(len, around[:2])), max(map(len, around[2:])))
    return all(around) and 2 * size <= smaller


def _tails(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts with the space behind both sides of a replacement left out of it."""
    for part in parts:
        left, right = part.left.rstrip(), part.right.rstrip()
        if part.same or not left or not right or (left == part.left) != (right == part.right):
            yield part
            continue
        yield Part(left, right, CHANGED)
        if left != part.left:
            yield Part(part.left[len(left) :], part.right[len(right) :])
