"""The lanes as Compare shows them: what they share, in what they differ, and how each stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from workbench.core import diagnosing, facts, template, tool_loop
from workbench.core.compare import compare
from workbench.core.facts import Fact
from workbench.core.figures import grouped
from workbench.core.state import Phase, State
from workbench.ui.chat import entries, shortcuts
from workbench.ui.chat.meters_of import STRIP_EVERY
from workbench.ui.lanes.values import Card, Head

if TYPE_CHECKING:
    from workbench.core.record import RunRecord
    from workbench.core.session import Lane, Message, Session
    from workbench.ui.chat.live import Live
    from workbench.ui.chat.screen import Chat
    from workbench.ui.widgets.conversation_entry import Entry

TAIL: Final = 160
"""Characters of the end of an answer that a line can show."""
OLDER: Final = "older settings"
"""Of an answer that other values made than those which the lane shows now."""
SPINNER: Final = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
SIGNS: Final = {
    State.COMPLETE: ("✓", "ok"),
    State.UNCONFIRMED: ("✓", "warning"),
    State.CANCELLED: ("!", "warning"),
    State.INTERRUPTED: ("!", "problem"),
    State.REJECTED: ("✗", "problem"),
    State.UNREACHABLE: ("✗", "problem"),
    State.MALFORMED: ("✗", "problem"),
}
"""How a run ended, by a sign that reads without colour, and its tone."""
CUT: Final = ("…", "warning")
"""Of an answer that came whole, and stopped at its most tokens or was refused."""
MISSES: Final = ("✗", "problem")
"""Of an answer that does not fit its schema."""


def head(chat: Chat) -> Head:
    """The three lines over the lanes; the prompt is what would be sent, else what was asked."""
    session = chat.session
    found = compare(session, session.lanes)
    asked = entries.text_of(entries.question(session, chat.lane)) or ""
    same = [f"{row.label} {row.shown}" if row.key != "model" else row.shown for row in found.same]
    turns = {[*map(_asks, session.path(lane.tip))].count(True) for lane in session.lanes}
    if len(turns) == 1 and (count := turns.pop()):
        same.append(f"{count} turn{'s' if count > 1 else ''}")
    key, word = ("edit", "edits") if asked else ("prompt", "writes")
    edits = "not sent yet" if chat.draft else f"{shortcuts.label(chat, key)} {word}"
    return Head(chat.draft or asked, tuple(same), found.differs, edits if session.lanes[1:] else "a clones the lane")


def _asks(message: Message) -> bool:
    """Whether a person said it: the results of tools are no turn of theirs."""
    return message.role == "user" and (isinstance(message.content, str) or not tool_loop.only_results(message))


def cards(chat: Chat) -> Iterator[Card]:
    """A card for each lane, in order; what is cheapest and fastest is told from runs that came whole."""
    session = chat.session
    found = compare(session, session.lanes)
    records = {lane.id: record_of(chat, lane) for lane in session.lanes}
    whole = {key: each for key, each in records.items() if each is not None and each.state is State.COMPLETE}
    prices = {key: _price(session, session.lane(key), each) for key, each in whole.items()}
    costs = {key: usd for key, usd in prices.items() if usd is not None}
    firsts = {key: each.timings.first_token_s for key, each in records.items() if each is not None}
    known = {key: value for key, value in firsts.items() if value is not None}
    for at, lane in enumerate(session.lanes):
        live = next((each for each in chat.lives if each.run.lane == lane.id), None)
        yield _card(
            chat,
            lane,
            at,
            found.chips(at),
            records[lane.id] if live is None else None,
            live,
            cheapest=len(costs) > 1 and costs.get(lane.id) == min(costs.values()) != max(costs.values()),
            fastest=len(known) > 1 and known.get(lane.id) == min(known.values()) != max(known.values()),
            slowest=max(known.values(), default=None),
        )


def record_of(chat: Chat, lane: Lane) -> RunRecord | None:
    """The run of the lane's last answer, or the last that came to nothing there."""
    session = chat.session
    message = session.by_id.get(lane.tip or "")
    if message is None:
        return None
    if message.run is not None:
        return session.run_by_id.get(message.run)
    return next((run for run in reversed(session.runs) if run.parent == message.id and run.lane == lane.id), None)


def _card(
    chat: Chat,
    lane: Lane,
    at: int,
    chips: tuple[str, ...],
    record: RunRecord | None,
    live: Live | None,
    *,
    cheapest: bool,
    fastest: bool,
    slowest: float | None,
) -> Card:
    base = Card(lane.id, at + 1, lane.name, chips, baseline=chat.baseline == lane.id)
    shown = entries.of_lane(chat, lane)
    if live is not None:
        return _going(chat, base, live, shown)
    if record is None or record.state is None:
        return replace(base, entries=shown, state=entries.awaited(chat.session, lane) or "no answer yet")
    sign, tone = SIGNS[record.state]
    verdict = facts.verdict(record)
    if record.state is State.COMPLETE and verdict.tone:
        sign, tone = CUT
    if record.schema_errors:
        sign, tone = MISSES
    first, rate = record.timings.first_token_s, facts.rate(record)
    made = facts.output(record)
    about = "" if record.state in {State.COMPLETE, State.UNCONFIRMED} else "≈"
    older = not made_by(chat.session, lane, record)
    loop = tool_loop.spent(chat.session, lane.tip) if _ends(chat.session, lane, record) else ""
    words = (*facts.of_record(record), *([Fact(loop, 65)] if loop else []))
    return replace(
        base,
        sign=sign,
        tone=tone,
        state=_state(record),
        entries=shown,
        facts=(*words, Fact(OLDER, 75)) if older else words,
        tail=record.text[-TAIL:] or _text_of_last(chat, lane),
        out=f"{about}{grouped(made)} out" if made is not None else "",
        cost=loop or (str(record.cost).removesuffix(" simulated") if record.cost_usd is not None else ""),
        ttft=f"{first:.2f}s" if first is not None else "",
        rate=f"{rate:.0f} t/s" if rate is not None else "",
        cheapest=cheapest,
        fastest=fastest,
        older=OLDER if older else "",
        ttft_share=first / slowest if first is not None and slowest else None,
        rates=tuple(chat.rates.get(record.id, ())),
    )


def _ends(session: Session, lane: Lane, record: RunRecord) -> bool:
    """Whether the lane stands at the answer of this run."""
    message = session.by_id.get(lane.tip or "")
    return message is not None and message.run == record.id


def _price(session: Session, lane: Lane, record: RunRecord) -> Decimal | None:
    """What the lane's answer cost, with the rounds of tools that led to it."""
    return tool_loop.together(session, lane.tip)[1].usd if _ends(session, lane, record) else record.cost_usd


def _state(record: RunRecord) -> str:
    """How it stands, where that is not plain."""
    if record.schema_errors:
        return facts.fit(record)
    verdict = facts.verdict(record)
    return "" if record.state is State.COMPLETE and not verdict.tone else verdict.text


def made_by(session: Session, lane: Lane, record: RunRecord) -> bool:
    """Whether the lane's settings are still those that made the answer; where they aren't known, they may be."""
    if not record.params:
        return True
    now = session.params_of(lane)
    if now.system is not None:
        now = now.set("system", template.render(now.system, session.bindings))
    made = {**record.params}
    if now.diagnostics is not None and now.diagnostics.value == diagnosing.AUTO and "diagnostics" in made:
        made["diagnostics"] = diagnosing.AUTO  # whose id it was sent with is no setting
    return now.to_mapping() == made


def _text_of_last(chat: Chat, lane: Lane) -> str:
    message = chat.session.by_id.get(lane.tip or "")
    return message.text[-TAIL:] if message is not None and message.role == "assistant" else ""


def _going(chat: Chat, base: Card, live: Live, shown: tuple[Entry, ...]) -> Card:
    run = live.run
    now = chat.workbench.runner.clock()
    words = entries.live_facts(run, live.speed.rate, now, live.started)
    streaming = run.phase is Phase.STREAMING
    first = run.timings.first_token_s
    return replace(
        base,
        sign=SPINNER[chat.frame // STRIP_EVERY % len(SPINNER)],
        tone="warning" if run.phase in {Phase.RETRYING, Phase.ASKING} else "",
        state="streaming" if streaming else words[0].text,
        entries=shown,
        facts=words if not streaming else tuple(Fact(each.text, each.weight, each.tone) for each in words[1:]),
        tail="".join("".join(block.parts[-40:]) for block in run.blocks[-1:])[-TAIL:],
        out=f"≈{grouped(run.output_tokens_so_far)} out" if run.output_tokens_so_far else "",
        ttft=f"{first:.2f}s" if first is not None else "",
        rate=f"{live.speed.rate:.0f} t/s" if live.speed.rate is not None else "",
        rates=tuple(live.speed.history),
    )
