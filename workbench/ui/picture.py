"""The screen as an SVG picture that asks for nothing: no font, image or script is fetched where it is looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from textual.screen import Screen

FONT: Final = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
"""Textual names a server that has the font: whoever opens the picture would tell it so."""
NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def drawn(screen: Screen[Any]) -> str:
    """What the screen shows; its letters are the reader's own monospaced ones."""
    return inert(screen.app.export_screenshot(title="Workbench", simplify=True))


def inert(svg: str) -> str:
    """The picture without fonts from elsewhere, and with nothing that XML has no form for."""
    return NO_XML.sub("\ufffd", FONT.sub("", svg))
