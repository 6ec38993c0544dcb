"""`GET /v1/models` and `/v1/models/{id}`: the catalogue as the Models API says it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from workbench.core.model import EFFORTS, SHAPES
from workbench.simulator.errors import ApiError, invalid
from workbench.simulator.exchange import Response
from workbench.simulator.paging import page

if TYPE_CHECKING:
    from workbench.core.models import Model
    from workbench.simulator.call import Call

LIFECYCLES: Final = ("active", "deprecated", "retired")
USUAL: Final = ("active", "deprecated")
YES: Final = {"supported": True}
DEPRECATED: Final[date] = date(2026, 8, 30)
"""When the models that still run but will not for long were announced so; the exact days don't matter here."""


async def list_all(call: Call) -> Response:
    """Newest first, unless asked for otherwise only what can still be used."""
    query = call.request.query
    wanted = query.get("lifecycle[]", query.get("lifecycle", [])) or list(USUAL)
    for name in wanted:
        if name not in LIFECYCLES:
            raise invalid("lifecycle[]: Input should be 'active', 'deprecated' or 'retired'")
    models = [describe(model) for model in call.service.catalogue.models if _lifecycle(model) in wanted]
    return _json(page(models, query))


async def retrieve(call: Call) -> Response:
    """One model by its id or an alias."""
    model = call.service.catalogue.find(call.argument)
    if model is None:
        raise ApiError(404, f"model: {call.argument}")
    return _json(describe(model))


def describe(model: Model) -> dict[str, object]:
    """The `ModelInfo` of a model."""
    gone = _lifecycle(model) != "active"
    return {
        "type": "model",
        "id": model.snapshot,
        "display_name": model.name,
        "created_at": _midnight(model.released or date(1970, 1, 1)),
        "lifecycle": _lifecycle(model),
        "line": model.line or None,
        "deprecated_at": _midnight(min(DEPRECATED, model.retires or DEPRECATED)) if gone else None,
        "retires_at": _midnight(model.retires) if model.retires else None,
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
        "capabilities": None if model.lifecycle == "retired" else _capabilities(model),
    }


def _capabilities(model: Model) -> dict[str, object]:
    efforts = {level: {"supported": level in model.efforts} for level in EFFORTS}
    types = {shape: {"supported": shape in model.thinking} for shape in SHAPES}
    return {
        "batch": YES,
        "citations": YES,
        "code_execution": YES,
        "context_management": {
            "supported": True,
            "clear_thinking_20251015": YES,
            "clear_tool_uses_20250919": YES,
            "compact_20260112": {"supported": not model.prefill},
        },
        "effort": {"supported": bool(model.efforts), **efforts},
        "image_input": YES,
        "pdf_input": YES,
        "server_tools": {"supported": True, "web_search": YES, "code_execution": YES},
        "structured_outputs": {"supported": model.structured},
        "thinking": {"supported": bool(model.thinking), "types": types},
    }


def _lifecycle(model: Model) -> str:
    return "active" if model.lifecycle == "legacy" else model.lifecycle


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: object) -> Response:
    return Response(200, {"content-type": "application/json"}, json.dumps(value).encode())
