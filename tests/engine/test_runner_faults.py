"""The network's and the server's faults, each ending in the one state it must (faults N, H, S)."""

from __future__ import annotations

import asyncio

import pytest

from tests.engine import fault_server as fault
from tests.engine.behaviours import CASES, WHOLE_TEXTS, marked
from tests.engine.cancelling import on_the_loop
from tests.engine.fault_server import TEXT, says, sends, serving
from tests.engine.running import KEY, REQUEST, Time, endpoint, new_run, run_once, running
from tests.engine.virtual import on_virtual_time
from workbench.core.run import Run, State


async def test_a_whole_stream_is_complete() -> None:
    async with serving(fault.answers) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text, run.attempts, run.problem) == (State.COMPLETE, TEXT, 1, None)
    assert run.usage["output_tokens"] == 12
    assert run.request_sha256


@pytest.mark.parametrize("name", marked(CASES))
def test_each_fault_ends_in_its_state(name: str) -> None:
    case = CASES[name]

    async def main() -> Run:
        async with serving(case.behave) as server, on_the_loop() as runner:
            await runner.stream(run := new_run(), REQUEST, endpoint(server.base_url), KEY)
        return run

    run = on_virtual_time(main())
    assert run.state is case.state, run.problem
    assert run.attempts == case.attempts
    if case.state is State.COMPLETE:
        assert run.problem is None
        assert run.text in WHOLE_TEXTS
    else:
        assert case.words in str(run.problem)
        assert run.text in TEXT
    if case.state in {State.INTERRUPTED, State.UNCONFIRMED} and not name.startswith("JSON"):
        assert run.text.startswith("word0 word1 ")


@pytest.mark.fault("N10")
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_shown_and_not_followed(code: int) -> None:
    async with (
        serving(fault.answers) as other,
        serving(
            says(f"{code} Elsewhere", b"", location=f"http://user:pw@127.0.0.1:{other.port}/v1/messages?key=1")
        ) as server,
    ):
        run = await run_once(server.base_url)
        assert (run.state, other.connections) == (State.REJECTED, 0)
    assert f"127.0.0.1:{other.port}" in str(run.problem)
    assert "pw" not in str(run.problem)


@pytest.mark.fault("N14")
async def test_a_kept_connection_that_was_closed_is_replaced_silently() -> None:
    """N14: the server took the second request over the kept connection, and closed it without a byte."""
    async with serving(fault.answers, sends(), fault.answers) as server, running(time := Time()) as runner:
        runs = [new_run(), new_run()]
        for run in runs:
            await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
    assert [run.state for run in runs] == [State.COMPLETE, State.COMPLETE]
    assert [run.attempts for run in runs] == [1, 2]
    assert time.slept == []
    assert server.connections == 2


async def test_a_clean_connection_is_used_again() -> None:
    async with serving(fault.answers) as server, running() as runner:
        for _ in range(4):
            await runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY)
        assert server.connections == 1
        await asyncio.gather(*(runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY) for _ in range(3)))
        assert server.connections == 3
