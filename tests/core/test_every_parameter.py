"""A parameter is declared once: whoever adds one finds here every place that it must reach."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from tests import readme
from tests.core.samples import EVERYTHING, SAMPLES, sample, whole
from workbench.core import config, session_file
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.exports import curl, json_text, python
from workbench.core.exports.call import Call
from workbench.core.kinds import Number, Value
from workbench.core.models import Catalogue
from workbench.core.params import FIELDS, Param, Params, from_mapping
from workbench.core.request import Request, Turn
from workbench.core.session import Lane, Session
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import plan
from workbench.engine import toml_file
from workbench.ui.chat import parameter_rows

every_parameter = pytest.mark.parametrize("row", FIELDS, ids=lambda row: row.key)
NUMBERS = [row for row in FIELDS if isinstance(row.kind, Number)]
HI = (Turn("user", "hi"),)


def at(body: Any, path: str) -> Any:
    """What stands at a dotted path of a body."""
    for name in path.split("."):
        body = body[name.removesuffix("[-1]")]
        body = body[-1] if name.endswith("[-1]") else body
    return body


def test_the_samples_and_the_table_name_the_same_parameters() -> None:
    assert list(SAMPLES) == [row.key for row in FIELDS]


@every_parameter
def test_it_says_what_it_is(row: Param) -> None:
    assert row.label
    assert row.help.endswith((".", "`."))
    assert row.group
    assert ".".join(row.path) == SAMPLES[row.key].path


@every_parameter
def test_it_reaches_the_body_alone_at_its_path_and_is_absent_while_unset(row: Param) -> None:
    bare = Request(Params(), HI).body()
    assert bare == {"messages": [{"role": "user", "content": "hi"}], "stream": True}
    expected = SAMPLES[row.key]
    if expected.needs:
        assert Request(sample(row.key), HI).body() == bare
        bare = Request(sample(expected.needs), HI).body()
    body = Request(whole(row.key), HI).body()
    if not expected.path:
        assert body == bare
        assert Request(sample(row.key), HI).version("2026-10-21") == expected.wire
        return
    assert at(body, expected.path) == expected.wire
    assert type(at(body, expected.path)) is type(expected.wire)
    changed = {name for name in body if name not in bare or body[name] != bare[name]}
    assert changed == {expected.path.split(".")[0].removesuffix("[-1]")}
    assert json.loads(Request(whole(row.key), HI).encoded) == body


@every_parameter
def test_it_reaches_the_toml_of_a_session_and_comes_back(row: Param) -> None:
    """Set for all, set for one lane, and taken away from one."""
    params = sample(row.key)
    lane = Lane("A", params=params, unset=(row.key,))
    session = Session("t", datetime(2026, 11, 22, tzinfo=UTC), params=params, lanes=(lane, Lane("B")))
    text = toml_file.dumps(session_file.dump(session))
    tables = tomllib.loads(text)
    assert row.key in tables["params"]
    loaded = session_file.load(tables)
    assert loaded.notes == ()
    assert loaded.session == session
    assert loaded.session.params.items == params.items


@every_parameter
def test_it_can_be_a_default_and_in_a_preset(row: Param) -> None:
    mapping = sample(row.key).to_mapping()
    parsed, mistakes = config.parse({"defaults": mapping, "presets": {"mine": mapping}})
    assert mistakes == ()
    assert parsed.presets["mine"] == sample(row.key)
    assert parsed.defaults == config.DEFAULTS.merge(sample(row.key))


@every_parameter
def test_it_can_be_read_back_from_what_a_run_keeps(row: Param) -> None:
    kept = json.loads(json.dumps(sample(row.key).to_mapping()))
    assert from_mapping(kept) == (sample(row.key), {}, ())


@every_parameter
def test_it_has_a_row_in_the_panel_with_its_value(row: Param) -> None:
    catalogue = Catalogue.builtin()
    panel = parameter_rows.Panel(
        Session(), Lane(), sample(row.key), Params(), (), (), catalogue, "2023-06-01", unfolded=True
    )
    rows = {each.id: each for each in parameter_rows.rows(panel)}
    if row.key == "system":
        assert any(each.label == " Be brief." for each in parameter_rows.rows(panel))
        return
    shown = rows[f"param:{row.key}"]
    assert (shown.label, shown.value, shown.help) == (row.label, SAMPLES[row.key].shown, row.told)
    assert shown.changed
    assert not shown.unset
    unset = next(each for key, each in rows.items() if key.startswith("param:") and key != shown.id)
    assert (unset.value, unset.unset) == ("—", True)


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: row.key)
def test_a_number_steps_from_unset_up_down_and_to_its_ends(row: Param) -> None:
    kind = row.kind
    assert isinstance(kind, Number)
    start = kind.stepped(None, 1, big=False)
    assert row.read(start) == start == kind.start
    assert isinstance(start, int) == kind.integer
    for by in (1, -1):
        value: Value = start
        seen = [value]
        for _ in range(1000):
            value = kind.stepped(value, by, big=True)
            if value == seen[-1]:
                break
            seen.append(value)
        least = kind.step if kind.integer and kind.low == 0 else kind.low
        assert value == (kind.high if by > 0 else least)
        assert kind.warning(value) is None
        assert all(Params().set(row.key, each)[row.key] == each for each in seen)
    assert kind.stepped(kind.stepped(kind.high, -1, big=False), 1, big=False) == kind.high


@every_parameter
def test_it_reaches_the_exports(row: Param) -> None:
    given = Params(model="claude-haiku-4-5", max_tokens=64).merge(whole(row.key))
    call = Call(Request(given, HI), Endpoint("anthropic", OFFICIAL_URL))
    expected = SAMPLES[row.key]
    written = [json_text.write(call), curl.write(call), python.write(call)]
    if expected.path:
        assert at(json.loads(written[0]), expected.path) == expected.wire
        names = expected.path.replace("[-1]", "").split(".")
        assert all(name in text for text in written for name in names)
        assert json.loads(written[1].partition("<<'JSON'\n")[2].removesuffix("JSON\n")) == call.body
    else:
        assert all(expected.wire in text for text in written[1:])


def test_all_of_them_go_together() -> None:
    body = Request(EVERYTHING, HI).body()
    marks = [key for key, each in SAMPLES.items() if each.needs]
    unmarked = Request(EVERYTHING.unset(*marks), HI).body()
    for key, each in SAMPLES.items():
        if each.path:
            assert at(body if key in marks else unmarked, each.path) == each.wire
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 1024, "display": "omitted"}
    assert [row.key for row, _ in EVERYTHING.items] == list(SAMPLES)
    assert from_mapping(EVERYTHING.to_mapping()) == (EVERYTHING, {}, ())


@every_parameter
def test_it_can_be_a_sweep_axis(row: Param) -> None:
    """As it is typed, as it stands in a file, and as each cell sends it; unset it is not sent."""
    axis = read_axis(
        f"{row.key}={json.dumps(SAMPLES[row.key].setting) if row.key == 'system' else SAMPLES[row.key].setting},"
    )
    assert axis.values == (sample(row.key)[row.key], None)
    sweep = Sweep("w1", (axis,))
    text = toml_file.dumps(session_file.dump(Session(sweeps=(sweep,))))
    assert session_file.load(tomllib.loads(text)).session.sweeps == (sweep,)
    given, unset = plan(Session(prompt="hi"), sweep).cells
    assert unset.request == Request(Params(), HI)
    assert given.request == Request(sample(row.key), HI)
    if SAMPLES[row.key].needs:
        assert given.sha256 == unset.sha256
    elif row.path:
        assert given.sha256 != unset.sha256
    else:
        assert given.request.version("2026-10-21") == SAMPLES[row.key].wire
    assert axis.shown(axis.values[0])
    assert json.loads(json.dumps(given.plain)) == given.plain


@every_parameter
def test_it_is_in_the_readme(row: Param) -> None:
    table = readme.block(readme.README.read_text(encoding="utf-8"), "params")
    assert table is not None, "the README has no <!-- params --> … <!-- /params -->"
    assert f"| `{row.key}` | " in table
