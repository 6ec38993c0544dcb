"""TOML, read within limits and written for people.

Values are tomli_w's; the layout is ours: blocks for tables and lists of tables, small ones on one line, text of many
lines as it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Final

from workbench.core.errors import Problem
from workbench.engine import toml_guard
from workbench.engine.files import StoreError
from workbench.engine.toml_values import WIDTH, bare_key, escaped, moment, one_a_line, scalar

ORDERED_DEPTH: Final = 2
"""Tables this far down keep the order of their keys: they are JSON, which is sent as it was written."""
COMPOUND: Final = (dict, list, tuple)
ONE_LINE: Final = (str, int, float, date, time, Decimal)
SURROGATE: Final = re.compile("[\ud800-\udfff]")
OTHER_ENCODINGS: Final = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def loads(data: bytes, name: str) -> dict[str, Any]:
    """The tables of a TOML file. Raises StoreError that says where the first mistake is."""
    text = decode(data, name)
    if reason := toml_guard.refusal(text):
        raise _unreadable(name, reason, "Write it with fewer.")
    return parse(text, name)


def parse(text: str, name: str) -> dict[str, Any]:
    """The same of a text that was looked over."""
    parser = _parser()
    try:
        return parser.loads(text)  # type: ignore[no-any-return]  # one of two modules with the same functions
    except parser.TOMLDecodeError as error:
        from workbench.engine import toml_words

        message, place = _located(error)
        message = toml_words.meant(text, str(error)) or message
        raise _unreadable(name, f"{place}: {message}", "Correct it there, then open it again.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        reason = "a number in it is too long" if isinstance(error, ValueError) else "it takes too much memory"
        raise _unreadable(name, reason, "Correct it, then open it again.") from error


def decode(data: bytes, name: str) -> str:
    """UTF-8, with or without a mark in front. Raises StoreError that names what it is instead."""
    for mark, encoding in OTHER_ENCODINGS:
        if data.startswith(mark):
            raise _unreadable(name, f"it is {encoding}, not UTF-8", "Save it as UTF-8 in an editor.")
    if (at := data.find(b"\0")) >= 0:
        if (data[:1] == b"\0") != (data[1:2] == b"\0"):
            raise _unreadable(name, "it is UTF-16, not UTF-8", "Save it as UTF-8 in an editor.")
        line = data.count(b"\n", 0, at) + 1
        raise _unreadable(name, f"it is damaged: NUL bytes from line {line} on", "Restore it from a copy.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"line {line} is not UTF-8 (Latin-1 or Windows-1252, perhaps)"
        raise _unreadable(name, reason, "Save it as UTF-8 in an editor.") from error


def _unreadable(name: str, reason: str, hint: str) -> StoreError:
    return StoreError(Problem(f"{name} can't be read", reason, hint))


@cache
def _parser() -> Any:
    """tomli, compiled and three times as fast; where it can't be had, tomllib, its twin."""
    try:
        import tomli as parser
    except ImportError:
        import tomllib as parser  # type: ignore[no-redef]
    return parser


def _located(error: ValueError) -> tuple[str, str]:
    """The parser's message apart from its place, which tomllib has in the text alone."""
    message, _, rest = str(error).partition(" (at ")
    words = rest.rstrip(")") or "end of document"
    place = words.replace("end of document", "at its end")
    return message[:1].lower() + message[1:], place


def dumps(tables: Mapping[str, object]) -> str:
    """The text of a TOML file, in the order given, tables after plain values.

    Half of a surrogate pair, which UTF-8 can't say, becomes U+FFFD. Raises ValueError for what nests deeper than can
    be read again, TypeError for what TOML can't say.
    """
    return _encodable(tables, _document)


def row(name: str, table: Mapping[str, object]) -> str:
    """One `[[name]]` of a file, as `dumps` writes it. Raises ValueError, TypeError."""

    def written(each: Mapping[str, object]) -> str:
        blocks: list[str] = []
        _block(blocks, name, f"[[{name}]]", each, 1)
        return "\n".join(blocks)

    return _encodable(table, written)


def _encodable(tables: Mapping[str, object], write: Callable[[Mapping[str, object]], str]) -> str:
    text = write(tables)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = write(_visible(tables))
    return text


def _document(tables: Mapping[str, object]) -> str:
    blocks: list[str] = []
    _block(blocks, "", "", tables, 0)
    return "\n".join(blocks)


def _block(blocks: list[str], name: str, header: str, table: Mapping[str, object], depth: int) -> None:
    """One table with its header, then those inside that want a block of their own."""
    if depth > toml_guard.MAX_DEPTH:
        raise ValueError(f"{name[:60]} … nests deeper than {toml_guard.MAX_DEPTH} levels")
    multi_line = not any(isinstance(value, str) and "\r" in value for value in table.values())
    own: dict[str, str | None] = {}
    plain: dict[str, object] = {}
    inner: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, COMPOUND):
            text = _compound(value, WIDTH - len(key) - 3, top=not name)
            if text is None:
                inner.append((key, value))
            else:
                own[key] = text
        elif isinstance(value, str) and multi_line and "\n" in value and not value.isspace():
            own[key] = f'"""\n{escaped(value)}"""'
        elif isinstance(value, datetime):
            own[key] = moment(value)
        elif isinstance(value, ONE_LINE):
            own[key] = None
            plain[key] = value
        else:
            raise TypeError(f"{key}: TOML can't say {type(value).__name__}")
    if inner and depth >= ORDERED_DEPTH:
        inner = _kept_in_order(own, inner, list(table))
    if own or not inner or header.startswith("[["):
        # One call for all plain values: each is one line, because their newlines are escaped.
        written = iter(one_a_line(plain).split("\n"))
        rows = [next(written) if text is None else f"{bare_key(key)} = {text}" for key, text in own.items()]
        blocks.append("".join(f"{line}\n" for line in ((header, *rows) if header else rows)))
    for key, value in inner:
        path = f"{name}.{bare_key(key)}" if name else bare_key(key)
        if isinstance(value, dict):
            _block(blocks, path, f"[{path}]", value, depth + 1)
        elif isinstance(value, list | tuple):
            for row in value:
                _block(blocks, path, f"[[{path}]]", row, depth + 1)


def _kept_in_order(
    own: dict[str, str | None], inner: list[tuple[str, object]], keys: list[str]
) -> list[tuple[str, object]]:
    """The tables that may be blocks: those after the last plain key. One before it goes among the rows instead."""
    last = max((at for at, key in enumerate(keys) if key in own), default=-1)
    early = {key: value for key, value in inner if keys.index(key) < last}
    texts = {**own, **{key: _long(value) for key, value in early.items()}}
    own.clear()
    own.update((key, texts[key]) for key in keys if key in texts)
    return [(key, value) for key, value in inner if key not in early]


def _long(value: object) -> str:
    """A list or table as the right side of a key, however long; a list has a line for each item."""
    if isinstance(value, list | tuple):
        return "".join(("[\n", *(f"    {_inline(item, 1)},\n" for item in value), "]"))
    return _inline(value, 0)


def _compound(value: Mapping[str, object] | list[Any] | tuple[Any, ...], room: int, *, top: bool) -> str | None:
    """A list or table as the right side of a key; None where a block reads better."""
    if isinstance(value, dict):
        return None if top else _fitting(value, room)
    if value and all(isinstance(row, dict) for row in value):
        if top:
            return None
        rows = [_fitting(row, WIDTH - 5) for row in value]
        return None if None in rows else "".join(("[\n", *(f"    {row},\n" for row in rows), "]"))
    one_line = _fitting(value, room)
    if one_line is not None:
        return one_line
    return "".join(("[\n", *(f"    {_inline(item, 1)},\n" for item in value), "]"))


def _fitting(value: object, room: int) -> str | None:
    """The value on one line, if it is short and holds no text of many lines."""
    if not _is_small(value, room):
        return None
    text = _inline(value, 0)
    return text if len(text) <= room else None


def _is_small(value: object, room: int) -> bool:
    """Rough and quick: what it lets pass is measured afterwards."""
    if isinstance(value, str):
        return len(value) <= room
    if isinstance(value, dict):
        return len(value) * 4 <= room and all(
            _is_small(each, room - 4) and not (isinstance(each, str) and "\n" in each) for each in value.values()
        )
    if isinstance(value, list | tuple):
        return len(value) * 2 <= room and all(_is_small(each, room - 2) for each in value)
    return True


def _inline(value: object, depth: int) -> str:
    if not isinstance(value, COMPOUND):
        return scalar(value)
    if depth >= toml_guard.MAX_DEPTH:
        raise ValueError(f"a list nests deeper than {toml_guard.MAX_DEPTH} levels")
    if isinstance(value, dict):
        pairs = ", ".join([f"{bare_key(key)} = {_inline(each, depth + 1)}" for key, each in value.items()])
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join([_inline(each, depth + 1) for each in value])}]"


def _visible(value: Any) -> Any:
    """The same with U+FFFD for each lone surrogate; keys that become the same keep apart."""
    if isinstance(value, str):
        return SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        made: dict[str, Any] = {}
        for key, each in value.items():
            name = _visible(key)
            while name in made or (name != key and name in value):
                name += "\ufffd"
            made[name] = _visible(each)
        return made
    if isinstance(value, list | tuple):
        return [_visible(each) for each in value]
    return value
