"""The models that can be asked for: the endpoint's own list, the built-in table, and the dialog that shows both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.problem import Problem
from workbench.engine import model_list
from workbench.ui.ages import age
from workbench.ui.chat import model_items, tuning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat


async def models(chat: Chat) -> None:
    """Choose a model, or ask the endpoint for its list anew and choose then."""
    from workbench.ui.screens.model_choice import REFRESH, ModelChoice

    while True:
        current = chat.session.params_of(chat.lane).model
        found = await chat.app.push_screen_wait(ModelChoice(told(chat), model_items.items(chat), initial=current))
        if found == REFRESH:
            await refresh(chat)
            continue
        if found is not None and found != current:
            tuning.set_param(chat, "model", found)
        return


def told(chat: Chat) -> str:
    """Where the list comes from, and when it was asked for."""
    name, listed = chat.desk.chosen.endpoint.name, chat.desk.listed
    return "the built-in table" if listed is None else f"listed by {name}, {age(chat.desk.now(), listed.fetched)}"


async def refresh(chat: Chat) -> None:
    """Ask the endpoint now; where it has no list, say so and go on with what is known."""
    chosen = chat.desk.chosen
    if chat.desk.replay is not None:
        chat.tell("A recording answers: there is no server to ask for its models.", "warning")
        return
    chat.tell(f"Asking {chosen.endpoint.name} for its models…")
    found = await _asked(chat)
    if isinstance(found, Problem):
        chat.tell(f"{chosen.endpoint.name} lists no models: {found}", "warning")
        return
    before = {model.id for model in chat.desk.models.choices}
    chat.desk.take_list(found)
    chat.show()
    new = [model.id for model in chat.desk.models.choices if model.id not in before]
    more = f", {len(new)} of them new: {', '.join(new[:3])}{'…' if new[3:] else ''}" if new else ""
    chat.tell(f"{chosen.endpoint.name} lists {len(found.rows)} model{'' if len(found.rows) == 1 else 's'}{more}.")


async def look(chat: Chat) -> None:
    """After the start, and with another endpoint: what it listed last, and once a day what it lists now."""
    desk = chat.desk
    endpoint, key = desk.chosen.endpoint, desk.chosen.key
    if endpoint.simulated or desk.replay is not None:
        return
    known = desk.lists.read(endpoint)
    if known is not None:
        desk.take_list(known)
        chat.show()
    if (known is None or known.old(desk.now())) and (key is not None or desk.chosen.problem is None):
        found = await _asked(chat)
        if not isinstance(found, Problem) and desk.chosen.endpoint == endpoint:
            desk.take_list(found)
            chat.show()


async def _asked(chat: Chat) -> model_list.Listed | Problem:
    desk, runner = chat.desk, chat.workbench.runner
    chosen = desk.chosen
    return await model_list.ask(runner, chosen.endpoint, chosen.key, desk.lists, desk.now(), desk.origins)
