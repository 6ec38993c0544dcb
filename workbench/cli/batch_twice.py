"""What a batch of another endpoint asks already: it is said before the same is sent, and goes only to a named one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.engine import batch_manifest, endpoints
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.cli.context import Context
    from workbench.cli.output import Output
    from workbench.cli.subject import Subject
    from workbench.core.batch import Batch
    from workbench.core.sweep_plan import Plan, Spot
    from workbench.engine.endpoints import Chosen


def check(
    found: Subject,
    plan: Plan,
    missing: Iterable[Spot],
    batches: Iterable[Batch],
    chosen: Chosen,
    around: Context,
    output: Output,
    *,
    dry: bool,
) -> None:
    """Raises UsageError where the answers of such a batch are to come, and nobody named the endpoint of this time.

    A key that is missing today chooses another endpoint in silence: what is paid for there must not be paid for again.
    """
    file, name = found.asking.file or Path(), chosen.endpoint.name
    try:
        others = batch_manifest.elsewhere(file, batches, plan, missing, name)
    except StoreError as error:
        raise UsageError(str(error)) from error
    told = batch_manifest.told_elsewhere(others)
    if told and dry:
        output.note(told)
    elif told and (found.asking.endpoint is not None or found.asking.base_url is not None):
        output.note(f"{told}; {name} is asked all the same")
    elif told:
        there = others[0].endpoint
        back = f"--endpoint {there}" if there in endpoints.names(around.config) else "its --base-url"
        raise UsageError(
            f"{told}, so nothing was sent to {name}: workbench batch results {file} fetches them, {back} goes on with "
            f"{others[0].id}, and --endpoint {name} asks the same there too"
        )
