"""What a cloud adds to a model's price, and what is odd about a request to it (claude-api §8, §10.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core import clouds
from workbench.core.accepts import Caution
from workbench.core.cloud_names import id_at, of_a_region, of_bedrock, plain_id
from workbench.core.endpoint import Endpoint
from workbench.core.model import Model

if TYPE_CHECKING:
    from workbench.core.models import Catalogue
    from workbench.core.params import Params

EVERYWHERE: Final = "global"
PROFILE: Final = "global."
"""How the id of a profile begins that may answer from anywhere."""


def priced(model: Model | None, endpoint: Endpoint, asked: str) -> Model | None:
    """The model with the prices of where it was asked; a price that the user set is what the user pays."""
    return model if model is None or not regional(endpoint, asked) else of_a_region(model)


def offered(model: Model, endpoint: Endpoint) -> Model:
    """The model as a list of them shows it: with the prices that its id costs there."""
    return priced(model, endpoint, model.id) or model


def regional(endpoint: Endpoint, asked: str) -> bool:
    """Whether the answer comes from a region of one's own choice, which costs a tenth more."""
    row = clouds.of(endpoint.kind)
    if row is None or not row.surcharge:
        return False
    if row.service:
        return not asked.rpartition("/")[2].startswith(PROFILE)
    return endpoint.region != EVERYWHERE


def _misnamed(params: Params, catalogue: Catalogue, kind: str) -> Caution | None:
    """What is odd about a model's id here: a name of another place, or one that no table knows."""
    row, asked = clouds.of(kind), params.model
    if row is None or asked is None:
        return None
    model = catalogue.recognise(asked)
    if model is None:
        return (
            None if kind == "foundry" or ":" in asked else Caution("model", f"{asked} is not in the table of models.")
        )
    usual = model.id if catalogue.cloud else id_at(kind, model)
    if of_bedrock(kind) and "anthropic." not in asked:
        profile = "" if kind != "bedrock" else f", or {PROFILE}{usual} where an inference profile is asked"
        return Caution("model", f"On {row.short} {asked} is usually {usual}{profile}.")
    if not of_bedrock(kind) and plain_id(asked) != asked != usual:
        return Caution("model", f"On {row.short} {asked} is usually {usual}.")
    return None


def cautions(params: Params, catalogue: Catalogue, kind: str) -> tuple[Caution, ...]:
    """What is odd about these parameters at an endpoint of this kind; nothing where it is no cloud."""
    return tuple(each for each in (_misnamed(params, catalogue, kind), _unfit(params, kind)) if each is not None)


def _unfit(params: Params, kind: str) -> Caution | None:
    """A parameter that this cloud doesn't have."""
    lacking = clouds.lack(kind, "speed")
    return Caution("speed", f"{lacking}: unset speed.") if params.speed == "fast" and lacking else None
