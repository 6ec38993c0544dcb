"""Where a key comes from, what is wrong with one, and where none may go (faults N08, N09, K01)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.fault_server import answers, serving
from tests.engine.running import KEY, REQUEST, SECRET, new_run, running
from workbench.core.config import Config, parse
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.run import State
from workbench.engine import dialects, keys
from workbench.engine.endpoints import choose
from workbench.engine.keys import Key, doubt, find, refusal, way
from workbench.engine.origins import Way
from workbench.engine.proxies import proxy_for

OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)


@pytest.mark.fault("N09")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sk-ant canary-0123456789", "space"),
        ("sk-ant-canary\n-0123456789", "line break"),
        ("sk-ant-canary-ünïcode", "character"),
        ("sk-ant-canary\x00", "character"),
        ("sk-ant-canary\u200b", "character"),
        ('"sk-ant-canary-0123456789"', "quotes"),
        ("'sk-ant-canary-0123456789'", "quotes"),
        ("sk-ant-canary\tx", "space"),
        ("sk-ant-canary\r\nx-evil: 1", "line break"),
        ("sk-ant-canary\u202e", "character"),
        ("sk-ant-canary\x7f", "character"),
        ("sk-ant-canary-" * 400, "more than 4096 characters"),
    ],
)
def test_a_key_with_something_wrong_is_refused_without_being_shown(text: str, words: str, tmp_path: Path) -> None:
    found = find(OFFICIAL, {"ANTHROPIC_API_KEY": text}, tmp_path)
    assert found.key is None
    assert words in str(found.problem)
    assert "ANTHROPIC_API_KEY" in str(found.problem)
    assert "canary" not in str(found.problem)


@pytest.mark.fault("N09")
@pytest.mark.parametrize("text", ["sk-ant-x-123456789", " sk-ant-x-123456789\r\n", "\tsk-ant-x-123456789"])
def test_space_around_a_key_is_no_part_of_it(text: str, tmp_path: Path) -> None:
    found = find(OFFICIAL, {"ANTHROPIC_API_KEY": text}, tmp_path)
    assert found.key is not None
    assert found.key.reveal() == "sk-ant-x-123456789"


@pytest.mark.fault("N09")
@pytest.mark.parametrize("text", ["", " ", "\n", "\t \r\n"])
def test_an_empty_key_is_none(text: str, tmp_path: Path) -> None:
    assert "Set ANTHROPIC_API_KEY" in str(find(OFFICIAL, {"ANTHROPIC_API_KEY": text}, tmp_path).problem)
    (tmp_path / "key").write_text(text)
    found = find(Endpoint("llama", "https://llama.example", key_file=str(tmp_path / "key")), {}, tmp_path)
    assert "is empty" in str(found.problem)


@pytest.mark.fault("N09")
@pytest.mark.parametrize(
    "text", ["sk-proj-canary-0123456789", "canary-0123456789", "AIzaCanary-canary-012", "Bearer=canary"]
)
def test_a_key_of_another_service_is_told_of_before_it_is_sent(text: str, tmp_path: Path) -> None:
    found = find(OFFICIAL, {"ANTHROPIC_API_KEY": text}, tmp_path)
    assert found.key is not None
    assert "does not begin with sk-ant-" in found.notes[0]
    assert "anary" not in " ".join(found.notes)
    for fine in (
        find(OFFICIAL, {"ANTHROPIC_API_KEY": f"sk-ant-{text}"}, tmp_path),
        find(OFFICIAL, {"ANTHROPIC_AUTH_TOKEN": text}, tmp_path),
        find(Endpoint("gate", "https://gate.example", key_env="K"), {"K": text}, tmp_path),
    ):
        assert fine.key is not None
        assert fine.notes == ()


@pytest.mark.fault("N09")
async def test_a_key_that_no_header_can_carry_is_named_and_not_quoted() -> None:
    """It can't come from any source; should it come all the same, the library's own words would show it."""
    async with serving(answers) as server:
        for text in ("sk-ant-canary\nx: y", "sk-ant-canär", "sk-ant-canary "):
            run = new_run()
            async with running(retries=0) as runner:
                await runner.stream(run, REQUEST, Endpoint("x", server.base_url), Key(text, "a test"))
            assert run.state is State.UNREACHABLE
            assert "Key cannot be used" in str(run.problem)
            assert "can" not in str(run.problem).replace("cannot", "").replace("that a header can carry", "")


@pytest.mark.fault("N09")
@pytest.mark.parametrize("row", [{"key_env": "sk-ant-canary"}, {"key_file": "sk-ant-canary"}, {"key": "sk-ant-canary"}])
def test_a_key_in_the_configuration_is_refused_without_being_shown(row: dict[str, str]) -> None:
    config, mistakes = parse({"endpoints": {"gate": {"base_url": "https://gate.example", **row}}})
    assert len(mistakes) == 1
    assert "canary" not in mistakes[0] + repr(config)


@pytest.mark.fault("F14")
@pytest.mark.parametrize(
    "line",
    [
        "ANTHROPIC_BASE_URL=http://127.0.0.1:{port}",
        "HTTPS_PROXY=http://127.0.0.1:{port}",
        "https_proxy=http://127.0.0.1:{port}\nALL_PROXY=http://127.0.0.1:{port}",
        "SSL_CERT_FILE=evil.pem\nSSLKEYLOGFILE=keys.log",
        "ANTHROPIC_API_KEY=${{HOME}}\nHOME=/evil\nPATH=/evil",
        "GATE_KEY=sk-of-the-folder\nXDG_CONFIG_HOME=/evil",
        "export EDITOR=evil\nVISUAL=evil\nPYTHONPATH=/evil\nLD_PRELOAD=/evil.so",
    ],
)
def test_a_hostile_env_file_gives_a_key_at_most(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(os.environ)
    folder = Path.cwd()
    (folder / ".env").write_text(f"{line.format(port=9)}\nANTHROPIC_AUTH_TOKEN=token-of-the-folder\n")
    gate = Config(endpoints={"gate": Endpoint("gate", "https://gate.example", key_env="GATE_KEY")})
    chosen = choose(gate, environ=before, folder=folder)
    assert chosen.endpoint.base_url == OFFICIAL_URL
    assert chosen.key is not None
    assert chosen.key.source.endswith(" in .env")
    assert chosen.notes in {(), (doubt(chosen.endpoint, chosen.key),)}
    assert choose(gate, name="gate", environ=before, folder=folder).key is None
    assert proxy_for(OFFICIAL_URL) is None
    assert dict(os.environ) == before
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    found = find(OFFICIAL, os.environ, folder).key
    assert found is not None
    assert found.reveal() == SECRET


def test_the_order_of_the_official_sources(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "ANTHROPIC_AUTH_TOKEN=from-dotenv\nANTHROPIC_BASE_URL=http://evil\nOTHER=${ANTHROPIC_API_KEY}\n"
    )

    def source(**environ: str) -> tuple[str, str | None, str]:
        key = find(OFFICIAL, environ, tmp_path).key
        assert key is not None
        return key.reveal(), key.auth, key.source

    assert source() == ("from-dotenv", "bearer", "ANTHROPIC_AUTH_TOKEN in .env")
    assert source(ANTHROPIC_API_KEY=" ") == ("from-dotenv", "bearer", "ANTHROPIC_AUTH_TOKEN in .env")
    assert source(ANTHROPIC_AUTH_TOKEN="token") == ("token", "bearer", "ANTHROPIC_AUTH_TOKEN")
    both = {"ANTHROPIC_API_KEY": "key", "ANTHROPIC_AUTH_TOKEN": "token"}
    assert source(**both) == ("key", None, "ANTHROPIC_API_KEY")
    assert "both set" in find(OFFICIAL, both, tmp_path).notes[0]


def test_no_key_is_a_problem_that_says_what_to_do(tmp_path: Path) -> None:
    assert "Set ANTHROPIC_API_KEY" in str(find(OFFICIAL, {}, tmp_path).problem)
    own = Endpoint("llama", "https://llama.example", key_env="LLAMA_KEY")
    assert "Set LLAMA_KEY" in str(find(own, {}, tmp_path).problem)
    bare = Endpoint("llama", "https://llama.example")
    assert "key_env" in str(find(bare, {"ANTHROPIC_API_KEY": SECRET}, tmp_path).problem)


@pytest.mark.fault("F14")
@pytest.mark.parametrize(
    ("url", "goes"),
    [
        (OFFICIAL_URL, True),
        ("https://api.anthropic.com:443/x", True),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://localhost:8080/x", False),
        ("https://eu.anthropic.com", False),
        ("https://api.anthropic.com.evil.example", False),
        ("https://evil.example/api.anthropic.com", False),
        ("https://api.anthropic.com@evil.example", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
def test_where_the_official_key_may_go_by_itself(url: str, goes: bool, tmp_path: Path) -> None:
    found = find(Endpoint("x", url), {"ANTHROPIC_API_KEY": SECRET}, tmp_path)
    assert (found.key is not None) is goes


def test_an_endpoint_that_names_the_official_variable_gets_it(tmp_path: Path) -> None:
    gateway = Endpoint("gate", "https://gate.example", key_env="ANTHROPIC_API_KEY")
    assert find(gateway, {"ANTHROPIC_API_KEY": SECRET}, tmp_path).key is not None


def test_a_key_file_is_read_and_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("sk-from-a-file\n")
    path.chmod(0o644)
    own = Endpoint("llama", "https://llama.example", key_file=str(path))
    found = find(own, {}, tmp_path)
    assert found.key is not None
    assert found.key.reveal() == "sk-from-a-file"
    assert "chmod 600" in found.notes[0]
    path.chmod(0o600)
    assert find(own, {}, tmp_path).notes == ()
    path.write_bytes(b"\xff\xfe")
    assert "not text" in str(find(own, {}, tmp_path).problem)
    path.unlink()
    assert "no such file" in str(find(own, {}, tmp_path).problem)


@pytest.mark.fault("N08")
def test_plain_http_to_another_machine_needs_a_confirmation() -> None:
    lan = Endpoint("lan", "http://10.0.0.7:8080")
    assert "not encrypted" in str(refusal(lan, KEY))
    assert way(lan, KEY) == Way("lan", "http://10.0.0.7:8080", "a test")
    assert refusal(lan, KEY, frozenset({Way("lan", "http://10.0.0.7:8080", "a test")})) is None
    assert refusal(lan, KEY, frozenset({Way("lan", "http://10.0.0.7:8081", "a test")})) is not None
    assert refusal(lan, KEY, frozenset({Way("lan", "https://10.0.0.7:8080", "a test")})) is not None
    assert refusal(Endpoint("lan", "http://10.0.0.7:8080", auth="none"), None) is None
    assert refusal(Endpoint("here", "http://127.0.0.1:1"), KEY) is None


@pytest.mark.fault("N08")
async def test_a_run_to_it_is_refused_before_anything_is_sent() -> None:
    run = new_run()
    async with running() as runner:
        await runner.stream(run, REQUEST, Endpoint("lan", "http://no-such-host.invalid"), KEY)
        assert runner._source is None
    assert (run.state, run.attempts, run.sent) == (State.UNREACHABLE, 0, False)
    assert "not encrypted" in str(run.problem)


@pytest.mark.parametrize(
    ("auth", "key", "name", "value"),
    [
        ("x-api-key", KEY, "x-api-key", SECRET),
        ("bearer", KEY, "authorization", f"Bearer {SECRET}"),
        ("x-api-key", Key(SECRET, "token", "bearer"), "authorization", f"Bearer {SECRET}"),
        ("none", KEY, None, None),
    ],
)
def test_how_a_key_is_sent(auth: str, key: Key, name: str | None, value: str | None) -> None:
    dialect = dialects.of("anthropic")
    headers = dialect.headers(Endpoint("x", "https://x", auth=auth), key, "2023-06-01", {"X-Simulate-Error": "cut"})
    assert {each: headers[each] for each in dialect.secrets & headers.keys()} == ({name: value} if name else {})
    assert headers["anthropic-version"] == "2023-06-01"
    assert headers["x-simulate-error"] == "cut"
    assert SECRET not in str(dialect.masked(headers, key))


def test_the_simulator_has_a_key_of_its_own(tmp_path: Path) -> None:
    simulator = Endpoint("simulator", "http://127.0.0.1:1", simulated=True)
    assert find(simulator, {"ANTHROPIC_API_KEY": SECRET}, tmp_path).key is keys.SIMULATED
