"""The models: what the endpoint lists, what each takes and costs; asked for on a key, and once a day by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.engine.fault_server import says, serving
from tests.ui.acts import Start, notes, opened, params, reaching
from tests.ui.story import NOON, User
from workbench.core.endpoint import Endpoint
from workbench.core.params import Params
from workbench.engine.endpoints import Chosen
from workbench.engine.model_list import ModelLists
from workbench.ui.chat import listing
from workbench.ui.screens.model_choice import ModelChoice

NOVA = {
    "id": "claude-nova-6",
    "type": "model",
    "display_name": "Claude Nova 6",
    "created_at": "2026-11-20T00:00:00Z",
    "lifecycle": "active",
    "max_input_tokens": 2_000_000,
    "max_tokens": 256_000,
    "capabilities": {"image_input": {"supported": True}, "pdf_input": {"supported": True}},
}


async def chosen(user: User) -> ModelChoice:
    await user.does("models")
    return await opened(user, ModelChoice)


async def test_the_list_says_what_each_model_takes_and_costs_and_is_asked_for_anew_on_a_key(start: Start) -> None:
    async with start("usual") as user:
        user.chat.view.focus()
        dialog = await chosen(user)
        user.reads("the built-in table", "$4.00 in · $20.00 out", "retires 2026-11-30 (in 8 days)", "cache from 1 024")
        await user.presses("ctrl+r")
        await user.until(lambda: user.app.screen is not dialog)
        dialog = await opened(user, ModelChoice)
        user.reads("listed by simulator")
        assert "simulator lists 18 models." in notes(user)
        await user.presses("escape")
        user.app.clear_notifications()
        dialog = await chosen(user)
        await user.sees("models")
        dialog.field.value = "haiku-4-5"
        await user.pilot.pause()
        await user.presses("enter")
        await user.until(lambda: params(user).model == "claude-haiku-4-5")
        await user.does("undo")
        assert params(user).model == "claude-sonnet-4-6"
        assert not [*user.app.desk.places.cache.glob("*")], "what the simulator lists is nothing to keep"


async def test_what_an_endpoint_lists_is_kept_offered_and_asked_for_once_a_day(start: Start, tmp_path: Path) -> None:
    listed = says("200 OK", json.dumps({"data": [NOVA], "has_more": False}).encode())
    async with serving(listed) as server:
        async with start("usual", chosen=reaching(server.base_url)) as user:
            await listing.look(user.chat)
            assert len(server.requests) == 1
            model = user.app.desk.catalogue.find("claude-nova-6")
            assert model is not None
            assert (model.context, model.prices) == (2_000_000, None)
            await listing.look(user.chat)
            assert len(server.requests) == 1, "it was asked for today"
            lists, endpoint = user.app.desk.lists, user.app.desk.chosen.endpoint
            lists.keep(endpoint, [{"id": "old"}], NOON.replace(day=20))
            await listing.look(user.chat)
            assert len(server.requests) == 2
            user.chat.view.focus()
            await chosen(user)
            user.reads("claude-nova-6", "2M context, 256k out · effort low…max · images, PDFs", "price unknown")
            await user.presses("escape")
            user.app.desk.choose("simulator")
            assert user.app.desk.catalogue.find("claude-nova-6") is None, "another endpoint has its own"
        assert "sk-test" not in lists.path(endpoint).read_text()


async def test_a_region_of_a_cloud_costs_in_the_list_what_the_meter_will_take(start: Start) -> None:
    there = Endpoint("vertex", "https://europe-west1-aiplatform.googleapis.com", "vertex", region="europe-west1")
    async with start("usual", chosen=Chosen(there)) as user:
        user.chat.view.focus()
        await chosen(user)
        user.reads("$4.40 in · $22.00 out")
        await user.presses("escape")
        user.app.desk.chosen = Chosen(replace(there, region="global"))
        await chosen(user)
        user.reads("$4.00 in · $20.00 out")


async def test_another_servers_models_are_the_only_ones_and_one_without_a_list_says_so(start: Start) -> None:
    models = {"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "details": {"context_length": 40_960}}]}
    async with serving(says("200 OK", json.dumps(models).encode()), says("500 No", b"no")) as server:
        there = Chosen(Endpoint("ollama", server.base_url, auth="none", keyless=True))
        async with start("usual", chosen=there) as user:
            user.chat.change(user.chat.session.with_param(user.chat.lane, "model", "qwen3:8b"))
            user.chat.view.focus()
            dialog = await chosen(user)
            await user.presses("ctrl+r")
            await user.until(lambda: user.app.screen is not dialog)
            dialog = await opened(user, ModelChoice)
            assert [item.id for item in dialog.items] == ["qwen3:8b"]
            user.reads("40 960 context")
            await user.presses("ctrl+r")
            await user.until(lambda: user.app.screen is not dialog)
            await opened(user, ModelChoice)
            assert "ollama lists no models" in notes(user)
            assert [item.id for item in dialog.items] == ["qwen3:8b"]
            assert Params(model="qwen3:8b").model == params(user).model
    assert ModelLists(user.app.desk.places.cache).read(there.endpoint) is not None
