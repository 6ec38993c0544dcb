"""A text as a diff takes it apart: paragraphs, and words, lines or characters inside them; nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple
from unicodedata import category

LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
FENCE: Final = re.compile(r"[ \t]*(?:(`{3,})[^`\r\n]*|(~{3,})[^\r\n]*)(?=[\r\n]|\Z)")
HEADING: Final = re.compile(r"[ \t]*#{1,6}[ \t]")
BEGINS: Final = re.compile(r"[ \t]*(?:[-*+•][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|\|)")
"""List items, headings and rows of a table stand for themselves, though no blank line parts them."""

_CJK: Final = r"\u2e80-\u2fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
_MARKS: Final = r"\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SIGNS: Final = r"!-/:-@\[-\^`{-~¡«»¿\u2010-\u2027\u2030-\u205e\u3000-\u301f\uff01-\uff0f\uff1a-\uff20"
_LETTERS: Final = rf"[^\s{_SIGNS}{_CJK}]+"
WORD: Final = re.compile(rf"(?:[{_CJK}][{_MARKS}]*|{_LETTERS}(?:(?:['’.\-]|(?<=\d),(?=\d)){_LETTERS})*|[{_SIGNS}])\s*")
"""A word with the space behind it; a sign and an ideograph count as one each.

Space is never a token of its own: it is in every other place, and difflib would take seconds over it.
"""
COUNTED: Final = re.compile(rf"[{_CJK}]|{_LETTERS}(?:(?:['’.\-]|(?<=\d),(?=\d)){_LETTERS})*")
"""What counts as a word: signs don't."""
_CHARACTER: Final = re.compile(r"\r\n|[\s\S]")
_JOINER: Final = "\u200d"
SHORT: Final = 3
"""Letters of words that say little about what a paragraph is about: the, and, of."""
FEW: Final = 5
"""A paragraph with fewer telling words is known by all of them."""


class Paragraph(NamedTuple):
    """A paragraph, a list item, a heading or a whole code block, with the blank lines around it."""

    lead: str
    """Blank lines before it: only the first of a text has any."""
    body: str
    end: str
    """Its line break, and the blank lines behind it."""
    code: bool = False

    @property
    def text(self) -> str:
        return self.lead + self.body + self.end


class Tokens(NamedTuple):
    """The pieces of a text, and what each is compared by."""

    texts: Sequence[str]
    keys: Sequence[str]


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text; a code fence is one, to its end."""
    found: list[Paragraph] = []
    lines: list[str] = []
    code, fence, complete, written = False, "", False, False
    for line in LINE.findall(text):
        if fence:
            lines.append(line)
            if _closes(line, fence):
                fence, complete = "", True
            continue
        if not line.strip():
            complete = complete or written
            lines.append(line)
            continue
        opening = FENCE.match(line)
        if written and (complete or opening or BEGINS.match(line)):
            found.append(_paragraph("".join(lines), code=code))
            lines, code = [], False
        if opening:
            code, fence = True, opening[1] or opening[2]
        complete, written = bool(HEADING.match(line)), True
        lines.append(line)
    if lines:
        found.append(_paragraph("".join(lines), code=code))
    return found


def words(text: str) -> Tokens:
    """Words with the space behind them, compared without it."""
    bare = text.lstrip()
    texts = WORD.findall(bare)
    if texts and len(bare) < len(text):
        texts[0] = text[: len(text) - len(bare)] + texts[0]
    return Tokens(texts, [word.strip() for word in texts])


def lines(paragraph: Paragraph) -> Tokens:
    """Lines, compared without their ends; the blank lines around a paragraph belong to its first and last."""
    texts = LINE.findall(paragraph.body) or [""]
    keys = [line.rstrip("\r\n") for line in texts]
    texts[0] = paragraph.lead + texts[0]
    texts[-1] += paragraph.end
    return Tokens(texts, keys)


def characters(text: str) -> list[str]:
    """The characters that a reader would count: marks and joined emoji stay with what they belong to."""
    single = _CHARACTER.findall(text)
    if text.isascii():
        return single
    found: list[str] = []
    for character in single:
        if found and len(character) == 1 and (found[-1].endswith(_JOINER) or _attached(character)):
            found[-1] += character
        else:
            found.append(character)
    return found


def bag(paragraph: Paragraph) -> frozenset[tuple[str, int]]:
    """Its words as a multiset, to tell how much two paragraphs have in common without aligning them."""
    every = COUNTED.findall(paragraph.body.casefold())
    telling = [word for word in every if len(word) > SHORT or not word.isascii()]
    if len(telling) < FEW:
        telling = every
    seen: dict[str, int] = {}
    made = []
    for word in telling:
        seen[word] = nth = seen.get(word, 0) + 1
        made.append((word, nth))
    return frozenset(made)


def count_words(text: str) -> int:
    return len(COUNTED.findall(text))


def _closes(line: str, fence: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def _paragraph(text: str, *, code: bool) -> Paragraph:
    """Taken apart at the first and the last line that say something."""
    ended = len(text.rstrip())
    breaks = [at for at in (text.find("\r", ended), text.find("\n", ended)) if at >= 0]
    end = min(breaks, default=len(text))
    if not ended:
        return Paragraph(text, "", "", code)
    begun = len(text) - len(text.lstrip())
    lead = max(text.rfind("\r", 0, begun), text.rfind("\n", 0, begun)) + 1
    return Paragraph(text[:lead], text[lead:end], text[end:], code)


def _attached(character: str) -> bool:
    """Whether it is drawn on, or as part of, the character before it."""
    return character == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff" or category(character)[0] == "M"
