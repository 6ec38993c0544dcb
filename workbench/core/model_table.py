"""The models of November 2026, newest first: prices, limits and what each accepts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from workbench.core.model import EFFORTS, Model, Prices

TWICE: Final = Decimal(2)
ALWAYS: Final = frozenset({"adaptive"})
OPTIONAL: Final = frozenset({"adaptive", "disabled"})
MANUAL: Final = frozenset({"enabled", "disabled"})

OPUS_PRICES: Final = Prices.listed("5", "25", "0.50")
FABLE_PRICES: Final = Prices.listed("8", "40", "0.20")
FABLE_51_PRICES: Final = Prices.listed("10", "50", "0.25")
FABLE_5_PRICES: Final = Prices.listed("10", "50", "1")
OPUS_55_PRICES: Final = Prices.listed("4", "20", "0.20")
SONNET_4_PRICES: Final = Prices.listed("3", "15", "0.30")

GENERATION_5: Final = Model(
    id="",
    fast_mode="no",
    context=1_000_000,
    max_output=128_000,
    thinking=OPTIONAL,
    thinking_default="on",
    display_default="omitted",
    effort_default="high",
    sampling=False,
    prefill=False,
    cache_minimum=512,
    new_tokenizer=True,
    listed=True,
)
FABLE: Final = replace(GENERATION_5, line="fable", thinking=ALWAYS, thinking_default="always", bucket="fable-5")
MYTHOS: Final = replace(FABLE, line="mythos", bucket="mythos-5")
GENERATION_47: Final = replace(GENERATION_5, line="opus", thinking_default="off", bucket="opus-4")
GENERATION_46: Final = replace(
    GENERATION_47,
    thinking=OPTIONAL | {"enabled"},
    thinking_deprecated=frozenset({"enabled"}),
    display_default="summarized",
    efforts=("low", "medium", "high", "max"),
    sampling=True,
    system_messages=False,
    new_tokenizer=False,
)
GENERATION_45: Final = replace(
    GENERATION_46,
    context=200_000,
    max_output=64_000,
    thinking=MANUAL,
    thinking_deprecated=frozenset(),
    efforts=(),
    effort_default=None,
    prefill=True,
    geo=False,
)

MODELS: Final[tuple[Model, ...]] = (
    replace(
        FABLE,
        id="claude-fable-5-2",
        name="Claude Fable 5.2",
        prices=FABLE_PRICES,
        fast=FABLE_PRICES.times(TWICE),
        fast_mode="ga",
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 11, 9),
    ),
    replace(
        MYTHOS,
        id="claude-mythos-5-2",
        name="Claude Mythos 5.2",
        prices=FABLE_PRICES,
        fast=FABLE_PRICES.times(TWICE),
        fast_mode="ga",
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 11, 9),
    ),
    replace(
        GENERATION_5,
        id="claude-haiku-5-5",
        name="Claude Haiku 5.5",
        line="haiku",
        prices=Prices.listed("0.10", "0.50", "0.01"),
        long=(100_000, Prices.listed("0.50", "2.50", "0.05")),
        effort_default="medium",
        effort_needs_thinking=True,
        binds_thinking=True,
        released=date(2026, 10, 7),
        bucket="haiku-5-5",
    ),
    replace(
        GENERATION_5,
        id="claude-sonnet-5-5",
        name="Claude Sonnet 5.5",
        line="sonnet",
        prices=Prices.listed("2", "10", "0.10"),
        thinking=frozenset({"adaptive", "between_tools"}),
        effort_needs_thinking=True,
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 9, 28),
        bucket="sonnet-5-5",
    ),
    replace(
        GENERATION_5,
        id="claude-opus-5-5",
        name="Claude Opus 5.5",
        line="opus",
        prices=OPUS_55_PRICES,
        fast=OPUS_55_PRICES.times(TWICE),
        fast_mode="ga",
        thinking=ALWAYS,
        thinking_default="always",
        effort_default="medium",
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 9, 22),
        bucket="opus-5-5",
    ),
    replace(
        FABLE,
        id="claude-fable-5-1",
        name="Claude Fable 5.1",
        prices=FABLE_51_PRICES,
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 9, 1),
    ),
    replace(
        MYTHOS,
        id="claude-mythos-5-1",
        name="Claude Mythos 5.1",
        prices=FABLE_51_PRICES,
        forced_tool=False,
        binds_thinking=True,
        released=date(2026, 9, 1),
    ),
    replace(
        GENERATION_5,
        id="claude-sonnet-5",
        name="Claude Sonnet 5",
        line="sonnet",
        prices=Prices.listed("2", "10", "0.20"),
        cache_minimum=1024,
        system_messages=False,
        system_messages_ignored=True,
        lifecycle="legacy",
        bucket="sonnet-5",
    ),
    replace(
        FABLE,
        id="claude-fable-5",
        name="Claude Fable 5",
        prices=FABLE_5_PRICES,
        lifecycle="legacy",
    ),
    replace(
        MYTHOS,
        id="claude-mythos-5",
        name="Claude Mythos 5",
        prices=FABLE_5_PRICES,
        lifecycle="legacy",
    ),
    replace(
        GENERATION_5,
        id="claude-opus-5",
        name="Claude Opus 5",
        line="opus",
        prices=OPUS_PRICES,
        fast=OPUS_PRICES.times(TWICE),
        fast_mode="beta",
        effort_needs_thinking=True,
        lifecycle="legacy",
        bucket="opus-5",
    ),
    replace(
        GENERATION_47,
        id="claude-opus-4-8",
        name="Claude Opus 4.8",
        prices=OPUS_PRICES,
        fast=OPUS_PRICES.times(TWICE),
        fast_mode="beta",
        fast_until=date(2026, 11, 30),
        cache_minimum=1024,
    ),
    replace(
        GENERATION_47,
        id="claude-opus-4-7",
        name="Claude Opus 4.7",
        prices=OPUS_PRICES,
        cache_minimum=2048,
        system_messages=False,
    ),
    replace(
        GENERATION_46,
        id="claude-opus-4-6",
        name="Claude Opus 4.6",
        prices=OPUS_PRICES,
        fast_mode="ignored",
        cache_minimum=4096,
        retires_not_before=date(2027, 2, 5),
    ),
    replace(
        GENERATION_46,
        id="claude-sonnet-4-6",
        name="Claude Sonnet 4.6",
        line="sonnet",
        prices=SONNET_4_PRICES,
        cache_minimum=1024,
        retires_not_before=date(2027, 2, 17),
        bucket="sonnet-4",
    ),
    replace(
        GENERATION_45,
        id="claude-opus-4-5",
        aliases=("claude-opus-4-5-20251101",),
        name="Claude Opus 4.5",
        prices=OPUS_PRICES,
        efforts=EFFORTS[:3],
        effort_default="high",
        cache_minimum=4096,
        lifecycle="deprecated",
        retires=date(2027, 1, 22),
        successor="claude-opus-5-5",
        released=date(2025, 11, 1),
    ),
    replace(
        GENERATION_45,
        id="claude-haiku-4-5",
        aliases=("claude-haiku-4-5-20251001",),
        name="Claude Haiku 4.5",
        line="haiku",
        prices=Prices.listed("1", "5", "0.10"),
        cache_minimum=4096,
        retires_not_before=date(2026, 10, 15),
        released=date(2025, 10, 1),
        bucket="haiku-4-5",
    ),
    replace(
        GENERATION_45,
        id="claude-sonnet-4-5",
        aliases=("claude-sonnet-4-5-20250929",),
        name="Claude Sonnet 4.5",
        line="sonnet",
        prices=SONNET_4_PRICES,
        cache_minimum=1024,
        lifecycle="deprecated",
        retires=date(2026, 11, 30),
        successor="claude-sonnet-5-5",
        released=date(2025, 9, 29),
        bucket="sonnet-4",
    ),
)
