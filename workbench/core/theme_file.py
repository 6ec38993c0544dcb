"""A theme file's tables → a theme, and a note for each mistake."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from workbench.core import colour
from workbench.core.theme import LANES, Theme, resolve, rises
from workbench.core.tints import TINTS

SHORTEST_RAMP: Final = 5
NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
VARIABLE: Final = re.compile(r"[a-z][a-z0-9-]*")
STYLES: Final = frozenset({"bold", "dim", "italic", "reverse", "strike", "underline"})
LIKE: Final = 'a colour like "#7aa2f7"'
SETTINGS: Final = ("name", "dark", "indexed", "variables")
TABLES: Final = {
    "theme": (*SETTINGS, *(tint.key for tint in TINTS if tint.table == "theme")),
    "lanes": ("palette",),
    "heat": ("ramp",),
    "diff": tuple(tint.key for tint in TINTS if tint.table == "diff"),
    "code": tuple(tint.key for tint in TINTS if tint.table == "code"),
}
"""The tables of a theme file and the keys each may hold."""


class Parsed(NamedTuple):
    """What a file gave: the theme, unless a colour it can't do without is missing, and what was wrong."""

    theme: Theme | None
    notes: tuple[str, ...]
    """One a mistake, each naming its key and what would be right."""


class _Reader:
    """Takes values out of the tables and collects what is wrong with them."""

    def __init__(self, tables: Mapping[str, object]) -> None:
        self.notes: list[str] = []
        self.indexed = False
        self.tables = {name: self._table(name, tables.get(name, {}), keys) for name, keys in TABLES.items()}
        for name in tables:
            if name not in TABLES:
                self.wrong(name, "is no table of a theme", f"one of {', '.join(TABLES)}")

    def _table(self, name: str, value: object, keys: tuple[str, ...]) -> dict[str, object]:
        if not isinstance(value, dict):
            self.wrong(name, f"is {_kind(value)}", f"a table: [{name}]")
            return {}
        for key in value:
            if key not in keys:
                self.wrong(f"{name}.{key}", "is no key of a theme", f"one of {', '.join(keys)}")
        return {str(key): entry for key, entry in value.items()}

    def wrong(self, key: str, what: str, right: str) -> None:
        self.notes.append(f"{key} {what}; {right} would be right")

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.tables["theme"].get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(f"theme.{key}", f"is {_kind(value)}", "true or false")
        return default

    def colour(self, table: str, key: str) -> str | None:
        value = self.tables[table].get(key)
        return None if value is None else self._colour(f"{table}.{key}", value)

    def _colour(self, where: str, value: object) -> str | None:
        found = colour.parse(value) if isinstance(value, str) else None
        if found is None:
            self.wrong(where, f"is {_shown(value)}", LIKE)
        elif self.indexed and not colour.is_256(found):
            self.wrong(where, f"is {found}, none of xterm's 256", colour.nearest_256(found))
        return found

    def colours(self, table: str, key: str, count: str, fits: Callable[[int], bool]) -> tuple[str, ...] | None:
        """A list of colours; None where it isn't given, too short, or one of them is none."""
        value = self.tables[table].get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not fits(len(value)):
            kind = f"a list of {len(value)}" if isinstance(value, list) else _kind(value)
            self.wrong(f"{table}.{key}", f"is {kind}", f"a list of {count} colours")
            return None
        found = [self._colour(f"{table}.{key}[{at}]", entry) for at, entry in enumerate(value, 1)]
        good = tuple(entry for entry in found if entry)
        return good if len(good) == len(found) else None

    def variables(self) -> dict[str, str]:
        """Colours and text styles: what a style sheet takes anywhere, so that none can stop the start."""
        value = self.tables["theme"].get("variables", {})
        if not isinstance(value, dict):
            self.wrong("theme.variables", f"is {_kind(value)}", "a table: [theme.variables]")
            return {}
        found: dict[str, str] = {}
        for key, entry in value.items():
            where = f"theme.variables.{key}"
            if not VARIABLE.fullmatch(key):
                self.wrong(where, "is no name", "lower case letters, digits and dashes")
            elif not key.endswith("style"):
                if shade := self._colour(where, entry):
                    found[key] = shade
            elif isinstance(entry, str) and (entry == "none" or (entry and STYLES.issuperset(entry.split()))):
                found[key] = entry
            else:
                self.wrong(where, f"is {_shown(entry)}", f"none, or words of {', '.join(sorted(STYLES))}")
        return found


def parse(tables: Mapping[str, object], name: str) -> Parsed:
    """A file's tables as the theme `name` (the file's name, without `.toml`)."""
    reader = _Reader(tables)
    reader.indexed = reader.flag("indexed", default=False)
    called = reader.tables["theme"].get("name", name)
    if called != name:
        reader.wrong("theme.name", f"is {_shown(called)}", f'"{name}", as the file is called,')
    given = {tint.name: found for tint in TINTS if (found := reader.colour(tint.table, tint.key)) is not None}
    lanes = reader.colours("lanes", "palette", str(LANES), lambda count: count == LANES)
    heat = reader.colours("heat", "ramp", f"{SHORTEST_RAMP} or more", lambda count: count >= SHORTEST_RAMP)
    if heat and not rises(heat):
        reader.wrong("heat.ramp", "doesn't get brighter from each colour to the next", "dark to bright")
        heat = None
    variables = reader.variables()
    ground = given.get("background")
    dark = reader.flag("dark", default=ground is None or colour.luminance(ground) < 0.18)
    missing = [tint for tint in TINTS if tint.fallback is None and tint.name not in given]
    for tint in missing:
        if tint.key not in reader.tables["theme"]:
            reader.wrong(f"theme.{tint.key}", f"({tint.help}) is missing", LIKE)
    if missing:
        return Parsed(None, tuple(reader.notes))
    theme = resolve(name, given, dark=dark, lanes=lanes, heat=heat, variables=variables, indexed=reader.indexed)
    return Parsed(theme, tuple(reader.notes))


def _kind(value: object) -> str:
    names = {
        bool: "a truth value",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")


def _shown(value: object) -> str:
    """The value itself where it is short text, else what kind of value it is."""
    short = isinstance(value, str) and len(value) <= 24 and value.isprintable()
    return f'"{value}"' if short else _kind(value)
