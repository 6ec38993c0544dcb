"""`workbench simulate`: the bundled server, until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from workbench.cli.arguments import UsageError
from workbench.cli.signals import Stopped, stoppable
from workbench.simulator.buckets import parse_limits
from workbench.simulator.faults import parse_fault
from workbench.simulator.server import DEFAULT_LIMITS, Simulator

if TYPE_CHECKING:
    from workbench.cli.output import Output

NO_LIMITS = "none"


def main(options: argparse.Namespace, output: Output) -> int:
    """Raises UsageError for flags that can't be meant, and for a port that is taken."""
    try:
        faults = tuple(parse_fault(each) for each in options.fault)
    except ValueError as error:
        raise UsageError(f"--fault: {error}") from error
    simulator = Simulator(
        seed=options.seed,
        speed=options.speed,
        limits=_limits(options.limits),
        faults=faults,
        port=options.port,
        batch_seconds=options.batch_seconds,
    )
    return asyncio.run(_serve(simulator, options.port, output))


async def _serve(simulator: Simulator, port: int, output: Output) -> int:
    stopped = Stopped()
    with stoppable(stopped):
        try:
            await simulator.__aenter__()
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            hint = "choose another --port, or leave it out for a free one"
            raise UsageError(f"can't serve on port {port}: {reason}; {hint}") from error
        try:
            output.line(simulator.base_url)
            output.note("serving until stopped; any key that begins with sk- is accepted, and nothing it says is real")
            await stopped.wait()
        finally:
            await simulator.close()
    return stopped.status


def _limits(text: str | None) -> tuple[int, int, int] | None:
    if text is None:
        return DEFAULT_LIMITS
    if text == NO_LIMITS:
        return None
    try:
        return parse_limits(text)
    except ValueError as error:
        raise UsageError(f"--limits: {error}; or none") from error
