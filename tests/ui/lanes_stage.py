"""A screen with lanes side by side, for their tests."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult

from workbench.core.compare import Differing, Group
from workbench.ui.lanes.lanes import Lanes
from workbench.ui.lanes.values import Card, Head
from workbench.ui.textual_theme import textual_theme, variable_defaults
from workbench.ui.themes import Themes
from workbench.ui.widgets.conversation_entry import Entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from textual.pilot import Pilot

HEAD = Head(
    "Make the reply warmer, two sentences.\nNo boilerplate.",
    ("sonnet-4-6", "max 1 024", "stop 2", "1 turn"),
    (
        Differing("temperature", "T", (Group("0.0", (0,)), Group("0.7", (1, 3)), Group("1.0", (2,)))),
        Differing("system", "sys", (Group("v3", (0, 1, 2)), Group("v4", (3,)))),
    ),
    "i edits",
)
ANSWER = (
    "Hello **Ada**,\n\nyour refund of $34.90 is on its way.\n\n- posted today\n- nothing to return\n\nAll the best."
)
LONG = "\n\n".join(f"Paragraph {at}." for at in range(60))


def answer(text: str = ANSWER, key: str = "a") -> Entry:
    return Entry(key, "assistant", "sonnet-4-6", 2, text=text)


def card(number: int, text: str = ANSWER, **more: object) -> Card:
    """One lane that is done."""
    usual: dict[str, object] = {
        "chips": (f"T 0.{number}", "v3"),
        "sign": "✓",
        "tone": "ok",
        "entries": (answer(text),) if text else (),
        "tail": text[-80:],
        "out": f"{100 + number} out",
        "cost": f"$0.00{20 + number}",
        "ttft": f"0.{40 + number}s",
        "rate": f"{70 + number} t/s",
        "rates": (40.0, 60.0, 80.0, 70.0, 75.0),
    }
    return Card(f"lane-{number}", number, **(usual | more))  # type: ignore[arg-type] # any field


def cards(count: int, text: str = ANSWER) -> tuple[Card, ...]:
    return tuple(card(number, text) for number in range(1, count + 1))


class Stage(App[None]):
    """Lanes, and what they say."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, lanes: Lanes) -> None:
        super().__init__()
        self.lanes = lanes
        self.said: list[tuple[str, str]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.lanes

    def on_mount(self) -> None:
        self.register_theme(textual_theme(Themes().load().theme))
        self.theme = "nightshift"

    def on_lanes_focused(self, message: Lanes.Focused) -> None:
        self.said.append(("focused", message.lane_id))

    def on_lanes_opened(self, message: Lanes.Opened) -> None:
        self.said.append(("opened", message.lane_id))


@asynccontextmanager
async def stage(
    shown: Sequence[Card], size: tuple[int, int] = (120, 40), head: Head = HEAD
) -> AsyncIterator[tuple[Lanes, Pilot[None], Stage]]:
    lanes = Lanes()
    app = Stage(lanes)
    async with app.run_test(size=size) as pilot:
        lanes.head = head
        lanes.cards = tuple(shown)
        await pilot.pause()
        yield lanes, pilot, app


def screen(lanes: Lanes) -> list[str]:
    """The rows of the terminal, as text."""
    return [strip.text.rstrip() for strip in lanes.screen._compositor.render_strips()]
