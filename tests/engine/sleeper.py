"""A program that streams one answer and tells what became of it, for those who stop it in the middle."""

from __future__ import annotations

import asyncio
import json
import sys

from tests.engine.running import KEY, REQUEST, agreed, endpoint, new_run
from workbench.core.run import Run
from workbench.engine.runner import Runner


async def streamed(url: str) -> Run:
    run = new_run()
    place = endpoint(url)
    runner = Runner(retries=0, confirmed=agreed(place))
    task = runner.start(run, REQUEST, place, KEY)
    while not run.text and not task.done():  # noqa: ASYNC110 - a run tells nobody, it is looked at
        await asyncio.sleep(0.001)
    sys.stdout.write("streaming\n")
    sys.stdout.flush()
    await task
    await runner.aclose()
    return run


if __name__ == "__main__":
    ended = asyncio.run(streamed(sys.argv[1]))
    timings = ended.timings
    told = {
        "state": ended.state,
        "text": ended.text,
        "final": ended.usage_final,
        "seconds": [timings.first_token_s, timings.total_s],
        "problem": str(ended.problem or ""),
    }
    sys.stdout.write(json.dumps(told))
