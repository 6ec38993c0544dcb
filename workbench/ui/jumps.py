"""Letters over a screen: each pane says what on it can be gone to, and goes there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.geometry import Offset

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget


@runtime_checkable
class Jumps(Protocol):
    """A pane with places to go to, which are those that the mouse can press."""

    def jumps(self) -> Iterable[tuple[str, Offset]]:
        """The places in sight by a key of the pane's own, each with its cell of the screen."""

    def jump_to(self, key: str) -> None:
        """As a click there does."""


async def jump(screen: Screen[None]) -> None:
    """Ask for a letter, and go where it stands."""
    from workbench.ui.screens.jump import Jump, Target

    panes = [pane for pane in screen.query("*") if isinstance(pane, Jumps) and pane.region.area]
    places = [(pane, key, spot) for pane in panes for key, spot in pane.jumps() if inside(pane, spot)]
    targets = [Target(str(at), spot.x, spot.y) for at, (_, _, spot) in enumerate(places)]
    found = await screen.app.push_screen_wait(Jump(targets))
    if found is not None:
        pane, key, _ = places[int(found)]
        cast("Jumps", pane).jump_to(key)


def inside(pane: Widget, spot: Offset) -> bool:
    """Whether that cell shows, and is the pane's."""
    return pane.region.intersection(pane.screen.region).contains_point(spot)
