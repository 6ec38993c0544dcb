"""Which sessions have a copy elsewhere: remembered, said while the copy has more, and forgotten after."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.acts import full_disk
from workbench.core.record import RunRecord
from workbench.core.session import Session
from workbench.core.state import State
from workbench.engine import store
from workbench.engine.copies import Copies


def asked() -> Session:
    session = Session(title="tides")
    return session.say(session.lane(), "What is a tide?", parent=None)


def answered(text: str = "The sea, as the moon pulls it.") -> Session:
    content = ({"type": "text", "text": text},)
    record = RunRecord("r1", "A", "m1", state=State.COMPLETE, text=text, content=content, request_sha256="5e")
    return asked().finish(record, text)


def kept(folder: Path, session: Session) -> tuple[Path, Path]:
    """A session's file, and a copy elsewhere with this in it."""
    file, copy = folder / "tides.toml", folder / "spare" / "tides.toml"
    store.save(file, asked())
    store.save(copy, session)
    return file, copy


@pytest.mark.fault("F01")
def test_an_answer_that_only_a_copy_has_is_named_by_its_question_with_its_place(tmp_path: Path) -> None:
    file, copy = kept(tmp_path, answered())
    Copies(tmp_path / "state" / "copies.json").remember(file, copy)
    (said,) = Copies(tmp_path / "state" / "copies.json").told(file, asked())
    assert said.startswith(f'the answer to "What is a tide?" is in {copy}')
    assert Copies(tmp_path / "state" / "copies.json").told(tmp_path / "other.toml", asked()) == ()


def test_a_session_that_has_part_of_the_answer_is_told_and_one_that_has_more_is_not(tmp_path: Path) -> None:
    file, copy = kept(tmp_path, answered())
    copies = Copies(tmp_path / "copies.json")
    copies.remember(file, copy)
    assert copies.told(file, answered("The sea"))
    assert copies.told(file, answered("The sea, as the moon pulls it. And the sun.")) == ()


def test_a_copy_that_has_no_more_than_the_session_or_is_gone_is_forgotten(tmp_path: Path) -> None:
    file, copy = kept(tmp_path, answered())
    copies = Copies(tmp_path / "copies.json")
    copies.remember(file, copy)
    assert copies.told(file, answered()) == ()
    assert copies.told(file, asked()) == ()
    copies.remember(file, copy)
    copy.unlink()
    assert copies.told(file, asked()) == ()
    assert json.loads((tmp_path / "copies.json").read_text()) == {"copies": []}


def test_several_answers_and_messages_alone_are_counted(tmp_path: Path) -> None:
    two = answered()
    two = two.finish(replace(two.runs[0], id="r2", request_sha256="77", text="Again."), "Again.")
    file, copy = kept(tmp_path, two)
    copies = Copies(tmp_path / "copies.json")
    copies.remember(file, copy)
    assert copies.told(file, asked())[0].startswith("2 answers not in tides.toml")
    store.save(copy, asked().say(asked().lane(), "And the sun?", parent="m1"), overwrite=True)
    assert copies.told(file, asked())[0].startswith("1 message not in tides.toml")
    copy.write_text("nonsense = ")
    assert "can't be read now" in copies.told(file, asked())[0]


@pytest.mark.fault("F01")
def test_where_the_state_folder_is_full_too_it_is_remembered_beside_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, copy = kept(tmp_path, answered())
    spare = tmp_path / "spare"
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(spare))
    with monkeypatch.context() as patched:
        full_disk(patched, but=spare)
        Copies(tmp_path / "copies.json").remember(file, copy)
    assert not (tmp_path / "copies.json").exists()
    assert Copies(tmp_path / "copies.json").told(file, asked())


@pytest.mark.parametrize("text", ["", "[", "[]", '{"copies": 3}', '{"copies": [3, {"of": 1}, {"of": "/a\\u0000"}]}'])
def test_a_file_that_somebody_spoiled_counts_as_none_and_is_written_anew(text: str, tmp_path: Path) -> None:
    file, copy = kept(tmp_path, answered())
    (tmp_path / "copies.json").write_text(text)
    copies = Copies(tmp_path / "copies.json")
    assert copies.told(file, asked()) == ()
    copies.remember(file, copy)
    assert copies.told(file, asked())


def test_a_file_that_others_may_write_tells_nothing(tmp_path: Path) -> None:
    file, copy = kept(tmp_path, answered())
    copies = Copies(tmp_path / "copies.json")
    copies.remember(file, copy)
    (tmp_path / "copies.json").chmod(0o666)
    assert copies.told(file, asked()) == ()
