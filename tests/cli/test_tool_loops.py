"""`workbench run` through whole tool loops: answered by the file, by an option, or ended with what is missing."""

from __future__ import annotations

import json
import shutil
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from tests.simulator.official import anthropic
from workbench.core import rebuilt
from workbench.core.cost import money
from workbench.engine import store

SESSIONS = Path(__file__).parent.parent / "sessions"
SEARCH = """
[session]
prompt = "Search for lighthouses: pause_turn, then pause_turn."
[params]
model = "claude-sonnet-4-6"
max_tokens = 1024
tools = [{ type = "web_search_20260318", name = "web_search" }]
"""


@pytest.fixture
def loop() -> Path:
    """The session with three rounds, in the folder of the test."""
    return Path(shutil.copy(SESSIONS / "tool-loop.toml", "loop.toml"))


def saved(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text())


def without(file: Path, tool: str) -> None:
    """Take a tool's canned results away."""
    head, *rows = file.read_text().split("[[tool_results]]")
    file.write_text("[[tool_results]]".join([head, *(row for row in rows if f'tool = "{tool}"' not in row)]))


def called(body: dict[str, Any]) -> list[str]:
    blocks = [block for turn in body["messages"] for block in turn["content"] if isinstance(block, dict)]
    return [block["name"] for block in blocks if block["type"] == "tool_use"]


def test_three_rounds_need_nobody(program: Program, served: Served, loop: Path) -> None:
    result = program("run", loop)
    assert result.status == 0, result.err
    assert [called(body) for body in served.bodies] == [
        [],
        ["find_order"],
        ["find_order", "track_parcel"],
        ["find_order", "track_parcel", "get_weather"],
    ]
    last = served.bodies[-1]["messages"]
    assert [turn["role"] for turn in last] == ["user", "assistant"] * 3 + ["user"]
    assert last[2]["content"] == [
        {
            "type": "tool_result",
            "tool_use_id": last[1]["content"][-1]["id"],
            "content": '{"state": "sent", "parcel": "PX-1881"}',
        }
    ]
    assert "is_error" not in last[-1]["content"][0]
    assert "snow, −3 °C" in result.out
    assert [line for line in result.err.splitlines() if line.startswith("→")] == [
        '→ find_order {"number": "88231"}',
        '→ track_parcel {"parcel": "PX-1881"}',
        '→ get_weather {"city": "Lyon"}',
    ]
    tables = saved(loop)
    spent = sum((Decimal(run["cost_usd"]) for run in tables["runs"]), Decimal(0))
    told = [line for line in result.err.splitlines() if " out · " in line]
    assert ["rounds" in line for line in told] == [False, False, False, True]
    assert told[-1].endswith(f" · 4 rounds {money(spent)}")
    assert [run["stop_reason"] for run in tables["runs"]] == ["tool_use"] * 3 + ["end_turn"]
    assert len(tables["tool_results"]) == 4
    assert tables["lanes"][0]["tip"] == tables["messages"][-1]["id"] == "m8"
    again = program("run", loop)
    now = Decimal(saved(loop)["runs"][-1]["cost_usd"])
    earlier = sum((Decimal(run["cost_usd"]) for run in tables["runs"][:3]), Decimal(0))
    assert (len(served.bodies), again.err.count(" out · ")) == (5, 1)
    assert again.err.rstrip().endswith(f" · 4 rounds {money(earlier + now)}, 1 of them now {money(now)}")
    none = json.dumps({"type": "none"})
    assert program("run", loop, "--prompt", "Thanks.", "--set", f"tool_choice={none}", "--max-rounds", "1").status == 0


def test_the_official_sdk_sends_the_same_body_for_the_same_loop(program: Program, served: Served, loop: Path) -> None:
    assert program("run", loop).status == 0
    ours = served.bodies[-1]
    with anthropic.Anthropic(base_url=served.base_url, api_key="sk-test") as client:
        fields = {key: value for key, value in ours.items() if key != "stream"}
        client.messages.create(**fields, stream=True).close()
    assert served.bodies[-1] == ours
    assert [tool["name"] for tool in ours["tools"]] == ["find_order", "track_parcel", "get_weather"]


def test_a_model_that_thinks_gets_its_thinking_back_and_each_request_can_be_made_again(
    program: Program, served: Served, loop: Path
) -> None:
    loop.write_text(loop.read_text().replace("claude-sonnet-4-6", "claude-opus-5-5").replace("1024", "4000"))
    assert program("run", loop).status == 0
    session = store.load(loop).session
    answers = [message.blocks for message in session.messages if message.role == "assistant"]
    sent = [turn["content"] for turn in served.bodies[-1]["messages"] if turn["role"] == "assistant"]
    assert sent == answers[:3]
    assert all(blocks[0]["type"] == "thinking" for blocks in sent)
    found = [rebuilt.rebuild(session, run) for run in session.runs]
    assert [each is not None and each.exact for each in found] == [True] * 4


def test_every_lane_and_every_repeat_has_a_loop_of_its_own(program: Program, served: Served, loop: Path) -> None:
    loop.write_text(loop.read_text() + '[[lanes]]\nid = "A"\n[[lanes]]\nid = "B"\nparams = { temperature = 0.0 }\n')
    result = program("run", loop, "--repeat", "2", "--json", "--no-save")
    assert result.status == 0, result.err
    assert len(result.records) == 16
    assert sorted({record["id"] for record in result.records}, key=lambda each: int(each[1:])) == [
        f"r{at}" for at in range(1, 17)
    ]
    for lane in "AB":
        own = [record for record in result.records if record["lane"] == lane]
        assert sorted(record["stop_reason"] for record in own) == ["end_turn"] * 2 + ["tool_use"] * 6
    text = program("run", loop, "--no-save").out
    assert text.count("── A ──") == text.count("── B ──") == 1
    assert text.index("── A ──") < text.index("`get_weather`") < text.index("── B ──")


def test_a_missing_result_is_named_and_what_came_is_kept_until_it_is_given(
    program: Program, served: Served, loop: Path
) -> None:
    without(loop, "track_parcel")
    result = program("run", loop)
    assert result.status == 1
    assert 'no result for track_parcel {"parcel": "PX-1881"}: add [[tool_results]] with tool = "track_p' in result.err
    assert len(saved(loop)["runs"]) == 2
    sent = len(served.bodies)
    again = program("run", loop)
    assert (again.status, len(served.bodies)) == (2, sent)
    assert "no result for track_parcel" in again.err
    whole = program("run", loop, "--result", "track_parcel=gone = lost", "--prompt", "Now hurry, then get_weather.")
    assert whole.status == 0, whole.err
    results = served.bodies[sent]["messages"][-1]["content"]
    assert results[0]["content"] == "gone = lost"
    assert results[1] == {"type": "text", "text": "Now hurry, then get_weather."}
    assert program("run", loop, "--result", "track_parcel").status == 2


def test_a_loop_that_goes_on_and_on_is_ended(program: Program, served: Served, loop: Path) -> None:
    forced = json.dumps({"type": "tool", "name": "get_weather"})
    result = program("run", loop, "--set", f"tool_choice={forced}", "--max-rounds", "3")
    assert (result.status, len(served.bodies)) == (1, 3)
    assert "stopped after 3 rounds: --max-rounds 6 allows more" in result.err
    assert "no text came" in result.err


def test_a_result_can_stand_in_a_file_beside_the_session_only(program: Program, served: Served, loop: Path) -> None:
    rows = '[[tool_results]]\ntool = "track_parcel"\nfile = "parcel.txt"\n'
    without(loop, "track_parcel")
    loop.write_text(loop.read_text() + rows)
    missing = program("run", loop, "--no-save")
    assert missing.status == 1
    assert (
        "the result of track_parcel: parcel.txt can't be read: there is no such file or folder; or give --result"
        in (missing.err)
    )
    Path("parcel.txt").write_text("it is\nin Lyon\n")
    assert program("run", loop, "--no-save").status == 0
    assert served.bodies[-1]["messages"][4]["content"][0]["content"] == "it is\nin Lyon\n"
    loop.write_text(loop.read_text().replace("parcel.txt", "../parcel.txt"))
    found = program("run", loop, "--no-save").err
    assert "lies outside of the session's folder; copy it there; or give --result track_parcel=TEXT" in found


def test_a_call_that_was_cut_off_is_said_and_not_answered(program: Program, served: Served, loop: Path) -> None:
    result = program("run", loop, "--set", "max_tokens=16")
    assert result.status == 1
    assert "the call was cut off before its end, so nothing can answer it: raise max_tokens" in result.err
    assert len(served.bodies) == 1


def test_a_paused_turn_is_gone_on_with(program: Program, served: Served) -> None:
    file = Path("search.toml")
    file.write_text(SEARCH)
    result = program("run", file)
    assert result.status == 0, result.err
    assert result.err.count("→ the server paused its turn: it goes on") == 2
    assert [turn["role"] for turn in served.bodies[-1]["messages"]] == ["user", "assistant", "assistant"]
    assert [run["stop_reason"] for run in saved(file)["runs"]] == ["pause_turn", "pause_turn", "end_turn"]
    file.write_text(SEARCH)
    assert program("run", file, "--max-rounds", "1").status == 1
    assert program("run", file).status == 0
    assert [message["role"] for message in saved(file)["messages"]] == ["user"] + ["assistant"] * 3


def test_counts_and_exports_are_of_the_request_that_would_go_on(program: Program, served: Served, loop: Path) -> None:
    program("run", loop, "--max-rounds", "1")
    body = json.loads(program("export", loop, "--as", "json").out)
    assert body["messages"][-1]["content"][0]["type"] == "tool_result"
    without(loop, "find_order")
    refused = program("count", loop)
    assert refused.status == 2
    assert "no result for find_order" in refused.err
