"""Refuses what the API refuses, in the API's order: fields, model, the model's own rules, the conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core import accepts
from workbench.core.kinds import Json, JsonKind
from workbench.core.params import FIELDS, ParamError, Params
from workbench.simulator import ask as asking
from workbench.simulator import fields, history, sights, signatures
from workbench.simulator.errors import ApiError, invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from workbench.core.models import Catalogue, Model
    from workbench.simulator.ask import Ask

UNRULED: Final = (
    *("system", "cache_control", "cache_system", "cache_tools", "container", "diagnostics"),
    *("user_id", "service_tier", "version"),
)
"""Parameters that no model has rules about; some may be of shapes that `Params` does not hold."""


def message(body: Mapping[str, object], version: str, catalogue: Catalogue, betas: Collection[str], today: date) -> Ask:
    """The body of `/v1/messages`, read. Raises ApiError."""
    fields.CREATE[version](body, "")
    model = known(str(body["model"]), catalogue)
    refusal = accepts.api_errors(params_of(body), model, version, today=today, betas=betas)
    if refusal is not None:
        raise invalid(refusal)
    return _read(body, model, version)


def count(body: Mapping[str, object], version: str, catalogue: Catalogue) -> Ask:
    """The body of `/v1/messages/count_tokens`, read. Raises ApiError."""
    fields.COUNT(body, "")
    model = known(str(body["model"]), catalogue)
    params = params_of({**body, "max_tokens": model.max_output or 1})
    refusal = accepts.api_errors(params, model, version)
    if refusal is not None:
        raise invalid(refusal)
    return _read(body, model, version)


def _read(body: Mapping[str, object], model: Model, version: str) -> Ask:
    history.check(body, model, version)
    sights.check(body, model)
    ask = asking.read(body, model)
    signatures.check(ask)
    return ask


def params_of(body: Mapping[str, object]) -> Params:
    """A body's parameters as the rules about models want them. Raises ApiError 400 for what can't be one."""
    params = Params()
    for row in FIELDS:
        value = _at(body, row.path) if row.key not in UNRULED else None
        if value is None:
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        try:
            params = params.set(row.key, Json.of(value) if isinstance(row.kind, JsonKind) else value)
        except ParamError as error:
            raise invalid(f"{'.'.join(row.path)}: {error}") from None
    if params.output_format is None and body.get("output_format") is not None:
        params = params.set("output_format", Json.of(body["output_format"]))
    return params


def _at(body: Mapping[str, object], path: tuple[str, ...]) -> object:
    here: object = body
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    return here


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
