"""A session as its file: what is written is read back, what is left out is added, each mistake is a sentence."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.core.sessions import sessions
from workbench.core.conversation import request_of
from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.session import Lane, Message, Session, System
from workbench.core.session_file import FORMAT, SessionError, dump, lane_id, load
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


def exactly(one: Session, other: Session) -> None:
    """Equal, with what equality leaves out: unknown keys, and the order of the tables that a person reads."""
    assert one == other
    assert one.extra == other.extra
    assert list(one.variables) == list(other.variables)
    for mine, theirs in ((one.systems, other.systems), (one.lanes, other.lanes), (one.messages, other.messages)):
        assert [each.extra for each in mine] == [each.extra for each in theirs]


@given(sessions())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
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


def test_a_newer_format_is_read_only() -> None:
    loaded = load({"format": FORMAT + 1, "session": {"title": "x"}, "galaxies": [{"a": 1}]})
    assert loaded.read_only
    assert loaded.notes == ("format 2 was written by a newer program: opened read-only",)
    assert loaded.session.extra == {"galaxies": [{"a": 1}]}


def test_loading_leaves_the_tables_as_they_were() -> None:
    tables = tomllib.loads(EXAMPLE)
    load(tables)
    assert tables == tomllib.loads(EXAMPLE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 0", "format must be 1, not 0"),
        ("format = '1'", "format must be 1, not '1'"),
        ("format = true", "format must be 1, not True"),
        ("session = 1", "session must be a table, written [session]"),
        ("session = [{}]", "session must be a table, written [session]"),
        ("params = []", "params must be a table, written [params]"),
        ("variables = 'x'", "variables must be a table, written [variables]"),
        ("messages = {}", "messages must be a list of tables, each written [[messages]]"),
        ("lanes = ['A']", "lanes must be a list of tables, each written [[lanes]]"),
        ("[session]\ntitle = 5", "session: title must be text in quotes, not 5"),
        ("[session]\nprompt = []", "session: prompt must be text in quotes, not []"),
        ("[session]\nendpoint = {}", "session: endpoint must be text in quotes, not {}"),
        (
            "[session]\ncreated = 'today'",
            "session: created must be a date and time, like 2026-11-22T14:03:11Z, not 'today'",
        ),
        ("[params]\ntemperature = 'x'", "params: temperature takes a number, not 'x'"),
        ("[params]\ntemperature = nan", "params: temperature takes a finite number, not nan"),
        ("[variables]\na = []", "variables: a must be text in quotes, not []"),
        ("[variables]\na = true", "variables: a must be text in quotes, not True"),
        ("[[systems]]\ntext = 5", "systems, row 1: text must be text in quotes, not 5"),
        ("[[systems]]\nid = 5", "systems, row 1: id must be text in quotes, not 5"),
        ("systems = [{id='s'},{id='s'}]", "systems: the id 's' stands twice; each must be its own"),
        ("[[messages]]\ntext = 'a'", 'messages, row 1: role must be "user" or "assistant", not \'\''),
        ("[[messages]]\nrole = 'tool'", 'messages, row 1: role must be "user" or "assistant", not \'tool\''),
        ("messages = [{role='user', parent='m9'}]", "messages, row 1: parent 'm9' is no message above it"),
        (
            "messages = [{id='a',role='user',parent='b'},{id='b',role='user'}]",
            "messages, row 1: parent 'b' is no message above it",
        ),
        ("messages = [{id='a',role='user',parent='a'}]", "messages, row 1: parent 'a' is no message above it"),
        ("messages = [{role='user', text=5}]", "messages, row 1: text must be text in quotes, not 5"),
        ("messages = [{role='user', run=5}]", "messages, row 1: run must be text in quotes, not 5"),
        (
            "messages = [{id='m',role='user'},{id='m',role='user'}]",
            "messages: the id 'm' stands twice; each must be its own",
        ),
        (
            "messages = [{role='user', content='hi'}]",
            "messages, row 1: content is not JSON: expecting value at line 1, column 1",
        ),
        (
            "messages = [{role='user', content={}}]",
            "messages, row 1: content must be a list of content blocks; plain text goes in text",
        ),
        (
            "messages = [{role='user', content=['hi']}]",
            "messages, row 1: content must be a list of content blocks; plain text goes in text",
        ),
        ("messages = [{role='user', content=[{a=nan}]}]", "messages, row 1: content can't be sent as JSON: "),
        ("[[lanes]]\ntip = 'm1'", "lanes, row 1: tip 'm1' is no message of this session"),
        ("[[lanes]]\nsystem = 's1'", "lanes, row 1: system 's1' is no version of the system prompt"),
        ("[[lanes]]\nparams = 5", "lanes, row 1: params must be a table, like { temperature = 0.0 }"),
        ("[[lanes]]\nparams = {top_k = 'x'}", "lanes, row 1: params: top_k takes a whole number, not 'x'"),
        ("[[lanes]]\nunset = 'top_k'", 'lanes, row 1: unset must be a list of parameters, like ["max_tokens"]'),
        ("[[lanes]]\nunset = [1]", 'lanes, row 1: unset must be a list of parameters, like ["max_tokens"]'),
        ("[[lanes]]\nname = 1", "lanes, row 1: name must be text in quotes, not 1"),
        ("lanes = [{id='A'},{id='A'}]", "lanes: the id 'A' stands twice; each must be its own"),
        ("runs = [{id='r'},{id='r'}]", "runs: the id 'r' stands twice; each must be its own"),
        ("runs = [{id=5}]", "runs, row 1: id must be text in quotes, not 5"),
    ],
)
def test_a_mistake_is_a_sentence_with_its_place(text: str, said: str) -> None:
    with pytest.raises(SessionError) as refused:
        opened(text)
    assert str(refused.value).startswith(said)


HOSTILE = {
    "base_url": "http://evil.example",
    "api_key": "sk-ant-x",
    "headers": {"x": "y"},
    "proxy": "http://evil.example",
    "command": "touch PWNED",
}


@pytest.mark.parametrize("place", ["", "session", "params", "lanes", "messages", "runs"])
def test_nothing_in_a_file_says_where_a_request_goes(place: str) -> None:
    """It is kept like any unknown key, and reaches no request."""
    tables: dict[str, Any] = {"messages": [{"role": "user", "text": "hi"}], "lanes": [{}], "runs": [{}]}
    if not place:
        tables |= HOSTILE
    elif place in {"session", "params"}:
        tables[place] = HOSTILE
    else:
        tables[place] = [{**tables[place][0], **HOSTILE}]
    session = load(tables).session
    assert session.endpoint is None
    assert session.params_of(session.lane()) == Params()
    exactly(load(dump(session)).session, session)


def test_names_of_lanes() -> None:
    assert [lane_id(at) for at in (0, 7, 25, 26, 53)] == ["A", "H", "Z", "A1", "B2"]
