"""A tiny app that opens one dialog and keeps what it dismissed with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

import workbench.ui
from workbench.ui.textual_theme import textual_theme, variable_defaults
from workbench.ui.themes import Themes

NOTHING = object()
"""Stands for a dialog that is still open."""
HOSTILE = "[/red] [@click=app.quit]x[/] \x1b[31m\x07 \u202eevil"


class Host(App[None]):
    """Text beneath, one dialog above."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | Path]] = [Path(workbench.ui.__file__).parent / "dialogs.tcss"]  # type: ignore[assignment]  # wider than needed

    def __init__(self, dialog: Callable[[], Screen[Any]]) -> None:
        super().__init__()
        self.dialog = dialog
        self.result: object = NOTHING

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield Static(Content("beneath " * 400))

    def on_mount(self) -> None:
        self.register_theme(textual_theme(Themes().load().theme))
        self.theme = "nightshift"
        self.push_screen(self.dialog(), self.keep)

    def keep(self, result: object) -> None:
        """Remember what the dialog dismissed with."""
        self.result = result


def seen(pilot: Pilot[None]) -> str:
    """The cells of the screen, as lines of text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)
