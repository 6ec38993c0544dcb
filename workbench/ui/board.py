"""A full screen over the chat: the top line, its own content, the status strip and the key line.

Sweep, Runs, Diff and the wire view share this frame and the one session, which the chat beneath them holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import ScreenResume
from textual.screen import Screen

from workbench.core.session import Session
from workbench.ui import breakpoints
from workbench.ui.breakpoints import HEIGHTS, WIDTHS
from workbench.ui.chat import parts, shortcuts
from workbench.ui.chat.document import Document
from workbench.ui.chat.handlers import done_here
from workbench.ui.commands import ANYWHERE, BY_ID, bindings
from workbench.ui.desk import Desk
from workbench.ui.meters import Meters
from workbench.ui.styles import StyledOnce
from workbench.ui.widgets.keyline import KeyLine
from workbench.ui.widgets.status import StatusStrip
from workbench.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


class Board(StyledOnce, Screen[None]):
    """What stands over the chat; a command that it doesn't know goes to the chat where it works anywhere."""

    TAB: ClassVar[str] = ""
    """The name in the top line that is lit."""
    HINTS: ClassVar[tuple[str, ...]] = ("back", "help")
    """The commands of the key line, the most useful first, help last."""
    WORDS: ClassVar[Mapping[str, str]] = {}
    """What commands are called here, where it is not their own word."""
    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self.chat = chat
        self._came_up = False

    @property
    def up(self) -> bool:
        """Whether its panes are there: it takes a moment to come up, and keys may close it before that."""
        return self._came_up and self._open

    @property
    def _open(self) -> bool:
        return self.is_attached and self in self.app.screen_stack

    def begin(self) -> None:
        """What is to be done once, when it has come up."""

    def content(self) -> ComposeResult:
        """What stands between the top line and the status strip."""
        yield from ()

    def show(self) -> None:
        """Draw what the session says now: when it comes up, when the session changed, and once a second."""

    def draw_frame(self) -> None:
        """Draw what has come since the last frame, while something runs."""

    # The frame around the content

    def compose(self) -> ComposeResult:
        breakpoints.fit(self)
        yield TopBar(id="top")
        with Vertical(id="board"):
            yield from self.content()
        yield StatusStrip(id="status")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        if self._open:  # else it was closed at once
            self._came_up = True
            self.begin()
            self.show_all()
            self.set_interval(1.0, self.show_all)

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self.show_all()

    def on_descendant_focus(self) -> None:
        self.show_keys()

    def show_all(self) -> None:
        """The content and the lines around it."""
        if not self.up:
            return
        self.query_one("#top", TopBar).heading = replace(parts.heading(self.chat), tab=self.TAB)
        self.show_status()
        self.show_keys()
        self.show()

    def show_status(self) -> None:
        if self.up:
            self.query_one("#status", StatusStrip).meters = self.metered()

    def metered(self) -> Meters:
        """What the status strip shows."""
        return parts.meters(self.chat)

    def show_keys(self) -> None:
        if self.up:
            self.query_one("#keys", KeyLine).hints = shortcuts.hints(
                self.chat, self.hinted(), {"back": "back", **self.worded()}
            )

    def hinted(self) -> tuple[str, ...]:
        """The commands of the key line here and now."""
        return self.HINTS

    def worded(self) -> Mapping[str, str]:
        """What they are called here and now."""
        return self.WORDS

    # What it works on

    @property
    def session(self) -> Session:
        return self.chat.session

    @property
    def document(self) -> Document:
        return self.chat.document

    @property
    def desk(self) -> Desk:
        return self.chat.desk

    def tell(self, text: str, severity: str = "information") -> None:
        """A sentence in the corner; its text is data."""
        self.chat.tell(text, severity)

    # What arrives

    async def action_command(self, command: str) -> None:
        await self.do(command)

    async def do(self, command: str) -> None:
        """Let the focused pane do it, else this screen, else the chat."""
        if not self.up:
            return
        if done_here(self, command):
            return
        if command in ANYWHERE:
            await self.chat.do(command)
        else:
            self.tell(f"{BY_ID[command].title} does nothing here.")

    async def do_tune(self) -> None:
        """The parameters stand in the chat."""
        to_chat(self.chat)
        if not self.chat.panel.has_focus:
            await self.chat.do("tune")

    def do_prompt(self) -> None:
        to_chat(self.chat)
        self.chat.to_prompt()

    async def do_jump(self) -> None:
        """A letter on everything that can be gone to here."""
        from workbench.ui import jumps

        await jumps.jump(self)

    def do_back(self) -> None:
        """Leave this screen for the one beneath."""
        if self.app.screen is self:
            self.app.pop_screen()

    def do_leave(self) -> None:
        self.do_back()

    @on(TopBar.Pressed)
    async def _tab(self, event: TopBar.Pressed) -> None:
        await self.do(event.command)


def to_chat(chat: Chat) -> None:
    """Close what stands over the chat."""
    while chat.front is not chat:
        chat.app.pop_screen()
