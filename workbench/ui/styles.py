"""The stylesheet of the program."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet
from textual.events import ScreenResume


class Styles(Stylesheet):
    """Textual's; what was parsed is kept while no colour changes.

    Its own parses all sources anew, 40 of them, whenever a dialog or a screen brings one.
    """

    def reparse(self) -> None:
        """Parse what is new; a change of variables has emptied the cache."""
        self.parse()


class StyledOnce:
    """A screen that is styled while it is composed, and not again when it has come up."""

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Before Textual's own, which would work out every style a second time."""
        event.refresh_styles = False
