"""A session file that can't be opened: block by block and key by key, whatever of it can still be read.

A parser stops at the first mistake, because it can't know what was meant. Here a person has asked, sees what is left
out, and keeps the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from workbench.core import piecing, session_file
from workbench.core.problem import Problem
from workbench.core.session import Session
from workbench.engine import session_text, toml_file
from workbench.engine.files import StoreError

KEY: Final = session_text.KEY
DOTTED: Final = rf"{KEY}(?:[ \t]*\.[ \t]*{KEY})*"
NAMES: Final = r"(?:session|params|variables|systems|lanes|tool_results|sweeps|batches|messages|runs)\b"
SCAN: Final = re.compile(
    session_text.QUOTED + rf"|(?m:^)[ \t]*(?P<header>\[\[[ \t]*{DOTTED}[ \t]*\]\]|\[[ \t]*{DOTTED}[ \t]*\])"
    r"[ \t]*(?=(?:\#[^\n]*)?\r?(?:\n|\Z))"
    rf"|(?m:^)\[\[?[ \t]*(?P<broken>{NAMES}[\w\-.]*)[^\n]*"
    rf"|(?m:^)[ \t]*(?P<key>{DOTTED})[ \t]*=",
    re.DOTALL,
)
"""Strings and comments as a parser finds them, and the headers and the beginnings of lines with a key outside."""
KNOWN: Final = re.compile(rf"^\[\[?{NAMES}[^\n]*\]", re.MULTILINE)
"""Where reading goes on after a text that has no end."""
SEVERAL: Final = re.compile(
    rf"[ \t]*(?P<key>{KEY})[ \t]*=[ \t]*"
    r'"(?P<text>(?:[^"\\\n]|\\[^\n])*+\n(?:[^"\\]|\\[^\n])*+)"\s*'
)
"""A text of several lines as it would stand on one."""
TAIL: Final = re.compile(r"\\+u?[0-9a-fA-F]{0,3}\Z|\\+U[0-9a-fA-F]{0,7}\Z")
"""The beginning of an escape that was cut."""
MOST_TOLD: Final = 20


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read, and a sentence for each part that could not."""

    session: Session
    lost: tuple[str, ...]


def salvage(data: bytes, name: str) -> Salvaged:
    """Raises StoreError where nothing can be read."""
    lost: list[str] = []
    reading = _Reading(_decoded(data, lost), name, lost)
    tables, mistaken = piecing.pieced(reading.tables())
    lost += mistaken
    if not reading.read:
        raise StoreError(Problem(f"{name} can't be read", "nothing in it is a session's", "Restore it from a copy."))
    try:
        session = session_file.load(tables).session
    except session_file.SessionError as error:
        raise StoreError(Problem(f"{name} can't be read", str(error), "Correct it in an editor.")) from error
    more = len(lost) - MOST_TOLD
    return Salvaged(session, (*lost[:MOST_TOLD], *([f"and {more} more"] if more > 0 else [])))


def _decoded(data: bytes, lost: list[str]) -> str:
    """The text as it was probably meant."""
    for encoding, marks in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        half = data[1::2] if encoding == "utf-16-le" else data[::2]
        if data.startswith(marks) or (len(data) > 3 and half.count(0) > len(half) * 0.6 and data[:1] != data[1:2]):
            return data.decode(encoding, "replace").lstrip("\ufeff")
    if nulls := data.count(0):
        lost.append(f"{nulls} NUL bytes are left out")
        data = data.replace(b"\0", b"")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    texts: list[str] = []
    for number, line in enumerate(lines, 1):
        try:
            texts.append(line.decode())
        except UnicodeDecodeError:
            texts.append(line.decode("cp1252", "replace"))
            lost.append(f"line {number} is no UTF-8: read as Windows-1252")
    return "\n".join(texts)


class _Reading:
    """One text, from its beginning to its end."""

    def __init__(self, text: str, name: str, lost: list[str]) -> None:
        self.text, self.name, self.lost = text, name, lost
        self.read = 0
        """Values that could be read."""
        self.found: dict[str, Any] = {}
        self.dropped = ""
        """The list whose last row could not be read: what belongs to that row goes with it."""

    def tables(self) -> dict[str, Any]:
        at = 0
        while at < len(self.text):
            header, body, end = self.block(at)
            self.put(at, header, body, end)
            at = end
        return self.found

    def block(self, at: int) -> tuple[str, int, int]:
        """The header that stands there, where its keys begin and where they end."""
        header, body = "", at
        for found in SCAN.finditer(self.text, at):
            if (there := found["header"] or _guessed(found["broken"])) is not None:
                if found.start() > at:
                    return header, body, found.start()
                header, body = there, found.end()
                if found["broken"] is not None:
                    self.tell(at, found[0], f"read as {there}")
            if found["open"] is not None:
                on = KNOWN.search(self.text, found.end())
                return header, body, on.start() if on else len(self.text)
        return header, body, len(self.text)

    def put(self, at: int, header: str, body: int, end: int) -> None:
        path, row = self.path(header), header.startswith("[[")
        if path is None or (len(path) > 1 and path[0] == self.dropped):
            self.tell(at, header, "it can't be read")
            return
        table = self.values(body, end)
        if path and len(path) == 1:
            self.dropped = ""
        if not table and row and self.text[body:end].strip() and len(path) == 1:
            self.dropped = path[0]
            return
        try:
            _insert(self.found, path, table, row=row)
        except (TypeError, AttributeError, IndexError, KeyError):
            self.tell(at, header, "it doesn't fit what stands above it")
        else:
            self.read += bool(header) or len(table)

    def path(self, header: str) -> tuple[str, ...] | None:
        if not header:
            return ()
        table = self.parsed(f"{header}\n")
        path: list[str] = []
        while table:
            (key, inner), *_ = table.items()
            path.append(key)
            table = inner[0] if isinstance(inner, list) else inner
        return tuple(path) or None

    def values(self, start: int, end: int) -> dict[str, Any]:
        """All values of a block at once, else each that can be read by itself."""
        if (whole := self.parsed(self.text[start:end])) is not None:
            return whole
        table: dict[str, Any] = {}
        for at, piece in self.statements(start, end):
            closed = self.parsed(piece)
            if closed is None and (closed := self.several(piece)) is not None:
                self.tell(at, piece, 'read as a text of several lines, which stands between """')
            elif closed is None and (closed := self.ended(piece)) is not None:
                self.tell(at, piece, "its text has no end; what is there is kept")
            elif closed is None:
                self.tell(at, piece, "it can't be read")
            if closed is not None and not _merged(table, closed):
                self.tell(at, piece, "it stands twice")
        return table

    def statements(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Each key with its value."""
        begins: list[int] = []
        for found in SCAN.finditer(self.text, start, end):
            if found["key"] is not None:
                begins.append(found.start())
            elif found["open"] is not None:
                break
        for at, until in pairwise((*begins, end)):
            yield at, self.text[at:until]

    def several(self, piece: str) -> dict[str, Any] | None:
        """What the piece says, where its text of several lines stands between single quotation marks."""
        found = SEVERAL.fullmatch(piece)
        return self.parsed(f'{found["key"]} = """\n{found["text"]}"""\n') if found else None

    def ended(self, piece: str) -> dict[str, Any] | None:
        """What the piece says, with an end for the text that has none."""
        for found in SCAN.finditer(piece):
            if (mark := found["open"]) is not None:
                body = piece.rstrip("\n")
                if mark == '"""':
                    body = TAIL.sub("", body)
                    body = body.rstrip('"') if body.endswith(('""', '"')) and len(body) > found.end() else body
                return self.parsed(f"{body}{mark}\n")
        return None

    def parsed(self, text: str) -> dict[str, Any] | None:
        try:
            return toml_file.loads(text.encode(errors="replace"), self.name)
        except StoreError:
            return None

    def tell(self, at: int, what: str, why: str) -> None:
        if len(self.lost) > MOST_TOLD:
            self.lost.append(why)  # nobody reads it, it counts
            return
        line = self.text.count("\n", 0, at) + 1
        shown = what.strip().partition("\n")[0][:30].strip()
        self.lost.append(f"line {line} ({shown}): {why}" if shown else f"line {line}: {why}")


def _insert(tables: dict[str, Any], path: tuple[str, ...], table: dict[str, Any], *, row: bool) -> None:
    """Put a block where its header says: into the newest row, where it belongs to one."""
    node: Any = tables
    for key in path[: -1 if path else None]:
        node = node.setdefault(key, {})
        node = node[-1] if isinstance(node, list) else node
    if not path:
        node.update(table)
    elif row:
        node.setdefault(path[-1], []).append(table)
    elif not _merged(node.setdefault(path[-1], {}), table):
        raise KeyError(path[-1])


def _merged(table: dict[str, Any], more: dict[str, Any]) -> bool:
    """Whether nothing stood twice; the first counts."""
    whole = True
    for key, value in more.items():
        if key not in table:
            table[key] = value
        elif isinstance(table[key], dict) and isinstance(value, dict):
            whole = _merged(table[key], value) and whole
        else:
            whole = False
    return whole


def _guessed(broken: str | None) -> str | None:
    """The header that a line with wrong brackets was meant to be."""
    if broken is None:
        return None
    return f"[[{broken}]]" if broken in piecing.LISTS else f"[{broken}]"
