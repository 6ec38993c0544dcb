"""Looks over a TOML text before it is parsed: what would cost a parser its memory, time or stack is refused.

A dotted key of 20 KB costs tomllib 400 MB, one of 200 KB hangs it, and 500 brackets overflow it.
"""

from __future__ import annotations

import re
from typing import Final

MAX_DEPTH: Final = 64
MAX_DOTS: Final = 64
MAX_BRACKETS: Final = 1_000_000

QUOTED: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+",
    re.DOTALL,
)
"""Strings and comments, found from the left as a parser finds them: brackets and dots inside say nothing."""
DOTTED: Final = re.compile(rf'(?<![\w"\-])(?:[\w"\-]++[ \t]*+\.[ \t]*+){{{MAX_DOTS + 1}}}')
INNERMOST: Final = re.compile(r"\[[^\[\]{}]*+\]|\{[^\[\]{}]*+\}")
OPENING: Final = re.compile(r"[\[{]")


def refusal(text: str) -> str | None:
    """Why the text isn't parsed, as the end of a sentence, or None."""
    bare = QUOTED.sub('""', text)
    if DOTTED.search(bare):
        return f"a key in it has more than {MAX_DOTS} dots"
    if bare.count("[") + bare.count("{") > MAX_BRACKETS:
        return f"it has more than {MAX_BRACKETS:,} tables and lists".replace(",", " ")
    brackets = re.sub(r"[^\[\]{}]++", "", bare)
    for _ in range(MAX_DEPTH):
        brackets, peeled = INNERMOST.subn("", brackets)
        if not peeled:
            break
    # What is left opens but never closes, or lies deeper than the levels peeled off.
    if INNERMOST.search(brackets) or len(OPENING.findall(brackets)) > MAX_DEPTH:
        return f"it nests deeper than {MAX_DEPTH} levels"
    return None
