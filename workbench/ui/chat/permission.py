"""What a person is asked before a request leaves: the budget, another endpoint than named, a new address for a key."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from workbench.core import forecast
from workbench.core.batch import WAITING
from workbench.core.cost import money
from workbench.core.figures import grouped
from workbench.core.warming import SharedPrefix, shared_prefixes
from workbench.engine import keys, origins
from workbench.engine.files import StoreError

if TYPE_CHECKING:
    from workbench.core.attached import Sent
    from workbench.core.request import Request
    from workbench.engine.endpoints import Chosen
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.confirm import Confirm

YES: Final = "send"
WARM: Final = "warm"
TOGETHER: Final = "together"
WHOLE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to agree to; without a yes nothing is sent."""

    title: str
    lines: tuple[str, ...]
    agreed: Callable[[], None]
    """Remembers the yes, where it holds for more than this run."""

    def dialog(self) -> Confirm:
        from workbench.ui.screens.confirm import Answer, Confirm

        answers = (Answer(YES, "s", "Send it"), Answer("stay", "n", "Don't send"))
        return Confirm(self.title, self.lines, answers, "stay")


@dataclass(frozen=True, slots=True)
class Warming:
    """Lanes that share a prompt to be cached: together each pays to write it, one after the other the rest read it."""

    shared: tuple[SharedPrefix, ...]

    def dialog(self) -> Confirm:
        from workbench.ui.screens.confirm import Answer, Confirm

        lanes = sum(len(each.places) for each in self.shared)
        tokens = max(each.tokens for each in self.shared)
        lines = (
            f"{lanes} lanes share a prompt of ≈ {grouped(tokens)} tokens to be cached. Started together, each of them",
            "pays to write it: it can be read only once the first answer has begun.",
        )
        answers = (
            Answer(WARM, "w", "Warm one first"),
            Answer(TOGETHER, "t", "All together"),
            Answer("stay", "n", "Don't send"),
        )
        return Confirm("Write the cache once?", lines, answers, WARM)


async def answered(chat: Chat, questions: Iterable[Question]) -> bool:
    """Whether each of them was answered with yes; after a no nothing more is asked."""
    for question in questions:
        if await chat.app.push_screen_wait(question.dialog()) != YES:
            return False
        question.agreed()
    return True


def warming(chat: Chat, requests: Sequence[Request]) -> Warming | None:
    """What is to be said of caching before these requests leave together."""
    shared = shared_prefixes(requests, chat.desk.catalogue) if len(requests) > 1 else ()
    if shared:
        from workbench.ui.chat import cached_already

        shared = shared_prefixes(requests, chat.desk.catalogue, cached_already.prefixes(chat, requests))
    return Warming(shared) if shared else None


def questions(chat: Chat, requests: Sequence[Request], *, share: Decimal = WHOLE) -> Iterator[Question]:
    """Everything that must be agreed to before these are sent, at that share of the price."""
    yield from _endpoint(chat)
    yield from where(chat)
    yield from files(chat, requests)
    yield from _budget(chat, requests, share)


def _endpoint(chat: Chat) -> Iterator[Question]:
    """A session that names an endpoint nobody knows must not spend another's money unasked."""
    named, chosen = chat.session.endpoint, chat.desk.chosen.endpoint
    pair = (named or "", chosen.name)
    given = chat.desk.named_endpoint or chat.desk.base_url
    if named is None or named == chosen.name or given or pair in chat.desk.agreed or chosen.simulated:
        return
    line = f'The session names the endpoint "{named}", which can\'t be used here; {chosen.name} would answer instead.'
    yield Question(f"Send to {chosen.name}?", (line,), lambda: chat.desk.agreed.add(pair))


def files(chat: Chat, requests: Sequence[Request]) -> Iterator[Question]:
    """Files that a session names outside of its folder, and those that are others by now than were sent before."""
    found = dict.fromkeys(each for request in requests for each in request.files)
    known = chat.desk.attachments.agreed  # since these requests were made, too
    sent = tuple(each for each in found if not known(each.path, each.sha256))
    strange = [each for each in sent if each.strange]
    changed = [each for each in sent if each.changed and not each.strange]

    def agreed(to: Sequence[Sent]) -> None:
        for each in to:
            chat.desk.attachments.agree(each)

    if strange:
        lines = ("The session names files outside of its folder, and what is in them would be sent:", "")
        yield Question("Send these files?", (*lines, *_paths(strange)), partial(agreed, strange))
    if changed:
        lines = ("These files have changed since they were first sent. They would go as they are now:", "")
        yield Question("Send the changed files?", (*lines, *_paths(changed)), partial(agreed, changed))


def _paths(sent: Iterable[Sent]) -> Iterator[str]:
    """Where they really lie; for a link, what it is called too."""
    for path, named in dict.fromkeys((each.path, each.named) for each in sent):
        yield path if path == named else f"{path} (named {named})"


def _budget(chat: Chat, requests: Sequence[Request], share: Decimal) -> Iterator[Question]:
    budget, chosen = chat.desk.config.budget_usd, chat.desk.chosen.endpoint
    if budget is None or chosen.simulated:
        return
    most = Decimal(0)
    each = {id(request): request for request in requests}  # a sweep asks the same many times
    counts = Counter(map(id, requests))
    for key, request in each.items():
        high = forecast.of_request(request, chosen, chat.desk.catalogue).high
        model = request.params.model or ""
        pair = (chosen.name, f"price of {model}")
        if high is not None:
            most += high * counts[key] * share
        elif pair not in chat.desk.agreed:
            line = f"{model or 'This model'} has no known price at {chosen.name}: the budget can't be kept."
            yield Question("No price is known", (line,), partial(chat.desk.agreed.add, pair))
    spent = chat.document.committed(chat.desk.catalogue)
    coming = _on_the_way(chat)
    if most and spent + coming + most > budget:
        what = "this run" if len(requests) == 1 else f"these {len(requests)} runs"
        on = f" up to ≈{money(coming)} is on its way," if coming else ""
        line = f"{money(spent)} of {money(budget)} is spent,{on} and {what} may cost up to ≈{money(most)}."
        yield Question("Over the budget?", (line,), lambda: None)


def _on_the_way(chat: Chat) -> Decimal:
    """USD that the answers which are still coming may cost at most, where that is known; those of a sweep too."""
    coming = [(live.request, live.endpoint) for live in chat.lives]
    if chat.sweeping is not None and chat.sweeping.active:
        sweeper = chat.sweeping.sweeper
        spots = (*sweeper.missing, *sweeper.live)
        coming += [(chat.sweeping.plan.cells[spot.cell].request, chat.sweeping.endpoint) for spot in spots]
    most: dict[int, Decimal] = {}  # a sweep asks the same many times
    for request, endpoint in coming:
        if not endpoint.simulated and id(request) not in most:
            most[id(request)] = forecast.of_request(request, endpoint, chat.desk.catalogue).high or Decimal(0)
    batches = (each.estimate_usd for each in chat.session.batches if each.status in WAITING and not each.simulated)
    waiting = sum((each for each in batches if each is not None), Decimal(0))
    return sum((most.get(id(request), Decimal(0)) for request, _ in coming), waiting)


def where(chat: Chat, chosen: Chosen | None = None) -> Iterator[Question]:
    """A key goes to an address that it has not gone to before only when the person says so, once for each."""
    chosen, runner = chosen or chat.desk.chosen, chat.workbench.runner
    wanted = keys.way(chosen.endpoint, chosen.key)
    if wanted is None or wanted in runner.confirmed:
        return
    known = chat.desk.origins.known()
    if wanted in known:
        runner.confirmed |= {wanted}
        return

    def agreed() -> None:
        runner.confirmed |= {wanted}
        chat.desk.origins.agree(wanted)
        chat.run_worker(_kept(chat), group="commands")

    title = "Send the key to this address?" if chosen.endpoint.encrypted else "Send the key over plain http?"
    key = chosen.key.told if chosen.key is not None else ""
    lines = origins.told(wanted, key, chosen.address_from, chat.desk.origins.before(wanted))
    yield Question(title, lines, agreed)


async def _kept(chat: Chat) -> None:
    """Remember the yes for the next start; it holds for this one in any case."""
    try:
        await asyncio.to_thread(chat.desk.origins.keep)
    except StoreError as error:
        chat.tell(f"That will be asked again at the next start: {error.problem}", "warning")
