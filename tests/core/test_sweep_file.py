"""`[[sweeps]]` of a session file: written by hand, kept byte for byte, and told where something is wrong."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from workbench.core import session_file
from workbench.core.session import Session
from workbench.core.sweep import Axis, Sweep, read_axis
from workbench.engine import toml_file


def written(text: str) -> session_file.Loaded:
    return session_file.load(tomllib.loads(text))


def test_a_hand_written_one_needs_only_axes() -> None:
    found = written("[[sweeps]]\naxes = { model = ['a', 'b'], temperature = [0.0, 0.5, ''] }")
    assert found.notes == ()
    assert found.session.sweeps == (Sweep("w1", (Axis("model", ("a", "b")), Axis("temperature", (0.0, 0.5, None)))),)


def test_the_order_of_the_axes_is_that_of_the_file() -> None:
    for keys in (("model", "top_k", "effort"), ("effort", "model", "top_k"), ("top_k", "effort", "model")):
        values = {"model": "model=a,b", "top_k": "top_k=1,", "effort": "effort=low,max"}
        sweep = Sweep("w1", tuple(read_axis(values[key]) for key in keys))
        text = toml_file.dumps({"sweeps": session_file.dump(session_of(sweep))["sweeps"]})
        assert [axis.key for axis in written(text).session.sweeps[0].axes] == list(keys)


def session_of(*sweeps: Sweep) -> Session:
    return Session(sweeps=sweeps)


def test_only_what_is_set_is_written() -> None:
    assert toml_file.dumps(
        {"sweeps": session_file.dump(session_of(Sweep("w1", (read_axis("top_k=1,"),))))["sweeps"]}
    ) == ('[[sweeps]]\nid = "w1"\naxes = { top_k = [1, ""] }\n')
    whole = Sweep("w2", (read_axis("top_k=1,2"),), 8, "A", "m1", "Hello\nyou", extra={"new": 1})
    assert session_file.dump(session_of(whole))["sweeps"] == [
        {
            "id": "w2",
            "lane": "A",
            "parent": "m1",
            "prompt": "Hello\nyou",
            "repeats": 8,
            "axes": {"top_k": [1, 2]},
            "new": 1,
        }
    ]


GOOD = "axes={top_k=[1]}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("id='x'", "axes must be a table, like { temperature = [0.0, 0.5, 1.0] }"),
        ("axes={}", "axes must be a table"),
        ("axes=['temperature']", "axes must be a table"),
        ("axes={temperatur=[1]}", "there is no parameter 'temperatur'; did you mean temperature?"),
        ("axes={temperature=1}", "axes: temperature must be a list of values, like [0.0, 0.5]"),
        ("axes={temperature=[]}", "temperature has no values"),
        ("axes={temperature=['warm']}", "temperature takes a number, not 'warm'"),
        ("axes={temperature=[0, 0.0]}", "temperature: 0 stands twice"),
        (f"{GOOD}\nrepeats=0", "repeats must be a whole number from 1 on, not 0"),
        (f"{GOOD}\nrepeats=true", "repeats must be a whole number from 1 on, not true or false"),
        (f"{GOOD}\nrepeats=1.5", "repeats must be a whole number from 1 on, not 1.5"),
        (f"{GOOD}\nlane=1", "lane must be text in quotes, not 1"),
        (f"{GOOD}\nparent=[]", "parent must be text in quotes, not a list"),
        (f"{GOOD}\nprompt={{}}", "prompt must be text in quotes, not a table"),
        (f"{GOOD}\nid=5", "id must be text in quotes, not 5"),
        (f"{GOOD}\nid='w1'", "the id 'w1' stands twice; each must be its own"),
    ],
)
def test_a_mistake_is_told_and_the_row_is_kept_and_not_used(row: str, said: str) -> None:
    text = f"[[sweeps]]\nid='w1'\n{GOOD}\n[[sweeps]]\n{row}"
    tables = tomllib.loads(text)
    found = session_file.load(tables)
    (note,) = found.notes
    assert note.startswith(f"sweeps, row 2: {said}")
    assert note.endswith("; it is kept, and not used")
    assert [each.axes for each in found.session.sweeps] == [(Axis("top_k", (1,)),), ()]
    kept: Any = session_file.dump(found.session)["sweeps"]
    assert kept[1].items() >= tomllib.loads(text)["sweeps"][1].items()


def test_an_unknown_key_survives_and_a_misspelt_one_is_told() -> None:
    text = f"[[sweeps]]\nid = 'w1'\n{GOOD}\nrepeat = 8\nscore = {{ by = 'me' }}"
    found = written(text)
    assert found.notes == ("sweeps, row 1: repeat is not known; did you mean repeats? It is kept, and not used",)
    assert session_file.dump(found.session)["sweeps"] == tomllib.loads(text)["sweeps"]


def test_a_row_without_an_id_gets_one_that_no_other_has() -> None:
    found = written(f"[[sweeps]]\n{GOOD}\n[[sweeps]]\nid='w1'\n{GOOD}\n[[sweeps]]\n{GOOD}")
    assert [each.id for each in found.session.sweeps] == ["w2", "w1", "w3"]


@pytest.mark.parametrize("text", ["sweeps = 5", "sweeps = ['w1']", "[sweeps]\nid = 'w1'"])
def test_what_is_no_list_of_tables_is_no_session(text: str) -> None:
    with pytest.raises(session_file.SessionError, match="sweeps must be a list of tables, each written"):
        written(text)
