"""What is on the way of a request: proxies, authorities of the user's own, a log of keys (faults N06, K01)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.certificates import Authority
from tests.engine.fault_server import answers, says, serving
from tests.engine.running import KEY, REQUEST, SECRET, agreed, endpoint, new_run, running
from workbench.core.config import Config
from workbench.core.state import State
from workbench.engine.endpoints import KEY_LOG_NOTE, choose
from workbench.engine.origins import Way
from workbench.engine.proxies import proxy_for, route
from workbench.engine.wire import Wire

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
OFFICIAL = "https://api.anthropic.com/v1/messages"


@pytest.mark.fault("N06")
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://proxy.example:3128", "proxy.example:3128"),
        ("proxy.example:3128", "proxy.example:3128"),
        ("http://me:PASSWORD@proxy.example", "proxy.example"),
        ("http://me:PASS@WORD@proxy.example:1", "proxy.example:1"),
        ("me:PASSWORD@proxy.example:8", "proxy.example:8"),
        ("http://me:PASSWORD@proxy.example:99999", "?"),
        ("http://me:PASSWORD@[::1", "?"),
    ],
)
def test_a_proxy_is_named_without_its_password(
    name: str, address: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, address)
    found = proxy_for(OFFICIAL)
    assert found is not None
    assert found.place == place
    assert route(OFFICIAL) == f"via the proxy {place}"
    assert "PASS" not in f"{found!r} {found} {found.place} {route(OFFICIAL)}"
    monkeypatch.setenv("NO_PROXY", "api.anthropic.com")
    assert proxy_for(OFFICIAL) is None
    assert route(OFFICIAL) == ""


@pytest.mark.fault("N06")
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "https://localhost/", "http://[::1]:80/"])
def test_this_machine_is_never_reached_by_a_proxy(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "http://proxy.example:3128")
    assert proxy_for(url) is None


@pytest.mark.fault("N06")
async def test_an_encrypted_request_shows_its_proxy_nothing_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    wire, run, yes = Wire(), new_run(), agreed(endpoint("https://far.example"))
    async with serving(says("502 No", b"")) as proxy, running(retries=0, confirmed=yes) as runner:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url.replace("http://", "http://me:PASSWORD@"))
        await runner.stream(run, REQUEST, endpoint("https://far.example"), KEY, wire=wire)
        assert [talk.head.split(b"\r\n")[0] for talk in proxy.requests] == [b"CONNECT far.example:443 HTTP/1.1"]
        assert all(SECRET.encode() not in talk.head + talk.body for talk in proxy.requests)
    assert run.state is State.UNREACHABLE
    assert f"127.0.0.1:{proxy.port}" in str(run.problem)
    assert wire.route == f"via the proxy 127.0.0.1:{proxy.port}"
    assert "PASSWORD" not in str(run.problem) + wire.route


@pytest.mark.fault("N06", "N08")
async def test_a_proxy_gets_an_unencrypted_key_only_when_it_was_agreed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = agreed(endpoint("http://far.example"))
    async with serving(answers) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        named = agreed(endpoint("http://far.example"))
        ends = []
        for confirmed in (frozenset[Way](), plain, named):
            run = new_run()
            async with running(confirmed=confirmed) as runner:
                await runner.stream(run, REQUEST, endpoint("http://far.example"), KEY)
            ends.append((run.state, len(proxy.requests)))
    assert ends == [(State.UNREACHABLE, 0), (State.UNREACHABLE, 0), (State.COMPLETE, 1)]


@pytest.mark.fault("N04")
async def test_an_authority_of_the_users_own_is_trusted_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, wire, run = Authority(), Wire(), new_run()
    authority.trusted(tmp_path, monkeypatch)
    async with serving(answers, tls=authority.server()) as server, running() as runner:
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY, wire=wire)
    assert run.state is State.COMPLETE
    assert wire.route == "certificates of SSL_CERT_FILE"


@pytest.mark.fault("K01")
async def test_a_log_of_tls_keys_is_written_by_the_library_and_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    authority = Authority()
    authority.trusted(tmp_path, monkeypatch)
    async with serving(answers, tls=authority.server()) as server, running() as runner:
        run = new_run()
        await runner.stream(run, REQUEST, endpoint(server.base_url), KEY)
        environ = {"ANTHROPIC_API_KEY": "sk-ant-0123456789", "SSLKEYLOGFILE": str(log)}
        local = choose(Config(), base_url=server.base_url, environ=environ, folder=tmp_path)
    assert run.state is State.COMPLETE
    assert "SECRET" in log.read_text()  # Python's default context does it wherever the variable is set
    official = choose(Config(), environ=environ, folder=tmp_path)
    plain = choose(Config(), base_url="http://127.0.0.1:1", environ=environ, folder=tmp_path)
    assert [KEY_LOG_NOTE in each.notes for each in (official, local, plain)] == [True, True, False]
    assert choose(Config(), environ={**environ, "SSLKEYLOGFILE": ""}, folder=tmp_path).notes == ()
