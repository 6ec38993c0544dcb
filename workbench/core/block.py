"""One content block while it grows, and as it goes back over the wire."""

from __future__ import annotations

from typing import Any, Final

from workbench.core import strict_json
from workbench.core.safe import encodable

Wire = dict[str, Any]

PARTIAL: Final = "partial_json"
"""The key under which a tool call keeps input that is no JSON: such a block cannot be sent back."""


class Block:
    """A block that fragments are added to; `parts` only ever grows, so a reader keeps a position in it."""

    __slots__ = (
        "_held",
        "_joined",
        "_joined_parts",
        "citations",
        "closed",
        "field",
        "index",
        "others",
        "parts",
        "replaced",
        "size",
        "start",
    )

    def __init__(self, index: int, start: Wire, *, closed: bool = False) -> None:
        self.index = index
        """Its number on the wire: blocks are told apart by it, never by their order."""
        self.start = start
        """The `content_block` as it came."""
        self.closed = closed
        self.field = ""
        """What the parts are: `text`, `thinking`, `input`, or empty for a block that arrives whole."""
        self.parts: list[str] = []
        """Text, thinking or JSON in the pieces it came in; no lone surrogate is ever among them."""
        self.size = 0
        """Characters in all parts."""
        self.citations: list[Wire] = []
        self.replaced: Wire = {}
        """Members that a delta set as a whole: the signature, a compaction."""
        self.others: list[Wire] = []
        """Deltas of unknown types, verbatim."""
        self._held = ""
        self._joined = ""
        self._joined_parts = 0
        if self.type in ("text", "thinking"):
            self.takes(self.type)
        elif self.type.endswith("tool_use"):
            self.field = "input"
        if isinstance(cited := start.get("citations"), list):
            self.citations.extend(cited)

    @property
    def type(self) -> str:
        kind = self.start.get("type")
        return kind if isinstance(kind, str) else ""

    @property
    def text(self) -> str:
        """All parts joined, whatever they are."""
        if self._joined_parts != len(self.parts):
            self._joined_parts = len(self.parts)
            self._joined = "".join(self.parts)
        return self._joined

    def takes(self, field: str) -> bool:
        """Whether fragments of that kind belong here; an unknown block becomes what its first delta is."""
        if not self.field:
            self.field = field
            if isinstance(first := self.start.get(field), str):
                self.add(first)
        return self.field == field

    def add(self, piece: str) -> None:
        """Append a fragment; the first half of a surrogate pair waits for the second."""
        if self._held or not piece.isascii():
            piece = self._paired(self._held + piece)
        if piece:
            self.size += len(piece)
            self.parts.append(piece)

    def close(self) -> None:
        """No more fragments are due."""
        self.closed = True
        if self._held:
            self._held = ""
            self.parts.append("\ufffd")

    def content(self) -> Wire:
        """The block as the API would have sent it whole; see `PARTIAL` for the one exception."""
        block = {**self.start, **self.replaced}
        if self.citations:
            block["citations"] = list(self.citations)
        if self.field == "input":
            block |= self._input()
            if PARTIAL in block:
                block.pop("input", None)
        elif self.field:
            block[self.field] = self.text
        return block

    def _input(self) -> Wire:
        if not self.text.strip() and (self.closed or self.start.get("input")):
            return {"input": self.start.get("input") or {}}
        try:
            return {"input": strict_json.encodable(strict_json.loads(self.text))}
        except strict_json.BadJsonError:
            return {PARTIAL: self.text}

    def _paired(self, piece: str) -> str:
        """The piece with pairs joined and lone halves as U+FFFD; a first half at its end is held."""
        self._held = piece[-1] if "\ud800" <= piece[-1:] <= "\udbff" else ""
        if self._held:
            piece = piece[:-1]
        return encodable(piece)
