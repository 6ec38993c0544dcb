r"""Templates: `{{name}}` stands for a variable, `\{{name}}` for itself, and every other brace for a brace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

OPENS: Final = "{{"
"""What a text without variables doesn't hold."""
SLOT: Final = re.compile(r"(\\?)\{\{([A-Za-z_][A-Za-z0-9_.-]*)\}\}")


def names(text: str) -> tuple[str, ...]:
    """The variables that a text asks for, each once, in order."""
    if OPENS not in text:
        return ()
    return tuple(dict.fromkeys(match[2] for match in SLOT.finditer(text) if not match[1]))


def differing(now: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The variables that have another value now, or had none before."""
    return {name: value for name, value in now.items() if before.get(name) != value}


def render(text: str, variables: Mapping[str, str]) -> str:
    """The text that is sent; a name without a value stays as it is, and is a problem of its own."""

    def value(match: re.Match[str]) -> str:
        return match[0][1:] if match[1] else variables.get(match[2], match[0])

    return SLOT.sub(value, text)
