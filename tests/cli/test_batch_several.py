"""What goes as several batches: requests of different API versions, and more than one batch takes."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Served
from tests.cli.test_batch import ASKING, created, quick, results, rows
from tests.pictures import png
from workbench.core import batch_items

__all__ = ["quick"]

MIXED = f"""{ASKING}
[[sweeps]]
axes = {{ temperature = ["", 0.5, 1.0] }}
repeats = 2
"""


def test_requests_of_two_versions_are_two_batches_of_one_sweep(program: Program, quick: Served) -> None:
    Path("s.toml").write_text(MIXED)
    done = program("sweep", "s.toml", "--batch", "--json")
    assert (done.status, len(done.records)) == (0, 6)
    made = [each for each in quick.simulator.received if each.method == "POST" and each.target.endswith("/batches")]
    assert [each.header("anthropic-version") for each in made] == ["2026-10-21", "2023-06-01"]
    assert [each["requests"] for each in rows()] == [2, 4]
    assert {(each["cell"]["temperature"], each["repeat"]) for each in results()} == {
        (value, repeat) for value in ("", 0.5, 1.0) for repeat in (0, 1)
    }
    assert program("sweep", "s.toml", "--dry-run").out.startswith("w1: 6 requests · all done")


def test_more_than_a_batch_takes_goes_as_several(
    program: Program, quick: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_items.parcels, "__kwdefaults__", {"most": 2, "room": 10_000})
    Path("s.toml").write_text(MIXED.replace('["", 0.5, 1.0]', "[0.0, 0.5, 1.0]"))
    dry = program("batch", "submit", "s.toml", "--sweep", "w1", "--dry-run")
    assert "6 requests in 3 batches" in dry.out
    done = program("batch", "submit", "s.toml", "--sweep", "w1", "--wait")
    assert done.status == 0
    assert [len(body["requests"]) for body in created(quick)] == [2, 2, 2]
    assert [(each["id"], each["status"]) for each in rows()] == [(f"b{at}", "collected") for at in (1, 2, 3)]
    assert len({each["id"] for each in results()}) == 6


def test_what_is_attached_goes_as_its_bytes(program: Program, quick: Served) -> None:
    Path("lamp.png").write_bytes(png(30, 20))
    Path("s.toml").write_text(MIXED.replace("max_tokens = 20", "max_tokens = 200"))
    done = program("batch", "submit", "s.toml", "--prompt", "What is it?", "--attach", "lamp.png", "--wait")
    assert done.status == 0
    (asked,) = created(quick)[0]["requests"]
    source = asked["params"]["messages"][-1]["content"][0]["source"]
    assert base64.b64decode(source["data"]) == Path("lamp.png").read_bytes()
    assert 'path = "lamp.png"' in Path("s.toml").read_text()


def test_a_set_of_prompts_is_a_lane_each(program: Program, quick: Served) -> None:
    prompts = ("Name a colour.", "Name a river.", "Name a tree.")
    rows = [f'[[lanes]]\ntip = "q{at}"\n' for at in range(3)]
    rows += [
        f'[[messages]]\nid = "q{at}"\nparent = ""\nrole = "user"\ntext = "{text}"\n' for at, text in enumerate(prompts)
    ]
    Path("set.toml").write_text('[params]\nmodel = "claude-haiku-4-5"\nmax_tokens = 20\n' + "".join(rows))
    assert program("batch", "submit", "set.toml").status == 0
    (sent,) = created(quick)
    assert tuple(each["params"]["messages"][0]["content"] for each in sent["requests"]) == prompts
    found = program("batch", "results", "set.toml", "--wait", "--json")
    assert found.status == 0, found.err
    assert [each["parent"] for each in found.records] == ["q0", "q1", "q2"]
