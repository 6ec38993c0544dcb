"""What an answer costs at each cloud, and at a place of one's own choice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from importlib import import_module

import pytest

from workbench.core import cloud_models, clouds, forecast, usage
from workbench.core.endpoint import Endpoint
from workbench.core.models import builtin
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.state import State

TURNS = (Turn("user", "Hello."),)
USAGE = {"input_tokens": 1_000_000, "output_tokens": 1_000_000}
PRICES = [
    ("bedrock", "us-east-1", "anthropic.claude-opus-5-5", "aws"),
    ("bedrock", "us-east-1", "us.anthropic.claude-opus-5-5", "aws"),
    ("bedrock", "us-east-1", "global.anthropic.claude-opus-5-5", "aws"),
    ("bedrock", "us-east-1", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws"),
    ("bedrock", "us-east-1", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws"),
    ("vertex", "global", "claude-opus-5-5", "google"),
    ("foundry", None, "claude-opus-5-5", "azure"),
]


@pytest.mark.parametrize(("kind", "region", "model", "provider"), PRICES)
def test_prices_agree_with_a_second_opinion(kind: str, region: str | None, model: str, provider: str) -> None:
    judge = import_module("genai_prices")
    whole = judge.calc_price(judge.Usage(**USAGE), model, provider_id=provider).total_price
    host = {
        "aws": "vpce-1.vpce.amazonaws.com",
        "google": "aiplatform.googleapis.com",
        "azure": "x.services.ai.azure.com",
    }
    place = Endpoint("mine", f"https://{host[provider]}", kind, region=region)
    served = (builtin().recognise(model) or builtin().models[0]).snapshot
    cost = usage.of_run(USAGE, State.COMPLETE, place, builtin(), served, asked=model)
    assert (cost.usd, cost.basis) == (whole, usage.Basis.EXACT)
    gateway = replace(place, base_url="https://amazonaws.com.gateway.example")
    cost = usage.of_run(USAGE, State.COMPLETE, gateway, builtin(), served, asked=model)
    assert (cost.usd, cost.basis) == (whole, usage.Basis.ESTIMATE)


def test_a_place_of_ones_own_choice_costs_a_tenth_more() -> None:
    def cost(kind: str, region: str, asked: str = "claude-opus-5-5") -> usage.Cost:
        place = Endpoint("mine", "https://h.example", kind, region=region)
        return usage.of_run(USAGE, State.COMPLETE, place, builtin(), "claude-opus-5-5", asked=asked)

    assert (cost("vertex", "global").usd, cost("vertex", "us-east5").usd) == (Decimal(24), Decimal("26.4"))
    assert cost("bedrock-mantle", "us-east-1", "anthropic.claude-opus-5-5").usd == Decimal("26.4")
    assert (cost("aws", "us-east-1").usd, cost("aws", "us-east-1").basis) == (Decimal(24), usage.Basis.ESTIMATE)
    assert cost("bedrock", "us-east-1", "arn:aws:x/global.anthropic.claude-opus-5-5").usd == Decimal(24)
    place = Endpoint("mine", "https://h.example", "vertex", region="us-east5")
    request = Request(Params(model="claude-opus-5-5", max_tokens=1_000_000), TURNS)
    high = forecast.of_request(request, place, builtin()).high
    assert high is not None
    assert high > Decimal(22)
    mine, _ = builtin().with_overrides({"prices": {"claude-opus-5-5": {"input": 1.0, "output": 1.0}}})
    assert usage.of_run(USAGE, State.COMPLETE, place, mine, "claude-opus-5-5").usd == Decimal(2)
    unknown = usage.of_run(USAGE, State.COMPLETE, place, builtin(), "a-deployment", asked="a-deployment")
    assert unknown == usage.Cost()
    assert not cloud_models.regional(Endpoint("a", "https://api.anthropic.com"), "claude-opus-5-5")


@pytest.mark.parametrize("kind", sorted(clouds.CLOUDS))
@pytest.mark.parametrize("url", ["https://gateway.example", "http://127.0.0.1:8787/x", "http://localhost:9"])
def test_a_cloud_behind_any_address_has_its_prices(kind: str, url: str) -> None:
    place = Endpoint("mine", url, kind, region="us-east-1")
    asked = "us.anthropic.claude-opus-5-5" if kind == "bedrock" else "claude-opus-5-5"
    found = forecast.of_request(Request(Params(model=asked, max_tokens=10), TURNS), place, builtin())
    assert (found.high is not None, found.basis) == (True, usage.Basis.ESTIMATE)
    cost = usage.of_run(USAGE, State.COMPLETE, place, builtin(), asked, asked=asked)
    assert (cost.usd is not None, cost.basis) == (True, usage.Basis.ESTIMATE)
    elsewhere = replace(place, kind="anthropic")
    assert forecast.of_request(Request(Params(model="claude-opus-5-5"), TURNS), elsewhere, builtin()).high is None
