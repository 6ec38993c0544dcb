"""Why an answer ended, in words: what each stop reason means, and what to do about it (claude-api §2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.core import diagnosing
from workbench.core.block import PARTIAL
from workbench.core.figures import grouped
from workbench.core.params import BY_KEY
from workbench.core.state import FULL_STATES
from workbench.core.thoughts import THOUGHTS

if TYPE_CHECKING:
    from workbench.core.record import RunRecord


class StopReason(NamedTuple):
    """One way in which the API ends an answer."""

    title: str
    means: str
    remedy: str = ""
    plain: bool = False
    """Whether nothing needs to be said: the answer is what was asked for."""


STOP_REASONS: Final[Mapping[str, StopReason]] = {
    "end_turn": StopReason("finished", "The model came to its end.", plain=True),
    "stop_sequence": StopReason(
        "stop sequence", "The answer came to one of the stop sequences, which is left out.", plain=True
    ),
    "tool_use": StopReason(
        "calls a tool", "The model waits for what its tool calls give.", "Answer them all.", plain=True
    ),
    "max_tokens": StopReason(
        "cut off by max_tokens",
        "The answer reached max_tokens before its end; thinking counts too.",
        "Raise max_tokens, and run it again.",
    ),
    "pause_turn": StopReason(
        "paused", "The server's own tools took the most rounds that one request may.", "Send it again to go on."
    ),
    "refusal": StopReason(
        "refused",
        "The model, or the API's safety check, stopped here; what came before it is not sent back.",
        "Say it otherwise: edit the question, or branch before it.",
    ),
    "model_context_window_exceeded": StopReason(
        "cut off by the context window",
        "Prompt and answer together filled the model's context window.",
        "Shorten the conversation or what is attached, or take a model with a larger window.",
    ),
    "compaction": StopReason(
        "compacted", "The API summed the conversation up to make room.", "Send it again: the summary goes along."
    ),
}
"""Every stop reason that the API documents."""
NONE: Final = StopReason("no stop reason", "The stream ended without saying why the answer stopped.")
GOES_ON: Final = frozenset({"tool_use", "pause_turn", "compaction"})
"""After these the answer is still to come."""
CATEGORIES: Final[Mapping[str, str]] = {
    "cyber": "attacks on computers",
    "bio": "biological danger",
    "frontier_llm": "building frontier models",
    "reasoning_extraction": "laying open the model's reasoning",
    "general_harms": "harm in general",
}
"""What `stop_details.category` of a refusal stands for."""
SPENT: Final = "All {} output tokens went into thinking, and none was left for the answer."
SPENT_SOME: Final = "All output tokens went into thinking, and none was left for the answer."
LONGEST_NAME: Final = 60
LONGEST: Final = 600
"""Characters of a server's words that are told; the record has all of them."""
SHOWN: Final = 5
"""Mismatches with a schema that are told of one by one."""


def find(reason: str | None) -> StopReason:
    """The row of a stop reason; one that nobody documents is shown as it is, and counts as done."""
    if reason is None:
        return NONE
    if reason in STOP_REASONS:
        return STOP_REASONS[reason]
    shown = _cut(reason, LONGEST_NAME)
    return StopReason("unknown stop reason", f"The server ended the answer with {shown!r}, which is not known here.")


def remarks(record: RunRecord) -> tuple[str, ...]:
    """What there is to say under an answer: why it ended so, where it misses its schema, and why it missed a cache."""
    missed = diagnosing.told(record)
    said = (*ended(record), *_misfits(record)) if record.state in FULL_STATES else ()
    return (*said, f"{_capital(missed)}.") if missed else said


def _misfits(record: RunRecord) -> tuple[str, ...]:
    errors = record.schema_errors or ()
    more = len(errors) - SHOWN
    return (*(f"✗ {error}" for error in errors[:SHOWN]), *((f"✗ and {more} more",) if more > 0 else ()))


def ended(record: RunRecord) -> tuple[str, ...]:
    """What the stop reason of a whole answer means, and what to do; nothing of a plain one."""
    row = find(record.stop_reason)
    if record.stop_reason == "max_tokens":
        return _at_most(record, row)
    if row.plain:
        return _nothing(record)
    means = f"{_capital(row.title)}. {row.means}"
    if record.stop_reason == "refusal":
        means = f"{_capital(row.title)}{_category(record)}. {_explained(record)}{row.means}{_unbilled(record)}"
    return (means, row.remedy) if row.remedy else (means,)


def _at_most(record: RunRecord, row: StopReason) -> tuple[str, ...]:
    """Of an answer that reached `max_tokens`, most of all one that has nothing but thinking."""
    limit = record.params.get("max_tokens")
    if limit == 0:
        return ("max_tokens is 0: the prompt was cached, and no answer was asked for.",)
    thought, made = thinking_tokens(record), record.tokens.output
    kinds = {str(block.get("type")) for block in record.content}
    if kinds <= set(THOUGHTS) and (kinds or thought):
        means = SPENT.format(grouped(thought or made or 0)) if thought or made else SPENT_SOME
        return (means, f"Raise max_tokens (it was {_number(limit)}), or {_less(record)}.")
    means = f"{_capital(row.title)}. {row.means}"
    if limit is not None:
        means = means.replace("reached max_tokens", f"reached max_tokens, {_number(limit)},")
    if any(PARTIAL in block for block in record.content):
        means += " A tool call broke off in its input, and can't be sent back."
    return (means, row.remedy)


def _less(record: RunRecord) -> str:
    """How to make the model think less, from what was asked."""
    if budget := record.params.get("thinking_budget"):
        return f"lower the thinking budget of {_number(budget)}"
    effort = record.params.get("effort")
    if effort is None:
        return "set effort low"
    return "ask for less" if effort == "low" else f"lower effort (it was {effort})"


def _nothing(record: RunRecord) -> tuple[str, ...]:
    if record.stop_reason == "end_turn" and not record.content and not record.text:
        return ("The answer is empty. Say something more; sent again unchanged, it may stay empty.",)
    return ()


def _category(record: RunRecord) -> str:
    category = (record.stop_details or {}).get("category")
    if not isinstance(category, str):
        return ""
    name = _cut(category, LONGEST_NAME)
    return f": {CATEGORIES.get(category, name.replace('_', ' '))} ({name})"


def _explained(record: RunRecord) -> str:
    told = (record.stop_details or {}).get("explanation")
    return f"“{_cut(' '.join(told.split()), LONGEST)}” " if isinstance(told, str) and told.strip() else ""


def _unbilled(record: RunRecord) -> str:
    return " Nothing had come, so it is not billed." if not record.content and not record.text else ""


def thinking_tokens(record: RunRecord) -> int | None:
    """How many output tokens were thinking, as the server counted them."""
    details = record.usage.get("output_tokens_details")
    found = details.get("thinking_tokens") if isinstance(details, Mapping) else None
    return found if type(found) is int else None


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(value: object) -> str:
    return BY_KEY["max_tokens"].kind.shown(value) if type(value) is int else str(value)
