"""How much of a model's context window a request leaves, and what is worth saying about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.accepts import Caution
from workbench.core.figures import grouped

if TYPE_CHECKING:
    from workbench.core.forecast import Forecast
    from workbench.core.model import Model
    from workbench.core.params import Params


def left(found: Forecast, model: Model | None) -> int | None:
    """Tokens that are left for the answer and what follows, negative where it doesn't fit; None where unknown."""
    return None if model is None or model.context is None else model.context - found.input_tokens


def caution(found: Forecast, model: Model | None, params: Params) -> Caution | None:
    """That the prompt doesn't fit, or leaves less room than the answer may take."""
    room = left(found, model)
    if room is None or model is None:
        return None
    about = "" if found.counted else "≈ "
    if room < 0:
        told = (
            f"The prompt has {about}{grouped(found.input_tokens)} tokens, and {model.id} takes {grouped(-room)} fewer"
        )
        return Caution("model", f"{told}: shorten it, or choose another model.")
    if params.max_tokens is not None and room < params.max_tokens:
        told = f"The prompt leaves {about}{grouped(room)} of {grouped(model.context or 0)} tokens for the answer"
        return Caution("max_tokens", f"{told}, fewer than max_tokens: it ends there.")
    return None


def short(number: int) -> str:
    """`812`, `12 400`, `187k`, `1.00M`."""
    if abs(number) < 100_000:
        return grouped(number)
    return f"{number / 1e6:.2f}M" if abs(number) >= 999_500 else f"{number / 1e3:.0f}k"
