"""Variables of one time: every run that had them says so, and is made again exactly as it was sent."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from workbench.core.rebuilt import rebuild
from workbench.core.record import RunRecord
from workbench.core.run_list import rows_of
from workbench.engine import store
from workbench.engine.results import Results, results_path

FILE = Path("s.toml")
HAND = """
[params]
model = "claude-haiku-4-5"
max_tokens = 20
[variables]
order_id = "#88231"
mood = "angry"
[[messages]]
role = "user"
text = "Classify {{order_id}} of a {{mood}} customer."
"""


@pytest.fixture
def hand() -> None:
    FILE.write_text(HAND)


def exact(record: RunRecord) -> bytes:
    """The body of a kept run made again from what the disk has."""
    made = rebuild(store.load(FILE).session, record)
    assert made is not None
    assert made.exact
    return made.request.encoded


@pytest.mark.usefixtures("hand")
def test_a_run_keeps_those_that_its_session_has_otherwise(program: Program, served: Served) -> None:
    words = ("--var", "order_id=#7", "--var", "mood=angry")
    shown = program("run", "s.toml", *words, "--repeat", "2", "--json").records
    assert '- with the variables: `{"order_id": "#7"}`' in program("export", "s.toml", "--as", "markdown").out
    assert program("run", "s.toml").status == 0
    first, second, plain = store.load(FILE).session.runs
    assert [each["variables"] for each in shown] == [{"order_id": "#7"}] * 2
    assert first.variables == second.variables == {"order_id": "#7"}
    assert plain.variables == {}
    assert 'variables = { order_id = "#7" }' in FILE.read_text()
    assert [b"#7 of a angry" in exact(each) for each in (first, second, plain)] == [True, True, False]
    table = list(csv.DictReader(io.StringIO(program("export", "s.toml", "--as", "csv").out)))
    assert [each["variables"] for each in table] == ['{"order_id": "#7"}'] * 2 + [""]
    assert ["#7" in each.haystack for each in rows_of(store.load(FILE).session)] == [True, True, False]


@pytest.mark.usefixtures("hand")
def test_a_cell_of_a_sweep_keeps_them(program: Program, served: Served) -> None:
    assert program("sweep", "s.toml", "--axis", "temperature=0,1", "--var", "order_id=#7").status == 0
    kept, _ = Results(results_path(FILE)).load()
    assert [each.variables for each in kept] == [{"order_id": "#7"}] * 2
    assert all(b"#7" in exact(each) for each in kept)


@pytest.mark.usefixtures("hand")
@pytest.mark.parametrize("words", [("batch", "submit", "s.toml"), ("sweep", "s.toml", "--batch", "--axis", "top_k=1")])
def test_an_answer_of_a_batch_keeps_them(
    words: tuple[str, ...], program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Served(batch_seconds=0.0) as quick:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", quick.base_url)
        assert program(*words, "--var", "order_id=#7").status == 0
        fetched = program("batch", "results", "s.toml", "--wait", "--json")
    (line,) = map(json.loads, fetched.out.splitlines())
    assert line["variables"] == {"order_id": "#7"}


def test_what_stands_there_instead_of_texts_is_kept_as_it_is() -> None:
    from workbench.core import record

    odd = record.from_mapping({"id": "r1", "variables": {"n": 7}})
    assert odd.variables == {}
    assert odd.to_mapping()["variables"] == {"n": 7}
