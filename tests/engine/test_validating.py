"""Answers against their schemas: what fits, what doesn't and where, and that nothing else is done."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import replace
from typing import Any

import pytest

from workbench.core.kinds import Json
from workbench.core.params import Params
from workbench.core.record import RunRecord
from workbench.core.schema import FORMATS
from workbench.core.state import State
from workbench.engine import bounded_checks, validating
from workbench.engine.formats import CHECKS


def errors(root: Any, answer: object) -> tuple[str, ...] | None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    held = Json.of({"type": "json_schema", "schema": root})
    return validating.errors(Params(output_format=held), text)


def obj(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


ITEMS = obj(items={"type": "array", "items": obj(price={"type": "number"})}, kind={"enum": ["a", "b"]})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"items": [{"price": 3}], "kind": "a"}, ()),
        ({"items": [{"price": "3"}], "kind": "a"}, ("items[0].price: '3' is not of type 'number'",)),
        ({"items": [], "kind": "A"}, ("kind: 'A' is not one of ['a', 'b']",)),
        ({"items": []}, ("the top: 'kind' is a required property",)),
        (
            {"items": [], "kind": "a", "x": 1},
            ("the top: Additional properties are not allowed ('x' was unexpected)",),
        ),
        ("", ("the answer has no text",)),
        ('{"items": [', ("the answer is not JSON",)),
        ('{"items": NaN}', ("the answer is not JSON: NaN is no JSON number",)),
        ('{"items": [{"price": 123456789012345678901234567890.5}], "kind": "b"}', ()),
        ("[" * 9000, ("the answer can't be checked: nested too deeply",)),
        ('{"items": [{"price": 1e400}], "kind": "a"}', ("the answer can't be checked: a number too large",)),
        ("1" * 5000, ("the answer can't be checked: a number with too many digits",)),
    ],
)
def test_what_fits_and_what_does_not(answer: object, told: tuple[str, ...]) -> None:
    assert errors(ITEMS, answer) == told


def test_many_mismatches_are_counted_no_further() -> None:
    found = errors({"type": "array", "items": {"type": "string"}}, list(range(100)))
    assert found is not None
    assert len(found) == validating.MOST + 1
    assert found[-1] == "and more"


def test_a_long_mismatch_is_cut_in_its_middle_and_steers_no_terminal() -> None:
    (found,) = errors({"type": "integer"}, "x\x1b" * 5000 + "") or ("",)
    assert found == "the answer is not JSON"
    (found,) = errors({"type": "integer"}, ["x\x1b" * 5000]) or ("",)
    assert len(found) < 250
    assert "\x1b" not in found


@pytest.mark.parametrize(
    "root",
    [
        {"$ref": "http://127.0.0.1:9/schema.json"},
        {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
        {"type": 5},
        {"required": 3},
        "text",
    ],
)
def test_a_schema_that_is_none_or_leads_elsewhere_is_not_checked_with(root: Any) -> None:
    assert errors(root, {"a": 1}) is None


def test_nothing_is_looked_up_though_the_schema_says_where_it_comes_from() -> None:
    inner = {"$id": "http://127.0.0.1:9/inner", "type": "string"}
    root = {"$id": "http://127.0.0.1:9/", "$schema": "http://127.0.0.1:9/meta", "properties": {"a": inner}}
    assert errors({**root, "$defs": {"b": {"$dynamicRef": "http://127.0.0.1:9/x"}}}, {"a": 1}) == (
        "a: 1 is not of type 'string'",
    )


def test_no_regular_expression_of_a_schema_is_run() -> None:
    slow = {"type": "string", "pattern": "^(a+)+$"}
    root = {"properties": {"a": slow}, "patternProperties": {"^(a+)+$": {}}, "additionalProperties": True}
    assert errors(root, {"a": "a" * 40 + "b", "a" * 40 + "b": 1}) == ()


def test_other_regular_expressions_than_python_s_keep_no_answer_from_being_checked() -> None:
    root = {"properties": {"a": {"type": "string", "pattern": r"^\p{L}+(?<rest>.*)$"}}}
    assert errors(root, {"a": "b"}) == ()
    assert errors(root, {"a": 1}) == ("a: 1 is not of type 'string'",)


def test_a_schema_that_goes_round_for_ever_is_not_checked_with() -> None:
    assert errors({"$ref": "#"}, {"a": 1}) is None


EVIL: dict[str, Any] = {"type": "string", "pattern": "^(a+)+$"}
SLOW = "a" * 40 + "b"


@pytest.mark.parametrize(
    "root",
    [
        {"propertyNames": EVIL},
        {"$ref": "#/odd", "odd": {"propertyNames": EVIL}},
        {"dependentSchemas": {SLOW: {"propertyNames": EVIL}}},
        {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False},
        {"patternProperties": {"^(a+)+$": {}}, "unevaluatedProperties": False},
        {"propertyNames": {**EVIL, "$schema": "http://json-schema.org/draft-07/schema#"}},
        {"propertyNames": {"type": "string", "format": "regex"}},
    ],
)
def test_no_regular_expression_is_run_wherever_it_stands(root: Any) -> None:
    assert errors(root, {SLOW: 1}) == ()


@pytest.mark.parametrize("place", ["propertyNames", "odd", "dependentSchemas"])
def test_nothing_is_looked_up_from_places_that_are_no_part_of_what_the_api_knows(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(urllib.request, "urlopen", asked.append)
    there = {"$ref": "http://127.0.0.1:9/x"}
    root = {"$ref": "#/odd", "odd": there, "propertyNames": there, "dependentSchemas": {"a": there}}
    kept = {key: root[key] for key in ("$ref", "odd")} if place == "odd" else {place: root[place]}
    assert errors(kept, {"a": 1}) is None
    assert asked == []


def doubling(levels: int) -> dict[str, Any]:
    """Each part twice the next: as much to check as two to the power of the levels."""
    parts = {f"a{at}": {"allOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(levels)}
    return {"$ref": "#/$defs/a0", "$defs": {**parts, f"a{levels}": {"type": "object"}}}


def test_what_would_take_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_checks, "MOST", 5000)
    many = [{"a": at} for at in range(1000)]
    assert errors(doubling(4), {}) == ()
    assert errors(doubling(40), {}) is None
    assert errors({"uniqueItems": True}, many) is None
    assert errors({"uniqueItems": True, "type": "array"}, [*range(1000)]) == ()
    assert errors({"items": {"enum": [*range(1000)]}}, [*range(10)]) is None
    assert errors({"type": "array"}, many) == (), "the next has all its steps again"
    monkeypatch.setattr(bounded_checks.STEPS, "begin", lambda: pytest.fail("it was waited for twice"))
    assert errors(doubling(40), {}) is None


@pytest.mark.parametrize(
    ("root", "answer"),
    [
        ({"multipleOf": 0.1}, "1" + "0" * 400),
        ({"$ref": "#/required", "required": ["a"]}, "{}"),
        ({"$ref": "#/odd", "odd": {"properties": 5}}, "{}"),
        ({"$ref": "#/odd", "odd": {"minimum": "x"}}, "3"),
    ],
)
def test_what_the_library_trips_over_costs_no_answer(root: Any, answer: str) -> None:
    assert errors(root, answer) is None


GOOD = {
    "date-time": ["2026-03-14T09:26:53Z", "2026-03-14t09:26:53.5+01:00", "2016-12-31T23:59:60Z"],
    "time": ["09:26:53Z", "23:59:60+00:00"],
    "date": ["2026-02-28"],
    "duration": ["P3DT4H", "P1W", "PT5M", "P1Y"],
    "email": ["a.b+c@example.com", "a@[127.0.0.1]"],
    "hostname": ["www.example.com", "a"],
    "uri": ["https://example.com/a?b#c", "mailto:x@y"],
    "ipv4": ["192.0.2.17"],
    "ipv6": ["2001:db8::17", "::1"],
    "uuid": ["3f2b6c1e-8d4a-4c57-9b0e-5a7d2c9e1f40"],
}
BAD = {
    "date-time": ["2026-03-14", "2026-13-14T09:26:53Z", "2026-03-14T09:26:53", "2026-03-14T09:26:53Z\n"],
    "time": ["09:26", "25:00:00Z", "09:26:53"],
    "date": ["2026-02-30", "20260228", "٢٠٢٦-02-28"],
    "duration": ["P", "PT", "3D", "P1WT1H"],
    "email": ["a", "@b", "a b@c.de"],
    "hostname": ["", "-a.de", "a..b", "x" * 64],
    "uri": ["example.com", "a b:c", "http://a b"],
    "ipv4": ["256.1.1.1", "1.2.3"],
    "ipv6": [":::", "1.2.3.4"],
    "uuid": ["3f2b6c1e8d4a4c579b0e5a7d2c9e1f40", "x"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_checked(name: str) -> None:
    assert [text for text in GOOD[name] if not CHECKS[name](text)] == []
    assert [text for text in BAD[name] if CHECKS[name](text)] == []
    root = {"type": ["string", "integer"], "format": name}
    assert errors(root, json.dumps(GOOD[name][0])) == ()
    assert errors(root, json.dumps(BAD[name][0])) == (f"the top: {BAD[name][0]!r} is not a {name!r}",)
    assert errors(root, "3") == ()


async def test_a_record_that_came_by_another_way_is_checked_too() -> None:
    schema = {"type": "json_schema", "schema": {"type": "integer"}}
    record = RunRecord(state=State.COMPLETE, text='"x"', stop_reason="end_turn", params={"output_format": schema})
    assert (await validating.checked(record)).schema_errors == ("the top: 'x' is not of type 'integer'",)
    assert (await validating.checked(replace(record, text="3"))).schema_errors == ()
    unchecked = (
        replace(record, params={}),
        replace(record, state=State.CANCELLED),
        replace(record, stop_reason="tool_use"),
        replace(record, params={"output_format": 5}),
    )
    assert [(await validating.checked(each)).schema_errors for each in unchecked] == [None] * 4
