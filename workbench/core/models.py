"""The catalogue: which models there are, by every id they answer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from typing import Final

from workbench.core import cloud_names, clouds, model_live, model_overrides
from workbench.core.cloud_names import plain_id
from workbench.core.model import Model, Prices
from workbench.core.model_retired import RETIRED
from workbench.core.model_table import MODELS
from workbench.core.nearest import ALIKE

__all__ = ["Catalogue", "Model", "Prices", "builtin", "plain_id"]

FAMILY: Final = "claude-"
"""What every id has in common, and so says nothing about which model was meant."""


@dataclass(frozen=True)
class Catalogue:
    """Every known model, newest first; the retired stand last."""

    models: tuple[Model, ...]
    served: frozenset[str] | None = None
    """The ids a server listed, or None while none was asked."""
    cloud: str = ""
    """The kind of the cloud whose names these are; empty for the API's own."""

    @classmethod
    def builtin(cls) -> Catalogue:
        return builtin()

    @cached_property
    def _by_id(self) -> Mapping[str, Model]:
        return {each: model for model in reversed(self.models) for each in reversed(model.ids)}

    def find(self, model_id: str | None) -> Model | None:
        """The model that the API means by this id: its own or an alias, and nothing like it.

        Behind a cloud also by what the cloud adds to an id: a place, a profile, a version.
        """
        found = self._by_id.get(model_id or "")
        return self._by_id.get(plain_id(model_id or "")) if found is None and self.cloud else found

    def behind(self, kind: str) -> Catalogue:
        """The same for an endpoint of this kind: a cloud has names of its own for the models."""
        if kind not in clouds.CLOUDS or self.cloud:
            return self
        if kind not in self._behind:
            self._behind[kind] = replace(self, models=cloud_names.behind(self.models, kind), cloud=kind)
        return self._behind[kind]

    @cached_property
    def _behind(self) -> dict[str, Catalogue]:
        return {}

    def recognise(self, model_id: str | None) -> Model | None:
        """Also by the spellings of clouds and gateways, which the vendor's own API refuses."""
        return self.find(model_id) or self.find(plain_id(model_id or ""))

    def nearest(self, model_id: str) -> str | None:
        """The living model whose id is most like this one: for "did you mean"."""
        retired = self.recognise(model_id)
        if retired is not None and retired.lifecycle == "retired":
            return retired.successor
        ids = {each.removeprefix(FAMILY): each for model in self.choices for each in model.ids}
        name = plain_id(model_id.lower())
        found = get_close_matches(name.removeprefix(FAMILY), ids, n=1, cutoff=ALIKE)
        if not found:  # the family's name itself may be misspelt
            return next(iter(get_close_matches(name, ids.values(), n=1, cutoff=0.9)), None)
        return ids[found[0]]

    @cached_property
    def choices(self) -> tuple[Model, ...]:
        """What can still be asked for, in the order to offer it."""
        return tuple(model for model in self.models if model.lifecycle != "retired")

    def offered(self, *, vendor: bool) -> tuple[Model, ...]:
        """What an endpoint can be asked for: of another server than the vendor's, only what it listed, if it did."""
        if vendor or self.served is None:
            return self.choices
        return tuple(model for model in self.choices if self.served & {*model.ids})

    def with_overrides(self, configuration: Mapping[str, object]) -> tuple[Catalogue, tuple[str, ...]]:
        """The catalogue with the user's `[prices]` and `[models]`, and one sentence for each mistake."""
        changed, mistakes = model_overrides.apply(configuration, self.find)
        return self._with(changed), mistakes

    def merge_live(self, payload: object) -> Catalogue:
        """The catalogue with what a Models API answered; prices and the user's own words stay."""
        changed = model_live.merged(payload, self.find)
        served = frozenset(each for model in changed for each in model.ids)
        return replace(self._with(changed), served=(self.served or frozenset()) | served)

    def _with(self, changed: Iterable[Model]) -> Catalogue:
        new = {model.id: model for model in changed}
        kept = tuple(new.pop(model.id, model) for model in self.models)
        return replace(self, models=(*new.values(), *kept))


@cache
def builtin() -> Catalogue:
    return Catalogue((*MODELS, *RETIRED))
