"""What an export is made from: a request and where it goes, with its key named and never held."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from workbench.core import attached, cloud_urls, clouds
from workbench.core.cloud_urls import UnsayableError
from workbench.core.endpoint import Endpoint
from workbench.core.request import Request

KEY_VARIABLE: Final = "ANTHROPIC_API_KEY"
OTHER_VARIABLE: Final = "API_KEY"
"""Of an endpoint that is not Anthropic's and has its key in a file."""
GOOGLE_VARIABLE: Final = "GOOGLE_ACCESS_TOKEN"
"""What `gcloud auth print-access-token` prints, where the export will run."""
VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SURROGATE: Final = re.compile("[\ud800-\udfff]")


class ExportError(ValueError):
    """A request that can't be written so; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request and the endpoint that it is for."""

    request: Request
    endpoint: Endpoint

    @property
    def body(self) -> dict[str, object]:
        """The body as it is sent. Raises ExportError for text that can't be sent as it was typed."""
        body = self.plain
        shaped = self.request.at(self.endpoint)
        return body if shaped is self.request else json.loads(shaped.encoded)

    @property
    def plain(self) -> dict[str, object]:
        """The body in the API's own form, which an SDK brings into that of a cloud. Raises ExportError."""
        body = self.request.body()
        if (where := found(SURROGATE, body)) is not None:
            raise ExportError(
                f"{where} holds half a character (a lone surrogate), which no program can send: remove it"
            )
        if (source := next(attached.paths(body["messages"]), None)) is not None:
            raise ExportError(f"{source['path']} was not read, and the API takes no path: open the session beside it")
        return body

    @property
    def version(self) -> str:
        return self.request.version(self.endpoint.version, self.endpoint.kind)

    @property
    def url(self) -> str:
        """Where it goes. Raises ExportError where the model is part of that, and can't be."""
        try:
            return cloud_urls.url_of(self.endpoint, "messages", self.request.params.model or "")
        except UnsayableError as error:
            raise ExportError(f"the model {error}: set it") from None

    @property
    def headers(self) -> dict[str, str]:
        """What is said in headers beside the proof of who asks."""
        shape = self.request.at(self.endpoint).shape
        made = {} if shape.kind != "messages" else {"anthropic-version": self.version}
        made["content-type"] = "application/json"
        if self.endpoint.kind == "aws" and self.endpoint.workspace:
            made["anthropic-workspace-id"] = self.endpoint.workspace
        if self.betas and shape.headed:
            made["anthropic-beta"] = self.betas
        return made

    @property
    def betas(self) -> str:
        return self.request.betas

    @property
    def key_variable(self) -> str:
        """The variable that holds the key where the export will run."""
        return key_variable(self.endpoint)


def key_variable(endpoint: Endpoint | None) -> str:
    """The variable that holds an endpoint's key, in a form that any shell takes."""
    cloud = clouds.of(endpoint.kind) if endpoint is not None else None
    if endpoint is not None and cloud is not None and endpoint.key_env is None:
        return GOOGLE_VARIABLE if endpoint.auth == "google" else next(iter(cloud.key_variables), OTHER_VARIABLE)
    own_file = endpoint is not None and endpoint.key_file is not None and not endpoint.official
    usual = OTHER_VARIABLE if own_file else KEY_VARIABLE  # a paste must not send one server's key to another
    name = (endpoint.key_env if endpoint is not None else None) or usual
    return name if VARIABLE.fullmatch(name) else usual


def found(pattern: re.Pattern[str], value: object) -> str | None:
    """Where in a body the pattern occurs, as `messages[0].content`, or None."""
    return unlike(lambda each: not isinstance(each, str) or not pattern.search(each), value)


def unlike(good: Callable[[object], bool], value: object, where: str = "") -> str | None:
    """Where in a body the first value or name stands that isn't good, or None."""
    if isinstance(value, Mapping):
        inside = ((f"{where}.{key}" if where else str(key), each) for key, each in value.items())
        if not all(good(str(key)) for key in value):
            return where or "a name in the body"
    elif isinstance(value, list | tuple):
        inside = ((f"{where}[{at}]", each) for at, each in enumerate(value))
    else:
        return None if good(value) else where
    return next((place for name, each in inside if (place := unlike(good, each, name)) is not None), None)
