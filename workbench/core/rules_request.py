"""What models take besides sampling and thinking: length, output format, speed, place, lifetime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from workbench.core.rule import FAST_BETA, Case, Rule

if TYPE_CHECKING:
    from workbench.core.schema_grammar import Fault

LITTLE: Final = 1024
"""Fewer tokens than this are easily spent on thinking alone."""
SOON: Final = timedelta(days=60)
NO_MAX_TOKENS: Final = "max_tokens is required: say how long the answer may be"

LENGTH_RULES: Final = (
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens is None,
        NO_MAX_TOKENS,
        "max_tokens: Field required",
    ),
    Rule(
        "max_tokens",
        lambda case: (case.params.max_tokens or 0) < 0,
        "max_tokens can't be negative",
        "max_tokens: Input should be greater than or equal to 0",
    ),
    Rule(
        "max_tokens",
        lambda case: case.model.max_output is not None and (case.params.max_tokens or 0) > case.model.max_output,
        "{m.id} answers with {m.max_output} tokens at most; lower max_tokens",
        "max_tokens: {value} > {m.max_output}, which is the maximum allowed number of output tokens for {m.id}",
    ),
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens == 0 and case.params.thinking == "enabled",
        "max_tokens 0, which only warms the cache, does not go with thinking enabled",
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ),
    Rule(
        "max_tokens",
        lambda case: case.params.max_tokens == 0 and case.params.thinking != "enabled",
        "max_tokens 0 only warms the cache: no answer will come",
    ),
    Rule(
        "max_tokens",
        lambda case: case.thinks and 0 < (case.params.max_tokens or 0) < LITTLE,
        "max_tokens counts thinking too: {value} may leave none for the answer",
    ),
    Rule(
        "stop_sequences",
        lambda case: "" in (case.params.stop_sequences or ()),
        "a stop sequence is empty; each must have a character that is not white space",
        "stop_sequences: each stop sequence must be non-empty",
    ),
    Rule(
        "stop_sequences",
        lambda case: any(stop and not stop.strip() for stop in case.params.stop_sequences or ()),
        "a stop sequence is only white space; each must have another character",
        "stop_sequences: each stop sequence must contain non-whitespace",
    ),
)


def _format_fault(case: Case) -> Fault | None:
    held = case.params.output_format
    if held is None:
        return None
    from workbench.core.schema import format_fault

    return format_fault(held)


def fault_words(find: Callable[[Case], Fault | None], part: Callable[[Fault], str]) -> Callable[[Case], str]:
    def words(case: Case) -> str:
        fault = find(case)
        return "" if fault is None else part(fault)

    return words


FORMAT_RULES: Final = (
    Rule(
        "output_format",
        lambda case: not case.model.structured and case.params.output_format is not None,
        "{m.id} takes no output format; ask for it in the prompt",
        "output_config.format: structured outputs are not supported on this model",
        lambda case: not case.model.structured,
    ),
    Rule(
        "output_format",
        lambda case: _format_fault(case) is not None,
        fault_words(_format_fault, lambda fault: fault.text),
        fault_words(_format_fault, lambda fault: f"output_config.format.{fault.api}"),
    ),
)


def _fast(case: Case) -> bool:
    return case.params.speed == "fast"


def _fast_over(case: Case) -> bool:
    return case.today is not None and case.model.fast_until is not None and case.today > case.model.fast_until


SERVICE_RULES: Final = (
    Rule(
        "speed",
        lambda case: _fast(case) and (case.model.fast_mode == "no" or _fast_over(case)),
        "{m.id} has no fast mode; unset speed",
        "speed: 'fast' is not supported on this model",
        lambda case: case.model.fast_mode == "no" or _fast_over(case),
    ),
    Rule(
        "speed",
        lambda case: _fast(case) and case.model.fast_mode == "ignored",
        "{m.id} has no fast mode: it answers at standard speed and price",
        never=lambda case: case.model.fast_mode == "ignored",
    ),
    Rule(
        "speed",
        lambda case: (
            _fast(case) and case.model.fast_mode == "beta" and case.betas is not None and FAST_BETA not in case.betas
        ),
        f"fast mode of {{m.id}} is a beta; send the header anthropic-beta: {FAST_BETA}",
        "speed: Extra inputs are not permitted",
    ),
    Rule(
        "speed",
        lambda case: _fast(case) and case.model.fast_until is not None and not _fast_over(case),
        "fast mode of {m.id} ends on {m.fast_until}",
    ),
    Rule(
        "inference_geo",
        lambda case: case.params.inference_geo is not None and not case.model.geo,
        "{m.id} takes no inference_geo: that came with the 4.6 generation; unset it",
        "inference_geo: not supported for this model",
        lambda case: not case.model.geo,
    ),
)


def _gone(case: Case) -> bool:
    return case.model.lifecycle == "retired" or (case.days_left is not None and case.days_left < 0)


def _retiring(case: Case) -> bool:
    if _gone(case):
        return False
    soon = case.days_left is not None and 0 <= case.days_left <= SOON.days
    return soon or case.model.lifecycle == "deprecated"


def _retired_words(case: Case) -> str:
    on = f" on {case.model.retires}" if case.model.retires else ""
    return f"{case.model.id} was retired{on} and no longer answers{_use_instead(case)}"


def _retiring_words(case: Case) -> str:
    days = case.days_left
    left = "" if days is None else " (today)" if days == 0 else f" (in {days} day{'s' if days > 1 else ''})"
    when = f"retires on {case.model.retires}{left}" if case.model.retires else "is deprecated"
    return f"{case.model.id} {when}{_use_instead(case)}"


def _use_instead(case: Case) -> str:
    return f"; use {case.model.successor}" if case.model.successor else ""


LIFETIME_RULES: Final = (
    Rule("model", _gone, _retired_words),
    Rule("model", _retiring, _retiring_words),
)
