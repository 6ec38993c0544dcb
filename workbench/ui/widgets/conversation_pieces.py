"""The pieces of an entry beside its text: header, folded block, line of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from workbench.core.safe import display
from workbench.ui.text.lines import Line, Run
from workbench.ui.text.pieces import Piece
from workbench.ui.text.wrap import clip, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbench.ui.text.document import Document
    from workbench.ui.widgets.conversation_entry import Entry, Fact, Fold


REMARK: Final[Run] = ("▎ ", "warning")


class HeadPiece(Piece):
    """Who speaks, the number of the turn, its note and marks; a bare one says it only of what is no answer."""

    def __init__(self, entry: Entry, *, bare: bool = False) -> None:
        super().__init__()
        self.entry = entry
        self.bare: Final = bare

    @property
    def source(self) -> str:
        return self.entry.title

    @property
    def is_shown(self) -> bool:
        return not (self.bare and self.entry.role == "assistant")

    def _guess(self, width: int) -> int:
        del width
        return int(self.is_shown)

    def _rows(self, width: int) -> Iterator[Line]:
        entry = self.entry
        if not self.is_shown:
            return
        runs: list[Run] = [(_flat(entry.title), f"{entry.face} bold")]
        if entry.number:
            runs.append((f"  {entry.number}", "faint"))
        if entry.note:
            runs.append((f"   {_flat(entry.note)}", "dim"))
        runs += [(f"   {_flat(mark)}", "accent") for mark in entry.marks]
        yield Line(_clipped(runs, width))


class FootPiece(Piece):
    """Remarks, the line of facts, if there are any, and the gap to the next turn; a bare one has no facts."""

    def __init__(
        self, facts: tuple[Fact, ...] = (), tone: str = "", remarks: tuple[str, ...] = (), *, bare: bool = False
    ) -> None:
        super().__init__()
        self.bare: Final = bare
        self.remarks = remarks
        self.facts = () if bare else facts
        self.tone = tone
        self.spinner = ""

    @property
    def source(self) -> str:
        return ""

    def put(self, facts: tuple[Fact, ...], tone: str, spinner: str) -> None:
        if not self.bare and (facts, tone, spinner) != (self.facts, self.tone, self.spinner):
            self.facts, self.tone, self.spinner = facts, tone, spinner
            self.stale = True

    def _guess(self, width: int) -> int:
        return sum(1 + len(remark) // width for remark in self.remarks) + (2 if self.facts else 1)

    def _rows(self, width: int) -> Iterator[Line]:
        for number, remark in enumerate(self.remarks):
            for row, _ in wrap([(_flat(remark), "" if number else "warning")], max(width - 2, 1)):
                yield Line(row, prefix=(REMARK,))
        spinner = [(f"{self.spinner} ", "model")] if self.spinner else []
        if self.facts:
            face = self.tone if self.tone in {"ok", "warning", "problem"} else "dim"
            yield Line([*spinner, (fitted(self.facts, width - 2 * len(spinner)), face)])
        yield Line()


class FoldPiece(Piece):
    """The one line of a folded block; its text follows while it is open."""

    def __init__(self, fold: Fold, document: Document) -> None:
        super().__init__()
        self.title: Final = fold.title
        self.language: Final = fold.language
        self.count = fold.count
        self.document: Final = document
        self.is_open = self.opened = fold.opened
        self._parts = [fold.text]
        self._words = len(fold.text.split())

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def source(self) -> str:
        return f"[{self.title}]"

    def feed(self, parts: Sequence[str], count: str = "") -> None:
        """Take in more of its text, and count it."""
        self.count = count
        self.document.feed(parts)
        self._parts += parts
        self._words += sum(len(part.split()) for part in parts)
        self.stale = True

    def _guess(self, width: int) -> int:
        del width
        return 1

    def _rows(self, width: int) -> Iterator[Line]:
        count = self.count or f"{self._words} word{'s'[: self._words != 1]}"
        sign = "▾" if self.is_open else "▸"
        yield Line(_clipped([(f"{sign} {_flat(self.title)}", "dim bold"), (f"  {_flat(count)}", "dim")], width))


def fitted(facts: Sequence[Fact], width: int) -> str:
    """As many facts as fit one line; the lightest, and of those the last, go first."""
    left = list(facts)
    while len(left) > 1 and sum(cell_len(fact.text) + 3 for fact in left) - 3 > width:
        left.remove(min(reversed(left), key=lambda fact: fact.weight))
    return clip(_flat(" · ".join(fact.text for fact in left)), width)


def _flat(text: str) -> str:
    return display(text).replace("\n", " ").replace("\t", " ")


def _clipped(runs: Iterable[Run], width: int) -> list[Run]:
    out: list[Run] = []
    for text, face in runs:
        shown = clip(text, max(width, 0))
        width -= cell_len(shown)
        out.append((shown, face))
        if shown != text:
            break
    return out
