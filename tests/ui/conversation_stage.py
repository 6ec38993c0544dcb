"""A screen with one conversation view, for its tests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.geometry import Region

from workbench.ui.widgets.conversation import Conversation
from workbench.ui.widgets.conversation_entry import Entry, Fact

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

WIDTH, HEIGHT = 40, 12
FACTS = (Fact("412 out", 9), Fact("1 204 in", 8), Fact("cache 82%", 2), Fact("ttft 0.81s", 3), Fact("end_turn", 5))


def you(number: int, text: str = "A question.") -> Entry:
    return Entry(str(number), "user", "you", number, text=text)


def claude(number: int, text: str = "An answer.", **more: object) -> Entry:
    return Entry(str(number), "assistant", "claude", number, text=text, **more)  # type: ignore[arg-type] # any field


class Stage(App[None]):
    """One view and what it says."""

    def __init__(self, view: Conversation) -> None:
        super().__init__()
        self.view = view
        self.selected: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_conversation_selected(self, message: Conversation.Selected) -> None:
        self.selected.append(message.key)


@asynccontextmanager
async def stage(
    *entries: Entry, size: tuple[int, int] = (WIDTH, HEIGHT), **options: object
) -> AsyncIterator[tuple[Conversation, Pilot[None], Stage]]:
    view = Conversation(**options)  # type: ignore[arg-type] # any option
    app = Stage(view)
    async with app.run_test(size=size) as pilot:
        view.entries = entries
        await pilot.pause()
        yield view, pilot, app


def rows(view: Conversation) -> list[str]:
    """What is on the screen, without the bar and the scrollbar."""
    region = Region(0, 0, *view.size)
    return [strip.text[3:-1].rstrip() for strip in view.render_lines(region)]


def column(view: Conversation, x: int) -> str:
    return "".join(strip.text[x] for strip in view.render_lines(Region(0, 0, *view.size)))


LONG = "\n\n".join(f"Paragraph {at}." for at in range(40))
