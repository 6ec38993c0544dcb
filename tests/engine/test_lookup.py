"""Counting tokens and listing models, on servers that can and servers that can't."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine import fault_server as fault
from tests.engine.fault_server import says, sends, serving
from tests.engine.running import KEY, REQUEST, endpoint, running
from workbench.core import model_live
from workbench.core.endpoint import Endpoint
from workbench.core.problem import Problem


def page(**members: Any) -> fault.Behave:
    return says("200 OK", json.dumps(members).encode())


async def test_tokens_are_counted() -> None:
    async with serving(page(input_tokens=14)) as server, running() as runner:
        assert await runner.count_tokens(REQUEST, endpoint(server.base_url), KEY) == 14
        talk = server.requests[0]
    assert talk.head.startswith(b"POST /v1/messages/count_tokens ")
    assert json.loads(talk.body) == {"model": "m", "messages": [{"role": "user", "content": "Say something."}]}


@pytest.mark.parametrize(
    "behave",
    [
        says("404 Not Found", b"<h1>no</h1>", "text/html"),
        says("405 No", b""),
        page(tokens=3),
        page(input_tokens="3"),
        page(input_tokens=True),
        page(input_tokens=10**400),
        page(input_tokens=-1),
        says("200 OK", b"[3]"),
        says("200 OK", b""),
        sends(),
        sends(fault.head(kind="application/json", content_length=90), b'{"input'),
    ],
)
async def test_a_server_that_can_not_count_gives_a_problem(behave: fault.Behave) -> None:
    async with serving(behave) as server, running() as runner:
        found = await runner.count_tokens(REQUEST, endpoint(server.base_url), KEY)
    assert isinstance(found, Problem)
    assert found.title


async def test_models_are_listed_page_by_page() -> None:
    first = page(data=[{"id": "a", "display_name": "A"}, {"id": "b"}], has_more=True, last_id="b")
    async with serving(first, page(data=[{"id": "c"}], has_more=False, last_id="c")) as server, running() as runner:
        found = await runner.models(endpoint(server.base_url), KEY)
        lines = [talk.head.partition(b"\r\n")[0] for talk in server.requests]
    assert found == [{"id": "a", "display_name": "A"}, {"id": "b"}, {"id": "c"}]
    assert lines == [b"GET /v1/models?limit=1000 HTTP/1.1", b"GET /v1/models?limit=1000&after_id=b HTTP/1.1"]


async def test_of_a_list_without_measure_the_first_are_taken() -> None:
    rows = [{"id": f"m{at}"} for at in range(model_live.MOST + 5)]
    async with serving(page(data=rows, has_more=True, last_id="x")) as server, running() as runner:
        found = await runner.models(endpoint(server.base_url), KEY)
        asked = len(server.requests)
    assert found == rows[:-5]
    assert asked == 1


async def test_a_list_that_never_ends_does() -> None:
    async with serving(page(data=[{"id": "a"}], has_more=True, last_id="a")) as server, running() as runner:
        assert await runner.models(endpoint(server.base_url), KEY) == [{"id": "a"}]
        assert len(server.requests) == 2


async def test_an_openai_list_and_its_oddities() -> None:
    listed = page(object="list", data=[{"id": "a", "object": "model"}, {"owner": "no id"}, "text", {"id": 3}])
    async with serving(listed) as server, running() as runner:
        assert await runner.models(endpoint(server.base_url), KEY) == [{"id": "a", "object": "model"}]


@pytest.mark.parametrize("behave", [says("404 No", b"{}"), says("405 No", b""), page(model=[]), page(data={})])
async def test_a_server_without_models_gives_a_problem(behave: fault.Behave) -> None:
    async with serving(behave) as server, running() as runner:
        assert isinstance(await runner.models(endpoint(server.base_url), KEY), Problem)


async def test_a_kept_connection_that_was_closed_is_replaced() -> None:
    async with serving(page(input_tokens=1), sends(), page(input_tokens=2)) as server, running() as runner:
        counts = [await runner.count_tokens(REQUEST, endpoint(server.base_url), KEY) for _ in range(2)]
    assert counts == [1, 2]


async def test_no_key_is_sent_where_none_may_go() -> None:
    async with running() as runner:
        lan = Endpoint("lan", "http://no-such-host.invalid")
        assert isinstance(await runner.count_tokens(REQUEST, lan, KEY), Problem)
        assert isinstance(await runner.models(lan, KEY), Problem)
