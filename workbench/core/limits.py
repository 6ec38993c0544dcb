"""Rate-limit headers → `Limits` (claude-api §5): what the last response said, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from workbench.core import http_date

_HEADER: Final = re.compile(
    r"(?P<prefix>.*-)?anthropic-(?P<family>ratelimit|priority|fast)-"
    r"(?P<name>[a-z0-9-]+)-(?P<part>limit|remaining|reset|utilization|status)"
)
"""Gateways put their own prefix in front, as in `llm_provider-anthropic-ratelimit-requests-limit`."""
_OTHER: Final = re.compile(
    r"(?P<prefix>.*-)?x-ratelimit-(?P<part>limit|remaining|reset)-(?P<name>requests|(?:input-|output-)?tokens)"
)
"""As OpenAI and servers like it say it: the reset is how long it takes, `1m30.5s`, and no time of day."""
_SPAN: Final = re.compile(
    r"(?=.)(?:([0-9]{1,3})d)?(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,7}(?:\.[0-9]{1,9})?)s)?(?:([0-9]{1,9})ms)?"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One bucket; each number is None where the header was absent or made no sense."""

    limit: int | None = None
    remaining: int | None = None
    """Token counts are rounded to the nearest 1,000 by the API."""
    reset: datetime | None = None
    """When the bucket is full again, by the server's clock: it refills all the time."""
    utilization: float | None = None
    """0..1, where a server says only that (`unified` limits)."""
    status: str | None = None

    @property
    def share(self) -> float | None:
        """How much is left, 0..1."""
        if self.limit and self.remaining is not None:
            return min(1.0, self.remaining / self.limit)
        return None if self.utilization is None else max(0.0, 1.0 - self.utilization)


@dataclass(frozen=True)
class Limits(Mapping[str, Limit]):
    """The buckets by name: `requests`, `tokens`, `input_tokens`, `priority_output_tokens`, `unified_5h` …"""

    buckets: Mapping[str, Limit]
    at: datetime | None = None
    """The response's own Date: reset times mean nothing against a local clock that is wrong."""

    def __getitem__(self, name: str) -> Limit:
        return self.buckets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.buckets)

    def __len__(self) -> int:
        return len(self.buckets)

    def __hash__(self) -> int:
        return hash((frozenset(self.buckets.items()), self.at))

    def scarcest(self) -> tuple[str, Limit] | None:
        """The bucket with the smallest share left, where one is known."""
        known = [(share, name) for name, limit in self.items() if (share := limit.share) is not None]
        return (name, self[name]) if known and (name := min(known)[1]) else None

    def seconds_until_reset(self, name: str, elapsed: float) -> float | None:
        """Seconds until the bucket is full; `elapsed` are those since the response came (monotonic).

        None where the server gave no reset time or no Date; 0 where what it said is history.
        """
        reset = self.buckets[name].reset if name in self.buckets else None
        if reset is None or self.at is None:
            return None
        return max(0.0, (reset - self.at).total_seconds() - elapsed)

    def to_mapping(self) -> dict[str, Any]:
        """Each bucket as a table of what is known."""
        rows = ("limit", "remaining", "reset", "utilization", "status")
        return {
            name: {row: value for row in rows if (value := getattr(limit, row)) is not None}
            for name, limit in self.items()
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> Limits:
        """Read what `to_mapping` wrote, leaving out what makes no sense; the Date is not kept."""
        return cls({str(name): _from_table(table) for name, table in mapping.items() if isinstance(table, Mapping)})


def parse(headers: Mapping[str, str]) -> Limits | None:
    """The limits that a response's headers tell of, or None where they tell of none.

    A header under its own name wins over the same with a gateway's prefix, and each goes by the Date that came with
    it: a gateway's own can be half a minute older, because it waits and tries again by itself.
    """
    buckets: dict[str, Limit] = {}
    dates: dict[str, datetime | None] = {}
    prefix = ""
    found: list[tuple[bool, re.Match[str], str]] = []
    for name, value in headers.items():
        lower = name.lower()
        if lower == "date" or lower.endswith("-date"):
            dates[lower.removesuffix("date")] = http_date.parse(value)
        elif match := _HEADER.fullmatch(lower) or _OTHER.fullmatch(lower):
            found.append((match["prefix"] is None, match, value))
    theirs = any(match.re is _HEADER for _, match, _ in found)
    for _, match, value in sorted(found, key=lambda row: row[0]):
        prefix = match["prefix"] or ""
        if match.re is _OTHER:
            if not theirs:
                _put(buckets, match, value, dates.get(prefix) or dates.get(""))
            continue
        bucket = match["name"].replace("-", "_")
        if match["family"] != "ratelimit":
            bucket = f"{match['family']}_{bucket}"
        change = _READERS[match["part"]](value.strip())
        if change is not None:
            buckets[bucket] = replace(buckets.get(bucket, Limit()), **{match["part"]: change})
    return Limits(buckets, dates.get(prefix) or dates.get("")) if buckets else None


def _put(buckets: dict[str, Limit], match: re.Match[str], value: str, at: datetime | None) -> None:
    """Take in one header of the other form; the vendor's own, where there are any, go before all of these."""
    bucket = match["name"].replace("-", "_")
    change: Any = None
    if match["part"] != "reset":
        change = _count(value.strip())
    elif at is not None and (span := _span(value.strip())) is not None:
        with suppress(OverflowError):  # beyond the year 9999
            change = at + span
    if change is not None:
        buckets[bucket] = replace(buckets.get(bucket, Limit()), **{match["part"]: change})


def _span(text: str) -> timedelta | None:
    """`6m0s`, `20ms`, `1.5s`, or seconds as a number alone."""
    found = _SPAN.fullmatch(f"{text}s" if text[-1:].isdigit() else text)
    if found is None:
        return None
    days, hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _share(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,18})?", text) else None


def _time(text: str) -> datetime | None:
    """RFC 3339, or unix seconds as the `unified` family has them."""
    if (seconds := _count(text)) is not None and len(text) < 12:
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _word(text: str) -> str | None:
    return text[:40] or None


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "limit": _count,
    "remaining": _count,
    "reset": _time,
    "utilization": _share,
    "status": _word,
}


def _from_table(table: Mapping[str, object]) -> Limit:
    known: dict[str, Any] = {}
    for part, value in table.items():
        if part not in _READERS:
            continue
        change = _READERS[part](value.isoformat() if isinstance(value, datetime) else str(value))
        if change is not None:
            known[part] = change
    return Limit(**known)
