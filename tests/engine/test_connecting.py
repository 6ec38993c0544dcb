"""No connection: names, ports, full queues, certificates, proxies; each shown on real sockets (faults N01–N07, N15)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine import fault_server as fault
from tests.engine.behaviours import early
from tests.engine.cancelling import on_the_loop
from tests.engine.certificates import Authority
from tests.engine.fault_server import Behave, black_hole, sends, serving, stalls
from tests.engine.running import KEY, PARAMS, REQUEST, Time, agreed, endpoint, new_run, run_once, running
from tests.engine.virtual import on_virtual_time
from workbench.core.request import Request, Turn
from workbench.core.run import Phase, Run, State
from workbench.engine.timeouts import Timeouts

QUICK = {"timeouts": Timeouts(connect=0.2, read=0.05), "retries": 0}
ONCE = {"retries": 0}
NOWHERE = "https://no-such-host.invalid"


@pytest.mark.fault("N02")
async def test_nobody_listens() -> None:
    async with serving() as server:
        port = server.port
    time = Time()
    run = await run_once(f"http://127.0.0.1:{port}", time)
    assert (run.state, run.attempts, len(time.slept), run.sent) == (State.UNREACHABLE, 3, 2, False)
    assert f"127.0.0.1:{port}" in str(run.problem)
    assert "refused" in str(run.problem)


@pytest.mark.fault("N01")
async def test_a_host_without_an_address() -> None:
    time = Time()
    seen: list[tuple[Phase, float]] = []
    run = new_run()

    async def sleep(seconds: float) -> None:
        assert run.waiting is not None
        seen.append((run.phase, run.waiting.until - time.clock()))
        await time.sleep(seconds)

    async with running(time, confirmed=agreed(endpoint(NOWHERE))) as runner:
        runner.sleep = sleep
        await runner.stream(run, REQUEST, endpoint(NOWHERE), KEY)
    assert (run.state, run.attempts) == (State.UNREACHABLE, 3)
    assert "no-such-host.invalid" in str(run.problem)
    assert seen == [(Phase.RETRYING, 0.5), (Phase.RETRYING, 1.0)], "the countdown that a screen shows"


@pytest.mark.fault("N03")
def test_a_server_that_takes_no_connection_is_given_up_after_five_seconds() -> None:
    async def main(url: str) -> tuple[Run, float]:
        async with on_the_loop(retries=1) as runner:
            await runner.stream(run := new_run(), REQUEST, endpoint(url), KEY)
            return run, runner.clock()

    with black_hole() as url:
        run, seconds = on_virtual_time(main(url))
    assert (run.state, run.attempts, run.sent) == (State.UNREACHABLE, 2, False)
    assert run.timings.total_s == pytest.approx(5, abs=0.1)
    assert seconds == pytest.approx(10.5, abs=0.2)
    assert url.removeprefix("http://") in str(run.problem)
    assert "did not answer in time" in str(run.problem)


CERTIFICATES: dict[str, tuple[Callable[[Authority], ssl.SSLContext], bool, str]] = {
    "of an authority that nobody named": (lambda ours: ours.server(), False, "unable to get local issuer"),
    "of another authority": (lambda ours: Authority().server(), True, "unable to get local issuer"),
    "wrong host": (lambda ours: ours.server("api.example"), True, "127.0.0.1"),
    "expired": (lambda ours: ours.server(expired=True), True, "expired"),
}


@pytest.mark.fault("N04")
@pytest.mark.parametrize("name", CERTIFICATES)
async def test_a_certificate_that_proves_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make, trusted, why = CERTIFICATES[name]
    ours = Authority()
    if trusted:
        ours.trusted(tmp_path, monkeypatch)
    async with serving(fault.answers, tls=make(ours)) as server:
        run = await run_once(server.base_url, waits := Time())
        assert (server.requests, waits.slept) == ([], [])
    assert (run.state, run.attempts, run.sent) == (State.UNREACHABLE, 1, False)
    assert run.problem is not None
    assert run.problem.title == "Certificate not accepted"
    assert "certificate" in run.problem.detail
    assert why in run.problem.detail


@pytest.mark.fault("N04")
async def test_a_certificate_of_an_authority_that_the_user_named_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Authority()
    ours.trusted(tmp_path, monkeypatch)
    async with serving(fault.answers, tls=ours.server()) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text) == (State.COMPLETE, fault.TEXT)


@pytest.mark.fault("N05")
@pytest.mark.parametrize("behave", [stalls(), sends(b"HTTP/1.1 400 Bad\r\n\r\n")])
def test_tls_to_a_plain_server(behave: Behave) -> None:
    async def main() -> tuple[Run, float]:
        async with serving(behave) as server, on_the_loop() as runner:
            url = server.base_url.replace("http", "https")
            await runner.stream(run := new_run(), REQUEST, endpoint(url), KEY)
            return run, runner.clock()

    run, seconds = on_virtual_time(main())
    assert (run.state, run.attempts) == (State.UNREACHABLE, 1)
    assert "No TLS connection" in str(run.problem)
    assert "http://" in str(run.problem)
    assert seconds <= 5.1


@pytest.mark.fault("N06")
async def test_a_host_that_needs_no_proxy_is_asked_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(fault.answers) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url)
        monkeypatch.setenv("NO_PROXY", "no-such-host.invalid")
        run = await run_once(NOWHERE, options=ONCE)
        assert proxy.connections == 0
    assert "Host not found" in str(run.problem)


ADDRESSES = ("http://127.0.0.1:99999", "http://[::1", "ftp://127.0.0.1", "http://", "127.0.0.1:80", "http://a b", "//x")


@pytest.mark.fault("N07")
@pytest.mark.parametrize("url", ADDRESSES)
async def test_an_address_that_slipped_through_is_still_no_crash(url: str) -> None:
    try:
        run = await run_once(url, options=QUICK)
    except ValueError as error:
        pytest.fail(f"raised {error}")
    assert run.state is State.UNREACHABLE


@pytest.mark.parametrize("behave", [stalls(), sends()])
async def test_a_request_that_went_out_may_have_been_paid_for_although_no_answer_came(behave: Behave) -> None:
    async with serving(behave) as server:
        run = await run_once(server.base_url, options=QUICK)
    assert (run.state, run.sent, run.simulated) == (State.UNREACHABLE, True, False)


@pytest.mark.fault("N15")
@pytest.mark.parametrize("secure", [False, True])
async def test_an_early_answer_to_a_large_upload_is_shown(
    secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server answers, and closes, before it has read the request."""
    ours = Authority()
    ours.trusted(tmp_path, monkeypatch)
    run = new_run()
    async with serving(early, bodies_first=False, tls=ours.server() if secure else None) as server, running() as runner:
        request = Request(PARAMS, (Turn("user", "x" * (24 << 20)),))
        await runner.stream(run, request, endpoint(server.base_url), KEY)
    assert run.problem is not None
    assert (run.state, run.problem.status) == (State.REJECTED, 413)
    assert "25.2 MB" in run.problem.detail
