"""What is wrong with a session file: a mistake is a sentence with its place, and a key nobody knows is kept."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.core.sessions import exactly
from workbench.core.params import Params
from workbench.core.session_file import SessionError, dump, load


@pytest.mark.fault("F13")
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
        ("[[messages]]\ntext = 'a'", 'messages, row 1: role must be "user", "assistant" or "system", not \'\''),
        ("[[messages]]\nrole = 'tool'", 'messages, row 1: role must be "user", "assistant" or "system", not \'tool\''),
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
            "messages, row 1: content must be a list of content blocks; plain text goes in text",
        ),
        (
            "messages = [{role='user', content='[hi]'}]",
            "messages, row 1: content is not JSON: expecting value at line 1, column 2",
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
        load(tomllib.loads(text))
    assert str(refused.value).startswith(said)


@pytest.mark.fault("F13")
@pytest.mark.parametrize(
    ("tables", "notes"),
    [
        (
            {"messages": [{"role": "user", "txt": "hi"}]},
            ["messages, row 1: txt is not known; did you mean text? It is kept, and not used"],
        ),
        (
            {"systems": [{"text": "a"}, {"texts": "b"}]},
            ["systems, row 2: texts is not known; did you mean text? It is kept, and not used"],
        ),
        (
            {"lanes": [{"parms": {"top_k": 5}}]},
            ["lanes, row 1: parms is not known; did you mean params? It is kept, and not used"],
        ),
        (
            {"session": {"titel": "x"}},
            ["session: titel is not known; did you mean title? It is kept, and not used"],
        ),
        (
            {"mesages": [{"role": "user"}]},
            ["mesages is not known; did you mean messages? It is kept, and not used"],
        ),
        (
            {"model": "m", "title": "x", "session": {"max_tokens": 5, "prompt": "hi"}},
            [
                "model belongs under [params]; here it is kept, and not used",
                "title belongs under [session]; here it is kept, and not used",
                "session: max_tokens belongs under [params]; here it is kept, and not used",
            ],
        ),
        ({"messages": [{"role": "user", "text": "hi", "rating": 5}], "galaxies": [], "session": {"colour": 1}}, []),
        ({"lanes": [{"name": "x", "width": 5}], "runs": [{"ids": 5}]}, []),
    ],
)
def test_a_misspelt_key_is_noted_and_kept_and_a_strange_one_only_kept(tables: dict[str, Any], notes: list[str]) -> None:
    loaded = load(tables)
    assert list(loaded.notes) == notes
    assert load(dump(loaded.session)).notes == loaded.notes


HOSTILE = {
    "base_url": "http://evil.example",
    "api_key": "sk-ant-x",
    "headers": {"x": "y"},
    "proxy": "http://evil.example",
    "command": "touch PWNED",
}


@pytest.mark.fault("F14")
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
