"""The text under a mouse selection, as close to the source as the rows allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.ui.widgets.conversation_flow import Flow, Position

if TYPE_CHECKING:
    from textual.selection import Selection

    from workbench.ui.text.lines import Line


def selected_text(flow: Flow, selection: Selection) -> str:
    """The selected text: pieces that are selected whole give their source, the ends what is shown."""
    if not flow.turns:
        return ""
    last_turn = len(flow.turns) - 1
    start = Position.decoded(selection.start.y) if selection.start else Position()
    first = max(selection.start.x, 0) if selection.start else 0
    end = Position.decoded(selection.end.y) if selection.end else Position(last_turn, 1 << 23, 0)
    last = selection.end.x if selection.end else -1
    out: list[str] = []
    for turn in range(start.turn, min(end.turn, last_turn) + 1):
        for at, piece in enumerate(flow.turns[turn].pieces):
            here = (turn, at)
            if here < start[:2] or here > end[:2]:
                continue
            lines = flow.lines(turn, at)
            begin = start.line if here == start[:2] else 0
            stop = end.line if here == end[:2] else len(lines) - 1
            whole = (begin, first) == (0, 0) or here != start[:2]
            if whole and here != end[:2]:
                gap = "\n" if piece.gap and out else ""
                out.append(gap + piece.source)
            else:
                cut_first = first if here == start[:2] else 0
                cut_last = last if here == end[:2] else -1
                out.append(_part(lines[begin : stop + 1], cut_first, cut_last))
    return "\n".join(out).rstrip("\n")


def _part(lines: list[Line], first: int, last: int) -> str:
    """The lines with their joints, from one character of the first to one of the last."""
    out = ""
    for at, line in enumerate(lines):
        text = line.text
        end = last if at == len(lines) - 1 and last >= 0 else len(text)
        begin = first if at == 0 else 0
        lead = line.lead if line.joint == "\n" and begin == 0 else ""
        out += (line.joint if at else "") + lead + text[begin : max(end, begin)]
    return out
