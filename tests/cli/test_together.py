"""How many of a command's runs are sent at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.simulator.exchange import Request, Response

SESSION = 'format = 1\n[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 8\n'


def all_here(answer: Callable[[Request], Awaitable[Response]], count: int) -> Callable[[Request], Awaitable[Response]]:
    """Answers nobody before so many have asked."""
    here = asyncio.Semaphore(0)
    asked = 0

    async def answers(request: Request) -> Response:
        nonlocal asked
        asked += 1
        if asked == count:
            for _ in range(count):
                here.release()
        async with asyncio.timeout(10):
            await here.acquire()
        return await answer(request)

    return answers


@pytest.mark.parametrize(("lanes", "repeat"), [(20, 1), (1, 8)])
def test_the_lanes_of_a_session_start_together_and_so_do_eight_repeats(
    program: Program, served: Served, monkeypatch: pytest.MonkeyPatch, lanes: int, repeat: int
) -> None:
    router = served.simulator._router
    monkeypatch.setattr(router, "answer", all_here(router.answer, lanes * repeat))
    rows = "".join(f'[[lanes]]\nid = "L{number}"\n' for number in range(lanes))
    Path("many.toml").write_text(SESSION + rows)
    result = program("run", "many.toml", "--prompt", "hi", "--repeat", str(repeat), "--json")
    assert (result.status, len(result.records)) == (0, lanes * repeat)
