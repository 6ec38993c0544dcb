"""The user's own prices and rows, and the sentences about their mistakes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.core.rows import CATALOGUE, LIVE, row
from workbench.core import models
from workbench.core.model import SHAPES


def test_a_price_of_the_users_replaces_the_whole_scheme() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides(
        {"prices": {"claude-haiku-5-5": {"input": 1, "output": 2.5, "cache_read": 0.1}}}
    )
    model = row("claude-haiku-5-5", catalogue)
    assert mistakes == ()
    assert model.prices == models.Prices(Decimal(1), Decimal("2.5"), None, None, Decimal("0.1"))
    assert (model.long, model.fast, model.priced_by_user) == (None, None, True)
    assert model.efforts == row("claude-haiku-5-5").efforts


def test_a_price_for_a_dated_id_is_a_price_for_the_model() -> None:
    catalogue, _ = CATALOGUE.with_overrides({"prices": {"claude-haiku-4-5-20251001": {"input": 9, "output": 9}}})
    assert row("claude-haiku-4-5", catalogue).priced_by_user


def test_a_price_adds_a_model_that_is_assumed_to_accept_everything() -> None:
    catalogue, mistakes = CATALOGUE.with_overrides({"prices": {"llama-9": {"input": 0.0, "output": 0.0}}})
    model = row("llama-9", catalogue)
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
    model = row("claude-opus-5-5", catalogue)
    assert mistakes == ()
    assert model.thinking == {"adaptive", "disabled"}
    assert model.efforts == ("low", "max")
    assert (model.context, model.retires, model.sampling) == (2_000_000, date(2027, 1, 1), True)
    assert model.prices == row("claude-opus-5-5").prices


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
    assert row("claude-opus-5-5", catalogue).context == 5
    assert row("a", catalogue).prices is not None


def test_the_users_word_stands_against_live_data() -> None:
    mine, _ = CATALOGUE.with_overrides({"models": {"claude-opus-5-5": {"context": 7}}})
    model = row("claude-opus-5-5", mine.merge_live(LIVE))
    assert (model.context, model.max_output) == (7, 256_000)
