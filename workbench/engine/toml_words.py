"""What a person most likely meant where a TOML file has a mistake: the parser's own words name only a character.

No value of the file is repeated: a configuration might hold a key where none belongs.
"""

from __future__ import annotations

import re
from typing import Final

PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)$")
NAMED: Final = re.compile(r"\s*(?P<key>[\w.\-]{1,60}|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}')\s*=[ \t]*(?P<value>[^\r\n]*)")
HEADER: Final = re.compile(r"\s*(?P<header>\[\[?(?P<name>[^\[\]\n]{1,60})\]\]?)")
INLINE: Final = re.compile(r"Duplicate inline table key '([^'\n]{1,60})'")
WORDS: Final = re.compile(r"[\w.+/:@~][^\"'\[\]{}=#]*")
"""A value that is text without its quotes."""
SWITCH: Final = re.compile(r"(?i:(true|false))[ \t]*(?:#|$)")
MARKS: Final = ('"""', "'''")
FARTHEST: Final = 2000
"""Lines that a text may have whose key is looked for."""


def meant(text: str, said: str) -> str | None:
    """What is wrong at the place that a parser's message names, with what would be right; None where it is unclear."""
    found = PLACE.search(said)
    lines = text.split("\n", int(found[1]))[: int(found[1])] if found else text.rstrip("\n").split("\n")
    if said.startswith(("Cannot overwrite a value", "Cannot declare", "Duplicate inline table key")):
        return _twice(lines, INLINE.match(said))
    if "character '\\n'" in said:
        return 'a text doesn\'t end on its line; end it there, or put """ before and behind one of several lines'
    named = NAMED.match(lines[-1])
    if named and said.startswith(("Invalid value", "Expected newline")) and WORDS.match(named["value"]):
        if switch := SWITCH.match(named["value"]):
            return f"true and false are written in small letters: {named['key']} = {switch[1].lower()}"
        return f'text needs quotes: {named["key"]} = "…"'
    return None


def _twice(lines: list[str], inline: re.Match[str] | None) -> str:
    """What is there a second time, at the last of the lines or, for a text of several, above it."""
    if inline:
        return f"{inline[1]} is there twice; leave one"
    if header := HEADER.match(lines[-1]):
        one, several = f"[{header['name']}]", f"[[{header['name']}]]"
        above = {found["header"] for line in lines[:-1] if (found := HEADER.match(line))}
        if {one, several} <= {*above, header["header"]}:
            return f"{one} and {several} are both there; write each of them alike"
        return f"{header['header']} is there twice; put all of its keys under one"
    named = NAMED.match(lines[-1])
    if named is None or any(marks in named["value"][1:] for marks in MARKS):
        before = filter(None, map(NAMED.match, lines[: -FARTHEST - 1 : -1]))
        named = next((each for each in before if each["value"].startswith((*MARKS, "[", "{"))), None)
    return f"{named['key']} is there twice; leave one" if named else "a key is there twice; leave one"
