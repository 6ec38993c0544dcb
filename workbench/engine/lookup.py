"""The two small questions beside a run: how many tokens a request has, and which models there are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from workbench.core import errors, model_live, strict_json, usage
from workbench.core.accepts import VERSION_NEWEST
from workbench.core.endpoint import Endpoint
from workbench.core.errors import Problem
from workbench.core.request import Request, encode
from workbench.engine import keys
from workbench.engine.calls import Call, call_of
from workbench.engine.failures import Broken
from workbench.engine.keys import Key
from workbench.engine.origins import Way

if TYPE_CHECKING:
    from workbench.engine.source import Source

LARGEST: Final = 16 * 1024 * 1024
SECONDS: Final = 30.0
MOST_PAGES: Final = 20
PAGE: Final = 1000
NOT_FOUND: Final = 404
TAGS: Final = "/api/tags"
"""Where Ollama lists its models, older ones nowhere else."""


async def count_tokens(
    source: Source, request: Request, endpoint: Endpoint, key: Key | None, confirmed: frozenset[Way]
) -> int | Problem:
    """The input tokens as the server counts them."""
    if refused := keys.refusal(endpoint, key, confirmed):
        return refused
    body = encode(request.at(endpoint).count_body())
    version = request.version(endpoint.version, endpoint.kind)
    call = call_of(endpoint, key, "count_tokens", version, model=request.params.model or "", body=body)
    if isinstance(call, Problem):
        return call
    found = await _asked(source, "POST", call)
    if isinstance(found, Problem):
        return found
    said = found.get("input_tokens") if isinstance(found, dict) else None
    count = usage.count(said) if type(said) is int else None
    if count is None:
        return errors.malformed("not_message", "the count of tokens is missing")
    return count


async def models(
    source: Source, endpoint: Endpoint, key: Key | None, confirmed: frozenset[Way]
) -> list[dict[str, Any]] | Problem:
    """Every model that the server lists, page by page; a list of OpenAI's or Ollama's shape is one page."""
    if refused := keys.refusal(endpoint, key, confirmed):
        return refused
    version = VERSION_NEWEST if endpoint.version == "auto" else endpoint.version
    call = call_of(endpoint, key, "models", version)
    if isinstance(call, Problem):
        return call
    listed: dict[str, dict[str, Any]] = {}
    after: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        url = f"{call.url}?{urlencode({'limit': PAGE, **after})}"
        page = await _asked(source, "GET", replace(call, url=url))
        if isinstance(page, Problem) and page.status == NOT_FOUND and not listed and not endpoint.vendor:
            page = await _asked(source, "GET", replace(call, url=endpoint.base_url.rstrip("/") + TAGS))
        if isinstance(page, Problem):
            return page
        rows = model_live.entries(page)
        if rows is None:
            return errors.malformed("not_message", "the list of models is missing")
        new = {name: {**row, "id": name} for row in rows if (name := model_live.id_of(row)) is not None}
        last = page.get("last_id") if isinstance(page, dict) else None
        more = isinstance(page, dict) and page.get("has_more") is True and isinstance(last, str)
        going_on = more and not new.keys() <= listed.keys()
        listed |= new
        if not going_on or len(listed) >= model_live.MOST:
            break
        after = {"after_id": str(last)}
    return list(listed.values())[: model_live.MOST]


async def _asked(source: Source, method: str, call: Call) -> dict[str, Any] | list[Any] | Problem:
    """One JSON object or list, or why there is none; a kept connection that had been closed is replaced once."""
    try:
        async with asyncio.timeout(SECONDS):
            try:
                return await _once(source, method, call)
            except Broken as broken:
                if not broken.kept_closed:
                    return broken.problem
            try:
                return await _once(source, method, call)
            except Broken as broken:
                return broken.problem
    except TimeoutError:
        return errors.unreachable("no_answer", call.url.partition("://")[2].partition("/")[0], f"{SECONDS:g} s")


async def _once(source: Source, method: str, call: Call) -> dict[str, Any] | list[Any] | Problem:
    connection = await source.take(call.url)
    clean = False
    try:
        call = await call.ready(method)
        answer = await connection.send(method, call.url, call.headers, call.body, lambda: None)
        text = await answer.whole(LARGEST)
        clean = answer.ended
    finally:
        await connection.release(clean=clean)
    if not 200 <= answer.status < 300:
        secrets = call.secrets
        return errors.from_response(answer.status, answer.headers, text, secrets=secrets, keyless=not secrets)
    try:
        found = strict_json.loads(text.decode(errors="replace"))
    except strict_json.BadJsonError:
        found = None
    if isinstance(found, dict | list):
        return found
    sample = text[:1000].decode(errors="replace")
    return errors.malformed("not_message" if text else "empty", sample, secrets=call.secrets)
