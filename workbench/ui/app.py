"""The Textual app: theme, keymap, runner, and the one screen that is up."""

from __future__ import annotations

import gc
import signal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import constants, events
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

from workbench.core.safe import display
from workbench.engine.endpoints import NO_KEY_NOTE
from workbench.ui import commands, ending, pasting
from workbench.ui.chat.document import Document
from workbench.ui.chat.screen import Chat
from workbench.ui.desk import Desk, prepare
from workbench.ui.styles import Styles
from workbench.ui.terminal_driver import TerminalDriver
from workbench.ui.terminal_filter import TerminalFilter
from workbench.ui.textual_theme import textual_theme, variable_defaults
from workbench.ui.themes import DEFAULT, Themes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from textual.filter import LineFilter

    from workbench.engine.runner import Runner
    from workbench.ui.ending import Ending
    from workbench.ui.widgets.conversation import Conversation


NOTES: Final = 4
"""How many sentences of the start are shown at once."""
GATHER_S: Final = 0.03
"""Seconds for which what arrives is gathered while many answers stream."""
COLLECTS: Final = (700, 10, 1000)
"""The collector's thresholds: a collection of everything holds a key for 100 ms and more, so it comes seldom."""


class Workbench(App[None], inherit_bindings=False):
    """The terminal program."""

    TITLE = "Workbench"
    CSS_PATH = "workbench.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.themes = Themes(desk.places.themes)
        self.theme_name = desk.theme or desk.config.theme or DEFAULT
        self.keys_in_use, self._key_mistakes = commands.keymap(desk.config.keys)
        self.documents: list[Document] = []
        """The session on the screen, for what comes after it."""
        self.noted: tuple[str, ...] = ()
        """What was to be said when it started."""
        self.farewell: list[str] = []
        """What is to be said when the terminal is given back."""
        self.ending: Ending | None = None
        """Sees to it that the program ends well; a test has none."""
        super().__init__()
        loaded = self.themes.load(self.theme_name, self.console.color_system)
        desk.notes = (*desk.notes, *loaded.notes)
        self._stops = TerminalFilter()
        self.register_theme(textual_theme(loaded.theme))
        self.set_reactive(Workbench.theme, loaded.theme.name)  # before the first paint, so that nothing is drawn twice
        self.stylesheet = Styles(variables=self.get_css_variables())

    @cached_property
    def runner(self) -> Runner:
        """Made on first need: its sockets and certificates are not for the first paint."""
        if self.desk.make_runner is not None:
            return self.desk.make_runner()
        from workbench.engine.runner import Runner

        return Runner(
            confirmed=self.desk.confirmed, replay=self.desk.replay, catalogue=self.desk.catalogue, gather_s=GATHER_S
        )

    def get_driver_class(self) -> type[Driver]:
        return TerminalDriver if constants.DRIVER is None else super().get_driver_class()

    async def on_event(self, event: events.Event) -> None:
        """A paste that no text field can hold goes to none."""
        if isinstance(event, events.Paste) and not event.is_forwarded and (why := pasting.refusal(event.text)):
            self.notify(f"The paste {why}", severity="warning", markup=False, timeout=8)
        else:
            await super().on_event(event)

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's text fields copy in this way: here all of it can be pasted, elsewhere nothing that steers.

        Half a surrogate pair would end the program where the terminal is written to.
        """
        from workbench.core.safe import encodable
        from workbench.ui import clipboard

        super().copy_to_clipboard(clipboard.inert(encodable(text))[0])
        self._clipboard = text

    def on_conversation_linked(self, event: Conversation.Linked) -> None:
        """A link was clicked, on whichever screen."""
        from workbench.ui import links

        self.run_worker(links.follow(self, event.source, event.words), group="commands")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, and behind them the one that lets nothing through that steers the terminal."""
        return [*super().get_line_filters(), self._stops]

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        document = self._document()
        self.documents = [document]
        return Chat(self.desk, document)

    def _document(self) -> Document:
        """The session of this start: the file's, or a new one; what was wrong with the file is noted."""
        from workbench.core import asked_before
        from workbench.core.session import Session

        fresh = Session(created=self.desk.now(), params=self.desk.config.defaults)
        if self.desk.file is None:
            return Document(fresh)
        from workbench.engine import store
        from workbench.engine.open_session import OpenSession

        try:
            opened = OpenSession.open(self.desk.file)
        except store.MissingFile:
            return Document(fresh, self.desk.file, untitled=False)
        except store.StoreError as error:
            self.desk.notes = (*self.desk.notes, str(error.problem))
            return Document(fresh)
        document, notes = Document.opened(opened, self.desk.file, self.desk)
        self.desk.notes = (*self.desk.notes, *notes)
        if opened.session.endpoint and self.desk.named_endpoint is None and self.desk.base_url is None:
            notes = self.choose_endpoint(opened.session.endpoint)
            self.desk.notes += tuple(note for note in notes if note not in self.desk.chosen.notes)
        if said := asked_before.told(opened.session, self.desk.chosen.endpoint.name, self.desk.chosen.why):
            self.desk.notes += (said,)
        return document

    def on_mount(self) -> None:
        self.set_keymap(self.keys_in_use)
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        chosen = (note for note in self.desk.chosen.notes if note != NO_KEY_NOTE)
        self.noted = (*self.desk.notes, *self._key_mistakes, *chosen)
        if self.noted:
            shown = "\n".join(display(line) for line in self.noted[:NOTES])
            self.notify(self._how_many() + shown, severity="warning", markup=False, timeout=12)
        self.call_after_refresh(self._settled)

    def _how_many(self) -> str:
        """Of several notes first how many, and where they are read: a small screen has room for a line or two."""
        if len(self.noted) == 1:
            return ""
        keys = commands.keys_shown(commands.BY_ID["cautions"], self.keys_in_use, enter_runs=False)
        where = keys[0] if keys else f"{commands.BY_ID['cautions'].title} (palette)"
        return f"{len(self.noted)} notes at the start, all of them on {where}:\n"

    def _settled(self) -> None:
        """After the first paint: the collector goes on again, and what the first run needs is loaded."""
        gc.freeze()
        gc.set_threshold(*COLLECTS)
        gc.enable()
        self.run_worker(self._warm(), group="warm", exit_on_error=False)

    async def _warm(self) -> None:
        await self.runner.warm(self.desk.chosen.endpoint)
        self.desk.look_for_proxy()
        for chat in (each for each in self.screen_stack if self.desk.proxy and isinstance(each, Chat)):
            chat.show_heading()
        self.look_for_models()

    def look_for_models(self) -> None:
        """What the endpoint lists as its models, beside everything else."""
        chat = next((each for each in self.screen_stack if isinstance(each, Chat)), None)
        if self.desk.fetches and chat is not None:
            from workbench.ui.chat import listing

            self.run_worker(listing.look(chat), group="models", exclusive=True, exit_on_error=False)

    def use_theme(self, name: str) -> None:
        """Show a theme, or the default with a note where it can't be had."""
        loaded = self.themes.load(name, self.console.color_system)
        for note in loaded.notes:
            self.notify(display(note), severity="warning", markup=False)
        self.theme_name = name
        self.register_theme(textual_theme(loaded.theme))
        self.theme = loaded.theme.name

    def rebind(self, command: str, key: str) -> None:
        """Give a command another key until the program ends."""
        self.keys_in_use = {**self.keys_in_use, command: key}
        self.set_keymap(self.keys_in_use)

    def choose_endpoint(self, session_endpoint: str | None) -> tuple[str, ...]:
        """The endpoint for a session that was opened; returns what is to be said about it."""
        from workbench.engine.endpoints import EndpointError

        try:
            return tuple(note for note in self.desk.choose(session_endpoint).notes if note != NO_KEY_NOTE)
        except EndpointError as error:
            return (str(error),)

    # How it ends

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        if self.ending is not None:
            self.ending.begin(return_code)
        super().exit(result, return_code, message)

    def end(self, status: int) -> None:
        """End for a signal: what was typed and what came is kept, without asking."""
        if self.ending is not None:
            self.ending.gather()
        self.exit(return_code=status)

    def hung_up(self) -> None:
        """The terminal is gone, whether its signal came or not."""
        self.end(128 + signal.SIGHUP)

    async def _process_messages_loop(self) -> None:
        """Textual's own; what came is kept while the terminal is still ours, so that nobody ends us before."""
        try:
            await super()._process_messages_loop()
        finally:
            if self.ending is not None:
                self.ending.keep()

    def _handle_exception(self, error: Exception) -> None:
        if self.ending is not None:
            self.ending.crash(error)
        super()._handle_exception(error)

    def panic(self, *renderables: RenderableType) -> None:
        """Textual's would print what an error says of itself: the note says what may be said."""
        del renderables
        self._fatal_error()

    def _fatal_error(self) -> None:
        """Textual's own prints the values of variables: one of them may hold a key."""
        self._close_messages_no_wait()

    async def on_unmount(self) -> None:
        if "runner" in self.__dict__:
            await self.runner.aclose()


def run(
    file: Path | None = None,
    endpoint: str | None = None,
    base_url: str | None = None,
    theme: str | None = None,
    replay: Path | None = None,
) -> int:
    """Start the program on this terminal; returns its exit status. Raises EndpointError for a bad argument."""
    desk = prepare(file, endpoint=endpoint, base_url=base_url, theme=theme, replay=replay)
    return ending.run(Workbench(desk))
