"""What the tests of prices and rules look up and ask."""

from __future__ import annotations

from typing import Any

from workbench.core import accepts
from workbench.core.models import Catalogue, Model
from workbench.core.params import Params

CATALOGUE = Catalogue.builtin()
IDS = [model.id.removeprefix("claude-") for model in CATALOGUE.choices]
"""Every living model, less `claude-`."""


def row(name: str, catalogue: Catalogue = CATALOGUE) -> Model:
    """The model of an id, with or without `claude-`; fails where there is none."""
    model = catalogue.find(name) or catalogue.find(f"claude-{name}")
    assert model is not None, name
    return model


def params(**values: Any) -> Params:
    made = Params(max_tokens=8192)
    for key, value in values.items():
        made = made.set(key, value)
    return made


def error(name: str, version: str = "auto", **values: Any) -> str | None:
    """The API's answer; asked together with the cautions, which must say the same."""
    given = params(**values)
    answer = accepts.api_errors(given, row(name), version)
    if answer is not None:
        assert accepts.problems(given, row(name), version), answer
    return answer


def refusal(key: str, name: str, version: str = "auto", **values: Any) -> str | None:
    return accepts.refusal(key, params(**values), row(name), version)


LIVE: dict[str, Any] = {
    "data": [
        {
            "id": "claude-opus-5-5",
            "type": "model",
            "display_name": "Claude Opus 5.5 (live)",
            "created_at": "2026-09-22T00:00:00Z",
            "lifecycle": "deprecated",
            "line": "opus",
            "retires_at": "2027-12-01T00:00:00Z",
            "max_input_tokens": 2_000_000,
            "max_tokens": 256_000,
            "capabilities": {
                "structured_outputs": {"supported": False},
                "effort": {
                    "supported": True,
                    "low": {"supported": True},
                    "medium": {"supported": True},
                    "high": {"supported": True},
                    "xhigh": {"supported": False},
                    "max": {"supported": True},
                },
                "thinking": {
                    "supported": True,
                    "types": {"adaptive": {"supported": True}, "disabled": {"supported": True}},
                },
            },
        },
        {
            "id": "claude-nova-6",
            "type": "model",
            "max_input_tokens": 5_000_000,
            "capabilities": {"thinking": {"supported": True, "types": {"adaptive": {"supported": True}}}},
        },
    ],
    "has_more": False,
}
