"""Each cloud as the table has it: its address, its settings, its bodies, its models and their prices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.core import clouds
from workbench.core.cloud_names import id_at
from workbench.core.cloud_settings import CloudError, completed, told_by
from workbench.core.config import parse
from workbench.core.endpoint import Endpoint
from workbench.core.models import builtin
from workbench.core.parameter_cautions import warnings
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.shape import MESSAGES
from workbench.engine import endpoints
from workbench.engine.dialects import DIALECTS

TURNS = (Turn("user", "Hello."),)
USUALLY = "On Bedrock claude-opus-5-5 is usually anthropic.claude-opus-5-5"
ARN = "arn:aws:bedrock:x:1:application-inference-profile/ab"
GOOGLE = {"ANTHROPIC_GOOGLE_CLOUD_PROJECT": "p", "ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID": "w"}


def endpoint(kind: str, environ: dict[str, str] | None = None, **row: str) -> Endpoint:
    config, mistakes = parse({"endpoints": {"mine": {"kind": kind, **row}}})
    assert mistakes == ()
    return completed(config.endpoints["mine"], environ or {})


def test_every_cloud_has_its_dialect() -> None:
    assert set(DIALECTS) == {"anthropic", *clouds.CLOUDS}


@pytest.mark.parametrize(
    ("kind", "row", "environ", "base_url"),
    [
        ("bedrock", {"region": "us-east-1"}, {}, "https://bedrock-runtime.us-east-1.amazonaws.com"),
        ("bedrock", {}, {"AWS_REGION": "eu-west-1"}, "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        ("bedrock", {}, {"AWS_DEFAULT_REGION": "eu-west-1"}, "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        ("bedrock", {"region": "us-east-1", "base_url": "https://vpce.example"}, {}, "https://vpce.example"),
        (
            "bedrock",
            {"region": "us-east-1"},
            {"ANTHROPIC_BEDROCK_BASE_URL": "https://gate.example/x/"},
            "https://gate.example/x",
        ),
        ("bedrock-mantle", {"region": "us-east-1"}, {}, "https://bedrock-mantle.us-east-1.api.aws/anthropic"),
        ("vertex", {"project": "p", "region": "us-east5"}, {}, "https://us-east5-aiplatform.googleapis.com"),
        ("vertex", {"project": "p", "region": "global"}, {}, "https://aiplatform.googleapis.com"),
        ("vertex", {"project": "p", "region": "eu"}, {}, "https://aiplatform.eu.rep.googleapis.com"),
        (
            "vertex",
            {},
            {
                "ANTHROPIC_VERTEX_PROJECT_ID": "p",
                "CLOUD_ML_REGION": "us",
                "ANTHROPIC_VERTEX_BASE_URL": "https://g.example/v1",
            },
            "https://g.example",
        ),
        ("foundry", {"resource": "my-own"}, {}, "https://my-own.services.ai.azure.com/anthropic"),
        (
            "aws",
            {"region": "us-west-2", "workspace": "w"},
            {},
            "https://aws-external-anthropic.us-west-2.api.aws",
        ),
        (
            "google-cloud",
            {},
            GOOGLE,
            "https://claude.googleapis.com/v1/projects/p/locations/global/workspaces/w/invoke",
        ),
    ],
)
def test_where_each_answers(kind: str, row: dict[str, str], environ: dict[str, str], base_url: str) -> None:
    found = endpoint(kind, environ, **row)
    assert found.base_url == base_url
    assert found.home == (kind != "foundry" and "example" not in base_url)
    assert found.official


@pytest.mark.fault("N08")
@pytest.mark.parametrize(
    ("kind", "base_url"),
    [
        ("bedrock", "http://bedrock-runtime.us-east-1.amazonaws.com"),
        ("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com.evil.example"),
        ("bedrock", "https://evil.example/bedrock-runtime.us-east-1.amazonaws.com"),
        ("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com:8443"),
        ("bedrock", "https://bedrock-runtime.us.evil.east-1.amazonaws.com"),
        ("vertex", "https://bedrock-runtime.us-east-1.amazonaws.com"),
        ("foundry", "https://anybody.services.ai.azure.com/anthropic"),
        ("anthropic", "https://bedrock-runtime.us-east-1.amazonaws.com"),
        ("bedrock", "https://[::1"),
    ],
)
def test_an_address_that_others_can_have_is_asked_about(kind: str, base_url: str) -> None:
    assert not clouds.own(kind, base_url)


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ({"kind": "bedrock", "region": "us east"}, "region must be a plain name, like 'us-east-1', not 'us east'"),
        ({"kind": "vertex", "project": "p/../q"}, "project must be a plain name"),
        ({"kind": "bedrock", "project": "p"}, "project is not known; an endpoint of kind bedrock has kind, base_url"),
        ({"kind": "bedrock", "auth": "x-api-key"}, "auth must be sigv4, bearer or none"),
        ({"kind": "vertex", "auth": "sigv4"}, "auth must be google, bearer or none"),
        ({"kind": "anthropic", "base_url": "http://h", "region": "x"}, "region is not known; an endpoint has"),
        ({"kind": "aws", "workspace": 5}, 'workspace must be text, like "…", not 5'),
        ({"kind": "bedrock", "base_url": "https://h/v1"}, "base_url must not end in /v1"),
    ],
)
def test_a_mistake_in_a_clouds_endpoint_is_one_line(row: dict[str, Any], mistake: str) -> None:
    _, said = parse({"endpoints": {"x": row}})
    assert len(said) == 1
    assert f"endpoints.x.{mistake}" in said[0]


@pytest.mark.parametrize(
    ("kind", "environ", "row", "told"),
    [
        (
            "bedrock",
            {"ANTHROPIC_BEDROCK_BASE_URL": "http://gate.example/"},
            {"region": "x"},
            "ANTHROPIC_BEDROCK_BASE_URL",
        ),
        (
            "bedrock",
            {"ANTHROPIC_BEDROCK_BASE_URL": "http://gate.example"},
            {"region": "x", "base_url": "http://own.example"},
            "",
        ),
        ("bedrock", {"ANTHROPIC_BEDROCK_BASE_URL": "nonsense"}, {"region": "x", "base_url": "http://own.example"}, ""),
        ("foundry", {"ANTHROPIC_FOUNDRY_RESOURCE": "someone"}, {}, "ANTHROPIC_FOUNDRY_RESOURCE"),
        ("foundry", {"ANTHROPIC_FOUNDRY_RESOURCE": "someone"}, {"resource": "mine"}, ""),
        ("foundry", {}, {"resource": "mine"}, ""),
        ("anthropic", {}, {"base_url": "http://h.example"}, ""),
    ],
)
def test_an_address_that_variables_made_is_not_said_to_be_of_the_configuration(
    kind: str, environ: dict[str, str], row: dict[str, str], told: str
) -> None:
    assert told_by(endpoint(kind, environ, **row), environ) == told
    config, _ = parse({"endpoints": {"mine": {"kind": kind, **row}}})
    found = endpoints.choose(config, name="mine", environ=environ, folder=Path("/nowhere"))
    assert found.address_from == (told or "[endpoints.mine] of the configuration")


@pytest.mark.parametrize("kind", ["bedrock", "vertex"])
def test_an_address_alone_is_not_enough_for_what_is_signed_or_stands_in_a_path(kind: str) -> None:
    with pytest.raises(CloudError, match=r"needs a (region|project)"):
        endpoint(kind, base_url="https://h.example")
    assert endpoint("foundry", base_url="https://h.example").base_url == "https://h.example"
    assert endpoint("google-cloud", base_url="https://h.example").base_url == "https://h.example"


BODIES = [
    ("bedrock", {"model": "anthropic.claude-opus-5-5"}, {"anthropic_version": "2026-10-21"}),
    ("bedrock", {"model": "us.anthropic.claude-opus-4-7"}, {"anthropic_version": "2026-10-21"}),
    ("bedrock", {"model": "anthropic.claude-sonnet-4-6"}, {"anthropic_version": "bedrock-2023-05-31"}),
    (
        "bedrock",
        {"model": ARN},
        {"anthropic_version": "bedrock-2023-05-31"},
    ),
    (
        "bedrock",
        {"model": "anthropic.claude-opus-5-5", "temperature": 1.0},
        {"anthropic_version": "bedrock-2023-05-31", "temperature": 1.0},
    ),
    (
        "bedrock",
        {"model": "anthropic.claude-opus-5-5", "version": "2023-06-01"},
        {"anthropic_version": "bedrock-2023-05-31"},
    ),
    ("bedrock", {"model": "anthropic.claude-opus-4-5", "version": "2026-10-21"}, {"anthropic_version": "2026-10-21"}),
    ("vertex", {"model": "claude-opus-5-5"}, {"anthropic_version": "2026-10-21", "stream": True}),
    ("vertex", {"model": "claude-sonnet-4-5@20250929"}, {"anthropic_version": "vertex-2023-10-16", "stream": True}),
    ("foundry", {"model": "my-deployment"}, {"model": "my-deployment", "stream": True}),
    ("aws", {"model": "claude-opus-5-5"}, {"model": "claude-opus-5-5", "stream": True}),
    ("bedrock-mantle", {"model": "anthropic.claude-opus-5-5"}, {"model": "anthropic.claude-opus-5-5", "stream": True}),
]


@pytest.mark.parametrize(("kind", "params", "body"), BODIES)
def test_each_cloud_gets_the_body_that_it_takes(kind: str, params: dict[str, Any], body: dict[str, Any]) -> None:
    place = Endpoint("mine", "https://h.example", kind)
    request = Request(Params(max_tokens=5, **params), TURNS)
    sent = json.loads(request.at(place).encoded)
    assert sent == {"max_tokens": 5, "messages": [{"role": "user", "content": "Hello."}], **body}
    assert request.at(place).at(place) == request.at(place)
    assert request.at(place).at(Endpoint("a", "https://h.example")).shape == MESSAGES


def test_a_version_of_the_endpoint_goes_into_the_body_and_betas_stand_beside_it() -> None:
    place = Endpoint("mine", "https://h.example", "bedrock", version="bedrock-2023-05-31")
    request = Request(Params(model="anthropic.claude-opus-5", max_tokens=5, speed="fast"), TURNS)
    sent = json.loads(request.at(place).encoded)
    assert sent["anthropic_version"] == "bedrock-2023-05-31"
    assert sent["anthropic_beta"] == ["fast-mode-2026-02-01"]


@pytest.mark.parametrize(
    ("kind", "model", "name"),
    [
        ("bedrock", "claude-opus-5-5", "anthropic.claude-opus-5-5"),
        ("bedrock", "claude-sonnet-4-5", "anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("vertex", "claude-sonnet-4-5", "claude-sonnet-4-5@20250929"),
        ("vertex", "claude-opus-5-5", "claude-opus-5-5"),
        ("foundry", "claude-opus-5-5", "claude-opus-5-5"),
    ],
)
def test_what_a_cloud_calls_a_model(kind: str, model: str, name: str) -> None:
    row = builtin().find(model)
    assert row is not None
    assert id_at(kind, row) == name
    behind = builtin().behind(kind)
    for id_ in (name, model):
        found = behind.find(id_)
        assert found is not None
        assert found.id == name
        assert found.prices == row.prices
    assert name in {each.id for each in behind.choices}
    assert builtin().behind("anthropic") is builtin()
    assert behind is builtin().behind(kind)


def test_places_profiles_and_arns_are_found_behind_bedrock_and_nowhere_else() -> None:
    arn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-opus-5-5"
    for id_ in ("us.anthropic.claude-opus-5-5", "global.anthropic.claude-opus-5-5", arn):
        assert builtin().find(id_) is None
        found = builtin().behind("bedrock").find(id_)
        assert found is not None
        assert found.id == "anthropic.claude-opus-5-5"


@pytest.mark.parametrize(
    ("kind", "model", "words"),
    [
        (
            "bedrock",
            "claude-opus-5-5",
            f"{USUALLY}, or global.anthropic.claude-opus-5-5 where an inference profile is asked.",
        ),
        ("bedrock-mantle", "claude-opus-5-5", f"{USUALLY}."),
        ("vertex", "claude-sonnet-4-5@20250929", None),
        ("vertex", "claude-sonnet-4-5", None),
        (
            "vertex",
            "us.anthropic.claude-opus-5-5",
            "On Vertex us.anthropic.claude-opus-5-5 is usually claude-opus-5-5.",
        ),
        (
            "aws",
            "anthropic.claude-opus-5-5",
            "On the AWS platform anthropic.claude-opus-5-5 is usually claude-opus-5-5.",
        ),
        ("bedrock", "us.anthropic.claude-opus-5-5", None),
        ("bedrock", "anthropic.claude-opus-9", "anthropic.claude-opus-9 is not in the table of models."),
        ("bedrock", ARN, None),
        ("foundry", "my-deployment", None),
    ],
)
def test_a_name_of_another_place_is_told_with_the_likely_one(kind: str, model: str, words: str | None) -> None:
    found = warnings(Params(model=model, max_tokens=5), "2026-10-21", catalogue=builtin(), vendor=False, kind=kind)
    assert [each.text for each in found if each.key == "model"] == ([] if words is None else [words])


def test_the_rules_of_a_model_hold_under_its_name_at_a_cloud() -> None:
    params = Params(model="us.anthropic.claude-opus-5-5", max_tokens=5, temperature=0.5, speed="fast")
    found = warnings(params, "bedrock-2023-05-31", catalogue=builtin(), kind="bedrock")
    assert {each.key for each in found} >= {"temperature", "speed"}
    assert "Bedrock has no fast mode: unset speed." in [each.text for each in found]
    plain = params.unset("speed").unset("temperature").set("max_tokens", 5000)
    assert warnings(plain, "bedrock-2023-05-31", catalogue=builtin(), kind="bedrock") == ()


def test_what_is_lacking_is_a_sentence() -> None:
    assert clouds.lack("bedrock", "count_tokens") == "Bedrock counts no tokens"
    assert clouds.lack("aws", "speed") == "The AWS platform has no fast mode"
    assert clouds.lack("aws", "models") is None
    assert clouds.lack("anthropic", "models") is None
    assert (clouds.lacking("vertex", clouds.LIMITS), clouds.lacking("aws", clouds.LIMITS)) == ("Vertex", "")
