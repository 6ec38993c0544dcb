"""What a prompt leaves of the context window, and when that is worth a word."""

from __future__ import annotations

import pytest

from workbench.core import window
from workbench.core.cost import Basis
from workbench.core.forecast import Forecast
from workbench.core.models import Catalogue, Model
from workbench.core.params import Params

HAIKU = Catalogue.builtin().find("claude-haiku-4-5")


def prompt(tokens: int, *, counted: bool = True) -> Forecast:
    return Forecast(tokens, counted, None, None, Basis.UNKNOWN)


@pytest.mark.parametrize(
    ("tokens", "counted", "most", "words"),
    [
        (190_000, True, 10_000, ""),
        (190_000, True, None, ""),
        (
            190_001,
            True,
            10_000,
            "The prompt leaves 9 999 of 200 000 tokens for the answer, fewer than max_tokens: it ends there.",
        ),
        (
            210_000,
            False,
            1,
            (
                "The prompt has ≈ 210 000 tokens, and claude-haiku-4-5 takes 10 000 fewer: "
                "shorten it, or choose another model."
            ),
        ),
    ],
)
def test_a_prompt_that_does_not_fit_is_told(tokens: int, counted: bool, most: int | None, words: str) -> None:
    found = window.caution(prompt(tokens, counted=counted), HAIKU, Params(max_tokens=most))
    assert (found.text if found else "") == words
    assert found is None or not found.blocking, "the API has the last word"


def test_nothing_is_claimed_of_a_window_that_nobody_knows() -> None:
    for model in (None, Model("mine")):
        assert window.left(prompt(5), model) is None
        assert window.caution(prompt(10**9), model, Params(max_tokens=1)) is None
    assert window.left(prompt(5), HAIKU) == 199_995


@pytest.mark.parametrize(
    ("number", "words"),
    [(812, "812"), (12_400, "12 400"), (187_000, "187k"), (999_499, "999k"), (999_500, "1.00M"), (-5, "-5")],
)
def test_sizes_are_short(number: int, words: str) -> None:
    assert window.short(number) == words
