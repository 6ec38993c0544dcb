"""Each cloud as the simulator plays it: an endpoint, its credentials, and one run on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from workbench.core import usage
from workbench.core.config import parse
from workbench.core.models import builtin
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.request import Request, Turn
from workbench.core.run import Run
from workbench.engine import endpoints
from workbench.engine.endpoints import Chosen
from workbench.engine.runner import Runner
from workbench.engine.wire import Wire
from workbench.simulator.clouds.sigv4 import ACCESS_KEY, SECRET_KEY

SESSION_TOKEN: Final = "a-session-token-of-a-test"
ENVIRON: Final[Mapping[str, str]] = {
    "AWS_ACCESS_KEY_ID": ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    "AWS_SESSION_TOKEN": SESSION_TOKEN,
    "ANTHROPIC_FOUNDRY_API_KEY": "sk-foundry-0123456789",
    "GOOGLE_TOKEN": "ya29.a-token-of-a-test",
    "ANTHROPIC_API_KEY": "sk-ant-api-never-sent-to-a-cloud",
}
GOOGLE: Final = {"project": "p-1", "key_env": "GOOGLE_TOKEN"}
ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "bedrock": {"region": "us-east-1", "base_url": "/bedrock"},
    "bedrock-mantle": {"region": "us-east-1", "base_url": "/bedrock-mantle/anthropic"},
    "vertex": {**GOOGLE, "region": "global", "base_url": "/vertex"},
    "foundry": {"base_url": "/foundry/anthropic"},
    "aws": {"region": "us-west-2", "workspace": "wrkspc_1", "base_url": "/aws"},
    "google-cloud": {
        **GOOGLE,
        "workspace": "wrkspc_1",
        "base_url": "/google-cloud/v1/projects/p-1/locations/global/workspaces/wrkspc_1/invoke",
    },
}
KINDS: Final = tuple(ROWS)
WHEN: Final = datetime(2026, 11, 22, tzinfo=UTC)
PROMPT: Final = Turn("user", "Explain how a lighthouse works.")


def chosen(kind: str, base: str, environ: Mapping[str, str] | None = None, **changes: str) -> Chosen:
    """The endpoint `mine` of that kind; `anthropic` is the API itself."""
    row = {**ROWS.get(kind, {"key_env": "ANTHROPIC_API_KEY", "base_url": ""}), "kind": kind, **changes}
    row["base_url"] = base + row["base_url"]
    config, mistakes = parse({"endpoints": {"mine": row}})
    assert mistakes == ()
    found = ENVIRON if environ is None else environ
    return endpoints.choose(config, name="mine", environ=found, folder=Path("/nowhere"))


def model_of(kind: str, model: str = "claude-opus-5-5") -> str:
    """The cloud's own id of a model."""
    return {"bedrock": f"us.anthropic.{model}", "bedrock-mantle": f"anthropic.{model}"}.get(kind, model)


async def run_on(
    runner: Runner, found: Chosen, wire: Wire | None = None, *, headers: Mapping[str, str] | None = None, **params: Any
) -> RunRecord:
    """One run, as it is kept; `headers` ask the simulator for a fault."""
    made = Params(**{"model": model_of(found.endpoint.kind), "max_tokens": 300, **params})
    run = Run("r1", "A", "m1", found.endpoint.name, made, made.model or "", WHEN)
    request = Request(made, (PROMPT,))
    await runner.stream(run, request, found.endpoint, found.key, wire=wire, extra_headers=headers)
    return run.record(usage.charged(run, found.endpoint, builtin()))
