"""The catalogue: every row against a second writing of the facts, and every id."""

from __future__ import annotations

import ast
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

from tests.core.rows import CATALOGUE, row

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
claude-opus-4-5    5    25   6.25  10   0.50 200  64  high   deprecated
claude-haiku-4-5   1    5    1.25  2    0.10 200  64  None   active
claude-sonnet-4-5  3    15   3.75  6    0.30 200  64  None   deprecated
""".splitlines()[1:]


def test_the_table_of_facts_names_every_model() -> None:
    assert [facts.split()[0] for facts in ROWS] == [model.id for model in CATALOGUE.choices]


@pytest.mark.parametrize("facts", ROWS, ids=[facts.split()[0] for facts in ROWS])
def test_each_row_says_what_the_price_list_says(facts: str) -> None:
    id_, *prices, context, answer, effort, lifecycle = facts.split()
    model = row(id_)
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
        """haiku-5-5 sonnet-5 opus-5 fable-5 mythos-5 opus-4-8 opus-4-7
        opus-4-6 sonnet-4-6 opus-4-5 sonnet-4-5 haiku-4-5""",
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
    long = row("claude-haiku-5-5").long
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
    assert row(alias) is row(id_)
    assert row(id_).snapshot == alias


def test_a_dateless_model_is_its_own_snapshot() -> None:
    assert row("claude-opus-5-5").snapshot == "claude-opus-5-5"


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
    assert CATALOGUE.recognise(spelling) is row(id_)


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
    model = row(id_)
    assert (model.lifecycle, model.retires, model.successor) == ("retired", day, successor)
    assert model not in CATALOGUE.choices
    assert CATALOGUE.nearest(id_) == successor


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("claude-opus-55", "claude-opus-5-5"),
        ("opus-5-5", "claude-opus-5-5"),
        ("Claude-Sonnet-4.6", "claude-sonnet-4-6"),
        ("claude-haiku", "claude-haiku-5-5"),
        ("claude-sonet-4-6", "claude-sonnet-4-6"),
        ("cluade-opus-5-5", "claude-opus-5-5"),
        ("zzz", None),
        ("claude-nope-9", None),
        ("claude-foo-5", None),
        ("claude", None),
        ("gpt-5", None),
    ],
)
def test_a_wrong_id_gets_the_nearest(typed: str, meant: str | None) -> None:
    assert CATALOGUE.nearest(typed) == meant


RETIREMENTS: Final = ("_data/deprecated_models.py", "resources/messages/messages.py")
"""Where the SDK keeps its table: 2.14, in which the long retired are no more, and those before."""


def sdk_retirements() -> dict[str, str]:
    """What stands there, read without the second that importing the SDK takes."""
    spec = find_spec("anthropic")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent
    sources = [folder / name for name in RETIREMENTS if (folder / name).is_file()]
    tables: list[dict[str, str]] = [
        ast.literal_eval(node.value)
        for source in sources
        for node in ast.parse(source.read_text()).body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        if "DEPRECATED_MODELS" in ast.unparse(node).partition("=")[0].split(":")[0].split()
    ]
    return {name: day for table in tables for name, day in table.items()}


def test_the_independent_list_of_retirements_agrees() -> None:
    retirements = sdk_retirements()
    assert len(retirements) >= 5
    for id_, words in retirements.items():
        day = row(id_).retires
        assert day is not None, id_
        month, number, year = words.replace(",", "").split()
        assert (day.strftime("%B"), day.day, day.year) == (month, int(number.rstrip("stndrh")), int(year)), id_
