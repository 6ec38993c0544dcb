"""What each cloud calls the models (claude-api §7), and what the API calls those."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from workbench.core.model import Model

REGIONAL: Final = Decimal("1.1")
"""What an answer from a region of one's own choice costs, in proportion to one from anywhere (claude-api §10.1)."""


def plain_id(model_id: str) -> str:
    """What the API calls `us.anthropic.claude-…-v1:0`, `claude-…@20250929` or `anthropic/claude-opus-5.5`.

    Of an ARN of Amazon's the part behind the last slash is the id, or a name that says nothing.
    """
    bare = re.sub(r"^arn:aws[a-z-]*:bedrock:.*/", "", model_id)
    bare = re.sub(r"^(?:(?:us|eu|jp|au|apac|global)\.)?anthropic[./]", "", bare)
    bare = re.sub(r"-v\d+(?::\d+)?$", "", bare).replace("@", "-")
    return re.sub(r"(?<=\d)\.(?=\d)", "-", bare)


def _bedrock(model: Model) -> str:
    dated = model.snapshot != model.id or model.id[-8:].isdigit()
    return f"anthropic.{model.snapshot}-v1:0" if dated else f"anthropic.{model.id}"


def _vertex(model: Model) -> str:
    name, day = model.snapshot[:-9], model.snapshot[-8:]
    return f"{name}@{day}" if day.isdigit() else model.id


IDS: Final[Mapping[str, Callable[[Model], str]]] = {
    "bedrock": _bedrock,
    "bedrock-mantle": _bedrock,
    "vertex": _vertex,
}
"""How a cloud writes the ids of the models; the others write them as the API does."""


def id_at(kind: str, model: Model) -> str:
    """What an endpoint of this kind calls a model, as far as that follows a rule."""
    named = IDS.get(kind)
    return model.id if named is None else named(model)


def behind(models: Iterable[Model], kind: str) -> tuple[Model, ...]:
    """The rows under the names of a cloud; they still answer to those of the API.

    When a model ends is the cloud's own business: the API's days don't hold there, and of what the API has no more
    nothing is known.
    """
    rows = tuple(model for model in models if model.lifecycle != "retired")
    named = {model.id: id_at(kind, model) for model in rows}
    return tuple(
        replace(
            model,
            id=named[model.id],
            aliases=tuple(each for each in model.ids if each != named[model.id]),
            successor=named.get(model.successor or "", model.successor),
            lifecycle="active" if model.lifecycle == "deprecated" else model.lifecycle,
            retires=None,
            retires_not_before=None,
        )
        for model in rows
    )


def of_a_region(model: Model) -> Model:
    """The model with the prices of a region of one's own choice; a price that the user set is what the user pays."""
    if model.priced_by_user:
        return model
    return replace(
        model,
        prices=model.prices and model.prices.times(REGIONAL),
        fast=model.fast and model.fast.times(REGIONAL),
        long=model.long and (model.long[0], model.long[1].times(REGIONAL)),
    )


def of_bedrock(kind: str) -> bool:
    """Whether the ids are Bedrock's."""
    return IDS.get(kind) is _bedrock
