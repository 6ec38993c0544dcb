"""What went over the wire for the runs of this start, kept until the program ends; of too much the oldest goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workbench.engine.wire import Wire

MOST_BYTES: Final = 64 * 2**20
PIECE_BYTES: Final = 130
"""What Python needs to hold a piece and its time, beside the bytes themselves."""


class Wires(dict[str, "Wire"]):
    """Wires by run; each is weighed once, when its run has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._sizes: dict[str, int] = {}

    def keep(self, run: str, wire: Wire) -> None:
        """Keep the wire of a run, and let go of the oldest while all together are too large."""
        self[run] = wire
        self._sizes[run] = len(wire.request_body) + sum(len(piece) + PIECE_BYTES for _, piece in wire.pieces)
        total = sum(self._sizes.values())
        for name in [*self._sizes][:-1]:
            if total <= MOST_BYTES:
                return
            total -= self._sizes.pop(name)
            self.pop(name, None)
