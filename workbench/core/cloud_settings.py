"""What an endpoint of a cloud is told by its owner: read from the configuration, completed from variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from workbench.core import address, clouds
from workbench.core.clouds import FORMS, Cloud
from workbench.core.endpoint import Endpoint

UNDECIDED: Final = "auto"
"""An `auth` that nobody set: what is found decides."""


class CloudError(ValueError):
    """An endpoint that lacks something its cloud must know; the text is a sentence with the remedy."""


def mistake(name: str, text: str) -> str | None:
    """What is wrong with a setting, as the end of a sentence, or None."""
    form, example = FORMS[name]
    return None if form.fullmatch(text) else f"must be a plain name, like {example!r}, not {text[:80]!r}"


def completed(endpoint: Endpoint, environ: Mapping[str, str]) -> Endpoint:
    """The endpoint with its address and its settings, where variables say what the configuration doesn't.

    Raises CloudError for what is missing or can't be.
    """
    row = clouds.of(endpoint.kind)
    if row is None:
        return endpoint
    told: dict[str, Any] = {
        name: found for name in row.settings if (found := _setting(endpoint, row, name, environ)) is not None
    }
    missing = [name for name in row.settings if name not in told and name not in row.optional]
    given = endpoint.base_url or _given(row, environ)
    if missing and not (given and _spare(row, missing)):
        raise CloudError(_missing(endpoint, row, missing[0]))
    auth = _auth(endpoint, row, environ) if endpoint.auth == UNDECIDED else endpoint.auth
    return replace(endpoint, base_url=given or clouds.address_of(row, told), auth=auth, **told)


def _auth(endpoint: Endpoint, row: Cloud, environ: Mapping[str, str]) -> str:
    """A key that is named or set goes before what the cloud's own tools keep; a named profile before a set key."""
    usual = row.auths[0]
    if usual not in ("sigv4", "google"):
        return usual
    if endpoint.key_env is not None or (endpoint.key_file is not None and usual == "sigv4"):
        return "bearer"
    if endpoint.profile is None and any(environ.get(name, "").strip() for name in row.key_variables):
        return "bearer"
    return usual


def _setting(endpoint: Endpoint, row: Cloud, name: str, environ: Mapping[str, str]) -> str | None:
    configured: str | None = getattr(endpoint, name)
    if configured is not None:
        return configured
    for variable in row.settings[name]:
        if text := environ.get(variable, "").strip():
            if wrong := mistake(name, text):
                raise CloudError(f"{variable} {wrong}")
            return text
    return row.usual.get(name)


def told_by(endpoint: Endpoint, environ: Mapping[str, str]) -> str:
    """The variables that an endpoint's address was made of, in words; empty where none was."""
    row = clouds.of(endpoint.kind)
    if row is None:
        return ""
    if environ.get(row.base_variable, "").strip() and _said(row, environ) == endpoint.base_url:
        return row.base_variable
    parts = (name for name in row.settings if f"{{{name}}}" in row.address)
    found = ((name, next((each for each in row.settings[name] if environ.get(each, "").strip()), "")) for name in parts)
    return " and ".join(each for name, each in found if each and environ[each].strip() == getattr(endpoint, name))


def _said(row: Cloud, environ: Mapping[str, str]) -> str:
    try:
        return _given(row, environ)
    except CloudError:
        return ""


def _given(row: Cloud, environ: Mapping[str, str]) -> str:
    """The address of the cloud's own variable; Google's is written with the `/v1` that is added here."""
    text = environ.get(row.base_variable, "").strip().rstrip("/")
    if row.shape == "vertex":
        text = text.removesuffix("/v1")
    if text and (wrong := address.mistake(text)):
        raise CloudError(f"{row.base_variable} {wrong}")
    return address.written(text) if text else ""


def _spare(row: Cloud, missing: list[str]) -> bool:
    """Whether these are needed for the address alone: Vertex has them in each path, a signature its region."""
    needed = {"vertex": {"project", "region"}, "aws": {"region", "workspace"}}.get(row.kind, set())
    return not (needed | ({"region"} if row.service else set())) & set(missing)


def _missing(endpoint: Endpoint, row: Cloud, name: str) -> str:
    example = FORMS[name][1]
    variables = " or ".join(row.settings[name])
    instead = f", or set {variables}" if variables else ""
    where = f'write {name} = "{example}" in [endpoints.{endpoint.name}]'
    return f"endpoint {endpoint.name}: {row.name} needs a {name}: {where}{instead}"
