"""What kinds of value a parameter can take, and how each is read, stepped and shown."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias, cast

from workbench.core import strict_json


class KindError(ValueError):
    """A value that a kind can't take; the text completes the sentence "KEY …"."""


@dataclass(frozen=True)
class Json:
    """A JSON value that can be hashed and compared; its text is its identity."""

    text: str

    @classmethod
    def of(cls, value: object) -> Json:
        """Raises KindError for what JSON can't say: NaN, bytes, dates."""
        try:
            return cls(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": ")))
        except (TypeError, ValueError, RecursionError) as error:
            raise KindError(f"can't be sent as JSON: {error}") from error

    @classmethod
    def parse(cls, text: str, deepest: int = strict_json.MAX_DEPTH) -> Json:
        """Raises KindError naming the first mistake: a key that stands twice, or more levels than a file can keep."""
        try:
            value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
            deep = strict_json.too_deep(text, value, deepest)
        except json.JSONDecodeError as error:
            raise KindError(f"is not JSON: {error.msg.lower()} at line {error.lineno}, column {error.colno}") from error
        except KindError:
            raise
        except RecursionError:
            deep = True
        except ValueError as error:
            raise KindError(f"is not JSON: {error}") from error
        if deep:
            raise KindError(f"nests deeper than {deepest} levels")
        return cls.of(value)

    @cached_property
    def value(self) -> object:
        return json.loads(self.text)

    @property
    def plain(self) -> object:
        """The value where TOML can say it, else its text: TOML has no null, and text stands for JSON there."""
        return self.text if isinstance(self.value, str) or _holds_null(self.value) else self.value


def _holds_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(_holds_null(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_null(item) for item in value)
    return value is None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise KindError(f'is not JSON: the key "{twice}" stands twice in one object')
    return made


def _no_constant(name: str) -> object:
    raise KindError(f"is not JSON: {name} is no JSON number")


Value: TypeAlias = str | int | float | tuple[str, ...] | Json


@dataclass(frozen=True, slots=True)
class Number:
    """A number with a slider; the bounds are the API's, and a value beyond them is warned of, not refused."""

    low: float
    high: float
    step: float
    big: float
    start: float
    """Where stepping begins while the parameter is unset."""
    integer: bool = False

    def read(self, raw: object) -> Value:
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            raise KindError(f"takes a {self.noun}, not {shown_raw(raw)}")
        if abs(raw) > 1e15 or not math.isfinite(raw):  # in this order: no float holds an integer of 400 digits
            raise KindError(f"takes a finite {self.noun}, not {shown_raw(raw)}")
        if self.integer and isinstance(raw, float):
            raise KindError(f"takes a whole number, not {raw}")
        return raw

    def read_text(self, text: str) -> Value:
        cleaned = text.strip().replace("_", "").replace(" ", "")
        try:
            return self.read(int(cleaned))
        except ValueError:
            pass
        try:
            number = float(cleaned)
        except ValueError as error:
            raise KindError(f"takes a {self.noun}, not {text.strip()!r}") from error
        return self.read(number)

    def stepped(self, value: Value | None, by: int, *, big: bool) -> Value:
        """The value `by` steps on, kept on the grid of steps and within the bounds."""
        if not isinstance(value, int | float):
            return int(self.start) if self.integer else self.start
        size = Decimal(str(self.big if big else self.step))
        whole, rest = divmod(Decimal(str(value)), size)
        if rest and by < 0:
            whole += 1
        # A count of 0 is typed by who means it: steps end at the smallest.
        low = Decimal(str(self.step if self.integer and self.low == 0 and value else self.low))
        moved = min(max((whole + by) * size, low), Decimal(str(self.high)))
        return int(moved) if self.integer else float(moved)

    def warning(self, value: Value) -> str | None:
        if isinstance(value, int | float) and not self.low <= value <= self.high:
            return f"{value:g} lies outside {self.low:g}–{self.high:g}"
        return None

    def shown(self, value: Value) -> str:
        if isinstance(value, int) and (self.integer or abs(value) >= 1000):
            return f"{value:,}".replace(",", " ")
        return f"{value:.2f}" if round(float(cast(float, value)), 2) == value else f"{value:g}"

    @property
    def noun(self) -> str:
        return "whole number" if self.integer else "number"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; `open` ones take any other word too, because servers know more than we do."""

    values: tuple[str, ...] = ()
    open: bool = False

    def read(self, raw: object) -> Value:
        if not isinstance(raw, str) or not raw:
            raise KindError(f"takes a word, not {shown_raw(raw)}")
        if not self.open and raw not in self.values:
            raise KindError(f"takes {either(self.values)}, not {raw!r}")
        return raw

    def read_text(self, text: str) -> Value:
        return self.read(text.strip())

    def stepped(self, value: Value | None, by: int, *, among: Sequence[str] = ()) -> Value | None:
        """The word `by` places on, among the declared ones or those handed in."""
        words = tuple(among) or self.values
        if not words:
            return value
        at = words.index(value) if isinstance(value, str) and value in words else (-1 if by > 0 else len(words))
        return words[min(max(at + by, 0), len(words) - 1)]

    def warning(self, value: Value) -> str | None:
        return None

    def shown(self, value: Value) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Lines:
    """Several strings, each sent exactly as it is."""

    def read(self, raw: object) -> Value:
        if isinstance(raw, str):
            return (raw,)
        if not isinstance(raw, list | tuple) or not all(isinstance(line, str) for line in raw):
            raise KindError(f"takes a list of strings, not {shown_raw(raw)}")
        return tuple(raw)

    def read_text(self, text: str) -> Value:
        """A JSON list, or else one string as it was typed: `[END]` is one, a list with a mistake isn't."""
        cleaned = text.strip()
        if not cleaned.startswith("["):
            return (text,)
        try:
            listed = Json.parse(cleaned)
        except KindError:
            if cleaned[1:].lstrip().startswith('"'):
                raise
            return (text,)
        return self.read(listed.value)

    def warning(self, value: Value) -> str | None:
        return None

    def shown(self, value: Value) -> str:
        lines = cast(tuple[str, ...], value)
        if not lines:
            return "[]"
        first = json.dumps(lines[0], ensure_ascii=False)
        return first if len(lines) == 1 else f"{first} +{len(lines) - 1}"


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, sent exactly as it is; `long` text is edited in an editor, not in a row."""

    long: bool = False

    def read(self, raw: object) -> Value:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise KindError(f"takes text, not {shown_raw(raw)}")
        return str(raw)

    def read_text(self, text: str) -> Value:
        return text

    def warning(self, value: Value) -> str | None:
        return None

    def shown(self, value: Value) -> str:
        text = " ".join(str(value).split())
        return text if len(text) <= 40 else f"{text[:39]}…"


@dataclass(frozen=True, slots=True)
class JsonKind:
    """A JSON value of one shape; a file may write it as TOML or as JSON text."""

    shape: type[list[object]] | type[dict[str, object]] | None = None
    plain: bool = False
    """Whether text that is no JSON stands for itself, as a JSON string."""
    words: tuple[str, ...] = ()
    """Words that stand for a value made at send."""

    def read(self, raw: object) -> Value:
        if isinstance(raw, Json):
            return self._checked(raw)
        if isinstance(raw, str):
            return self.read_text(raw)
        return self._checked(Json.of(raw))

    def read_text(self, text: str) -> Value:
        if text.strip() in self.words:
            return Json.of(text.strip())
        try:
            return self._checked(Json.parse(text))
        except KindError:
            if self.plain and text.strip() and text.strip()[0] not in '{["':
                return Json.of(text)
            raise

    def _checked(self, value: Json) -> Json:
        if self.shape is not None and not isinstance(value.value, self.shape) and value.value not in self.words:
            wanted = "list" if self.shape is list else "table"
            raise KindError(f"takes a JSON {wanted}, not {shown_raw(value.value)}")
        return value

    def warning(self, value: Value) -> str | None:
        return None

    def shown(self, value: Value) -> str:
        held = cast(Json, value).value
        if isinstance(held, str) and held in self.words:
            return held
        if isinstance(held, list):
            names = [str(item.get("name", item.get("type", "?"))) for item in held if isinstance(item, dict)]
            listed = f"{len(held)} · {', '.join(names)}" if names else f"{len(held)} items"
            return listed if len(listed) <= 40 else f"{listed[:39]}…"
        if isinstance(held, dict) and isinstance(held.get("type"), str):
            return str(held.get("name", held["type"]))
        text = cast(Json, value).text
        return text if len(text) <= 40 else f"{text[:39]}…"


Kind: TypeAlias = Number | Choice | Lines | Text | JsonKind


def shown_raw(raw: object) -> str:
    """A rejected value as a person would name it, cut to a readable length."""
    names = {bool: "true or false", dict: "a table", list: "a list", type(None): "nothing"}
    if type(raw) in names:
        return names[type(raw)]
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:59]}…"


def either(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
