"""The Chat screen: composes the panes, holds the one session, and routes commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import TextArea

from workbench.core.safe import display
from workbench.core.session import Session
from workbench.ui import breakpoints
from workbench.ui.chat import border, drafting, enclosed, hints, panel_of, parameter_rows, parts, placing, shortcuts
from workbench.ui.chat.bench import Bench
from workbench.ui.chat.document import Document
from workbench.ui.chat.handlers import done_here, find_handler, goes_on
from workbench.ui.chat.keeping import BEAT_S, Keeping
from workbench.ui.commands import bindings
from workbench.ui.desk import Desk
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.attachments import Attachments, Wish
from workbench.ui.widgets.chat_view import ChatView
from workbench.ui.widgets.chips import Chips
from workbench.ui.widgets.keyline import KeyLine
from workbench.ui.widgets.outline import Outline
from workbench.ui.widgets.parameters import Parameters
from workbench.ui.widgets.prompt import Prompt
from workbench.ui.widgets.status import StatusStrip
from workbench.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from workbench.ui.app import Workbench
    from workbench.ui.board import Board
    from workbench.ui.lanes.lanes import Lanes
    from workbench.ui.widgets.conversation import Conversation

FRAMES = 12
"""Frames a second while something streams."""
PAUSE_S = 0.15
"""Seconds without a key before the next run is estimated anew: a long history takes its time."""


class Chat(Bench, Screen[None]):
    """One session: the conversation of its focused lane, or in Compare all lanes side by side."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = breakpoints.WIDTHS
    VERTICAL_BREAKPOINTS = breakpoints.HEIGHTS

    view = getters.query_one("#conversation", ChatView)
    panel = getters.query_one("#parameters", Parameters)
    prompt = getters.query_one("#prompt", Prompt)

    def __init__(self, desk: Desk, document: Document) -> None:
        Screen.__init__(self)
        Bench.__init__(self, desk, document)
        self.keeping = Keeping(self)

    # What it is made of

    def compose(self) -> ComposeResult:
        breakpoints.fit(self)
        yield TopBar(id="top")
        with Horizontal(id="body"):
            yield Outline(id="outline")
            with Vertical(id="middle"):
                yield ChatView(id="conversation")
            yield Parameters(id="parameters")
        yield Chips(id="chips")
        yield Attachments(id="attached")
        yield Prompt(enter_runs=self.desk.config.enter == "run", id="prompt")
        yield StatusStrip(id="status")
        yield KeyLine(id="keys")

    @property
    def workbench(self) -> Workbench:
        return cast("Workbench", self.app)

    async def on_mount(self) -> None:
        self.frames = self.set_interval(1 / FRAMES, self.draw_frame, pause=True)
        self.beats = self.set_interval(BEAT_S, self.keeping.beat)
        self.set_interval(1.0, self.show_status)
        if self.session.prompt:
            drafting.replace_draft(self, self.session.prompt)
        self.view.welcome(parts.welcome(self.desk))
        self.show()
        self.use_theme()
        self.app.theme_changed_signal.subscribe(self, self.use_theme)
        self.call_after_refresh(self.read_results)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        from workbench.ui.chat import opening

        opening.begin(self)

    def read_results(self) -> None:
        """What stands beside the session's file; called after the first paint."""
        if self.document.path is not None:
            from workbench.ui.chat import results

            self.run_worker(results.read(self), group="files")

    def draw_frame(self) -> None:
        from workbench.ui.chat import streaming

        streaming.draw_new(self)

    def use_theme(self, _: object = None) -> None:
        """The conversations draw themselves, so they are told of a change of theme."""
        self.view.palette = Palette.from_variables(self.app.theme_variables)
        if self.comparing:
            self.lanes.palette = self.view.palette

    # The one session

    @property
    def draft(self) -> str:
        """What stands in the editor: the field is asked, so that no letter just typed is missed."""
        return self.prompt.text

    @property
    def unsent(self) -> str:
        """What the session keeps as its draft; an earlier turn that is being edited is none."""
        return self.draft if self.editing is None else self.kept_draft

    def change(self, session: Session) -> None:
        """A step that can be undone."""
        self.document.change(session)
        self.show()

    def record(self, session: Session) -> None:
        """A step that happens by itself, or only moves."""
        self.document.record(session)
        self.show()

    def follow_endpoint(self) -> None:
        """The endpoint that the session names, after a change, an undo or another session."""
        named = self.session.endpoint
        if named != self.endpoint_named:
            self.endpoint_named = named
            for note in self.workbench.choose_endpoint(named):
                self.tell(note, "warning")
            self.view.welcome(parts.welcome(self.desk, self.workbench.keys_in_use))
            self.workbench.look_for_models()

    # Where one is

    @property
    def front(self) -> Chat | Board:
        """The screen that is up, whatever dialog lies over it."""
        for screen in reversed(self.app.screen_stack):
            if screen is self or hasattr(screen, "show_all"):
                return cast("Chat | Board", screen)
        return self

    @property
    def lanes(self) -> Lanes:
        """The lanes side by side; made when they are first asked for."""
        from workbench.ui.lanes.lanes import Lanes

        return self.query_one(Lanes)

    @property
    def pane(self) -> ChatView | Lanes:
        """Where answers are read now."""
        return self.lanes if self.comparing else self.view

    @property
    def reading(self) -> Conversation:
        """The conversation under the eyes: the one, or that of the focused lane."""
        return self.lanes.view(self.lane.id) if self.comparing else self.view

    def to_prompt(self) -> None:
        """To the editor, which in Compare shows only while one writes."""
        self.prompt.add_class("-writing")
        self.prompt.focus()

    # What shows

    def show(self) -> None:
        """Hand every pane its part of the session."""
        self.follow_endpoint()
        placing.show(self)
        self.show_panel()
        self.show_heading()
        self.show_status()
        self.show_keys()
        if self.has_class("-wide"):
            from workbench.ui.chat import outlining

            outlining.show(self)
        if self.front is not self:
            cast("Board", self.front).show_all()

    def show_panel(self) -> None:
        panel = panel_of.panel(self)
        self.panel.rows = parameter_rows.rows(panel)
        self.query_one("#chips", Chips).chips = parts.chips(panel)
        self.query_one("#attached", Attachments).items = enclosed.chips(self)
        border.show(self, panel.plans)

    def show_heading(self) -> None:
        self.query_one("#top", TopBar).heading = parts.heading(self)

    def show_status(self) -> None:
        self.query_one("#status", StatusStrip).meters = parts.meters(self)

    def show_keys(self) -> None:
        made = shortcuts.hints(self, hints.hinted(self), hints.worded(self), at_prompt=self.prompt.has_focus)
        self.query_one("#keys", KeyLine).hints = made

    def tell(self, text: str, severity: str = "information") -> None:
        """A sentence in the corner; its text is data."""
        level = cast("parts.Severity", severity)
        self.app.notify(display(text), severity=level, markup=False, timeout=8 if severity != "information" else 4)

    # What arrives

    async def action_command(self, command: str) -> None:
        await self.do(command)

    async def do(self, command: str) -> None:
        """Let the focused pane do it, else the screen."""
        if not done_here(self, command):
            goes_on(self, find_handler(command)(self))

    def do_back(self) -> None:
        parts.back(self)

    do_leave = do_back

    @on(TopBar.Pressed)
    async def _tab(self, event: TopBar.Pressed) -> None:
        await self.do(event.command)

    @on(TextArea.Changed, "#prompt")
    def _typed(self) -> None:
        self.show_heading()
        if self.typing is not None:
            self.typing.stop()
        self.typing = self.set_timer(PAUSE_S, self.show_panel)

    @on(Prompt.Run)
    async def _enter(self) -> None:
        await self.do("run")

    @on(Parameters.Stepped)
    @on(Parameters.Chosen)
    @on(Parameters.Cleared)
    @on(Chips.Pressed)
    def _tuned(self, event: Message) -> None:
        from workbench.ui.chat import tuning

        tuning.heard(self, event)

    @on(Wish)
    @on(Prompt.Pasted)
    def _attached(self, event: Wish | Prompt.Pasted) -> None:
        from workbench.ui.chat import attaching

        attaching.heard(self, event)

    @on(Parameters.Wished)
    def _wished(self, event: Parameters.Wished) -> None:
        from workbench.ui.chat import axes

        self.run_worker(axes.wished(self, event), group="commands")

    @on(Outline.Shown)
    def _outline_shown(self) -> None:  # which sessions there are is read after the paint
        from workbench.ui.chat import outlining

        outlining.show(self)
        self.call_after_refresh(outlining.look_again, self)

    @on(Outline.Chosen)
    def _outlined(self, event: Outline.Chosen) -> None:
        from workbench.ui.chat import opening

        self.run_worker(opening.follow(self, event.leaf), group="commands")

    def on_lanes_focused(self, event: Lanes.Focused) -> None:
        from workbench.ui.chat import comparing

        comparing.focus_lane(self, event.lane_id)

    async def on_lanes_opened(self) -> None:
        await self.do("zoom")

    def on_descendant_focus(self) -> None:
        self.prompt.set_class(self.prompt.has_focus, "-writing")
        self.show_keys()
