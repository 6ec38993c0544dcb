"""What went over the wire for the runs of this start, kept until the program ends; of too much the oldest goes."""

from __future__ import annotations

from typing import Final

from workbench.engine.wire import Wire

MOST_BYTES: Final = 64 * 2**20


def keep(wires: dict[str, Wire], run: str, wire: Wire) -> None:
    """Keep the wire of a run, and let go of the oldest while all together are too large."""
    wires[run] = wire
    sizes = {name: _size(each) for name, each in wires.items()}
    total = sum(sizes.values())
    for name in [*wires][:-1]:
        if total <= MOST_BYTES:
            return
        total -= sizes[name]
        del wires[name]


def _size(wire: Wire) -> int:
    return len(wire.request_body) + sum(len(piece) for _, piece in wire.pieces)
