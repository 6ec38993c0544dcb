"""The clouds that serve Claude: where each answers, how it is asked, and what it lacks (claude-api §8); a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

WORD: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
"""What may stand in an address in place of a setting: nothing that could end a host or a path."""
PROJECT: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:_-]*[A-Za-z0-9])?")
PROFILE: Final = re.compile(r"[^\x00-\x1f\x7f\[\]]{1,200}")
FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "region": (WORD, "us-east-1"),
    "project": (PROJECT, "my-project"),
    "workspace": (WORD, "wrkspc_01ab"),
    "resource": (WORD, "my-resource"),
    "profile": (PROFILE, "dev"),
}
"""The settings that clouds have beside those of every endpoint: what each may be, and an example."""
AWS_REGION: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")
AWS_AUTHS: Final = ("sigv4", "bearer", "none")
GOOGLE_AUTHS: Final = ("google", "bearer", "none")
LIMITS: Final = "limits"
"""What `lacks` calls the rate-limit headers."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """One way to Claude through somebody else's cloud."""

    kind: str
    name: str
    short: str
    """As it is called in a sentence."""
    address: str
    """Where it answers; settings stand in braces."""
    settings: Mapping[str, tuple[str, ...]]
    """What it must know, and the variables that say it where the configuration doesn't."""
    base_variable: str
    """The variable that gives another address."""
    auths: tuple[str, ...]
    """How it knows who asks; the first is the usual one."""
    key_variables: tuple[str, ...] = ()
    """Where a key of its own is looked for."""
    service: str = ""
    """What a signature of AWS is made for."""
    shape: str = "messages"
    """How its body differs from the API's own: a row of `core/shape.py`."""
    optional: frozenset[str] = frozenset({"profile"})
    """Settings it may do without."""
    usual: Mapping[str, str] = field(default_factory=dict)
    """What a setting is when nobody says it."""
    lacks: Mapping[str, str] = field(default_factory=dict)
    """What it doesn't offer, each with the end of a sentence: calls, parameters, and `limits`."""
    surcharge: bool = False
    """Whether a place of one's own choice costs a tenth more than the world (claude-api §10.1)."""
    presumed: bool = False
    """Whether it is only presumed that it takes the vendor's list prices."""
    trusted: bool = True
    """Whether every address of this form is the cloud's own, so that a key may go there unasked."""


_NO_LIMITS: Final = "sends no rate-limit headers"
_NO_BATCHES: Final = "takes no message batches"
_NO_MODELS: Final = "lists no models"
_NOT_FAST: Final = "has no fast mode"

CLOUDS: Final[Mapping[str, Cloud]] = {
    row.kind: row
    for row in (
        Cloud(
            "bedrock",
            "Amazon Bedrock",
            "Bedrock",
            "https://bedrock-runtime.{region}.amazonaws.com",
            {"region": AWS_REGION, "profile": ()},
            "ANTHROPIC_BEDROCK_BASE_URL",
            AWS_AUTHS,
            ("AWS_BEARER_TOKEN_BEDROCK",),
            service="bedrock",
            shape="bedrock",
            lacks={
                "count_tokens": "counts no tokens",
                "models": _NO_MODELS,
                "batches": _NO_BATCHES,
                "speed": _NOT_FAST,
                LIMITS: _NO_LIMITS,
            },
            surcharge=True,
        ),
        Cloud(
            "bedrock-mantle",
            "Amazon Bedrock's Messages endpoint",
            "Bedrock",
            "https://bedrock-mantle.{region}.api.aws/anthropic",
            {"region": AWS_REGION, "profile": ()},
            "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
            AWS_AUTHS,
            ("AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_AWS_API_KEY"),
            service="bedrock-mantle",
            lacks={"models": _NO_MODELS, "batches": _NO_BATCHES, "speed": _NOT_FAST, LIMITS: _NO_LIMITS},
            surcharge=True,
        ),
        Cloud(
            "vertex",
            "Google Vertex AI",
            "Vertex",
            "https://{region}-aiplatform.googleapis.com",
            {"project": ("ANTHROPIC_VERTEX_PROJECT_ID",), "region": ("CLOUD_ML_REGION",)},
            "ANTHROPIC_VERTEX_BASE_URL",
            GOOGLE_AUTHS,
            shape="vertex",
            lacks={"models": _NO_MODELS, "batches": _NO_BATCHES, "speed": _NOT_FAST, LIMITS: _NO_LIMITS},
            surcharge=True,
        ),
        Cloud(
            "foundry",
            "Microsoft Foundry",
            "Foundry",
            "https://{resource}.services.ai.azure.com/anthropic",
            {"resource": ("ANTHROPIC_FOUNDRY_RESOURCE",)},
            "ANTHROPIC_FOUNDRY_BASE_URL",
            ("x-api-key", "bearer", "none"),
            ("ANTHROPIC_FOUNDRY_API_KEY",),
            lacks={"models": _NO_MODELS, "batches": _NO_BATCHES, LIMITS: _NO_LIMITS},
            trusted=False,
        ),
        Cloud(
            "aws",
            "Claude Platform on AWS",
            "the AWS platform",
            "https://aws-external-anthropic.{region}.api.aws",
            {"region": AWS_REGION, "workspace": ("ANTHROPIC_AWS_WORKSPACE_ID",), "profile": ()},
            "ANTHROPIC_AWS_BASE_URL",
            AWS_AUTHS,
            ("ANTHROPIC_AWS_API_KEY",),
            service="aws-external-anthropic",
            lacks={"speed": _NOT_FAST},
            presumed=True,
        ),
        Cloud(
            "google-cloud",
            "Claude on Google Cloud",
            "Google Cloud",
            "https://claude.googleapis.com/v1/projects/{project}/locations/{region}/workspaces/{workspace}/invoke",
            {
                "project": ("ANTHROPIC_GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_PROJECT"),
                "region": ("ANTHROPIC_GOOGLE_CLOUD_LOCATION",),
                "workspace": ("ANTHROPIC_GOOGLE_CLOUD_WORKSPACE_ID",),
            },
            "ANTHROPIC_GOOGLE_CLOUD_BASE_URL",
            GOOGLE_AUTHS,
            usual={"region": "global"},
            presumed=True,
        ),
    )
}

VERTEX_PLACES: Final[Mapping[str, str]] = {
    "global": "https://aiplatform.googleapis.com",
    "us": "https://aiplatform.us.rep.googleapis.com",
    "eu": "https://aiplatform.eu.rep.googleapis.com",
}
"""Regions of Vertex that have an address of another form."""


def of(kind: str) -> Cloud | None:
    return CLOUDS.get(kind)


def lack(kind: str, what: str) -> str | None:
    """A sentence for what an endpoint of this kind doesn't offer, as in `Bedrock counts no tokens`; else None."""
    row = CLOUDS.get(kind)
    if row is None or what not in row.lacks:
        return None
    return f"{row.short[0].upper()}{row.short[1:]} {row.lacks[what]}"


def lacking(kind: str, what: str) -> str:
    """Who doesn't offer it, in words; empty where it is offered."""
    row = CLOUDS.get(kind)
    return row.short if row is not None and what in row.lacks else ""


def address_of(row: Cloud, settings: Mapping[str, str]) -> str:
    """Where the cloud answers. Raises KeyError for a setting that is missing."""
    if row.kind == "vertex" and settings.get("region") in VERTEX_PLACES:
        return VERTEX_PLACES[settings["region"]]
    return row.address.format_map(settings)


def own(kind: str, base_url: str) -> bool:
    """Whether an address is one that the cloud itself answers at, and nobody else can."""
    row = CLOUDS.get(kind)
    if row is None or not row.trusted or not base_url.startswith("https://"):
        return False
    try:
        parts = urlsplit(base_url)
        if parts.port not in (None, 443):
            return False
    except ValueError:
        return False
    host = parts.hostname or ""
    if kind == "vertex" and f"https://{host}" in VERTEX_PLACES.values():
        return True
    form = re.escape(urlsplit(row.address).hostname or "").replace(r"\{region\}", "[a-z0-9-]+")
    return re.fullmatch(form, host) is not None


HOSTS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".googleapis.com", ".azure.com")


def hosted(base_url: str) -> bool:
    """Whether one of the clouds answers there, and no gateway that may have prices of its own."""
    return (urlsplit(base_url).hostname or "").endswith(HOSTS)
