"""A text as a Python literal."""

from __future__ import annotations

from workbench.core.exports.literals import doubly_quoted


def quoted(text: str) -> str:
    """A string literal in double quotes, in which a character that can't be seen stands as its escape."""
    return doubly_quoted(text, lambda each: repr(each)[1:-1])
