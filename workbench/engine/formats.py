"""The formats of strings that structured outputs know, as checks."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from workbench.core.schema import FORMATS

ZONE: Final = r"(?:[Zz]|[+-]\d{2}:\d{2})\Z"
TIME: Final = re.compile(r"\d{2}:\d{2}:\d{2}(?:\.\d{1,12})?" + ZONE, re.ASCII)
DATE_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]" + TIME.pattern, re.ASCII)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
DURATION: Final = re.compile(
    r"P(?!\Z)(?:\d+W|(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)\Z", re.ASCII
)
LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)\Z", re.ASCII)
URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z", re.ASCII)
HEX: Final = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")


def _whole(text: str, pattern: re.Pattern[str], read: Callable[[str], object] = str) -> bool:
    return pattern.match(text) is not None and _reads(text, read)


def _reads(text: str, read: Callable[[str], object]) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _moment(text: str) -> bool:
    """A leap second is a time too, though Python has none."""
    return _reads(re.sub(r"(\d{2}:\d{2}):60", r"\1:59", text).upper(), datetime.fromisoformat)


def _clock(text: str) -> bool:
    return _reads(re.sub(r"(\d{2}:\d{2}):60", r"\1:59", text).upper(), time.fromisoformat)


def _host(text: str) -> bool:
    return 0 < len(text) <= 253 and all(LABEL.match(label) for label in text.split("."))


def _mail(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(name and at) and not re.search(r"\s", text) and (_host(host) or host.startswith("["))


CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date-time": lambda text: _whole(text, DATE_TIME) and _moment(text),
    "time": lambda text: _whole(text, TIME) and _clock(text),
    "date": lambda text: _whole(text, DAY, date.fromisoformat),
    "duration": lambda text: _whole(text, DURATION),
    "email": _mail,
    "hostname": _host,
    "uri": lambda text: _whole(text, URI),
    "ipv4": lambda text: _reads(text, ipaddress.IPv4Address),
    "ipv6": lambda text: _reads(text, ipaddress.IPv6Address),
    "uuid": lambda text: _whole(text, HEX, UUID),
}
assert tuple(CHECKS) == FORMATS
