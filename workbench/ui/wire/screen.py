"""The wire view of a run: the exact request, the response, its events as they arrived, and where the time went."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from workbench.core import attached
from workbench.core.kinds import Json
from workbench.core.rebuilt import Rebuilt, rebuild
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.engine.wire import Wire
from workbench.ui.board import Board
from workbench.ui.chat import enclosed
from workbench.ui.widgets.searchline import SearchLine
from workbench.ui.wire import sections
from workbench.ui.wire.event_section import EventSection
from workbench.ui.wire.head import Tabs, Title, title_of
from workbench.ui.wire.pages import Pages

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


class WireScreen(Board):
    """One run, byte for byte; what is copied is exact, whatever form is shown."""

    CSS_PATH = Path(__file__).parent / "wire.tcss"
    AUTO_FOCUS = "#pages"
    HINTS: ClassVar[tuple[str, ...]] = (
        *("more", "enter", "view", "find", "raw"),
        *("copy", "copy-as", "export", "back", "help"),
    )
    WORDS: ClassVar[Mapping[str, str]] = {
        "more": "next section",
        "enter": "open event",
        "raw": "scale",
        "copy": "copy section",
        "copy-as": "copy as",
        "export": "save .sse",
        "back": "back",
    }

    def __init__(self, chat: Chat, record: RunRecord, wire: Wire | None, *, session: Session | None = None) -> None:
        """`wire` is None for a run of an earlier start; `session` is the run's, where it isn't the open one."""
        super().__init__(chat)
        self.record = record
        self.wire = wire
        self.home = session
        self.exact = True
        self.linear = False
        self.pages = Pages()
        self.search = SearchLine("find", placeholder="text", id="search")
        self._made_from: object = None
        self._rebuilt: Rebuilt | None = None

    def content(self) -> ComposeResult:
        yield Title(id="title")
        yield Tabs(id="tabs")
        yield self.pages
        yield self.search

    def hinted(self) -> tuple[str, ...]:
        """While text is looked for, how to go on."""
        if self.search.field.has_focus:
            return ("enter", "back", "help")
        return ("find-next", "find-previous", *self.HINTS) if self.search.open else self.HINTS

    def worded(self) -> Mapping[str, str]:
        if self.search.field.has_focus:
            return {"enter": "to the text", "back": "close"}
        return {**self.WORDS, "view": "for reading" if self.exact else "exact bytes"}

    # What shows

    def show(self) -> None:
        """Lay the sections out, anew only when more came or another form is wanted."""
        made_from = (self.exact, self.linear, self._came())
        if made_from == self._made_from:
            return
        self._made_from = made_from
        if self.wire is None:
            if self._rebuilt is None:
                home, fill, versions = self.home or self.session, enclosed.exact(self.chat), self.chat.desk.versions
                self._rebuilt = rebuild(home, self.record, self._drafts(), fill, versions)
            self.pages.put(sections.of_record(self.record, self._rebuilt, exact=self.exact))
        else:
            before = next((each for each in self.pages.sections if isinstance(each, EventSection)), None)
            self.pages.put(
                sections.of_wire(self.record, self.wire, exact=self.exact, linear=self.linear, before=before)
            )
        self.query_one(Title).content_shown = title_of(self.record)
        self._moved()

    def _came(self) -> tuple[object, ...]:
        """What tells whether more came over the wire since."""
        wire = self.wire
        if wire is None:
            return ()
        return (wire.status, len(wire.pieces), len(wire.tries), len(wire.request_body), len(wire.oddities))

    def _drafts(self) -> list[str | Json]:
        """What a sweep asked without it being a turn of the session."""
        session = self.home or self.session
        asked = [sweep.said for sweep in session.sweeps if sweep.id == self.record.extra.get("sweep")]
        now = attached.content(session.prompt, session.attachments)
        return [said for said in (*asked, now) if said]

    @on(Pages.Moved)
    def _moved(self) -> None:
        self.query_one(Tabs).put([section.title for section in self.pages.sections], self.pages.section)
        if self.search.open and self.search.field.value:
            of = len(self.pages.matches)
            self.search.say(f"{self.pages.match + 1}/{of:,}".replace(",", " ") if of else "none")
        elif self.search.open:
            self.search.say("")

    @on(Tabs.Pressed)
    def _pressed(self, event: Tabs.Pressed) -> None:
        self.pages.go(event.section)
        self.pages.focus()

    # What it does

    def do_view(self) -> None:
        """Exact bytes, or indented for reading."""
        self.exact = not self.exact
        self.show()
        self.show_keys()

    def do_raw(self) -> None:
        """The scale of the gaps: logarithmic, or linear."""
        self.linear = not self.linear
        self.show()

    def do_find(self) -> None:
        self.search.show()
        self.show_keys()

    @on(Input.Changed)
    def _look(self, event: Input.Changed) -> None:
        event.stop()
        if self.search.open:
            self.pages.find(event.value)

    @on(Input.Submitted)
    def _looked(self, event: Input.Submitted) -> None:
        event.stop()
        self.pages.focus()

    def do_find_next(self) -> None:
        self._step(1)

    def do_find_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.pages.query_text:
            self.pages.step(by)
        else:
            self.do_find()

    def do_back(self) -> None:
        """Peel one layer: what is looked for, then the screen."""
        if self.search.open:
            self.search.hide()
            self.pages.find("")
            self.pages.focus()
        else:
            super().do_back()

    def do_copy(self) -> None:
        """The section under the cursor, exactly."""
        if self.pages.sections:
            from workbench.ui.wire import copying

            section = self.pages.sections[self.pages.section]
            copying.copy_section(self, section.title, section.exact)

    async def do_copy_as(self) -> None:
        from workbench.ui.wire import copying

        await copying.copy_as(self)

    async def do_export(self) -> None:
        from workbench.ui.wire import copying

        await copying.save_recording(self)

    @property
    def request_body(self) -> bytes | None:
        """The exact bytes of the request, where they are known."""
        if self.wire is not None:
            return self.wire.request_body
        return self._rebuilt.request.encoded if self._rebuilt is not None and self._rebuilt.exact else None
