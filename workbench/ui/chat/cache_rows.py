"""The panel's part about caching: where the next request is cached up to, and what caching did so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workbench.core.figures import grouped
from workbench.ui.widgets.parameter_row import Row

if TYPE_CHECKING:
    from workbench.core.cache_use import CacheUse
    from workbench.core.models import Catalogue
    from workbench.core.request import Request
    from workbench.core.session import Session

AT: Final = "cache"
HELP: Final = "Where the next request is cached up to, and what that did so far; C on a turn caches up to it."


def rows(session: Session, request: Request | None, catalogue: Catalogue) -> list[Row]:
    """Nothing where nothing is cached, and nothing was."""
    runs = [each for each in session.runs if each.usage]
    if not runs and (request is None or not request.cached):
        return []
    from workbench.core import breakpoints, cache_use

    model = catalogue.find(request.params.model) if request is not None else None
    asked = breakpoints.of_request(request, model) if request is not None else ()
    whole = cache_use.total(runs, catalogue, session.memo)
    if not asked and not whole.used:
        return []
    found = [Row(AT, "CACHE", f"{len(asked)} of {breakpoints.MOST}" if asked else "", heading=True, help=HELP)]
    found += [Row(AT, f"{each.where} · {each.lifetime}", f"≈ {grouped(each.tokens)} tok") for each in asked]
    if whole.used:
        last = cache_use.of_record(runs[-1], catalogue)
        found.append(Row(AT, "last run", last.money or f"{last.share}% read"))
        found += [Row(AT, f"  {name}", grouped(number)) for name, number in _parts(last) if number]
        if len(runs) > 1:
            found.append(Row(AT, "session", f"{whole.share}% read" + (f" · {whole.money}" if whole.money else "")))
    return found


def _parts(use: CacheUse) -> tuple[tuple[str, int], ...]:
    return ("read", use.read), ("written for 5m", use.write_5m), ("written for 1h", use.write_1h), ("new", use.uncached)
