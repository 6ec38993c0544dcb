"""Looking at everything that is drawn, as the terminal gets it: found by walking the screens, not by a list."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Final

from textual.app import App
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

import workbench.ui
from tests.ui.payloads import MARK
from workbench.core.safe import display

OURS: Final = re.compile(r"\x1b\[(?:\d{1,3}(?:;\d{1,3})*)?m|\n?\x1b\[\d+;\d+H")
"""What Textual writes to draw: styles, and where the next row begins."""
FOREIGN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)
"""What no text may have: controls, bidi, tags, what nobody sees."""


GLIMPSE: Final = 5
"""So many characters of a payload are seen where there is little room."""


class Seen:
    """What was found on every screen that was looked at, and the classes that were met."""

    def __init__(self) -> None:
        self.foreign: dict[str, str] = {}
        """The place of each foreign character, with what stands around it."""
        self.live: dict[str, str] = {}
        """Places where text from outside became something to click."""
        self.literal: set[str] = set()
        """Classes of widgets that showed a payload."""
        self.met: set[type[Widget]] = set()

    def look(self, app: App[None], payload: str, where: str) -> None:
        """Draw every screen of the stack as for a terminal, and every widget by itself."""
        for screen in app.screen_stack:
            if not screen.size.area:
                continue
            drawn = OURS.sub("", screen._compositor.render_full_update().render_segments(app.console))
            self._note(drawn, f"{where}: {type(screen).__name__}")
            for widget in screen.walk_children(Widget, with_self=True):
                self._widget(widget, payload, where)

    def _widget(self, widget: Widget, payload: str, where: str) -> None:
        self.met.update(each for each in type(widget).__mro__ if issubclass(each, Widget))
        place = f"{where}: {type(widget).__name__}#{widget.id}"
        if widget.tooltip is not None:
            self._note(str(widget.tooltip), f"{place} tooltip")
        if not widget.display or not widget.size.area or isinstance(widget, Screen):
            return
        for strip in widget.render_lines(Region(0, 0, *widget.outer_size)):
            self._note(strip.text, place)
            if display(payload)[:GLIMPSE] in strip.text:
                self.literal.add(type(widget).__name__)
            for segment in strip:
                if segment.style and ("@click" in segment.style.meta or segment.style.link):
                    self.live[place] = segment.text

    def _note(self, text: str, place: str) -> None:
        for found in (FOREIGN.search(text), re.search(rf"\x1b[^a-zA-Z]*{MARK}", text)):
            if found:
                self.foreign[place] = ascii(text[max(found.start() - 30, 0) : found.end() + 30])


def ui_classes(kind: type[Widget]) -> set[type[Widget]]:
    """Every class of that kind that the program has, whatever module it is in."""
    for each in pkgutil.walk_packages(workbench.ui.__path__, "workbench.ui."):
        if not each.name.endswith("_tool"):
            importlib.import_module(each.name)

    def below(parent: type[Widget]) -> Iterator[type[Widget]]:
        for child in parent.__subclasses__():
            yield child
            yield from below(child)

    return {each for each in below(kind) if each.__module__.startswith("workbench.ui")}
