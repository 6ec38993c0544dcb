"""What a person is asked before a request leaves: the budget, another endpoint than named, a key over plain http."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.core.cost import money
from workbench.core.forecast import Forecast

if TYPE_CHECKING:
    from workbench.ui.chat.screen import Chat
    from workbench.ui.screens.confirm import Confirm

YES: Final = "send"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to agree to; without a yes nothing is sent."""

    title: str
    line: str
    agreed: Callable[[], None]
    """Remembers the yes, where it holds for more than this run."""

    def dialog(self) -> Confirm:
        from workbench.ui.screens.confirm import Answer, Confirm

        answers = (Answer(YES, "s", "Send it"), Answer("stay", "n", "Don't send"))
        return Confirm(self.title, (self.line,), answers, "stay")


def questions(chat: Chat, forecast: Forecast) -> Iterator[Question]:
    """Everything that must be agreed to before this run."""
    yield from _endpoint(chat)
    yield from _budget(chat, forecast)
    yield from _plain_http(chat)


def _endpoint(chat: Chat) -> Iterator[Question]:
    """A session that names an endpoint nobody knows must not spend another's money unasked."""
    named, chosen = chat.session.endpoint, chat.desk.chosen.endpoint
    pair = (named or "", chosen.name)
    given = chat.desk.named_endpoint or chat.desk.base_url
    if named is None or named == chosen.name or given or pair in chat.desk.agreed or chosen.simulated:
        return
    line = f'The session names the endpoint "{named}", which can\'t be used here; {chosen.name} would answer instead.'
    yield Question(f"Send to {chosen.name}?", line, lambda: chat.desk.agreed.add(pair))


def _budget(chat: Chat, forecast: Forecast) -> Iterator[Question]:
    budget, chosen = chat.desk.config.budget_usd, chat.desk.chosen.endpoint
    if budget is None or chosen.simulated:
        return
    spent = chat.document.committed(chat.desk.catalogue)
    most = forecast.high
    model = chat.session.params_of(chat.lane).model or ""
    if most is None:
        pair = (chosen.name, f"price of {model}")
        if pair not in chat.desk.agreed:
            line = f"{model or 'This model'} has no known price at {chosen.name}: the budget can't be kept."
            yield Question("No price is known", line, lambda: chat.desk.agreed.add(pair))
    elif spent + most > budget:
        line = f"{money(spent)} of {money(budget)} is spent, and this run may cost up to {money(most)}."
        yield Question("Over the budget?", line, lambda: None)


def _plain_http(chat: Chat) -> Iterator[Question]:
    """A key goes to another machine unencrypted only when the person says so, once for each address."""
    from workbench.engine import keys

    chosen, runner = chat.desk.chosen, chat.workbench.runner
    if not keys.unconfirmed(chosen.endpoint, chosen.key, runner.confirmed):
        return
    origin = chosen.endpoint.origin

    def agreed() -> None:
        runner.confirmed = runner.confirmed | {origin}

    line = f"The key would go to {origin} unencrypted: anyone on the way could read it."
    yield Question("Send the key over plain http?", line, agreed)
