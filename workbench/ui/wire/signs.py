"""Text as the wire view shows it: what the eye would miss has a sign, and JSON has a form for reading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
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
SIGNS: Final = re.compile(r'[\u2400-\u2421·→]+|⟨U\+[0-9A-F]{4,6}⟩|\\(?:[nrtbf"\\/]|u[0-9a-fA-F]{4})')
TOKENS: Final = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=:))|(?P<string>"(?:[^"\\]|\\.)*"?)|(?P<number>-?\b\d[\d.eE+-]*)|'
    r"(?P<constant>\b(?:true|false|null)\b)"
)
HEADER: Final = re.compile(r"^[\w-]+(?=: )", re.MULTILINE)


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


def json_spans(text: str) -> Iterator[Span]:
    """The colours of JSON, of the reading form or of the exact bytes, in order and apart."""
    at = 0
    for line in text.split("\n"):
        bar = line.find(BAR[0])
        if 0 <= bar == len(line) - len(line.lstrip()):
            yield at + bar, at + bar + 1, "$faint"
            yield at + bar + 1, at + len(line), "$code-string"
        else:
            for match in TOKENS.finditer(line):
                yield at + match.start(), at + match.end(), f"$code-{match.lastgroup}"
        at += len(line) + 1


def header_spans(text: str) -> Iterator[Span]:
    """The names of headers."""
    for match in HEADER.finditer(text):
        yield match.start(), match.end(), "$muted"


def no_spans(text: str) -> Iterator[Span]:
    """Nothing special."""
    del text
    return iter(())


def sign_spans(row: str) -> Iterator[Span]:
    """The signs and escapes in a row, which stand out from whatever they are in."""
    for match in SIGNS.finditer(row):
        yield match.start(), match.end(), "$accent"
