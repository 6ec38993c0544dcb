"""Thin gauges, sliders and sparklines, drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

BARS: Final = "▁▂▃▄▅▆▇█"


def gauge(share: float, width: int, style: str) -> Content:
    """`━━━━╸──`: how much of a whole is used."""
    halves = round(max(0.0, min(share, 1.0)) * width * 2)
    full, half = divmod(halves, 2)
    used = "━" * full + ("╸" if half else "")
    return Content.assemble((used, style), ("─" * (width - len(used)), "$faint"))


def slider(share: float, width: int, style: str) -> Content:
    """`━━━━●──`: where a value stands between its bounds."""
    at = round(max(0.0, min(share, 1.0)) * (width - 1))
    return Content.assemble(("━" * at, style), ("●", style), ("─" * (width - 1 - at), "$faint"))


def sparkline(values: Sequence[float], width: int, style: str) -> Content:
    """The last `width` values, each as a bar against the largest of them; what is below nothing is nothing."""
    shown = list(values)[-width:]
    top = max(shown, default=0.0)
    bars = "".join(BARS[max(0, min(7, int(value / top * 7.999)))] if top > 0 else BARS[0] for value in shown)
    return Content.styled(bars.rjust(width), style)


def share_style(share: float) -> str:
    """Calm, then a warning from two thirds, an error from nine tenths."""
    return "$error" if share >= 0.9 else "$warning" if share >= 2 / 3 else "$success"


def short(number: int) -> str:
    """A count in at most five characters: `980`, `21.4k`, `2.0M`."""
    if number < 1000:
        return str(number)
    for size, unit in ((1_000_000, "M"), (1000, "k")):
        if number >= size:
            value = number / size
            return f"{value:.0f}{unit}" if value >= 100 or value == int(value) else f"{value:.1f}{unit}"
    return str(number)
