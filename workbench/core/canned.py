"""Canned results: what stands ready in a session to answer the calls of tools, so that nobody has to be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.core.kinds import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool that somebody has to answer."""

    id: str
    name: str
    input: object = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a call is answered with."""

    content: str | Json = ""
    is_error: bool = False

    def block(self, call: Call) -> dict[str, object]:
        """As the API takes it; an empty content is left out."""
        content = self.content if isinstance(self.content, str) else self.content.value
        made: dict[str, object] = {"type": "tool_result", "tool_use_id": call.id}
        if content:
            made["content"] = content
        return {**made, "is_error": True} if self.is_error else made


@dataclass(frozen=True)
class CannedResult:
    """A row of `[[tool_results]]`: the calls that it answers, and with what."""

    tool: str = ""
    """Empty for a row with a mistake in it: it answers nothing."""
    input: Json | None = None
    """Members that the call's input must have, each with this value; None for any input."""
    result: Result = Result()
    file: str = ""
    """The text file that holds the content, from the session's folder on; empty where it stands in the row."""
    times: int | None = None
    """How many calls of a conversation it answers; None is any number."""
    extra: Mapping[str, object] = field(default_factory=dict, compare=False, hash=False, repr=False)

    def answers(self, call: Call) -> bool:
        if not self.tool or self.tool != call.name:
            return False
        if self.input is None:
            return True
        wanted, given = self.input.value, call.input
        if not isinstance(wanted, Mapping) or not isinstance(given, Mapping):
            return alike(wanted, given)
        return all(key in given and alike(value, given[key]) for key, value in wanted.items())


def alike(one: object, other: object) -> bool:
    """Whether two values are the same JSON: to Python true would be 1 as well."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == other


def matches(
    rows: Sequence[CannedResult], earlier: Iterable[Call], calls: Iterable[Call]
) -> tuple[CannedResult | None, ...]:
    """The row for each call, or None: the first that answers it and isn't used up by the calls before it."""
    used: Counter[int] = Counter()

    def taken(call: Call) -> CannedResult | None:
        for at, row in enumerate(rows):
            if row.answers(call) and (row.times is None or used[at] < row.times):
                used[at] += 1
                return row
        return None

    for call in earlier:
        taken(call)
    return tuple(taken(call) for call in calls)
