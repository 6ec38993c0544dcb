"""Lines of a batch's results as run records: states, sentences, costs at half."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from workbench.core.batch import Batch, Status
from workbench.core.batch_result import Landing, record_of
from workbench.core.endpoint import OFFICIAL_URL, Endpoint
from workbench.core.models import Catalogue
from workbench.core.record import RunRecord, from_mapping

WHEN = datetime(2026, 11, 22, 14, tzinfo=UTC)
BATCH = Batch("b2", "anthropic", Status.ENDED, "msgbatch_1", sweep="w1", created=WHEN)
LANDING = Landing(BATCH, Endpoint("anthropic", OFFICIAL_URL), Catalogue.builtin(), secrets=("sk-ant-secret",))
BEGUN = RunRecord(
    lane="A",
    parent="m1",
    endpoint="anthropic",
    model="claude-sonnet-5-5",
    params={"model": "claude-sonnet-5-5", "max_tokens": 9},
    request_sha256="ab" * 32,
    extra={"sweep": "w1", "cell": {"model": "claude-sonnet-5-5"}, "repeat": 1},
)
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-5-5",
    "content": [{"type": "text", "text": "Blue"}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 10_000,
        "cache_read_input_tokens": 40_000,
        "output_tokens": 2_000,
        "service_tier": "batch",
    },
}


def landed(result: object, begun: RunRecord | None = BEGUN, number: int = 16) -> RunRecord:
    return record_of({"custom_id": "w1_1_2_abababab", "result": result}, begun, number, LANDING)


def test_an_answer_is_the_run_that_it_would_have_been_at_half_the_price() -> None:
    found = landed({"type": "succeeded", "message": MESSAGE})
    assert (found.id, found.state, found.text, found.stop_reason) == ("b2-17", "complete", "Blue", "end_turn")
    assert found.cost_usd == Decimal("0.022")
    assert (found.cost_basis, found.attempts) == ("exact", 1)
    assert (found.lane, found.parent, found.params, found.request_sha256) == ("A", "m1", BEGUN.params, "ab" * 32)
    assert found.extra == {**BEGUN.extra, "batch": "msgbatch_1", "custom_id": "w1_1_2_abababab"}
    assert found.timings.total_s is None
    assert from_mapping(found.to_mapping()) == found


def test_web_searches_are_not_halved() -> None:
    usage = {"input_tokens": 0, "output_tokens": 0, "server_tool_use": {"web_search_requests": 3}}
    assert landed({"type": "succeeded", "message": {**MESSAGE, "usage": usage}}).cost_usd == Decimal("0.03")


def test_no_two_of_a_batch_share_their_moment() -> None:
    results = [landed({"type": "succeeded", "message": MESSAGE}, number=number) for number in range(3)]
    assert len({each.started for each in results}) == len({each.id for each in results}) == 3


ERROR = {"type": "invalid_request_error", "message": "temperature: Extra inputs are not permitted sk-ant-secret"}


@pytest.mark.parametrize(
    ("result", "state", "title", "says"),
    [
        (
            {"type": "errored", "error": {"type": "error", "error": ERROR, "request_id": "req_1"}},
            "rejected",
            "Request not accepted",
            "temperature: Extra inputs",
        ),
        ({"type": "errored", "error": ERROR}, "rejected", "Request not accepted", "temperature: Extra inputs"),
        (
            {"type": "errored", "error": {"error": {"type": "api_error", "message": "x"}}},
            "rejected",
            "Server error",
            "x",
        ),
        ({"type": "errored"}, "rejected", "Server error", ""),
        ({"type": "expired"}, "rejected", "Expired", "24 hours"),
        ({"type": "canceled"}, "cancelled", "Cancelled with its batch", "costs nothing"),
        ({"type": "postponed"}, "malformed", "Unknown result", "does not know"),
        ("odd", "malformed", "Unknown result", "does not know"),
        ({"type": "succeeded", "message": 3}, "malformed", "Unknown result", "does not know"),
    ],
)
def test_what_came_to_nothing_says_why(result: object, state: str, title: str, says: str) -> None:
    found = landed(result)
    assert found.state == state
    assert found.problem is not None
    assert (found.problem.title, says in found.problem.detail) == (title, True)
    assert "sk-ant-secret" not in str(found.problem)
    assert "stream" not in str(found.problem)
    if state != "malformed":
        assert (found.cost_usd, found.cost_basis) == (Decimal(0), "exact")


def test_an_error_has_its_request_id_and_its_status() -> None:
    found = landed({"type": "errored", "error": {"type": "error", "error": ERROR, "request_id": "req_1"}})
    assert found.request_id == "req_1"
    assert found.problem is not None
    assert (found.problem.status, found.problem.type) == (400, "invalid_request_error")


def test_an_answer_that_nobody_asked_for_is_kept() -> None:
    found = landed({"type": "succeeded", "message": MESSAGE}, None)
    assert (found.text, found.endpoint, found.request_sha256) == ("Blue", "anthropic", "")


@pytest.mark.parametrize(
    "message", [{}, {"content": []}, {"content": "x"}, {"content": [3], "usage": {"input_tokens": -1}}]
)
def test_odd_messages_raise_nothing(message: dict[str, Any]) -> None:
    assert landed({"type": "succeeded", "message": message}).state is not None


def test_a_key_that_a_server_repeats_is_kept_nowhere() -> None:
    landing = replace(LANDING, secrets=("hush-hush",))
    error = {"type": "error", "error": {"type": "authentication_error", "message": "hush-hush is no key"}}
    found = record_of({"custom_id": "x", "result": {"type": "errored", "error": error}}, BEGUN, 0, landing)
    assert found.problem is not None
    assert "is no key" in found.problem.detail
    assert "hush-hush" not in found.to_json()
