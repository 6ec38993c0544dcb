"""What every command needs of the surroundings: configuration, models and the endpoint, with what to say about them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.cli.arguments import UsageError
from workbench.core import asked_before
from workbench.core.models import Catalogue
from workbench.engine import configuration, endpoints, keys, origins, places
from workbench.engine.files import StoreError
from workbench.engine.origins import Origins

if TYPE_CHECKING:
    from workbench.cli.output import Output
    from workbench.core.config import Config
    from workbench.core.session import Session
    from workbench.engine.endpoints import Chosen

NOT_SENT: Final = "nothing was sent: nobody has agreed yet that the key goes to"
CONFIRM: Final = "If you trust it, add --confirm-origin once."


@dataclass(frozen=True, slots=True)
class Context:
    """The user's configuration as one command sees it."""

    config: Config
    catalogue: Catalogue
    origins: Origins

    def choose(
        self, session: Session | None = None, *, kept: str | None = None, name: str | None, base_url: str | None
    ) -> Chosen:
        """Which endpoint answers; `kept` is a name that a session has, without it. Raises UsageError."""
        try:
            chosen = endpoints.choose(
                self.config,
                session_endpoint=kept if session is None else session.endpoint,
                name=name,
                base_url=base_url,
                environ=os.environ,
                folder=Path.cwd(),
            )
        except endpoints.EndpointError as error:
            raise UsageError(str(error)) from error
        said = "" if session is None else asked_before.told(session, chosen.endpoint.name, chosen.why)
        return replace(chosen, notes=(*chosen.notes, said)) if said else chosen

    def allowed(self, chosen: Chosen, *, confirm: bool) -> Chosen:
        """The same choice where its key may go there; `confirm` agrees to it for good.

        Raises UsageError where nobody has agreed: a variable or a file may name an address that the user never saw.
        """
        wanted = keys.way(chosen.endpoint, chosen.key)
        if wanted is None or chosen.key is None:
            return chosen
        agreed = replace(chosen, agreed=chosen.agreed | {wanted})
        if wanted in self.origins.known():
            return agreed
        if not confirm:
            told = origins.told(wanted, chosen.key.told, chosen.address_from, self.origins.before(wanted))
            raise UsageError(f"{NOT_SENT} {told[0]}. {' '.join(told[1:])} {CONFIRM}")
        self.origins.agree(wanted)
        try:
            self.origins.keep()
        except StoreError as error:
            return replace(agreed, notes=(*agreed.notes, f"--confirm-origin is not remembered: {error.problem}"))
        return agreed


def read(output: Output) -> Context:
    """The configuration; its mistakes are told, and the rest of it counts."""
    where = places.find()
    file = where.config_file
    for note in where.notes:
        if "can't be written" not in note:  # what a command keeps goes where its user says
            output.note(note)
    config, mistakes = configuration.read(file)
    catalogue, wrong = Catalogue.builtin().with_overrides({"prices": config.prices, "models": config.models})
    for mistake in (*mistakes, *(f"{file.name}: {each}" for each in wrong)):
        output.note(mistake)
    return Context(config, catalogue, Origins(where.origins))
