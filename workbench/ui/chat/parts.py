"""What each pane of the Chat screen is handed, worked out from the session and the runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from workbench.core import clouds, gathered
from workbench.core.params import BY_KEY
from workbench.core.state import Phase
from workbench.engine.endpoints import NO_KEY_NOTE
from workbench.ui.chat import banner, drafting, enclosed, meters_of
from workbench.ui.chat.parameter_rows import Panel
from workbench.ui.commands import BY_ID, keymap, keys_shown
from workbench.ui.widgets.attachments import Attachments
from workbench.ui.widgets.chips import Chip
from workbench.ui.widgets.topbar import Heading

if TYPE_CHECKING:
    from workbench.core.kinds import Json
    from workbench.core.limits import Limits
    from workbench.core.session import Lane
    from workbench.ui.chat.live import Live
    from workbench.ui.chat.screen import Chat
    from workbench.ui.desk import Desk
    from workbench.ui.meters import Meters

Severity: TypeAlias = Literal["information", "warning", "error"]
SHORT_NAMES: Final = {"temperature": "T", "max_tokens": "max", "stop_sequences": "stop", "thinking_budget": "budget"}
WELCOME: Final = {"tune": "parameters", "jump": "jump", "palette": "every command", "help": "keys"}
"""The commands that the empty conversation names."""
MADE_UP: Final = "made-up text, real limits and list prices"
SET_A_KEY: Final = (
    "For the real API: export ANTHROPIC_API_KEY=sk-ant-…, or put that into a .env in this folder, and start again. "
    "Endpoint… in the palette chooses another server."
)


def welcome(desk: Desk, made: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What the empty conversation says: how to begin, and who answers; `made` is the keymap, if it was changed."""
    keys = {
        name: next(iter(keys_shown(BY_ID[name], made, enter_runs=desk.config.enter == "run")), "")
        for made in (keymap(desk.config.keys)[0] if made is None else made,)
        for name in ("run", *WELCOME)
    }
    first = f"Type a prompt below, then {keys['run'] or 'run it from the palette'}."
    shown = " · ".join(f"{keys[name]} {word}" for name, word in WELCOME.items() if keys[name])
    who = answering(desk)
    return (first, *(("", *who) if who else ()), "", shown)


def answering(desk: Desk) -> tuple[str, ...]:
    """Who answers, where it isn't simply the server that was meant: and what to do about it."""
    chosen = desk.chosen
    if desk.replay is not None:
        return ("A recording answers, whatever is asked: nothing is sent.",)
    if chosen.problem is not None:
        return (str(chosen.problem),)
    if not chosen.endpoint.simulated:
        return ()
    if chosen.why != "no key":
        return (f"The bundled simulator answers: {MADE_UP}.", "Endpoint… in the palette chooses another server.")
    usable = "" if set(chosen.notes) <= {NO_KEY_NOTE} else "usable "
    return (f"No {usable}API key was found, so the bundled simulator answers: {MADE_UP}.", SET_A_KEY)


def meters(chat: Chat) -> Meters:
    live = chat.lasts.get(chat.lane.id, chat.last)
    now = chat.workbench.runner.clock() if live else 0.0
    limits, told_at, made = _told(chat, live) if live else (None, None, 0)
    return meters_of.status(
        run=live.run if live else None,
        limits=limits,
        elapsed=now - told_at if told_at is not None else 0.0,
        made=made,
        asked=live is not None and live.run.phase is Phase.ENDED and live.run.attempts > 0,
        now=now,
        frame=chat.frame // meters_of.STRIP_EVERY,
        speed=chat.speed,
        live=bool(chat.lives),
        last=chat.session.runs[-1].cost if chat.session.runs else None,
        spent=chat.document.spent,
        budget=chat.desk.config.budget_usd,
        committed=chat.document.committed(chat.desk.catalogue) if chat.desk.config.budget_usd else Decimal(0),
        unreported_by=clouds.lacking(live.endpoint.kind, clouds.LIMITS) if live else "",
    )


def _told(chat: Chat, live: Live) -> tuple[Limits | None, float | None, int]:
    """The newest limits of those that the run shares, when they came, and the output tokens that were made since.

    Lanes that send to the same class of models draw from the same limits: what one was told, the others have changed.
    """
    runner = chat.workbench.runner
    known = runner.limits_of(live.endpoint, live.request.params)
    if known is None:
        return live.run.limits, live.limits_at, live.run.output_tokens_so_far
    newest, told_at = known
    own = newest is live.run.limits
    made = runner.line_of(live.endpoint, live.request.params).made_since
    return newest, live.limits_at if own else told_at, made


def next_run(chat: Chat, lane: Lane | None = None) -> tuple[str | None, str | Json | None]:
    """Where the next run of the lane, by default the focused one, would hang, and what it would add there."""
    lane = lane or chat.lane
    if chat.editing is not None:
        message = chat.session.by_id[chat.editing]
        user = message.role != "assistant"
        return message.parent, (drafting.edited_content(message, chat.draft) if user else chat.draft) or None
    draft = enclosed.said(chat) or None
    if draft is None and lane.tip is not None:
        tip = chat.session.by_id[lane.tip]
        return (tip.parent if tip.role == "assistant" else tip.id), None
    return lane.tip, draft


def first_missing(chat: Chat) -> str:
    names = gathered.asked_names(chat.session, chat.lane, *next_run(chat))
    missing = [name for name in names if name not in chat.session.bindings]
    return f"variable:{missing[0]}" if missing else "system"


def chips(panel: Panel) -> tuple[Chip, ...]:
    """What is set, short; the system prompt by its version, variables by their number."""
    found: list[Chip] = []
    for row, value in panel.params.items:
        changed = value != panel.base[row.key]
        if row.key == "model":
            found.append(Chip("param:model", str(value).removeprefix("claude-"), changed))
        elif row.key == "system":
            found.append(Chip("system", f"sys {panel.lane.system or '·'}"))
        else:
            name = SHORT_NAMES.get(row.key, BY_KEY[row.key].label)
            found.append(Chip(f"param:{row.key}", f"{name} {row.kind.shown(value)}", changed))
    if panel.session.variables:
        found.append(Chip("variables", f"vars {len(panel.session.variables)}"))
    return tuple(found)


def heading(chat: Chat) -> Heading:
    endpoint, key = chat.desk.chosen.endpoint, chat.desk.chosen.key
    name = chat.session.title or (chat.document.path.stem if chat.document.path and not chat.document.untitled else "")
    return Heading(
        title=name,
        unsaved=chat.document.unsaved(chat.unsent),
        read_only=chat.document.read_only,
        banner=banner.words(chat),
        model=chat.session.params_of(chat.lane).model or "no model",
        lane=f"lane {chat.lane_number} of {len(chat.session.lanes)}" if len(chat.session.lanes) > 1 else "",
        endpoint="simulated" if endpoint.simulated else endpoint.name,
        host=endpoint.elsewhere,
        simulated=endpoint.simulated,
        key="" if endpoint.simulated or key is None else f"key {key.masked}" if key.masked != "…" else "key set",
        proxy=chat.desk.proxy,
        tab="compare" if chat.comparing else "chat",
    )


def back(chat: Chat) -> None:
    """Peel one layer: find, selection, edit, drawer, editor, the lane that has all the room, Compare."""
    if chat.finding is not None and chat.finding.display:
        chat.finding.close()
        chat.pane.focus()
    elif chat.get_selected_text():
        chat.clear_selection()
    elif chat.editing is not None:
        drafting.stop_editing(chat)
        chat.pane.focus()  # where the turn was chosen
    elif chat.panel.has_focus:
        chat.remove_class("-drawer")
        chat.pane.focus() if chat.comparing else chat.prompt.focus()
    elif chat.prompt.has_focus:
        chat.remove_class("-drawer")
        chat.pane.focus()
    elif chat.has_class("-drawer"):
        chat.remove_class("-drawer")
    elif chat.has_class("-zoomed"):
        chat.remove_class("-zoomed")
    elif chat.comparing:
        from workbench.ui.chat import comparing

        comparing.peel(chat)


def go(chat: Chat, target: str) -> None:
    """To a turn, a row of the panel, or the prompt."""
    kind, _, rest = target.partition(":")
    if kind == "message":
        message = chat.session.by_id.get(rest)
        if message is not None and message not in chat.session.path(chat.lane.tip):
            chat.record(chat.session.with_lane(replace(chat.lane, tip=chat.session.leaf(rest))))
        from workbench.ui.chat import comparing

        comparing.leave(chat)
        chat.view.focus()
        chat.view.go_to(rest)
    elif kind == "fold":
        chat.view.focus()
        chat.view.press(rest)
    elif kind == "lane":
        from workbench.ui.chat import comparing

        comparing.focus_lane(chat, rest)
    elif kind == "prompt":
        chat.to_prompt()
    elif kind == "attached":
        chips = chat.query_one("#attached", Attachments)
        chips.focus()
        chips.at = int(rest)
    else:
        _to_row(chat, first_variable(chat) if kind == "variables" else target)


def _to_row(chat: Chat, row: str) -> None:
    """To a row of the panel, which opens as a drawer where there is no room for it."""
    chat.remove_class("-zoomed")
    chat.add_class("-drawer")
    chat.panel.at = row
    chat.panel.focus()


def first_variable(chat: Chat) -> str:
    return next((f"variable:{name}" for name in chat.session.bindings), "system")


def point_at(chat: Chat, key: str) -> None:
    """Put the cursor where a mistake can be mended."""
    if key in {"prompt", "calls", "attachments"}:
        chat.to_prompt()
    else:
        _to_row(chat, f"param:{key}" if key != "variables" else first_missing(chat))
