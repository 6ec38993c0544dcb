"""Text as the wire view shows it: what the eye would miss has a sign, and JSON has a form for reading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from workbench.core import strict_json
from workbench.core.safe import display, encodable

Span: TypeAlias = tuple[int, int, str]
"""From, to, and the style of what stands between."""

TAB: Final = "→   "
TRAILING: Final = re.compile(r"(?<! ) ++(?=\r?(?:\n|\Z))")
STEP: Final = "  "
BAR: Final = "│ "
"""Before each line of a text that has several."""
SIGNS: Final = re.compile("[\u2400-\u2421·→]+|⟨U\\+[0-9A-F]{4,6}⟩")
ESCAPES: Final = re.compile(r'\\(?:[nrtbf"\\/]|u[0-9a-fA-F]{4})')
TOKENS: Final = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=:))|(?P<string>"(?:[^"\\]|\\.)*"?)|(?P<number>-?\b\d[\d.eE+-]*)|'
    r"(?P<constant>\b(?:true|false|null)\b)"
)
HEADER: Final = re.compile(r"^[\w-]+(?=: )")


def shown(text: str) -> str:
    """A text with a sign for each carriage return, tab, space at the end of a line, and hidden character."""
    return _signed(_dotted(text))


def with_ends(text: str) -> str:
    """The same with the ends of its lines, whichever they are."""
    signed = shown(text)
    return signed.replace("\n", "␊\n") if "\n" in signed else signed.replace("␍", "␍\n")


def _dotted(text: str) -> str:
    return TRAILING.sub(lambda match: "·" * len(match[0]), text)


def _signed(text: str) -> str:
    return display(text).replace("\t", TAB)


def reading(body: str) -> str | None:
    """A JSON body indented, with the texts in it line by line as they are; None where it is no JSON."""
    try:
        value = strict_json.loads(body)
    except strict_json.BadJsonError:
        return None
    return _signed("\n".join(_lines(value, "", "")))


def _lines(value: object, indent: str, before: str, after: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"{indent}{before}{{"
        rest = len(value)
        for key, each in value.items():
            rest -= 1
            yield from _lines(each, indent + STEP, f"{_plain(key)}: ", "," if rest else "")
        yield f"{indent}}}{after}"
    elif isinstance(value, list) and value:
        yield f"{indent}{before}["
        for at, each in enumerate(value, 1):
            yield from _lines(each, indent + STEP, "", "," if at < len(value) else "")
        yield f"{indent}]{after}"
    elif isinstance(value, str) and ("\n" in value or "\r" in value):
        yield f"{indent}{before}".rstrip()
        yield from (f"{indent}{STEP}{BAR}{line}" for line in _dotted(value).split("\n"))
    else:
        yield f"{indent}{before}{_plain(value)}{after}"


def _plain(value: object) -> str:
    return encodable(json.dumps(value, ensure_ascii=False))


def json_spans(row: str) -> Iterable[Span]:
    """The colours of a row of JSON, of the reading form or of the exact bytes."""
    bar = row.find(BAR.strip())
    if 0 <= bar == len(row) - len(row.lstrip()):
        yield bar, bar + 1, "$faint"
        yield bar + 1, len(row), "$code-string"
    else:
        for match in TOKENS.finditer(row):
            yield match.start(), match.end(), f"$code-{match.lastgroup}"
        for match in ESCAPES.finditer(row):
            yield match.start(), match.end(), "$accent"
    yield from sign_spans(row)


def sign_spans(row: str) -> Iterable[Span]:
    """The signs in a row stand out."""
    for match in SIGNS.finditer(row):
        yield match.start(), match.end(), "$accent"


def header_spans(row: str) -> Iterable[Span]:
    """The name of a header, and the signs."""
    if found := HEADER.match(row):
        yield 0, found.end(), "$muted"
    yield from sign_spans(row)
