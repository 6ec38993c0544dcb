"""The text of a session file: TOML whose last line is announced by its first, so that a cut is never overlooked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from workbench.engine import toml_file, toml_values

END: Final = toml_values.END
ANNOUNCEMENT: Final = f'# A Workbench session; its last line is "{END}".'
ENDED: Final = re.compile(rf"^{END}[ \t]*\r?$", re.MULTILINE)
KEY: Final = r"""(?:[\w\-]+|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')"""
SCAN: Final = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r"|(?P<open>\"\"\"|''')"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+"
    rf"|(?m:^)\[\[?(?P<key>{KEY})[^\n]*\][ \t\r]*(?m:$)",
    re.DOTALL,
)
"""Strings and comments as a parser finds them, and the headers outside of them."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a file says, as far as it is whole."""

    tables: dict[str, Any]
    cut: bool = False
    """Whether its end is missing."""
    dropped: str = ""
    """Where what was left of an unfinished block stood: `line 12 ([[messages]])`; empty where none was left."""


def read(data: bytes, name: str) -> Text:
    """The tables; of a file that was cut those of its whole blocks. Raises StoreError for what can't be read."""
    if not _announced(data):
        return Text(toml_file.loads(data, name))
    text = _decoded(data)
    if text is None or ENDED.search(text):
        return Text(toml_file.loads(data, name))
    whole, dropped = _whole(text)
    return Text(toml_file.loads(whole.encode(), name), cut=True, dropped=dropped)


def _announced(data: bytes) -> bool:
    """Whether it begins like a file of ours: with the announcement, or with as much of it as there is."""
    head = data[: len(ANNOUNCEMENT) + 3].removeprefix(b"\xef\xbb\xbf").rstrip(b"\0")
    return bool(head) and (head.startswith(ANNOUNCEMENT.encode()) or ANNOUNCEMENT.encode().startswith(head))


def _decoded(data: bytes) -> str | None:
    """The text before the first NUL, less a character that was cut; None for what is no UTF-8."""
    before = data.partition(b"\0")[0].removeprefix(b"\xef\xbb\xbf")
    try:
        return before.decode()
    except UnicodeDecodeError as error:
        if error.end == len(before) and error.reason == "unexpected end of data":
            return before[: error.start].decode()
        return None


def _whole(text: str) -> tuple[str, str]:
    """What stands before the last block, and where that began; nothing is left out where only the end line is cut."""
    last, top, ended = 0, "", True
    for found in SCAN.finditer(text):
        if found["open"] is not None:
            ended = False
            break
        if found["key"] is not None and (found["key"] != top or "." not in found[0].removeprefix(f"[{top}")):
            last, top = found.start(), found["key"]
    tail = text.rpartition("\n")[2]
    if ended and tail and END.startswith(tail) and text[: -len(tail)].endswith("\n\n"):
        return text, ""
    line = text.count("\n", 0, last) + 1
    header = text[last:].partition("\n")[0].strip()[:40]
    return text[:last], f"line {line} ({header})" if top else f"line {line}"


def is_empty(data: bytes) -> bool:
    """Whether nothing stands in it but the NULs that a crash leaves."""
    return not data.strip(b"\0")
