"""Every colour a theme has, once: its table in the file, what it is for, and what it is when not given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core import colour

Fallback = Callable[[Mapping[str, str], bool], str]
"""Makes a colour from those above it in the table and whether the theme is dark."""


@dataclass(frozen=True, slots=True)
class Tint:
    """One named colour."""

    table: str
    """The file's table it stands in: `theme`, `diff` or `code`."""
    key: str
    help: str
    fallback: Fallback | None = None
    """None: the file must give it."""

    @property
    def name(self) -> str:
        """Its name among the resolved colours, and as a variable of the style sheet."""
        return self.key if self.table == "theme" else f"{self.table}-{self.key}"


def same(name: str) -> Fallback:
    return lambda known, dark: known[name]


def mixed(over: str, percent: float, under: str = "background") -> Fallback:
    return lambda known, dark: colour.mix(known[over], known[under], percent)


def either(on_dark: str, on_light: str) -> Fallback:
    return lambda known, dark: on_dark if dark else on_light


def readable(on: str) -> Fallback:
    return lambda known, dark: colour.text_on(known[on], known["background"], known["foreground"])


TINTS: Final = (
    Tint("theme", "background", "behind everything"),
    Tint("theme", "foreground", "main text"),
    Tint("theme", "primary", "focus, and the model"),
    Tint("theme", "surface", "side panel, status strip, focused lane", mixed("foreground", 4)),
    Tint("theme", "panel", "title bar, code blocks, the row under the cursor", mixed("foreground", 9)),
    Tint("theme", "secondary", "second colour of drawings", either("#4fc1b0", "#0f766e")),
    Tint("theme", "accent", "a key, or what differs", either("#f0a35e", "#b25a12")),
    Tint("theme", "success", "complete, cheapest, passed", either("#79c48c", "#2c7a45")),
    Tint("theme", "warning", "a limit nearly reached, unsaved", either("#e2b75f", "#85640c")),
    Tint("theme", "error", "failed, a limit reached", either("#ef7a85", "#b3303f")),
    Tint("theme", "you", "the person's role bar", either("#b491e8", "#7a4fb0")),
    Tint("theme", "model", "the model's role bar", same("primary")),
    Tint("theme", "soft", "longer text beside the main one", mixed("foreground", 80)),
    Tint("theme", "muted", "labels", mixed("foreground", 66)),
    Tint("theme", "heading", "headings in capitals", mixed("foreground", 58)),
    Tint("theme", "dim", "units, facts, the unset dash: the palest text", mixed("foreground", 52)),
    Tint("theme", "faint", "sparklines and rules; too pale for text", mixed("foreground", 28)),
    Tint("theme", "track", "the empty part of a gauge", mixed("foreground", 15)),
    Tint("theme", "on-primary", "text on primary", readable("primary")),
    Tint("theme", "on-accent", "text on accent", readable("accent")),
    Tint("theme", "chip", "behind a chip", same("panel")),
    Tint("theme", "chip-text", "a chip's text", same("accent")),
    Tint("theme", "spark", "the live sparkline", mixed("primary", 65)),
    Tint("theme", "selection", "behind selected text", mixed("primary", 32)),
    Tint("theme", "match", "behind a search match", mixed("accent", 28)),
    Tint("diff", "added", "words only the right side has", mixed("success", 65, "foreground")),
    Tint("diff", "added-background", "behind them", mixed("success", 16)),
    Tint("diff", "removed", "words only the left side has", mixed("error", 65, "foreground")),
    Tint("diff", "removed-background", "behind them", mixed("error", 16)),
    Tint("diff", "changed", "the change the cursor is on", mixed("accent", 65, "foreground")),
    Tint("diff", "changed-background", "behind it", mixed("accent", 16)),
    Tint("code", "foreground", "code that is nothing special", same("foreground")),
    Tint("code", "background", "behind a code block", same("panel")),
    Tint("code", "inline", "code inside a sentence", same("warning")),
    Tint("code", "inline-background", "behind it", mixed("code-inline", 8)),
    Tint("code", "keyword", "if, return, import", same("you")),
    Tint("code", "string", "strings", same("success")),
    Tint("code", "number", "numbers", same("warning")),
    Tint("code", "constant", "true, null, built-in names", same("secondary")),
    Tint("code", "comment", "comments", same("dim")),
    Tint("code", "function", "names being called or defined", same("primary")),
    Tint("code", "type", "classes and types", same("secondary")),
    Tint("code", "name", "keys of JSON, attributes, tags", mixed("primary", 70, "foreground")),
    Tint("code", "operator", "operators and punctuation", same("muted")),
    Tint("code", "error", "what the highlighter can't read", same("error")),
)
"""In an order where each fallback only uses colours above it."""

LANES_ON_DARK: Final = (
    "#7aa2f7",
    "#4fc1b0",
    "#d48ad6",
    "#9cc36b",
    "#7cd0f5",
    "#a898f2",
    "#d3cf78",
    "#ea86a2",
)
LANES_ON_LIGHT: Final = (
    "#2f5fb3",
    "#0f766e",
    "#a23b9b",
    "#4d7a1e",
    "#0a80b5",
    "#6a4fc0",
    "#7a7412",
    "#b82f5c",
)
RAMP: Final = ("#1a2234", "#213a5c", "#2a5a80", "#3f8296", "#7fb08c", "#e8c46a")
"""Low to high; its brightness rises, so that it reads in grey as well."""
