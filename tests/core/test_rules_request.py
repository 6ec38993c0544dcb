"""Length, tools, speed and place: each model against each value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.core.rows import IDS, error, params, refusal, row
from workbench.core import accepts
from workbench.core.kinds import Json
from workbench.core.params import Params

TOOLS: list[dict[str, Any]] = [{"name": "look", "input_schema": {"type": "object"}}]
CLOSED = {"type": "object", "additionalProperties": False}


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
        ({"tools": TOOLS, "tool_choice": {"type": ["any"]}}, "tool_choice.type"),
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
        ({"tools": [{"name": "a", "input_schema": {}}]}, "tools.0.custom.input_schema.type"),
        ({"tools": ["a"]}, "tools.0: Input should be an object"),
        ({"tools": [{**TOOLS[0], "strict": True}]}, "tools.0.custom.input_schema: For 'object' type"),
        ({"tools": [{"type": "web_serch_20260318"}]}, "tools.0: Input tag 'web_serch_20260318' found"),
        ({"tools": [{"type": "bash_20250124", "name": "shell"}]}, "tools.0.bash_20250124.name"),
        ({"tools": TOOLS * 2}, "Tool names must be unique"),
        (
            {"tools": [{"name": f"t{n}", "input_schema": CLOSED, "strict": True} for n in range(21)]},
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
    model = row(name)
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
    given, model = params(speed="fast"), row("opus-4-8")
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
    assert accepts.api_errors(Params(), row("opus-5-5"), "auto") == "max_tokens: Field required"
    assert error("opus-5-5", max_tokens=-1) is not None
    assert accepts.refusal("max_tokens", Params(), row("opus-5-5")) is None


SCHEMA = {"type": "object", "additionalProperties": False, "properties": {}}


@pytest.mark.parametrize("name", IDS)
def test_every_model_takes_an_output_format_within_the_subset(name: str) -> None:
    assert error(name, output_format={"type": "json_schema", "schema": SCHEMA}) is None
    assert error(name, output_format={"type": "json_schema", "schema": {"type": "object"}}) == (
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false"
    )
    assert error(name, output_format=Json.of(SCHEMA)) == "output_config.format.type: Input should be 'json_schema'"


def test_a_model_without_structured_outputs_says_so() -> None:
    plain = replace(row("opus-5-5"), structured=False)
    given = params(output_format={"type": "json_schema", "schema": SCHEMA})
    reason = "claude-opus-5-5 takes no output format; ask for it in the prompt"
    assert accepts.refusal("output_format", params(), plain) == reason
    assert [each.text for each in accepts.problems(given, plain)] == [reason]
    assert "not supported on this model" in str(accepts.api_errors(given, plain, "auto"))
