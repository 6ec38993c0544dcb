"""The catalogue: every row against a second writing of the facts, ids, the user's words and live data."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from workbench.core import models
from workbench.core.model import EFFORTS, SHAPES
from workbench.core.models import Catalogue, Model

CATALOGUE = Catalogue.builtin()


def found(id_: str, catalogue: Catalogue = CATALOGUE) -> Model:
    model = catalogue.find(id_)
    assert model is not None, id_
    return model


#  id: USD per MTok in, out, 5m write, 1h write, read; context and answer in thousands; effort; lifecycle
ROWS = """
claude-fable-5-2   8    40   10    16   0.20 1000 128 high   active
claude-mythos-5-2  8    40   10    16   0.20 1000 128 high   active
claude-haiku-5-5   0.10 0.50 0.125 0.20 0.01 1000 128 medium active
claude-sonnet-5-5  2    10   2.5   4    0.10 1000 128 high   active
claude-opus-5-5    4    20   5     8    0.20 1000 128 medium active
claude-fable-5-1   10   50   12.5  20   0.25 1000 128 high   active
claude-mythos-5-1  10   50   12.5  20   0.25 1000 128 high   active
claude-sonnet-5    2    10   2.5   4    0.20 1000 128 high   legacy
claude-fable-5     10   50   12.5  20   1    1000 128 high   legacy
claude-mythos-5    10   50   12.5  20   1    1000 128 high   legacy
claude-opus-5      5    25   6.25  10   0.50 1000 128 high   legacy
claude-opus-4-8    5    25   6.25  10   0.50 1000 128 high   active
claude-opus-4-7    5    25   6.25  10   0.50 1000 128 high   active
claude-opus-4-6    5    25   6.25  10   0.50 1000 128 high   active
claude-sonnet-4-6  3    15   3.75  6    0.30 1000 128 high   active
claude-opus-4-5    5    25   6.25  10   0.50 200  64  high   active
claude-haiku-4-5   1    5    1.25  2    0.10 200  64  None   active
claude-sonnet-4-5  3    15   3.75  6    0.30 200  64  None   deprecated
""".splitlines()[1:]


def test_the_table_of_facts_names_every_model() -> None:
    assert [row.split()[0] for row in ROWS] == [model.id for model in CATALOGUE.choices]


@pytest.mark.parametrize("row", ROWS, ids=[row.split()[0] for row in ROWS])
def test_each_row_says_what_the_price_list_says(row: str) -> None:
    id_, *prices, context, answer, effort, lifecycle = row.split()
    model = found(id_)
    assert model.prices is not None
    each = (
        model.prices.input,
        model.prices.output,
        model.prices.write_5m,
        model.prices.write_1h,
        model.prices.read,
    )
    assert each == tuple(map(Decimal, prices))
    assert (model.context, model.max_output) == (int(context) * 1000, int(answer) * 1000)
    assert (str(model.effort_default), model.lifecycle) == (effort, lifecycle)


#  what, and the ids (less `claude-`) it is true of
FACTS = [
    ("sampling", "opus-4-6 sonnet-4-6 opus-4-5 sonnet-4-5 haiku-4-5"),
    ("prefill", "opus-4-5 sonnet-4-5 haiku-4-5"),
    (
        "forced_tool",
        "haiku-5-5 sonnet-5 opus-5 fable-5 mythos-5 "
        "opus-4-8 opus-4-7 opus-4-6 sonnet-4-6 opus-4-5 sonnet-4-5 haiku-4-5",
    ),
    (
        "system_messages",
        "opus-4-8 opus-5 opus-5-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1 fable-5-2 mythos-5 mythos-5-1 mythos-5-2",
    ),
    ("system_messages_ignored", "sonnet-5"),
    (
        "binds_thinking",
        "fable-5-1 fable-5-2 mythos-5-1 mythos-5-2 opus-5-5 sonnet-5-5 haiku-5-5",
    ),
    ("effort_needs_thinking", "opus-5 haiku-5-5 sonnet-5-5"),
    ("fast", "opus-5-5 fable-5-2 mythos-5-2 opus-5 opus-4-8"),
    ("long", "haiku-5-5"),
]


@pytest.mark.parametrize(("what", "ids"), FACTS, ids=[what for what, _ in FACTS])
def test_what_is_true_of_some_models_is_true_of_no_other(what: str, ids: str) -> None:
    true_of = {model.id.removeprefix("claude-") for model in CATALOGUE.choices if getattr(model, what)}
    assert true_of == set(ids.split())


CACHE_MINIMUM = {1024: "opus-4-8 sonnet-5 sonnet-4-6 sonnet-4-5", 2048: "opus-4-7", 4096: "opus-4-6 opus-4-5 haiku-4-5"}


def test_how_long_a_prompt_must_be_to_be_cached() -> None:
    others = {f"claude-{id_}": tokens for tokens, ids in CACHE_MINIMUM.items() for id_ in ids.split()}
    for model in CATALOGUE.choices:
        assert model.cache_minimum == others.get(model.id, 512), model.id


def test_generations_share_their_tokenizer_and_their_display() -> None:
    old = {"claude-opus-4-6", "claude-sonnet-4-6", "claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5"}
    for model in CATALOGUE.choices:
        assert model.new_tokenizer == (model.id not in old)
        assert model.display_default == ("summarized" if model.id in old else "omitted")
        assert model.geo == ("-4-5" not in model.id)
        assert model.structured
        assert model.listed


def test_rate_limits_are_shared_within_opus_4_sonnet_4_and_fable_5() -> None:
    buckets: dict[str, int] = {}
    for model in CATALOGUE.choices:
        buckets[model.bucket] = buckets.get(model.bucket, 0) + 1
    assert buckets.pop("opus-4") == 4
    assert buckets.pop("sonnet-4") == 2
    assert buckets.pop("fable-5") == 3
    assert buckets.pop("mythos-5") == 3
    assert set(buckets.values()) == {1}


def test_only_haiku_5_5_has_a_price_for_long_prompts() -> None:
    long = found("claude-haiku-5-5").long
    assert long is not None
    assert long[0] == 100_000
    assert (long[1].input, long[1].output, long[1].read) == (Decimal("0.5"), Decimal("2.5"), Decimal("0.05"))
    assert (long[1].write_5m, long[1].write_1h) == (Decimal("0.625"), Decimal(1))


@pytest.mark.parametrize(
    ("alias", "id_"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4-5"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
    ],
)
def test_a_dated_id_is_the_model_and_its_snapshot(alias: str, id_: str) -> None:
    assert found(alias) is found(id_)
    assert found(id_).snapshot == alias


def test_a_dateless_model_is_its_own_snapshot() -> None:
    assert found("claude-opus-5-5").snapshot == "claude-opus-5-5"


@pytest.mark.parametrize(
    "id_", ["claude-opus-4-20250918", "claude-sonnet-4-6-20260610", "anthropic/claude-opus-5.5", "", "gpt-4", None]
)
def test_ids_that_the_api_does_not_know_are_not_found(id_: str | None) -> None:
    assert CATALOGUE.find(id_) is None


@pytest.mark.parametrize(
    ("spelling", "id_"),
    [
        ("anthropic.claude-opus-5-5", "claude-opus-5-5"),
        ("us.anthropic.claude-opus-5-5", "claude-opus-5-5"),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
        ("claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
        ("anthropic/claude-opus-5.5", "claude-opus-5-5"),
        ("claude-opus-5-5", "claude-opus-5-5"),
    ],
)
def test_the_spellings_of_clouds_are_recognised(spelling: str, id_: str) -> None:
    assert CATALOGUE.recognise(spelling) is found(id_)


@pytest.mark.parametrize(
    ("id_", "day", "successor"),
    [
        ("claude-opus-4-1", date(2026, 8, 5), "claude-opus-5-5"),
        ("claude-opus-4-1-20250805", date(2026, 8, 5), "claude-opus-5-5"),
        ("claude-mythos-preview", date(2026, 6, 30), "claude-mythos-5-2"),
        ("claude-opus-4-0", date(2026, 6, 15), "claude-opus-5-5"),
        ("claude-opus-4-20250514", date(2026, 6, 15), "claude-opus-5-5"),
        ("claude-sonnet-4-20250514", date(2026, 6, 15), "claude-sonnet-5-5"),
        ("claude-3-haiku-20240307", date(2026, 4, 20), "claude-haiku-5-5"),
        ("claude-3-7-sonnet-latest", date(2026, 2, 19), "claude-sonnet-5-5"),
        ("claude-3-5-haiku-20241022", date(2026, 2, 19), "claude-haiku-5-5"),
        ("claude-3-opus-20240229", date(2026, 1, 5), "claude-opus-5-5"),
        ("claude-3-sonnet-20240229", date(2025, 7, 21), "claude-sonnet-5-5"),
        ("claude-2.1", date(2025, 7, 21), "claude-sonnet-5-5"),
        ("claude-instant-1.2", date(2024, 11, 6), "claude-haiku-5-5"),
    ],
)
def test_a_retired_id_is_found_with_its_day_and_its_successor(id_: str, day: date, successor: str) -> None:
    model = found(id_)
    assert (model.lifecycle, model.retires, model.successor) == ("retired", day, successor)
    assert model not in CATALOGUE.choices
    assert CATALOGUE.nearest(id_) == successor


def test_every_successor_is_alive_and_every_id_is_one_models() -> None:
    for model in CATALOGUE.models:
        assert model.successor is None or found(model.successor).lifecycle == "active"
    ids = [id_ for model in CATALOGUE.models for id_ in model.ids]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("claude-opus-55", "claude-opus-5-5"),
        ("opus-5-5", "claude-opus-5-5"),
        ("Claude-Sonnet-4.6", "claude-sonnet-4-6"),
        ("claude-haiku", "claude-haiku-5-5"),
        ("zzz", None),
    ],
)
def test_a_wrong_id_gets_the_nearest(typed: str, meant: str | None) -> None:
    assert CATALOGUE.nearest(typed) == meant


def sdk_retirements() -> dict[str, str]:
    """The table in the SDK's source, read without the second that importing the SDK takes."""
    spec = find_spec("anthropic")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "resources/messages/messages.py"
    tables: list[dict[str, str]] = [
        ast.literal_eval(node.value)
        for node in ast.parse(source.read_text()).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DEPRECATED_MODELS"
    ]
    return tables[0]


def test_the_independent_list_of_retirements_agrees() -> None:
    retirements = sdk_retirements()
    assert len(retirements) >= 20
    for id_, words in retirements.items():
        day = found(id_).retires
        assert day is not None, id_
        month, number, year = words.replace(",", "").split()
        assert (day.strftime("%B"), day.day, day.year) == (month, int(number.rstrip("stndrh")), int(year)), id_


def test_a_price_of_the_users_replaces_the_whole_scheme() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides(
        {"prices": {"claude-haiku-5-5": {"input": 1, "output": 2.5, "cache_read": 0.1}}}
    )
    model = found("claude-haiku-5-5", catalogue)
    assert mistakes == ()
    assert model.prices == models.Prices(Decimal(1), Decimal("2.5"), None, None, Decimal("0.1"))
    assert (model.long, model.fast, model.priced_by_user) == (None, None, True)
    assert model.efforts == found("claude-haiku-5-5").efforts


def test_a_price_for_a_dated_id_is_a_price_for_the_model() -> None:
    catalogue, _ = CATALOGUE.with_overrides({"prices": {"claude-haiku-4-5-20251001": {"input": 9, "output": 9}}})
    assert found("claude-haiku-4-5", catalogue).priced_by_user


def test_a_price_adds_a_model_that_is_assumed_to_accept_everything() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides({"prices": {"llama-9": {"input": 0.0, "output": 0.0}}})
    model = found("llama-9", catalogue)
    assert mistakes == ()
    assert model.prices == models.Prices(*(Decimal(0),) * 5)
    assert model.sampling
    assert model.thinking == frozenset(SHAPES)
    assert not model.listed
    assert catalogue.models[0] is model


def test_any_field_of_a_row_can_be_overridden() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides(
        {
            "models": {
                "claude-opus-5-5": {
                    "thinking": ["disabled", "adaptive"],
                    "efforts": ["max", "low"],
                    "context": 2_000_000,
                    "retires": date(2027, 1, 1),
                    "sampling": True,
                }
            }
        }
    )
    model = found("claude-opus-5-5", catalogue)
    assert mistakes == ()
    assert model.thinking == {"adaptive", "disabled"}
    assert model.efforts == ("low", "max")
    assert (model.context, model.retires, model.sampling) == (2_000_000, date(2027, 1, 1), True)
    assert model.prices == found("claude-opus-5-5").prices


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"prices": 3}, "prices must be tables"),
        ({"prices": {"x": 3}}, 'prices."x" must be a table, not 3'),
        ({"prices": {"x": {"input": 1}}}, 'prices."x" needs output'),
        ({"prices": {"x": {"input": "1", "output": 1}}}, 'prices."x".input must be a number'),
        ({"prices": {"x": {"input": -1, "output": 1}}}, 'prices."x".input must be between 0'),
        ({"prices": {"x": {"input": float("nan"), "output": 1}}}, 'prices."x".input must be between 0'),
        ({"prices": {"x": {"input": 1, "output": 1, "cache_reed": 1}}}, "did you mean cache_read?"),
        ({"models": {"x": {"samplin": True}}}, "did you mean sampling?"),
        ({"models": {"x": {"sampling": "yes"}}}, 'models."x".sampling must be true or false'),
        ({"models": {"x": {"efforts": ["low", "huge"]}}}, 'models."x".efforts must be a list of some of'),
        ({"models": {"x": {"thinking": "adaptive"}}}, 'models."x".thinking must be a list'),
        ({"models": {"x": {"context": -5}}}, 'models."x".context must be a whole number'),
        ({"models": {"x": {"retires": "soon"}}}, 'models."x".retires must be a date'),
        ({"models": {"x": {"lifecycle": "dead"}}}, 'models."x".lifecycle must be one of'),
        ({"models": {"x": {"name": 1}}}, 'models."x".name must be text'),
        ({"models": {"x": {"aliases": "y"}}}, 'models."x".aliases must be a list'),
    ],
    ids=str,
)
def test_a_mistake_is_one_sentence_that_names_its_place(configuration: dict[str, object], words: str) -> None:
    _, mistakes = CATALOGUE.with_overrides(configuration)
    assert len(mistakes) == 1
    assert words in mistakes[0]


def test_the_rest_of_a_table_with_a_mistake_still_counts() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides(
        {
            "models": {"claude-opus-5-5": {"sampling": 3, "context": 5}},
            "prices": {"a": {"input": 1, "output": 1, "wrong": 1}, "b": 4},
        }
    )
    assert len(mistakes) == 3
    assert found("claude-opus-5-5", catalogue).context == 5
    assert found("a", catalogue).prices is not None


LIVE: dict[str, Any] = {
    "data": [
        {
            "id": "claude-opus-5-5",
            "type": "model",
            "display_name": "Claude Opus 5.5 (live)",
            "created_at": "2026-09-22T00:00:00Z",
            "lifecycle": "deprecated",
            "line": "opus",
            "retires_at": "2027-12-01T00:00:00Z",
            "max_input_tokens": 2_000_000,
            "max_tokens": 256_000,
            "capabilities": {
                "structured_outputs": {"supported": False},
                "effort": {
                    "supported": True,
                    "low": {"supported": True},
                    "medium": {"supported": True},
                    "high": {"supported": True},
                    "xhigh": {"supported": False},
                    "max": {"supported": True},
                },
                "thinking": {
                    "supported": True,
                    "types": {"adaptive": {"supported": True}, "disabled": {"supported": True}},
                },
            },
        },
        {
            "id": "claude-nova-6",
            "type": "model",
            "max_input_tokens": 5_000_000,
            "capabilities": {"thinking": {"supported": True, "types": {"adaptive": {"supported": True}}}},
        },
    ],
    "has_more": False,
}


def test_live_data_wins_over_the_table_and_keeps_the_prices() -> None:
    live = CATALOGUE.merge_live(LIVE)
    model = found("claude-opus-5-5", live)
    assert model.name == "Claude Opus 5.5 (live)"
    assert (model.context, model.max_output) == (2_000_000, 256_000)
    assert (model.lifecycle, model.retires) == ("deprecated", date(2027, 12, 1))
    assert model.thinking == {"adaptive", "disabled"}
    assert model.efforts == ("low", "medium", "high", "max")
    assert not model.structured
    assert model.prices == found("claude-opus-5-5").prices
    assert live.served == frozenset({"claude-opus-5-5", "claude-nova-6"})
    assert CATALOGUE.served is None


def test_a_new_model_of_the_vendor_obeys_the_vendors_rules_and_has_no_price() -> None:
    model = found("claude-nova-6", CATALOGUE.merge_live(LIVE))
    assert model.listed
    assert not model.sampling
    assert model.prices is None
    assert "adaptive" in model.thinking


def test_a_new_model_that_takes_a_thinking_budget_takes_sampling_too() -> None:
    types = {"types": {"enabled": {"supported": True}, "adaptive": {"supported": False}}}
    payload = [{"id": "claude-retro", "type": "model", "capabilities": {"thinking": types}}]
    assert found("claude-retro", CATALOGUE.merge_live(payload)).sampling


def test_live_active_does_not_unsay_legacy() -> None:
    live = CATALOGUE.merge_live({"data": [{"id": "claude-opus-5", "lifecycle": "active"}]})
    assert found("claude-opus-5", live).lifecycle == "legacy"


def test_the_users_word_stands_against_live_data() -> None:
    mine, _ = CATALOGUE.with_overrides({"models": {"claude-opus-5-5": {"context": 7}}})
    model = found("claude-opus-5-5", mine.merge_live(LIVE))
    assert (model.context, model.max_output) == (7, 256_000)


def test_a_live_dated_id_changes_the_models_one_row() -> None:
    payload = {"data": [{"id": "claude-haiku-4-5-20251001", "display_name": "H"}]}
    live = CATALOGUE.merge_live(payload)
    assert found("claude-haiku-4-5", live).name == "H"
    assert len(live.models) == len(CATALOGUE.models)


def test_a_list_in_openais_shape_adds_its_models() -> None:
    live = CATALOGUE.merge_live({"object": "list", "data": [{"id": "llama-9", "object": "model", "created": 1}]})
    assert not found("llama-9", live).listed
    assert found("llama-9", live).efforts == EFFORTS


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
    ],
    ids=repr,
)
def test_a_field_without_sense_leaves_the_row_alone(entry: dict[str, object]) -> None:
    live = CATALOGUE.merge_live({"data": [{"id": "claude-opus-5-5", "type": "model"} | entry]})
    assert found("claude-opus-5-5", live) == found("claude-opus-5-5")


def test_a_model_that_cannot_think_is_left_with_disabled() -> None:
    payload = {"data": [{"id": "claude-haiku-4-5", "capabilities": {"thinking": {"supported": False}}}]}
    assert found("claude-haiku-4-5", CATALOGUE.merge_live(payload)).thinking == {"disabled"}
