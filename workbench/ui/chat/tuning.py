"""Change parameters, system prompt, variables and presets from the panel's rows."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.message import Message

from workbench.core import accepts, lanes
from workbench.core.kinds import Choice, JsonKind, Lines, Number, Text, Value
from workbench.core.params import BY_KEY, Param, ParamError, Params
from workbench.core.template import SLOT
from workbench.ui.chat import presets
from workbench.ui.widgets.parameters import Parameters

if TYPE_CHECKING:
    from workbench.core.session import Session
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.choose import Item

ELSEWHERE: Final = {"param:model": "models", "param:output_format": "schema", "param:tools": "tools"}
"""Rows that a command opens, which has a dialog of its own for them."""


def tune(chat: Chat) -> None:
    """To the panel; on a narrow terminal it opens as a drawer, and closes again."""
    if chat.panel.has_focus:
        chat.remove_class("-drawer")
        (chat.pane if chat.comparing else chat.prompt).focus()
    else:
        chat.remove_class("-zoomed")
        chat.add_class("-drawer")
        chat.panel.focus()


def heard(chat: Chat, event: Message) -> None:
    """A wish of the panel or the chips."""
    match event:
        case Parameters.Stepped():
            stepped(chat, event.row, event.by, big=event.big)
        case Parameters.Chosen():
            chosen(chat, event.row)
        case Parameters.Cleared():
            cleared(chat, event.row, reset=event.reset)
        case _:
            tune(chat)


def stepped(chat: Chat, row: str, by: int, *, big: bool) -> None:
    """Move a value: a number by its step, a word to the next that the model takes, the system prompt by version."""
    kind, _, key = row.partition(":")
    if kind == "system":
        _step_system(chat, by)
    elif kind == "preset":
        chosen(chat, row)
    elif kind == "param":
        spec = BY_KEY[key]
        params = chat.session.params_of(chat.lane)
        value = _moved(chat, spec, params, by, big=big)
        if value is not None:
            set_param(chat, key, value)
        else:
            chosen(chat, row)


def _moved(chat: Chat, spec: Param, params: Params, by: int, *, big: bool) -> Value | None:
    """The value a step on, or None where stepping makes no sense."""
    value = params[spec.key]
    if isinstance(spec.kind, Number):
        return spec.kind.stepped(value, by, big=big)
    if isinstance(spec.kind, Choice):
        return spec.kind.stepped(value, by, among=words(chat, spec.key))
    if isinstance(spec.kind, JsonKind) and getattr(value, "value", "") in ("", *spec.kind.words):
        return next(iter(spec.kind.words), None)  # `auto`; a table of one's own is opened
    return None


def words(chat: Chat, key: str) -> tuple[str, ...]:
    """The words a person may choose for a parameter: of the models, those that can still be asked for."""
    if key == "model":
        vendor = chat.desk.chosen.endpoint.vendor
        return tuple(model.id for model in chat.desk.models.offered(vendor=vendor))
    params = chat.session.params_of(chat.lane)
    model = chat.desk.models.find(params.model)
    return accepts.choices(key, params, model, chat.version) or _declared(key)


def _declared(key: str) -> tuple[str, ...]:
    kind = BY_KEY[key].kind
    return kind.values if isinstance(kind, Choice) else ()


def set_param(chat: Chat, key: str, value: object) -> None:
    """For the focused lane where there are several, unless it is for all: the panel says which."""
    try:
        chat.change(lanes.changed(chat.session, chat.lane, key, value, everybody=chat.for_all))
    except ParamError as error:
        chat.tell(str(error), "error")


def _step_system(chat: Chat, by: int) -> None:
    versions = [None, *(system.id for system in chat.session.systems)]
    at = versions.index(chat.lane.system) if chat.lane.system in versions else 0
    there = versions[min(max(at + by, 0), len(versions) - 1)]
    _take_system(chat, chat.session.with_lane(replace(chat.lane, system=there)))


def _take_system(chat: Chat, session: Session) -> None:
    """The lane's version of the system prompt, for every lane where parameters are changed for all."""
    version = session.lane(chat.lane.id).system
    if chat.for_all:
        session = replace(session, lanes=tuple(replace(lane, system=version) for lane in session.lanes))
    chat.change(session)


def _without_system(chat: Chat) -> Session:
    """Without a system prompt that is no version: of the lane, or of all where changes are for all."""
    return lanes.changed(chat.session, chat.lane, "system", None, everybody=chat.for_all)


def cleared(chat: Chat, row: str, *, reset: bool) -> None:
    """Unset a parameter or put it back to the preset; remove a variable; take the system prompt away."""
    kind, _, key = row.partition(":")
    if reset and kind in {"variable", "system"}:
        chat.tell("No preset gives this; x removes it.")
    elif kind == "variable":
        chat.change(chat.session.with_variable(key, None))
    elif kind == "system":
        session = _without_system(chat)
        _take_system(chat, session.with_lane(replace(session.lane(chat.lane.id), system=None)))
    elif kind == "param":
        set_param(chat, key, chat.base[key] if reset else None)


def chosen(chat: Chat, row: str) -> None:
    """Open a row: a list for words, a line for numbers, an editor for long text and JSON."""
    kind, _, key = row.partition(":")
    if kind == "more":
        chat.unfolded = not chat.unfolded
        chat.show_panel()
    elif kind == "scope":
        chat.for_all = not chat.for_all
        chat.show_panel()
    elif kind == "preset":
        presets.take_preset(chat, key)
    elif kind == "variable":
        chat.run_worker(_variable(chat, key))
    elif kind == "system":
        chat.run_worker(_system(chat))
    elif row in ELSEWHERE:
        chat.run_worker(chat.do(ELSEWHERE[row]))
    elif kind == "param":
        chat.run_worker(parameter(chat, BY_KEY[key]), group="commands")


async def parameter(chat: Chat, spec: Param) -> None:
    value = chat.session.params_of(chat.lane)[spec.key]
    text = await _typed(chat, spec, value)
    if text is None:
        return
    if text == "":
        set_param(chat, spec.key, None)
        return
    try:
        set_param(chat, spec.key, spec.read_text(text))
    except ParamError as error:
        chat.tell(str(error), "error")


async def _typed(chat: Chat, spec: Param, value: Value | None) -> str | None:
    """What the person typed or chose; empty to unset, None to leave it."""
    if isinstance(spec.kind, Choice):
        return await _chosen_word(chat, spec, value)
    if isinstance(spec.kind, JsonKind):
        from workbench.ui.screens.write import Write

        held = getattr(value, "value", None)
        initial = "" if value is None else json.dumps(held, ensure_ascii=False, indent=2)
        help_ = f"{spec.told} Empty unsets it."
        return await chat.app.push_screen_wait(
            Write(spec.label, help=help_, initial=initial, check=_checked(spec), edit=outside(chat), top=True)
        )
    from workbench.ui.screens.ask import Ask

    help_ = f"{spec.told} Empty unsets it."
    if isinstance(spec.kind, Lines):
        help_ += ' Several: ["one", "\\n\\ntwo"].'
    return await chat.app.push_screen_wait(
        Ask(spec.label, help=help_, initial=_as_typed(spec, value), check=_checked(spec))
    )


def _as_typed(spec: Param, value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return str(value) if isinstance(spec.kind, Text | Number) else spec.kind.shown(value)


def _checked(spec: Param) -> Callable[[str], str | None]:
    def check(text: str) -> str | None:
        if text == "":
            return None
        try:
            spec.read_text(text)
        except ParamError as error:
            return str(error)
        return None

    return check


def outside(chat: Chat) -> Callable[[str], Awaitable[str | None]]:
    from workbench.ui.external_editor import edit

    return partial(edit, chat.app)


async def _chosen_word(chat: Chat, spec: Param, value: Value | None) -> str | None:
    from workbench.ui.screens.choose import Choose

    kind = spec.kind
    open_ = isinstance(kind, Choice) and kind.open
    initial = str(value) if value is not None else None
    return await chat.app.push_screen_wait(
        Choose(
            spec.label,
            _word_items(chat, spec),
            initial=initial,
            keep_order=True,
            allow_other=open_,
            placeholder=spec.told,
        )
    )


def _word_items(chat: Chat, spec: Param) -> list[Item]:
    from workbench.ui.screens.choose import Item

    params = chat.session.params_of(chat.lane)
    model = chat.desk.models.find(params.model)
    refused = {word: accepts.objection(spec.key, word, params, model, chat.version) for word in _declared(spec.key)}
    items = [Item(word, word, why.partition(";")[0]) for word, why in refused.items()]
    usual = accepts.usual(spec.key, model)
    return [Item("", "—", f"unset: not sent{usual and f', which means {usual}'}"), *items]


async def _system(chat: Chat) -> None:
    """Edit the system prompt; a changed text is a new version, and the old ones stay."""
    from workbench.ui.screens.write import Write

    before = chat.session.params_of(chat.lane).system or ""
    help_ = "Sent before the conversation. A change makes a new version; {{name}} stands for a variable."
    text = await chat.app.push_screen_wait(Write("system prompt", help=help_, initial=before, edit=outside(chat)))
    if text is None or text == before:
        return
    session = _without_system(chat)
    _take_system(chat, session.with_system(session.lane(chat.lane.id), text))


async def _variable(chat: Chat, name: str) -> None:
    """A value of one line is asked for, and enter accepts it; F4, or a paste of several, goes on to many lines."""
    from workbench.ui.screens.ask import Ask
    from workbench.ui.screens.write import Write

    before = chat.session.bindings.get(name, "")
    help_ = f"{{{{{name}}}}} in the prompt stands for this text."
    text: str | None = before
    longer = "\n" in before
    if not longer:
        ask = Ask(name, help=help_, initial=before, longer=True)
        text = await chat.app.push_screen_wait(ask)
        longer = ask.wants_lines
    if longer and text is not None:
        text = await chat.app.push_screen_wait(Write(name, help=help_, initial=text, edit=outside(chat)))
    if text is not None:
        chat.change(chat.session.with_variable(name, text))


async def add_variable(chat: Chat) -> None:
    """A new variable: its name, then its value."""
    from workbench.ui.screens.ask import Ask

    def check(text: str) -> str | None:
        if SLOT.fullmatch(f"{{{{{text}}}}}"):
            return None
        return "A name begins with a letter or _, and goes on with letters, digits, _, - and dots."

    name = await chat.app.push_screen_wait(Ask("New variable", help="Its name, as in {{name}}.", check=check))
    if name:
        await _variable(chat, name)
