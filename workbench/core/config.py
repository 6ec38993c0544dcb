"""The user's configuration: a value, and one line for each mistake in its file (the rest still counts)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from workbench.core import address, cloud_settings, clouds
from workbench.core.clouds import Cloud
from workbench.core.endpoint import Endpoint
from workbench.core.kinds import either, shown_raw
from workbench.core.params import Params, from_mapping

DEFAULTS: Final = Params(model="claude-sonnet-4-6", max_tokens=1024)
"""What a new session starts with where the configuration says nothing: they show, and are saved, like any other."""
KINDS: Final = ("anthropic", *clouds.CLOUDS)
AUTHS: Final = ("x-api-key", "bearer", "none")
MEMBERS: Final = ("kind", "base_url", "auth", "version", "key_env", "key_file")
"""What every endpoint may have; clouds have more."""
ENTERS: Final = ("newline", "run")
VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Config:
    """What the user set once for all sessions."""

    endpoint: str | None = None
    theme: str | None = None
    budget_usd: Decimal | None = None
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    defaults: Params = DEFAULTS
    presets: Mapping[str, Params] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """USD per million tokens, by model."""
    models: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys by command id, in place of the built-in ones."""
    enter: str = "newline"
    count_tokens: bool = True
    """Whether prompts are counted by the endpoint before they are sent."""


def parse(tables: Mapping[str, object], file: str = "config.toml") -> tuple[Config, tuple[str, ...]]:
    """The configuration, and a line for each mistake: file, key, and what would be right."""
    reading = _Reading()
    for key, value in tables.items():
        read = READERS.get(key)
        if read is None:
            near = get_close_matches(key, READERS, n=1)
            reading.wrong(key, f"is not known; {f'did you mean {near[0]}?' if near else 'it was left out'}")
        else:
            read(reading, value)
    return reading.config, tuple(f"{file}: {line}" for line in reading.mistakes)


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.config = Config()
        self.mistakes: list[str] = []

    def wrong(self, key: str, sentence: str) -> None:
        self.mistakes.append(f"{key} {sentence}")

    def take(self, **changes: Any) -> None:
        self.config = replace(self.config, **changes)

    def text(self, key: str, value: object, *, example: str) -> str | None:
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(key, f"must be text, like {example}, not {shown_raw(value)}")
        return None

    def table(self, key: str, value: object) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        self.wrong(key, f"must be a table, written [{key}], not {shown_raw(value)}")
        return {}

    def choice(self, key: str, value: object, among: tuple[str, ...]) -> str | None:
        if isinstance(value, str) and value in among:
            return value
        self.wrong(key, f"must be {either(among)}, not {shown_raw(value)}")
        return None

    def params(self, key: str, value: object) -> Params:
        params, _, mistakes = from_mapping(self.table(key, value))
        for mistake in mistakes:
            self.wrong(f"[{key}]", mistake)
        return params


def _endpoint(reading: _Reading, value: object) -> None:
    reading.take(endpoint=reading.text("endpoint", value, example='"anthropic"'))


def _theme(reading: _Reading, value: object) -> None:
    reading.take(theme=reading.text("theme", value, example='"nightshift"'))


def _budget(reading: _Reading, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        reading.wrong("budget_usd", f"must be a sum in USD, like 5.00, not {shown_raw(value)}")
    else:
        reading.take(budget_usd=Decimal(str(value)))


def _defaults(reading: _Reading, value: object) -> None:
    reading.take(defaults=DEFAULTS.merge(reading.params("defaults", value)))


def _presets(reading: _Reading, value: object) -> None:
    table = reading.table("presets", value)
    reading.take(presets={name: reading.params(f"presets.{name}", params) for name, params in table.items()})


def _tables(name: str) -> Callable[[_Reading, object], None]:
    def read(reading: _Reading, value: object) -> None:
        table = reading.table(name, value)
        reading.take(**{name: {key: reading.table(f'{name}."{key}"', row) for key, row in table.items()}})

    return read


def _keys(reading: _Reading, value: object) -> None:
    found: dict[str, tuple[str, ...]] = {}
    for command, keys in reading.table("keys", value).items():
        listed = [keys] if isinstance(keys, str) else keys
        if isinstance(listed, list) and all(isinstance(each, str) and each for each in listed):
            found[command] = tuple(listed)
        else:
            reading.wrong(f"keys.{command}", f'must be a list of keys, like ["ctrl+j", "f5"], not {shown_raw(keys)}')
    reading.take(keys=found)


def _editor(reading: _Reading, value: object) -> None:
    for key, setting in reading.table("editor", value).items():
        if key != "enter":
            reading.wrong(f"editor.{key}", "is not known; the editor has enter")
        elif (enter := reading.choice("editor.enter", setting, ENTERS)) is not None:
            reading.take(enter=enter)


def _endpoints(reading: _Reading, value: object) -> None:
    found: dict[str, Endpoint] = {}
    for name, row in reading.table("endpoints", value).items():
        endpoint = _one_endpoint(reading, name, reading.table(f"endpoints.{name}", row))
        if endpoint is not None:
            found[name] = endpoint
    reading.take(endpoints=found)


def _one_endpoint(reading: _Reading, name: str, row: dict[str, Any]) -> Endpoint | None:
    at = f"endpoints.{name}"
    kind = row.get("kind", KINDS[0])
    if reading.choice(f"{at}.kind", kind, KINDS) is None:
        return None
    cloud = clouds.of(kind)
    known = (*MEMBERS, *(cloud.settings if cloud else ()))
    for key in row:
        if key == "key":
            reading.wrong(
                f"{at}.key",
                "does not belong in a file: name a variable in key_env, or a 0600 file in key_file",
            )
        elif key not in known:
            whose = f" of kind {kind}" if cloud else ""
            reading.wrong(f"{at}.{key}", f"is not known; an endpoint{whose} has {', '.join(known)}")
    texts = {key: row[key] for key in known if key in row and reading.text(f"{at}.{key}", row[key], example='"…"')}
    if not _allowed(reading, at, texts, cloud):
        return None
    if cloud is not None:
        texts = {"base_url": "", "auth": cloud_settings.UNDECIDED, **texts}
    elif "base_url" not in texts:
        reading.wrong(f"{at}.base_url", 'is missing: the address without /v1, like "http://127.0.0.1:8080"')
        return None
    if texts["base_url"]:
        if mistake := address.mistake(texts["base_url"]):
            reading.wrong(f"{at}.base_url", mistake)
            return None
        texts["base_url"] = address.written(texts["base_url"])
    return Endpoint(name=name, **texts)


def _allowed(reading: _Reading, at: str, texts: Mapping[str, str], cloud: Cloud | None) -> bool:
    """Whether what an endpoint's row says can be; each mistake is told."""
    if "auth" in texts and reading.choice(f"{at}.auth", texts["auth"], cloud.auths if cloud else AUTHS) is None:
        return False
    if "key_env" in texts and not VARIABLE.fullmatch(texts["key_env"]):
        reading.wrong(f"{at}.key_env", "must be the name of a variable, like LLAMA_KEY, and not a key")
        return False
    if texts.get("key_file", "").startswith("sk-"):
        reading.wrong(f"{at}.key_file", "must be the path of a file that holds the key, and not a key")
        return False
    for name in cloud.settings if cloud else ():
        if name in texts and (mistake := cloud_settings.mistake(name, texts[name])):
            reading.wrong(f"{at}.{name}", mistake)
            return False
    return True


def _count_tokens(reading: _Reading, value: object) -> None:
    if isinstance(value, bool):
        reading.take(count_tokens=value)
    else:
        reading.wrong("count_tokens", f"must be true or false, not {shown_raw(value)}")


READERS: Final[Mapping[str, Callable[[_Reading, object], None]]] = {
    "endpoint": _endpoint,
    "theme": _theme,
    "budget_usd": _budget,
    "endpoints": _endpoints,
    "defaults": _defaults,
    "presets": _presets,
    "prices": _tables("prices"),
    "models": _tables("models"),
    "keys": _keys,
    "editor": _editor,
    "count_tokens": _count_tokens,
}
