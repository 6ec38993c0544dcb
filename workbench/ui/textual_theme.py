"""Our themes as Textual takes them, and Textual's own as we need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.color import Color
from textual.theme import Theme as TextualTheme

from workbench.core import colour, theme
from workbench.core.theme import PLAIN, Theme

TEXTUAL_VARIABLES: Final = {
    "text-muted": "muted",
    "text-disabled": "dim",
    "foreground-muted": "muted",
    "foreground-disabled": "dim",
    "text-primary": "primary",
    "text-secondary": "secondary",
    "text-accent": "accent",
    "text-success": "success",
    "text-warning": "warning",
    "text-error": "error",
    "block-cursor-foreground": "on-primary",
    "block-cursor-background": "primary",
    "block-cursor-blurred-foreground": "foreground",
    "block-cursor-blurred-background": "panel",
    "block-hover-background": "panel",
    "border": "primary",
    "border-blurred": "faint",
    "boost": "panel",
    "scrollbar": "faint",
    "scrollbar-hover": "dim",
    "scrollbar-active": "primary",
    "scrollbar-background": "background",
    "scrollbar-background-hover": "background",
    "scrollbar-background-active": "background",
    "scrollbar-corner-color": "background",
    "footer-background": "background",
    "footer-foreground": "soft",
    "footer-key-foreground": "accent",
    "footer-description-foreground": "soft",
    "input-cursor-background": "foreground",
    "input-cursor-foreground": "background",
    "input-selection-background": "selection",
    "input-selection-foreground": "foreground",
    "link-color": "primary",
    "link-background-hover": "selection",
    "link-color-hover": "foreground",
    "markdown-h4-color": "primary",
    "markdown-h5-color": "primary",
    "markdown-h6-color": "muted",
    "button-foreground": "foreground",
    "button-color-foreground": "on-primary",
    "screen-selection-background": "selection",
    "screen-selection-foreground": "foreground",
}
"""Textual's own variables → our colours: its defaults blend by percentages that 256 colours can't show."""


@dataclass
class WorkbenchTheme(TextualTheme):
    """One of our themes as Textual takes it, with the resolved colours still at hand."""

    source: Theme = PLAIN


def textual_theme(source: Theme) -> WorkbenchTheme:
    """The theme as `App.register_theme` takes it."""
    colours = source.colours
    made = WorkbenchTheme(
        name=source.name,
        primary=colours["primary"],
        secondary=colours["secondary"],
        warning=colours["warning"],
        error=colours["error"],
        success=colours["success"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        dark=source.dark,
        variables=css_variables(source),
        source=source,
    )
    if source.indexed:
        made.variables = _rounded(made) | made.variables
    return made


def css_variables(source: Theme) -> dict[str, str]:
    """All names a style sheet may use for this theme: our colours, Textual's variables, the file's own."""
    textuals = {name: source.colours[ours] for name, ours in TEXTUAL_VARIABLES.items()}
    return {**textuals, **source.colours, **source.variables}


def variable_defaults(current: TextualTheme) -> dict[str, str]:
    """For `App.get_theme_variable_defaults`: our variables where the current theme is one of Textual's."""
    return {} if isinstance(current, WorkbenchTheme) else dict(source_of(current).colours)


def source_of(current: TextualTheme) -> Theme:
    """The resolved colours of the theme in use, worked out from its few where it is one of Textual's."""
    if isinstance(current, WorkbenchTheme):
        return current.source
    if current.ansi:
        return PLAIN
    generated = current.to_color_system().generate()
    names = ("background", "foreground", "primary", "surface", "panel", "secondary", "accent")
    given = {name: generated[name] for name in (*names, "success", "warning", "error")}
    ground = Color.parse(given["background"])
    opaque = {name: (ground + Color.parse(value)).hex6.lower() for name, value in given.items()}
    return theme.resolve(current.name, opaque, dark=current.dark)


def _rounded(made: TextualTheme) -> dict[str, str]:
    """Every variable that Textual works out by itself, laid on the background and rounded to xterm's 256."""
    ground = Color.parse(made.background or PLAIN.colours["background"])
    generated = made.to_color_system().generate()
    return {
        name: colour.nearest_256((ground + Color.parse(value)).hex6.lower())
        for name, value in generated.items()
        if value.startswith("#")
    } | {"text": "auto 100%"}
