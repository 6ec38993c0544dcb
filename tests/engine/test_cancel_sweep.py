"""A stop at every suspension of a run × whatever the network does: one end, and nothing left (faults C01–C03)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.behaviours import CASES, slowly
from tests.engine.cancelling import Sweep
from tests.engine.certificates import Authority
from tests.engine.fault_server import TEXT, answers, black_hole, sends, serving, stalls
from tests.engine.running import KEY, REQUEST, agreed, endpoint, new_run
from tests.engine.virtual import on_virtual_time
from workbench.core.run import Run, State
from workbench.engine.runner import Runner

SAMPLES = 3
"""Suspensions that are tried of each behaviour in a normal run; with --whole it is every one."""
TLS_CASES = ("whole", "S01 silence", "S02 reset", "S05 half chunk", "H529")

pytestmark = [pytest.mark.fault("C01", "C03")]


@pytest.mark.parametrize("name", CASES)
def test_a_stop_anywhere_in_whatever_happens_leaves_one_end_and_nothing_open(
    name: str, rounds: Callable[[int, int], int]
) -> None:
    async def main() -> None:
        async with serving(CASES[name].behave) as server:
            for times in range(1, rounds(2, 4)):
                await Sweep(server, server.base_url, times).over(rounds(SAMPLES, 0))

    on_virtual_time(main())


@pytest.mark.parametrize("times", [1, 2])
def test_a_stop_at_every_suspension_of_a_whole_answer(times: int) -> None:
    async def main() -> None:
        async with serving(slowly) as server:
            sweep = Sweep(server, server.base_url, times, again=True)
            await sweep.over(0)
        assert sweep.tried > 20

    on_virtual_time(main())


@pytest.mark.fault("C02")
@pytest.mark.parametrize("name", TLS_CASES)
def test_a_stop_at_every_suspension_under_tls(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: Callable[[int, int], int]
) -> None:
    authority = Authority()
    authority.trusted(tmp_path, monkeypatch)

    async def main() -> None:
        async with serving(CASES[name].behave, tls=authority.server()) as server:
            await Sweep(server, server.base_url).over(rounds(0 if name == "whole" else SAMPLES, 0))

    on_virtual_time(main())


@pytest.mark.fault("C02")
def test_a_stop_in_a_handshake_that_is_never_answered() -> None:
    async def main() -> None:
        async with serving(stalls()) as server:
            await Sweep(server, server.base_url.replace("http", "https")).over(0)

    on_virtual_time(main())


@pytest.mark.fault("C02", "N06")
def test_a_stop_while_a_proxy_makes_the_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with serving(stalls(b"HTTP/1.1 200 Connection established\r\n\r\n")) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
            url = "https://api.example"
            sweep = Sweep(proxy, url, options={"confirmed": agreed(endpoint(url))})
            await sweep.over(0)
            assert sweep.tried > 5

    on_virtual_time(main())


@pytest.mark.fault("C02")
def test_a_stop_while_nobody_takes_the_connection() -> None:
    async def main() -> None:
        async with serving(answers) as server:
            with black_hole() as url:
                await Sweep(server, url).over(0)

    on_virtual_time(main())


@pytest.mark.fault("C02")
def test_a_stop_while_a_kept_connection_turns_out_to_be_closed() -> None:
    async def main() -> None:
        async with serving(answers, sends(), slowly) as server:

            async def before(runner: Runner) -> None:
                await runner.stream(new_run(), REQUEST, endpoint(server.base_url), KEY)

            sweep = Sweep(server, server.base_url, before=before)
            await sweep.over(0)
            assert len(server.requests) == 3

    on_virtual_time(main())


@pytest.mark.fault("C02")
def test_a_stop_in_the_queue_leaves_the_one_that_is_on_its_way() -> None:
    async def main() -> None:
        async with serving(slowly) as server:
            others: list[Run] = []

            async def before(runner: Runner) -> asyncio.Task[None]:
                others.append(new_run("another"))
                return runner.start(others[-1], REQUEST, endpoint(server.base_url), KEY)

            sweep = Sweep(server, server.base_url, before=before, options={"concurrency": 1, "start": 1})
            await sweep.over(0)
        assert {other.state for other in others} == {State.COMPLETE}
        assert {other.text for other in others} == {TEXT}
        assert len(others) > sweep.tried > 20

    on_virtual_time(main())
