"""A theme: every colour resolved, from a few given ones if need be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from workbench.core import colour
from workbench.core.tints import LANES_ON_DARK, LANES_ON_LIGHT, RAMP, TINTS

LANES: Final = 8
HEAT_STEPS: Final = 6
"""How many `heat-…` variables there are, however many stops a ramp has."""
SURFACES: Final = ("background", "surface", "panel")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme, complete: nothing in it is left to be worked out."""

    name: str
    dark: bool
    colours: Mapping[str, str]
    """By name: those of `tints.TINTS`, `lane-1` to `-8`, `lane-1-dim`, `heat-1` to `-6`, `heat-text-1`."""
    lanes: tuple[str, ...]
    heat: tuple[str, ...]
    """Low to high, as many as the file gives."""
    variables: Mapping[str, str]
    """What the file sets for the style sheet beyond its own colours."""
    indexed: bool = False
    """Whether every colour is one of xterm's 256."""

    def on(self, background: str) -> str:
        """The text colour that reads best on a lane's or a cell's colour."""
        return colour.text_on(background, self.colours["background"], self.colours["foreground"])


def resolve(
    name: str,
    given: Mapping[str, str],
    *,
    dark: bool,
    lanes: tuple[str, ...] | None = None,
    heat: tuple[str, ...] | None = None,
    variables: Mapping[str, str] | None = None,
    indexed: bool = False,
) -> Theme:
    """A complete theme from at least background, foreground and primary."""
    known = dict(given)
    for tint in TINTS:
        if tint.name not in known and tint.fallback is not None:
            known[tint.name] = tint.fallback(known, dark)
    extra = dict(variables or {})
    lanes = lanes or (LANES_ON_DARK if dark else LANES_ON_LIGHT)
    heat = heat or RAMP
    for number, lane in enumerate(lanes, 1):
        known[f"lane-{number}"] = lane
        known[f"lane-{number}-dim"] = colour.mix(lane, known["background"], 40)
    for step in range(HEAT_STEPS):
        stop = heat[round(step * (len(heat) - 1) / (HEAT_STEPS - 1))]
        known[f"heat-{step + 1}"] = stop
        known[f"heat-text-{step + 1}"] = colour.text_on(stop, known["background"], known["foreground"])
    known |= {key: value for key, value in extra.items() if value.startswith("#")}
    theme = Theme(name, dark, known, lanes, heat, extra)
    return rounded(theme) if indexed else theme


def rounded(theme: Theme) -> Theme:
    """The theme in xterm's 256 colours, its three surfaces kept apart where they would fall together."""
    colours = {key: colour.nearest_256(value) for key, value in theme.colours.items()}
    for number, surface in enumerate(SURFACES):
        apart = [colours[other] for other in SURFACES[:number]]
        colours[surface] = colour.nearest_256(theme.colours[surface], *apart)
    return replace(
        theme,
        colours=colours,
        lanes=tuple(map(colour.nearest_256, theme.lanes)),
        heat=tuple(map(colour.nearest_256, theme.heat)),
        variables={key: colours.get(key, value) for key, value in theme.variables.items()},
        indexed=True,
    )


def rises(ramp: tuple[str, ...]) -> bool:
    """Whether each colour is brighter than the one before it."""
    return all(colour.luminance(low) < colour.luminance(high) for low, high in pairwise(ramp))


PLAIN: Final = resolve("plain", {"background": "#10131a", "foreground": "#cdd3de", "primary": "#7aa2f7"}, dark=True)
"""What is left when no theme file can be read."""
