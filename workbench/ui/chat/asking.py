"""Lists, overlays and the outside editor: palette, keys, jump, recall, find, theme, endpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.ui.chat import drafting, jumping, parts, shortcuts
from workbench.ui.chat.handlers import beyond
from workbench.ui.commands import BY_ID, COMMANDS

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def palette(chat: Chat) -> None:
    """Every command, with its keys; it is done on the screen that is up."""
    from workbench.ui.screens.choose import Choose, Item

    items = [
        Item(command.id, command.title, command.help, " ".join(shortcuts.labels(chat, command.id)), command.group)
        for command in COMMANDS
    ]
    found = await chat.app.push_screen_wait(
        Choose("Commands", items, placeholder="a command", keep_order=True, rank_typed=True, keys=True)
    )
    if found is not None:
        await chat.front.do(found)


async def help_(chat: Chat) -> None:
    """Every key; rebinding holds until the program ends, and the sheet shows the line that keeps it."""
    from workbench.ui.screens.keys import KeySheet

    changed = await chat.app.push_screen_wait(
        KeySheet(chat.workbench.keys_in_use, enter_runs=chat.desk.config.enter == "run")
    )
    if changed is not None:
        command, key = changed
        chat.workbench.rebind(command, key)
        chat.front.show_keys()
        chat.view.welcome(parts.welcome(chat.desk, chat.workbench.keys_in_use))
        line = f'{command} = ["{key}"]'
        chat.tell(f"{BY_ID[command].title} is on {key} now. To keep it, put under [keys] in config.toml: {line}")


async def jump(chat: Chat) -> None:
    from workbench.ui.screens.jump import Jump

    targets = jumping.targets(chat)
    if targets:
        found = await chat.app.push_screen_wait(Jump(targets))
        if found is not None and found.startswith("tab:"):
            await chat.do(found.removeprefix("tab:"))
        elif found is not None:
            parts.go(chat, found)


async def recall(chat: Chat) -> None:
    """An earlier prompt into the editor; ^Z there brings back what stood in it."""
    from workbench.ui.screens.choose import Choose, Item

    prompts = chat.history.recent()
    items = [Item(str(at), " ".join(text.split())[:400]) for at, text in enumerate(prompts)]
    empty = "No prompt was sent yet."
    found = await chat.app.push_screen_wait(
        Choose("Recall", items, placeholder="an earlier prompt", empty=empty, keep_order=True)
    )
    if found is not None:
        beyond("to_chat")(chat)
        drafting.rewrite_draft(chat, prompts[int(found)])
        chat.prompt.focus()


async def find(chat: Chat) -> None:
    """Open the line for finding; it is made when it is first asked for."""
    from workbench.ui.widgets.findbar import FindBar

    if chat.finding is None:
        chat.finding = FindBar(lambda: chat.reading, id="find")
        await chat.query_one("#middle").mount(chat.finding)
    chat.finding.open()


async def theme(chat: Chat) -> None:
    """Each theme shows while it is highlighted; esc brings the old one back."""
    from workbench.ui.screens.choose import Choose, Item

    before = chat.workbench.theme_name
    items = [Item(name, name) for name in chat.workbench.themes.names()]
    found = await chat.app.push_screen_wait(
        Choose("Theme", items, initial=before, preview=chat.workbench.use_theme, keep_order=True)
    )
    chat.workbench.use_theme(found or before)
    if found is not None and found != chat.desk.config.theme:
        chat.tell(f'To keep it, put theme = "{found}" in config.toml.')


async def endpoint(chat: Chat) -> None:
    """Where requests go from now on, and with this session."""
    from workbench.engine import endpoints
    from workbench.engine.endpoints import EndpointError
    from workbench.ui.screens.choose import Choose, Item

    config = chat.desk.config
    items: list[Item] = []
    for name in endpoints.names(config):
        try:
            found = endpoints.named(config, name, chat.desk.environ)
        except EndpointError as error:
            items.append(Item(name, name, disabled=str(error)))
            continue
        where = "" if found is None else "on this machine, no key, no money" if found.simulated else found.base_url
        items.append(Item(name, name, where))
    chosen = await chat.app.push_screen_wait(
        Choose("Endpoint", items, initial=chat.desk.chosen.endpoint.name, keep_order=True)
    )
    if chosen is None:
        return
    chat.desk.named_endpoint = chat.desk.base_url = None  # the choice counts from now on, not how the program started
    chat.change(replace(chat.session, endpoint=chosen))


async def editor(chat: Chat) -> None:
    """The draft in $EDITOR; what was written there comes back, and ^Z takes it back."""
    from workbench.ui.external_editor import EditorFailed, edit

    try:
        text = await edit(chat.app, chat.draft)
    except EditorFailed as error:
        chat.tell(str(error), "error")
    else:
        if text is not None:
            drafting.rewrite_draft(chat, text)
    beyond("to_chat")(chat)
    chat.prompt.focus()
