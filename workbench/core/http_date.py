"""The three forms in which HTTP writes a time (RFC 9110 §5.6.7), without the weight of `email`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FORMS: Final = (
    re.compile(
        r"[A-Z][a-z]+, (?P<d>\d\d?)[ -](?P<m>[A-Z][a-z]{2})[ -](?P<y>\d{4}|\d\d) (?P<t>\d\d:\d\d:\d\d) GMT", re.ASCII
    ),
    re.compile(r"[A-Z][a-z]{2} (?P<m>[A-Z][a-z]{2}) {1,2}(?P<d>\d\d?) (?P<t>\d\d:\d\d:\d\d) (?P<y>\d{4})", re.ASCII),
)


def parse(text: str) -> datetime | None:
    """The time in UTC, or None for anything else."""
    for form in _FORMS:
        if not (found := form.fullmatch(text.strip())) or found["m"] not in _MONTHS:
            continue
        year = int(found["y"])
        hour, minute, second = (int(part) for part in found["t"].split(":"))
        try:
            return datetime(
                year if year > 99 else year + (1900 if year > 69 else 2000),
                _MONTHS.index(found["m"]) + 1,
                int(found["d"]),
                hour,
                minute,
                min(second, 59),
                tzinfo=UTC,
            )
        except ValueError:
            return None
    return None
