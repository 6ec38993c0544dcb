"""Which model takes what: each model against each value, written a second time as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workbench.core import accepts
from workbench.core.accepts import VERSION_NEWEST, VERSION_SAMPLING
from workbench.core.model import EFFORTS, SHAPES
from workbench.core.models import Catalogue, Model
from workbench.core.params import Params

CATALOGUE = Catalogue.builtin()
IDS = [model.id.removeprefix("claude-") for model in CATALOGUE.choices]


def found(name: str) -> Model:
    model = CATALOGUE.find(f"claude-{name}")
    assert model is not None, name
    return model


def params(**values: Any) -> Params:
    made = Params(max_tokens=8192)
    for key, value in values.items():
        made = made.set(key, value)
    return made


def error(name: str, version: str = "auto", **values: Any) -> str | None:
    """The API's answer; asked together with the cautions, which must say the same."""
    given = params(**values)
    answer = accepts.api_errors(given, found(name), version)
    if answer is not None:
        assert accepts.problems(given, found(name), version), answer
    return answer


def refusal(key: str, name: str, version: str = "auto", **values: Any) -> str | None:
    return accepts.refusal(key, params(**values), found(name), version)


SAMPLING = {"opus-4-6", "sonnet-4-6", "opus-4-5", "sonnet-4-5", "haiku-4-5"}


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
    assert not accepts.problems(params(**{key: default}), found(name), VERSION_SAMPLING, today=None) or (
        name == "sonnet-4-5"
    )
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
    assert found(name).thinking_default == default
    if not taken and shape != "adaptive":
        assert str(answer).startswith(f'"thinking.type.{shape}" is not supported for this model.')
    if not taken and shape == "adaptive":
        assert answer == "adaptive thinking is not supported on this model"


@pytest.mark.parametrize("name", IDS)
def test_the_choices_offered_are_those_taken(name: str) -> None:
    letters, _ = SHAPES_OF[name]
    with_budget = params(thinking_budget=1024)
    offered = accepts.choices("thinking", with_budget, found(name))
    assert {shape[0] for shape in offered} == set(letters)
    assert accepts.choices("effort", params(), found(name)) == tuple(EFFORTS_OF[name].split())


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
    assert accepts.api_errors(given, found(name), "auto") is None
    assert [each.key for each in accepts.problems(given, found(name))] == ["thinking"]


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


TOOLS = [{"name": "look", "input_schema": {"type": "object"}}]
UNFORCED = {"opus-5-5", "sonnet-5-5", "fable-5-1", "fable-5-2", "mythos-5-1", "mythos-5-2"}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "look"}], ids=str)
def test_a_call_can_be_forced_on_some_models_only(name: str, choice: dict[str, str]) -> None:
    assert (error(name, tools=TOOLS, tool_choice=choice) is not None) == (name in UNFORCED)


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("choice", [{"type": "auto"}, {"type": "none"}], ids=str)
def test_a_free_choice_of_tools_is_taken_everywhere(name: str, choice: dict[str, str]) -> None:
    assert error(name, tools=TOOLS, tool_choice=choice) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"tool_choice": {"type": "auto"}}, "while providing tools"),
        ({"tools": TOOLS, "tool_choice": {"type": "must"}}, "tool_choice.type"),
        ({"tools": TOOLS, "tool_choice": {"type": "tool", "name": "seek"}}, "Tool 'seek' not found"),
        (
            {
                "tools": TOOLS,
                "tool_choice": {"type": "any"},
                "thinking": "enabled",
                "thinking_budget": 1024,
            },
            "Thinking may not be enabled when tool_choice forces tool use.",
        ),
        ({"tools": [{"name": "a b", "input_schema": {}}]}, "tools.0.custom.name"),
        ({"tools": [{"name": "look\n", "input_schema": {}}]}, "tools.0.custom.name"),
        ({"tools": [{"name": "a"}]}, "tools.0.custom.input_schema: Field required"),
        ({"tools": TOOLS * 2}, "Tool names must be unique"),
        (
            {"tools": [{"name": f"t{n}", "input_schema": {}, "strict": True} for n in range(21)]},
            "too complex",
        ),
    ],
    ids=str,
)
def test_tools_that_the_api_refuses(values: dict[str, Any], words: str) -> None:
    assert words in str(error("sonnet-4-6", **values))


def test_server_tools_need_no_schema() -> None:
    assert error("opus-5-5", tools=[{"type": "web_search_20260318", "name": "web_search"}]) is None


FAST = dict.fromkeys(IDS, "no") | {
    "opus-5-5": "ga",
    "fable-5-2": "ga",
    "mythos-5-2": "ga",
    "opus-5": "beta",
    "opus-4-8": "beta",
    "opus-4-6": "ignored",
}


@pytest.mark.parametrize("name", IDS)
def test_fast_mode_by_model(name: str) -> None:
    given = params(speed="fast")
    mode = FAST[name]
    model = found(name)
    assert (accepts.api_errors(given, model, "auto") is not None) == (mode == "no")
    assert (accepts.api_errors(given, model, "auto", betas=()) is not None) == (mode in {"no", "beta"})
    assert accepts.betas(given, model) == (("fast-mode-2026-02-01",) if mode == "beta" else ())
    assert accepts.api_errors(given, model, "auto", betas=accepts.betas(given, model)) is None or mode == "no"
    assert (refusal("speed", name) is not None) == (mode in {"no", "ignored"})
    assert any(each.key == "speed" for each in accepts.problems(given, model)) == (
        mode in {"no", "ignored"} or name == "opus-4-8"
    )
    assert error(name, speed="standard") is None
    assert accepts.betas(params(), model) == ()


def test_fast_mode_of_opus_4_8_ends() -> None:
    given, model = params(speed="fast"), found("opus-4-8")
    assert accepts.api_errors(given, model, "auto", today=date(2026, 11, 30)) is None
    assert accepts.api_errors(given, model, "auto", today=date(2026, 12, 1)) is not None


@pytest.mark.parametrize("name", IDS)
def test_a_place_is_taken_from_the_4_6_generation_on(name: str) -> None:
    taken = "-4-5" not in name
    assert (error(name, inference_geo="us") is None) == taken
    assert (refusal("inference_geo", name) is None) == taken


@pytest.mark.parametrize(
    ("stops", "words"),
    [
        ([""], "must be non-empty"),
        (["\n"], "must contain non-whitespace"),
        (["END", " \t"], "must contain non-whitespace"),
        (["END", "\n\nHuman:"], None),
        ([], None),
    ],
    ids=repr,
)
def test_stop_sequences_hold_something_to_see(stops: list[str], words: str | None) -> None:
    answer = error("opus-5-5", stop_sequences=stops)
    assert answer is None if words is None else words in str(answer)


@pytest.mark.parametrize("name", IDS)
def test_an_answer_is_no_longer_than_the_model_can(name: str) -> None:
    most = 64_000 if "-4-5" in name else 128_000
    assert error(name, max_tokens=most) is None
    assert error(name, max_tokens=most + 1) == (
        f"max_tokens: {most + 1} > {most}, which is the maximum allowed number of output tokens for claude-{name}"
    )


def test_max_tokens_is_required_and_not_negative() -> None:
    assert accepts.api_errors(Params(), found("opus-5-5"), "auto") == "max_tokens: Field required"
    assert error("opus-5-5", max_tokens=-1) is not None
    assert accepts.refusal("max_tokens", Params(), found("opus-5-5")) is None


def test_what_is_taken_but_surprises_is_said() -> None:
    def keys(name: str, **values: Any) -> list[str]:
        return [each.text for each in accepts.problems(params(**values), found(name))]

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
        (
            "opus-4-1",
            None,
            "claude-opus-4-1 was retired on 2026-08-05 and no longer answers; use claude-opus-5-5",
        ),
    ],
)
def test_a_model_that_ends_says_when_and_what_instead(name: str, today: date | None, text: str) -> None:
    found_cautions = accepts.problems(params(), found(name), today=today)
    assert [(each.key, each.text, each.blocking) for each in found_cautions] == [("model", text, False)]


@pytest.mark.parametrize("name", [name for name in IDS if name != "sonnet-4-5"])
def test_plain_parameters_need_no_caution(name: str) -> None:
    assert accepts.problems(params(), found(name), today=date(2026, 11, 22)) == ()


def test_a_model_nobody_listed_is_refused_nothing() -> None:
    wild = params(temperature=5, top_p=0.1, thinking="enabled", effort="max", speed="fast", stop_sequences=[""])
    for model in (None, Model("llama-9")):
        assert accepts.problems(wild, model, VERSION_NEWEST) == ()
        assert accepts.api_errors(wild, model, VERSION_NEWEST) is None
        assert accepts.refusal("temperature", wild, model, VERSION_NEWEST) is None
        assert accepts.choices("effort", wild, model) == EFFORTS


def test_every_rule_speaks_of_a_parameter_in_whole_words() -> None:
    keys = {row.key for row in accepts.RULES}
    assert keys <= set(Params.__dataclass_fields__)
    for row in accepts.RULES:
        if isinstance(row.text, str):
            assert not row.text.endswith(".")
            assert row.text == row.text.strip()
