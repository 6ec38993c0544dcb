"""A model in words: its end is counted in days, its price to the cent, and nothing unknown is claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.rows import row
from workbench.core import model_words
from workbench.core.model import Model

SONNET = replace(
    row("claude-sonnet-4-5"), retires=date(2026, 11, 30), successor="claude-sonnet-5-5", lifecycle="deprecated"
)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (None, "retires 2026-11-30, use claude-sonnet-5-5"),
        (date(2026, 1, 1), "retires 2026-11-30, use claude-sonnet-5-5"),
        (date(2026, 11, 22), "retires 2026-11-30 (in 8 days), use claude-sonnet-5-5"),
        (date(2026, 11, 29), "retires 2026-11-30 (in 1 day), use claude-sonnet-5-5"),
        (date(2026, 11, 30), "retires 2026-11-30 (today), use claude-sonnet-5-5"),
        (date(2026, 12, 1), "was to retire on 2026-11-30, use claude-sonnet-5-5"),
    ],
)
def test_a_model_that_leaves_says_when_and_what_comes_after_it(today: date | None, words: str) -> None:
    assert model_words.status(SONNET, today) == words


def test_what_it_takes_and_costs() -> None:
    opus = replace(row("claude-opus-5-5"), features=frozenset({"image_input", "pdf_input", "batch"}))
    assert model_words.status(opus) == "active"
    assert model_words.takes(opus) == "1M context, 128k out · effort low…max · cache from 512 · images, PDFs"
    assert model_words.price(opus) == "$4.00 in · $20.00 out"
    assert model_words.price(row("claude-haiku-5-5")) == "$0.10 in · $0.50 out"
    haiku = model_words.takes(row("claude-haiku-4-5"))
    assert haiku == "200k context, 64k out · temperature · cache from 4 096"
    mine = Model("mine", context=40_960)
    assert (model_words.takes(mine), model_words.price(mine)) == ("40 960 context", "price unknown")
    assert model_words.takes(Model("mine")) == ""
