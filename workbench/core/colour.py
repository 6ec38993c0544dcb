"""Arithmetic of colours written `#rrggbb`: mixing, contrast, and xterm's 256."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
CUBE: Final = (0, 95, 135, 175, 215, 255)
"""The levels of one channel in the 6×6×6 cube that xterm numbers 16 to 231."""
GREYS: Final = tuple(range(8, 239, 10))
"""The grey ramp that xterm numbers 232 to 255."""

Triple = tuple[int, int, int]
Lab = tuple[float, float, float]


def parse(text: str) -> str | None:
    """`#abc` or `#AABBCC` as `#aabbcc`; None where it is no such colour."""
    if not HEX.fullmatch(text):
        return None
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def triple(colour: str) -> Triple:
    """Red, green and blue, 0 to 255 each."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(red: float, green: float, blue: float) -> str:
    return f"#{round(red):02x}{round(green):02x}{round(blue):02x}"


XTERM: Final = (
    *(written(red, green, blue) for red in CUBE for green in CUBE for blue in CUBE),
    *(written(grey, grey, grey) for grey in GREYS),
)
"""Colours 16 to 255 in xterm's order."""


def mix(over: str, under: str, percent: float) -> str:
    """What `percent` of the first colour looks like laid over the second."""
    share = percent / 100
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(triple(over), triple(under), strict=True))
    return written(red, green, blue)


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


@cache
def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)."""
    red, green, blue = map(_linear, triple(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(ground: str, *preferred: str) -> str:
    """The preferred colour that reads best on the ground; black or white where none reads well."""
    best = max(preferred, key=lambda candidate: contrast(candidate, ground))
    if contrast(best, ground) >= 4.5:
        return best
    return max("#000000", "#ffffff", key=lambda candidate: contrast(candidate, ground))


@cache
def oklab(colour: str) -> Lab:
    """Lightness, green–red and blue–yellow in Oklab, where equal distances look about equal."""
    red, green, blue = map(_linear, triple(colour))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def distance(one: str, other: str) -> float:
    """How different two colours look, in Oklab: 0.02 is barely seen, black to white is 1."""
    return float(sum((a - b) ** 2 for a, b in zip(oklab(one), oklab(other), strict=True)) ** 0.5)


def _closest(channel: float, levels: tuple[int, ...]) -> int:
    return min(levels, key=lambda level: abs(level - channel))


@cache
def nearest_256(colour: str, *taken: str) -> str:
    """The closest of xterm's colours 16 to 255 that isn't taken; 0 to 15 are the user's own to change."""
    if taken:
        return min(set(XTERM) - set(taken), key=lambda candidate: (distance(candidate, colour), candidate))
    red, green, blue = triple(colour)
    in_cube = written(*(_closest(channel, CUBE) for channel in (red, green, blue)))
    grey = _closest((red + green + blue) / 3, GREYS)
    return min(in_cube, written(grey, grey, grey), key=lambda candidate: distance(candidate, colour))


def is_256(colour: str) -> bool:
    """Whether xterm's 256 hold this very colour."""
    return colour in XTERM
