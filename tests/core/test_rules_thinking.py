"""Which model thinks how, and with which effort: each model against each value."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.rows import IDS, error, params, refusal, row
from workbench.core import accepts
from workbench.core.model import EFFORTS, SHAPES


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"temperature": 0.5}, "`temperature` may only be set to 1"),
        ({"temperature": 0.0}, "`temperature` may only be set to 1"),
        ({"temperature": 1.0}, None),
        ({"top_k": 5}, "`top_k` must be unset"),
        ({"top_p": 0.94}, "`top_p` must be greater than or equal to 0.95"),
        ({"top_p": 0.0}, "`top_p` must be greater than or equal to 0.95"),
        ({"top_p": 0.95}, None),
        ({"top_p": 1.0}, None),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("name", "thinking"),
    [
        ("opus-4-6", {"thinking": "adaptive"}),
        ("sonnet-4-6", {"thinking": "enabled", "thinking_budget": 1024}),
        ("haiku-4-5", {"thinking": "enabled", "thinking_budget": 1024}),
    ],
)
def test_samplers_while_thinking(
    name: str, thinking: dict[str, Any], values: dict[str, Any], words: str | None
) -> None:
    answer = error(name, **values, **thinking)
    assert answer is None if words is None else words in str(answer)
    assert error(name, **values, thinking="disabled") is None


#  a = adaptive, e = enabled, d = disabled, b = between_tools; then what happens by default
THINKING = {
    "a always": "fable-5-2 mythos-5-2 fable-5-1 mythos-5-1 fable-5 mythos-5 opus-5-5",
    "ab on": "sonnet-5-5",
    "ad on": "opus-5 haiku-5-5 sonnet-5",
    "ad off": "opus-4-8 opus-4-7",
    "aed off": "opus-4-6 sonnet-4-6",
    "ed off": "opus-4-5 sonnet-4-5 haiku-4-5",
}


SHAPES_OF = {name: kinds.split() for kinds, names in THINKING.items() for name in names.split()}


def thinking_values(shape: str) -> dict[str, Any]:
    return {"thinking": shape} | ({"thinking_budget": 1024} if shape == "enabled" else {})


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_each_model_takes_its_shapes_of_thinking_and_no_other(name: str, shape: str) -> None:
    letters, default = SHAPES_OF[name]
    taken = shape[0] in letters
    answer = error(name, **thinking_values(shape))
    assert (answer is None) == taken
    assert (refusal("thinking", name, **thinking_values(shape)) is None) == taken
    assert row(name).thinking_default == default
    if not taken and shape != "adaptive":
        assert str(answer).startswith(f'"thinking.type.{shape}" is not supported for this model.')
    if not taken and shape == "adaptive":
        assert answer == "adaptive thinking is not supported on this model"


@pytest.mark.parametrize("name", IDS)
def test_the_choices_offered_are_those_taken(name: str) -> None:
    letters, _ = SHAPES_OF[name]
    with_budget = params(thinking_budget=1024)
    offered = accepts.choices("thinking", with_budget, row(name))
    assert {shape[0] for shape in offered} == set(letters)
    assert accepts.choices("effort", params(), row(name)) == tuple(EFFORTS_OF[name].split())


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("opus-5-5", "disabled", "claude-opus-5-5 always thinks; unset thinking, and use effort low to think less"),
        ("sonnet-5-5", "disabled", "claude-sonnet-5-5 can't switch thinking off; use between_tools"),
        ("opus-4-8", "enabled", "claude-opus-4-8 takes no thinking budget; use adaptive, and effort to say how much"),
        ("haiku-4-5", "adaptive", "claude-haiku-4-5 has no adaptive thinking; use enabled with a budget"),
        ("sonnet-5", "between_tools", "claude-sonnet-5 has no thinking between_tools; it takes adaptive or disabled"),
    ],
)
def test_a_refused_shape_says_what_to_use(name: str, shape: str, words: str) -> None:
    assert refusal("thinking", name, **thinking_values(shape)) == words


@pytest.mark.parametrize("name", ["opus-4-6", "sonnet-4-6"])
def test_a_budget_on_the_4_6_generation_is_taken_and_advised_against(name: str) -> None:
    given = params(thinking="enabled", thinking_budget=2048)
    assert accepts.api_errors(given, row(name), "auto") is None
    assert [each.key for each in accepts.problems(given, row(name))] == ["thinking"]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("opus-4-5", {"thinking": "enabled"}, "thinking.enabled.budget_tokens: Field required"),
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 1023}, "greater than or equal to 1024"),
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 0}, "greater than or equal to 1024"),
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 8192}, "`max_tokens` must be greater"),
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 1024, "max_tokens": 0}, "`max_tokens` must be greater"),
        ("opus-4-5", {"thinking": "disabled", "thinking_budget": 1024}, "thinking.disabled.budget_tokens: Extra"),
        ("opus-5-5", {"thinking": "adaptive", "thinking_budget": 1024}, "thinking.adaptive.budget_tokens: Extra"),
        ("opus-5-5", {"thinking_budget": 0}, "thinking.type: Field required"),
        ("opus-4-5", {"thinking_budget": 1024}, "thinking.type: Field required"),
        ("opus-5-5", {"thinking_display": "omitted"}, "thinking.type: Field required"),
        ("opus-4-8", {"thinking": "disabled", "thinking_display": "omitted"}, "thinking.disabled.display: Extra"),
        ("sonnet-5-5", {"thinking": "between_tools", "thinking_display": "omitted"}, "between_tools.display: Extra"),
    ],
    ids=str,
)
def test_parts_of_thinking_that_do_not_go_together(name: str, values: dict[str, Any], words: str) -> None:
    assert words in str(error(name, **values))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 8191}),
        ("opus-4-5", {"thinking": "enabled", "thinking_budget": 1024, "thinking_display": "summarized"}),
        ("opus-5-5", {"thinking": "adaptive", "thinking_display": "summarized"}),
        ("opus-5-5", {"max_tokens": 0}),
    ],
    ids=str,
)
def test_parts_of_thinking_that_do_go_together(name: str, values: dict[str, Any]) -> None:
    assert error(name, **values) is None


def test_a_budget_is_no_parameter_of_newer_models_even_while_unset() -> None:
    assert refusal("thinking_budget", "opus-4-7") == "claude-opus-4-7 takes no thinking budget; use effort"
    assert refusal("thinking_budget", "opus-4-6") is None


ALL = "low medium high xhigh max"


EFFORTS_OF = dict.fromkeys(IDS, ALL) | {
    "opus-4-6": "low medium high max",
    "sonnet-4-6": "low medium high max",
    "opus-4-5": "low medium high",
    "sonnet-4-5": "",
    "haiku-4-5": "",
}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_each_model_takes_its_levels_of_effort_and_no_other(name: str, effort: str) -> None:
    taken = effort in EFFORTS_OF[name].split()
    assert (error(name, effort=effort) is None) == taken
    assert (refusal("effort", name, effort=effort) is None) == taken


def test_a_model_without_effort_says_so_once() -> None:
    found = accepts.problems(params(effort="low"), row("haiku-4-5"))
    assert [each.text for each in found] == ["claude-haiku-4-5 has no effort; use thinking enabled with a budget"]


def test_a_model_without_effort_says_so_before_one_is_set() -> None:
    assert refusal("effort", "haiku-4-5") == "claude-haiku-4-5 has no effort; use thinking enabled with a budget"
    assert refusal("effort", "opus-4-6", effort="xhigh") == (
        "claude-opus-4-6 has no effort xhigh; it takes low, medium, high, max"
    )


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("shape", ["disabled", "between_tools"])
@pytest.mark.parametrize("effort", EFFORTS)
def test_the_highest_efforts_need_thinking_on_three_models(name: str, shape: str, effort: str) -> None:
    letters, _ = SHAPES_OF[name]
    if shape[0] not in letters or effort not in EFFORTS_OF[name].split():
        return
    refused = name in {"opus-5", "haiku-5-5", "sonnet-5-5"} and effort in {"xhigh", "max"}
    assert (error(name, thinking=shape, effort=effort) is not None) == refused


@pytest.mark.parametrize("name", IDS)
def test_what_a_model_does_while_nothing_is_set_is_told(name: str) -> None:
    """claude-api §2.4, §2.5: the defaults of thinking, of its display, and of effort."""
    _, default = SHAPES_OF[name]
    words = {"off": "no thinking", "on": "thinking, adaptive", "always": "thinking, always"}
    older = {"opus-4-6", "sonnet-4-6", "opus-4-5", "sonnet-4-5", "haiku-4-5"}
    effort = {"opus-5-5": "medium", "haiku-5-5": "medium", "sonnet-4-5": "", "haiku-4-5": ""}.get(name, "high")
    assert accepts.usual("thinking", row(name)) == words[default]
    assert accepts.usual("thinking_display", row(name)) == ("summarized" if name in older else "omitted")
    assert accepts.usual("effort", row(name)) == effort
    assert accepts.usual("max_tokens", row(name)) == accepts.usual("effort", None) == ""


def test_updates_of_thinking_are_a_beta() -> None:
    beta = "thinking-display-updates-2026-08-18"
    asked = params(model="claude-opus-5-5", thinking="adaptive", thinking_display="updates")
    assert accepts.betas(asked, row("opus-5-5")) == (beta,)
    assert accepts.api_errors(asked, row("opus-5-5"), "2026-10-21", betas=(beta,)) is None
    assert "display" in str(accepts.api_errors(asked, row("opus-5-5"), "2026-10-21", betas=()))
