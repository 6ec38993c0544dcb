"""A session that a person wrote by hand, with several lanes: what is sent, what is printed, what is kept."""

from __future__ import annotations

import json
import tomllib
from hashlib import sha256
from pathlib import Path

from tests.cli.conftest import Program, Served

BY_HAND = '''
format = 1
[session]
title = "refund-triage"
[params]
model = "claude-sonnet-4-6"
max_tokens = 64
stop_sequences = ["\\n\\nHuman:"]
[variables]
order_id = "#88231"
[[systems]]
id = "s1"
text = """
You are a support triage agent."""
[[systems]]
id = "s2"
text = "Triage; one word."
[[lanes]]
id = "A"
system = "s1"
params = { temperature = 0.0 }
[[lanes]]
id = "B"
name = "short"
system = "s2"
params = { model = "claude-haiku-4-5", max_tokens = 16 }
[[lanes]]
id = "C"
unset = ["stop_sequences"]
[[messages]]
id = "m1"
role = "user"
text = """
Classify this ticket: {{order_id}} …"""
'''
LANES = ("A", "B", "C")
STOP = ["\n\nHuman:"]
SAID = [{"role": "user", "content": "Classify this ticket: #88231 …"}]


def by_hand() -> Path:
    file = Path("triage.toml")
    rows = BY_HAND
    for lane in LANES:
        rows = rows.replace(f'id = "{lane}"\n', f'id = "{lane}"\ntip = "m1"\n')
    file.write_text(rows)
    return file


def test_three_lanes_make_three_records_and_only_what_is_set_is_on_the_wire(program: Program, served: Served) -> None:
    file = by_hand()
    result = program("run", file, "--json")
    assert (result.status, sorted(record["lane"] for record in result.records)) == (0, [*LANES])
    sent = {sha256(each.body).hexdigest(): json.loads(each.body) for each in served.simulator.received}
    bodies = {record["lane"]: sent[record["request_sha256"]] for record in result.records}
    shared = {"stream": True, "messages": SAID}
    assert bodies == {
        "A": {
            **shared,
            "model": "claude-sonnet-4-6",
            "max_tokens": 64,
            "stop_sequences": STOP,
            "temperature": 0.0,
            "system": "You are a support triage agent.",
        },
        "B": {
            **shared,
            "model": "claude-haiku-4-5",
            "max_tokens": 16,
            "stop_sequences": STOP,
            "system": "Triage; one word.",
        },
        "C": {**shared, "model": "claude-sonnet-4-6", "max_tokens": 64},
    }
    for record in result.records:
        assert {**shared, **record["params"]} == bodies[record["lane"]]
    assert {record["parent"] for record in result.records} == {"m1"}


def test_each_lane_stands_on_its_own_answer_afterwards_and_runs_again_beside_it(
    program: Program, served: Served
) -> None:
    file = by_hand()
    program("run", file, "--json")
    again = program("run", file, "--lane", "B", "--json")
    kept = tomllib.loads(file.read_text())
    answers = {each["id"]: each["run"] for each in kept["messages"] if each["role"] == "assistant"}
    lanes = {run["id"]: run["lane"] for run in kept["runs"]}
    assert {lane["id"]: lanes[answers[lane["tip"]]] for lane in kept["lanes"]} == {lane: lane for lane in LANES}
    (record,) = again.records
    assert next(answers[lane["tip"]] for lane in kept["lanes"] if lane["id"] == "B") == record["id"]
    assert [run["parent"] for run in kept["runs"]] == ["m1"] * 4


def test_a_lane_that_is_refused_leaves_the_others_alone_and_the_exit_status_says_so(
    program: Program, served: Served
) -> None:
    file = by_hand()
    file.write_text(file.read_text().replace('model = "claude-haiku-4-5"', 'model = "claude-none-9"'))
    result = program("run", file, "--json")
    states = {record["lane"]: record["state"] for record in result.records}
    assert (result.status, states) == (1, {"A": "complete", "B": "rejected", "C": "complete"})
    assert "B · short: Not found" in result.err, "beside records, too, it is said whose problem it is"
