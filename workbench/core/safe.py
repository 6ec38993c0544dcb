"""Text from outside made safe to show: what would steer a terminal, or hide from the reader, becomes visible."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from unicodedata import category

ZWJ: Final = "\u200d"
ZWNJ: Final = "\u200c"
VS15: Final = "\ufe0e"
VS16: Final = "\ufe0f"
REPLACEMENT: Final = "\ufffd"

HIDDEN: Final = (
    (0x00, 0x08),
    (0x0B, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x061C, 0x061C),
    (0x115F, 0x1160),  # Hangul fillers, drawn as nothing
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xD800, 0xDFFF),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xFFFE, 0xFFFF),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""First and last of each range of characters that are never passed on without a look."""

HARMLESS: Final = (
    *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200C, 0x200D)),
    *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF)),
)
"""Those of them that steer nothing, and that a neighbour may ask for."""


def _class(ranges: Iterable[tuple[int, int]]) -> str:
    return "[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges) + "]"


_SUSPECT: Final = re.compile(_class(HIDDEN))
_STEERING: Final = re.compile(rf"(?!{_class(HARMLESS)}){_class(HIDDEN)}|[\t\n]")
_JOINING: Final = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x18AF))
"""Scripts in which a joiner between two letters is spelling: Arabic, Syriac, the Indic scripts, Khmer, Mongolian."""


def display(text: str) -> str:
    """The text with every control, bidi, tag and stray invisible character shown as a picture.

    Newline and tab stay. Each character is judged by its neighbours at most, so a sequence that
    arrives in two halves is as harmless as a whole one; doing it twice changes nothing more.
    """
    return _SUSPECT.sub(_shown, text) if _SUSPECT.search(text) else text


class Displayed:
    """What `display` makes of a text that arrives in pieces, piece by piece."""

    def __init__(self) -> None:
        self._before = ""
        self._waiting = ""

    def feed(self, text: str) -> str:
        """What can be shown by now: whether a joiner joins, the next character says."""
        text = self._waiting + text
        self._waiting = text[-1:] if text[-1:] in {ZWJ, ZWNJ} else ""
        text = text[: len(text) - len(self._waiting)]
        whole, at = self._before + text, len(self._before)
        self._before = whole[-2:]
        out: list[str] = []
        for match in _SUSPECT.finditer(whole + self._waiting, at):
            if match.start() == len(whole):
                break
            out += (whole[at : match.start()], _shown(match))
            at = match.end()
        return "".join((*out, whole[at:]))


def stopped(text: str) -> str:
    """A piece of one row with all that steers a terminal as pictures, whatever stands beside it.

    It is for what was made safe already, or should have been: joiners and selectors stay, newline and tab don't.
    """
    return text if text.isprintable() else _STEERING.sub(lambda match: picture(match[0]), text)


def encodable(text: str) -> str:
    """The text with halves of a surrogate pair joined and a lone one as U+FFFD: UTF-8 has no form for either."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def picture(character: str) -> str:
    """How one character that must not reach the terminal is drawn."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return REPLACEMENT
    return f"⟨U+{code:04X}⟩"


def _shown(match: re.Match[str]) -> str:
    character, text, at = match[0], match.string, match.start()
    before = text[at - 1] if at else ""
    if character == ZWJ and before == VS16 and at > 1 and _emoji_base(text[at - 2]):
        before = text[at - 2]
    after = text[at + 1] if at + 1 < len(text) else ""
    return character if _kept(character, before, after) else picture(character)


def _kept(character: str, before: str, after: str) -> bool:
    """Whether this joiner or selector is doing its work, rather than hiding something."""
    if not before:
        return False
    if character == ZWJ and _emoji_base(before) and _emoji_base(after):
        return True
    if character in {ZWJ, ZWNJ}:
        return _joins(before) and _joins(after)
    if character in {VS15, VS16}:
        return _emoji_base(before)
    if 0xE0100 <= ord(character) <= 0xE01EF:
        return _ideograph(before)
    return False


def _emoji_base(character: str) -> bool:
    code = ord(character) if character else 0
    if code < 0x80:
        return code > 0 and character in "#*0123456789"
    if character in "‼⁉〰":
        return True
    return 0x1F000 <= code <= 0x1FAFF or (code < 0x3300 and category(character) in {"So", "Sm"})


def _joins(character: str) -> bool:
    code = ord(character) if character else 0
    return any(first <= code <= last for first, last in _JOINING) and not _SUSPECT.match(character)


def _ideograph(character: str) -> bool:
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF
