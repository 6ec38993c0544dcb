"""Refuses what the API refuses, in the API's order: fields, model, the model's own rules, the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from workbench.simulator import ask as asking
from workbench.simulator import fields, history
from workbench.simulator.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.core.models import Catalogue, Model
    from workbench.simulator.ask import Ask
    from workbench.simulator.exchange import Request


def message(body: Mapping[str, object], version: str, catalogue: Catalogue, request: Request) -> Ask:
    """The body of `/v1/messages`, read. Raises ApiError."""
    fields.CREATE[version](body, "")
    return _read(body, catalogue, request)


def count(body: Mapping[str, object], catalogue: Catalogue, request: Request) -> Ask:
    """The body of `/v1/messages/count_tokens`, read. Raises ApiError."""
    fields.COUNT(body, "")
    return _read(body, catalogue, request)


def _read(body: Mapping[str, object], catalogue: Catalogue, request: Request) -> Ask:
    model = known(str(body["model"]), catalogue)
    history.check(cast("list[object]", body["messages"]))
    return asking.read(body, model)


def known(model_id: str, catalogue: Catalogue) -> Model:
    """Raises ApiError 404 for ids nobody has and for the retired."""
    model = catalogue.find(model_id)
    if model is None or model.lifecycle == "retired":
        raise ApiError(404, f"model: {model_id}")
    return model


def fits(ask: Ask, input_tokens: int) -> None:
    """Raises ApiError 400 when the prompt alone is longer than the model's context."""
    context = ask.model.context
    if context is not None and input_tokens > context:
        raise invalid(f"prompt is too long: {input_tokens} tokens > {context} maximum")
