"""Where requests go: a name for an address, a dialect and a key source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from workbench.core import clouds

OFFICIAL_URL: Final = "https://api.anthropic.com"
OFFICIAL_NAME: Final = "anthropic"
OFFICIAL_ORIGIN: Final = f"{OFFICIAL_URL}:443"
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
SIMULATED_HEADER: Final = "x-simulated"
SIMULATED_BY: Final = "workbench"
"""How the simulator says in each response who answers, whatever address it was reached at."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place that answers requests, as the user's own configuration describes it."""

    name: str
    base_url: str
    """Without `/v1`; a path in it is kept. Of a cloud it may be empty until `cloud_settings.completed` fills it in."""
    kind: str = "anthropic"
    """The dialect: `anthropic`, or a cloud of `core/clouds.py`."""
    auth: str = "x-api-key"
    """`x-api-key`, `bearer`, `sigv4`, `google` or `none`."""
    version: str = "auto"
    """An API version, or `auto`: 2023-06-01 while a sampling parameter is set, else the newest."""
    key_env: str | None = None
    key_file: str | None = None
    keyless: bool = False
    """Whether no key was found for an address that may do without: it is asked without one, whatever `auth` says."""
    simulated: bool = False
    """Whether the bundled simulator answers: its money is not real."""
    region: str | None = None
    project: str | None = None
    workspace: str | None = None
    resource: str | None = None
    profile: str | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a key is confirmed for."""
        return f"{urlsplit(self.base_url).scheme}://{self.place}"

    @property
    def place(self) -> str:
        """Host and port."""
        parts = urlsplit(self.base_url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
        host = parts.hostname or ""
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def elsewhere(self) -> str:
        """Whose address it is, where it isn't the official one and the name doesn't say it; of this machine no port."""
        if (
            self.simulated
            or clouds.own(self.kind, self.base_url)
            or self.origin == OFFICIAL_ORIGIN
            or self.name.startswith(self.place.removesuffix(":443"))
        ):
            return ""
        place = self.place.removesuffix(":443") if self.encrypted else self.place
        return place.rpartition(":")[0] if self.loopback else place

    @property
    def loopback(self) -> bool:
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def encrypted(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def home(self) -> bool:
        """Whether a key may go there without a question: the official address, a cloud's own, this machine."""
        if self.simulated or self.loopback or self.origin == OFFICIAL_ORIGIN:
            return True
        return clouds.own(self.kind, self.base_url)

    @property
    def official(self) -> bool:
        """Whether the vendor's own API answers, or a cloud's that is not played on this machine."""
        if self.kind in clouds.CLOUDS:
            return not self.loopback
        return (urlsplit(self.base_url).hostname or "").endswith(".anthropic.com")

    @property
    def priced(self) -> bool:
        """Whether the vendor's list prices hold here, of a cloud at any address: a gateway's or a tunnel's too.

        For what a cloud adds to them see `core/cloud_models.py`.
        """
        return self.vendor or self.kind in clouds.CLOUDS

    @property
    def vendor(self) -> bool:
        """Whether the vendor's own API answers, or its likeness: its models and its rules hold."""
        return self.official or self.simulated
