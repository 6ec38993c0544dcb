"""Colour for code: pygments' tokens as runs, line by line, a bounded amount at a time.

Many lexers take quadratic time for text that was made for it, such as thousands of blank lines of C: what takes too
long stays plain. Time is that of this thread, so that a busy machine shows the same colours as a quiet one.
"""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Final

from workbench.ui.text.lines import Run, merged
from workbench.ui.text.wrap import expanded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pygments.lexer import Lexer

MAX_LINE: Final = 2_000
MAX_CODE: Final = 400_000
"""Longer lines and longer code stay without colour: some lexers take quadratic time."""
AT_ONCE: Final = 4_096
"""Code up to this long is coloured when it is first shown; longer code in steps."""
LONG_LINE_S: Final = 0.04
LONG_S: Final = 0.08
LONG_CHARACTER_S: Final = 0.000_02
"""A line that takes a lexer longer ends the colour, and so does a text, with so much more for each character."""
GLANCE: Final = 16
"""Tokens between two looks at the clock."""
FACES: Final = (
    ("Token.Comment.Preproc", "name"),
    ("Token.Comment", "com"),
    ("Token.Keyword", "kw"),
    ("Token.Name.Tag", "kw"),
    ("Token.Name.Function", "name"),
    ("Token.Name.Class", "name"),
    ("Token.Name.Decorator", "name"),
    ("Token.Name.Builtin", "name"),
    ("Token.Name.Attribute", "name"),
    ("Token.Name.Exception", "name"),
    ("Token.Literal.String", "str"),
    ("Token.Literal.Number", "num"),
    ("Token.Literal", "str"),
    ("Token.Operator.Word", "kw"),
    ("Token.Generic.Heading", "kw"),
    ("Token.Generic.Deleted", "num"),
    ("Token.Generic.Inserted", "str"),
)
"""The face of each token type, the first that is a prefix."""
_faces: dict[object, str] = {}
_lexers: dict[str, Lexer | None] = {}


def lexer_for(info: str) -> Lexer | None:
    """The lexer that a fence's info string names, or none."""
    name = info.strip().split(" ")[0].split("{")[0].lower()
    if not name or len(name) > 40:
        return None
    if name not in _lexers:
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound

        try:
            _lexers[name] = get_lexer_by_name(name)
        except ClassNotFound:
            _lexers[name] = None
    return _lexers[name]


def highlighted(lines: Sequence[str], info: str) -> list[tuple[Run, ...]]:
    """The runs of each line, in one go; plain where there is no lexer or too much code."""
    out = [bare(line) for line in lines]
    for at, line in enumerate(coloured(lines, info) if sum(map(len, lines)) <= AT_ONCE else ()):
        out[at] = line
    return out


def bare(line: str) -> tuple[Run, ...]:
    """One line without colour."""
    return ((expanded(line), "block"),) if line else ()


def coloured(lines: Sequence[str], info: str) -> Iterator[tuple[Run, ...]]:
    """The runs of one line after the other; take as many as there is time for.

    A lexer that fails, takes too long, or whose tokens don't add up to the text, ends it early: what follows stays
    plain.
    """
    lexer = lexer_for(info)
    text = "\n".join(expanded(line) for line in lines)
    if lexer is None or len(text) > MAX_CODE or any(len(line) > MAX_LINE for line in lines):
        return
    at = count = 0
    row: list[Run] = []
    tokens = lexer.get_tokens_unprocessed(text)
    left, begun = LONG_S + LONG_CHARACTER_S * len(text), thread_time()
    while True:
        try:
            index, kind, value = next(tokens)
        except StopIteration:
            break
        except Exception:
            return
        count += 1
        if count % GLANCE == 0 and thread_time() - begun > min(left, LONG_LINE_S):
            return
        if index != at or not text.startswith(value, index):
            return
        at = index + len(value)
        face = _face(kind)
        first, *more = value.split("\n")
        row.append((first, face))
        for part in more:
            left -= thread_time() - begun
            yield tuple(merged(row))
            row, begun = [(part, face)], thread_time()
    yield tuple(merged(row))


def _face(kind: object) -> str:
    face = _faces.get(kind)
    if face is None:
        name = str(kind)
        found = next((face for prefix, face in FACES if name.startswith(prefix)), "")
        face = _faces[kind] = f"block {found}".strip()
    return face
