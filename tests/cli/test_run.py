"""`workbench run`: what is sent, what comes out, what is kept."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served

LANES = """
format = 1
[session]
title = "two lanes"
[params]
model = "claude-sonnet-4-6"
max_tokens = 64
[[lanes]]
id = "A"
params = { temperature = 0.0 }
[[lanes]]
id = "B"
params = { temperature = 1.0 }
"""

WITHOUT_PARAMS = '''
[variables]
order_id = "#88231"
[[systems]]
text = "You are a support triage agent."
[[messages]]
role = "user"
text = """
Classify this ticket: {{order_id}} …"""
'''


def saved(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(name).read_text())


def rows(name: str, table: str) -> list[dict[str, Any]]:
    found = saved(name)[table]
    assert isinstance(found, list)
    return found


def test_the_text_goes_to_stdout_exactly_and_the_facts_to_stderr(program: Program, served: Served) -> None:
    result = program("run", "--prompt", "Repeat: hi")
    record = program("run", "--prompt", "Repeat: hi", "--json").records[0]
    assert result.status == 0
    assert result.out
    assert record["text"]
    assert "in" in result.err
    assert "end_turn" in result.err


def test_json_is_one_record_with_the_fields_of_the_format(program: Program, served: Served) -> None:
    result = program("run", "--prompt", "hi", "--set", "temperature=0.5", "--json")
    (record,) = result.records
    assert result.status == 0
    assert record["id"] == "r1"
    assert record["lane"] == "A"
    assert record["parent"] == "m1"
    assert record["endpoint"] == "anthropic"
    assert record["state"] == "complete"
    assert record["model"] == "claude-sonnet-4-6"
    assert record["text"] == "".join(block["text"] for block in record["content"] if block["type"] == "text")
    assert record["stop_reason"] == "end_turn"
    assert record["usage"]["output_tokens"] > 0
    assert record["params"] == {"model": "claude-sonnet-4-6", "max_tokens": 1024, "temperature": 0.5}
    assert record["request_id"].startswith("req_")
    assert record["request_sha256"] == hashlib.sha256(served.simulator.received[-1].body).hexdigest()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", record["started"])
    assert record["attempts"] == 1
    assert {"connect_s", "first_byte_s", "first_token_s", "total_s"} <= record["timings"].keys()
    assert record["cost_basis"] == "simulated"  # the simulator says so, at whatever address it is
    assert "problem" not in record


def test_without_a_key_the_simulator_answers_and_says_so(program: Program) -> None:
    result = program("run", "--prompt", "hi", "--set", "max_tokens=5", "--json")
    assert result.status == 0
    assert "the simulator answers" in result.err
    assert result.records[0]["endpoint"] == "simulator"
    assert result.records[0]["cost_basis"] == "simulated"
    assert float(result.records[0]["cost_usd"]) > 0


PROMPTS = ["plain", "line\nline\n", " spaces ", "\ttab", "€ 😀 \u202e \u2028", '"quotes" \\ {braces} {{', "\x1b[31m"]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("source", ["argument", "file", "stdin"])
def test_what_was_typed_is_what_is_sent(prompt: str, source: str, program: Program, served: Served) -> None:
    Path("prompt.txt").write_bytes(prompt.encode())
    words = {
        "argument": ["--prompt", prompt],
        "file": ["--prompt-file", "prompt.txt"],
        "stdin": ["--prompt", "-"],
    }
    program("run", *words[source], stdin=prompt.encode())
    assert served.bodies[-1]["messages"] == [{"role": "user", "content": prompt}]


def test_settings_are_toml_values_or_plain_text_and_an_empty_one_unsets(program: Program, served: Served) -> None:
    settings = ["temperature=0.2", 'stop_sequences=["\\n\\nHuman:"]', "model=claude-haiku-4-5", "user_id=42"]
    words = [word for setting in settings for word in ("--set", setting)]
    program("run", "--prompt", "hi", "--system", "Be brief.", *words)
    assert served.bodies[-1] == {
        "model": "claude-haiku-4-5",
        "max_tokens": 1024,
        "temperature": 0.2,
        "stop_sequences": ["\n\nHuman:"],
        "system": "Be brief.",
        "metadata": {"user_id": "42"},
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
    }
    program("run", "--prompt", "hi", "--set", "max_tokens=")
    assert "max_tokens" not in served.bodies[-1]


def test_a_new_file_is_made_and_goes_on_where_it_stopped(program: Program, served: Served) -> None:
    first = program("run", "new.toml", "--prompt", "first", "--set", "max_tokens=33", "--system", "Be brief.")
    assert first.status == 0
    assert saved("new.toml")["params"] == {"model": "claude-sonnet-4-6", "max_tokens": 33}
    program("run", "new.toml", "--prompt", "second")
    roles = [(turn["role"], turn["content"]) for turn in served.bodies[-1]["messages"]]
    assert roles == [("user", "first"), ("assistant", first.out), ("user", "second")]
    assert served.bodies[-1]["system"] == "Be brief."
    assert [row["role"] for row in rows("new.toml", "messages")] == ["user", "assistant", "user", "assistant"]
    assert [row["id"] for row in rows("new.toml", "runs")] == ["r1", "r2"]


def test_options_of_one_time_leave_an_existing_session_its_own(program: Program, served: Served) -> None:
    Path("s.toml").write_text('[params]\nmodel = "claude-sonnet-4-6"\nmax_tokens = 50\n')
    program("run", "s.toml", "--prompt", "hi", "--set", "temperature=0.1", "--system", "Once.")
    assert served.bodies[-1]["temperature"] == 0.1
    assert served.bodies[-1]["system"] == "Once."
    assert saved("s.toml")["params"] == {"model": "claude-sonnet-4-6", "max_tokens": 50}
    assert "systems" not in saved("s.toml")
    assert rows("s.toml", "runs")[0]["params"]["temperature"] == 0.1


def test_no_save_leaves_the_file_alone_and_no_file_saves_nothing(program: Program, served: Served) -> None:
    Path("s.toml").write_text(LANES)
    program("run", "s.toml", "--prompt", "hi", "--no-save")
    assert Path("s.toml").read_text() == LANES
    program("run", "other.toml", "--prompt", "hi", "--no-save")
    program("run", "--prompt", "hi")
    assert sorted(path.name for path in Path().iterdir()) == ["s.toml"]


def test_without_a_prompt_the_unsent_one_goes_then_the_last_turn_again(program: Program, served: Served) -> None:
    Path("s.toml").write_text(LANES.replace("[params]", "prompt = 'draft'\n[params]"))
    program("run", "s.toml", "--lane", "A")
    assert served.bodies[-1]["messages"][-1]["content"] == "draft"
    assert "prompt" not in saved("s.toml")["session"]
    program("run", "s.toml", "--lane", "A")
    assert len(served.bodies[-1]["messages"]) == 1
    parents = [row.get("parent") for row in rows("s.toml", "messages") if row["role"] == "assistant"]
    assert parents == ["m1", "m1"]


def test_a_conversation_that_waits_for_its_answer_is_sent_as_it_is(program: Program, served: Served) -> None:
    Path("s.toml").write_text('[params]\nmodel="claude-haiku-4-5"\nmax_tokens=9\n[[messages]]\nrole="user"\ntext="q"\n')
    assert program("run", "s.toml").status == 0
    assert served.bodies[-1]["messages"] == [{"role": "user", "content": "q"}]
    assert len(rows("s.toml", "messages")) == 2


def test_every_lane_is_sent_and_comes_out_after_the_other_with_a_heading(program: Program, served: Served) -> None:
    Path("s.toml").write_text(LANES)
    result = program("run", "s.toml", "--prompt", "hi")
    assert sorted(body["temperature"] for body in served.bodies) == [0.0, 1.0]
    assert re.fullmatch(r"── A ──\n.+\n\n── B ──\n.+\n", result.out, re.DOTALL)
    assert len([row for row in rows("s.toml", "messages") if row["role"] == "user"]) == 1


def test_named_lanes_only(program: Program, served: Served) -> None:
    Path("s.toml").write_text(LANES)
    result = program("run", "s.toml", "--prompt", "hi", "--lane", "B", "--json")
    assert [record["lane"] for record in result.records] == ["B"]
    assert [body["temperature"] for body in served.bodies] == [1.0]


def test_repeats_are_siblings(program: Program, served: Served) -> None:
    Path("s.toml").write_text(LANES)
    result = program("run", "s.toml", "--prompt", "hi", "--repeat", "3", "--json")
    assert len(result.records) == 6
    assert {record["id"] for record in result.records} == {f"r{number}" for number in range(1, 7)}
    answers = [row for row in rows("s.toml", "messages") if row["role"] == "assistant"]
    assert {row["parent"] for row in answers} == {"m1"}
    assert len(rows("s.toml", "runs")) == 6


def test_variables_are_put_in_and_kept_with_the_session(program: Program, served: Served) -> None:
    program("run", "s.toml", "--prompt", r"{{who}} and \{{who}} and {who}", "--var", "who=a=b")
    assert served.bodies[-1]["messages"][0]["content"] == "a=b and {{who}} and {who}"
    assert saved("s.toml")["variables"] == {"who": "a=b"}
    assert rows("s.toml", "messages")[0]["text"] == r"{{who}} and \{{who}} and {who}"


def test_variables_of_one_time_leave_an_existing_session_its_own(program: Program, served: Served) -> None:
    Path("s.toml").write_text(WITHOUT_PARAMS)
    program("run", "s.toml", "--var", "order_id=#7")
    assert "#7" in served.bodies[-1]["messages"][0]["content"]
    assert saved("s.toml")["variables"] == {"order_id": "#88231"}


def test_a_variable_that_nothing_asks_for_is_said(program: Program, served: Served) -> None:
    result = program("run", "--prompt", "{{who}}", "--var", "who=Ada", "--var", "nope=1")
    assert "nothing asks for {{nope}}" in result.err
    assert "{{who}}" not in result.err


def test_a_file_without_params_is_run_with_the_defaults_and_says_so(
    program: Program, served: Served, sealed: Path
) -> None:
    folder = sealed.parent / "home" / "config" / "workbench"
    folder.mkdir()
    (folder / "config.toml").write_text('[defaults]\nmodel = "claude-haiku-4-5"\ntemperature = 0.5\n')
    Path("s.toml").write_text(WITHOUT_PARAMS)
    result = program("run", "s.toml")
    assert result.status == 0
    assert "s.toml sets no model and no max_tokens; the default is used: model claude-haiku-4-5" in result.err
    body = served.bodies[-1]
    assert {key: body.get(key) for key in ("model", "max_tokens", "temperature")} == {
        "model": "claude-haiku-4-5",
        "max_tokens": 1024,
        "temperature": None,
    }
    assert body["system"] == "You are a support triage agent."
    assert "params" not in saved("s.toml")
    unset = program("run", "s.toml", "--set", "max_tokens=", "--set", "model=claude-haiku-4-5", "--no-save")
    assert "max_tokens" not in served.bodies[-1]
    assert "the default is used" not in unset.err


def test_a_file_that_is_new_is_said_to_be(program: Program, served: Served) -> None:
    assert "typo.toml is new" in program("run", "typo.toml", "--prompt", "hi").err
    assert "is new" not in program("run", "typo.toml", "--prompt", "hi").err


def test_a_misspelt_key_leaves_a_message_empty_which_is_said_before_sending(program: Program, served: Served) -> None:
    text = WITHOUT_PARAMS.replace('text = """\nClassify', 'txt = """\nClassify')
    Path("s.toml").write_text(text)
    result = program("run", "s.toml")
    assert result.status == 2
    assert "messages, row 1: txt is not known; did you mean text?" in result.err
    assert "messages, row 1: has no text" in result.err
    assert served.bodies == []
    assert Path("s.toml").read_text() == text


def test_an_answer_that_is_only_text_is_saved_as_text(program: Program, served: Served) -> None:
    result = program("run", "s.toml", "--prompt", "hi")
    answer = rows("s.toml", "messages")[1]
    assert answer["text"] == result.out
    assert "content" not in answer


def test_a_tool_call_is_saved_whole_and_said_to_have_no_result(program: Program, served: Served) -> None:
    tools = json.dumps([{"name": "get_time", "input_schema": {"type": "object", "properties": {}}}])
    choice = json.dumps({"type": "tool", "name": "get_time"})
    words = ("--set", f"tools={tools}", "--set", f"tool_choice={choice}", "--set", "model=claude-sonnet-4-6")
    result = program("run", "s.toml", "--prompt", "What time is it?", *words)
    assert result.status == 1
    kinds = [block["type"] for block in rows("s.toml", "messages")[1]["content"]]
    assert "tool_use" in kinds
    assert "no text came" in result.err or result.out
    assert 'no result for get_time: add [[tool_results]] with tool = "get_time"' in result.err


def test_warnings_come_before_sending_and_do_not_stop_it(program: Program, served: Served) -> None:
    result = program("run", "--prompt", "hi", "--set", "model=claude-opus-4-8", "--set", "temperature=0.5")
    assert "temperature" in result.err
    assert result.status == 1
    assert len(served.bodies) == 1


def test_a_beta_that_the_parameters_need_is_sent_as_its_header(program: Program, served: Served) -> None:
    program("run", "--prompt", "hi", "--set", "model=claude-opus-5", "--set", "speed=fast")
    assert served.simulator.received[-1].header("anthropic-beta") == "fast-mode-2026-02-01"
