"""What the program was started with: configuration, places, endpoint, key and runner."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.clouds import CLOUDS
from workbench.core.config import Config
from workbench.core.models import Catalogue
from workbench.engine import configuration, endpoints, places, veiled
from workbench.engine.endpoints import SIMULATOR, Chosen, EndpointError
from workbench.engine.keys import OFFICIAL_VARIABLES, SIMULATED
from workbench.engine.origins import Origins, Way
from workbench.engine.places import Places

if TYPE_CHECKING:
    from workbench.engine.attachments import Attachments
    from workbench.engine.model_list import Listed, ModelLists
    from workbench.engine.replay import Recording
    from workbench.engine.runner import Runner


def utc_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Desk:
    """Everything a screen needs that isn't in the session; the tests hand in their own."""

    places: Places
    config: Config = Config()
    catalogue: Catalogue = field(default_factory=Catalogue.builtin)
    chosen: Chosen = field(default_factory=lambda: Chosen(SIMULATOR, SIMULATED))
    notes: tuple[str, ...] = ()
    """What was wrong at the start, a sentence each."""
    file: Path | None = None
    replay: Recording | None = None
    """What answers in place of a server."""
    theme: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    folder: Path = field(default_factory=Path.cwd)
    now: Callable[[], datetime] = utc_now
    make_runner: Callable[[], Runner] | None = None
    counts: bool = False
    """Whether the endpoint is asked how many tokens a prompt has, before it is sent."""
    named_endpoint: str | None = None
    base_url: str | None = None
    agreed: set[tuple[str, str]] = field(default_factory=set)
    """What the user agreed to until the program ends: an endpoint in another's place, a price that is not known."""
    confirmed: frozenset[Way] = frozenset()
    """Where the user agreed that a key goes, for this start."""
    fetches: bool = False
    """Whether endpoints are asked for their models without being told to, at most once a day."""
    listed: Listed | None = None
    """What the endpoint listed as its models, where that is known."""
    table: Catalogue = field(init=False)
    """The catalogue without what any endpoint listed."""
    origins: Origins = field(init=False)
    """Where the user agreed that keys go, for good."""
    proxy: str = ""
    """Host and port of the proxy on the way, once it was looked for."""
    _looked: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.origins = Origins(self.places.origins)
        self.table = self.catalogue

    @cached_property
    def attachments(self) -> Attachments:
        """Files that go with prompts, as they were read."""
        from workbench.engine.attachments import Attachments

        return Attachments()

    @cached_property
    def lists(self) -> ModelLists:
        """What endpoints listed in earlier starts."""
        from workbench.engine.model_list import ModelLists

        return ModelLists(self.places.cache)

    @property
    def spare(self) -> tuple[Path, ...]:
        """Where a session goes that can't be kept where it belongs."""
        return (self.places.sessions, self.folder, Path(tempfile.gettempdir()))

    @property
    def models(self) -> Catalogue:
        """The models under the names that the endpoint has for them."""
        return self.catalogue.behind(self.chosen.endpoint.kind)

    @property
    def versions(self) -> tuple[str, ...]:
        """The API versions that endpoints are configured with, by which earlier requests may have been made."""
        places = (*self.config.endpoints.values(), self.chosen.endpoint)
        return tuple(dict.fromkeys(each.version for each in places if each.version != "auto"))

    def choose(self, session_endpoint: str | None, name: str | None = None) -> Chosen:
        """The endpoint for a session. Raises EndpointError for a name or an address that can't be used."""
        before = self.chosen.endpoint
        self.chosen = endpoints.choose(
            self.config,
            session_endpoint=session_endpoint,
            name=name or self.named_endpoint,
            base_url=None if name else self.base_url,
            environ=self.environ,
            folder=self.folder,
            replaying=self.replay is not None,
        )
        if self.chosen.endpoint != before:
            self.catalogue, self.listed = self.table, None
        if self._looked:
            self.look_for_proxy()
        return self.chosen

    def take_list(self, listed: Listed) -> None:
        """What the endpoint lists is known from now on: its new models are offered, and their rules hold."""
        self.listed = listed
        self.catalogue = self.table.merge_live({"data": list(listed.rows)})

    def look_for_proxy(self) -> None:
        """Find which proxy is on the way; after the first paint, because what knows it takes its time to load."""
        from workbench.engine.proxies import proxy_for

        self._looked = True
        endpoint = self.chosen.endpoint
        found = None if endpoint.simulated else proxy_for(endpoint.base_url)
        self.proxy = "" if found is None else found.place


def _recording(path: Path | None) -> Recording | None:
    if path is None:
        return None
    from workbench.engine.replay import Recording, RecordingError

    try:
        return Recording.read(path)
    except RecordingError as error:
        raise EndpointError(str(error)) from error


def prepare(
    file: Path | None = None,
    *,
    endpoint: str | None = None,
    base_url: str | None = None,
    theme: str | None = None,
    replay: Path | None = None,
) -> Desk:
    """Read the configuration and choose what answers. Raises EndpointError for what was given and can't be used."""
    where = places.find()
    config, notes = configuration.read(where.config_file)
    catalogue, mistakes = Catalogue.builtin().with_overrides({"prices": config.prices, "models": config.models})
    secret = [name for name, _ in OFFICIAL_VARIABLES]
    secret += [each.key_env for each in config.endpoints.values() if each.key_env is not None]
    if any(each.kind in CLOUDS for each in config.endpoints.values()):
        from workbench.engine import cloud_keys

        secret += cloud_keys.variables(config)
    desk = Desk(
        where,
        config,
        catalogue,
        environ=veiled.environment(secret),
        notes=(*where.notes, *notes, *(f"{where.config_file.name}: {mistake}" for mistake in mistakes)),
        file=file,
        replay=_recording(replay),
        theme=theme,
        counts=config.count_tokens,
        fetches=True,
        named_endpoint=endpoint,
        base_url=base_url,
    )
    try:
        desk.choose(None)
    except EndpointError as error:
        if endpoint or base_url:
            raise
        desk.notes = (*desk.notes, str(error))
    return desk
