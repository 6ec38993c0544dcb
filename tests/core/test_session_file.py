"""A session as its file: what is written is read back, what is left out is added, each mistake is a sentence."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from tests.core.sessions import exactly, sessions
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System
from workbench.core.session_file import FORMAT, dump, lane_id, load
from workbench.core.state import State
from workbench.engine import toml_file

EXAMPLE = '''
format = 1

[session]
title = "refund-triage"
created = 2026-11-22T14:03:11Z
endpoint = "anthropic"            # a name in your own configuration; never an address, never a key

[params]                          # what all lanes share; only what is set, because only that is sent
model = "claude-sonnet-4-6"
max_tokens = 1024
stop_sequences = ["\\n\\nHuman:"]

[variables]
order_id = "#88231"

[[systems]]                       # versions of the system prompt; lanes say which
id = "s1"
text = """
You are a support triage agent."""

[[lanes]]
id = "A"
system = "s1"
tip = "m2"                        # where this lane stands in the message tree
params = { temperature = 0.0 }    # only what differs; unset = ["max_tokens"] takes a shared one away

[[messages]]
id = "m1"
role = "user"
text = """
Classify this ticket: {{order_id}} …"""

[[messages]]
id = "m2"
parent = "m1"
role = "assistant"
run = "r1"
text = "…"                        # or content = [ … ] where it is more than text

[[runs]]
id = "r1"
'''


@pytest.mark.fault("F13", "F16")
@given(sessions())
def test_what_is_written_is_read_back(session: Session) -> None:
    tables = dump(session)
    exactly(load(tables).session, session)
    text = toml_file.dumps(tables)
    loaded = load(tomllib.loads(text))
    exactly(loaded.session, session)
    assert toml_file.dumps(dump(loaded.session)) == text, "and the second save changes nothing"
    assert not loaded.read_only


def test_the_example() -> None:
    loaded = load(tomllib.loads(EXAMPLE))
    assert loaded.notes == ()
    assert loaded.session == Session(
        title="refund-triage",
        created=datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC),
        endpoint="anthropic",
        params=Params(model="claude-sonnet-4-6", max_tokens=1024, stop_sequences=("\n\nHuman:",)),
        variables=(("order_id", "#88231"),),
        systems=(System("s1", "You are a support triage agent."),),
        lanes=(Lane("A", system="s1", tip="m2", params=Params(temperature=0.0)),),
        messages=(
            Message("m1", "user", "Classify this ticket: {{order_id}} …"),
            Message("m2", "assistant", "…", "m1", "r1"),
        ),
        runs=(RunRecord("r1", text="…", content=({"type": "text", "text": "…"},)),),
    )
    text = toml_file.dumps(dump(loaded.session))
    assert load(tomllib.loads(text)).session == loaded.session
    assert list(tomllib.loads(text)) == list(tomllib.loads(EXAMPLE)), "in the order of the example"


def opened(text: str) -> Session:
    return load(tomllib.loads(text)).session


def test_an_empty_file_is_an_empty_session() -> None:
    assert opened("") == Session()
    assert opened("[session]\ntitle = 'x'") == Session("x")


def test_ids_parents_and_lanes_may_be_left_out() -> None:
    session = opened(
        """
        [[systems]]
        text = "one"
        [[systems]]
        text = "two"
        [[messages]]
        role = "user"
        text = "a"
        [[messages]]
        role = "assistant"
        text = "b"
        [[messages]]
        parent = ""
        role = "user"
        text = "another beginning"
        """
    )
    assert [system.id for system in session.systems] == ["s1", "s2"]
    assert [(message.id, message.parent) for message in session.messages] == [("m1", None), ("m2", "m1"), ("m3", None)]
    assert session.lanes == (Lane("A", system="s2", tip="m3"),)


def test_an_id_that_is_left_out_is_none_that_a_person_gave() -> None:
    session = opened(
        """
        systems = [{text = "a"}, {id = "s1", text = "b"}]
        messages = [{role = "user"}, {id = "m1", role = "user"}, {role = "user"}]
        lanes = [{}, {id = "A"}, {}]
        runs = [{state = "complete"}, {id = "r1"}, {}]
        """
    )
    assert [each.id for each in session.systems] == ["s2", "s1"]
    assert [each.id for each in session.messages] == ["m2", "m1", "m3"]
    assert [each.id for each in session.lanes] == ["B", "A", "C"]
    assert [each.id for each in session.runs] == ["r2", "r1", "r3"]


def test_a_lane_by_hand_has_the_newest_system_prompt_and_one_that_was_saved_what_it_had() -> None:
    tables = {
        "systems": [{"text": "Be brief."}, {"text": "Be kind."}],
        "messages": [{"role": "user", "text": "Hello."}],
        "lanes": [{}, {"system": "s1"}, {"system": ""}, {"tip": ""}],
    }
    session = load(tables).session
    assert [lane.system for lane in session.lanes] == ["s2", "s1", None, None]
    assert load(dump(session)).session.lanes == session.lanes


def test_a_lane_without_a_tip_stands_at_the_end_and_one_with_an_empty_tip_at_the_beginning() -> None:
    session = opened("messages = [{role = 'user'}]\nlanes = [{}, {tip = ''}]")
    assert [lane.tip for lane in session.lanes] == ["m1", None]


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("[{type = 'text', text = 'a'}]", [{"type": "text", "text": "a"}]),
        ('\'[{"type": "tool_use", "input": {"x": null}}]\'', [{"type": "tool_use", "input": {"x": None}}]),
        ("[]", []),
    ],
)
def test_content_is_toml_or_json_text(content: str, value: object) -> None:
    (message,) = opened(f"messages = [{{role = 'assistant', content = {content}}}]").messages
    assert message.content == Json.of(value)


def test_the_bytes_of_a_request_are_the_same_after_a_save() -> None:
    """TOML's tables come after its plain keys, which would change a schema's order, and miss the prompt cache."""
    schema = {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": "as long as a line\nor two"} for name in ("b", "a", "c")
        },
        "required": ["a"],
        "additionalProperties": False,
    }
    tools = [{"name": "f", "input_schema": schema, "strict": True}, {"input_schema": schema, "name": "g"}]
    output_format = {"schema": schema, "type": "json_schema"}
    params = Params().set("tools", tools).set("output_format", output_format)
    use = [{"type": "tool_use", "input": {"deep": [{"z": {"y": 1}, "x": 2}], "flat": 3}, "id": "t", "name": "f"}]
    messages = (Message("m1", "user", "a"), Message("m2", "assistant", Json.of(use), "m1"))
    session = Session(params=params, messages=messages, lanes=(Lane(tip="m2", params=params),))
    again = opened(toml_file.dumps(dump(session)))
    bodies = [request_of(each, each.lane(), "m2").encoded for each in (session, again)]
    assert bodies[0] == bodies[1]


def test_a_lane_keeps_unknown_parameters_beside_its_own() -> None:
    text = "[[lanes]]\nid = 'A'\nparams = { temperature = 0.5, logit_bias = { a = 1 } }\n"
    loaded = load(tomllib.loads(text))
    assert loaded.session.lane().params == Params(temperature=0.5)
    (note,) = loaded.notes
    assert note.startswith("lanes, row 1: params: there is no parameter 'logit_bias'; ")
    assert note.endswith("; kept, and not sent")
    again = load(tomllib.loads(toml_file.dumps(dump(loaded.session)))).session
    exactly(again, loaded.session)
    assert again.lane().params.temperature == 0.5


def test_an_unknown_parameter_that_a_lane_takes_away_is_noted_and_harmless() -> None:
    loaded = load({"params": {"top_k": 5}, "lanes": [{"unset": ["logit_bias", "top_k"]}]})
    assert loaded.notes[0].startswith("lanes, row 1: unset: there is no parameter 'logit_bias'; ")
    assert len(loaded.notes) == 1
    assert loaded.session.params_of(loaded.session.lane()) == Params()
    assert loaded.session.lane().unset == ("logit_bias", "top_k")


def test_an_unknown_shared_parameter_is_noted_and_kept() -> None:
    loaded = load({"params": {"temprature": 1}})
    assert loaded.notes == (
        "params: there is no parameter 'temprature'; did you mean temperature?; kept, and not sent",
    )
    assert dump(loaded.session)["params"] == {"temprature": 1}


def test_a_run_with_text_but_no_message_keeps_its_text() -> None:
    """As when a line of `--json` was put into a file."""
    row = {"id": "r1", "state": "complete", "text": "hi", "content": [{"type": "text", "text": "hi"}]}
    session = load({"runs": [row]}).session
    assert session.runs[0].text == "hi"
    assert load(dump(session)).session == session
    answered = replace(session, messages=(Message("m1", "assistant", "hi", run="r1"),))
    assert "text" not in dump(answered)["runs"][0]  # type: ignore[index]  # a list of tables


def test_what_is_empty_is_not_written() -> None:
    session = load({"systems": [{}], "messages": [{"role": "user"}, {"role": "user", "text": ""}]}).session
    assert dump(session) == {
        "format": FORMAT,
        "systems": [{"id": "s1"}],
        "lanes": [{"id": "A", "system": "s1", "tip": "m2"}],
        "messages": [{"id": "m1", "role": "user"}, {"id": "m2", "parent": "m1", "role": "user"}],
    }
    exactly(load(dump(session)).session, session)


def test_a_run_is_written_without_nulls() -> None:
    record = RunRecord(
        "r1", state=State.COMPLETE, usage={"input_tokens": 1, "cache": None, "list": [None, {"a": None}]}
    )
    rows: Any = dump(Session(runs=(record,)))["runs"]
    assert rows[0]["usage"] == {"input_tokens": 1, "list": [{}]}
    assert toml_file.dumps({"runs": rows})


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-22T14:03:11Z", datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)),
        ("2026-11-22T15:03:11+01:00", datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)),
        ("2026-11-22T14:03:11", datetime(2026, 11, 22, 14, 3, 11, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
    ],
)
def test_when_it_was_created(written: str, moment: datetime) -> None:
    assert opened(f"[session]\ncreated = {written}").created == moment


def test_numbers_are_fine_as_values_of_variables() -> None:
    assert opened("[variables]\na = 5\nb = 0.5\nc = ' x '").variables == (("a", "5"), ("b", "0.5"), ("c", " x "))


@pytest.mark.fault("F13")
def test_a_newer_format_is_read_only() -> None:
    loaded = load({"format": FORMAT + 1, "session": {"title": "x"}, "galaxies": [{"a": 1}]})
    assert loaded.read_only
    assert loaded.notes == ("format 2 was written by a newer program: opened read-only",)
    assert loaded.session.extra == {"galaxies": [{"a": 1}]}


def test_loading_leaves_the_tables_as_they_were() -> None:
    tables = tomllib.loads(EXAMPLE)
    load(tables)
    assert tables == tomllib.loads(EXAMPLE)


def test_names_of_lanes() -> None:
    assert [lane_id(at) for at in (0, 7, 25, 26, 53)] == ["A", "H", "Z", "A1", "B2"]
