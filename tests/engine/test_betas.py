"""A parameter that needs a beta header brings it along."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workbench.core.endpoint import Endpoint
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.run import Run, State
from workbench.engine.keys import Key
from workbench.engine.runner import Runner
from workbench.simulator import Simulator


@pytest.mark.parametrize(("model", "header"), [("claude-opus-5", "fast-mode-2026-02-01"), ("claude-opus-5-5", "")])
async def test_fast_mode_is_asked_for_as_the_model_wants_it(model: str, header: str) -> None:
    params = Params(model=model, max_tokens=16, speed="fast")
    run = Run("r1", "A", "m1", "test", params, model, datetime.now(UTC))
    async with Simulator(speed=0) as simulator:
        runner = Runner()
        endpoint = Endpoint("test", simulator.base_url)
        await runner.stream(run, Request(params, (Turn("user", "Say yes."),)), endpoint, Key("sk-test", "test"))
        await runner.aclose()
        assert simulator.received[-1].header("anthropic-beta") == header
    assert run.state is State.COMPLETE
