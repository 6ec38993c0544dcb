"""The runner against the bundled simulator, over a real socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.engine.running import REQUEST, new_run, running
from workbench.core import usage
from workbench.core.cost import Basis
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.request import Request, Turn
from workbench.core.run import State
from workbench.engine.endpoints import SIMULATOR
from workbench.engine.keys import SIMULATED
from workbench.engine.simulated import Simulated

ASK = Request(replace(REQUEST.params, model="claude-sonnet-4-6", max_tokens=40), REQUEST.turns)
LONG = Request(replace(ASK.params, max_tokens=400), (Turn("user", "Write an essay of 300 words about the sea."),))


async def test_the_simulator_starts_when_it_is_first_needed_and_once() -> None:
    async with running(simulated=Simulated(speed=0)) as runner:
        found = await asyncio.gather(*(runner.resolve(SIMULATOR) for _ in range(3)))
        assert len({each.base_url for each in found}) == 1
        assert found[0].simulated
        run = new_run()
        await runner.stream(run, ASK, SIMULATOR, SIMULATED)
        assert run.state is State.COMPLETE, run.problem
        assert run.text
        assert run.limits is not None
        assert run.request_id
        assert run.usage["output_tokens"] <= 40
        counted = await runner.count_tokens(ASK, SIMULATOR, SIMULATED)
        listed = await runner.models(SIMULATOR, SIMULATED)
    assert counted == run.usage["input_tokens"]
    assert isinstance(listed, list)
    assert "claude-sonnet-4-6" in {model["id"] for model in listed}


@pytest.mark.parametrize(
    ("headers", "state", "attempts"),
    [
        ({"x-simulate-error": "529"}, State.REJECTED, 3),
        ({"x-simulate-error": "529", "x-simulate-times": "1"}, State.COMPLETE, 2),
        ({"x-simulate-error": "400"}, State.REJECTED, 1),
        ({"x-simulate-error": "stream-error"}, State.REJECTED, 1),
        ({"x-simulate-error": "cut"}, State.INTERRUPTED, 1),
    ],
)
async def test_a_fault_on_demand(headers: dict[str, str], state: State, attempts: int) -> None:
    async with running(simulated=Simulated(speed=0)) as runner:
        run = new_run()
        await runner.stream(run, LONG, SIMULATOR, SIMULATED, extra_headers=headers)
    assert (run.state, run.attempts) == (state, attempts), run.problem


async def test_the_simulator_says_who_answers_at_whatever_address() -> None:
    async with running(simulated=Simulated(speed=0)) as runner:
        address = (await runner.resolve(SIMULATOR)).base_url
        for headers in ({}, {"x-simulate-error": "400"}):
            run = new_run()
            await runner.stream(run, ASK, Endpoint("mine", address), SIMULATED, extra_headers=headers)
            assert run.simulated
            assert usage.charged(run, Endpoint("mine", address), Catalogue.builtin()).basis is Basis.SIMULATED


async def test_what_is_refused_says_why() -> None:
    asked = Request(replace(ASK.params, model="claude-opus-5-5", temperature=0.5), ASK.turns)
    async with running(simulated=Simulated(speed=0)) as runner:
        run = new_run()
        await runner.stream(run, asked, SIMULATOR, SIMULATED)
    assert run.state is State.REJECTED
    assert "temperature" in str(run.problem)
