"""What each model takes, as one table of rules: asked by the panel, before sending, and by the simulator."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from workbench.core.kinds import Choice
from workbench.core.model import Model
from workbench.core.params import Params, lookup
from workbench.core.rule import FAST_BETA, SAMPLERS, UPDATES_BETA, VERSION_NEWEST, VERSION_SAMPLING, Case, Rule
from workbench.core.rules_request import FORMAT_RULES, LENGTH_RULES, LIFETIME_RULES, SERVICE_RULES
from workbench.core.rules_thinking import SAMPLING_RULES, THINKING_RULES
from workbench.core.rules_tools import TOOL_RULES

__all__ = [
    "RULES",
    "SAMPLERS",
    "VERSION_NEWEST",
    "VERSION_SAMPLING",
    "Caution",
    "api_errors",
    "betas",
    "choices",
    "objection",
    "problems",
    "refusal",
]

RULES: Final[tuple[Rule, ...]] = (
    *LENGTH_RULES,
    *SAMPLING_RULES,
    *THINKING_RULES,
    *FORMAT_RULES,
    *TOOL_RULES,
    *SERVICE_RULES,
    *LIFETIME_RULES,
)
"""In the order in which the API would find them."""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before sending; only a blocking one keeps the request from being sent."""

    key: str
    """The parameter, or what else it speaks of."""
    text: str
    blocking: bool = False


def refusal(key: str, params: Params, model: Model | None, version: str = "auto") -> str | None:
    """Why the model takes no such parameter at all, or not this value beside the others; None when it does.

    `version` is an API version, or `auto`, which knows the sampling parameters because setting one chooses it.
    """
    if model is None or not model.listed:
        return None
    case = Case(params, model, version)
    for rule in RULES:
        if rule.key != key:
            continue
        if rule.never is not None and rule.never(case):
            return rule.said(case)
        if rule.api is not None and params[key] is not None and rule.breaks(case):
            return rule.said(case)
    return None


def choices(key: str, params: Params, model: Model | None, version: str = "auto") -> tuple[str, ...]:
    """The words of a choice that the model takes beside the other parameters."""
    kind = lookup(key).kind
    words = kind.values if isinstance(kind, Choice) else ()
    return tuple(word for word in words if not objection(key, word, params, model, version))


def objection(key: str, word: str, params: Params, model: Model | None, version: str = "auto") -> str:
    """Why the API would refuse this word beside the other parameters; empty where it takes it."""
    if model is None or not model.listed:
        return ""
    case = Case(params.set(key, word), model, version)
    rules = (rule for rule in RULES if rule.key == key and rule.api is not None)
    return next((rule.said(case) for rule in rules if rule.breaks(case)), "")


def problems(
    params: Params, model: Model | None, version: str = "auto", *, today: date | None = None
) -> tuple[Caution, ...]:
    """All that the API would refuse or silently ignore: at most one caution a parameter and cause."""
    if model is None or not model.listed:
        return ()
    case = Case(params, model, version, today)
    found = (Caution(rule.key, rule.said(case)) for rule in RULES if rule.breaks(case))
    return tuple(dict.fromkeys(found))


def api_errors(
    params: Params,
    model: Model | None,
    version: str,
    *,
    today: date | None = None,
    betas: Collection[str] | None = None,
) -> str | None:
    """The message of the 400 that the API would answer with, or None; `betas` are the beta headers sent."""
    if model is None or not model.listed:
        return None
    case = Case(params, model, version, today, betas)
    return next((rule.answered(case) for rule in RULES if rule.api is not None and rule.breaks(case)), None)


THOUGHT: Final = {"off": "no thinking", "on": "thinking, adaptive", "always": "thinking, always"}


def usual(key: str, model: Model | None) -> str:
    """What the model does while a parameter is unset, where it differs from model to model; else nothing."""
    if model is None or not model.listed:
        return ""
    if key == "thinking":
        return THOUGHT[model.thinking_default]
    if key == "thinking_display":
        return model.display_default
    return (model.effort_default or "") if key == "effort" else ""


def betas(params: Params, model: Model | None) -> tuple[str, ...]:
    """The beta headers that these parameters need on this model."""
    fast = params.speed == "fast" and model is not None and model.fast_mode == "beta"
    updates = params.thinking_display == "updates"
    return (*((FAST_BETA,) if fast else ()), *((UPDATES_BETA,) if updates else ()))
