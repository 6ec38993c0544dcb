"""Sampling by model and version, cautions, and the questions that the table of rules answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.core.rows import IDS, error, params, refusal, row
from workbench.core import accepts
from workbench.core.accepts import VERSION_NEWEST, VERSION_SAMPLING
from workbench.core.model import EFFORTS
from workbench.core.models import Model
from workbench.core.params import Params

SAMPLING = {"opus-4-6", "sonnet-4-6", "opus-4-5", "sonnet-4-5", "haiku-4-5"}
RETIRING = {"opus-4-5", "sonnet-4-5"}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize(("key", "value"), [("temperature", 0.5), ("top_p", 0.9), ("top_k", 40)])
def test_a_sampler_is_taken_by_the_4_6_generation_and_older_under_the_older_version(
    name: str, key: str, value: float
) -> None:
    taken = name in SAMPLING
    assert (error(name, VERSION_SAMPLING, **{key: value}) is None) == taken
    assert (error(name, "auto", **{key: value}) is None) == taken
    assert (refusal(key, name) is None) == taken
    assert error(name, VERSION_NEWEST, **{key: value}) == f"{key}: Extra inputs are not permitted"
    assert refusal(key, name, VERSION_NEWEST) is not None


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize(("key", "default"), [("temperature", 1.0), ("top_p", 1.0)])
def test_the_default_of_a_sampler_is_taken_by_every_model_under_the_older_version(
    name: str, key: str, default: float
) -> None:
    assert error(name, VERSION_SAMPLING, **{key: default}) is None
    assert not accepts.problems(params(**{key: default}), row(name), VERSION_SAMPLING, today=None) or (name in RETIRING)
    assert error(name, VERSION_NEWEST, **{key: default}) == f"{key}: Extra inputs are not permitted"


def test_the_reason_names_the_model_and_the_remedy() -> None:
    assert refusal("temperature", "opus-5-5") == "claude-opus-5-5 takes no temperature; use effort"
    assert refusal("top_k", "opus-4-6", VERSION_NEWEST) == (
        "API version 2026-10-21 has no top_k; choose version 2023-06-01, or leave it unset"
    )


@pytest.mark.parametrize("name", sorted(SAMPLING))
def test_temperature_and_top_p_go_together_nowhere(name: str) -> None:
    assert "cannot both be specified" in str(error(name, temperature=0.5, top_p=0.9))
    assert error(name, temperature=0.5, top_k=5) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"temperature": 1.5}, "temperature: range: 0..1"),
        ({"temperature": -0.1}, "temperature: range: 0..1"),
        ({"top_p": 2}, "top_p: range: 0..1"),
        ({"top_k": 0}, "top_k: Input should be greater than 0"),
    ],
    ids=str,
)
def test_a_sampler_beyond_its_bounds(values: dict[str, Any], words: str) -> None:
    assert error("sonnet-4-6", **values) == words


def test_what_is_taken_but_surprises_is_said() -> None:
    def keys(name: str, **values: Any) -> list[str]:
        return [each.text for each in accepts.problems(params(**values), row(name))]

    assert keys("opus-5-5", max_tokens=200) == ["max_tokens counts thinking too: 200 may leave none for the answer"]
    assert keys("opus-4-8", max_tokens=200) == []
    assert keys("opus-4-8", max_tokens=0) == ["max_tokens 0 only warms the cache: no answer will come"]


@pytest.mark.parametrize(
    ("name", "today", "text"),
    [
        (
            "sonnet-4-5",
            date(2026, 11, 22),
            "claude-sonnet-4-5 retires on 2026-11-30 (in 8 days); use claude-sonnet-5-5",
        ),
        ("sonnet-4-5", date(2026, 11, 29), "claude-sonnet-4-5 retires on 2026-11-30 (in 1 day); use claude-sonnet-5-5"),
        ("sonnet-4-5", date(2026, 11, 30), "claude-sonnet-4-5 retires on 2026-11-30 (today); use claude-sonnet-5-5"),
        (
            "sonnet-4-5",
            date(2026, 12, 1),
            "claude-sonnet-4-5 was retired on 2026-11-30 and no longer answers; use claude-sonnet-5-5",
        ),
        ("sonnet-4-5", None, "claude-sonnet-4-5 retires on 2026-11-30; use claude-sonnet-5-5"),
        ("opus-4-5", None, "claude-opus-4-5 retires on 2027-01-22; use claude-opus-5-5"),
        (
            "opus-4-1",
            None,
            "claude-opus-4-1 was retired on 2026-08-05 and no longer answers; use claude-opus-5-5",
        ),
    ],
)
def test_a_model_that_ends_says_when_and_what_instead(name: str, today: date | None, text: str) -> None:
    found_cautions = accepts.problems(params(), row(name), today=today)
    assert [(each.key, each.text, each.blocking) for each in found_cautions] == [("model", text, False)]


@pytest.mark.parametrize("name", [name for name in IDS if name not in RETIRING])
def test_plain_parameters_need_no_caution(name: str) -> None:
    assert accepts.problems(params(), row(name), today=date(2026, 11, 22)) == ()


def test_a_model_nobody_listed_is_refused_nothing() -> None:
    wild = params(temperature=5, top_p=0.1, thinking="enabled", effort="max", speed="fast", stop_sequences=[""])
    for model in (None, Model("llama-9")):
        assert accepts.problems(wild, model, VERSION_NEWEST) == ()
        assert accepts.api_errors(wild, model, VERSION_NEWEST) is None
        assert accepts.refusal("temperature", wild, model, VERSION_NEWEST) is None
        assert accepts.choices("effort", wild, model) == EFFORTS


def test_every_rule_speaks_of_a_parameter_in_whole_words() -> None:
    keys = {rule.key for rule in accepts.RULES}
    assert keys <= set(Params.__dataclass_fields__)
    for rule in accepts.RULES:
        if isinstance(rule.text, str):
            assert not rule.text.endswith(".")
            assert rule.text == rule.text.strip()
