"""Looks over a TOML text before it is parsed: what would cost a parser its memory, time or stack is refused.

A dotted key of 20 KB costs tomllib 400 MB, one of 200 KB hangs it, and 500 brackets overflow it.
"""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 64
MAX_DOTS: Final = 64
MOST: Final = (
    ("[{", 1_000_000, "tables and lists"),
    ("=,", 2_000_000, "values"),
    (".", 500_000, "dots"),
    ("\n", 5_000_000, "lines"),
)
"""Counted outside strings: three times what 64 MB of real sessions hold, and a few seconds to parse."""

QUOTED: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+",
    re.DOTALL,
)
"""Strings and comments, found from the left as a parser finds them: brackets and dots inside say nothing."""
OPEN_QUOTE: Final = re.compile("[\"']")
MANY_DOTS: Final = re.compile(rf"\.(?:[^.\n]*+\.){{{MAX_DOTS}}}")
"""A line that could hold such a key: quick to look for."""
DOTTED: Final = re.compile(rf"(?<![\w\-])(?:[\w\-]++[ \t]*+\.[ \t]*+){{{MAX_DOTS + 1}}}")
LONG_NUMBER: Final = re.compile(r"\b0[xob][0-9A-Fa-f_]{100}")
"""Python reads it and then can't write it; a decimal one of 4,300 digits the parser refuses itself."""
INNERMOST: Final = re.compile(r"\[[^\[\]{}]*+\]|\{[^\[\]{}]*+\}")
OPENING: Final = re.compile(r"[\[{]")


Counts = tuple[int, ...]
"""How much of each kind in `MOST` there is."""


def refusal(text: str) -> str | None:
    """Why the text isn't parsed, as the end of a sentence, or None."""
    reason, counts = look(text)
    return too_many(counts) or reason


def too_many(counts: Counts) -> str | None:
    """The same of the counts of all parts of a text together."""
    for (_, most, what), number in zip(MOST, counts, strict=True):
        if number > most:
            return f"it has more than {most:,} {what}".replace(",", " ")
    return None


def look(text: str) -> tuple[str | None, Counts]:
    """Why a part of a text, with no string or table open at its ends, isn't parsed; and what it has of each kind."""
    bare = QUOTED.sub("_", text)
    if unclosed := OPEN_QUOTE.search(bare):
        # The parser stops there too, and says so better.
        bare = bare[: unclosed.start()]
    counts = tuple(sum(map(bare.count, characters)) for characters, _, _ in MOST)
    return None if too_many(counts) else _shape(bare), counts


def _shape(bare: str) -> str | None:
    if MANY_DOTS.search(bare) and DOTTED.search(bare):
        return f"a key in it has more than {MAX_DOTS} dots"
    if LONG_NUMBER.search(bare):
        return "a number in it has more than 100 digits"
    brackets = re.sub(r"[^\[\]{}]++", "", bare)
    for _ in range(MAX_DEPTH):
        brackets, peeled = INNERMOST.subn("", brackets)
        if not peeled:
            break
    # What is left opens but never closes, or lies deeper than the levels peeled off.
    if INNERMOST.search(brackets) or len(OPENING.findall(brackets)) > MAX_DEPTH:
        return f"it nests deeper than {MAX_DEPTH} levels"
    return None
