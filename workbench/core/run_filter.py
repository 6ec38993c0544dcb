"""What is typed to filter the list of runs: words, `state:interrupted`, `cost>0.01`, `temperature=0.7`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from workbench.core import facts
from workbench.core.nearest import nearest
from workbench.core.params import BY_KEY, ParamError
from workbench.core.run_list import Row
from workbench.core.state import State

Test: TypeAlias = Callable[[Row], bool]

TERM: Final = re.compile(r'-?[\w.]*[:=<>]+"[^"]*"?|-?"[^"]*"?|\S+')
COMPARED: Final = re.compile(r"([\w.]+)(<=|>=|=|<|>)(.*)", re.DOTALL)
NAMED: Final = re.compile(r"(\w+):(.*)", re.DOTALL)

NUMBERS: Final[Mapping[str, Callable[[Row], float | None]]] = {
    "cost": lambda row: None if row.record.cost_usd is None else float(row.record.cost_usd),
    "out": lambda row: row.output,
    "in": lambda row: row.input,
    "ttft": lambda row: row.record.timings.first_token_s,
    "total": lambda row: row.record.timings.total_s,
    "rate": lambda row: row.rate,
    "tries": lambda row: row.record.attempts,
}
"""What can be compared, in dollars, tokens, seconds and tokens a second."""
WORDS: Final[Mapping[str, Callable[[Row], str]]] = {
    "state": lambda row: row.record.state or "",
    "model": lambda row: row.record.model,
    "lane": lambda row: row.record.lane,
    "sweep": lambda row: row.sweep,
    "session": lambda row: row.session,
    "endpoint": lambda row: row.record.endpoint,
    "stop": lambda row: row.record.stop_reason or "",
    "schema": lambda row: facts.fit(row.record),
    "prompt": lambda row: row.prompt,
    "answer": lambda row: row.answer,
    "id": lambda row: row.record.id,
}
"""What can be named before a colon."""
WHOLE: Final = frozenset({"lane", "sweep", "id"})
"""Where the whole must be meant: lane B is not lane AB."""
COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "=": lambda one, other: one == other,
}
UNITS: Final = re.compile(r"\$?([0-9]+\.?[0-9]*|\.[0-9]+)(ms|s|k|m)?", re.IGNORECASE | re.ASCII)
SCALES: Final = {"ms": 0.001, "s": 1.0, "k": 1e3, "m": 1e6}


@dataclass(frozen=True, slots=True)
class Filter:
    """All of its tests must hold; a term that can't be read is a sentence, and filters nothing."""

    tests: tuple[Test, ...] = ()
    mistakes: tuple[str, ...] = ()

    def keeps(self, row: Row) -> bool:
        return all(test(row) for test in self.tests)

    def of(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if self.keeps(row)]


class _TermError(ValueError):
    """A term that means nothing; the text is the sentence."""


def read(text: str) -> Filter:
    """Terms apart by spaces, `"with quotes"` where one has a space in it; `-` before a term turns it round."""
    tests: list[Test] = []
    mistakes: list[str] = []
    for term in TERM.findall(text):
        turned = term.startswith("-") and len(term) > 1
        try:
            test = _test(term[1:] if turned else term)
        except _TermError as error:
            mistakes.append(str(error))
        else:
            tests.append(_not(test) if turned else test)
    return Filter(tuple(tests), tuple(mistakes))


def _not(test: Test) -> Test:
    return lambda row: not test(row)


def _test(term: str) -> Test:
    if not term.startswith('"'):
        if (found := COMPARED.fullmatch(term)) and (compared := _compared(found[1], found[2], _bare(found[3]))):
            return compared
        if (found := NAMED.fullmatch(term)) and (named := _named(found[1], _bare(found[2]))):
            return named
    word = _bare(term).casefold()
    return lambda row: word in row.haystack


def _bare(value: str) -> str:
    return value.strip('"') if value.startswith('"') else value


def _compared(name: str, sign: str, value: str) -> Test | None:
    """A number against a number, or a parameter against its value; None for what only looks like it: `a=b`."""
    name = name.casefold()
    if name in NUMBERS:
        return _number(name, sign, value)
    if name in BY_KEY:
        return _parameter(name, sign, value)
    if sign == "=" and name in WORDS:
        return _named(name, value)
    near = nearest(name, {*NUMBERS, *BY_KEY})
    if near is not None:
        raise _TermError(f"{name}{sign}: did you mean {near}{sign}{value}?")
    return None


def _number(name: str, sign: str, value: str) -> Test:
    read_number = NUMBERS[name]
    limit, holds = _limit(name, sign, value), COMPARE[sign]
    return lambda row: (number := read_number(row)) is not None and holds(number, limit)


def _limit(name: str, sign: str, value: str) -> float:
    """`0.5`, `$0.5`, `5s`, `12k`; a sentence for what is no number, or not yet."""
    found = UNITS.fullmatch(value)
    if found is None:
        raise _TermError(f"{name}{sign}{value}: a number belongs there, like {name}{sign}0.5")
    return float(found[1]) * SCALES.get((found[2] or "").lower(), 1.0)


def _parameter(name: str, sign: str, value: str) -> Test:
    """Equal to the value as it would be set; `temperature=` means that it was not sent."""
    row_of = BY_KEY[name]
    if not value and sign == "=":
        return lambda row: name not in row.record.params
    if sign != "=":
        limit, holds = _limit(name, sign, value), COMPARE[sign]
        return lambda row: isinstance(set_to := row.record.params.get(name), int | float) and holds(set_to, limit)
    try:
        wanted = row_of.read_setting(value)
    except ParamError:
        wanted = None
    word = value.casefold()

    def same(row: Row) -> bool:
        raw = row.record.params.get(name)
        if raw is None:
            return False
        return raw == wanted or (isinstance(raw, str) and word in raw.casefold())

    return same


def _named(name: str, value: str) -> Test | None:
    """`state:cut` matches what begins with it or holds it; None for what only looks like a name: `http://…`."""
    name = name.casefold()
    if name not in WORDS:
        if name in BY_KEY:
            return _parameter(name, "=", value)
        if name in NUMBERS and UNITS.fullmatch(value):
            return _number(name, "=", value)
        near = nearest(name, WORDS)
        if near is not None and not value.startswith("//"):
            raise _TermError(f"{name}: did you mean {near}:{value}?")
        return None
    word, look = value.casefold(), WORDS[name]
    if not word:
        raise _TermError(f"{name}: something belongs behind the colon, like {name}:{_example(name)}")
    if name == "state" and not any(word in state for state in State):
        raise _TermError(f"no run ends {value}: the states are {', '.join(State)}")
    if name in WHOLE:
        return lambda row: look(row).casefold() == word
    return lambda row: word in look(row).casefold()


def _example(name: str) -> str:
    return {"state": "interrupted", "model": "haiku", "lane": "B"}.get(name, "…")
