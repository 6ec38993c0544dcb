"""Answers that a full disk sent elsewhere: the commands say where, before anybody pays again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program, Served
from tests.cli.test_kept import PARAMS, failing
from workbench.engine import store
from workbench.simulator.exchange import Request, Response


def fails_once_it_is_sent(served: Served, monkeypatch: pytest.MonkeyPatch, call: str = "write") -> None:
    """The disk is full from when the first request arrives."""
    answer: Callable[..., Any] = served.simulator._router.answer

    async def answers(request: Request) -> Response:
        failing(Path(), call, monkeypatch)
        answered: Response = await answer(request)
        return answered

    monkeypatch.setattr(served.simulator._router, "answer", answers)


@pytest.mark.fault("F01")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which file a descriptor is")
def test_a_run_whose_answer_went_elsewhere_is_told_with_its_place_by_the_commands_that_follow(
    program: Program, served: Served, sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("s.toml").write_text(PARAMS)
    with monkeypatch.context() as patched:
        fails_once_it_is_sent(served, patched)
        assert program("run", "s.toml", "--prompt", "What is a tide?", "--set", "max_tokens=30").status == 2
    (copy,) = (sealed.parent / "home" / "data" / "workbench" / "sessions").iterdir()
    said = f'the answer to "What is a tide?" is in {copy}'
    recovered = program("recover", "s.toml")
    assert "Kept in another file:" in recovered.out
    assert said in recovered.out
    assert "All is well" not in recovered.out
    assert json.loads(program("recover", "s.toml", "--json").out)["elsewhere"][0].startswith(said)
    assert said in program("run", "s.toml", "--prompt", "Next.", "--set", "max_tokens=5").err
    assert said in program("run", "s.toml", "--prompt", "Next.", "--set", "max_tokens=5", "--no-save").err
    store.save(Path("s.toml"), store.load(copy).session, overwrite=True)
    assert "Kept in another file:" not in program("recover", "s.toml").out
