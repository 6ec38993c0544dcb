"""The budget: told before a run that may pass it, and asked about where somebody can answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from tests.cli.test_progress import Terminal

PRICED = 'budget_usd = {budget}\n[prices."claude-sonnet-4-6"]\ninput = 3.0\noutput = 15.0\n'


@pytest.fixture
def configured(sealed: Path) -> Path:
    file = sealed.parent / "home" / "config" / "workbench" / "config.toml"
    file.parent.mkdir()
    return file


@pytest.mark.parametrize(("budget", "told"), [("0.001", True), ("1.0", False)])
def test_a_script_is_told_and_goes_on(
    budget: str, told: bool, configured: Path, program: Program, served: Served
) -> None:
    configured.write_text(PRICED.format(budget=budget))
    result = program("run", "--prompt", "hi", "--json")
    assert result.status == 0
    assert ("may pass the budget of $0.0010: $0.00 is spent" in result.err) is told
    assert float(result.records[0]["cost_usd"]) > 0


def test_what_the_session_spent_counts(configured: Path, program: Program, served: Served) -> None:
    configured.write_text(PRICED.format(budget="1.0"))
    Path("s.toml").write_text('[[runs]]\nid = "r1"\nstate = "complete"\ncost_usd = "0.999"\ncost_basis = "exact"\n')
    result = program("run", "s.toml", "--prompt", "hi", "--set", "model=claude-sonnet-4-6", "--set", "max_tokens=500")
    assert "$0.9990 is spent" in result.err


def test_what_its_sweeps_spent_counts(configured: Path, program: Program, served: Served) -> None:
    configured.write_text(PRICED.format(budget="1.0"))
    Path("s.toml").write_text("[params]\nmodel = 'claude-sonnet-4-6'\nmax_tokens = 500\n")
    Path("s.runs.jsonl").write_text(
        '{"state": "complete", "request_sha256": "ab", "cost_usd": "0.999", "cost_basis": "exact"}\n'
    )
    assert "$0.9990 is spent" in program("run", "s.toml", "--prompt", "hi").err
    swept = program("sweep", "s.toml", "--axis", "temperature=0,1", "--prompt", "hi")
    assert "this may pass the budget of $1.00: $0.9990 is spent, and it may cost up to ≈$0.0" in swept.err
    assert swept.status == 0


@pytest.mark.parametrize(
    ("words", "requests"), [(["run", "s.toml"], 1), (["sweep", "s.toml", "--axis", "temperature=0,1"], 2)]
)
@pytest.mark.parametrize(("typed", "goes"), [(b"y\n", True), (b"\n", False)])
def test_a_person_is_asked(
    words: list[str],
    requests: int,
    typed: bytes,
    goes: bool,
    configured: Path,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from workbench.__main__ import main

    configured.write_text(PRICED.format(budget="0.001"))
    ours, theirs = os.openpty()
    os.write(ours, typed)
    with os.fdopen(theirs) as keyboard:
        monkeypatch.setattr("sys.stdin", keyboard)
        monkeypatch.setattr("sys.stderr", Terminal())
        assert main([*words, "--prompt", "hi"]) == (0 if goes else 2)
    os.close(ours)
    sent = [request for request in served.simulator.received if request.target == "/v1/messages"]
    assert len(sent) == requests * goes
    assert Path("s.toml").exists() == goes
    assert Path("s.runs.jsonl").exists() == (goes and "sweep" in words)


def test_a_run_that_was_stopped_counts_by_what_came_of_it(configured: Path, program: Program, served: Served) -> None:
    configured.write_text(PRICED.format(budget="0.04"))
    stopped = 'cost_usd = "0.003"\ncost_basis = "at_least"\nusage = { input_tokens = 1000, output_tokens = 1 }\n'
    Path("s.toml").write_text(
        f'[[runs]]\nid = "r1"\nstate = "cancelled"\nmodel = "claude-sonnet-4-6"\n{stopped}'
        f'[[messages]]\nid = "m1"\nrole = "assistant"\nrun = "r1"\ntext = "{"x" * 7000}"\n'
    )
    result = program("run", "s.toml", "--prompt", "hi", "--set", "model=claude-sonnet-4-6", "--set", "max_tokens=500")
    assert "$0.0330 is spent" in result.err


def test_an_unknown_price_may_pass_any_budget(configured: Path, program: Program, served: Served) -> None:
    configured.write_text("budget_usd = 1000.0\n")
    result = program("run", "--prompt", "hi", "--set", "model=claude-sonnet-4-6", "--json")
    assert result.status == 0
    assert "anthropic has no known price for claude-sonnet-4-6" in result.err


def test_simulated_money_needs_no_budget(configured: Path, program: Program) -> None:
    configured.write_text("budget_usd = 0.0\n")
    assert "budget" not in program("run", "--prompt", "hi", "--set", "max_tokens=1").err


def test_a_batch_counts_half_and_what_is_on_its_way_counts_whole(
    configured: Path, program: Program, served: Served
) -> None:
    configured.write_text(PRICED.format(budget="0.02"))
    words = (
        "batch",
        "submit",
        "s.toml",
        "--prompt",
        "hi",
        "--set",
        "model=claude-sonnet-4-6",
        "--set",
        "max_tokens=1000",
    )
    first = program(*words)
    assert "$0.0075 at half the price" in first.err
    assert "budget" not in first.err
    assert "budget" not in program(*words).err
    third = program(*words)
    assert "this may pass the budget of $0.0200: $0.0150 is spent, and it may cost up to ≈$0.0075" in third.err
