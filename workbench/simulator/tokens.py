"""A small honest tokenizer: text in pieces of about four characters, the same everywhere in the simulator.

Counts, buckets, `max_tokens` and streamed deltas all use these pieces, so that they always agree.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

OLD: Final = re.compile(
    r" ?[A-Za-z]{1,8}"  # a word, or a part of a long one, with the space before it
    r"| ?\d{1,3}"
    r"|\n+"
    r"| +(?= [^\s])"  # all blanks but the last, which belongs to what follows
    r"|[^\S\n]+"
    r"| ?[!-/:-@\[-`{-~]{1,2}"
    r"|."  # one of everything else: one character of other scripts is about one token
    r"|\n",
    re.DOTALL,
)
NEW: Final = re.compile(r" ?[A-Za-z]{1,4}| ?\d{1,2}|\n| +(?= [^\s])|[^\S\n]+| ?[!-/:-@\[-`{-~]|.", re.DOTALL)
"""The tokenizer since 4.7: about 30 % more pieces for the same text."""


def pieces(text: str, *, new: bool) -> list[str]:
    """The text's tokens; joined, they are the text again."""
    return (NEW if new else OLD).findall(text)


@lru_cache(maxsize=512)
def count(text: str, *, new: bool) -> int:
    return len(pieces(text, new=new))
