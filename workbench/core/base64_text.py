"""Long base64 in a text that is shown."""

from __future__ import annotations

import re
from typing import Final

from workbench.core.figures import grouped

BASE64: Final = re.compile(r'(?:(?<="data":")|(?<="data": "))[A-Za-z0-9+/]{1000,}+={0,2}(?=")')
HEAD: Final = 40
TAIL: Final = 8
"""Characters of long base64 that stay at its ends."""


def folded(text: str) -> str:
    """The text with its long base64 cut short: nobody reads a picture so, and a million rows take their time."""
    return BASE64.sub(_cut, text)


def _cut(match: re.Match[str]) -> str:
    data = match[0]
    return f"{data[:HEAD]}… {grouped(len(data))} characters of base64 …{data[-TAIL:]}"
