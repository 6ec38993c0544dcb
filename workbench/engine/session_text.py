"""The text of a session file: TOML whose last line is announced by its first, so that a cut is never overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from workbench.engine import toml_file, toml_guard, toml_values
from workbench.engine.files import StoreError

END: Final = toml_values.END
ANNOUNCEMENT: Final = f'# A Workbench session; its last line is "{END}".'
ENDED: Final = re.compile(rf"^{END}[ \t]*\r?$", re.MULTILINE)
PART: Final = 1 << 16
"""Characters parsed in one go."""
LAST: Final = 200
"""Characters at the end, where the last line is looked for first."""
KEY: Final = r"""(?:[\w\-]+|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')"""
QUOTED: Final = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r"|(?P<open>\"\"\"|''')"
    r'|"(?:[^"\\\n]++|\\[^\n])*+"'
    r"|'[^'\n]*+'"
    r"|\#[^\n]*+"
)
"""Strings and comments as a parser finds them, from the left."""
SCAN: Final = re.compile(
    QUOTED + rf"|(?m:^)\[\[?(?P<key>{KEY})[^\n]*\][ \t\r]*(?m:$)",
    re.DOTALL,
)
"""Strings, comments, and the headers outside of them."""


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
    if text is None or ENDED.search(text[-LAST:]) or ENDED.search(text):
        return Text((_in_parts(text) if text is not None and len(text) > PART else None) or toml_file.loads(data, name))
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
        if found["key"] is not None and _begins(found, top):
            last, top = found.start(), found["key"]
    tail = text.rpartition("\n")[2]
    if ended and tail and END.startswith(tail) and text[: -len(tail)].endswith("\n\n"):
        return text, ""
    line = text.count("\n", 0, last) + 1
    header = text[last:].partition("\n")[0].strip()[:40]
    return text[:last], f"line {line} ({header})" if top else f"line {line}"


def _in_parts(text: str) -> dict[str, Any] | None:
    """The tables of a long file, parsed in steps: in one it would keep every other thread waiting for seconds.

    None where it isn't laid out as we write it, or holds a mistake: the whole text then says what and where.
    """
    made: dict[str, Any] = {}
    total: toml_guard.Counts = (0,) * len(toml_guard.MOST)
    try:
        for part in _parts(text):
            reason, counts = toml_guard.look(part)
            total = tuple(map(sum, zip(total, counts, strict=True)))
            if reason or toml_guard.too_many(total):
                return None
            for name, value in toml_file.parse(part, "").items():
                if name not in made:
                    made[name] = value
                elif isinstance(value, list) and isinstance(made[name], list):
                    made[name].extend(value)
                else:
                    return None
    except StoreError:
        return None
    return made


def _parts(text: str) -> Iterator[str]:
    """The text cut before headers, a few messages in each piece."""
    start = 0
    top = ""
    for found in SCAN.finditer(text):
        if found["open"] is not None:
            break
        if found["key"] is not None and _begins(found, top):
            if found.start() - start > PART:
                yield text[start : found.start()]
                start = found.start()
            top = found["key"]
    yield text[start:]


def _begins(header: re.Match[str], top: str) -> bool:
    """Whether a header begins a table at the top, or goes on below the one before."""
    return header["key"] != top or "." not in header[0].removeprefix(f"[{top}")


def is_empty(data: bytes) -> bool:
    """Whether nothing stands in it but the NULs that a crash leaves."""
    return not data.strip(b"\0")
