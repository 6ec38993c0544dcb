"""Which endpoint answers: what the user named, else the session's, the configuration's, the key's, the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from workbench.core import address, cloud_settings, clouds
from workbench.core.cloud_settings import CloudError
from workbench.core.config import Config
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.problem import Problem
from workbench.engine import keys
from workbench.engine.keys import Found, Key
from workbench.engine.origins import Way

SIMULATOR: Final = Endpoint("simulator", "http://127.0.0.1:0", simulated=True)
"""Its address is known once the simulator has started."""
REPLAY: Final = Endpoint("replay", "http://127.0.0.1:0", simulated=True)
"""A recording that answers in place of every endpoint: nothing is sent, so nobody pays."""
NO_KEY_NOTE: Final = "no key was found, so the simulator answers; set ANTHROPIC_API_KEY to reach the real API"
KEY_LOG_NOTE: Final = (
    "SSLKEYLOGFILE is set: whoever reads that file can decrypt what is sent, the key too; unset it unless you mean that"
)


class EndpointError(ValueError):
    """An endpoint that the user named can't be used; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The endpoint of this start, its key, and what the user should know about the choice."""

    endpoint: Endpoint
    key: Key | None = None
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    """Why its key can't be had; a run would end with this."""
    why: str = field(default="", compare=False)
    """Who chose it, in a few words."""
    address_from: str = field(default="", compare=False)
    """Where its address stands, where it isn't built in."""
    agreed: frozenset[Way] = field(default=frozenset(), compare=False)
    """Where the user has agreed that keys go, as far as it was looked up."""


def choose(
    config: Config,
    *,
    session_endpoint: str | None = None,
    name: str | None = None,
    base_url: str | None = None,
    environ: Mapping[str, str],
    folder: Path,
    replaying: bool = False,
) -> Chosen:
    """The first that holds: `base_url` or `name`, the session's, the configuration's, a key's, the simulator.

    While `replaying`, the recording answers whatever else is named. Raises EndpointError for an address or a name
    that the user gave and that can't be used.
    """
    notes: tuple[str, ...] = ()
    if replaying:
        return Chosen(REPLAY, keys.SIMULATED, why="--replay")
    if base_url is not None:
        return _at_address(base_url, environ, folder)
    if name is not None:
        return _chosen(_known(config, name, environ, "--endpoint"), environ, folder, "--endpoint")
    if session_endpoint is not None:
        found, notes = _of_session(config, session_endpoint, environ, folder)
        if found is not None:
            return found
    if config.endpoint is not None:
        known = _known(config, config.endpoint, environ, "config.toml: endpoint")
        return _noted(_chosen(known, environ, folder, "the configuration"), notes)
    official = official_endpoint(config, environ)
    found = _chosen(official, environ, folder, "a key")
    if found.key is not None or found.problem is None:
        return _noted(found, notes)
    if found.problem is not keys.NO_OFFICIAL_KEY:
        notes = (*notes, str(found.problem))
    return Chosen(SIMULATOR, keys.SIMULATED, (*notes, NO_KEY_NOTE), why="no key")


def official_endpoint(config: Config, environ: Mapping[str, str]) -> Endpoint:
    """`anthropic`, as configured or built in, at ANTHROPIC_BASE_URL where that is set. Raises EndpointError."""
    known = _completed(config.endpoints.get("anthropic", Endpoint("anthropic", OFFICIAL_URL)), environ)
    given = environ.get("ANTHROPIC_BASE_URL", "")
    return replace(known, base_url=_address(given, "ANTHROPIC_BASE_URL")) if given.strip() else known


def names(config: Config) -> tuple[str, ...]:
    """Every endpoint that can be named, the user's own first."""
    return tuple(dict.fromkeys((*config.endpoints, "anthropic", "simulator")))


def named(config: Config, name: str, environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint of that name, or None. Raises EndpointError for an address that can't be, or isn't there."""
    if name == "anthropic":
        return official_endpoint(config, environ)
    found = config.endpoints.get(name, SIMULATOR if name == SIMULATOR.name else None)
    return _completed(found, environ) if found is not None else None


def _completed(endpoint: Endpoint, environ: Mapping[str, str]) -> Endpoint:
    """With what variables say, and for AWS with the region of its profile. Raises EndpointError."""
    cloud = clouds.of(endpoint.kind)
    told = environ
    if cloud is not None and cloud.service and not any(environ.get(name, "").strip() for name in clouds.AWS_REGION):
        from workbench.engine import aws_config

        region = aws_config.region_of(endpoint.profile, environ) or ""
        if region and endpoint.region is None and (wrong := cloud_settings.mistake("region", region)):
            raise EndpointError(
                f"the region of the AWS profile {aws_config.profile_of(endpoint.profile, environ)} {wrong}"
            )
        told = {**environ, "AWS_REGION": region}
    try:
        return cloud_settings.completed(endpoint, told)
    except CloudError as error:
        raise EndpointError(str(error)) from error


def _known(config: Config, name: str, environ: Mapping[str, str], where: str) -> Endpoint:
    found = named(config, name, environ)
    if found is not None:
        return found
    near = get_close_matches(name, names(config), n=1)
    if name in clouds.CLOUDS and not near:
        raise EndpointError(
            f"{where} {name!r}: to reach {clouds.CLOUDS[name].name}, write [endpoints.{name}] with "
            f'kind = "{name}" into the configuration'
        )
    instead = f"did you mean {near[0]}?" if near else f"there are {', '.join(names(config))}"
    raise EndpointError(f"{where} {name!r} is no endpoint of the configuration; {instead}")


def _of_session(
    config: Config, name: str, environ: Mapping[str, str], folder: Path
) -> tuple[Chosen | None, tuple[str, ...]]:
    """The session's endpoint where the configuration knows it and its key is there; else why not."""
    known = named(config, name, environ)
    if known is None:
        return None, (f'the session names the endpoint "{name}", which the configuration doesn\'t know',)
    found = _chosen(known, environ, folder, "the session")
    if found.problem is keys.NO_OFFICIAL_KEY:
        return None, (f'the session names the endpoint "{name}", but there is no key for it',)
    return found, ()


def _at_address(base_url: str, environ: Mapping[str, str], folder: Path) -> Chosen:
    """An address given for this start: it takes the official key where there is one, and else none."""
    given = _address(base_url, "--base-url")
    endpoint = Endpoint(given.partition("://")[2], given)
    found = _found(endpoint, environ, folder, named=True)
    if found.problem is keys.NO_OFFICIAL_KEY and not endpoint.official:
        return Chosen(replace(endpoint, keyless=True), notes=found.notes, why="--base-url")
    return Chosen(endpoint, found.key, found.notes, found.problem, "--base-url", "--base-url")


def _chosen(endpoint: Endpoint, environ: Mapping[str, str], folder: Path, why: str) -> Chosen:
    """The endpoint with its key; an ANTHROPIC_BASE_URL is an address that the user gave himself."""
    given = endpoint.name == "anthropic" and endpoint.base_url == _given(environ)
    found = _found(endpoint, environ, folder, named=given)
    if given and found.problem is keys.NO_OFFICIAL_KEY and not endpoint.official:
        return Chosen(replace(endpoint, keyless=True), notes=found.notes, why=why)
    told = "ANTHROPIC_BASE_URL" if given else cloud_settings.told_by(endpoint, environ)
    origin = told or f"[endpoints.{endpoint.name}] of the configuration"
    return Chosen(endpoint, found.key, found.notes, found.problem, why, origin)


def _found(endpoint: Endpoint, environ: Mapping[str, str], folder: Path, *, named: bool) -> Found:
    """Its key, and a warning where what is encrypted can be read by others all the same."""
    cloud = clouds.of(endpoint.kind)
    if cloud is None:
        found = keys.find(endpoint, environ, folder, named=named)
    else:
        from workbench.engine import cloud_keys

        found = cloud_keys.find(endpoint, cloud, environ)
    logged = endpoint.encrypted and environ.get("SSLKEYLOGFILE", "")
    return replace(found, notes=(*found.notes, KEY_LOG_NOTE)) if logged else found


def _given(environ: Mapping[str, str]) -> str:
    given = environ.get("ANTHROPIC_BASE_URL", "")
    return address.written(given) if given.strip() else ""


def _address(text: str, where: str) -> str:
    given = text.strip().rstrip("/")
    if wrong := address.mistake(given):
        raise EndpointError(f"{where} {wrong}")
    return address.written(given)


def _noted(chosen: Chosen, notes: tuple[str, ...]) -> Chosen:
    return replace(chosen, notes=(*notes, *chosen.notes))
