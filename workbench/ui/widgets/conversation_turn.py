"""One entry of a conversation: what it holds as pieces, made when somebody looks; a live one grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.ui.text.document import Document
from workbench.ui.text.lines import Run
from workbench.ui.widgets.conversation_entry import Fold
from workbench.ui.widgets.conversation_pieces import FoldPiece, FootPiece, HeadPiece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.ui.text.pieces import Piece
    from workbench.ui.text.tree import TreeDocument
    from workbench.ui.widgets.conversation_entry import Entry, Fact
    from workbench.ui.widgets.conversation_flow import Position

SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
FOLD_BAR: Final[Run] = ("┊ ", "bar")
CODE_FENCE: Final = "~" * 12
"""Around a folded block that is shown as code."""


class Turn:
    """An entry and its pieces, made when somebody looks; a live one grows."""

    def __init__(self, entry: Entry, *, raw: bool = False, live: bool = False, bare: bool = False) -> None:
        self.entry = entry
        self.raw = raw
        self.live = live
        self._head = HeadPiece(entry, bare=bare)
        self._foot = FootPiece(entry.facts, entry.tone, entry.remarks, bare=bare)
        self._body: list[Document | FoldPiece] = []
        self._pieces: list[Piece] | None = None
        self._height = (0, 0)
        """A width, and about how many rows it has in it while it is not laid out."""
        self._ticks = 0
        if live:
            self._fill()

    @property
    def key(self) -> str:
        return self.entry.key

    @property
    def bar(self) -> str:
        """The face of the bar beside it, if it has one."""
        return self.entry.face if self._head.is_shown else ""

    @property
    def pieces(self) -> list[Piece]:
        """All pieces that are shown, in order."""
        if self._pieces is None:
            if not self._body:
                self._fill()
            self._pieces = [self._head]
            for part in self._body:
                if isinstance(part, Document):
                    self._pieces += part.pieces
                else:
                    self._pieces += [part, *part.document.pieces] if part.is_open else [part]
            self._pieces.append(self._foot)
        return self._pieces

    @property
    def folds(self) -> list[FoldPiece]:
        if not self._body:
            self._fill()
        return [part for part in self._body if isinstance(part, FoldPiece)]

    @property
    def text(self) -> str:
        """The source of what is shown, without folded blocks."""
        return "".join(part.text for part in self._body if isinstance(part, Document)) or self.entry.text

    def feed(self, parts: Sequence[str]) -> None:
        """More text of a live answer."""
        if not self._body or not isinstance(self._body[-1], Document):
            self._body.append(self._document())
        last = self._body[-1]
        if isinstance(last, Document):
            last.feed(parts)

    def feed_fold(self, title: str, parts: Sequence[str], count: str = "", *, opened: bool = False) -> None:
        """More text of the folded block of that title, which is the last part or becomes it, maybe unfolded."""
        last = self._body[-1] if self._body else None
        if not (isinstance(last, FoldPiece) and last.title == title):
            last = FoldPiece(Fold(title, opened=opened), self._document(fold=True))
            if self._body and isinstance(self._body[-1], Document) and not self._body[-1].parts:
                self._body.pop()
            self._body.append(last)
        last.feed(parts, count)

    def put_facts(self, facts: tuple[Fact, ...], tone: str) -> None:
        """The facts as they are now."""
        spinner = SPINNER[self._ticks // 2 % len(SPINNER)] if self.live else ""
        self._foot.put(facts, tone, spinner)

    def update(self) -> None:
        """Bring the pieces up to what was fed."""
        self._ticks += 1
        self.put_facts(self._foot.facts, self._foot.tone)
        for part in self._body[-2:]:
            (part.document if isinstance(part, FoldPiece) else part).update()
        self._pieces = None

    def become(self, entry: Entry) -> None:
        """Another value of the entry, such as the final one: text that was drawn already stays as it is."""
        folds = sorted(entry.folds, key=lambda fold: fold.at)
        before = (self.text, [(fold.title, fold.text, fold.language) for fold in self.folds])
        same = before == (entry.text, [(fold.title, fold.text, fold.language) for fold in folds])
        chosen = {fold.title: fold.is_open for fold in self.folds}
        began = {fold.title: fold.opened for fold in self.folds}
        self.live = False
        self._height = (0, 0)
        self.entry = self._head.entry = entry
        self._head.stale = True
        self._foot.remarks, self._foot.stale = entry.remarks, True
        self.put_facts(entry.facts, entry.tone)
        if same:
            for part in self._body:
                (part.document if isinstance(part, FoldPiece) else part).finish()
        else:
            self._body = []
            self._fill()
        for fold, value in zip(self.folds, folds, strict=True):
            fold.opened = value.opened
            fold.is_open = chosen[fold.title] if began.get(fold.title) == value.opened else value.opened
            fold.count = value.count
            fold.stale = True
        self._pieces = None

    def toggle(self, fold: FoldPiece | None = None) -> bool:
        """Open or close one folded block, or all and the trees; whether there was one."""
        folds = [fold] if fold else self.folds
        trees = [] if fold else self._trees()
        opening = not (any(each.is_open for each in folds) or any(each.is_open for each in trees))
        for tree in trees:
            tree.fold(opening=opening)
        for each in folds:
            each.is_open = opening
            each.stale = True
        self._pieces = None
        return bool(folds or trees)

    def folds_at(self, at: Position) -> bool:
        """Whether a row is one that folds or unfolds."""
        piece = self.pieces[at.piece]
        return isinstance(piece, FoldPiece) or any(tree.folds_at(piece, at.line) for tree in self._trees())

    def toggle_at(self, at: Position) -> bool:
        """Fold or unfold what stands in a row; whether anything does."""
        piece = self.pieces[at.piece]
        if isinstance(piece, FoldPiece):
            return self.toggle(piece)
        return any(tree.toggle_at(piece, at.line) for tree in self._trees())

    def _trees(self) -> list[TreeDocument]:
        """The parts that are shown as a tree; what draws those is loaded with the first."""
        if not self.entry.tree:
            return []
        from workbench.ui.text.tree import TreeDocument

        return [part for part in self._body if isinstance(part, TreeDocument) and part.is_tree]

    def show_raw(self, *, raw: bool) -> None:
        """Show the source, or the Markdown it means."""
        if raw == self.raw:
            return
        self.raw = raw
        if self.live:
            self._body = [
                self._document(whole=part.text, live=True) if isinstance(part, Document) else part
                for part in self._body
            ]
        else:
            self._body = []
        self._pieces = None

    def height(self, width: int) -> int:
        """About how many rows it has."""
        if self._pieces is None and not self._body:
            if self._height[0] != width:
                text = self.entry.text
                self._height = (width, 3 + text.count("\n") + len(text) // width)
            return self._height[1]
        documents = sum(part.height(width) for part in self._body if isinstance(part, Document))
        folds = sum(1 + (fold.document.height(width) if fold.is_open else 0) for fold in self.folds)
        return self._head.guess(width) + documents + folds + self._foot.guess(width)

    def colour(self) -> bool:
        """Colour some more of the long code in it; whether there is still more."""
        documents = [part.document if isinstance(part, FoldPiece) else part for part in self._body]
        more = False
        for document in documents:
            more = document.colour() or more
        return more

    def _fill(self) -> None:
        """Make the parts of the entry as it is."""
        at = 0
        text = self.entry.text
        for fold in sorted(self.entry.folds, key=lambda fold: fold.at):
            if fold.at > at:
                self._body.append(self._document(whole=text[at : fold.at], live=False))
                at = fold.at
            source = f"{CODE_FENCE}{fold.language}\n{fold.text}\n{CODE_FENCE}" if fold.language else fold.text
            document = self._document(whole=source, live=False, fold=True, code=bool(fold.language))
            self._body.append(FoldPiece(fold, document))
        if text[at:] or self.live:
            self._body.append(self._document(whole=text[at:], live=self.live))

    def _document(self, *, whole: str = "", live: bool = True, fold: bool = False, code: bool = False) -> Document:
        if fold:
            made = Document(markdown=code, raw=True, face="thinking", left=(FOLD_BAR,))
        elif self.entry.tree and not self.raw:
            from workbench.ui.text.tree import TreeDocument

            made = TreeDocument()
        else:
            made = Document(markdown=self.entry.is_markdown and not self.raw, raw=self.raw or self.entry.is_markdown)
        made.feed((whole,))
        if live:
            made.update()
        else:
            made.finish()
        return made
