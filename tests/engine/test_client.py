"""What stands around a request: imports, proxies, certificates, and the key in a library's own messages."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import serving
from tests.engine.running import KEY, REQUEST, SECRET, endpoint, new_run, run_once, running
from workbench.core.run import State
from workbench.engine.client import Slots
from workbench.engine.failures import Broken
from workbench.engine.keys import Key
from workbench.engine.proxies import proxy_for
from workbench.engine.timeouts import Timeouts

ONCE = {"retries": 0, "timeouts": Timeouts(connect=0.5, read=1)}


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_httpx_comes_late_and_without_its_command_line() -> None:
    assert "httpx" not in modules_after("import workbench.engine.runner, workbench.engine.endpoints")
    loaded = modules_after("import workbench.engine.client")
    assert "httpx" in loaded
    assert not {"click", "rich", "pygments", "httpx._main"} & loaded


@pytest.mark.fault("N06")
def test_the_proxy_of_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    monkeypatch.setenv("HTTP_PROXY", "plain.example")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    proxy = proxy_for("https://api.example/v1")
    assert proxy is not None
    assert proxy.place == "proxy.example:3128"
    assert "secret" not in repr(proxy)
    plain = proxy_for("http://api.example")
    assert plain is not None
    assert plain.address == "http://plain.example"
    assert proxy_for("https://inside.example") is None
    for here in ("http://127.0.0.1:80", "https://localhost", "http://[::1]:1"):
        assert proxy_for(here) is None


@pytest.mark.fault("N06")
async def test_a_dead_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving() as server:
        port = server.port
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:hidden@127.0.0.1:{port}")
    run = await run_once("https://api.example", options=ONCE)
    assert run.state is State.UNREACHABLE
    assert f"proxy 127.0.0.1:{port}" in str(run.problem)
    assert "hidden" not in str(run.problem)


@pytest.mark.fault("N06")
async def test_a_proxy_that_refuses_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(fault.says("407 Login Please", b"")) as server:
        monkeypatch.setenv("HTTPS_PROXY", server.base_url)
        run = await run_once("https://api.example", options=ONCE)
        assert server.requests[0].head.startswith(b"CONNECT api.example:443 ")
        assert SECRET.encode() not in server.requests[0].head
    assert "407 Login Please" in str(run.problem)


@pytest.mark.fault("N06")
async def test_plain_http_goes_through_the_proxy_once_its_origin_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(fault.answers) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        run = await run_once("http://far.example")
        assert proxy.requests[0].head.startswith(b"POST http://far.example/v1/messages ")
    assert run.state is State.COMPLETE


@pytest.mark.fault("N06")
@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "gopher://127.0.0.1:1", "http://127.0.0.1:99999"])
async def test_a_proxy_that_can_not_be_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    run = await run_once("https://api.example", options=ONCE)
    assert run.state is State.UNREACHABLE
    assert "proxy" in str(run.problem).lower()


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_certificates_that_can_not_be_read(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    run = await run_once("https://127.0.0.1:1", options=ONCE)
    assert run.state is State.UNREACHABLE
    assert "SSL_CERT_FILE" in str(run.problem)


async def test_one_tls_context_is_shared_by_all_connections() -> None:
    slots = Slots(Timeouts())
    first, second = await slots._tls(), await slots._tls()
    await slots.aclose()
    assert first is second
    assert first.check_hostname


@pytest.mark.parametrize("secret", ["sk-canary\r\nx-evil: 1", "sk-canary-ü", "sk-canary\x00"])
async def test_a_key_that_no_header_can_carry_is_not_in_the_message(secret: str) -> None:
    async with serving(fault.answers) as server, running() as runner:
        run = new_run()
        await runner.stream(run, REQUEST, endpoint(server.base_url), Key(secret, "a test"))
        assert server.requests == []
    assert (run.state, run.attempts) == (State.UNREACHABLE, 1)
    assert "canary" not in str(run.problem)


@pytest.mark.fault("S17")
async def test_a_body_of_one_byte_chunks_is_the_same_text() -> None:
    async def dribble(talk: fault.Talk) -> None:
        await talk.send(fault.CHUNKED)
        await talk.chunks(*(fault.STREAM[at : at + 1] for at in range(len(fault.STREAM))))
        await talk.send(fault.ENDED)

    async with serving(dribble) as server:
        run = await run_once(server.base_url)
    assert (run.state, run.text) == (State.COMPLETE, fault.TEXT)


@pytest.mark.fault("S23")
async def test_a_burst_leaves_the_loop_to_others() -> None:
    """S23: ten thousand events in one piece; a stop gets its turn among them."""
    burst = [*fault.EVENTS[:2], *[fault.delta("x")] * 10_000]
    body = b"".join(burst)
    async with serving(fault.stalls(fault.CHUNKED, b"%x\r\n%s\r\n" % (len(body), body))) as server:
        run = new_run()
        async with running() as runner:
            task = runner.start(run, REQUEST, endpoint(server.base_url), KEY)
            turns = 0
            while run.events < len(burst):
                turns += run.events > 0
                await asyncio.sleep(0)
            task.cancel()
    assert turns > 50
    assert len(run.text) == 10_000


async def test_broken_holds_a_problem_and_nothing_else() -> None:
    slots = Slots(Timeouts(connect=0.2))
    async with serving() as server:
        port = server.port
    slot = await slots.take(f"http://127.0.0.1:{port}")
    with pytest.raises(Broken) as caught:
        await slot.send("GET", f"http://127.0.0.1:{port}/", {"x-api-key": SECRET}, None, lambda: None)
    await slot.release(clean=False)
    await slots.aclose()
    assert SECRET not in repr(caught.value)
    assert caught.value.__cause__ is None
