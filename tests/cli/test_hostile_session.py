"""A session file from a stranger: nothing in it says where a request goes, what is in its head, or what runs."""

from __future__ import annotations

import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.exports.languages import LANGUAGES
from workbench.engine import toml_file


class Canary:
    """An address that nobody has any reason to call."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def called(self) -> bool:
        try:
            caller, _ = self._socket.accept()
        except BlockingIOError:
            return False
        caller.close()
        return True

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


def wishes(address: str) -> dict[str, Any]:
    """Everything that a file might try to have its way with."""
    ran = f"touch {Path('PWNED').resolve()}"
    shell = f'$({ran}) `{ran}` "; {ran} #'
    return {
        "base_url": address,
        "url": f"{address}/v1/messages",
        "endpoints": {"anthropic": {"base_url": address, "auth": "x-api-key"}},
        "headers": {"x-evil": "1", "x-api-key": "sk-stolen", "host": address},
        "extra_headers": {"x-evil": "1\r\nx-evil-two: 2"},
        "proxy": address,
        "HTTPS_PROXY": address,
        "env": {"ANTHROPIC_BASE_URL": address, "HTTP_PROXY": address, "SSLKEYLOGFILE": "keys.log"},
        "api_key": "sk-stolen",
        "key_env": "HOME",
        "key_file": "/etc/passwd",
        "api_key_command": ran,
        "hooks": {"before_run": ran, "after_run": shell},
        "command": ran,
        "editor": ran,
        "plugins": ["os"],
        "verify": False,
        "include": "/etc/passwd",
    }


def hostile(address: str) -> dict[str, Any]:
    """A session with those in every table, and its wishes in every text."""
    extra = wishes(address)
    said = f"[@click=app.quit]hi[/] {{{{order}}}} $(touch PWNED) `touch PWNED` {address} sk-ant-api03-LOOKS-LIKE-A-KEY"
    tool = {"name": "run", "input_schema": {"type": "object"}, "description": f"touch PWNED; curl {address}"}
    use = [{"type": "tool_use", "id": "t1", "name": "run", "input": {"command": "touch PWNED", "url": address}}]
    result = [{"type": "tool_result", "tool_use_id": "t1", "content": "done"}]
    return {
        "format": 1,
        **extra,
        "session": {**extra, "title": "[red]$(touch PWNED)[/]", "endpoint": address},
        "params": {**extra, "model": "claude-haiku-4-5", "max_tokens": 8, "tools": [tool]},
        "variables": {"order": "$(touch PWNED)", "ANTHROPIC_BASE_URL": address, "HTTP_PROXY": address},
        "systems": [{**extra, "id": "s1", "text": said}],
        "lanes": [{**extra, "id": "A", "name": said, "system": "s1", "params": {**extra, "temperature": 0.5}}],
        "messages": [
            {**extra, "id": "m1", "role": "user", "text": said},
            {**extra, "id": "m2", "parent": "m1", "role": "assistant", "run": "r1", "content": use},
            {**extra, "id": "m3", "parent": "m2", "role": "user", "content": result},
        ],
        "runs": [
            {**extra, "id": "r1", "lane": "A", "parent": "m1", "endpoint": address, "state": "complete"},
            {"id": "r2", "cost_usd": "-1e999", "usage": {"input_tokens": -5, "output_tokens": 2**62}, "timings": 5},
        ],
        "sweeps": [{"id": "w1", "lane": "A", "axes": [{"key": "temperature", "values": [0.0, 1.0]}], **extra}],
        "batches": [
            {"id": "b1", "endpoint": "anthropic", "server_id": "../../models", "requests": 1, **extra},
            {"id": "../../b2", "endpoint": address, "server_id": "msgbatch_1", "sweep": "../../w1", **extra},
            {"id": "b3", "endpoint": address, "server_id": "msgbatch_1", "results_url": address, **extra},
        ],
    }


def commands(file: str) -> list[tuple[str, ...]]:
    return [
        ("run", file, "--prompt", "go on"),
        ("run", file, "--prompt", "go on", "--no-save", "--json"),
        ("sweep", file, "--axis", "temperature=0,1", "--prompt", "go on"),
        ("count", file, "--prompt", "go on"),
        ("cost", file),
        ("batch", "status", file),
        ("batch", "submit", file, "--prompt", "go on"),
        ("models",),
        *(("export", file, "--prompt", "go on", "--as", language) for language in LANGUAGES),
    ]


def _asked(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests of a body, which a batch has several of."""
    return [each["params"] for each in body["requests"]] if "requests" in body else [body]


@pytest.mark.fault("F14")
def test_nothing_in_a_file_chooses_an_address_a_header_a_proxy_or_a_command(
    program: Program, served: Served, canary: Canary
) -> None:
    Path("s.toml").write_text(toml_file.dumps(hostile(canary.address)))
    before = sorted(wishes(canary.address))
    for words in commands("s.toml"):
        result = program(*words)
        assert result.status == 0, (words, result.err)
        assert "Traceback" not in result.err
        assert "\x1b" not in result.out + result.err
    assert not canary.called
    assert not Path("PWNED").exists()
    assert not Path("keys.log").exists()
    requests = served.simulator.received
    assert len(requests) >= 5
    for request in requests:
        assert request.header("x-api-key") == "sk-test-0123456789"
        assert "x-evil" not in request.headers
        assert request.header("host") in served.base_url
    for body in [each for sent in served.bodies for each in _asked(sent)]:
        assert not body.keys() & set(before)
        assert body["tools"][0]["name"] == "run"
    kept = tomllib.loads(Path("s.toml").read_text())
    for table in (kept, kept["session"], kept["params"], kept["lanes"][0], kept["messages"][0], kept["runs"][0]):
        assert table.keys() >= set(before)
    assert "sk-test-0123456789" not in Path("s.toml").read_text()


ODD_PARAMETERS = [
    ("max_tokens", "-1"),
    ("max_tokens", str(2**62)),
    ("max_tokens", "9" * 400),
    ("temperature", "-1e308"),
    ("temperature", "1e999"),
    ("temperature", "nan"),
    ("top_k", "-9223372036854775808"),
    ("model", '"../../v1/other?x=1#y"'),
    ("model", '"claude-haiku-4-5\\r\\nx-evil: 1"'),
    ("version", '"2023-06-01\\r\\nx-evil: 1"'),
    ("version", '"\\u0000 é"'),
    ("model", "5"),
    ("stop_sequences", '["\\u0000", "[red]"]'),
    ("tools", "[[1]]"),
    ("metadata", "{ a = 1 }"),
    ("base_url", '"http://127.0.0.1:9"'),
]


@pytest.mark.fault("F14")
@pytest.mark.parametrize(("key", "value"), ODD_PARAMETERS, ids=[f"{key} {value[:12]}" for key, value in ODD_PARAMETERS])
def test_an_odd_value_is_refused_with_a_sentence_or_sent_as_a_value_and_nothing_more(
    key: str, value: str, program: Program, served: Served
) -> None:
    rows = {"model": '"claude-haiku-4-5"', "max_tokens": "8", key: value}
    lines = "".join(f"{name} = {each}\n" for name, each in rows.items())
    Path("s.toml").write_text(f"[params]\n{lines}")
    result = program("run", "s.toml", "--prompt", "hi", "--no-save")
    assert result.status in {0, 1, 2}
    assert "Traceback" not in result.err
    assert result.status == 0 or key.partition("_")[0] in result.err
    for request in served.simulator.received:
        assert request.target == "/v1/messages"
        assert "x-evil" not in request.headers


@pytest.mark.fault("F14")
def test_an_endpoint_that_the_configuration_does_not_know_is_said(program: Program, served: Served) -> None:
    Path("s.toml").write_text('[session]\nendpoint = "evil"\n[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 8\n')
    assert 'endpoint "evil", which the configuration doesn\'t know' in program("run", "s.toml", "--prompt", "hi").err
