"""The body as JSON that reads well and hides nothing."""

from __future__ import annotations

import json
import re
from typing import Final

from workbench.core.exports.call import Call

BEYOND_ASCII: Final = re.compile(r"[^\x20-\x7e\n]")


def write(call: Call) -> str:
    """The body that is sent, indented."""
    return pretty(call.body)


def pretty(value: object) -> str:
    """Indented JSON that is `legible`."""
    return legible(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def legible(text: str) -> str:
    """JSON in which a character that can't be seen stands as its escape, which is the same JSON.

    A reader, a terminal and a shell then meet the same text: no bidi override, no control, no U+2028.
    """
    return BEYOND_ASCII.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if character.isprintable() else json.dumps(character)[1:-1]
