"""Every request parameter, declared once: one field of `Params` a parameter (claude-api §2.1).

The request body, the form row, the slider step, the TOML key, `--set`, the exports, the comparison of lanes
and the README table are made from `FIELDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final, cast

from workbench.core.format_kind import FormatKind
from workbench.core.kinds import Choice, Json, JsonKind, Lines, Number, Text, Value
from workbench.core.nearest import nearest
from workbench.core.param import Param, ParamError, param

__all__ = ["BY_KEY", "FIELDS", "Param", "ParamError", "Params", "from_mapping", "lookup", "read_settings"]


EPHEMERAL: Final = {"type": "ephemeral"}
LASTING: Final = {lifetime: {**EPHEMERAL, "ttl": lifetime} for lifetime in ("5m", "1h")}
"""A cache breakpoint, by its lifetime."""
LIFETIME: Final = Choice(tuple(LASTING))


@dataclass(frozen=True)
class Params:
    """The parameters that are set; None is unset, and unset means not sent."""

    model: str | None = param("model", Choice(open=True), "Which model answers.", group="model")
    max_tokens: int | None = param(
        "max tokens",
        Number(0, 128_000, 256, 4096, 1024, integer=True),
        "The most tokens the answer may have, thinking included.",
        group="model",
    )
    temperature: float | None = param(
        "temperature",
        Number(0, 1, 0.05, 0.25, 1.0),
        "How much chance: 0 is the most repeatable, 1 the most varied.",
    )
    top_p: float | None = param(
        "top p", Number(0, 1, 0.01, 0.1, 1.0), "Choose among the likeliest tokens that make up this share."
    )
    top_k: int | None = param(
        "top k", Number(1, 500, 1, 10, 40, integer=True), "Choose among this many of the likeliest tokens."
    )
    stop_sequences: tuple[str, ...] | None = param(
        "stop", Lines(), "Strings that end the answer where they appear.", group="output"
    )
    system: str | None = param("system", Text(long=True), "The system prompt.", group="prompt")
    thinking: str | None = param(
        "thinking",
        Choice(("adaptive", "enabled", "disabled", "between_tools")),
        "Whether the model thinks before it answers.",
        path="thinking.type",
        group="thinking",
    )
    thinking_budget: int | None = param(
        "budget",
        Number(1024, 128_000, 1024, 8192, 2048, integer=True),
        "The most tokens to think with, where thinking is `enabled`.",
        path="thinking.budget_tokens",
        group="thinking",
    )
    thinking_display: str | None = param(
        "display",
        Choice(("summarized", "omitted", "updates")),
        "Whether the thinking comes back as a summary, left out, or as updates (a beta).",
        path="thinking.display",
        group="thinking",
    )
    effort: str | None = param(
        "effort",
        Choice(("low", "medium", "high", "xhigh", "max")),
        "How much work the model puts into the answer.",
        path="output_config.effort",
        group="thinking",
    )
    output_format: Json | None = param(
        "format",
        FormatKind(dict),
        'A JSON schema that the answer must fit: `{"type": "json_schema", "schema": {…}}`, or the bare schema.',
        path="output_config.format",
        group="output",
    )
    tools: Json | None = param("tools", JsonKind(list), "Tools that the model may call.", group="tools")
    tool_choice: Json | None = param(
        "tool choice",
        JsonKind(dict),
        'Whether it must call one: `{"type": "auto"}`, any, tool or none.',
        group="tools",
    )
    cache_control: str | None = param(
        "cache",
        Choice(("auto", "5m", "1h")),
        "Cache the prompt up to its last block, for the default time, 5 minutes or 1 hour.",
        group="service",
        wire={"auto": EPHEMERAL, **LASTING},
    )
    cache_system: str | None = param(
        "cache system",
        LIFETIME,
        "Cache the prompt up to the end of the system prompt, for 5 minutes or 1 hour.",
        path="system[-1].cache_control",
        group="service",
        wire=LASTING,
    )
    cache_tools: str | None = param(
        "cache tools",
        LIFETIME,
        "Cache the prompt up to the last of the tools, for 5 minutes or 1 hour.",
        path="tools[-1].cache_control",
        group="service",
        wire=LASTING,
    )
    service_tier: str | None = param(
        "tier", Choice(("auto", "standard_only")), "Whether priority capacity may be used.", group="service"
    )
    speed: str | None = param(
        "speed",
        Choice(("standard", "fast")),
        "Fast answers at a higher price, where the model has them.",
        group="service",
    )
    inference_geo: str | None = param(
        "geo",
        Choice(("global", "us"), open=True),
        "Where the model runs; `us` costs a tenth more.",
        group="service",
    )
    user_id: str | None = param(
        "user id", Text(), "An opaque id of your end user.", path="metadata.user_id", group="service"
    )
    container: Json | None = param(
        "container", JsonKind(plain=True), "A code execution container: its id, or a table.", group="tools"
    )
    diagnostics: Json | None = param(
        "diagnostics",
        JsonKind(dict, words=("auto",)),
        'Ask why a cache was missed: `{"previous_message_id": "msg_…"}`, or `auto` for the last answer of the lane.',
        group="service",
        wire={"auto": {"previous_message_id": None}},
    )
    version: str | None = param(
        "API version",
        Choice(("2023-06-01", "2026-10-21")),
        "The `anthropic-version` header; unset, the endpoint decides.",
        path="",
        group="service",
    )

    def __getitem__(self, key: str) -> Value | None:
        return cast(Value | None, getattr(self, key))

    @cached_property
    def items(self) -> tuple[tuple[Param, Value], ...]:
        """What is set, in the table's order."""
        return tuple((row, value) for row in FIELDS if (value := self[row.key]) is not None)

    def set(self, key: str, value: object) -> Params:
        """Raises ParamError when the key is unknown or the value of another kind; None unsets."""
        row = lookup(key)
        return self._with({key: None if value is None else row.read(value)})

    def unset(self, *keys: str) -> Params:
        """A key that nobody knows, as a file may name, is not sent anyway."""
        return self._with(dict.fromkeys(key for key in keys if key in BY_KEY))

    def merge(self, over: Params, unset: Iterable[str] = ()) -> Params:
        """These parameters, less the unset ones, with what `over` sets on top."""
        changed = {row.key: value for row, value in over.items}
        return self.unset(*unset)._with(changed)

    def _with(self, changes: Mapping[str, Any]) -> Params:
        return replace(self, **changes)

    def to_mapping(self) -> dict[str, object]:
        """What is set as TOML can say it: lists for tuples, tables for JSON without null, else JSON text."""
        return {row.key: row.plain(value) for row, value in self.items}


def _row(key: str, metadata: Mapping[str, Any]) -> Param:
    path = key if metadata["path"] is None else metadata["path"]
    return Param(key=key, **{**metadata, "path": tuple(part for part in path.split(".") if part)})


FIELDS: Final[tuple[Param, ...]] = tuple(_row(each.name, each.metadata) for each in fields(Params))
BY_KEY: Final[Mapping[str, Param]] = {row.key: row for row in FIELDS}


def lookup(key: str) -> Param:
    """The row of a key. Raises ParamError that names the nearest one."""
    if key in BY_KEY:
        return BY_KEY[key]
    near = nearest(key, BY_KEY)
    instead = f"did you mean {near}?" if near else f"the parameters are {', '.join(BY_KEY)}"
    raise ParamError(f"there is no parameter {key!r}; {instead}")


def from_mapping(
    mapping: Mapping[str, object], look: Callable[[], bool] = lambda: True
) -> tuple[Params, dict[str, object], tuple[str, ...]]:
    """Parameters from a table of a file, the keys nobody knows, and a sentence for each mistake.

    `look` says whether one more unknown key is worth a sentence.
    """
    found: dict[str, Any] = {}
    unknown: dict[str, object] = {}
    mistakes: list[str] = []
    for key, raw in mapping.items():
        if key not in BY_KEY and not look():
            unknown[key] = raw
            continue
        try:
            found[key] = lookup(key).read(raw)
        except ParamError as error:
            mistakes.append(str(error))
            unknown[key] = raw
    return Params(**found), unknown, tuple(mistakes)


def read_settings(settings: Iterable[str]) -> tuple[Params, tuple[str, ...]]:
    """`KEY=VALUE` texts as overrides and the keys they unset. Raises ParamError."""
    params, unset = Params(), list[str]()
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise ParamError(f"{setting!r} has no '='; write KEY=VALUE, or KEY= to unset")
        row = lookup(key.strip())
        if not text:
            unset.append(row.key)
            params = params.unset(row.key)
        else:
            params = params.set(row.key, row.read_setting(text))
    return params, tuple(unset)
