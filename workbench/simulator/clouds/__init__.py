"""The clouds, each under its own name: `BASE/bedrock`, `BASE/vertex` and so on; a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from workbench.simulator.clouds import bedrock, passing, vertex

if TYPE_CHECKING:
    from workbench.simulator.clouds.front import Front
    from workbench.simulator.exchange import Request

FRONTS: Final[Mapping[str, Front]] = {
    "bedrock": bedrock.FRONT,
    "bedrock-mantle": passing.MANTLE,
    "vertex": vertex.FRONT,
    "foundry": passing.FOUNDRY,
    "aws": passing.AWS,
    "google-cloud": passing.GOOGLE_CLOUD,
}


def front_of(request: Request) -> tuple[Front, str] | None:
    """The cloud whose name begins the path, and the rest of the path; None for the API itself."""
    name, _, rest = request.path.lstrip("/").partition("/")
    front = FRONTS.get(name)
    return None if front is None else (front, f"/{rest.rstrip('/')}")
