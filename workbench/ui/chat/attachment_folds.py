"""An attachment in the conversation: one line with its name and size, and what it is when it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from workbench.core import attached
from workbench.core.problem import Problem
from workbench.ui.widgets.conversation_entry import Entry, Fold

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat

WEIGHED_HERE: Final = (attached.PATH, "text")
"""Sources whose tokens are told for the lane's model: a file's, and a text's, which is cheap to weigh."""


def fold_of(block: Mapping[str, Any], at: int) -> Fold:
    """As far as the session itself knows it."""
    from workbench.core import media

    lies_elsewhere = block["source"].get("type") == attached.PATH
    return _fold(block, at, "a file" if lies_elsewhere else media.of([block])[0].told(None))


def known(chat: Chat, entry: Entry) -> Entry:
    """The turn with what is known of its files by now."""
    message = chat.session.by_id.get(entry.key)
    if message is None:
        return entry
    told: dict[str, list[str]] = {}
    for block in message.blocks:
        if attached.is_attachment(block) and block["source"].get("type") in WEIGHED_HERE:
            told.setdefault(_title(block), []).append(_told(chat, block))
    if not told:
        return entry
    folds = (replace(fold, count=told[fold.title].pop(0)) if told.get(fold.title) else fold for fold in entry.folds)
    return replace(entry, folds=tuple(folds))


def _told(chat: Chat, block: attached.Block) -> str:
    model = chat.desk.catalogue.recognise(chat.session.params_of(chat.lane).model)
    if block["source"].get("type") == "text":
        from workbench.core import media

        return media.of([block])[0].told(model)
    from workbench.ui.chat import enclosed

    found = enclosed.seen(chat, block)
    if found is None:
        return "…"
    if isinstance(found, Problem):
        return f"{found.title}: {found.detail}"
    return found.told(model)


def _title(block: Mapping[str, Any]) -> str:
    return f"{block.get('type')} {attached.name_of(block)}"


def _fold(block: Mapping[str, Any], at: int, told: str) -> Fold:
    source = block["source"]
    if source.get("type") == "text" and isinstance(source.get("data"), str):
        return Fold(_title(block), source["data"], at, count=told)
    about = {key: str(source[key]) for key in ("path", "url", "file_id", "media_type", "sha256") if key in source}
    about |= {key: str(block[key]) for key in ("title", "context", "citations", "cache_control") if key in block}
    return Fold(_title(block), "\n".join(f"{key}: {value}" for key, value in about.items()), at, count=told)
