"""The Chat screen: composes the panes, holds the one session, and routes commands."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import TextArea

from workbench.core.params import Params
from workbench.core.safe import display
from workbench.core.session import Lane, Session
from workbench.ui.chat import drafting, parameter_rows, parts
from workbench.ui.chat.document import Document
from workbench.ui.chat.handlers import find_handler
from workbench.ui.chat.meters_of import Speed
from workbench.ui.commands import bindings
from workbench.ui.desk import Desk
from workbench.ui.text.palette import Palette
from workbench.ui.widgets.chat_view import ChatView
from workbench.ui.widgets.chips import Chips
from workbench.ui.widgets.keyline import KeyLine
from workbench.ui.widgets.outline import Outline
from workbench.ui.widgets.parameters import Parameters
from workbench.ui.widgets.prompt import Prompt
from workbench.ui.widgets.status import StatusStrip
from workbench.ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from workbench.core.errors import Problem
    from workbench.engine.history import History
    from workbench.engine.store import SessionFile
    from workbench.ui.app import Workbench
    from workbench.ui.chat.live import Live
    from workbench.ui.widgets.findbar import FindBar

FRAMES = 12
"""Frames a second while something streams."""
WIDE = 160
"""Columns from which the outline has room."""
PAUSE_S = 0.15
"""Seconds without a key before the next run is estimated anew: a long history takes its time."""


class Chat(Screen[None]):
    """One session with one lane in view."""

    AUTO_FOCUS = "#prompt"
    BINDINGS: ClassVar[list[BindingType]] = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (WIDE, "-wide")]  # noqa: RUF012  # Textual's declaration
    VERTICAL_BREAKPOINTS = [(0, "-short"), (16, "-low"), (30, "-tall")]  # noqa: RUF012

    view = getters.query_one("#conversation", ChatView)
    panel = getters.query_one("#parameters", Parameters)
    prompt = getters.query_one("#prompt", Prompt)

    def __init__(self, desk: Desk, document: Document) -> None:
        super().__init__()
        self.desk = desk
        self.document = document
        self.lives: list[Live] = []
        self.last: Live | None = None
        self.speed = Speed()
        self.editing: str | None = None
        self.kept_draft = ""
        self.unfolded = False
        self.finding: FindBar | None = None
        """The line for finding, once it was asked for."""
        self.frame = 0
        self.endpoint_named = document.session.endpoint
        """What the endpoint was chosen by."""
        self.shown: tuple[object, ...] = (None,) * 4
        """What the conversation was made from: it is made anew only when one of these changed."""
        self.typing: Timer | None = None
        self.saved_files: tuple[SessionFile, ...] = ()
        """The saved sessions, for the outline."""
        self.trouble: Problem | None = None
        """Why the session could not be saved, until it was."""

    # What it is made of

    def compose(self) -> ComposeResult:
        yield TopBar(id="top")
        with Horizontal(id="body"):
            yield Outline(id="outline")
            with Vertical(id="middle"):
                yield ChatView(id="conversation")
            yield Parameters(id="parameters")
        yield Chips(id="chips")
        yield Prompt(enter_runs=self.desk.config.enter == "run", id="prompt")
        yield StatusStrip(id="status")
        yield KeyLine(id="keys")

    @property
    def workbench(self) -> Workbench:
        return cast("Workbench", self.app)

    async def on_mount(self) -> None:
        self.frames = self.set_interval(1 / FRAMES, self.draw_frame, pause=True)
        self.set_interval(1.0, self.show_status)
        drafting.replace_draft(self, self.session.prompt)
        self.view.welcome(parts.welcome(self.desk))
        self.show()
        self.use_theme()
        if self.app.size.width >= WIDE:
            from workbench.ui.chat import outlining

            self.call_after_refresh(outlining.look_again, self)
        self.app.theme_changed_signal.subscribe(self, self.use_theme)

    def draw_frame(self) -> None:
        from workbench.ui.chat import streaming

        streaming.draw_new(self)

    def use_theme(self, _: object = None) -> None:
        """The conversation draws itself, so it is told of a change of theme."""
        self.view.palette = Palette.from_variables(self.app.theme_variables)

    @cached_property
    def history(self) -> History:
        from workbench.engine.history import History

        return History(self.desk.places.prompts)

    # The one session

    @property
    def session(self) -> Session:
        return self.document.session

    @property
    def lane(self) -> Lane:
        return self.session.lanes[0]

    @property
    def draft(self) -> str:
        """What stands in the editor: the field is asked, so that no letter just typed is missed."""
        return self.prompt.text

    @property
    def unsent(self) -> str:
        """What the session keeps as its draft; an earlier turn that is being edited is none."""
        return self.draft if self.editing is None else self.kept_draft

    @property
    def version(self) -> str:
        """The API version that is forced, or `auto`."""
        return self.session.params_of(self.lane).version or self.desk.chosen.endpoint.version

    @property
    def presets(self) -> dict[str, Params]:
        config = self.desk.config
        return {"base": config.defaults, **config.presets} if config.presets else {}

    @property
    def base(self) -> Params:
        return parameter_rows.base_params(self.session, self.desk.config.defaults, self.desk.config.presets)

    def change(self, session: Session) -> None:
        """A step that can be undone."""
        self.document.change(session)
        self.show()

    def record(self, session: Session) -> None:
        """A step that happens by itself, or only moves."""
        self.document.record(session)
        self.show()

    def take(self, document: Document) -> bool:
        """Another session in place of this one; not while a run of this one goes on."""
        if self.lives:
            self.tell("A run is going on; ^C stops it. Then open again.", "warning")
            return False
        if self.editing is not None:
            drafting.stop_editing(self)
        self.document = document
        self.workbench.documents = [document]
        self.last = None
        self.trouble = None
        self.speed.restart()
        drafting.replace_draft(self, document.session.prompt)
        self.show()
        self.view.bottom()
        self.prompt.focus()
        return True

    def follow_endpoint(self) -> None:
        """The endpoint that the session names, after a change, an undo or another session."""
        named = self.session.endpoint
        if named != self.endpoint_named:
            self.endpoint_named = named
            for note in self.workbench.choose_endpoint(named):
                self.tell(note, "warning")
            self.view.welcome(parts.welcome(self.desk, self.workbench.keys_in_use))

    # What shows

    def show(self) -> None:
        """Hand every pane its part of the session."""
        self.follow_endpoint()
        shown = (self.session.messages, self.session.runs, self.lane.tip, bool(self.lives))
        if any(now is not before for now, before in zip(shown, self.shown, strict=True)):
            self.shown = shown
            self.view.entries = parts.entries_of(self)
            parts.place(self)
        self.show_panel()
        self.show_heading()
        self.show_status()
        self.show_keys()
        if self.has_class("-wide"):
            from workbench.ui.chat import outlining

            outlining.show(self)

    def show_panel(self) -> None:
        panel = parts.panel(self)
        self.panel.rows = parameter_rows.rows(panel)
        self.query_one("#chips", Chips).chips = parts.chips(panel)
        self.prompt.border_subtitle = parts.estimate(panel.preview)

    def show_heading(self) -> None:
        self.query_one("#top", TopBar).heading = parts.heading(self)

    def show_status(self) -> None:
        self.query_one("#status", StatusStrip).meters = parts.meters(self)

    def show_keys(self) -> None:
        self.query_one("#keys", KeyLine).hints = parts.hints(self)

    def tell(self, text: str, severity: str = "information") -> None:
        """A sentence in the corner; its text is data."""
        level = cast("parts.Severity", severity)
        self.app.notify(display(text), severity=level, markup=False, timeout=8 if severity != "information" else 4)

    # What arrives

    async def action_command(self, command: str) -> None:
        await self.do(command)

    async def do(self, command: str) -> None:
        """Let the focused pane do it, else the screen."""
        name = f"do_{command.replace('-', '_')}"
        for pane in (self.focused, self):
            method = getattr(pane, name, None)
            if method is not None:
                method()
                return
        made = find_handler(command)(self)
        if inspect.isawaitable(made):
            self.run_worker(made, group="commands")

    def do_back(self) -> None:
        parts.back(self)

    do_leave = do_back

    @on(TextArea.Changed, "#prompt")
    def _typed(self) -> None:
        self.show_heading()
        if self.typing is not None:
            self.typing.stop()
        self.typing = self.set_timer(PAUSE_S, self.show_panel)

    @on(Prompt.Run)
    async def _enter(self) -> None:
        await self.do("run")

    @on(Prompt.TooLarge)
    def _too_large(self, event: Prompt.TooLarge) -> None:
        way = "put it in a file and use --prompt-file, or a variable."
        self.tell(f"The paste has {event.size:,} characters, and a text field would freeze: {way}", "warning")

    @on(Parameters.Stepped)
    @on(Parameters.Chosen)
    @on(Parameters.Cleared)
    @on(Chips.Pressed)
    def _tuned(self, event: Message) -> None:
        from workbench.ui.chat import tuning

        tuning.heard(self, event)

    @on(Outline.Chosen)
    def _outlined(self, event: Outline.Chosen) -> None:
        from workbench.ui.chat import opening

        self.run_worker(opening.follow(self, event.leaf), group="commands")

    def on_descendant_focus(self) -> None:
        self.show_keys()
