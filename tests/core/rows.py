"""The rows that tests of prices and rules look up."""

from __future__ import annotations

from workbench.core.models import Catalogue, Model

CATALOGUE = Catalogue.builtin()
IDS = [model.id.removeprefix("claude-") for model in CATALOGUE.choices]
"""Every living model, less `claude-`."""


def row(name: str, catalogue: Catalogue = CATALOGUE) -> Model:
    """The model of an id, with or without `claude-`; fails where there is none."""
    model = catalogue.find(name) or catalogue.find(f"claude-{name}")
    assert model is not None, name
    return model
