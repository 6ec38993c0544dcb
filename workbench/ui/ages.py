"""How long ago something was, in a word."""

from __future__ import annotations

from datetime import datetime
from typing import Final

UNITS: Final = ((86_400, "d"), (3600, "h"), (60, "min"))


def age(now: datetime, then: datetime) -> str:
    """`now`, `5min`, `2h`, `4d`; a date from 60 days on."""
    seconds = (now - then).total_seconds()
    if seconds >= 60 * 86_400:
        return then.date().isoformat()
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "now"
