"""What the next run will take, and what is wrong with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from workbench.core import conversation, forecast, window
from workbench.ui.chat import enclosed
from workbench.ui.chat.parameter_rows import Preview

if TYPE_CHECKING:
    from workbench.core.kinds import Json
    from workbench.core.session import Lane, Session
    from workbench.ui.chat.screen import Chat


def plan(
    chat: Chat,
    tip: str | None,
    draft: str | Json | None,
    *,
    lane: Lane | None = None,
    session: Session | None = None,
    read: bool = False,
) -> Preview:
    """What the lane's next run will take, counted or estimated, and what is wrong with it: its request is made once.

    `session` is what the session will be by then, where that isn't what it is now. Files are as they are known; with
    `read` they are read now.
    """
    session, lane = session or chat.session, lane or chat.lane
    session, enclosing = enclosed.made(chat, session, partial(enclosed.asked, lane, tip, draft), read=read)
    request = enclosing.request
    endpoint, catalogue = chat.desk.chosen.endpoint, chat.desk.catalogue
    cautions = conversation.check(
        session,
        lane,
        tip,
        draft,
        catalogue=catalogue,
        configured_version=endpoint.version,
        vendor=endpoint.vendor,
        kind=endpoint.kind,
        today=chat.desk.now().date(),
        request=request,
    )
    cautions = (*enclosed.cautions(enclosing), *cautions)
    counted = chat.counts.of(request, endpoint)
    found = forecast.of_request(request, endpoint, catalogue, counted=counted)
    model = catalogue.recognise(request.params.model)
    too_long = window.caution(found, model, request.params)
    cautions = (*cautions, too_long) if too_long else cautions
    return Preview(request, found, cautions, window.left(found, model), enclosing.unread)
