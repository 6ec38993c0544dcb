"""A JSON value as a literal of a language that has lists and maps as we write them in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 100
ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
"""What all these languages write alike in a string between double quotes."""


def doubly_quoted(text: str, unseen: Callable[[str], str]) -> str:
    """A string literal on one line; `unseen` writes a character that can't be seen as its escape."""
    if text.isprintable() and "\\" not in text and '"' not in text:  # megabytes of an image, for one
        return f'"{text}"'
    return '"' + "".join(ESCAPES.get(each) or (each if each.isprintable() else unseen(each)) for each in text) + '"'


def by_code_point(each: str) -> str:
    """The escape of JavaScript, Ruby and PHP, of any length."""
    return f"\\u{{{ord(each):x}}}"


def by_eight_digits(each: str) -> str:
    """The escape of Go and C#."""
    return f"\\U{ord(each):08x}"


class Code(str):
    """An expression of the language, which stands as it is; never made of what a person or a file said."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Style:
    """What differs between the languages."""

    quoted: Callable[[str], str]
    """A string literal on one line."""
    entry: Callable[[str], str]
    """A member's name and what stands between it and its value."""
    lines: Callable[[str], tuple[str, list[str], str]]
    """A text of several lines: what stands before them, a literal each, and what stands after."""
    indent: str = "  "
    map_open: str = "{"
    map_close: str = "}"
    padding: str = ""
    """Inside the braces of a map on one line."""
    comma: str = ","
    """After each line of a text."""
    null: str = "null"
    true: str = "true"
    false: str = "false"
    as_object: Callable[[Mapping[str, object]], str] = lambda _map: ""
    """What stands before a map that would be taken for something else."""


def literal(style: Style, value: object, depth: int = 0) -> str:
    """On one line where it is short; every line but the first is indented as deep as it stands."""
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return _text(style, value, depth)
    if isinstance(value, Mapping):
        items = [f"{style.entry(str(key))}{literal(style, each, depth + 1)}" for key, each in value.items()]
        open_ = style.as_object(value) + style.map_open
        return _listed(style, items, depth, (open_, style.map_close, style.padding if items else ""))
    if isinstance(value, list | tuple):
        return _listed(style, [literal(style, each, depth + 1) for each in value], depth, ("[", "]", ""))
    if value is None:
        return style.null
    if isinstance(value, bool):
        return style.true if value else style.false
    return repr(value)


def _listed(style: Style, items: Sequence[str], depth: int, ends: tuple[str, str, str]) -> str:
    open_, close, padding = ends
    line = open_ + padding + ", ".join(items) + padding + close
    if "\n" not in line and len(line) + len(style.indent) * depth <= WIDTH:
        return line
    return _block(style, [f"{item}," for item in items], depth, (open_, close))


def _text(style: Style, text: str, depth: int) -> str:
    """A string; several lines of it as several literals, never as one that goes on from line to line."""
    if len(text) + len(style.indent) * depth < WIDTH // 2 or "\n" not in text[:-1]:
        return style.quoted(text)
    before, lines, after = style.lines(text)
    return _block(style, [f"{line}{style.comma}" for line in lines], depth, (before, after))


def _block(style: Style, lines: Sequence[str], depth: int, ends: tuple[str, str]) -> str:
    inner, outer = style.indent * (depth + 1), style.indent * depth
    return f"{ends[0]}\n" + "".join(f"{inner}{line}\n" for line in lines) + outer + ends[1]


def joined(quoted: Callable[[str], str], before: str, after: str) -> Callable[[str], tuple[str, list[str], str]]:
    """Lines as a list that is joined by line breaks."""
    return lambda text: (before, [quoted(line) for line in text.split("\n")], after)
