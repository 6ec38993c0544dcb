"""The region that AWS's own configuration gives a profile: the one thing of it that an address needs beforehand."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from workbench.engine import files

LARGEST: Final = 1024 * 1024


PROFILES: Final = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
USUAL: Final = "default"


def named(profile: str | None, environ: Mapping[str, str]) -> str | None:
    """The profile that somebody named: the endpoint, or else a variable that botocore knows."""
    return profile or next((found for name in PROFILES if (found := environ.get(name, "").strip())), None)


def profile_of(profile: str | None, environ: Mapping[str, str]) -> str:
    """The profile that is meant, whoever named it; the usual one need not be there."""
    return named(profile, environ) or USUAL


def region_of(profile: str | None, environ: Mapping[str, str]) -> str | None:
    """None where the file isn't there, can't be read, or says nothing of it."""
    name = profile_of(profile, environ)
    given = environ.get("AWS_CONFIG_FILE", "").strip()
    file = files.expanded(given) if given else Path.home() / ".aws" / "config"
    parser = configparser.RawConfigParser(strict=False)
    try:
        with file.open(encoding="utf-8", errors="replace") as text:
            parser.read_string(text.read(LARGEST))
    except (OSError, configparser.Error):
        return None
    section = name if name == USUAL else f"profile {name}"
    return parser.get(section, "region", fallback="").strip() or None
