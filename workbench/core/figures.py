"""Numbers as people read them."""

from __future__ import annotations


def grouped(number: int) -> str:
    """Thousands apart by a space: `1 204`."""
    return f"{number:,}".replace(",", " ")
