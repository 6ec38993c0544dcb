"""Guesses before sending stay near the truth, and ranges hold what can happen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.estimate import SAMPLE, TOOLS_OVERHEAD, estimate_tokens, preview
from workbench.core.forecast import of_request, request_tokens
from workbench.core.models import Catalogue, Model
from workbench.core.params import Params
from workbench.core.request import Request, Turn


def found(id_: str) -> Model:
    model = Catalogue.builtin().find(id_)
    assert model is not None
    return model


OLD, NEW = found("claude-sonnet-4-6"), found("claude-sonnet-5-5")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("", 0, 0),
        ("a", 1, 1),
        ("The quick brown fox jumps over the lazy dog. " * 10, 90, 130),
        ("Съешь ещё этих мягких французских булок. " * 10, 130, 260),
        ("色は匂へど散りぬるを我が世誰ぞ常ならむ" * 10, 150, 300),
        ("👍" * 10, 10, 40),
        ("\ud800" * 9, 5, 20),
    ],
)
def test_a_guess_is_of_the_right_size(text: str, low: int, high: int) -> None:
    assert low <= estimate_tokens(text, OLD) <= high


def test_the_new_tokenizer_makes_a_third_more_of_the_same_text() -> None:
    text = "The same words. " * 100
    assert estimate_tokens(text, NEW) == pytest.approx(1.3 * estimate_tokens(text, OLD), rel=0.01)
    assert estimate_tokens(text) == estimate_tokens(text, NEW)


@pytest.mark.parametrize("text", ["Съешь ещё этих мягких булок. ", "The quick – brown – fox. ", "色は匂へど 👍 "])
def test_a_long_text_is_judged_by_a_sample(text: str) -> None:
    times = SAMPLE * 5 // len(text)
    assert estimate_tokens(text * times, OLD) == pytest.approx(estimate_tokens(text * 100, OLD) * times / 100, rel=0.03)


OPUS = found("claude-opus-5-5")


@pytest.mark.parametrize(
    ("options", "low", "high"),
    [
        ({}, "0.004", "0.024"),
        ({"max_tokens": None}, "0.004", "2.564"),
        ({"speed": "fast"}, "0.008", "0.048"),
        ({"geo": "us"}, "0.0044", "0.0264"),
        ({"batch": True}, "0.002", "0.012"),
        ({"cached": (1000, 0)}, "0.0002", "0.025"),
        ({"cached": (0, 1000)}, "0.0002", "0.028"),
        ({"cached": (300, 500)}, "0.00096", "0.0263"),
    ],
)
def test_a_range_goes_from_no_answer_to_the_longest(options: dict[str, object], low: str, high: str) -> None:
    given: dict[str, object] = {"max_tokens": 1000} | options
    made = preview(1000, given.pop("max_tokens"), OPUS, **given)  # type: ignore[arg-type]  # a table of options
    assert made == (Decimal(low), Decimal(high))


def test_a_range_knows_long_context_prices() -> None:
    assert preview(100_001, 0, found("claude-haiku-5-5")) == (Decimal("0.0500005"),) * 2


def test_fast_is_priced_as_standard_where_it_is_served_as_standard() -> None:
    assert preview(10, 10, found("claude-opus-4-6"), speed="fast") == preview(10, 10, found("claude-opus-4-6"))


def test_without_a_price_there_is_no_range() -> None:
    assert preview(10, 10, None) is None
    assert preview(10, 10, Model("mine")) is None
    assert preview(10, None, replace(OPUS, max_output=None)) is None


def test_tools_weigh_their_text_and_what_the_api_says_about_them() -> None:
    asked, none = (Turn("user", "Where is it?"),), Params(model="claude-sonnet-4-6")
    some = none.set("tools", [{"name": "find_order", "input_schema": {"type": "object"}}])
    added = request_tokens(Request(some, asked), None) - request_tokens(Request(none, asked), None)
    assert TOOLS_OVERHEAD < added < TOOLS_OVERHEAD + 30


@pytest.mark.parametrize(
    ("params", "counted", "rough"),
    [
        (Params(), None, True),
        (Params(), 3000, False),
        (Params(cache_system="1h"), 3000, True),  # how much of it is written for the hour is a guess
        (Params(cache_control="auto"), 3000, False),
    ],
    ids=["estimated", "counted", "cached up to a guess", "cached to its end"],
)
def test_prices_are_rough_where_tokens_are_a_guess(params: Params, counted: int | None, *, rough: bool) -> None:
    base = Params(model="claude-sonnet-4-6", max_tokens=10, system="The keeper writes down every ship. " * 300)
    request = Request(base.merge(params), (Turn("user", "Which?"),))
    found = of_request(request, Endpoint("anthropic", OFFICIAL_URL), Catalogue.builtin(), counted=counted)
    assert found.rough is rough
