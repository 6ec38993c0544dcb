"""However a key is printed, listed, copied or dumped, it doesn't show (faults K01, P01)."""

from __future__ import annotations

import asyncio
import copy
import inspect
import io
import json
import logging
import pickle
import pprint
import string
import traceback
from collections.abc import Callable
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from tests.engine.running import KEY, SECRET, endpoint
from workbench.core import masking
from workbench.core.endpoint import Endpoint
from workbench.engine import dialects, veiled
from workbench.engine.aws_signing import AwsSigning
from workbench.engine.calls import Call
from workbench.engine.cloud_keys import CloudKey
from workbench.engine.endpoints import Chosen
from workbench.engine.keys import Key
from workbench.engine.places import Places
from workbench.engine.runner import Runner
from workbench.engine.veiled import Veiled
from workbench.ui.desk import Desk

pytestmark = pytest.mark.fault("K01")

HALVES = (SECRET[: len(SECRET) // 2], SECRET[len(SECRET) // 2 :])


@dataclass
class Holder:
    key: Key
    more: dict[str, Key] = field(default_factory=dict)


def signed() -> Veiled:
    """Headers that carry the key."""
    return dialects.of("anthropic").headers(endpoint("https://x"), KEY, "2023-06-01", {})


def cloud_key() -> CloudKey:
    """One that has signed, with this secret for a secret key and for a session token."""
    environ = {"AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": SECRET}
    place = Endpoint("mine", "https://x", "bedrock", "sigv4", region="us-east-1")
    made = CloudKey(*AwsSigning.of("bedrock", place, environ))
    asyncio.run(made.signed("POST", "https://x/y", {}, b"{}"))
    return made


HELD: dict[str, Callable[[], object]] = {
    "key": lambda: KEY,
    "in a list": lambda: [KEY, (KEY,), {"k": KEY}],
    "in a dataclass": lambda: Holder(KEY, {"k": KEY}),
    "chosen": lambda: Chosen(endpoint("https://x"), KEY),
    "headers": signed,
    "call": lambda: Call("https://x", signed(), b"{}", KEY.secrets()),
    "a cloud's key": cloud_key,
    "environment": lambda: Veiled({"ANTHROPIC_API_KEY": SECRET}),
    "desk": lambda: Desk(
        Places.under(Path("x")), environ={"A": SECRET}, chosen=Chosen(endpoint("https://x"), KEY), make_runner=Runner
    ),
}


def _inspected(held: object) -> str:
    """Every attribute that has a value, as an inspector lists it."""
    return repr([(name, value) for name, value in inspect.getmembers(held) if not callable(value)])


def _traced(held: object) -> str:
    """A traceback that shows local variables, in the ways that are common."""

    def boom(key: object) -> None:
        assert key is None, "boom"

    try:
        boom(held)
    except AssertionError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        console = Console(file=io.StringIO(), width=200)
        console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
        assert isinstance(console.file, io.StringIO)
        return told + console.file.getvalue()
    raise AssertionError


def _logged(held: object) -> str:
    stream = io.StringIO()
    logger = logging.Logger("a test")
    logger.addHandler(logging.StreamHandler(stream))
    logger.warning("%s %r", held, held)
    return stream.getvalue()


def _dumped(held: object) -> str:
    """What serialisers make of it, or what they say."""
    told: list[str] = []
    dumps: tuple[Callable[[Any], object], ...] = (
        pickle.dumps,
        json.dumps,
        lambda each: json.dumps(each, default=repr),
        lambda each: json.dumps(each, default=vars),
        asdict,
        astuple,
        copy.copy,
        copy.deepcopy,
    )
    for dump in dumps:
        try:
            told.append(repr(dump(held)))
        except Exception as error:
            told.append(f"{error!r}")
    return " ".join(told)


SHOWN: dict[str, Callable[[Any], str]] = {
    "repr": repr,
    "str": str,
    "format": lambda held: f"{held} {held!r} {held!s}" + string.Template("$a").substitute(a=held),
    "percent": lambda held: "%s %r" % (held, held),  # noqa: UP031 - one of the ways
    "pprint": pprint.pformat,
    "rich": pretty_repr,
    "vars": lambda held: repr(getattr(held, "__dict__", "")),
    "members": _inspected,
    "slots": lambda held: repr([getattr(held, name) for name in getattr(held, "__slots__", ())]),
    "traceback": _traced,
    "logging": _logged,
    "dumps": _dumped,
}


@pytest.mark.parametrize("way", SHOWN)
@pytest.mark.parametrize("what", HELD)
def test_no_way_of_showing_it_shows_the_key(what: str, way: str) -> None:
    if what == "desk" and way in {"vars", "members", "dumps"}:
        held: object = Desk(Places.under(Path("x")), environ=Veiled({"A": SECRET}))  # as `prepare` makes it
    elif what == "call" and way in {"vars", "members", "slots", "dumps"}:
        held = Call("https://x", signed(), b"{}")  # what must not be shown is asked of the key, for each request
    else:
        held = HELD[what]()
    shown = SHOWN[way](held)
    assert not [half for half in HALVES if half in shown], shown


def test_it_says_which_key_it_is() -> None:
    assert [str(KEY), f"{KEY:>10}", KEY.told, repr([KEY])] == [
        "key …cdef",
        " key …cdef",
        "…cdef of a test",
        "[key …cdef]",
    ]
    assert "cdef" not in repr(Key("abcdef", "x"))
    assert copy.deepcopy(KEY) is copy.copy(KEY) is KEY
    with pytest.raises(TypeError, match="never written"):
        pickle.dumps(KEY)
    assert KEY.reveal() == SECRET


def test_what_asks_for_it_by_name_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("OTHER", "x")
    found = veiled.environment(["ANTHROPIC_API_KEY", "NOT_SET"])
    assert (found["ANTHROPIC_API_KEY"], found["OTHER"], found.get("NOT_SET")) == (SECRET, "x", None)
    assert "ANTHROPIC_API_KEY" in found
    assert "ANTHROPIC_API_KEY" not in veiled.environment([])
    assert dict(signed())["x-api-key"] == SECRET


@pytest.mark.parametrize("before", ["", "x", "xx", "Bearer ", "x-api-key: "])
@pytest.mark.parametrize("after", ["", "y", "yy", "\r\n"])
def test_its_other_forms_are_found_wherever_they_begin(before: str, after: str) -> None:
    from base64 import b64encode, urlsafe_b64encode
    from urllib.parse import quote, quote_plus

    secret = "sk-ant/canary+0123?~=&%zz"
    key = Key(secret, "a test")
    whole = f"{before}{secret}{after}"
    for form in (whole, quote(whole), quote(whole, safe=""), quote_plus(whole)):
        assert "canary" not in masking.masked(form, key.secrets())
    for encode in (b64encode, urlsafe_b64encode):
        packed = encode(whole.encode()).decode()
        shown = masking.masked(packed, key.secrets())
        assert len(shown) <= len(packed) - 4 * len(secret.encode()) // 3 + 4
        assert masking.masked_bytes(packed.encode(), key.secrets()).decode() == shown
    assert masking.masked("nothing of it", key.secrets()) == "nothing of it"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 19, 1000])
def test_a_flow_of_bytes_loses_it_wherever_it_is_cut(size: int) -> None:
    forms = [form.encode() for form in KEY.secrets()]
    data = b"sk-ant\n" + b" and ".join(forms) + b"sk-ant-can\n" + forms[-1][:-1] + b"\xff\r\n" + forms[0] * 3 + b"sk-"
    shown = data
    for form in forms:
        shown = shown.replace(form, "…".encode())
    flow = masking.Flow(KEY.secrets())
    pieces = [flow.feed(data[at : at + size]) for at in range(0, len(data), size)]
    assert b"".join(pieces) + flow.rest() == shown
    assert not any(form in shown for form in forms)
    assert masking.masked_bytes(data, KEY.secrets()) == shown
    assert masking.masked_bytes(data, ()) == data


def test_what_is_no_beginning_of_it_is_not_held_back() -> None:
    flow = masking.Flow(KEY.secrets())
    for piece in (b"event: ping\ndata: {}\n\n", b'data: {"text":"sk', b"y\n", b"s", b"k-ant-canary-0123\n", b""):
        came = flow.feed(piece)
        assert came.endswith(b"\n") or not came or came[-1:] not in b"sk"
    assert flow.rest() == b""


@pytest.mark.parametrize("secret", ["1", "x", "test", "ollama", "EMPTY"])
def test_a_key_that_is_in_any_text_takes_nothing_out_of_an_answer(secret: str) -> None:
    """A journal and a recording would hold another text, and JSON that is none."""
    data = b'data: {"index":1,"text":"about a test of ollama, EMPTY"}\n\n'
    assert masking.masked_bytes(data, masking.forms(secret)) == data
    words = f"The key {secret} can't be told"
    assert masking.masked(words, masking.forms(secret)) == words.replace(secret, "…")
