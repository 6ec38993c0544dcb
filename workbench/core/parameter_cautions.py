"""What is worth saying of parameters before they are sent: what the table of models knows."""

from __future__ import annotations

from datetime import date

from workbench.core import accepts, cloud_models
from workbench.core.accepts import Caution
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.rules_request import NO_MAX_TOKENS


def warnings(
    params: Params,
    version: str,
    *,
    catalogue: Catalogue,
    vendor: bool = True,
    today: date | None = None,
    kind: str = "anthropic",
) -> tuple[Caution, ...]:
    """What the API would refuse or ignore in these parameters, by the table of models."""
    catalogue = catalogue.behind(kind)
    vendor = vendor or bool(catalogue.cloud)
    found = [*cloud_models.cautions(params, catalogue, kind)]
    refused = accepts.problems(params, catalogue.find(params.model), version, today=today)
    spoken_of = {each.key for each in refused}
    unknown = params.model is not None and vendor and not catalogue.cloud and catalogue.find(params.model) is None
    if params.model is None and vendor:
        found.append(Caution("model", "No model is set; the API requires one."))
    elif unknown:
        near = catalogue.nearest(params.model or "")
        instead = f"did you mean {near}?" if near else "workbench models lists them."
        found.append(Caution("model", f"{params.model} is not in the table of models; {instead}"))
    if params.max_tokens is None and vendor and "max_tokens" not in spoken_of:
        found.append(Caution("max_tokens", NO_MAX_TOKENS))
    for row, value in params.items:
        if row.key not in spoken_of and (mistake := row.kind.warning(value)):
            found.append(Caution(row.key, f"{row.key}: {mistake}."))
    return (*found, *refused)
