"""What every command needs of the surroundings: configuration, models and the endpoint, with what to say about them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.core.models import Catalogue
from workbench.engine import configuration, endpoints, places

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.config import Config
    from workbench.engine.endpoints import Chosen


@dataclass(frozen=True, slots=True)
class Context:
    """The user's configuration as one command sees it."""

    config: Config
    catalogue: Catalogue

    def choose(self, *, session: str | None = None, name: str | None, base_url: str | None) -> Chosen:
        """Which endpoint answers. Raises UsageError for one that can't be used."""
        try:
            return endpoints.choose(
                self.config,
                session_endpoint=session,
                name=name,
                base_url=base_url,
                environ=os.environ,
                folder=Path.cwd(),
            )
        except endpoints.EndpointError as error:
            raise UsageError(str(error)) from error


def read(output: Output) -> Context:
    """The configuration; its mistakes are told, and the rest of it counts."""
    file = places.find().config_file
    config, mistakes = configuration.read(file)
    catalogue, wrong = Catalogue.builtin().with_overrides({"prices": config.prices, "models": config.models})
    for mistake in (*mistakes, *(f"{file.name}: {each}" for each in wrong)):
        output.note(mistake)
    return Context(config, catalogue)
