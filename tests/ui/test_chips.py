"""The row of chips: what doesn't fit goes from its end, and is counted there."""

from __future__ import annotations

import pytest

from workbench.ui.widgets.chips import Chip, Chips

NAMES = ("opus-5-5", "max 2 048", "thinking adaptive", "format ticket")


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (80, " opus-5-5   max 2 048   thinking adaptive   format ticket "),
        (58, " opus-5-5   max 2 048   thinking adaptive   format ticket "),
        (57, " opus-5-5   max 2 048   thinking adaptive  +1"),
        (40, " opus-5-5   max 2 048  +2"),
        (14, " opus-5-5  +3"),
        (9, " opus-5-…"),
    ],
)
def test_what_does_not_fit_is_counted(width: int, expected: str) -> None:
    chips = Chips()
    chips.set_reactive(Chips.chips, tuple(Chip(name, name) for name in NAMES))
    assert chips.draw(width).plain == expected
