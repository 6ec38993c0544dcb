"""A command sends a key to a new address only when it was agreed to (faults N08, F14)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.core import endpoint
from workbench.engine import places

KEY = "sk-ant-canary-0123456789abcdef"
COMMANDS = {
    "run": ("run", "--prompt", "Hello."),
    "run json": ("run", "--prompt", "Hello.", "--json"),
    "sweep": ("sweep", "new.toml", "--prompt", "Hello.", "--axis", "max_tokens=8,16"),
    "sweep dry": ("sweep", "new.toml", "--prompt", "Hello.", "--axis", "max_tokens=8,16", "--dry-run"),
    "batch": ("batch", "submit", "b.toml", "--prompt", "Hello."),
    "sweep batch": ("sweep", "c.toml", "--prompt", "Hello.", "--axis", "max_tokens=8,16", "--batch", "--no-wait"),
    "count": ("count", "--prompt", "Hello."),
    "models": ("models",),
}


@pytest.fixture
def far(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The quick simulator, which counts as another machine here."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setattr(endpoint, "LOOPBACK", ("localhost",))
    return served


@pytest.mark.fault("N08", "F14")
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_an_address_that_nobody_agreed_to_gets_nothing(far: Served, program: Program, words: tuple[str, ...]) -> None:
    done = program(*words)
    assert (done.status, done.out) == (2, "")
    assert len(far.simulator.received) == 0
    assert all(
        each in done.err for each in (far.base_url, "ANTHROPIC_BASE_URL", "…cdef of ANTHROPIC_API_KEY", "not encrypted")
    )
    assert 'Until now "anthropic" was https://api.anthropic.com:443' in done.err
    assert "--confirm-origin" in done.err
    assert KEY[:16] not in done.err


@pytest.mark.fault("F14")
def test_one_yes_is_remembered_for_this_address_and_no_other(far: Served, program: Program) -> None:
    assert program(*COMMANDS["run"], "--confirm-origin").status == 0
    for words in COMMANDS.values():
        assert program(*words).status == 0
    sent = len(far.simulator.received)
    kept = places.find().origins
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text("utf-8"))["agreed"] == [
        {"endpoint": "anthropic", "origin": far.base_url, "key": "ANTHROPIC_API_KEY", "proxy": ""}
    ]
    elsewhere = program(
        "run", "--prompt", "Hello.", "--base-url", f"http://127.0.0.2:{far.base_url.rpartition(':')[2]}"
    )
    renamed = program("run", "--prompt", "Hello.", "--base-url", far.base_url)
    assert (elsewhere.status, renamed.status) == (2, 2)
    assert len(far.simulator.received) == sent


@pytest.mark.fault("F14")
def test_a_configured_address_that_changes_is_asked_about_again(
    far: Served, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_KEY", KEY)
    monkeypatch.delenv("ANTHROPIC_BASE_URL")
    file = places.find().config_file
    file.parent.mkdir(parents=True, exist_ok=True)

    def runs(base_url: str, *words: str) -> tuple[int, str]:
        file.write_text(f'[endpoints.gate]\nbase_url = "{base_url}"\nkey_env = "GATE_KEY"\n', "utf-8")
        done = program("run", "--endpoint", "gate", "--prompt", "Hello.", *words)
        return done.status, done.err

    assert runs(far.base_url, "--confirm-origin")[0] == 0
    assert runs(far.base_url)[0] == 0
    status, err = runs("https://gate.example")
    assert status == 2
    assert f'Until now "gate" was {far.base_url}.' in err
    assert "https://gate.example:443. This address comes from [endpoints.gate] of the configuration." in err


def test_a_yes_that_can_not_be_kept_holds_for_this_time(
    far: Served, program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file" / "state"))
    done = program(*COMMANDS["run"], "--confirm-origin")
    assert done.status == 0
    assert "--confirm-origin is not remembered" in done.err
    assert len(far.simulator.received) == 1
    assert program(*COMMANDS["run"]).status == 2


def test_this_machine_and_the_simulator_are_never_asked_about(served: Served, program: Program) -> None:
    assert program("run", "--prompt", "Hello.").status == 0
    assert program("run", "--prompt", "Hello.", "--endpoint", "simulator").status == 0
    assert len(served.simulator.received) == 1
    assert not places.find().origins.exists()
