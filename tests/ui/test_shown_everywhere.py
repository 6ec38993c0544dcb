"""A stranger's strings in every place that shows text: nothing of them steers the terminal, nothing becomes markup.

The places are found by walking the screens; the strings stand wherever a session, a configuration, a wire, a folder or
a sentence can hold one. Two layers are tried, each without the other: `display` where a text is drawn, and the filter.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

import pytest
from textual.screen import Screen
from textual.widget import Widget

from tests.ui.acts import Start
from tests.ui.inspecting import Seen, ui_classes
from tests.ui.payloads import MIXED, PAYLOADS
from tests.ui.touring import stranger, tour
from workbench.core import safe
from workbench.ui import visible
from workbench.ui.terminal_filter import TerminalFilter

pytestmark = pytest.mark.fault("A01", "A02")

PARTS: Final = 4
"""In so many tests the payloads are tried, for as many cores."""


@pytest.fixture
def without_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TerminalFilter, "apply", lambda _, segments, __: segments)


@pytest.fixture
def without_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every place has forgotten to make its text safe."""
    ui_classes(Screen)  # imports them all
    safely = (safe.display, visible.visible)
    for module in [each for name, each in sys.modules.items() if name.startswith("workbench.")]:
        for name in ("display", "visible"):
            if getattr(module, name, None) in safely:
                monkeypatch.setattr(module, name, lambda text: text)


async def toured(start: Start, payload: str, *, whole: bool = False) -> Seen:
    seen = Seen()
    async with stranger(start, payload) as user:
        await tour(user, payload, seen, whole=whole)
    return seen


@pytest.mark.usefixtures("without_filter")
async def test_every_place_makes_its_own_text_safe(start: Start, rounds: Callable[[int, int], int]) -> None:
    seen = await toured(start, MIXED, whole=rounds(0, 1) == 1)
    assert seen.foreign == {}
    assert seen.live == {}
    assert len(seen.literal) >= 20
    assert ui_classes(Widget) - seen.met == set()


@pytest.mark.usefixtures("without_display")
async def test_the_filter_stops_what_every_place_forgot(start: Start, rounds: Callable[[int, int], int]) -> None:
    seen = await toured(start, MIXED, whole=rounds(0, 1) == 1)
    assert seen.foreign == {}
    assert seen.live == {}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("layer", ["display", "filter"])
async def test_every_payload_in_every_place(
    start: Start, layer: str, part: int, rounds: Callable[[int, int], int], request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("without_filter" if layer == "display" else "without_display")
    for payload in PAYLOADS[part : rounds(0, len(PAYLOADS)) : PARTS]:
        seen = await toured(start, payload)
        assert (seen.foreign, seen.live) == ({}, {}), ascii(payload)
