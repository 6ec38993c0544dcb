"""What the screen says while there is nothing to draw: how a sweep begins, and what it would hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from workbench.core.params import BY_KEY
from workbench.core.safe import display
from workbench.ui.chat import shortcuts
from workbench.ui.sweep import defining
from workbench.ui.widgets.rows import one_line

if TYPE_CHECKING:
    from workbench.core.session import Lane, Session
    from workbench.core.sweep import Sweep
    from workbench.ui.chat.screen import Chat


class Empty(Static):
    """Lines of text, the first of them bold."""

    def say(self, lines: tuple[str, ...]) -> None:
        first, *rest = lines
        made = [
            Content.styled(display(first), "bold $foreground"),
            *(Content.styled(display(each), "$muted") for each in rest),
        ]
        self.update(Content("\n").join(made))


def said(chat: Chat, sweep: Sweep | None, problem: str) -> tuple[str, ...]:
    """How to go on from here, whether a sweep is missing or can't be worked out."""
    names = ("add", "run", "sweep-it", "chat")
    add, run, sweeps, back = (shortcuts.label(chat, name, at_prompt=False) for name in names)
    first = problem[:1].upper() + problem[1:] or "No sweep yet."
    ways = (
        f"{add} adds an axis: a parameter and the values that it takes in turn.",
        f"Or {sweeps} on a parameter's row in Chat. Then {run} asks for every combination.",
        f"What is asked is the prompt of the chat; {back} goes there.",
    )
    held = held_of(chat.session, defining.lane_of(chat.session, sweep, chat.lane))
    return (first, "", *ways, *(("", f"Held as they are: {held}") if held else ()))


def held_of(session: Session, lane: Lane) -> str:
    """`model claude-sonnet-4-6 · max tokens 1 024 · system s1`."""
    shown = []
    for row, value in session.params_of(lane).items:
        if row.key == "system":
            shown.append(f"system {lane.system or one_line(str(value))}")
        else:
            shown.append(f"{BY_KEY[row.key].label} {one_line(row.kind.shown(value))}")
    return " · ".join(shown)
