"""The line of facts under an answer, most important first to last; what doesn't fit goes from the least important."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core import diagnosing
from workbench.core.block import PARTIAL
from workbench.core.figures import grouped
from workbench.core.state import CHARACTERS_PER_TOKEN, FULL_STATES, State

if TYPE_CHECKING:
    from workbench.core.record import RunRecord

PLAIN_STOPS = frozenset({"end_turn", "stop_sequence"})
GROWING = ("text", "thinking", PARTIAL)
"""Members of a block that hold what came of it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it stands in the line."""

    text: str
    weight: int = 1
    """What goes first when room is short: the lightest."""
    tone: str = ""
    """`problem` or `warning`, where a person must see it."""


def of_record(record: RunRecord) -> tuple[Fact, ...]:
    """`412 out · 1 204 in · cache 82% · ttft 0.81s · 92 tok/s · $0.0061 · end_turn`, as far as it is known."""
    tokens = record.tokens
    prompt = tokens.prompt
    made = output(record)
    about = "" if record.state in FULL_STATES else "≈"
    facts = [Fact(f"{about}{grouped(made)} out", 90)] if made is not None else []
    if prompt is not None:
        facts.append(Fact(f"{grouped(prompt)} in", 60))
    if prompt and tokens.read:
        facts.append(Fact(f"cache {tokens.read * 100 // prompt}%", 62))
    if written := (tokens.write_5m or 0) + (tokens.write_1h or 0):
        facts.append(Fact(f"{grouped(written)} written", 55))
    if diagnosing.told(record):
        facts.append(Fact("cache missed", 65, "warning"))
    if record.timings.first_token_s is not None:
        facts.append(Fact(f"ttft {record.timings.first_token_s:.2f}s", 50))
    if speed := rate(record):
        facts.append(Fact(f"{speed:.0f} tok/s", 30))
    if record.cost_usd is not None:
        facts.append(Fact(str(record.cost), 80))
    if record.attempts > 1:
        facts.append(Fact(f"try {record.attempts}", 20))
    if fitting := fit(record):
        facts.append(Fact(fitting, 96, "problem") if record.schema_errors else Fact(fitting, 65))
    facts.append(verdict(record))
    return tuple(facts)


def fit(record: RunRecord) -> str:
    """Whether the answer fits its schema, in words; nothing where that wasn't looked at."""
    if record.schema_errors is None:
        return ""
    return "doesn't fit the schema" if record.schema_errors else "fits the schema"


def verdict(record: RunRecord) -> Fact:
    """How it ended, in a word: the stop reason of a complete run, the state of any other."""
    if record.state is State.COMPLETE:
        reason = record.stop_reason or "no stop reason"
        return Fact(reason, 70, "" if reason in PLAIN_STOPS else "warning")
    return Fact(str(record.state or "not ended"), 100, "problem" if record.state is not State.CANCELLED else "warning")


def output(record: RunRecord) -> int | None:
    """Output tokens; of an answer that was cut off an estimate, because its count never came.

    What was reported at its start is 0, 1 or a few, whatever followed.
    """
    counted = record.tokens.output
    if record.state in FULL_STATES:
        return counted
    came = sum(len(str(block[key])) for block in record.content for key in GROWING if block.get(key))
    return max(counted or 0, round(came / CHARACTERS_PER_TOKEN)) or None


def rate(record: RunRecord) -> float | None:
    """Output tokens a second, from the first token to the end."""
    tokens = output(record)
    first, total = record.timings.first_token_s, record.timings.total_s
    if not tokens or tokens < 2 or first is None or total is None or total - first < 0.05:
        return None
    return (tokens - 1) / (total - first)
