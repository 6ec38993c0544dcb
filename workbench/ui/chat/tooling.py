"""The tools of a lane: added, edited, pasted, ordered and removed, each as a step that can be undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.core import tool_table
from workbench.core.kinds import Json, KindError
from workbench.core.params import BY_KEY
from workbench.core.tool_faults import list_fault
from workbench.ui.chat import tuning
from workbench.ui.screens.choose import Choose, Item
from workbench.ui.screens.confirm import Answer, Confirm
from workbench.ui.screens.write import Write

if TYPE_CHECKING:
    from workbench.core.schema_grammar import Fault
    from workbench.ui.chat.screen import Chat

Tool: TypeAlias = "dict[str, object]"
OWN: Final = "own"
PASTE: Final = "paste"
ALL: Final = "all"
HELP: Final = "A tool as JSON: its name, what it does and when to call it, and the schema of its input."
HELP_PASTE: Final = (
    "JSON: a list of tools, one tool, or a request that has some. OpenAI's form is taken over if you agree."
)


async def tools(chat: Chat) -> None:
    """The list, again after each step, until it is closed."""
    at: str | None = None
    while True:
        chosen = await chat.app.push_screen_wait(
            Choose("Tools", _items(_tools(chat)), placeholder="a tool, or one to add", initial=at, keep_order=True)
        )
        if chosen is None:
            return
        at = await _chosen(chat, chosen)


def _tools(chat: Chat) -> list[Tool]:
    return tool_table.listed(chat.session.params_of(chat.lane).tools)


def _items(tools: Sequence[Tool]) -> list[Item]:
    own = [_item(tool, number) for number, tool in enumerate(tools)]
    there = [tool_table.TYPES.get(str(tool.get("type"))) for tool in tools]
    server, client = (
        [
            Item(
                family.newest,
                family.newest,
                family.help,
                "add",
                group,
                "it is there already" if family in there else "",
            )
            for family in tool_table.FAMILIES
            if family.served is served
        ]
        for group, served in (("run by the server", True), ("defined by Anthropic, answered by you", False))
    )
    more = [
        Item(OWN, "a tool of your own", "from a template, with a schema for its input", "new", "add"),
        Item(PASTE, "from JSON…", "paste a list, one tool, or OpenAI's functions", "paste", "add"),
        Item(ALL, "edit all as JSON…", "the whole list, in the editor or in $EDITOR", "edit", "add"),
    ]
    return [*own, *more, *server, *client]


def _item(tool: Tool, number: int) -> Item:
    fault = list_fault(Json.of([tool]))
    kind = "" if tool_table.is_custom(tool) else str(tool.get("type"))
    about = fault.text if fault is not None else kind or str(tool.get("description") or "no description")
    sign = (
        "!" if fault is not None else "server" if tool_table.is_served(tool) else "strict" if tool.get("strict") else ""
    )
    return Item(f"#{number}", tool_table.title_of(tool), about, sign, "sent now")


async def _chosen(chat: Chat, chosen: str) -> str | None:
    """Do what a row is for; where the list stands then."""
    tools = _tools(chat)
    if chosen.startswith("#"):
        return await _one(chat, int(chosen[1:]))
    if chosen == OWN:
        made = await _written(chat, "a tool of your own", dict(tool_table.TEMPLATE))
        return _put(chat, [*tools, made]) if made is not None else chosen
    if chosen == PASTE:
        pasted = await _pasted(chat)
        return _put(chat, [*tools, *pasted]) if pasted else chosen
    if chosen == ALL:
        await tuning.parameter(chat, BY_KEY["tools"])
        return chosen
    return _put(chat, [*tools, tool_table.TYPES[chosen].template()])


async def _one(chat: Chat, number: int) -> str | None:
    """What can be done with one tool."""
    tools = _tools(chat)
    title, own = tool_table.title_of(tools[number]), tool_table.is_custom(tools[number])
    items = [
        Item("edit", "edit", "as JSON, in the editor or in $EDITOR"),
        Item("up", "move up", "the order is part of what is cached", disabled="" if number else "it is the first"),
        Item("down", "move down", "", disabled="" if number < len(tools) - 1 else "it is the last"),
        Item("copy", "copy", "another beside it, to change", disabled="" if own else "only one of your own can"),
        Item("remove", "remove", "undo brings it back"),
    ]
    what = await chat.app.push_screen_wait(Choose(title, items, keep_order=True))
    match what:
        case "edit":
            made = await _written(chat, title, tools[number])
            if made is not None:
                _put(chat, [*tools[:number], made, *tools[number + 1 :]])
        case "up" | "down":
            there = number + (1 if what == "down" else -1)
            tools[number], tools[there] = tools[there], tools[number]
            _put(chat, tools)
            return f"#{there}"
        case "copy":
            name = str(tools[number].get("name", ""))[:60]
            return _put(chat, [*tools[: number + 1], {**tools[number], "name": f"{name}_2"}, *tools[number + 1 :]])
        case "remove":
            _put(chat, [*tools[:number], *tools[number + 1 :]])
    return f"#{number}"


def _put(chat: Chat, tools: Sequence[Tool]) -> str:
    """Set the list, none for an empty one; the place of its last."""
    tuning.set_param(chat, "tools", [*tools] or None)
    return f"#{len(tools) - 1}"


async def _written(chat: Chat, title: str, tool: Tool) -> Tool | None:
    """The tool as it was edited; only one that is JSON and a table is taken, and of the rest is said what is wrong."""
    text = json.dumps(tool, ensure_ascii=False, indent=2)
    written = await chat.app.push_screen_wait(
        Write(title, help=HELP, initial=text, check=_mistake, edit=tuning.outside(chat), top=True)
    )
    value = Json.parse(written).value if written is not None else None
    return value if isinstance(value, dict) else None


def _mistake(text: str) -> str | None:
    try:
        held = Json.parse(text)
    except KindError as error:
        return f"It {error}."
    if not isinstance(held.value, dict):
        return "One tool is a table: { … }."
    return _said(list_fault(Json.of([held.value])))


def _said(fault: Fault | None) -> str | None:
    return None if fault is None else f"{fault.text[:1].upper()}{fault.text[1:]}."


async def _pasted(chat: Chat) -> list[Tool]:
    """Tools out of JSON; of OpenAI's form only after a yes."""
    text = await chat.app.push_screen_wait(
        Write("tools from JSON", help=HELP_PASTE, check=_not_tools, edit=tuning.outside(chat))
    )
    if not text:
        return []
    tools, foreign = tool_table.read_pasted(text)
    if not foreign:
        return tools
    functions = [*filter(tool_table.is_function, tools)]
    lines = (
        f"{len(functions)} of {len(tools)} in OpenAI's form: {', '.join(map(_name_of, functions))}.",
        "Each becomes a tool with the same name and description, its parameters as the input_schema.",
    )
    answers = (Answer("yes", "y", "Take them over"), Answer("no", "n", "Leave it"))
    if await chat.app.push_screen_wait(Confirm("Take over OpenAI's tools?", lines, answers, "yes")) != "yes":
        return []
    return [*tool_table.converted(tools)]


def _name_of(function: Tool) -> str:
    return tool_table.title_of(next(tool_table.converted([function])))


def _not_tools(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        tools, _ = tool_table.read_pasted(text)
    except KindError as error:
        return f"It {error}."
    if not tools:
        return "There is no tool in it: a tool is a table with a name and an input_schema."
    return _said(list_fault(Json.of([*tool_table.converted(tools)])))
