"""The colours of a conversation, handed down as one value, and the styles made from them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from rich.style import Style
from textual.color import Color, ColorParseError

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE: Final = frozenset({"primary", "secondary", "success", "error", "panel"})
"""The variables besides those named like fields; to try all of them as colours takes 10 ms of the start."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour the view draws with, as `#rrggbb`; the defaults are a dark theme's."""

    background: str = "#0f1117"
    foreground: str = "#d5d8df"
    bright: str = "#eceff4"
    dim: str = "#80848e"
    faint: str = "#4a4f5a"
    you: str = "#b48ee0"
    model: str = "#7aa2f7"
    other: str = "#8fb8a8"
    accent: str = "#e8b15a"
    ok: str = "#8ec07c"
    warning: str = "#e8b15a"
    problem: str = "#f7768e"
    surface: str = "#1b212b"
    """Behind code."""
    inline: str = "#e0c483"
    """Code inside a sentence."""
    inline_surface: str = "#26231d"
    current: str = "#151922"
    """Behind the current message of a focused view."""
    selection: str = "#2f4468"
    match: str = "#5a4a1e"
    match_current: str = "#e8b15a"
    label: str = "#f0a35e"
    """A jump label."""
    label_text: str = "#0f1117"
    thumb: str = "#3a404c"
    keyword: str = "#9db8f7"
    string: str = "#93bf86"
    number: str = "#e0a36a"
    comment: str = "#6b7280"
    name: str = "#c3a6ea"

    @classmethod
    def from_variables(cls, variables: Mapping[str, str]) -> Palette:
        """The palette of a theme, from the app's CSS variables; what a theme doesn't name is mixed.

        A variable named like a field (`you`, `inline-surface`, …) wins over what is mixed.
        """
        found: dict[str, Color] = {}
        for name in BASE.union(each.name.replace("_", "-") for each in fields(cls)).intersection(variables):
            try:
                found[name] = Color.parse(variables[name])
            except ColorParseError:
                continue
        default = cls()
        back = found.get("background", Color.parse(default.background))
        fore = found.get("foreground", Color.parse(default.foreground))
        primary = found.get("primary", Color.parse(default.model))
        accent = found.get("accent", Color.parse(default.accent))
        success = found.get("success", Color.parse(default.ok))
        mixed = {
            "background": back,
            "foreground": fore,
            "bright": fore,
            "dim": back.blend(fore, 0.5),
            "faint": back.blend(fore, 0.3),
            "you": found.get("secondary", Color.parse(default.you)),
            "model": primary,
            "other": success,
            "accent": accent,
            "ok": success,
            "warning": found.get("warning", accent),
            "problem": found.get("error", Color.parse(default.problem)),
            "surface": found.get("panel", back.blend(fore, 0.08)),
            "inline": fore.blend(accent, 0.6),
            "inline_surface": back.blend(accent, 0.12),
            "current": back.blend(fore, 0.035),
            "selection": back.blend(primary, 0.4),
            "match": back.blend(accent, 0.35),
            "match_current": accent,
            "label": accent,
            "label_text": back,
            "thumb": back.blend(fore, 0.25),
            "keyword": fore.blend(primary, 0.75),
            "string": fore.blend(success, 0.7),
            "number": fore.blend(found.get("warning", accent), 0.7),
            "comment": back.blend(fore, 0.5),
            "name": fore.blend(found.get("secondary", primary), 0.7),
        }
        named = {each.name: found.get(each.name.replace("_", "-"), mixed[each.name]) for each in fields(cls)}
        return cls(**{name: color.hex6 for name, color in named.items()})

    def faded(self) -> Palette:
        """The same with everything but the labels half gone, for what lies under them."""
        back = Color.parse(self.background)
        kept = {"background", "label", "label_text"}
        mixed = {
            each.name: back.blend(Color.parse(getattr(self, each.name)), 1 if each.name in kept else 0.5).hex6
            for each in fields(self)
        }
        return Palette(**mixed)


FACES: Final[dict[str, tuple[str, str, str]]] = {
    "dim": ("dim", "", ""),
    "faint": ("faint", "", ""),
    "strong": ("bright", "", "bold"),
    "em": ("", "", "italic"),
    "strike": ("", "", "strike"),
    "code": ("inline", "inline_surface", ""),
    "link": ("model", "", "underline"),
    "url": ("dim", "", ""),
    "h1": ("model", "", "bold underline"),
    "h2": ("model", "", "bold"),
    "h3": ("bright", "", "bold"),
    "bar": ("faint", "", ""),
    "bullet": ("model", "", ""),
    "rule": ("faint", "", ""),
    "head": ("bright", "", "bold"),
    "var": ("accent", "", "bold"),
    "thinking": ("dim", "", "italic"),
    "block": ("", "surface", ""),
    "kw": ("keyword", "", "bold"),
    "str": ("string", "", ""),
    "num": ("number", "", ""),
    "com": ("comment", "", "italic"),
    "name": ("name", "", ""),
    "you": ("you", "", ""),
    "model": ("model", "", ""),
    "other": ("other", "", ""),
    "bold": ("", "", "bold"),
    "accent": ("accent", "", ""),
    "ok": ("ok", "", ""),
    "warning": ("warning", "", ""),
    "problem": ("problem", "", "bold"),
    "thumb": ("thumb", "", ""),
    "current": ("", "current", ""),
    "selected": ("", "selection", ""),
    "match": ("", "match", "underline"),
    "match-current": ("label_text", "match_current", "bold underline"),
    "label": ("label_text", "label", "bold"),
}
"""Each face: the palette's colour of its text, of its background, and its attributes; "" leaves what is below."""


class Styles:
    """The terminal styles of one palette, made once for each face that is used."""

    def __init__(self, palette: Palette) -> None:
        self.palette: Final = palette
        self._made: dict[str, Style] = {}
        self._base = Style(color=palette.foreground, bgcolor=palette.background)

    def style(self, face: str) -> Style:
        """The style of a face; its names lie on top of each other, on top of body text."""
        made = self._made.get(face)
        if made is None:
            made = self._base
            for name in face.split():
                made += self._one(name)
            self._made[face] = made
        return made

    def _one(self, name: str) -> Style:
        color, back, attributes = FACES[name]
        return Style(
            color=getattr(self.palette, color) if color else None,
            bgcolor=getattr(self.palette, back) if back else None,
            bold=True if "bold" in attributes else None,
            italic=True if "italic" in attributes else None,
            underline=True if "underline" in attributes else None,
            strike=True if "strike" in attributes else None,
        )
