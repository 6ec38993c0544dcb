"""Every status with every body: a title, the server's words, a next step, and whether to send again."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import errors
from workbench.core.failures import INTERRUPTED, MALFORMED, UNREACHABLE

RETRIED = {408, 409, 429, 500, 501, 502, 503, 504, 529, 520}
STATUSES = [
    400,
    401,
    402,
    403,
    404,
    405,
    407,
    408,
    409,
    412,
    413,
    418,
    422,
    429,
    431,
    500,
    501,
    502,
    503,
    504,
    520,
    529,
]


def api(message: str = "The reason.", kind: str = "some_error", **details: str) -> bytes:
    error = {"type": kind, "message": message} | ({"details": details} if details else {})
    return json.dumps({"type": "error", "error": error, "request_id": "req_7"}).encode()


BODIES = {
    "API JSON": (api(), "The reason."),
    "HTML": (b"<!doctype html><html><head><title>502 Bad\nGateway</title><body>nginx", "502 Bad Gateway"),
    "empty": (b"", ""),
    "truncated JSON": (b'{"type":"error","error":{"type":"over', '{"type":"error","error":{"type":"over'),
    "10 MB": (b'{"error":{"message":"' + b"x" * 10_000_000 + b'"}}', '{"error":{"message":"' + "x" * 478 + "…"),
    "NaN": (b'{"error":{"message":NaN}}', '{"error":{"message":NaN}}'),
    "deep": (b"[" * 100_000, "[" * 499 + "…"),
    "plain text": (b"upstream connect error\r\n", "upstream connect error"),
    "bytes": (b"\xff\xfe\x00", "\ufffd\ufffd\x00"),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", BODIES)
def test_any_status_with_any_body(status: int, body: str) -> None:
    sent, detail = BODIES[body]
    problem = errors.from_response(status, {}, sent)
    assert problem.title
    assert problem.hint
    assert (problem.status, problem.retry, problem.detail) == (status, status in RETRIED, detail)
    assert problem.type == ("some_error" if body == "API JSON" else None)


@pytest.mark.parametrize(
    ("body", "message", "kind"),
    [
        ({"error": {"message": "M", "type": "BadRequestError", "param": None, "code": 400}}, "M", "BadRequestError"),
        ({"error": {"message": "M", "type": None, "code": "invalid_api_key"}}, "M", "invalid_api_key"),
        ({"object": "error", "message": "M", "type": "NotFoundError", "code": 404}, "M", "NotFoundError"),
        ({"error": "model 'x' not found"}, "model 'x' not found", None),
        ({"detail": "Not Found"}, "Not Found", None),
        ({"detail": [{"loc": ["body", "model"], "msg": "field required"}]}, "model: field required", None),
        ({"message": "no Route matched"}, "no Route matched", None),
        ({"type": "error", "message": "M"}, "M", None),
        ({"error": {"type": "a_b", "message": ""}}, '{"error": {"type": "a_b", "message": ""}}', "a_b"),
        ({"error": {"type": "x" * 200, "message": "M"}}, "M", None),
        ({"error": {"type": 7, "message": ["a"]}}, '{"error": {"type": 7, "message": ["a"]}}', None),
        (["nope"], '["nope"]', None),
    ],
)  # fmt: skip
def test_the_shapes_of_other_servers(body: object, message: str, kind: str | None) -> None:
    problem = errors.from_response(400, {}, json.dumps(body).encode())
    assert (problem.detail, problem.type) == (message, kind)


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (400, "Request not accepted"),
        (401, "Key rejected"),
        (402, "Payment needed"),
        (403, "Not permitted"),
        (404, "Not found"),
        (413, "Request too large"),
        (429, "Rate limited"),
        (500, "Server error"),
        (504, "Server timed out"),
        (529, "Overloaded"),
        (418, "HTTP 418"),
        (520, "HTTP 520"),
    ],
)
def test_titles(status: int, title: str) -> None:
    assert errors.from_response(status, {}, b"").title == title


def test_the_field_that_the_api_names_is_pointed_at() -> None:
    problem = errors.from_response(400, {}, api("messages.0.content: field required", "invalid_request_error"))
    assert problem.hint == "Look at messages.0.content, then run again."
    other = errors.from_response(
        400, {}, api("prompt is too long: 211180 tokens > 200000 maximum", "invalid_request_error")
    )
    assert "Look at" not in other.hint


def test_a_request_that_is_too_large_says_how_large_it_was() -> None:
    assert (
        errors.from_response(413, {}, b"", sent_bytes=33_600_000).detail == "The request was refused. It had 33.6 MB."
    )
    assert errors.from_response(413, {}, api("Too big."), sent_bytes=1_000).detail == "Too big. It had 1,000 bytes."


@pytest.mark.parametrize(
    ("status", "code", "title", "retry"),
    [
        (429, "enforced_spend_limit_reached", "Spend limit reached", False),
        (429, "contract_spend_limit_reached", "Contract limit reached", False),
        (429, "ramp_limit_exceeded", "Use grew too fast", True),
        (400, "image_dimensions_too_large", "Image too large", False),
        (400, "tool_name_conflict", "Two tools share a name", False),
        (429, "something_new", "Rate limited", True),
    ],
)
def test_the_error_code_says_more_than_the_status(status: int, code: str, title: str, retry: bool) -> None:
    problem = errors.from_response(status, {}, api("max_tokens: x", "rate_limit_error", error_code=code))
    assert (problem.title, problem.retry, problem.status) == (title, retry, status)
    assert "Look at" not in problem.hint


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("overloaded_error", "Overloaded"),
        ("api_error", "Server error"),
        ("rate_limit_error", "Rate limited"),
        ("invalid_request_error", "Request not accepted"),
        ("brand_new_error", "Server error in the stream"),
        (None, "Server error in the stream"),
        (7, "Server error in the stream"),
    ],
)
def test_an_error_in_the_stream_has_the_title_of_its_type(kind: object, title: str) -> None:
    problem = errors.from_event({"type": kind, "message": "Busy"})
    assert (problem.title, problem.detail, problem.status) == (title, "Busy", 200)
    assert problem.type == (kind if isinstance(kind, str) else None)
    assert "kept" in problem.hint


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://other.example/v1/messages?key=SECRET#SECRET", "https://other.example/v1/messages"),
        ("https://user:SECRET@other.example:8443/x", "https://other.example:8443/x"),
        ("http://api.anthropic.com/v1", "http://api.anthropic.com/v1"),
        ("//other.example/x", "other.example/x"),
        ("/login?SECRET", "/login"),
        ("file:///etc/passwd", "file:/etc/passwd"),
        ("https://[::1", "another address"),
        ("https://x:99999/SECRET", "another address"),
        ("", "another address"),
    ],
)
def test_a_redirect_is_shown_without_what_could_be_secret(status: int, location: str, shown: str) -> None:
    problem = errors.from_response(status, {"Location": location}, b"")
    assert (problem.title, problem.retry, problem.status) == ("Redirected", False, status)
    assert shown in problem.detail
    assert "SECRET" not in str(problem)


KEYS = ["sk-ant-api03-CANARY_123-abc", "canary-key-of-another-form"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_key_that_the_server_sends_back_is_not_shown(key: str, status: int) -> None:
    for body in (api(f"Incorrect API key provided: {key}."), f"<h1>Bearer {key}</h1>".encode(), key.encode() * 100):
        assert key not in str(errors.from_response(status, {}, body, secrets=(key, "")))
    assert KEYS[0] not in str(errors.from_response(status, {}, api(f"bad {KEYS[0]}")))


def test_messages_are_one_line_of_bounded_length() -> None:
    problem = errors.from_response(400, {}, api("a\nb\t" + "c " * 10_000))
    assert problem.detail.startswith("a b c c")
    assert (len(problem.detail), problem.detail[-1]) == (500, "…")


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"Request-Id": "req_1"}, api(), "req_1"),
        ({"x-request-id": "abc"}, b"", "abc"),
        ({}, api(), "req_7"),
        ({}, b"<html>", None),
        ({}, b'{"request_id": 7}', None),
    ],
)
def test_the_request_id_is_found_where_it_stands(headers: dict[str, str], body: bytes, expected: str | None) -> None:
    assert errors.request_id(headers, body) == expected


@given(st.integers(300, 599), st.binary(max_size=200), st.text(max_size=40))
def test_nothing_a_server_answers_raises(status: int, body: bytes, location: str) -> None:
    assert errors.from_response(status, {"location": location}, body).status == status


VALUES = st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.text())


@given(st.dictionaries(st.sampled_from(["type", "message", "details", "code"]), VALUES))
def test_no_error_object_raises(error: dict[str, object]) -> None:
    assert errors.from_event(error).status == 200


@pytest.mark.parametrize("kind", UNREACHABLE)
def test_what_could_not_be_reached_is_named_and_what_to_do(kind: str) -> None:
    problem = errors.unreachable(kind, "api.example:8443", "[Errno 111]\nrefused")
    assert "api.example:8443" in problem.detail
    assert problem.detail.endswith("([Errno 111] refused)")
    assert problem.hint
    assert problem.status is None
    assert "{" not in str(problem)


def test_what_is_sent_again_after_no_answer() -> None:
    again = {kind for kind in UNREACHABLE if errors.unreachable(kind, "h:1").retry}
    assert again == {"dns", "refused", "connect_timeout", "network", "closed", "proxy"}


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_a_stream_that_broke_off_is_never_sent_again_by_itself(kind: str) -> None:
    problem = errors.interrupted(kind, "why")
    assert not problem.retry
    assert problem.detail.endswith("(why)")
    assert problem.hint == "What came is kept. Run again for a whole answer."


@pytest.mark.parametrize("kind", MALFORMED)
def test_an_answer_that_is_no_stream_shows_its_beginning(kind: str) -> None:
    problem = errors.malformed(kind, "<html>\x1b[2J" + "x" * 1000)
    assert len(re.findall("x", problem.detail)) < 200
    assert "<html>" in problem.detail
    assert not problem.retry


@pytest.mark.parametrize("key", KEYS)
def test_transport_problems_hold_no_key(key: str) -> None:
    for problem in (
        errors.unreachable("bad_key", "h:1", f"Illegal header value {key!r}", secrets=(key,)),
        errors.interrupted("reset", key, secrets=(key,)),
        errors.malformed("not_stream", f"you sent {key}", secrets=(key,)),
    ):
        assert key not in str(problem)


def test_what_to_do_can_be_done_with_and_without_a_screen() -> None:
    assert "on the screen" in UNREACHABLE["plain_http_refused"].hint
    assert all("view" not in each.hint for each in MALFORMED.values())


def test_a_problem_reads_as_one_line() -> None:
    assert str(errors.unreachable("refused", "localhost:8080")) == (
        "Connection refused · Nothing answers at localhost:8080. · Check that the server runs, and its port."
    )
