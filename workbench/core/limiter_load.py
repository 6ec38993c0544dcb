"""What a request asks of the rate limits: which class of models it belongs to, and about how much it will take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.core.estimate import estimate_tokens
from workbench.core.forecast import request_tokens

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.core.params import Params
    from workbench.core.request import Request


class Load(NamedTuple):
    """Requests, input tokens and output tokens."""

    requests: float = 0.0
    input: float = 0.0
    output: float = 0.0

    def plus(self, other: Load, factor: float = 1.0) -> Load:
        """The sum with `factor` times the other."""
        return Load(*(mine + factor * its for mine, its in zip(self, other, strict=True)))

    def within(self, weights: Load) -> float:
        """How much of it counts towards a bucket with these weights."""
        return sum(mine * weight for mine, weight in zip(self, weights, strict=True))


@dataclass(frozen=True, slots=True)
class Need:
    """What is known of a request before it is sent, in tokens."""

    input_tokens: int = 0
    """A guess; what a cache will spare is learnt from the answers."""
    most_output: int | None = None
    """`max_tokens`, which itself counts towards no limit."""


def class_of(params: Params, catalogue: Catalogue) -> str:
    """The name of the class whose limits such a request shares; a model nobody listed is its own (claude-api §5)."""
    model = catalogue.recognise(params.model)
    name = (model.bucket or model.id) if model is not None else params.model or ""
    return f"{name} fast" if params.speed == "fast" else name


def need_of(request: Request, catalogue: Catalogue) -> Need:
    """What the request is expected to take."""
    model = catalogue.recognise(request.params.model)
    seen = bool(request.media)  # the base64 of an image is no text
    guess = request_tokens(request, model) if seen else estimate_tokens(request.encoded.decode(), model)
    fits = model.context if model is not None else None
    most = request.params.max_tokens
    return Need(min(guess, fits or guess), most if isinstance(most, int) else None)
