"""The output schema: written alone, completed where a person says so, and sent in its format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from workbench.core import schema as rules
from workbench.core import schema_changes
from workbench.core.kinds import Json, KindError
from workbench.ui.chat import tuning

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

KEY: Final = "output_format"
HELP: Final = "The JSON schema that the answer must fit. Empty: no schema."
COMPLETE: Final = "complete"
AS_IT_IS: Final = "as it is"


async def schema(chat: Chat) -> None:
    """Edit the schema alone, from a template where there is none; what the API would refuse is offered to be mended."""
    from workbench.ui.screens.write import Write

    held = chat.session.params_of(chat.lane).output_format
    found = schema_changes.TEMPLATE if held is None else schema_changes.inside(held.value)
    text: str | None = json.dumps(found, ensure_ascii=False, indent=2)
    while text is not None:
        text = await chat.app.push_screen_wait(
            Write("output schema", help=HELP, initial=text, check=_mistake, edit=tuning.outside(chat), top=True)
        )
        if text is None:
            return
        if not text.strip():
            tuning.set_param(chat, KEY, None)
            return
        read: Any = schema_changes.inside(Json.parse(text).value)
        answer, made = await _mended(chat, read)
        if answer is not None:
            tuning.set_param(chat, KEY, schema_changes.wrapped({"type": schema_changes.FORMAT, "schema": made}))
            return


async def _mended(chat: Chat, written: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """The schema as it is to be sent; no answer goes back to the editor."""
    from workbench.ui.screens.confirm import Answer, Confirm

    fault = rules.schema_fault(written)
    completed, added = schema_changes.completed(written)
    made, moved = schema_changes.supported(completed)
    notes = (*added, *moved)
    if not notes:
        if fault is not None:
            chat.tell(f"The API will refuse this: {fault.text}.", "warning")
        return AS_IT_IS, written
    left = rules.schema_fault(made)
    lines = [f"The API will refuse it: {fault.text}.", ""] if fault is not None else []
    lines += ["It can be completed:", *(f"· {note}" for note in notes)]
    lines += ["", f"Then still: {left.text}."] if left else []
    answers = (Answer(COMPLETE, "c", "Complete it"), Answer(AS_IT_IS, "k", "Keep it as it is"))
    answer = await chat.app.push_screen_wait(Confirm("The schema lacks something", lines, answers, COMPLETE))
    return answer, made if answer == COMPLETE else written


def _mistake(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        found = schema_changes.inside(Json.parse(text).value)
    except KindError as error:
        return f"The schema {error}"
    return None if isinstance(found, dict) else 'A schema is a JSON object, such as {"type": "object", …}.'
