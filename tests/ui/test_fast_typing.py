"""Keys that arrive together, as over a slow line, are taken in the order they were typed."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from textual import events
from textual.screen import Screen

from tests.ui.host import Host
from tests.ui.story import LATE_S
from workbench.ui.screens.ask import Ask
from workbench.ui.screens.choose import Choose, Item
from workbench.ui.screens.write import Write

ITEMS = [Item(name, name) for name in ("apple", "banana", "cherry")]


@pytest.mark.parametrize(
    ("dialog", "text", "last", "result"),
    [
        (lambda: Ask("value"), "rate limits", "enter", "rate limits"),
        (lambda: Ask("value"), "rate limits", "ctrl+j", "rate limits"),
        (lambda: Choose("fruit", ITEMS), "cherry", "enter", "cherry"),
        (lambda: Choose("fruit", ITEMS), "cherry", "ctrl+j", "cherry"),
        (lambda: Choose("fruit", ITEMS, allow_other=True), "durian", "enter", "durian"),
        (lambda: Write("text"), "rate limits", "ctrl+j", "rate limits"),
        (lambda: Write("text"), "rate limits", "ctrl+s", "rate limits"),
    ],
)
async def test_no_letter_is_overtaken_by_the_key_that_accepts(
    dialog: Callable[[], Screen[Any]], text: str, last: str, result: str
) -> None:
    app = Host(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for letter in text:
            app.post_message(events.Key("space" if letter == " " else letter, letter))
        app.post_message(events.Key(last, None))
        late = monotonic() + LATE_S
        while app.result != result and monotonic() < late:
            await pilot.pause()
        assert app.result == result
