"""A batch as a value: ids and back, what the server says of it, its row in the file, how requests are parcelled."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import batch_items, changes, forecast, session_file
from workbench.core.batch import CUSTOM_ID, Batch, Counts, Status, custom_id, free_id, place_of, poll_s, with_batch
from workbench.core.batch_items import Item, Price, Question, of_lanes, of_sweep, parcels, price, refused
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.kinds import Json
from workbench.core.models import Catalogue
from workbench.core.params import Params
from workbench.core.request import Request, Turn
from workbench.core.session import Session
from workbench.core.state import State
from workbench.core.sweep import Sweep, read_axis
from workbench.core.sweep_plan import plan
from workbench.engine import toml_file

WHEN = datetime(2026, 11, 22, 14, tzinfo=UTC)
OFFICIAL = Endpoint("anthropic", OFFICIAL_URL)
SESSION = Session(params=Params(model="claude-haiku-4-5", max_tokens=100), prompt="Name a colour.")
GRID = plan(SESSION, Sweep("w1", (read_axis("model=claude-haiku-4-5,claude-sonnet-5-5"), read_axis("effort=low,")), 2))
SENT = Batch("b1", "anthropic", Status.IN_PROGRESS, "msgbatch_1", sweep="w1", requests=8, created=WHEN)


def request(**params: Any) -> Request:
    return Request(Params(model="claude-haiku-4-5", max_tokens=10).merge(Params(**params)), (Turn("user", "Hi"),))


def items(*requests: Request) -> tuple[Item, ...]:
    return of_lanes([Question(f"L{at}", "m1", each) for at, each in enumerate(requests)], 1, OFFICIAL)


@given(
    st.text(),
    st.integers(0, 99_999),
    st.integers(0, 999),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.text(),
)
def test_a_custom_id_fits_the_api_and_leads_back(owner: str, number: int, repeat: int, sha: str, label: str) -> None:
    made = custom_id(owner, number, repeat, sha, label)
    assert CUSTOM_ID.fullmatch(made)
    assert place_of(made) == (number, repeat, sha[:8])


@pytest.mark.parametrize("name", ["", "mine", "w1_0_", "w1_1_2_xyz", "a b_1_1_00000000", "w1_1_1_0000000"])
def test_a_stranger_s_id_leads_nowhere(name: str) -> None:
    assert place_of(name) is None


def test_a_custom_id_reads_well() -> None:
    assert custom_id("w1", 16, 2, "1a2b3c4d5e6f", "sonnet-4-6 · temperature 0.7") == (
        "w1_17_3_1a2b3c4d_sonnet-4-6-temperature-0-7"
    )


def test_the_ids_of_a_sweep_are_unique_and_their_records_are_found_as_those_sent_live() -> None:
    made = of_sweep(GRID, GRID.order, OFFICIAL)
    assert len({item.custom_id for item in made}) == len(made) == 8
    for item, spot in zip(made, GRID.order, strict=True):
        cell = GRID.cells[spot.cell]
        done = replace(item.begun, state=State.COMPLETE)
        assert GRID.done([done], OFFICIAL) == {spot: done}
        assert item.begun.request_sha256 == cell.sha256
        params = json.loads(item.encoded)["params"]
        assert params == {key: value for key, value in cell.request.body().items() if key != "stream"}


@pytest.mark.parametrize("parts", [(), ("b1",), ("b1", "b7"), ("b2-17",)])
def test_an_id_is_never_used_again(parts: tuple[str, ...]) -> None:
    batches = tuple(Batch(name, "e") for name in parts if "-" not in name)
    made = free_id(batches, [name for name in parts if "-" in name])
    assert made == {(): "b1", ("b1",): "b2", ("b1", "b7"): "b8", ("b2-17",): "b3"}[parts]


def answer(**members: Any) -> dict[str, Any]:
    return {
        "id": "msgbatch_9",
        "processing_status": "in_progress",
        "request_counts": {"processing": 8},
        "created_at": "2026-11-22T14:00:01.5Z",
        "expires_at": "2026-11-23T14:00:01.5Z",
        **members,
    }


def test_what_the_server_says_is_taken_over() -> None:
    made = Batch("b1", "e", problem="was").told(answer())
    assert (made.status, made.server_id, made.counts, made.problem) == (
        Status.IN_PROGRESS,
        "msgbatch_9",
        Counts(8),
        "",
    )
    assert made.expires is not None
    assert made.created is not None
    assert made.expires - made.created == timedelta(hours=24)
    ended = made.told(answer(processing_status="ended", request_counts={"succeeded": 7, "errored": 1}))
    assert (ended.status, ended.counts.told()) == (Status.ENDED, "7 answered · 1 errored")
    assert replace(ended, status=Status.COLLECTED).told(answer(processing_status="ended")).status is Status.COLLECTED


@pytest.mark.parametrize("odd", [{}, {"id": 3}, {"request_counts": "x", "created_at": "soon", "processing_status": 1}])
def test_odd_answers_change_nothing_that_is_known(odd: dict[str, Any]) -> None:
    assert SENT.told(odd) == SENT


def test_asking_again_is_soon_at_first_and_once_a_minute_at_last() -> None:
    waits = [poll_s(age) for age in (-5, 0, 5, 30, 150, 300, 86_400)]
    assert waits == [1.0, 1.0, 1.0, 6.0, 30.0, 60.0, 60.0]


# The file

ROWS = (
    SENT,
    Batch("b2", "anthropic", lanes=("A", "B"), requests=2, created=WHEN, estimate_usd=Decimal("0.0042")),
    replace(
        SENT,
        id="b3",
        status=Status.COLLECTED,
        counts=Counts(0, 5, 1, 1, 1),
        expires=WHEN + timedelta(hours=24),
        ended=WHEN + timedelta(minutes=9),
        cost_usd=Decimal("0.01"),
        problem="x",
    ),
)


def test_rows_come_back_from_the_file_and_from_the_journal() -> None:
    session = replace(SESSION, batches=ROWS)
    text = toml_file.dumps(session_file.dump(session))
    loaded = session_file.load(tomllib.loads(text))
    assert loaded.session.batches == ROWS
    assert loaded.notes == ()
    before = replace(session, batches=ROWS[:1])
    record = changes.between(before, session)
    assert record is not None
    assert record.keys() == {"set"}
    assert changes.applied(session_file.dump(before), record) == session_file.dump(session)


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ('id = ""', "id must be a b and a number"),
        ('id = "../b1"', "id must be a b and a number"),
        ('id = "b1"\nserver_id = "../models"', "server_id must be an id of the server"),
        ('id = "b1"\nstatus = "gone"', "status must be one of intended, in_progress"),
        ('id = "b1"\nstatus = ["ended"]', "status must be one of intended, in_progress"),
        ('id = "b1"\nserver_id = 3', "server_id must be text"),
        ('id = "b1"\nserver_id = "m"\ncreated = "soon"', "created must be a time with its offset"),
        ('id = "b1"\nserver_id = "m"\nlanes = "A"', "lanes must be a list"),
        ('id = "b1"\nserver_id = "m"\nrequests = -1', "requests must be a whole number"),
        ('id = "b1"\nserver_id = "m"\ncost_usd = "nan"', "cost_usd must be an amount"),
        ('id = "b1"\nserver_id = "m"\ncost_usd = "1E+999"', "cost_usd must be an amount"),
        ('id = "b1"\nserver_id = "m"\nestimate_usd = "1E-99999"', "estimate_usd must be an amount"),
        ('id = "b1"\nserver_id = "m"\nrequests = 1000000001', "requests must be a whole number"),
        ('id = "b1"\nserver_id = "m"\ncreated = 0001-01-01T00:00:00+14:00', "created must be a time with its offset"),
        ('id = "b1"\nserver_id = "m"\nended = 9999-12-31T23:59:59.999999Z', "ended must be a time with its offset"),
        ('id = "b1"', "server_id is missing"),
    ],
)
def test_a_row_with_a_mistake_is_told_and_kept_as_it_stands(row: str, note: str) -> None:
    tables = tomllib.loads(f"[[batches]]\n{row}\nmine = 1\n")
    loaded = session_file.load(tables)
    assert [each for each in loaded.notes if note in each and "it is kept, and not used" in each]
    assert session_file.dump(loaded.session)["batches"] == tables["batches"]


def test_an_unknown_key_of_a_row_is_kept() -> None:
    tables = tomllib.loads('[[batches]]\nid = "b1"\nserver_id = "m"\nendpoint = "e"\nmine = 1\nserver_i = "x"\n')
    loaded = session_file.load(tables)
    assert loaded.notes == ("batches, row 1: server_i is not known; did you mean server_id? It is kept, and not used",)
    assert session_file.dump(loaded.session)["batches"] == [
        {**tables["batches"][0], "status": "in_progress", "requests": 0}
    ]


def test_an_undo_takes_no_batch_back() -> None:
    later = replace(SESSION, batches=with_batch((), SENT), title="later")
    assert SESSION.keeping(later).batches == (SENT,)
    assert with_batch(later.batches, replace(SENT, status=Status.ENDED)) == (replace(SENT, status=Status.ENDED),)


def test_many_lanes_are_a_number() -> None:
    assert replace(SENT, sweep="", lanes=("A", "B")).subject == "lanes A, B"
    assert replace(SENT, sweep="", lanes=tuple(map(str, range(30)))).subject == "30 lanes"


# The parcels


def test_parcels_hold_no_more_than_a_batch_takes() -> None:
    every = items(*[request(user_id=str(at)) for at in range(10)])
    assert [len(each.items) for each in parcels(every, OFFICIAL, most=4)] == [4, 4, 2]
    room = len(parcels(every, OFFICIAL)[0].body)
    assert [len(each.items) for each in parcels(every, OFFICIAL, room=room + 1)] == [10]
    cut = parcels(every, OFFICIAL, room=room - 2)
    assert [len(each.items) for each in cut] == [9, 1]
    assert all(len(each.body) <= room - 2 for each in cut)
    assert tuple(item for each in cut for item in each.items) == every
    assert parcels((), OFFICIAL) == ()


def test_requests_of_another_version_or_beta_go_into_a_parcel_of_their_own() -> None:
    every = items(request(), request(temperature=0.5), request(user_id="u"))
    made = parcels(every, OFFICIAL)
    assert [(each.version, len(each.items)) for each in made] == [("2026-10-21", 2), ("2023-06-01", 1)]
    assert [each.lanes for each in made] == [("L0", "L2"), ("L1",)]
    body = json.loads(made[0].body)
    assert [set(each) for each in body["requests"]] == [{"custom_id", "params"}] * 2
    assert "stream" not in body["requests"][0]["params"]


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({"speed": "fast"}, "no speed"),
        ({"max_tokens": 0}, "max_tokens of 0"),
    ],
)
def test_what_a_batch_does_not_take_is_said_before(params: dict[str, Any], why: str) -> None:
    (one,) = refused(items(request(**params)), OFFICIAL)
    assert why in one
    (some,) = refused(items(request(), request(**params)), OFFICIAL)
    assert some.startswith("lane L1: ")
    assert refused(items(request()), OFFICIAL) == ()


def test_a_file_that_is_not_in_the_request_is_never_sent_as_a_path() -> None:
    block = {"type": "image", "source": {"type": "path", "path": "/etc/lamp.png"}}
    asked = Request(Params(model="m", max_tokens=1), (Turn("user", Json.of([block])),))
    (told,) = refused(items(asked), OFFICIAL)
    assert told.startswith("/etc/lamp.png is attached by its path")


def test_an_endpoint_without_batches_is_said_before() -> None:
    told = refused(items(request()), Endpoint("work", "https://x", kind="bedrock"))
    assert told == ("Bedrock takes no message batches: send it live, or choose another endpoint",)


def test_the_price_is_half() -> None:
    catalogue = Catalogue.builtin()
    whole = forecast.of_request(request(), OFFICIAL, catalogue)
    assert whole.high is not None
    found = price(items(request(), request()), OFFICIAL, catalogue)
    assert found.high == whole.high
    assert found.input_tokens == 2 * whole.input_tokens
    assert price(items(request(model="mine")), OFFICIAL, catalogue) == Price(
        found.input_tokens // 2, None, None, ("mine",)
    )


def test_a_line_of_the_manifest_comes_back() -> None:
    for item in (*of_sweep(GRID, GRID.order, OFFICIAL), *items(request())):
        line = json.loads(json.dumps(batch_items.line(item), default=str))
        assert batch_items.read_line(line) == (item.custom_id, item.begun)
    assert batch_items.read_line({"label": "x"}) is None


def test_what_a_server_counts_beyond_any_number_is_no_count() -> None:
    assert Counts.of({"succeeded": 3, "errored": 10**4000, "expired": -1, "canceled": True}) == Counts(succeeded=3)
    told = Batch("b1", "e", Status.IN_PROGRESS, "m").told({"created_at": "9999-12-31T23:59:59.9999Z", "expires_at": 3})
    assert (told.created, told.expires) == (None, None)
