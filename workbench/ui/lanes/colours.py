"""Which colour a lane has, and how its number, values and state are styled."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from workbench.core.theme import LANES
from workbench.ui.widgets.rows import one_line

TONES: Final = {"ok": "$success", "warning": "$warning", "problem": "$error"}
LONGEST_CHIP: Final = 20
LEAST: Final = "↓"
"""Behind the lowest cost and the shortest wait, for whom colours don't tell."""
BASELINE: Final = "◆"


def lane_colour(number: int) -> int:
    """Which of the theme's lane colours a lane has; those after the last begin again."""
    return (number - 1) % LANES + 1


def lane_style(number: int) -> str:
    """The style of a lane's number in a line of text."""
    return f"$lane-{lane_colour(number)}"


def tone_style(tone: str, otherwise: str = "$primary") -> str:
    """The style of a sign or a state."""
    return TONES.get(tone, otherwise)


def number_chip(number: int, label: str = "") -> Content:
    """The lane's number on its colour, or the label to jump to it."""
    if label:
        return Content.styled(f"{label:^3}", "bold $on-accent on $accent")
    return Content.styled(f"{number:^3}", f"bold $background on {lane_style(number)}")


def value_chip(text: str) -> Content:
    """A value that differs, or nothing where there is none."""
    shown = Content(one_line(text)).truncate(LONGEST_CHIP, ellipsis=True)
    return Content.assemble(" ", shown, " ").stylize("$chip-text on $chip") if shown else Content("")
