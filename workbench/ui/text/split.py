"""Markdown cut into chunks that never change again, line by line, as it arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from workbench.ui.text.table import cells

LIMIT: Final = 4_096
"""A chunk longer than this many characters is cut at the next line, and a line at its last space:
what is drawn again for each new token stays small, and no parser meets more than this at once."""
SHORT: Final = 32
"""A shorter line counts as so many characters."""
MOST_COLUMNS: Final = 64
"""A table with more is shown as the text it is."""
MOST_OF_A_TABLE: Final = 65_536
"""So many characters of a table are laid out, for that takes all of its rows at once; the rest is text."""
FENCE: Final = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$")
HEADING: Final = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
RULE: Final = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
QUOTE: Final = re.compile(r" {0,3}>")
ITEM: Final = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])(?:([ \t]+)(?=\S)|[ \t]*$)")
DELIMITERS: Final = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
HELD: Final = re.compile(r"\s*(?:[-=*_+#>|~`]{1,3}|\d{1,9}[.)]?|[-*+]\s+\[[ xX]?)\s*$")
"""A last line that may still become anything is not drawn yet, so that it doesn't flicker."""


@dataclass(slots=True)
class Chunk:
    """Lines of the source that are drawn by themselves."""

    kind: str
    """`text`, `heading`, `rule`, `list`, `quote`, `indented`, `code` or `table`."""
    gap: bool = False
    """Whether a blank line stood before it."""
    indent: int = 0
    """Of a list item that was cut: the columns its lines have lost."""
    info: str = ""
    """Of code: what stood behind the fence."""
    lines: list[str] = field(default_factory=list)
    size: int = 0
    closed: bool = False
    joined: bool = False
    """Whether it goes on with a line that was too long."""

    @property
    def source(self) -> str:
        return "\n".join(self.lines)

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.size += max(len(line) + 1, SHORT)


class Splitter:
    """Feed it text in any portions: the chunks are the same, because only whole lines decide.

    CommonMark decides where a block ends; a list is cut between its items as well.
    """

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []
        self.partial = ""
        """The last line, as far as it has arrived."""
        self._open: Chunk | None = None
        self._blank = False
        self._torn = False
        self._container = 0
        """Columns of the list item that had to be cut and goes on."""
        self._offset = 0
        self._fence = ("", 0, 0)

    def feed(self, text: str) -> None:
        """Take in the next portion."""
        *whole, last = (self.partial + text).split("\n")
        for line in whole:
            self._line(self._shortened(line))
        self.partial = self._shortened(last)

    def finish(self) -> None:
        """The text is over: its last line is whole and its last chunk closed."""
        if self.partial:
            self._line(self.partial)
            self.partial = ""
        self._close()

    def tail(self) -> list[Chunk]:
        """The open chunk as it is with the partial line, which may close it and open another.

        Only for looking at. Code is handed out without its partial line, for its lines may be many.
        """
        held = not self.partial or (HELD.match(self.partial) is not None)
        if self._open and (held or self._open.kind == "code"):
            return [self._open]
        if held:
            return []
        trial = Splitter()
        for name in ("_blank", "_torn", "_container", "_offset", "_fence"):
            setattr(trial, name, getattr(self, name))
        if self._open:
            chunk = self._open
            copied = Chunk(chunk.kind, chunk.gap, chunk.indent, chunk.info, list(chunk.lines), chunk.size)
            trial.chunks, trial._open = [copied], copied
        elif self.chunks:
            trial.chunks = [self.chunks[-1]]
            trial._line(self.partial)
            return trial.chunks[1:]
        trial._line(self.partial)
        return trial.chunks

    def ends_fence(self, line: str) -> bool:
        """Whether the line closes the code that is open."""
        mark, count, _ = self._fence
        found = re.match(r" {0,3}(`+|~+)[ \t]*$", line)
        return found is not None and found[1][0] == mark and len(found[1]) >= count

    def _shortened(self, line: str) -> str:
        """The last part of a line that is too long; the parts before it become chunks of their own."""
        at = 0
        while len(line) - at > LIMIT:
            cut = line.rfind(" ", at + 1, at + LIMIT) + 1 or at + LIMIT
            self._line(line[at:cut])
            if not (self._open and self._open.kind == "code"):
                self._cut()
                self._torn = True
            at = cut
        return line[at:]

    def _line(self, line: str) -> None:
        chunk = self._open
        if self._torn:
            self._start(line, "text")
            return
        if chunk and chunk.kind == "code":
            if not self._container or _columns(line) >= self._container or not line.strip():
                self._code(chunk, _dedented(line, self._container))
                return
            self._close()
        if not line.strip():
            self._blank = True
            if chunk and chunk.kind in {"text", "quote", "table"}:
                self._close()
            return
        line = _untabbed(line)
        indent = _columns(line)
        if self._container:
            if indent >= self._container:
                line = line[self._container :]
                indent -= self._container
            elif self._blank or not chunk or _interrupts(line):
                self._close()
                self._container = 0
        if self._open and self._goes_on(self._open, line, indent):
            self._append(self._open, line)
        else:
            self._close()
            self._start(line)

    def _goes_on(self, chunk: Chunk, line: str, indent: int) -> bool:
        """Whether the line belongs to the open chunk."""
        match chunk.kind:
            case "list":
                if indent >= self._offset:
                    return True
                empty = _is_empty_item(chunk.lines[-1])
                return not (self._blank or empty or ITEM.match(line) or _interrupts(line))
            case "quote":
                lazy = chunk.lines[-1].strip(" >") and not (_interrupts(line) or ITEM.match(line))
                return QUOTE.match(line) is not None or bool(lazy)
            case "indented":
                return indent >= 4
            case "table":
                return indent < 4 and not _interrupts(line) and not ITEM.match(line)
            case _:
                if _begins_table(chunk.lines[-1], line):
                    self._turn_into_table(chunk)
                    return True
                return not _interrupts(line)

    def _append(self, chunk: Chunk, line: str) -> None:
        if self._blank:
            chunk.add("")
            self._blank = False
        chunk.add(line)
        if chunk.size > (MOST_OF_A_TABLE if chunk.kind == "table" else LIMIT):
            self._cut()

    def _start(self, line: str, kind: str = "") -> None:
        chunk = Chunk(kind or "text", gap=self._blank and bool(self.chunks), indent=self._container)
        chunk.joined, self._torn = self._torn, False
        self._blank = False
        self.chunks.append(chunk)
        self._open = chunk
        if not kind and (fence := FENCE.match(line)):
            chunk.kind, chunk.info = "code", fence[3].strip()
            self._fence = (fence[2][0], len(fence[2]), len(fence[1]))
            return
        chunk.add(line)
        if kind:
            return
        item = ITEM.match(line)
        if HEADING.match(line):
            chunk.kind = "heading"
            self._close()
        elif RULE.match(line):
            chunk.kind = "rule"
            self._close()
        elif item:
            chunk.kind = "list"
            spaces = len(item[3] or "")
            self._offset = len(item[1]) + len(item[2]) + (spaces if 1 <= spaces <= 4 else 1)
        elif QUOTE.match(line):
            chunk.kind = "quote"
        elif _columns(line) >= 4:
            chunk.kind = "indented"
        if chunk.size > LIMIT and not chunk.closed:
            self._cut()

    def _code(self, chunk: Chunk, line: str) -> None:
        if self.ends_fence(line):
            self._close()
        else:
            chunk.add(_dedented(line, self._fence[2]))

    def _turn_into_table(self, chunk: Chunk) -> None:
        """The last line of the paragraph was a table's header."""
        header = chunk.lines.pop()
        chunk.size -= max(len(header) + 1, SHORT)
        if chunk.lines:
            self._close()
            self._start(header, "table")
        else:
            chunk.kind = "table"
            chunk.add(header)

    def _cut(self) -> None:
        """Close the chunk for its length; a list item goes on in the next one."""
        if self._open and self._open.kind == "list":
            self._container += self._offset
        self._close()
        self._blank = False

    def _close(self) -> None:
        if self._open:
            self._open.closed = True
            self._open = None


def _interrupts(line: str) -> bool:
    """Whether the line ends a paragraph before it."""
    item = ITEM.match(line)
    if item and item[3] and (not item[2][0].isdigit() or item[2][:-1] == "1"):
        return True
    return any(start.match(line) for start in (FENCE, HEADING, QUOTE, RULE))


def _is_empty_item(line: str) -> bool:
    item = ITEM.match(line)
    return item is not None and not item[3]


def _begins_table(header: str, line: str) -> bool:
    if "|" not in header or not ("|" in line or ":" in line) or not DELIMITERS.match(line) or _columns(header) >= 4:
        return False
    return len(cells(header)) == len(cells(line)) <= MOST_COLUMNS


def _columns(line: str) -> int:
    if line[:1] not in {" ", "\t"}:
        return 0
    margin = line[: len(line) - len(line.lstrip(" \t"))]
    return len(margin.expandtabs(4))


def _untabbed(line: str) -> str:
    """The line with the tabs of its margin, and behind a list marker, as spaces."""
    if "\t" not in line:
        return line
    margin = re.match(r"[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)?", line)
    end = margin.end() if margin else 0
    return line[:end].expandtabs(4) + line[end:]


def _dedented(line: str, columns: int) -> str:
    """The line without that many leading columns, or as many as it has."""
    if not columns:
        return line
    line = _untabbed(line) if line[:1] in {" ", "\t"} else line
    margin = len(line) - len(line.lstrip(" "))
    return line[min(columns, margin) :]
