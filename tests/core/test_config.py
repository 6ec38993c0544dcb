"""The configuration: what it gives, and one line for each mistake while the rest still counts."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

import pytest

from workbench.core.config import DEFAULTS, KINDS, Config, parse
from workbench.core.endpoint import Endpoint
from workbench.core.params import Params

EXAMPLE = """
endpoint = "anthropic"
theme = "nightshift"
budget_usd = 5.00

count_tokens = false

[endpoints.llama]
kind = "anthropic"
base_url = "http://127.0.0.1:8080/"
auth = "none"
version = "2023-06-01"
key_env = "LLAMA_KEY"

[defaults]
model = "claude-sonnet-4-6"
max_tokens = 1024
temperature = 0.5

[presets.strict]
temperature = 0.0

[prices."my-local-model"]
input = 0.0
output = 0.0

[models."my-local-model"]
context = 8192

[keys]
run = ["ctrl+j", "f5"]
stop = "f12"

[editor]
enter = "run"
"""


def test_everything_at_once() -> None:
    config, mistakes = parse(tomllib.loads(EXAMPLE))
    assert mistakes == ()
    llama = Endpoint("llama", "http://127.0.0.1:8080", "anthropic", "none", version="2023-06-01", key_env="LLAMA_KEY")
    assert config == Config(
        endpoint="anthropic",
        theme="nightshift",
        budget_usd=Decimal("5.0"),
        endpoints={"llama": llama},
        defaults=Params(model="claude-sonnet-4-6", max_tokens=1024, temperature=0.5),
        presets={"strict": Params(temperature=0.0)},
        prices={"my-local-model": {"input": 0.0, "output": 0.0}},
        models={"my-local-model": {"context": 8192}},
        keys={"run": ("ctrl+j", "f5"), "stop": ("f12",)},
        enter="run",
        count_tokens=False,
    )


def test_nothing_at_all() -> None:
    assert parse({}) == (Config(), ())
    assert Config().defaults == DEFAULTS


@pytest.mark.parametrize(
    ("line", "mistakes"),
    [
        ("endpoit = 'x'", ["endpoit is not known; did you mean endpoint?"]),
        ("zzz = 1", ["zzz is not known; it was left out"]),
        ("endpoint = 5", ['endpoint must be text, like "anthropic", not 5']),
        ("endpoint = ' '", ["endpoint must be text, like \"anthropic\", not ' '"]),
        ("theme = []", ['theme must be text, like "nightshift", not a list']),
        ("budget_usd = '5'", ["budget_usd must be a sum in USD, like 5.00, not '5'"]),
        ("budget_usd = -1", ["budget_usd must be a sum in USD, like 5.00, not -1"]),
        ("budget_usd = nan", ["budget_usd must be a sum in USD, like 5.00, not nan"]),
        ("budget_usd = true", ["budget_usd must be a sum in USD, like 5.00, not true or false"]),
        ("endpoints = 'x'", ["endpoints must be a table, written [endpoints], not 'x'"]),
        ("[endpoints]\nx = 1", ["endpoints.x must be a table, written [endpoints.x], not 1", None]),
        ("[endpoints.x]\nauth = 'none'", [None]),
        ("[endpoints.x]\nbase_url = ''", ["endpoints.x.base_url must be text, like \"…\", not ''", None]),
        (
            "[endpoints.x]\nbase_url = 'http://h'\nkey = 'sk-secret'",
            [
                "endpoints.x.key does not belong in a file: name a variable in key_env, or a 0600 file in key_file",
            ],
        ),
        (
            "[endpoints.x]\nbase_url = 'http://h'\nurl = 'y'",
            [
                "endpoints.x.url is not known; an endpoint has kind, base_url, auth, version, key_env, key_file",
            ],
        ),
        (
            "[endpoints.x]\nbase_url = 'http://h'\nauth = 'basic'",
            ["endpoints.x.auth must be x-api-key, bearer or none, not 'basic'"],
        ),
        (
            "[endpoints.x]\nbase_url = 'http://h'\nkind = 'openai'",
            [f"endpoints.x.kind must be {', '.join(KINDS[:-1])} or {KINDS[-1]}, not 'openai'"],
        ),
        (
            "[endpoints.x]\nbase_url = 'ftp://h'",
            ["endpoints.x.base_url must begin with https:// or http://, not 'ftp://h'"],
        ),
        ("defaults = 1", ["defaults must be a table, written [defaults], not 1"]),
        (
            "[defaults]\ntemprature = 1",
            ["[defaults] there is no parameter 'temprature'; did you mean temperature?"],
        ),
        ("[defaults]\ntop_k = 'x'", ["[defaults] top_k takes a whole number, not 'x'"]),
        ("[presets.a]\neffort = 'x'", ["[presets.a] effort takes low, medium, high, xhigh or max, not 'x'"]),
        ("[presets]\na = 1", ["presets.a must be a table, written [presets.a], not 1"]),
        ("[prices]\nm = 1", ['prices."m" must be a table, written [prices."m"], not 1']),
        ("[keys]\nrun = 5", ['keys.run must be a list of keys, like ["ctrl+j", "f5"], not 5']),
        ("[keys]\nrun = ['']", ['keys.run must be a list of keys, like ["ctrl+j", "f5"], not a list']),
        ("[editor]\nenter = 'send'", ["editor.enter must be newline or run, not 'send'"]),
        ("count_tokens = 'no'", ["count_tokens must be true or false, not 'no'"]),
        ("[editor]\ntabs = 1", ["editor.tabs is not known; the editor has enter"]),
    ],
)
def test_a_mistake_is_one_line_and_the_rest_counts(line: str, mistakes: list[str | None]) -> None:
    missing = 'endpoints.x.base_url is missing: the address without /v1, like "http://127.0.0.1:8080"'
    rest = "\n[presets.kept]\ntemperature = 0.25\n"
    config, said = parse(tomllib.loads(line + rest if "presets = " not in line else line), "my.toml")
    assert list(said) == [f"my.toml: {missing if each is None else each}" for each in mistakes]
    assert config.presets["kept"] == Params(temperature=0.25)


def test_a_wrong_default_leaves_the_others() -> None:
    config, _ = parse({"defaults": {"top_k": "x", "temperature": 0.1}})
    assert config.defaults == DEFAULTS.merge(Params(temperature=0.1))


@pytest.mark.parametrize("value", [None, 1, [], "x", {"a": 1}, {"a": {"b": []}}, [1], True])
@pytest.mark.parametrize(
    "key",
    ["endpoint", "theme", "budget_usd", "endpoints", "defaults", "presets", "prices", "models", "keys", "editor"],
)
def test_no_value_is_a_traceback(key: str, value: Any) -> None:
    config, mistakes = parse({key: value})
    assert isinstance(config, Config)
    assert all(each.startswith("config.toml: ") for each in mistakes)
