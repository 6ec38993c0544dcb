"""A request before it is sent: about how many tokens, and between which prices."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.core import cloud_models
from workbench.core.cost import Basis
from workbench.core.estimate import MESSAGE_OVERHEAD, TOOLS_OVERHEAD, estimate_tokens, is_newer, preview
from workbench.core.request import texts

if TYPE_CHECKING:
    from decimal import Decimal

    from workbench.core.endpoint import Endpoint
    from workbench.core.model import Model
    from workbench.core.models import Catalogue
    from workbench.core.request import Request


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a request will be charged for."""

    input_tokens: int
    counted: bool
    """Whether the endpoint counted them; else they are an estimate."""
    low: Decimal | None
    high: Decimal | None
    basis: Basis
    """`simulated`, `estimate`, or `unknown` where there is no price."""
    rough: bool = False
    """Whether the prices follow from estimated tokens: the answer may cost more than the higher of them."""


def of_request(request: Request, endpoint: Endpoint, catalogue: Catalogue, *, counted: int | None = None) -> Forecast:
    """From the endpoint's own count where there is one, else from the length of the text."""
    params = request.params
    model = catalogue.recognise(params.model)
    estimated = request_tokens(request, model)
    tokens = estimated if counted is None else counted
    priced = endpoint.priced or (model is not None and model.priced_by_user)
    written = _written(request, model, tokens, estimated)
    span = preview(
        tokens,
        params.max_tokens,
        cloud_models.priced(model, endpoint, params.model or "") if priced else None,
        speed=params.speed,
        geo=params.inference_geo,
        cached=written,
    )
    if span is None:
        return Forecast(tokens, counted is not None, None, None, Basis.UNKNOWN)
    basis = Basis.SIMULATED if endpoint.simulated else Basis.ESTIMATE
    rough = counted is None or written not in {(0, 0), (tokens, 0), (0, tokens)}
    return Forecast(tokens, counted is not None, *span, basis, rough)


def _written(request: Request, model: Model | None, tokens: int, estimated: int) -> tuple[int, int]:
    """How many of the tokens would be written to a cache, for 5m and 1h."""
    if not request.cached:
        return 0, 0
    from workbench.core import breakpoints

    found = breakpoints.split(request, model, tokens, estimated)
    return found.write_5m, found.write_1h


def request_tokens(request: Request, model: Model | None) -> int:
    """About how many tokens a request has, by the width of its text."""
    head = replace(request, turns=()).count_body()
    tokens = sum(estimate_tokens(text, model) for text in texts(head.get("system")))
    newer = is_newer(model)
    tokens += sum(turn.tokens[newer] for turn in request.turns)
    tokens += sum(each.tokens(model) for each in request.media if each.kind != "text")
    if tools := head.get("tools"):
        tokens += estimate_tokens(json.dumps(tools), model) + TOOLS_OVERHEAD
    return tokens + MESSAGE_OVERHEAD * len(request.turns)
