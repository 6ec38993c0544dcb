"""Sessions as hypothesis makes them: trees, lanes, unknown keys, odd text, and everything that a file may hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from tests.core.samples import EVERYTHING
from workbench.core import attached
from workbench.core.batch import Batch, Counts, Status
from workbench.core.canned import CannedResult, Result
from workbench.core.errors import Problem
from workbench.core.kinds import Json, Value
from workbench.core.params import BY_KEY
from workbench.core.record import RunRecord, Timings
from workbench.core.session import Lane, Message, Session, System
from workbench.core.state import State
from workbench.core.sweep import Axis, Sweep

TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        "",
        "\n",
        "\r\n",
        "a\r\nb\n",
        "\r",
        '"""',
        "\\",
        " \n ",
        "'''",
        "\x00\x1b",
        "\u2028\x85",
        "# no comment\n[x]",
        "😀",
    ]
)
NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
IDS = st.lists(NAME, max_size=5, unique=True)
PARAMS = st.sets(st.sampled_from(sorted(BY_KEY))).map(lambda keys: EVERYTHING.unset(*(BY_KEY.keys() - keys)))
NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
TOML = st.recursive(
    st.booleans() | NUMBERS | TEXT | st.datetimes(timezones=st.just(UTC)) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
BLOCK = st.dictionaries(TEXT, JSON, max_size=3).map(lambda rest: {"type": "text", "text": "x"} | rest)
PATHS = TEXT.filter(lambda path: path.strip() and "\0" not in path)
ATTACHED = (
    PATHS.map(attached.block)
    | st.sampled_from(["cat.png", "https://example.com/a.png", "image:file_011"]).map(attached.block)
    | TEXT.map(attached.of_text)
    | PATHS.map(lambda path: {"type": "image", "source": {"type": "path", "path": path}, "x": path})
)
CONTENT = TEXT | st.lists(BLOCK | ATTACHED, max_size=3).map(Json.of)
ATTACHMENTS = st.lists(ATTACHED, max_size=2).map(lambda blocks: tuple(map(Json.of, blocks)))
TIMES = st.datetimes(timezones=st.just(UTC))
OUR_TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
"""Of things that there have not been for long."""
SECONDS = st.none() | st.floats(0, 1e6)


def unknown(*known: str) -> st.SearchStrategy[dict[str, Any]]:
    """Keys of a newer program, beside those that this one knows."""
    return st.dictionaries(NAME.filter(lambda name: name not in known), TOML, max_size=2)


@st.composite
def messages(draw: st.DrawFn) -> tuple[Message, ...]:
    made: list[Message] = []
    for name in draw(IDS):
        parent = draw(st.none() | st.sampled_from([each.id for each in made])) if made else None
        role = draw(st.sampled_from(["user", "assistant", "system"]))
        run = draw(st.none() | NAME) if role == "assistant" else None
        if run in {each.run for each in made}:
            run = None
        extra = draw(unknown("id", "parent", "role", "run", "cache", "text", "content"))
        cache = draw(st.sampled_from([None, None, "5m", "1h"]))
        made.append(Message(name, role, draw(CONTENT), parent, run, extra, cache))
    return tuple(made)


@st.composite
def runs(draw: st.DrawFn, said: tuple[Message, ...]) -> tuple[RunRecord, ...]:
    """The runs of the answers, and one without."""
    answers = {message.run: message for message in said if message.run is not None}
    names = [*draw(st.permutations(sorted(answers))), *draw(IDS.map(lambda ids: [f"{each} alone" for each in ids[:1]]))]
    made: list[RunRecord] = []
    for name in dict.fromkeys(names):
        answer = answers.get(name)
        made.append(
            RunRecord(
                id=name,
                lane=draw(TEXT),
                parent=draw(st.none() | TEXT),
                state=draw(st.none() | st.sampled_from(State)),
                model=draw(TEXT),
                text=answer.text if answer else "",
                content=tuple(answer.blocks) if answer else (),
                stop_reason=draw(st.none() | TEXT),
                usage=draw(st.dictionaries(TEXT, TOML, max_size=2)),
                cost_usd=draw(st.none() | st.decimals(0, 1000, places=6)),
                params=draw(PARAMS).to_mapping(),
                started=draw(st.none() | TIMES),
                attempts=draw(st.integers(0, 5)),
                timings=Timings(draw(SECONDS), draw(SECONDS)),
                problem=draw(st.none() | st.just(Problem("Rate limited", "why\r\n", "wait", status=429))),
                extra=draw(unknown(*RunRecord.__dataclass_fields__)),
            )
        )
    return tuple(made)


@st.composite
def sweeps(draw: st.DrawFn) -> tuple[Sweep, ...]:
    made: list[Sweep] = []
    for name in draw(IDS):
        keys = draw(st.lists(st.sampled_from(sorted(BY_KEY)), min_size=1, max_size=3, unique=True))
        axes = tuple(Axis(key, draw(st.sampled_from(_values(key)))) for key in keys)
        lane, parent, prompt = (draw(st.none() | TEXT.filter(bool)) for _ in range(3))
        extra = draw(unknown("id", "lane", "parent", "prompt", "repeats", "axes"))
        sent = draw(ATTACHMENTS) if prompt is not None else ()
        made.append(Sweep(name, axes, draw(st.integers(1, 999)), lane, parent, prompt, sent, extra))
    return tuple(made)


@st.composite
def canned(draw: st.DrawFn) -> tuple[CannedResult, ...]:
    made: list[CannedResult] = []
    for _ in range(draw(st.integers(0, 2))):
        content = draw(TEXT | st.just(Json.of([{"type": "text", "text": "x"}])))
        given_input = draw(st.none() | st.dictionaries(TEXT, JSON, max_size=2).map(Json.of))
        extra = draw(unknown("tool", "input", "text", "content", "file", "is_error", "times"))
        file = draw(TEXT) if content == "" else ""
        times = draw(st.none() | st.integers(1, 99))
        made.append(CannedResult(draw(NAME), given_input, Result(content, draw(st.booleans())), file, times, extra))
    return tuple(made)


@st.composite
def batches(draw: st.DrawFn) -> tuple[Batch, ...]:
    return tuple(
        Batch(
            f"b{number}",
            draw(TEXT),
            draw(st.sampled_from(Status)),
            draw(st.text("abc_-019", min_size=1, max_size=9)),
            draw(TEXT),
            tuple(draw(IDS)),
            draw(st.integers(0, 10**6)),
            draw(st.none() | OUR_TIMES),
            counts=Counts(*draw(st.lists(st.integers(0, 10**6), max_size=5))),
            cost_usd=draw(st.none() | st.decimals(0, 1000, places=6)),
            problem=draw(TEXT),
            extra=draw(unknown(*Batch.__dataclass_fields__)),
        )
        for number in draw(st.sets(st.integers(0, 99), max_size=3))
    )


def _values(key: str) -> list[tuple[Value | None, ...]]:
    value = EVERYTHING[key]
    return [(value,), (value, None), (None, value)]


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    said = draw(messages())
    systems = tuple(System(name, draw(TEXT), draw(unknown("id", "text"))) for name in draw(IDS))
    tips = st.none() | st.sampled_from([each.id for each in said]) if said else st.none()
    versions = st.none() | st.sampled_from([each.id for each in systems]) if systems else st.none()
    lanes = tuple(
        Lane(
            name,
            draw(TEXT),
            draw(versions),
            draw(tips),
            draw(PARAMS),
            tuple(draw(st.sets(st.sampled_from(sorted(BY_KEY)), max_size=2))),
            draw(
                unknown("id", "name", "system", "tip", "params", "unset") | st.just({"params": {"new": [1, {"a": 2}]}})
            ),
        )
        for name in draw(IDS.filter(bool))
    )
    heads = unknown("title", "created", "endpoint", "preset", "prompt")
    known = ("systems", "lanes", "tool_results", "sweeps", "batches", "messages", "runs")
    tops = unknown("format", "session", "params", "variables", *known)
    inside = {"session": draw(heads), "params": draw(unknown(*BY_KEY))}
    extra = {**draw(tops), **{name: more for name, more in inside.items() if more}}
    return Session(
        title=draw(TEXT),
        created=draw(st.none() | TIMES),
        endpoint=draw(st.none() | NAME),
        prompt=draw(TEXT),
        attachments=draw(ATTACHMENTS),
        preset=draw(st.none() | NAME),
        params=draw(PARAMS),
        variables=tuple(draw(st.dictionaries(NAME, TEXT, max_size=3)).items()),
        systems=systems,
        lanes=lanes,
        messages=said,
        runs=draw(runs(said)),
        sweeps=draw(sweeps()),
        tool_results=draw(canned()),
        batches=draw(batches()),
        extra=extra,
    )


def exactly(one: Session, other: Session) -> None:
    """Equal, with what equality leaves out: unknown keys, and the order of the tables that a person reads."""
    assert one == other
    assert one.extra == other.extra
    assert list(one.variables) == list(other.variables)
    pairs: list[tuple[Any, Any]] = [(one.systems, other.systems), (one.lanes, other.lanes)]
    pairs.append((one.tool_results, other.tool_results))
    pairs.append((one.batches, other.batches))
    for mine, theirs in (*pairs, (one.messages, other.messages), (one.sweeps, other.sweeps)):
        assert [each.extra for each in mine] == [each.extra for each in theirs]
