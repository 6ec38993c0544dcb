"""Which endpoint answers, and what is said about it (design/4's order; faults N07, F14)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.core.config import Config
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.engine import keys
from workbench.engine.endpoints import REPLAY, EndpointError, choose

LLAMA = Endpoint("llama", "http://127.0.0.1:8080", auth="none")
CONFIG = Config(endpoints={"llama": LLAMA, "gate": Endpoint("gate", "https://gate.example", key_env="GATE_KEY")})
ENV = {"ANTHROPIC_API_KEY": "sk-ant-0123456789"}
HERE = Path()


def name(config: Config = CONFIG, **chosen: object) -> str:
    arguments = {"environ": {}, "folder": HERE, **chosen}
    return choose(config, **arguments).endpoint.name  # type: ignore[arg-type]  # the table's keys are its arguments


def test_the_order() -> None:
    configured = Config(endpoint="llama", endpoints=CONFIG.endpoints)
    assert name() == "simulator"
    assert name(environ=ENV) == "anthropic"
    assert name(configured, environ=ENV) == "llama"
    assert name(configured, environ=ENV, session_endpoint="anthropic") == "anthropic"
    assert name(configured, environ=ENV, session_endpoint="anthropic", name="llama") == "llama"
    assert name(configured, environ=ENV, name="simulator") == "simulator"
    assert name(configured, environ=ENV, base_url="http://127.0.0.1:9/") == "127.0.0.1:9"


def test_the_simulator_says_why_it_answers() -> None:
    chosen = choose(CONFIG, environ={}, folder=HERE)
    assert chosen.endpoint.simulated
    assert "ANTHROPIC_API_KEY" in chosen.notes[0]
    broken = choose(CONFIG, environ={"ANTHROPIC_API_KEY": '"sk-ant-quoted"'}, folder=HERE)
    assert broken.endpoint.simulated
    assert "quotes" in broken.notes[0]


def test_a_session_can_name_what_the_user_knows_and_nothing_else() -> None:
    chosen = choose(CONFIG, session_endpoint="https://evil.example", environ=ENV, folder=HERE)
    assert chosen.endpoint.base_url == OFFICIAL_URL
    assert "https://evil.example" in chosen.notes[0]
    without_key = choose(CONFIG, session_endpoint="anthropic", environ={}, folder=HERE)
    assert without_key.endpoint.simulated
    assert "no key" in without_key.notes[0]


def test_a_name_that_nobody_knows_is_an_error_with_the_nearest() -> None:
    with pytest.raises(EndpointError, match="did you mean llama"):
        choose(CONFIG, name="lama", environ={}, folder=HERE)
    with pytest.raises(EndpointError, match=r"config\.toml"):
        choose(Config(endpoint="zzz"), environ={}, folder=HERE)


@pytest.mark.fault("N07")
@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:99999", "127.0.0.1:8080", "ftp://127.0.0.1", "http://[::1", "", "https://", "http://:80"),
        *("https://me:pw@host.example", "https://host.example/?a=1", "https://host.example/#x", "http://ho st"),
        "http://host.example:port",
    ],
)
def test_an_address_that_can_not_be_one_is_refused_when_given(url: str) -> None:
    with pytest.raises(EndpointError, match=r"^--base-url "):
        choose(CONFIG, base_url=url, environ={}, folder=HERE)
    if url:
        with pytest.raises(EndpointError, match=r"^ANTHROPIC_BASE_URL "):
            choose(CONFIG, environ={**ENV, "ANTHROPIC_BASE_URL": url}, folder=HERE)


def test_an_address_given_by_the_user_gets_the_official_key() -> None:
    chosen = choose(CONFIG, base_url="https://gate.example/x/", environ=ENV, folder=HERE)
    assert chosen.key is not None
    assert chosen.endpoint.base_url == "https://gate.example/x"
    named = choose(CONFIG, environ={**ENV, "ANTHROPIC_BASE_URL": "https://gate.example"}, folder=HERE)
    assert (named.endpoint.name, named.endpoint.base_url) == ("anthropic", "https://gate.example")
    assert named.key is not None


def test_a_configured_server_on_this_machine_gets_no_official_key_unless_it_names_it() -> None:
    here = Endpoint("llama", "http://127.0.0.1:8080")
    chosen = choose(Config(endpoints={"llama": here}), name="llama", environ=ENV, folder=HERE)
    assert chosen.key is None
    assert "key_env" in str(chosen.problem)
    naming = replace(here, key_env="ANTHROPIC_API_KEY")
    assert choose(Config(endpoints={"llama": naming}), name="llama", environ=ENV, folder=HERE).key is not None
    moved = choose(Config(), environ={**ENV, "ANTHROPIC_BASE_URL": here.base_url}, folder=HERE)
    assert moved.key is not None


@pytest.mark.parametrize("given", [{}, {"base_url": "http://127.0.0.1:9"}, {"session_endpoint": "anthropic"}])
def test_a_recording_answers_for_every_endpoint(given: dict[str, str]) -> None:
    chosen = choose(CONFIG, environ=ENV, folder=HERE, replaying=True, name=None, **given)
    assert chosen.endpoint is REPLAY
    assert chosen.key is keys.SIMULATED
    assert (chosen.problem, chosen.notes, REPLAY.simulated) == (None, (), True)


def test_an_address_without_a_key_is_asked_without_one() -> None:
    chosen = choose(CONFIG, base_url="http://127.0.0.1:9", environ={}, folder=HERE)
    assert (chosen.endpoint.keyless, chosen.key, chosen.problem) == (True, None, None)
    named = choose(CONFIG, environ={"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, folder=HERE)
    assert (named.endpoint.name, named.endpoint.keyless) == ("anthropic", True)


def test_a_chosen_endpoint_without_its_key_stays_and_says_so() -> None:
    for chosen in (
        choose(CONFIG, name="gate", environ=ENV, folder=HERE),
        choose(CONFIG, session_endpoint="gate", environ=ENV, folder=HERE),
    ):
        assert (chosen.endpoint.name, chosen.key) == ("gate", None)
        assert "GATE_KEY" in str(chosen.problem)
    official = choose(CONFIG, name="anthropic", environ={}, folder=HERE)
    assert "ANTHROPIC_API_KEY" in str(official.problem)


def test_a_configured_anthropic_keeps_its_settings() -> None:
    own = Config(endpoints={"anthropic": Endpoint("anthropic", OFFICIAL_URL, version="2023-06-01")})
    assert choose(own, environ=ENV, folder=HERE).endpoint.version == "2023-06-01"
    moved = choose(own, environ={**ENV, "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}, folder=HERE)
    assert (moved.endpoint.base_url, moved.endpoint.version) == ("http://127.0.0.1:9", "2023-06-01")
