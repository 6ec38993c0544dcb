"""Lists of models, in every shape that servers have for them; kept for one address, and trusted for no other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.engine.fault_server import Behave, says, serving
from tests.engine.running import KEY, endpoint, running
from workbench.core.endpoint import Endpoint
from workbench.core.models import Catalogue
from workbench.core.problem import Problem
from workbench.engine import model_list
from workbench.engine.model_list import Listed, ModelLists
from workbench.engine.origins import Origins

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
HERE = Endpoint("mine", "http://127.0.0.1:8080")


def page(value: Any) -> Behave:
    return says("200 OK", json.dumps(value).encode())


OLLAMA = {
    "models": [
        {
            "name": "qwen3:8b",
            "model": "qwen3:8b",
            "modified_at": "2026-11-01T10:00:00.123+02:00",
            "size": 5_225_376_047,
            "details": {"family": "qwen3", "parameter_size": "8.2B", "context_length": 40_960},
        },
        {"name": "llama4:scout", "model": "llama4:scout"},
    ]
}
OPENAI = {
    "object": "list",
    "data": [
        {"id": "meta/llama-4-scout", "object": "model", "created": 1_761_000_000, "max_model_len": 131_072},
        {"id": "gpt-oss-20b", "object": "model", "created": 0, "owned_by": "me"},
    ],
}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (OLLAMA, {"qwen3:8b": (40_960, None), "llama4:scout": (None, None)}),
        (OPENAI, {"meta/llama-4-scout": (131_072, "2025-10-20"), "gpt-oss-20b": (None, None)}),
        ([{"id": "a", "context_length": 8192}], {"a": (8192, None)}),
        ({"object": "list", "data": None}, {}),
        ({"data": [{"id": "a", "meta": {"n_ctx_train": 4096}}, {"id": ""}, {"id": "x" * 201}, 3]}, {"a": (4096, None)}),
    ],
)
async def test_other_servers_lists_are_read_in_their_own_shapes(payload: Any, expected: Any) -> None:
    async with serving(page(payload)) as server, running() as runner:
        rows = await runner.models(endpoint(server.base_url), KEY)
    assert not isinstance(rows, Problem)
    catalogue = Catalogue.builtin().merge_live({"data": rows})
    offered = catalogue.offered(vendor=False)
    assert {each.id: (each.context, each.released and each.released.isoformat()) for each in offered} == expected
    assert all(each.prices is None and not each.listed for each in offered)


async def test_an_older_ollama_lists_its_tags_elsewhere() -> None:
    async with serving(says("404 Not Found", b"404 page not found", "text/plain"), page(OLLAMA)) as server:
        async with running() as runner:
            rows = await runner.models(endpoint(server.base_url), KEY)
        assert [line.head.split(b" ")[1] for line in server.requests] == [b"/v1/models?limit=1000", b"/api/tags"]
    assert not isinstance(rows, Problem)
    assert [row["id"] for row in rows] == ["qwen3:8b", "llama4:scout"]


async def test_what_was_listed_is_kept_with_its_time_and_without_a_key(tmp_path: Path) -> None:
    lists = ModelLists(tmp_path / "cache")
    async with serving(page(OPENAI)) as server, running() as runner:
        here = endpoint(server.base_url)
        found = await model_list.ask(runner, here, KEY, lists, NOW)
    assert isinstance(found, Listed)
    assert lists.read(here) == found
    file = lists.path(here)
    assert file.stat().st_mode & 0o777 == 0o600
    assert KEY.reveal() not in file.read_text()
    assert not found.old(NOW + timedelta(hours=23))
    assert found.old(NOW + timedelta(hours=25))
    assert found.old(NOW - timedelta(hours=1)), "a clock that was set back tells nothing"
    assert lists.read(replace(here, base_url="http://127.0.0.1:1")) is None
    moved = file.with_name(lists.path(replace(here, base_url="http://127.0.0.1:1")).name)
    file.rename(moved)
    assert lists.read(replace(here, base_url="http://127.0.0.1:1")) is None, "another address's list is nobody's"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"base_url": "http://127.0.0.1:8080", "fetched": "yesterday", "models": []}',
        '{"base_url": "http://127.0.0.1:8080", "fetched": "2026-11-22T14:00:00", "models": []}',
        '{"base_url": "http://127.0.0.1:8080", "fetched": "2026-11-22T14:00:00Z", "models": [1]}',
        '{"base_url": "http://127.0.0.1:8080", "fetched": "2026-11-22T14:00:00Z", "models": {}}',
        '{"fetched": "2026-11-22T14:00:00Z", "models": []}',
    ],
)
def test_a_kept_list_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    lists = ModelLists(tmp_path)
    lists.path(HERE).write_text(text)
    assert lists.read(HERE) is None
    lists.keep(HERE, [{"id": "a"}], NOW)
    assert lists.read(HERE) == Listed(({"id": "a"},), NOW)


async def test_nobody_is_asked_before_the_user_agreed_and_no_cloud_without_a_list(tmp_path: Path) -> None:
    lists, far = ModelLists(tmp_path), Endpoint("far", "https://gateway.example")
    async with running() as runner:
        found = await model_list.ask(runner, far, KEY, lists, NOW, Origins(tmp_path / "origins.json"))
        assert isinstance(found, Problem)
        assert not runner.confirmed
        cloud = Endpoint("aws", "https://bedrock-runtime.us-east-1.amazonaws.com", kind="bedrock")
        lacking = await model_list.ask(runner, cloud, KEY, lists, NOW)
    assert isinstance(lacking, Problem)
    assert "lists no models" in str(lacking)
    assert lists.read(far) is lists.read(cloud) is None


async def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in its place")
    async with serving(page(OPENAI)) as server, running() as runner:
        found = await model_list.ask(runner, endpoint(server.base_url), KEY, ModelLists(tmp_path / "cache"), NOW)
    assert isinstance(found, Listed)
    assert len(found.rows) == 2
