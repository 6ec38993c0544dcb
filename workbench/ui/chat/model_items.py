"""The models that can be asked for, as a list to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core import cloud_models, model_words

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.choose import Item


def items(chat: Chat) -> list[Item]:
    """What the endpoint can be asked for, newest first; what is known of each."""
    from workbench.ui.screens.choose import Item

    catalogue, today = chat.desk.models, chat.desk.now().date()
    endpoint = chat.desk.chosen.endpoint
    vendor = endpoint.vendor
    found = []
    for model in catalogue.offered(vendor=vendor):
        unlisted = catalogue.served is not None and not catalogue.served & {*model.ids}
        stands = model_words.status(model, today)
        parts = ("" if stands == "active" else stands, "not in the list" if unlisted else "", model_words.takes(model))
        priced = endpoint.priced or model.priced_by_user
        price = model_words.price(cloud_models.offered(model, endpoint)) if priced else "price unknown"
        found.append(Item(model.id, model.id, " · ".join(filter(None, parts)), price))
    return found
