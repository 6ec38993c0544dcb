"""The stylesheet of the program."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class Styles(Stylesheet):
    """Textual's; what was parsed is kept while no colour changes.

    Its own parses all sources anew, 40 of them, whenever a dialog or a screen brings one.
    """

    def reparse(self) -> None:
        """Parse what is new; a change of variables has emptied the cache."""
        self.parse()
