"""Orders: what is committed, and the composer's menu, targets, amount, cost and what to expect.

Legality and its reasons come from the host; nothing is decided here. What cannot be given is shown with the reason in words.
"""

from __future__ import annotations

import attrs

from exercise.presenter.dates import day_words, days_later
from exercise.presenter.figures import amount_words, budget_words, plain_amount, unit_words
from exercise.presenter.frames import AmountRange, OrderCard, Resource
from exercise.presenter.happenings import order_words
from exercise.presenter.known import Committed, Offer
from exercise.presenter.legible import paragraphs
from exercise.presenter.room_state import held_words
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, Subject, fit, heading, line_width, note, spread, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _, many


@attrs.frozen(slots=True)
class Draft:
    """An order being composed: empty fields are still to choose."""

    order: str = ""
    target: str = ""
    amount: float | None = None


def order_rows(state: SeatState, width: int, height: int = 100, *, keys: bool = True) -> Rows:
    """The pane: committed orders, what is still open, then the seat's resources; ``keys`` where there are any to name."""
    rows = [_committed_row(state, number, each, width) for number, each in enumerate(state.committed, 1)]
    rows += [_sending_row(state, dict(each), width) for each in state.asked.values() if each.get("act") == "order"]
    rows += _draft_rows(state, width, keys=keys)
    rows += _suggestion_rows(state, width)
    left = state.welcome.allowance - len(state.committed) - len(state.drafts)
    if state.refused is not None and state.refused.act.get("act") in ("order", "withdraw"):
        rows.append(_refused_row(state, width))
    if (state.may_act or state.may_draft) and left > 0:
        words = many("add an order, {count} left", "add an order, {count} left", left)
        if keys:
            rows.append(Row(((Run("+ ", "key"), Run(words), Run("  a", "key")),), Subject("choice", "add")))
        else:
            rows.append(note(many("{count} order left", "{count} orders left", left), width))
    if not rows:
        rows.append(note(_("No orders this turn."), width))
    resources = _resource_rows(state, width)
    if len(rows) + len(resources) > height:
        resources = _resource_line(state, width)
    return (*rows, *resources)


def _committed_row(state: SeatState, number: int, order: Committed, width: int) -> Row:
    price = price_words(state, Draft(order.order, order.target, order.amount))
    words = Run(order_words(state, attrs.asdict(order)))
    right = (Run(price, "dim"),) if price and not words.text.endswith(f", {price}") else ()
    head = (Run(f"{number} ", "dim"), Run("✓ ", "ok"))
    room = width - line_width(head)
    if words.width + line_width(right) + 1 > room:
        right = ()  # the price stands in the order's own panel; whom it concerns and how much it is come first
    left = (*head, Run(order_words(state, attrs.asdict(order), room)))
    return Row((spread(left, right, width),), Subject("order", f"{order.order}|{order.target}"))


def _draft_rows(state: SeatState, width: int, *, keys: bool) -> Rows:
    """Orders that were composed and not sent: the host knows nothing of them yet."""
    rows = []
    for number, each in enumerate(state.drafts, 1):
        head = (Run(f"{number} ", "dim"), Run("○ ", "alarm"))
        right = (Run(_("not sent"), "alarm"), Run(" ctrl+s", "key")) if keys and state.may("order") else (Run(_("not sent"), "alarm"),)
        words = Run(order_words(state, attrs.asdict(each), width - line_width(head) - line_width(right) - 1))
        rows.append(Row((spread((*head, words), right, width),), Subject("draft", f"{each.order}|{each.target}")))
    return tuple(rows)


def _suggestion_rows(state: SeatState, width: int) -> Rows:
    """What the team suggests to the head."""
    rows = []
    for each in state.suggested.values():
        order = order_words(state, {"order": each.order, "target": each.target, "amount": each.amount}) if each.order else ""
        words = ": ".join(part for part in (order, each.text) if part)
        head = (Run("» ", "key"), Run(_("suggested: "), "dim"))
        rows.append(Row(wrap((*head, Run(words)), width, indent=2), Subject("suggestion", str(each.id))))
    return tuple(rows)


def _sending_row(state: SeatState, act: dict[str, object], width: int) -> Row:
    return Row((fit((Run("… ", "dim"), Run(order_words(state, act)), Run(_("  being sent"), "dim")), width),))


def _refused_row(state: SeatState, width: int) -> Row:
    refused = state.refused
    words = refused.words if refused else ""
    return Row(wrap([Run("✗ ", "alarm"), Run(_("not taken: {why}", why=words), "alarm")], width, indent=2))


def _resource_rows(state: SeatState, width: int) -> Rows:
    rows = []
    for resource in state.welcome.resources:
        left = left_of(state, resource.quantity)
        if left is None:
            continue
        spent = spent_on(state, resource.quantity)
        runs = [Run(f"  {resource.name} ", "dim"), Run(_left_words(state, resource, left), "strong")]
        if spent:
            runs.append(Run(_(" left, {amount} committed", amount=budget_words(spent, resource.unit, up=True)), "dim"))
        rows.append(Row((fit(runs, width),), Subject("figure", f"{state.seat}.{resource.quantity}")))
    return tuple(rows)


def _resource_line(state: SeatState, width: int) -> Rows:
    """The resources in as few lines as they take, where each has no line of its own."""
    runs: list[Run] = []
    for resource in state.welcome.resources:
        left = left_of(state, resource.quantity)
        if left is not None:
            runs += [Run(" · ", "dim")] if runs else []
            runs += [Run(f"{resource.name.lower()} ", "dim"), Run(_left_words(state, resource, left), "strong")]
    return (Row(wrap(runs, width)),) if runs else ()


def _left_words(state: SeatState, resource: Resource, left: float) -> str:
    """What is left of a resource: to the tenth where an order of this seat can cost some of it, else like any figure."""
    is_spent = any(price.resource == resource.quantity for card in state.welcome.menu for price in card.prices)
    return budget_words(left, resource.unit) if is_spent else amount_words(left, resource.unit)


def spent_on(state: SeatState, resource: str) -> float:
    """How much of a resource the committed orders take."""
    return sum(total_costs(state, Draft(each.order, each.target, each.amount)).get(resource, 0.0) for each in state.committed)


def left_of(state: SeatState, resource: str) -> float | None:
    """What is left of a resource after the committed orders; None when the seat does not have it."""
    have = state.own(resource)
    return None if have is None else max(0.0, have - spent_on(state, resource))


def drafted(state: SeatState, draft: Draft) -> SeatState:
    """The state with one more order to be sent later; the same to the same target takes the place of what was kept before."""
    kept = tuple(each for each in state.drafts if (each.order, each.target) != (draft.order, draft.target))
    return attrs.evolve(state, drafts=(*kept, Committed(draft.order, draft.target, draft.amount)))


def giving_words(state: SeatState) -> tuple[str, str]:
    """What becomes of an order that is given now, as what a key does: in full, and in a word."""
    if state.may("order") or not state.room.is_hosted:
        return _("Commit this order"), _("commits")
    if state.room.role == "member":
        return _("Suggest this order to the head"), _("suggests")
    if state.phase == "sittings":
        return _("Keep this order for the next turn"), _("keeps it")
    return _("Keep this order until orders are taken"), _("keeps it")


def undrafted(state: SeatState, order: str, target: str) -> SeatState:
    """The state without a draft."""
    return attrs.evolve(state, drafts=tuple(each for each in state.drafts if (each.order, each.target) != (order, target)))


# --- the composer ---------------------------------------------------------------------------------------------------------------


def offers_of(state: SeatState, order: str) -> tuple[Offer, ...]:
    """What the host says about an order, target by target."""
    return tuple(offer for offer in state.offers if offer.order == order)


def offer_for(state: SeatState, draft: Draft) -> Offer | None:
    """What the host says about this order and target."""
    return next((offer for offer in state.offers if (offer.order, offer.target) == (draft.order, draft.target)), None)


def why_not(state: SeatState, order: str) -> str:
    """Why an order cannot be given to any target; empty when it can."""
    offers = offers_of(state, order)
    if any(offer.legal for offer in offers):
        return ""
    reasons = dict.fromkeys(offer.why for offer in offers if offer.why)
    return next(iter(reasons), _("not offered now"))


def purpose_words(purpose: str) -> str:
    """A menu group in words."""
    names = {
        "security": _("Security"),
        "relief": _("Relief"),
        "diplomacy": _("Diplomacy"),
        "politics": _("Politics"),
        "information": _("Information"),
        "assistance": _("Assistance"),
    }
    return names.get(purpose, purpose.replace("_", " ").capitalize())


def menu_rows(state: SeatState, width: int) -> Rows:
    """The menu by purpose; what cannot be given is dim, with the reason under it."""
    purposes = dict.fromkeys(card.purpose for card in state.welcome.menu)
    rows: list[Row] = []
    for purpose in purposes:
        rows.append(heading(purpose_words(purpose)))
        rows += [_menu_row(state, card, width) for card in state.welcome.menu if card.purpose == purpose]
    return tuple(rows) or (note(_("This seat has no orders."), width),)


def _menu_row(state: SeatState, card: OrderCard, width: int) -> Row:
    reason = why_not(state, card.order)
    subject = Subject("choice", card.order)
    if reason:
        return Row(
            (*wrap([Run("✗ ", "dim"), Run(card.title, "dim")], width, indent=2), *wrap([Run(reason, "dim")], width, indent=4, first=4)),
            subject,
        )
    return Row(_priced(card.title, price_tag(state, card), width), subject)


def _priced(name: str, price: str, width: int) -> tuple[Line, ...]:
    """A name with its price at the right end; on a line of its own where both do not fit on one."""
    if Run(name).width + Run(price).width + 4 <= width:
        return (spread((Run(f"  {name}"),), (Run(price, "dim"),) if price else (), width),)
    return (*wrap([Run(name)], width, indent=2, first=2), *(wrap([Run(price, "dim")], width, indent=4, first=4) if price else ()))


def price_tag(state: SeatState, card: OrderCard) -> str:
    """The menu's price tag: for the first offer of an amount, ``from`` when targets differ."""
    prices = {
        tuple(sorted(total_costs(state, Draft(card.order, offer.target, card.amount.default if card.amount else None)).items()))
        for offer in offers_of(state, card.order)
        if offer.legal
    }
    if not prices:
        return ""
    words = _costs_words(state, dict(min(prices)))
    return _("from {price}", price=words) if len(prices) > 1 and words else words


def begin(state: SeatState, order: str, target: str = "") -> Draft:
    """A draft of an order: its only target is chosen at once, its amount is the first offer."""
    card = state.welcome.order(order)
    if card is None:
        return Draft(order)
    offers = offers_of(state, order)
    known = {offer.target for offer in offers}
    only = offers[0].target if len(offers) == 1 else ""
    draft = Draft(order, target if target in known else only, card.amount.default if card.amount else None)
    return attrs.evolve(draft, amount=payable(state, card, draft)) if card.amount else draft


def payable(state: SeatState, card: OrderCard, draft: Draft) -> float | None:
    """The amount of a draft, or the most of it that what is left pays for: whole steps from the least on, and never less than that."""
    if card.amount is None or draft.amount is None:
        return draft.amount
    least, most = (total_costs(state, attrs.evolve(draft, amount=each)) for each in (card.amount.low, card.amount.high))
    top = draft.amount
    for resource, dearest in most.items():
        cheapest, left = least.get(resource, 0.0), left_of(state, resource)
        if left is not None and dearest > cheapest:
            top = min(top, card.amount.low + (left - cheapest) * (card.amount.high - card.amount.low) / (dearest - cheapest))
    if top >= draft.amount:
        return draft.amount
    return within(card.amount, card.amount.low + int((top - card.amount.low) / card.amount.step + 1e-9) * card.amount.step)


def needs_target(state: SeatState, draft: Draft) -> bool:
    """Whether a target is still to be chosen."""
    return not draft.target and any(offer.target for offer in offers_of(state, draft.order))


def target_rows(state: SeatState, draft: Draft, width: int) -> Rows:
    """Targets of an order; those that cannot be chosen are dim, with the reason."""
    rows: list[Row] = []
    for offer in sorted(offers_of(state, draft.order), key=lambda offer: not offer.legal):
        name = state.welcome.entity_name(offer.target) if offer.target else _("no target")
        subject = Subject("choice", offer.target)
        if offer.legal:
            price = _costs_words(state, total_costs(state, attrs.evolve(draft, target=offer.target)))
            rows.append(Row(_priced(name, price, width), subject))
        else:
            lines = wrap([Run(offer.why, "dim")], width, indent=4, first=4)
            rows.append(Row((*wrap([Run("✗ ", "dim"), Run(name, "dim")], width, indent=2), *lines), subject))
    return tuple(rows) or (note(_("Nothing to choose from."), width),)


def stepped(state: SeatState, draft: Draft, steps: int) -> Draft:
    """The draft with its amount so many steps up or down, kept within the range."""
    card = state.welcome.order(draft.order)
    if card is None or card.amount is None:
        return draft
    current = draft.amount if draft.amount is not None else card.amount.default
    return attrs.evolve(draft, amount=within(card.amount, current + steps * card.amount.step))


def within(amount: AmountRange, value: float) -> float:
    """A value brought into an amount's range."""
    return min(amount.high, max(amount.low, value))


def read_amount(state: SeatState, draft: Draft, words: str) -> tuple[Draft, str]:
    """The draft with an amount as typed, or the draft as it was and what is wrong with the amount."""
    card = state.welcome.order(draft.order)
    if card is None or card.amount is None:
        return draft, ""
    try:
        value = float(words.replace(",", "").strip())
    except ValueError:
        return draft, _("“{words}” is not a number.", words=words)
    if not card.amount.low <= value <= card.amount.high:
        return draft, _("The amount must be from {range}.", range=range_words(card.amount))
    return attrs.evolve(draft, amount=value), ""


def range_words(amount: AmountRange) -> str:
    """``1 to 20 M$``."""
    low, high = (plain_amount(each) for each in (amount.low, amount.high))
    return _("{low} to {high} {unit}", low=low, high=high, unit=unit_words(amount.unit)).strip()


def total_costs(state: SeatState, draft: Draft) -> dict[str, float]:
    """What a draft takes, by resource."""
    offer = offer_for(state, draft) or next((each for each in offers_of(state, draft.order) if each.legal or each.costs), None)
    if offer is None:
        return {}
    card = state.welcome.order(draft.order)
    costs = {resource: _cost_at(card, draft, offer, resource) for resource in offer.costs}
    return {resource: cost for resource, cost in costs.items() if cost}


def _cost_at(card: OrderCard | None, draft: Draft, offer: Offer, resource: str) -> float:
    """The price of a draft's amount, on the straight line between the prices of the least and the most.

    Where the host tells the price of the least amount alone, a price whose rule speaks of the amount is taken to grow with it.
    """
    least = offer.costs[resource]
    amount = card.amount if card is not None else None
    if card is None or amount is None or draft.amount is None or amount.high <= amount.low:
        return least
    if resource in offer.costs_most:
        return least + (offer.costs_most[resource] - least) * (draft.amount - amount.low) / (amount.high - amount.low)
    grows = any(price.resource == resource and "amount" in price.text for price in card.prices)
    return least * draft.amount / amount.low if grows and amount.low > 0 else least


def _costs_words(state: SeatState, costs: dict[str, float]) -> str:
    """Prices in the order of the seat's resources, however the host names them."""
    units = {resource.quantity: resource for resource in state.welcome.resources}
    told = [_cost_words(resource, costs[name]) for name, resource in units.items() if name in costs]
    return ", ".join((*told, *(f"{plain_amount(cost)} {name}" for name, cost in costs.items() if name not in units)))


def _cost_words(resource: Resource, cost: float) -> str:
    words = budget_words(cost, resource.unit, up=True)
    return words if unit_words(resource.unit) else f"{words} {resource.name.lower()}"


def price_words(state: SeatState, draft: Draft) -> str:
    """What a draft costs, in words; empty when nothing."""
    return _costs_words(state, total_costs(state, draft))


def short_of(state: SeatState, draft: Draft) -> str:
    """What the seat would lack for a draft after its committed orders; empty when it can pay."""
    for resource in state.welcome.resources:
        need = total_costs(state, draft).get(resource.quantity, 0.0)
        have = left_of(state, resource.quantity) or 0.0
        if need > have:
            return _("costs {need}; you have {have}", need=_cost_words(resource, need), have=budget_words(have, resource.unit))
    return ""


def refusal(state: SeatState, draft: Draft) -> str:
    """Why the draft cannot be added now, in words; empty when it can. The host has the last word."""
    if state.is_held:
        return held_words()
    if not state.may_act and not state.may_draft:
        return _("Orders are not taken now.")
    if any((each.order, each.target) == (draft.order, draft.target) for each in state.committed):
        return _("It is among your orders of this turn already; withdraw it first to change it.")
    is_kept = any((each.order, each.target) == (draft.order, draft.target) for each in state.drafts)
    if len(state.committed) + len(state.drafts) - is_kept >= state.welcome.allowance:
        return _("All {count} orders of this turn are used; withdraw one first.", count=state.welcome.allowance)
    offer = offer_for(state, draft)
    if offer is None:
        return _("Choose a target.") if needs_target(state, draft) else _("This is not offered now.")
    return offer.why or _("This cannot be done now.") if not offer.legal else short_of(state, draft)


def breadcrumbs(state: SeatState, draft: Draft) -> str:
    """How far the composer is: ``Send relief ▸ Osh city ▸ 5.0 M$``."""
    card = state.welcome.order(draft.order)
    if card is None:
        return _("New order")
    parts = [card.title]
    if draft.target:
        parts.append(state.welcome.entity_name(draft.target))
    if (draft.target or not needs_target(state, draft)) and card.amount is not None and draft.amount is not None:
        parts.append(amount_words(draft.amount, card.amount.unit))
    return " ▸ ".join(parts)


def seen_by(state: SeatState, card: OrderCard) -> str:
    """Who will see an order, in words."""
    others = ", ".join(state.welcome.seat_name(seat) for seat in card.shown_to)
    match card.visibility:
        case "public":
            return _("everybody will see it")
        case "covert":
            return _("nobody sees it but you; what it causes may be seen")
        case "target":
            return _("seen by {seats}", seats=others) if others else _("seen by those it concerns")
        case _:
            return others


def card_rows(state: SeatState, draft: Draft, width: int) -> Rows:
    """Everything to know before giving an order: what it does, what to expect, who sees it, what it costs, why not."""
    card = state.welcome.order(draft.order)
    if card is None:
        return (note(_("Choose an order. What it does, costs and who will see it stands here."), width),)
    rows = [heading(card.title)]
    rows += [Row(wrap([Run(block)], width)) for block in paragraphs(card.text)]
    rows.append(BLANK)
    if card.expects:
        rows.append(_labelled(_("expect"), card.expects, width))
    rows.append(_labelled(_("seen"), seen_by(state, card), width, role="private" if card.visibility == "covert" else ""))
    if card.amount is not None:
        rows.append(_labelled(_("size"), f"{card.amount.what}: {range_words(card.amount)}".lstrip(": "), width))
    rows.append(_labelled(_("cost"), price_words(state, draft) or _("nothing"), width))
    if card.cooldown_days:
        rows.append(_labelled(_("again"), rest_words(card), width))
    return (*rows, *_standing_rows(state, card, draft, width))


def rest_words(card: OrderCard) -> str:
    """After how long an order can be given again, and whether only to the same target."""
    if card.rests_by_target:
        return many("after {count} day to the same target", "after {count} days to the same target", card.cooldown_days)
    if card.targets:
        return many("after {count} day, whatever the target", "after {count} days, whatever the target", card.cooldown_days)
    return many("after {count} day", "after {count} days", card.cooldown_days)


def is_committed(state: SeatState, draft: Draft) -> bool:
    """Whether this order and target are among the orders of the open turn."""
    return state.is_open and any((each.order, each.target) == (draft.order, draft.target) for each in state.committed)


def _standing_rows(state: SeatState, card: OrderCard, draft: Draft, width: int) -> Rows:
    """That it is committed or was carried out, or why it cannot be given."""
    if is_committed(state, draft):
        words = _("committed; it is carried out when the turn is resolved")
        return (BLANK, Row(wrap([Run("✓ ", "ok"), Run(words, "ok")], width, indent=2)))
    reason = why_not(state, card.order) or ("" if needs_target(state, draft) else refusal(state, draft))
    return (BLANK, Row(wrap([Run("✗ ", "alarm"), Run(reason, "alarm")], width, indent=2))) if reason else ()


def given_rows(state: SeatState, draft: Draft, turn: int, width: int) -> Rows:
    """An order that was carried out in a turn: what it is, cost, and from which day it can be given again."""
    card = state.welcome.order(draft.order)
    if card is None:
        return ()
    rows = [*(Row(wrap([Run(block)], width)) for block in paragraphs(card.text)), BLANK]
    if card.expects:
        rows.append(_labelled(_("expect"), card.expects, width))
    rows.append(_labelled(_("cost"), price_words(state, draft) or _("nothing"), width))
    plan = next((each for each in state.welcome.calendar if each.turn == turn), None)
    if plan is not None and plan.start:
        words = _("given on {day}", day=day_words(plan.start))
        if card.cooldown_days:
            day = day_words(days_later(plan.start, card.cooldown_days))
            words = _("{given}; again there from {day}" if card.rests_by_target else "{given}; again from {day}", given=words, day=day)
        rows.append(_labelled(_("when"), words, width))
    return tuple(rows)


def _labelled(label: str, words: str, width: int, role: str = "") -> Row:
    return Row(wrap([Run(f"{label:<7}", "dim"), Run(words, role)], width, indent=7))
