"""`workbench batch` and `sweep --batch` as a person calls them: what is sent, kept, fetched and refused."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served

ASKED = ("--prompt", "Name a colour.", "--set", "max_tokens=30", "--set", "model=claude-haiku-4-5")
ASKING = """
[params]
model = "claude-haiku-4-5"
max_tokens = 20

[[messages]]
role = "user"
text = "Name a colour."
"""
SWEPT = f"""{ASKING}
[[sweeps]]
axes = {{ max_tokens = [10, 12, 100000], user_id = ["a", "b"] }}
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A simulator whose batches end at once, or when the test says so."""
    with Served(batch_seconds=0.0) as served:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.base_url)
        yield served


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with Served(batch_seconds=1000.0) as served:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.base_url)
        yield served


def ends(served: Served) -> None:
    """The batches that are on their way end."""
    for batch in served.simulator._service.batches.values():
        batch.takes = 0.0


def created(served: Served) -> list[dict[str, Any]]:
    return [
        json.loads(each.body)
        for each in served.simulator.received
        if each.method == "POST" and each.target == "/v1/messages/batches"
    ]


def rows(name: str = "s.toml") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(Path(name).read_text()).get("batches", [])
    return found


def results(name: str = "s") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(f"{name}.runs.jsonl").read_text().splitlines()]


def test_lanes_are_sent_asked_about_and_fetched_into_the_session(program: Program, slow: Served) -> None:
    sent = program("batch", "submit", "s.toml", *ASKED, "--repeat", "2")
    assert sent.status == 0
    assert "lane A: 2 requests in 1 batch · in ≈" in sent.err
    assert "b1 goes on without this program: workbench batch results s.toml" in sent.err
    (row,) = rows()
    assert (row["status"], row["lanes"], row["requests"], row["counts"]) == ("in_progress", ["A"], 2, {"processing": 2})
    (body,) = created(slow)
    assert [each["params"] for each in body["requests"]] == [
        {
            "model": "claude-haiku-4-5",
            "max_tokens": 30,
            "messages": [{"role": "user", "content": "Name a colour."}],
        }
    ] * 2
    early = program("batch", "results", "s.toml")
    assert (early.status, rows()[0]["status"]) == (1, "in_progress")
    ends(slow)
    asked = program("batch", "status", "s.toml", "--json")
    (said,) = asked.records
    assert (asked.status, said["status"], said["counts"]) == (0, "ended", {"succeeded": 2})
    done = program("batch", "results", "--json", "s.toml", "--batch", "b1")
    assert done.status == 0
    assert [each["id"] for each in done.records] == ["b1-1", "b1-2"]
    assert "b1: 2 answered · 2 new" in done.err
    saved = tomllib.loads(Path("s.toml").read_text())
    assert [message["run"] for message in saved["messages"] if message["role"] == "assistant"] == ["b1-1", "b1-2"]
    assert saved["batches"][0]["status"] == "collected"
    assert sorted(each.name for each in Path().iterdir()) == ["s.toml"]
    again = program("batch", "results", "s.toml")
    assert (again.status, "2 answered · 0 new" in again.err) == (0, True)
    assert again.out.count("── A · b1-") == 2


def test_a_sweep_goes_as_a_batch_and_its_answers_are_those_of_the_sweep(program: Program, quick: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    done = program("sweep", "s.toml", "--batch")
    assert done.status == 1
    assert "at half the price" in done.err
    assert "2 failed: Request not accepted · max_tokens: " in done.err
    assert "4 of 6 answers are there" in done.err
    assert "started again, it sends the 2 that failed" in done.err
    assert done.out.startswith("out tokens, one answer each; ✗n: n failed\n")
    assert done.out.count("— ✗1") == 2
    assert program("batch", "results", "s.toml").out == done.out
    kept = results()
    assert [each["state"] for each in kept].count("complete") == 4
    assert {each["batch"] for each in kept} == {rows()[0]["server_id"]}
    assert all(each["usage"]["service_tier"] == "batch" for each in kept if each["state"] == "complete")
    quick.simulator.received.clear()
    live = program("sweep", "s.toml")
    assert "6 requests · 4 done" in live.err
    assert "2 that failed in a batch are asked again: Request not accepted · max_tokens: " in live.err
    asked = [body for body in quick.bodies if body.get("stream")]
    assert [body["max_tokens"] for body in asked] == [100000] * 2


def test_a_sweep_that_was_asked_with_other_parameters_is_printed_answer_by_answer(
    program: Program, quick: Served
) -> None:
    Path("s.toml").write_text(SWEPT)
    sent = program("batch", "submit", "s.toml", "--sweep", "w1", "--set", "top_k=3", "--wait")
    assert sent.out.startswith("out tokens, one answer each")
    again = program("batch", "results", "s.toml")
    assert again.out.startswith("── max_tokens=10 user_id=a · b1-1 ──\n")
    assert "4 answered · 2 errored · 0 new" in again.err


def test_what_is_on_its_way_in_a_batch_is_asked_no_second_time(program: Program, slow: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    sent = program("sweep", "s.toml", "--batch", "--no-wait")
    assert (sent.status, "b1: 6 requests are with anthropic" in sent.err) == (0, True)
    slow.simulator.received.clear()
    live = program("sweep", "s.toml")
    assert (live.status, "6 requests · 6 in a batch" in live.err, created(slow)) == (1, True, [])
    assert not [body for body in slow.bodies if body.get("stream")]
    twice = program("batch", "submit", "s.toml", "--sweep", "w1")
    assert (twice.status, "nothing of w1 is missing" in twice.err) == (2, True)
    wider = program("sweep", "s.toml", "--repeat", "2", "--dry-run")
    assert "12 requests · 6 in a batch · in " in wider.out
    ends(slow)
    done = program("sweep", "s.toml", "--batch", "--json")
    assert "b1 is on its way already: nothing more is sent" in done.err
    assert (done.status, len(done.records), created(slow)) == (1, 6, [])


def test_the_lost_answer_of_a_server_is_found_in_its_list(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED)
    server_id = rows()[0]["server_id"]
    text = Path("s.toml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith(("server_id", "expires", "counts"))]
    Path("s.toml").write_text("\n".join(lines).replace('"in_progress"', '"intended"') + "\n")
    found = program("batch", "status", "s.toml", "--json")
    assert (found.records[0]["server_id"], found.records[0]["status"]) == (server_id, "in_progress")
    batches = dict(slow.simulator._service.batches)
    slow.simulator._service.batches.clear()
    gone = program("batch", "status", "s.toml")
    assert (gone.status, "does not know it" in gone.err) == (1, True)
    slow.simulator._service.batches.update(batches)
    assert program("batch", "status", "s.toml", "--json").records[0]["status"] == "in_progress"


def test_where_several_may_be_meant_the_person_says_which(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED)
    program("batch", "submit", "t.toml", *ASKED)
    theirs = rows("t.toml")[0]["server_id"]
    lines = [line for line in Path("t.toml").read_text().splitlines() if not line.startswith("server_id")]
    Path("t.toml").write_text("\n".join(lines).replace('"in_progress"', '"intended"') + "\n")
    asked = program("batch", "status", "t.toml")
    assert "the server has 2 that it may be" in asked.err
    assert rows("t.toml")[0]["status"] == "intended"
    words = ("batch", "status", "t.toml", "--server-id", theirs)
    assert "--server-id goes with --batch ID" in program(*words).err
    assert program(*words, "--batch", "b1").status == 0
    assert (rows("t.toml")[0]["server_id"], rows("t.toml")[0]["status"]) == (theirs, "in_progress")
    assert "is known as" in program(*words, "--batch", "b1").err


def test_a_cancelled_batch_keeps_what_was_answered(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED, "--repeat", "4")
    cancelled = program("batch", "cancel", "s.toml")
    assert (cancelled.status, rows()[0]["status"]) == (0, "canceling")
    for batch in slow.simulator._service.batches.values():
        batch.takes, batch.begun = 100.0, batch.begun - 100.0
        batch.cancelled_at = batch.begun + 50.0
    done = program("batch", "results", "s.toml")
    assert (done.status, rows()[0]["status"]) == (1, "collected")
    assert (
        "2 are missing: Cancelled with its batch · The batch was cancelled before this was asked; it costs nothing"
        in done.err
    )
    assert "b1: 2 answered · 2 cancelled · 4 new" in done.err
    heads = [line for line in done.out.splitlines() if line.startswith("── ")]
    assert (len(heads), len(program("batch", "results", "s.toml", "--json").out.splitlines())) == (2, 4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("batch",), "the following arguments are required: what, FILE"),
        (("batch", "frob", "s.toml"), "invalid choice: 'frob'"),
        (("batch", "status", "no.toml"), "there is no such file"),
        (("batch", "status", "s.toml", "--batch", "b7"), "there is no batch 'b7'; the session has none"),
        (("batch", "results", "s.toml", "--prompt", "x"), "--prompt is for batch submit"),
        (("batch", "submit", "s.toml", "--set", "speed=fast"), "a batch takes no speed"),
        (("batch", "submit", "s.toml", "--set", "max_tokens=0"), "max_tokens of 0"),
        (("batch", "submit", "s.toml", "--sweep", "w9"), "there is no sweep 'w9'"),
        (("sweep", "s.toml", "--batch", "--no-save"), "a batch must be written down"),
        (("sweep", "s.toml", "--no-wait"), "--no-wait goes with --batch"),
        (("sweep", "s.toml", "--batch", "--set", "speed=standard"), "a batch takes no speed"),
    ],
)
def test_what_can_not_be_meant_is_said_and_nothing_is_sent(
    words: tuple[str, ...], said: str, program: Program, quick: Served
) -> None:
    Path("s.toml").write_text(SWEPT)
    before = Path("s.toml").read_bytes()
    done = program(*words)
    assert (done.status, said in done.err) == (2, True), done.err
    assert created(quick) == []
    assert Path("s.toml").read_bytes() == before


def test_a_dry_run_says_the_price_and_sends_nothing(program: Program, quick: Served) -> None:
    Path("s.toml").write_text(SWEPT)
    whole = program("batch", "submit", "s.toml", "--sweep", "w1", "--dry-run", "--json", "--endpoint", "simulator")
    (found,) = whole.records
    assert (found["requests"], found["batches"], found["sweep"]) == (6, 1, "w1")
    live = program("sweep", "s.toml", "--dry-run", "--json", "--endpoint", "simulator").records[0]
    half = program("sweep", "s.toml", "--dry-run", "--json", "--batch", "--endpoint", "simulator").records[0]
    assert float(half["cost_high_usd"]) * 2 == pytest.approx(float(live["cost_high_usd"]))
    assert rows() == []
    assert created(quick) == []


def test_a_refused_batch_leaves_the_session_as_it_was(
    program: Program, quick: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(SWEPT)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-invalid-0123456789")
    refused = program("batch", "submit", "s.toml", "--prompt", "And now?")
    assert (refused.status, "the batch was not taken" in refused.err) == (2, True), refused.err
    saved = tomllib.loads(Path("s.toml").read_text())
    assert ([each["text"] for each in saved["messages"]], rows()) == (["Name a colour."], [])
    assert sorted(each.name for each in Path().iterdir()) == ["s.toml"]


def test_another_endpoint_s_batches_are_not_asked_about_here(program: Program, slow: Served) -> None:
    program("batch", "submit", "s.toml", *ASKED)
    slow.simulator.received.clear()
    other = program("batch", "status", "s.toml", "--endpoint", "simulator")
    assert "b1 is with anthropic, and simulator is asked: give --endpoint anthropic" in other.err
    assert slow.simulator.received == []


def test_an_address_that_was_named_for_one_time_is_said_on_the_way_back(program: Program, slow: Served) -> None:
    address = ("--base-url", slow.base_url)
    sent = program("batch", "submit", "s.toml", *ASKED, *address)
    assert f"workbench batch results s.toml --base-url {slow.base_url}" in sent.err
    other = program("batch", "status", "s.toml", "--endpoint", "simulator")
    name = slow.base_url.partition("://")[2]
    assert f"simulator is asked: give the address of {name} with --base-url" in other.err


def test_the_bundled_simulator_is_waited_for(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.simulator import server

    monkeypatch.setattr(server.Simulator.__init__, "__kwdefaults__", {**_defaults(), "batch_seconds": 0.0})
    done = program("batch", "submit", "s.toml", *ASKED, "--json")
    assert (done.status, done.records[0]["cost_basis"]) == (0, "simulated")
    assert "forgets its batches when this command ends" in done.err
    assert rows()[0]["simulated"] is True


def _defaults() -> dict[str, Any]:
    from workbench.simulator import server

    return dict(server.Simulator.__init__.__kwdefaults__ or {})
