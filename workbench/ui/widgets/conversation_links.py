"""What a click on a row of the conversation points at, where that is a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from workbench.core import links
from workbench.ui.text.wrap import clusters

if TYPE_CHECKING:
    from workbench.ui.text.lines import Line

FACES: Final = frozenset({"link", "url"})


def pointed(line: Line, cell: int) -> str:
    """The words or the address of the link at that cell of a row, or nothing."""
    cell -= sum(cell_len(text) for text, _ in line.prefix)
    if cell < 0:
        return ""
    for text, face in line.runs:
        width = cell_len(text)
        if cell >= width:
            cell -= width
            continue
        if FACES.intersection(face.split()):
            return text.strip(" ()")
        return next(iter(links.bare(_word(text, cell))), "")
    return ""


def _word(text: str, cell: int) -> str:
    """The characters between two spaces around a cell."""
    at = 0
    for cluster, cells in clusters(text):
        if cell < cells:
            break
        cell -= cells
        at += len(cluster)
    return text[text.rfind(" ", 0, at) + 1 :].partition(" ")[0]
