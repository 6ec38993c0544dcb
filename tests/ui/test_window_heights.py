"""What the scrollbar of a conversation is drawn from: heights that are kept while turns stay as they were."""

from __future__ import annotations

import pytest

from workbench.ui.widgets.conversation_entry import Entry
from workbench.ui.widgets.conversation_flow import Position
from workbench.ui.widgets.conversation_turn import Turn
from workbench.ui.widgets.conversation_window import Window


def turns(first: int, last: int) -> list[Turn]:
    return [Turn(Entry(f"m{at}", "user", "you", at, text="word\n" * (at % 7 * 5))) for at in range(first, last)]


def window_of(there: list[Turn]) -> Window:
    window = Window()
    window.resize(40, 50)
    window.replace(there)
    return window


def thumbs(window: Window) -> list[tuple[int, int] | None]:
    """The thumb with each turn at the top, once every turn was laid out."""
    found: list[tuple[int, int] | None] = []
    for turn in [*range(len(window.turns))] * 2:
        window.show(Position(turn))
        window.compose()
        found.append(window.thumb())
    return found[len(window.turns) :]


@pytest.mark.parametrize(("before", "after"), [(6, 20), (20, 8), (0, 5), (9, 9)])
def test_a_conversation_that_changed_at_its_end_has_the_thumb_of_one_made_at_once(before: int, after: int) -> None:
    there = turns(0, before)
    changed = window_of(there)
    changed.compose()
    changed.thumb()
    same = min(before, after)
    changed.replace([*there[:same], *turns(same, after)], same)
    whole = window_of(turns(0, after))
    shown = thumbs(changed)
    assert shown == thumbs(whole)
    assert len(set(shown)) > 1
