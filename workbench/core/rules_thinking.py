"""Which model takes which sampling parameters, thinking and effort, alone and together."""

from __future__ import annotations

from math import inf
from typing import Final

from workbench.core.rule import SAMPLERS, UPDATES_BETA, VERSION_SAMPLING, Case, Rule

DEFAULTS: Final = {"temperature": 1, "top_p": 1, "top_k": None}
"""Newer models still accept these under the older API version: they change nothing."""
TOP_EFFORTS: Final = ("xhigh", "max")
NO_SAMPLER: Final = "{m.id} takes no {key}; use effort"
EXTRA: Final = "{key}: Extra inputs are not permitted"


def _sampler_rules(key: str) -> tuple[Rule, ...]:
    """A sampling parameter needs the older API version and a model of the 4.6 generation or before."""
    return (
        Rule(
            key,
            lambda case: case.params[key] is not None and not case.has_samplers and not case.model.sampling,
            NO_SAMPLER,
            EXTRA,
            lambda case: not case.model.sampling,
        ),
        Rule(
            key,
            lambda case: case.params[key] is not None and not case.has_samplers and case.model.sampling,
            f"API version {{version}} has no {{key}}; choose version {VERSION_SAMPLING}, or leave it unset",
            EXTRA,
            lambda case: not case.has_samplers and case.model.sampling,
        ),
        Rule(
            key,
            lambda case: (
                case.has_samplers and not case.model.sampling and case.params[key] not in {None, DEFAULTS[key]}
            ),
            NO_SAMPLER,
            "`{key}` is deprecated for this model.",
        ),
    )


def _within(value: float | None, low: float, high: float) -> bool:
    return value is None or low <= value <= high


SAMPLING_RULES: Final = (
    *(rule for key in SAMPLERS for rule in _sampler_rules(key)),
    Rule(
        "temperature",
        lambda case: case.samples and not _within(case.params.temperature, 0, 1),
        "temperature must be between 0 and 1, not {value}",
        "temperature: range: 0..1",
    ),
    Rule(
        "top_p",
        lambda case: case.samples and not _within(case.params.top_p, 0, 1),
        "top_p must be between 0 and 1, not {value}",
        "top_p: range: 0..1",
    ),
    Rule(
        "top_k",
        lambda case: case.samples and not _within(case.params.top_k, 1, float("inf")),
        "top_k must be 1 or more, not {value}",
        "top_k: Input should be greater than 0",
    ),
    Rule(
        "top_p",
        lambda case: case.samples and None not in {case.params.top_p, case.params.temperature},
        "{m.id} takes temperature or top_p, not both; unset one",
        "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
    ),
    Rule(
        "temperature",
        lambda case: case.samples and case.thinks and case.params.temperature not in {None, 1},
        "temperature does not go with thinking; unset it, or set thinking to disabled",
        "`temperature` may only be set to 1 when thinking is enabled.",
    ),
    Rule(
        "top_k",
        lambda case: case.samples and case.thinks and case.params.top_k is not None,
        "top_k does not go with thinking; unset it, or set thinking to disabled",
        "`top_k` must be unset when thinking is enabled.",
    ),
    Rule(
        "top_p",
        lambda case: case.samples and case.thinks and not _within(case.params.top_p, 0.95, 1),
        "with thinking, top_p must be between 0.95 and 1, not {value}",
        "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.",
    ),
)


def _refused(shape: str) -> Rule:
    return Rule(
        "thinking",
        lambda case: case.params.thinking == shape and shape not in case.model.thinking,
        lambda case: _instead(shape, case),
        "adaptive thinking is not supported on this model"
        if shape == "adaptive"
        else lambda case: f'"thinking.type.{shape}" is not supported for this model.{_api_instead(shape, case)}',
    )


def _instead(shape: str, case: Case) -> str:
    """Why a model takes no such thinking, and what to set for the same end."""
    takes = case.model.thinking
    match shape:
        case "disabled" if "between_tools" in takes:
            return f"{case.model.id} can't switch thinking off; use between_tools"
        case "disabled":
            return f"{case.model.id} always thinks; unset thinking, and use effort low to think less"
        case "enabled":
            return f"{case.model.id} takes no thinking budget; use adaptive, and effort to say how much"
        case "adaptive":
            return f"{case.model.id} has no adaptive thinking; use enabled with a budget"
        case _:
            return f"{case.model.id} has no thinking {shape}; it takes {' or '.join(sorted(takes))}"


def _api_instead(shape: str, case: Case) -> str:
    if shape == "enabled":
        return ' Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.'
    if shape == "disabled" and "between_tools" in case.model.thinking:
        return ' Use "thinking.type.between_tools" instead.'
    return ' Use "thinking.type.adaptive" instead.' if "adaptive" in case.model.thinking else ""


def _shown(case: Case) -> str:
    """The shapes of thinking that there is anything to display of."""
    return " or ".join(sorted(case.model.thinking & {"adaptive", "enabled"}))


def _untyped(case: Case) -> bool:
    return case.params.thinking is None


def _has_budget(case: Case) -> bool:
    return case.params.thinking_budget is not None


def _budget(case: Case) -> int:
    return case.params.thinking_budget or 0


def _too_much_effort(case: Case) -> bool:
    quiet = case.params.thinking in {"disabled", "between_tools"}
    return case.model.effort_needs_thinking and quiet and case.params.effort in TOP_EFFORTS


THINKING_RULES: Final = (
    Rule(
        "thinking_budget",
        lambda case: (
            case.params.thinking_budget is not None and "enabled" not in case.model.thinking and _untyped(case)
        ),
        "{m.id} takes no thinking budget; use effort",
        "thinking.type: Field required",
        lambda case: "enabled" not in case.model.thinking,
    ),
    Rule(
        "thinking_budget",
        lambda case: _has_budget(case) and _untyped(case) and "enabled" in case.model.thinking,
        "a thinking budget needs thinking set to enabled",
        "thinking.type: Field required",
    ),
    Rule(
        "thinking_display",
        lambda case: case.params.thinking_display is not None and _untyped(case),
        lambda case: f"thinking_display needs thinking to be set; set it to {_shown(case)}",
        "thinking.type: Field required",
    ),
    *(_refused(shape) for shape in ("adaptive", "enabled", "disabled", "between_tools")),
    Rule(
        "thinking_budget",
        lambda case: _has_budget(case) and case.params.thinking not in {None, "enabled"},
        "a thinking budget goes with thinking enabled only; unset it, and use effort",
        "thinking.{p.thinking}.budget_tokens: Extra inputs are not permitted",
    ),
    Rule(
        "thinking_display",
        lambda case: case.params.thinking_display is not None and case.params.thinking in {"disabled", "between_tools"},
        "with thinking {p.thinking} there is nothing to display; unset thinking_display",
        "thinking.{p.thinking}.display: Extra inputs are not permitted",
    ),
    Rule(
        "thinking_display",
        lambda case: (
            case.params.thinking_display == "updates" and case.betas is not None and UPDATES_BETA not in case.betas
        ),
        f"updates are a beta; send the header anthropic-beta: {UPDATES_BETA}",
        "thinking.{p.thinking}.display: Input should be 'summarized' or 'omitted'",
    ),
    Rule(
        "thinking",
        lambda case: case.params.thinking == "enabled" and not _has_budget(case),
        "thinking enabled needs a budget; set thinking_budget to 1024 or more",
        "thinking.enabled.budget_tokens: Field required",
    ),
    Rule(
        "thinking_budget",
        lambda case: case.params.thinking == "enabled" and _has_budget(case) and _budget(case) < 1024,
        "a thinking budget must be 1024 tokens or more, not {value}",
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    Rule(
        "thinking_budget",
        lambda case: case.params.thinking == "enabled" and _budget(case) >= (case.params.max_tokens or inf) > 0,
        "the thinking budget of {value} must be below max_tokens, {p.max_tokens}; raise max_tokens",
        "`max_tokens` must be greater than `thinking.budget_tokens`.",
    ),
    Rule(
        "thinking",
        lambda case: case.params.thinking in case.model.thinking_deprecated,
        "thinking {value} is deprecated on {m.id}; use adaptive, and effort to say how much",
    ),
    Rule(
        "effort",
        lambda case: case.params.effort is not None and not case.model.efforts,
        "{m.id} has no effort; use thinking enabled with a budget",
        "This model does not support the effort parameter.",
        lambda case: not case.model.efforts,
    ),
    Rule(
        "effort",
        lambda case: (
            case.params.effort is not None and bool(case.model.efforts) and case.params.effort not in case.model.efforts
        ),
        "{m.id} has no effort {value}; it takes {efforts}",
        "This model does not support effort level '{value}'. Supported levels: {efforts}.",
    ),
    Rule(
        "effort",
        _too_much_effort,
        "{m.id} takes effort {value} only while it thinks; use effort high, or thinking adaptive",
        "effort level '{value}' is not supported with \"thinking.type.{p.thinking}\" on this model.",
    ),
)
