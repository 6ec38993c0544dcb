"""How compilers read the literals that exports write, by the rules of each language; what would run is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Final

NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
CODE_POINT: Final = re.compile(r"u\{([0-9a-f]+)\}")
EIGHT: Final = re.compile(r"U([0-9a-f]{8})")
FOUR: Final = re.compile(r"u([0-9a-f]{4})")
OCTAL: Final = re.compile(r"[0-3][0-7]{2}|[0-7]{1,2}")
BY_LETTER: Final = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}
NOTHING: Final = re.compile(r"(?!)")
UNICODE: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u([0-9a-fA-F]{4})")
"""Java's escape that stands before everything else: led by an even number of backslashes."""


class UnreadableError(Exception):
    """What a compiler would refuse, or read as something to carry out."""


def escaped(text: str, at: int, forms: Sequence[re.Pattern[str]], itself: str = "") -> tuple[str, int]:
    """What the escape at a backslash stands for, and where it ends; `itself` is what stands for itself after one."""
    for form in forms:
        if found := form.match(text, at + 1):
            digits = found[1] if form.groups else found[0]
            return chr(int(digits, 8 if form is OCTAL else 16)), found.end()
    letter = text[at + 1 : at + 2]
    if letter and letter in itself:
        return letter, at + 2
    if letter not in BY_LETTER:
        raise UnreadableError(f"an escape that isn't one: {text[at : at + 8]!r}")
    return BY_LETTER[letter], at + 2


def string(
    text: str, at: int, *forms: re.Pattern[str], itself: str = "", runs: re.Pattern[str] = NOTHING
) -> tuple[str, int]:
    """A string between double quotes from `at` on; `runs` is what would be carried out in one."""
    if text[at : at + 1] != '"':
        raise UnreadableError(f"no string: {text[at : at + 20]!r}")
    made: list[str] = []
    at += 1
    while (each := text[at : at + 1]) != '"':
        if each in ("", "\n", "\r"):
            raise UnreadableError("a string that doesn't end in its line")
        if runs.match(text, at):
            raise UnreadableError(f"something to carry out: {text[at : at + 20]!r}")
        piece, at = escaped(text, at, forms, itself) if each == "\\" else (each, at + 1)
        made.append(piece)
    return "".join(made), at + 1


def ruby(text: str, at: int) -> tuple[str, int]:
    return string(text, at, CODE_POINT, itself="#", runs=re.compile(r"#[{$@]"))


def php(text: str, at: int) -> tuple[str, int]:
    """Any other escape would stay as it stands."""
    return string(text, at, CODE_POINT, itself="$", runs=re.compile(r"\$[A-Za-z_{\x80-\U0010ffff]|\{\$"))


def javascript(text: str, at: int) -> tuple[str, int]:
    return string(text, at, CODE_POINT, re.compile(r"u(003c)"))


def interpreted(text: str, at: int) -> tuple[str, int]:
    """Go's and C#'s between double quotes."""
    return string(text, at, EIGHT)


class Literals:
    """Reads a literal of a language whose lists and maps look like JSON's."""

    def __init__(
        self, strings: Callable[[str, int], tuple[str, int]], brackets: str, words: dict[str, object], joins: str
    ) -> None:
        self.strings, self.brackets, self.words = strings, brackets, words
        self.before, _, self.after = joins.partition("…")
        self.text, self.at = "", 0

    def read(self, text: str) -> object:
        """The value of the whole text. Raises UnreadableError where more, or less, stands there."""
        self.text, self.at = text, 0
        value = self._value()
        self._blank()
        if self.at != len(text):
            raise UnreadableError(f"more than a literal: {text[self.at : self.at + 20]!r}")
        return value

    def _blank(self) -> None:
        while self.text[self.at : self.at + 1] in (" ", "\n"):
            self.at += 1

    def _take(self, word: str) -> bool:
        self._blank()
        found = self.text.startswith(word, self.at)
        self.at += len(word) * found
        return found

    def _value(self) -> object:
        self._blank()
        if self.before != "[" and self._take(self.before):
            return self._joined(self._items(self.after[0]))
        if self._take("(object) "):
            return dict(self._pairs(self._items("]"))) if self._take("[") else None
        if self._take("["):
            return self._bracketed(self._items("]"))
        if self.brackets == "{}" and self._take("{"):
            return dict(self._pairs(self._items("}")))
        if self.text[self.at] == '"':
            said, self.at = self.strings(self.text, self.at)
            return said
        for word, value in self.words.items():
            if self._take(word):
                return value
        if found := NUMBER.match(self.text, self.at):
            self.at = found.end()
            return json.loads(found[0])
        raise UnreadableError(f"no value: {self.text[self.at : self.at + 20]!r}")

    def _items(self, close: str) -> list[tuple[object, object] | object]:
        """Values, or pairs of names and values, each with its comma."""
        made: list[tuple[object, object] | object] = []
        while not self._take(close):
            made.append(self._item())
            if not self._take(",") and not self.text.startswith(close, self.at):
                raise UnreadableError(f"no comma: {self.text[self.at : self.at + 20]!r}")
            self._blank()
        return made

    def _item(self) -> object:
        self._blank()
        if found := re.compile(r"([A-Za-z_$][A-Za-z0-9_$]*): ").match(self.text, self.at):
            self.at = found.end()
            if found[1] == "__proto__" and self.strings is javascript:
                raise UnreadableError("a prototype")
            return (found[1], self._value())
        if self.text.startswith('["__proto__"]: ', self.at):
            self.at += len('["__proto__"]: ')
            return ("__proto__", self._value())
        value = self._value()
        if self._take(":") or self._take("=>"):
            return (value, self._value())
        return value

    def _pairs(self, items: list[tuple[object, object] | object]) -> list[tuple[str, object]]:
        if not all(isinstance(each, tuple) for each in items):
            raise UnreadableError("values among names")
        return [(str(each[0]), each[1]) for each in items if isinstance(each, tuple)]

    def _bracketed(self, items: list[tuple[object, object] | object]) -> object:
        """A list; joined, a text; in PHP a map too, unless its names are the places of a list."""
        if self.before == "[" and self._take(self.after[1:]):
            return self._joined(items)
        if not items or not isinstance(items[0], tuple):
            return items
        pairs = self._pairs(items)
        if self.brackets == "{}":
            raise UnreadableError("names in a list")
        in_order = [name for name, _ in pairs] == [str(at) for at in range(len(pairs))]
        return [value for _, value in pairs] if in_order else dict(pairs)

    def _joined(self, items: list[tuple[object, object] | object]) -> str:
        if self.before != "[" and not self._take(self.after[1:] or ""):
            raise UnreadableError("no end")
        if not all(isinstance(each, str) for each in items):
            raise UnreadableError("more than lines")
        return "\n".join(each for each in items if isinstance(each, str))


def java(text: str) -> str:
    """A text of Java: a string, a text block, or pieces of either joined; no constant too long for a class."""
    text = UNICODE.sub(lambda found: found[1] + chr(int(found[2], 16)), text)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    if text.startswith('"""\n'):
        return _block(text)
    if text.startswith('String.join("",'):
        pieces = [piece.strip() for piece in text.removeprefix('String.join("",').removesuffix(")").split(",\n")]
        return "".join(map(_constant, pieces))
    return _constant(text)


def _constant(text: str) -> str:
    value, end = string(text, 0, OCTAL)
    if end != len(text):
        raise UnreadableError(f"more than a string: {text[end : end + 20]!r}")
    return _held(value)


def _held(value: str) -> str:
    units = value.encode("utf-16-be")
    size = sum(
        3 if units[at] >= 8 else 1 if units[at] == 0 and units[at + 1] < 128 else 2 for at in range(0, len(units), 2)
    )
    if size > 65_535:
        raise UnreadableError("constant string too long")
    return value


def _block(text: str) -> str:
    """JLS 3.10.6: the least indentation goes, and blanks at the ends of lines; then escapes are read."""
    body = re.match(r'"""\n((?:[^"\\]|\\.|"(?!""))*)"""\Z', text, re.DOTALL)
    if body is None:
        raise UnreadableError("more than a text block")
    lines = body[1].split("\n")
    counted = [line for line in lines[:-1] if line.strip()] + lines[-1:]
    least = min(len(line) - len(line.lstrip()) for line in counted)
    stripped = "\n".join(line[least:].rstrip() if line.strip() else "" for line in lines)
    stripped = re.sub(r"(?<!\\)((?:\\\\)*)\\\n", r"\1", stripped)
    made, at = [], 0
    while at < len(stripped):
        piece, at = escaped(stripped, at, [OCTAL]) if stripped[at] == "\\" else (stripped[at], at + 1)
        made.append(piece)
    return _held("".join(made))


def go_raw(text: str) -> str:
    if not re.fullmatch(r"`[^`\r\ufeff\x00]*`", text):
        raise UnreadableError("more than a raw string")
    return text[1:-1]


def csharp_raw(text: str) -> str:
    """At least three quotes, a line, and as many quotes at the start of a line; fewer may stand between."""
    marks = re.match('"{3,}', text)
    if marks is None or not re.fullmatch(f"{marks[0]}\n(?:(?!{marks[0]})[^\r])*\n{marks[0]}", text):
        raise UnreadableError("more than a raw string")
    return text[len(marks[0]) + 1 : -len(marks[0]) - 1]
