"""One text as pieces, whole or while it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.ui.text.code import AT_ONCE
from workbench.ui.text.growing import CodeView, TableView, TextView
from workbench.ui.text.split import LIMIT, Chunk, Splitter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.ui.text.lines import Line, Run
    from workbench.ui.text.pieces import Piece

PLAIN_LINES: Final = 32
COLOUR_STEP: Final = 200
"""Lines of long code that are coloured at a time."""


class PlainSplitter:
    """Cuts plain text into chunks of a few lines."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.partial = ""
        self._torn = False

    def feed(self, text: str) -> None:
        *whole, last = (self.partial + text).split("\n")
        for line in whole:
            self._line(self._shortened(line))
        self.partial = self._shortened(last)

    def finish(self) -> None:
        if self.partial or not self.chunks:
            self._line(self.partial)
            self.partial = ""
        self.chunks[-1].closed = True

    def tail(self) -> list[Chunk]:
        chunk = self._room()
        if not self.partial:
            return [chunk] if chunk.lines else []
        return [Chunk("plain", lines=[*chunk.lines, self.partial], joined=chunk.joined)]

    def _room(self) -> Chunk:
        if self.chunks and not self.chunks[-1].closed:
            return self.chunks[-1]
        return Chunk("plain", joined=self._torn)

    def _shortened(self, line: str) -> str:
        at = 0
        while len(line) - at > LIMIT:
            cut = line.rfind(" ", at + 1, at + LIMIT) + 1 or at + LIMIT
            self._line(line[at:cut])
            self.chunks[-1].closed = True
            self._torn = True
            at = cut
        return line[at:]

    def _line(self, line: str) -> None:
        chunk = self._room()
        if not chunk.lines:
            self.chunks.append(chunk)
            self._torn = False
        chunk.add(line)
        chunk.closed = len(chunk.lines) >= PLAIN_LINES or chunk.size > LIMIT


class Document:
    """Feed it text, look at its pieces.

    Only the pieces of the open end are made again; those before it are final, in place and in content.
    """

    def __init__(self, *, markdown: bool = True, raw: bool = False, face: str = "", left: tuple[Run, ...] = ()) -> None:
        self.pieces: list[Piece] = []
        self.parts: list[str] = []
        """Everything that was fed."""
        self._splitter: Final = Splitter() if markdown else PlainSplitter()
        self._face, self._left, self._raw = face, left, raw
        self._done = 0  # chunks that are final
        self._base = 0  # pieces that are final
        self._tail: list[CodeView | TableView | TextView] = []
        self._colouring: list[CodeView] = []
        self._measured = (0, 0, 0)

    @classmethod
    def whole(
        cls, text: str, *, markdown: bool = True, raw: bool = False, face: str = "", left: tuple[Run, ...] = ()
    ) -> Document:
        """The document of a text that is complete."""
        made = cls(markdown=markdown, raw=raw, face=face, left=left)
        made.feed((text,))
        made.finish()
        return made

    @property
    def text(self) -> str:
        """All of the source."""
        if len(self.parts) > 1:
            self.parts[:] = ["".join(self.parts)]
        return self.parts[0] if self.parts else ""

    def feed(self, parts: Iterable[str]) -> None:
        """Take in more text; nothing is drawn before `update`."""
        new = "".join(parts)
        if new:
            self.parts.append(new)
            self._splitter.feed(new)

    def finish(self) -> None:
        """No more text will come."""
        self._splitter.finish()
        self.update()

    def update(self) -> None:
        """Bring the pieces up to what was fed."""
        chunks = self._splitter.chunks
        del self.pieces[self._base :]
        while self._done < len(chunks) and chunks[self._done].closed:
            view = self._view(0, chunks[self._done])
            view.show(chunks[self._done], "", final=True)
            self.pieces.extend(view.pieces)
            if isinstance(view, CodeView) and view.chunk.size > AT_ONCE:
                self._colouring.append(view)
            del self._tail[:1]
            self._done += 1
        self._base = len(self.pieces)
        tail = self._splitter.tail() if self._splitter.partial or self._done < len(chunks) else []
        for at, chunk in enumerate(tail):
            view = self._view(at, chunk)
            partial = self._splitter.partial
            if chunk.kind == "code" and isinstance(self._splitter, Splitter) and partial.lstrip()[:1] in {"`", "~"}:
                partial = ""
            view.show(chunk, partial, final=False)
            self.pieces.extend(view.pieces)
        del self._tail[len(tail) :]

    def height(self, width: int) -> int:
        """About how many rows there are; only new pieces are counted again."""
        at, rows, last = self._measured
        if last != width or at > self._base:
            at = rows = 0
        rows += sum(piece.guess(width) for piece in self.pieces[at : self._base])
        self._measured = (self._base, rows, width)
        return rows + sum(piece.guess(width) for piece in self.pieces[self._base :])

    def lines(self, width: int) -> list[Line]:
        """All rows: for short texts and for tests."""
        return [line for piece in self.pieces for line in piece.lines(width)]

    def colour(self) -> bool:
        """Colour some more of the long code; whether there is still more to do."""
        self._colouring = [view for view in self._colouring if view.waiting]
        seen = [view for view in self._colouring if view.wanted]
        if seen:
            seen[0].work(COLOUR_STEP)
        return bool(seen)

    def _view(self, at: int, chunk: Chunk) -> CodeView | TableView | TextView:
        """What shows the chunk: the one that shows it already, if it is of the same kind."""
        kind = {"code": CodeView, "table": TableView}.get(chunk.kind, TextView)
        if at < len(self._tail):
            known = self._tail[at]
            if isinstance(known, kind) and known.pieces and known.pieces[0].gap == chunk.gap:
                return known
            del self._tail[at:]
        view: CodeView | TableView | TextView
        if chunk.kind == "code":
            view = CodeView(chunk, left=self._left)
        elif chunk.kind == "table":
            view = TableView(chunk, left=self._left)
        else:
            view = TextView(chunk, left=self._left, face=self._face, raw=self._raw)
        self._tail.append(view)
        return view
