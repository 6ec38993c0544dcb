"""Two answers of 3,000 words, a tenth of them changed: how long until the diff is there, beside difflib.

`python -m tests.benchmarks.bench_diff [--words 3000]`: CPU milliseconds, medians. The words are made up and as
uneven in number as real ones are; a changed word is another one, is missing, or has one more after it. difflib is
given words and the spaces between them, as most programs do it, and with the space glued to its word; its shortcut
for frequent tokens is off, because with it a common word is never aligned.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import time
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import partial
from typing import Final

from tests.benchmarks import report
from workbench.core import diff

AIM: Final = 50.0
"""Milliseconds."""
TURNS: Final = 7
CHANGED: Final = 0.1
PARAGRAPH: Final = 60
"""Words."""
SYLLABLES: Final = [consonant + vowel for consonant in "bdklmnrs" for vowel in "aeio"]
VOCABULARY: Final = 2000


def words(chance: random.Random, count: int) -> list[str]:
    """The second commonest stands half as often as the commonest, and so on."""
    known = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(VOCABULARY)]
    return chance.choices(known, weights=[1 / rank for rank in range(1, VOCABULARY + 1)], k=count)


def changed(chance: random.Random, original: list[str], share: float) -> list[str]:
    """The same words, but for that share of them."""
    found: list[str] = []
    for word in original:
        if chance.random() >= share:
            found.append(word)
        else:
            found += chance.choice(([], ["another"], [word, "inserted"]))
    return found


def cut(all_words: list[str], length: int) -> list[list[str]]:
    """Paragraphs of so many words."""
    return [all_words[at : at + length] for at in range(0, len(all_words), length)]


def text(paragraphs: Iterable[list[str]]) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def sides(chance: random.Random, original: list[str], share: float, length: int = PARAGRAPH) -> tuple[str, str]:
    """Both texts; their paragraphs begin at the same words."""
    paragraphs = cut(original, length)
    return text(paragraphs), text(changed(chance, paragraph, share) for paragraph in paragraphs)


def milliseconds(compare: Callable[[str, str], object], left: str, right: str, turns: int) -> float:
    found = []
    for _ in range(turns):
        gc.collect()
        before = time.process_time()
        compare(left, right)
        found.append((time.process_time() - before) * 1000)
    return report.middle(found)


def by_difflib(pattern: str) -> Callable[[str, str], object]:
    split = re.compile(pattern).findall

    def compare(left: str, right: str) -> object:
        return SequenceMatcher(None, split(left), split(right), autojunk=False).get_opcodes()

    return compare


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--words", type=int, default=3000)
    given = arguments.parse_args()
    chance = random.Random(5)
    original = words(chance, given.words)
    tenth = sides(chance, original, CHANGED)
    cases: dict[str, tuple[tuple[str, str], diff.Unit]] = {
        "a tenth changed, by word": (tenth, "word"),
        "a tenth changed, by line": (tenth, "line"),
        "a tenth changed, by character": (tenth, "character"),
        "a tenth changed, all in one paragraph": (sides(chance, original, CHANGED, given.words), "word"),
        "nothing changed": (sides(chance, original, 0), "word"),
        "two texts that have nothing to do with each other": (
            (tenth[0], text(cut(words(chance, given.words), PARAGRAPH))),
            "word",
        ),
    }
    report.heading(f"A diff of {given.words:,} words in paragraphs of {PARAGRAPH} (bench_diff)")
    ours: dict[str, float] = {}
    for name, (both, unit) in cases.items():
        ours[name] = milliseconds(partial(diff.compare, unit=unit), *both, TURNS)
        report.figure(name, ours[name], "ms", AIM)
    first = ours["a tenth changed, by word"]
    for name, pattern, turns in (("words and spaces", r"\S+|\s+", 1), ("words with their space", r"\S+\s*", 3)):
        theirs = milliseconds(by_difflib(pattern), *tenth, turns)
        report.figure(f"difflib, {name}", theirs, "ms")
        report.figure(f"by word, over difflib, {name}", first / theirs, "×")


if __name__ == "__main__":
    main()
