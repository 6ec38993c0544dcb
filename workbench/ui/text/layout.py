"""Blocks as lines of one width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from workbench.ui.text.lines import Line, Run
from workbench.ui.text.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.ui.text.blocks import Block

CODE_LEFT: Final[Run] = (" ", "block")
LEAST: Final = 8
"""Deep nesting never leaves less room than this; what is too wide is clipped."""


def lines(blocks: Sequence[Block], width: int, left: tuple[Run, ...] = ()) -> Iterator[Line]:
    """The rows of the blocks; `left` stands before every one."""
    for block in blocks:
        first, rest = (*left, *block.first), (*left, *block.rest)
        room = max(width - sum(cell_len(text) for text, _ in first), LEAST)
        match block.kind:
            case "gap":
                yield Line(prefix=first, lead=block.lead.rstrip())
            case "rule":
                yield Line([("─" * room, "rule")], prefix=first, lead=block.lead)
            case "code":
                for at, row in enumerate(block.code):
                    prefix = first if at == 0 else rest
                    yield from code(row, room, prefix, block.lead if at == 0 else block.lead_rest)
            case "table" if block.table:
                table = block.table
                for at, line in enumerate(table.lines(table.columns(room), table.rows, head=True)):
                    prefix = first if at == 0 else rest
                    yield Line(line.runs, prefix=prefix, lead=block.lead if at == 0 else block.lead_rest)
            case _:
                yield from text(block, room, first, rest)


def text(block: Block, room: int, first: tuple[Run, ...], rest: tuple[Run, ...]) -> Iterator[Line]:
    """A paragraph or heading."""
    for at, (row, joint) in enumerate(wrap(block.runs, room)):
        prefix = first if at == 0 else rest
        yield Line(row, prefix=prefix, joint=joint, lead=block.lead if at == 0 else block.lead_rest)


def code(row: Sequence[Run], room: int, prefix: tuple[Run, ...] = (), lead: str = "") -> Iterator[Line]:
    """One line of code, tinted to the right edge, cut where the room ends."""
    for cut, joint in wrap(row, room - 2, literal=True):
        yield Line(cut, prefix=(*prefix, CODE_LEFT), joint=joint, lead=lead, fill="block")
