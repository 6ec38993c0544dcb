"""What a Models API says, merged into the table."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.rows import CATALOGUE, LIVE, row
from workbench.core.model import EFFORTS


def test_every_successor_is_alive_and_every_id_is_one_models() -> None:
    for model in CATALOGUE.models:
        assert model.successor is None or row(model.successor).lifecycle == "active"
    ids = [id_ for model in CATALOGUE.models for id_ in model.ids]
    assert len(ids) == len(set(ids))


def test_live_data_wins_over_the_table_and_keeps_the_prices() -> None:
    live = CATALOGUE.merge_live(LIVE)
    model = row("claude-opus-5-5", live)
    assert model.name == "Claude Opus 5.5 (live)"
    assert (model.context, model.max_output) == (2_000_000, 256_000)
    assert (model.lifecycle, model.retires) == ("deprecated", date(2027, 12, 1))
    assert model.thinking == {"adaptive", "disabled"}
    assert model.efforts == ("low", "medium", "high", "max")
    assert not model.structured
    assert model.prices == row("claude-opus-5-5").prices
    assert live.served == frozenset({"claude-opus-5-5", "claude-nova-6"})
    assert CATALOGUE.served is None


def test_a_new_model_of_the_vendor_obeys_the_vendors_rules_and_has_no_price() -> None:
    model = row("claude-nova-6", CATALOGUE.merge_live(LIVE))
    assert model.listed
    assert not model.sampling
    assert model.prices is None
    assert "adaptive" in model.thinking


def test_a_new_model_that_takes_a_thinking_budget_takes_sampling_too() -> None:
    types = {"types": {"enabled": {"supported": True}, "adaptive": {"supported": False}}}
    payload = [{"id": "claude-retro", "type": "model", "capabilities": {"thinking": types}}]
    found = row("claude-retro", CATALOGUE.merge_live(payload))
    assert (found.sampling, found.thinking_default, found.display_default) == (True, "off", "summarized")


def test_the_year_1970_is_no_release() -> None:
    payload = {"data": [{"id": "claude-opus-4-7", "created_at": "1970-01-01T00:00:00Z"}]}
    assert row("claude-opus-4-7", CATALOGUE.merge_live(payload)).released is None


def test_live_active_does_not_unsay_legacy() -> None:
    live = CATALOGUE.merge_live({"data": [{"id": "claude-opus-5", "lifecycle": "active"}]})
    assert row("claude-opus-5", live).lifecycle == "legacy"


def test_a_live_dated_id_changes_the_models_one_row() -> None:
    payload = {"data": [{"id": "claude-haiku-4-5-20251001", "display_name": "H"}]}
    live = CATALOGUE.merge_live(payload)
    assert row("claude-haiku-4-5", live).name == "H"
    assert len(live.models) == len(CATALOGUE.models)


def test_a_list_in_openais_shape_adds_its_models() -> None:
    live = CATALOGUE.merge_live({"object": "list", "data": [{"id": "llama-9", "object": "model", "created": 1}]})
    assert not row("llama-9", live).listed
    assert row("llama-9", live).efforts == EFFORTS


@pytest.mark.parametrize(
    "payload",
    [
        None,
        3,
        "x",
        [],
        {},
        {"data": None},
        {"data": [3, None, {}, {"id": 4}, {"id": ""}]},
        {"error": {"type": "not_found_error"}},
    ],
    ids=repr,
)
def test_a_payload_without_sense_changes_nothing(payload: object) -> None:
    assert CATALOGUE.merge_live(payload).models == CATALOGUE.models


@pytest.mark.parametrize(
    "entry",
    [
        {"max_tokens": "many", "max_input_tokens": -1, "created_at": 5, "retires_at": "soon", "lifecycle": "odd"},
        {"capabilities": []},
        {"capabilities": {"thinking": 3, "effort": [], "structured_outputs": {"supported": "yes"}}},
        {"capabilities": {"thinking": {"supported": True, "types": None}, "effort": {"supported": True}}},
        {"capabilities": None, "display_name": None, "line": None},
        {"max_tokens": 10**400, "max_input_tokens": 10**400},
    ],
    ids=repr,
)
def test_a_field_without_sense_leaves_the_row_alone(entry: dict[str, object]) -> None:
    live = CATALOGUE.merge_live({"data": [{"id": "claude-opus-5-5", "type": "model"} | entry]})
    assert row("claude-opus-5-5", live) == row("claude-opus-5-5")


def test_a_model_that_cannot_think_is_left_with_disabled() -> None:
    payload = {"data": [{"id": "claude-haiku-4-5", "capabilities": {"thinking": {"supported": False}}}]}
    assert row("claude-haiku-4-5", CATALOGUE.merge_live(payload)).thinking == {"disabled"}
