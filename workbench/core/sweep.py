"""A sweep: a grid of parameter values, and how often each is asked; as it is written by hand or on a command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from workbench.core.attached import content
from workbench.core.kinds import Json, Number, Value
from workbench.core.params import BY_KEY, Params, lookup

UNSET: Final = "—"
"""How a value shows that isn't sent."""
VENDOR: Final = "claude-"
OPENERS: Final[Mapping[str, str]] = {"[": "]", "{": "}"}
QUOTES: Final = "\"'"


class SweepError(ValueError):
    """A sweep that can't be made so; the text is a sentence that says what would be right."""


@dataclass(frozen=True)
class Axis:
    """One parameter and the values it takes in turn."""

    key: str
    """A key of `core.params.FIELDS`."""
    values: tuple[Value | None, ...]
    """None is not sent. One of `system` may be the id of a version of the system prompt."""

    @property
    def label(self) -> str:
        return BY_KEY[self.key].label

    def shown(self, value: Value | None) -> str:
        """A value as the head of its row or column: `0.7`, `sonnet-4-6`, `s2`, `—`."""
        if value is None:
            return UNSET
        kind = BY_KEY[self.key].kind
        if isinstance(kind, Number) and not kind.integer:
            return f"{value:g}"
        text = kind.shown(value)
        return text.removeprefix(VENDOR) if self.key == "model" else text

    def told(self, value: Value | None) -> str:
        """A value where its row or column isn't seen: `temperature 0.7`, and a model or a system prompt by itself."""
        plain = value is not None and self.key in {"model", "system"}
        return self.shown(value) if plain else f"{self.label} {self.shown(value)}"

    def check(self) -> None:
        """Raises SweepError for an axis without values, or with one that stands twice."""
        if not self.values:
            raise SweepError(f"{self.key} has no values: write {self.key}=VALUE,VALUE")
        for at, value in enumerate(self.values):
            if value in self.values[:at]:
                raise SweepError(f"{self.key}: {self.shown(value)} stands twice; repeats ask the same again")


@dataclass(frozen=True)
class Sweep:
    """What is varied, how often each cell is asked, and what is asked."""

    id: str = "w1"
    axes: tuple[Axis, ...] = ()
    """In the order of the file: the last makes the columns, the others together the rows."""
    repeats: int = 1
    lane: str | None = None
    """Whose parameters are the ground; None: the first lane's."""
    parent: str | None = None
    """The message that the prompt follows; None: the beginning."""
    prompt: str | None = None
    """What is asked; None: what the lane would send next, else its last question."""
    attachments: tuple[Json, ...] = ()
    """What goes with the prompt, as content blocks."""
    extra: Mapping[str, object] = field(default_factory=dict, compare=False, hash=False, repr=False)
    """Keys of the file that this version doesn't know, or can't use: kept, and written back."""

    @property
    def said(self) -> str | Json | None:
        """The prompt with its attachments."""
        return None if self.prompt is None else content(self.prompt, self.attachments)

    @property
    def shape(self) -> str:
        """`2 × 4 × 8`: values along each axis, then the repeats where there are several."""
        sizes = [len(axis.values) for axis in self.axes] + ([self.repeats] if self.repeats > 1 else [])
        return " × ".join(map(str, sizes))


def read_axis(text: str) -> Axis:
    """`KEY=V1,V2,…` as an axis: values like those of `--set`, an empty one is not sent.

    Commas inside quotes and brackets part nothing: `stop_sequences=["a","b"],["c"]` has two values. Raises SweepError,
    and ParamError for an unknown key or a value of another kind.
    """
    key, equals, listed = text.partition("=")
    if not equals:
        raise SweepError(f"{text!r} has no '='; write KEY=VALUE,VALUE")
    row = lookup(key.strip())
    if not listed.strip():
        raise SweepError(f"{row.key} has no values: write {row.key}=VALUE,VALUE")
    values = (row.read_setting(each) if each else "" for each in _parted(listed))
    axis = Axis(row.key, tuple(None if value == "" else value for value in values))
    axis.check()
    return axis


def _parted(text: str) -> Iterator[str]:
    """The values between the commas that stand outside quotes and brackets, without the blanks around them.

    A quote or a bracket opens only where a value begins: `don't, can't` are two.
    """
    start = at = 0
    while at <= len(text):
        if at == start:
            at += len(text[at:]) - len(text[at:].lstrip())
            if text[at : at + 1] in {*OPENERS, *QUOTES}:
                at = _closed(text, at)
        if at >= len(text) or text[at] == ",":
            yield text[start:at].strip()
            start = at + 1
        at += 1


def _closed(text: str, start: int) -> int:
    """Where the quote or the bracket is closed that opens at `start`, with all that it holds. Raises SweepError."""
    wanted: list[str] = []
    at = start
    while at < len(text):
        character = text[at]
        if wanted and wanted[-1] in QUOTES:
            if character == "\\" and wanted[-1] == '"':
                at += 1
            elif character == wanted[-1]:
                wanted.pop()
        elif character in OPENERS or character in QUOTES:
            wanted.append(OPENERS.get(character, character))
        elif wanted and character == wanted[-1]:
            wanted.pop()
        at += 1
        if not wanted and text[at : at + 1] not in {*QUOTES, *OPENERS}:
            return at
    raise SweepError(f"{text[start:]!r:.60}: {text[start]} is not closed; write a value that holds one in quotes")


def read_value(key: str, raw: object) -> Value | None:
    """A value of an axis from TOML or JSON; empty text is not sent. Raises ParamError."""
    return None if raw == "" else lookup(key).read(raw)


def plain(key: str, value: Value | None) -> object:
    """A value as TOML and JSON can say it: what `read_value` reads."""
    return "" if value is None else Params().set(key, value).to_mapping()[key]


def with_sweep(sweeps: Iterable[Sweep], sweep: Sweep) -> tuple[tuple[Sweep, ...], Sweep]:
    """The sweeps with this one among them, and it with its id: one that says the same is not added twice.

    Its id is kept where it is free, else it is the first free of `w1`, `w2` …
    """
    there = tuple(sweeps)
    for each in there:
        if replace(each, id="") == replace(sweep, id="") and each.axes:
            return there, each
    taken = {each.id for each in there}
    named = replace(sweep, id=sweep.id if sweep.id and sweep.id not in taken else free_id(taken))
    return (*there, named), named


def free_id(taken: Iterable[str]) -> str:
    """The first of `w1`, `w2` … that no sweep has."""
    known = set(taken)
    return next(name for number in range(1, len(known) + 2) if (name := f"w{number}") not in known)


def cell_values(values: Iterable[tuple[str, Value | None]]) -> dict[str, Any]:
    """The values of a cell as its run records keep them, by key."""
    return {key: plain(key, value) for key, value in values}
