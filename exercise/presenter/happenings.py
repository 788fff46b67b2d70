"""What happened and why: results of orders, what bodies did, what others did, and the figures that moved, each with its causes."""

from __future__ import annotations

from exercise.presenter.account import WHOLE, account, is_against, push, reason_words
from exercise.presenter.agreements import event_runs
from exercise.presenter.came_of import outcome_words, result_order
from exercise.presenter.causes import Cause
from exercise.presenter.classes import crossed_words
from exercise.presenter.dates import long_day
from exercise.presenter.figures import (
    Known,
    figure,
    inline_name,
    known,
    range_direction,
    range_words,
    reading_words,
    signed,
    sized_words,
    value_words,
)
from exercise.presenter.frames import Data, QuantityCard, number, text, texts, truth
from exercise.presenter.known import Event, Reading
from exercise.presenter.legible import cell_width, clip
from exercise.presenter.map_view import weight_of_move
from exercise.presenter.procedure import outcome_words as motion_outcome_words
from exercise.presenter.procedure import stage_name, vote_words
from exercise.presenter.rows import Row, Rows, Run, Subject, heading, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.stuck import is_unchanged, unchanged_runs
from exercise.presenter.words import _, many

WORTH_TELLING = 0.02
"""Movements smaller than this part of a figure's range are not told one by one."""

UNEXPLAINED = 0.5
"""Weight of a measured movement without a known cause: it may be no more than the way it was measured."""

MOST_MOVES = 12
"""Movements told in a summary; the others are counted."""

CAUSES_IN_LINE = 3
LEAST_NAME = 8
"""Cells below which a shortened name of an order says nothing."""
PLACES_IN_LINE = 4


def since(state: SeatState) -> int:
    """The sequence number after which things count as current: what the last summary told, and what came since."""
    return state.shown_from


def fresh_events(state: SeatState, after: int) -> tuple[Event, ...]:
    """Events of this turn and the last one that came after a sequence number."""
    return tuple(event for event in state.events if event.seq > after and event.turn >= state.turn - 1)


def fresh_moves(state: SeatState, after: int) -> list[Reading]:
    """Figures that moved after a sequence number: the largest movement for its range first, corrected counts last."""
    newest = [readings[-1] for readings in state.readings.values() if readings[-1].seq > after and readings[-1].turn >= state.turn - 1]
    weighed = [(weight_of_move(state, reading) * _standing(state, reading), reading) for reading in newest]
    worth = [(weight, reading) for weight, reading in weighed if weight >= WORTH_TELLING]
    return [reading for weight, reading in sorted(worth, key=lambda each: (_is_noise(state, each[1]), -each[0], each[1].key))]


def _standing(state: SeatState, reading: Reading) -> float:
    """What a movement weighs beside others: half where a measured index moved and nothing is known to have moved it."""
    card = state.welcome.quantity(reading.key)
    measured = reading.report and not card.values and card.unit in ("points", "share")
    return UNEXPLAINED if measured and not reading.causes else 1.0


def _is_noise(state: SeatState, reading: Reading) -> bool:
    """Whether a movement is that of the count rather than of the thing counted."""
    return not account(reading, state.welcome.quantity(reading.key)).explains or _ranged(state, reading) is not None


def _ranged(state: SeatState, reading: Reading) -> Known | None:
    """What is known of a figure whose sources disagree, or did before this turn; None for a figure that speaks for itself."""
    item = known(state, reading.key)
    return item if item is not None and item.reading == reading and item.ranged else None


def happening_rows(state: SeatState, width: int) -> Rows:
    """The pane: everything current, most telling first."""
    rows = summary_rows(state, width, since(state), headings=False)
    return rows or (note(_("Nothing has happened yet. Orders, votes and what they change will stand here, each with its reasons."), width),)


def resolved_turn(state: SeatState) -> int:
    """The turn that was resolved last; 0 before the first."""
    return state.turn if state.phase == "ended" else state.turn - 1


def summary_title(state: SeatState) -> str:
    """The turn whose resolution is told, with its own day."""
    turn = resolved_turn(state)
    plan = next((each for each in state.welcome.calendar if each.turn == turn), None)
    if turn < 1:
        return _("What changed and why")
    if plan is None:
        return _("What changed and why · turn {turn}", turn=turn)
    return _("What changed and why · turn {turn}, {day}", turn=turn, day=long_day(plan.start))


def pace_words(state: SeatState) -> str:
    """That the turn which just opened is longer or shorter than the one before; empty when it is not."""
    days = {plan.turn: plan.days for plan in state.welcome.calendar}
    now, before = days.get(state.turn), days.get(state.turn - 1)
    if not state.is_open or now is None or before is None or now == before:
        return ""
    return many("From now on a turn is {count} day long.", "From now on a turn is {count} days long.", now)


def summary_rows(state: SeatState, width: int, after: int, *, headings: bool = True) -> Rows:
    """What changed and why after a sequence number: own orders and what came of them, bodies, news, others; then the largest movements."""
    events = fresh_events(state, after)
    moves = fresh_moves(state, after)
    results = sorted((event for event in events if event.kind == "order_result"), key=lambda event: result_order(state, event))
    orders = [_order_row(state, event, width) for event in results]
    groups: list[tuple[str, list[Row]]] = [
        (_("Your orders") if state.seat else _("Orders"), orders),
        (_("In the bodies"), _body_rows(state, events, width)),
        (_("Agreements"), [_agreement_row(state, event, width) for event in events if event.kind == "agreement"]),
        (_("News"), [_news_row(event, width) for event in events if event.kind == "news" and headings]),
        (_("What others did"), [_seen_row(state, event, width) for event in events if event.kind == "order_seen"]),
        (_("What moved, as far as you know"), _move_rows(state, moves, width)),
    ]
    rows: list[Row] = [note(words, width, role="alarm") for words in (pace_words(state),) if words and headings]
    for title, group in groups:
        if group and headings:
            rows += [Row(((),)), heading(title)] if rows else [heading(title)]
        rows += group
    return tuple(rows)


def _bullet(sign: str, role: str, runs: list[Run], width: int, subject: Subject) -> Row:
    return Row(wrap([Run(f"{sign} ", role), *runs], width, indent=2), subject)


def order_words(state: SeatState, data: Data, room: int = 0) -> str:
    """An order with its target and amount: ``Send relief → Osh city, 5 M$``. Within ``room`` cells the name gives way, not what follows."""
    card = state.welcome.order(text(data, "order"))
    title = card.title if card else text(data, "title") or text(data, "order").replace("_", " ")
    rest = _sized_target(state, data)
    left = room - cell_width(rest)
    return f"{clip(title, left) if left >= LEAST_NAME else title}{rest}" if room else f"{title}{rest}"


def _sized_target(state: SeatState, data: Data) -> str:
    card, words = state.welcome.order(text(data, "order")), ""
    if text(data, "target"):
        words += f" → {state.welcome.entity_name(text(data, 'target'))}"
    unit = card.amount.unit if card is not None and card.amount is not None else text(data, "unit")
    if unit and data.get("amount") is not None:
        words += f", {sized_words(number(data, 'amount'), unit)}"
    return words


def _order_row(state: SeatState, event: Event, width: int) -> Row:
    done = truth(event.data, "done")
    seat = text(event.data, "seat")
    runs = [Run(f"{state.welcome.seat_short(seat)}: ", "letter")] if seat and seat != state.seat else []
    runs.append(Run(order_words(state, event.data), "strong"))
    if text(event.data, "why"):
        runs.append(Run(f": {text(event.data, 'why')}"))
    elif not done:
        runs.append(Run(f": {_('not carried out')}"))
    elif seat in {"", state.seat}:
        runs.append(Run(f": {outcome_words(state, event)}"))
    return _bullet("✓" if done else "✗", "ok" if done else "alarm", runs, width, Subject("event", str(event.number)))


def _seen_row(state: SeatState, event: Event, width: int) -> Row:
    words = text(event.data, "text") or order_words(state, event.data)
    runs = [Run(words), Run(f"  {state.welcome.seat_short(text(event.data, 'seat'))}", "dim")]
    return _bullet("•", "dim", runs, width, Subject("event", str(event.number)))


def _agreement_row(state: SeatState, event: Event, width: int) -> Row:
    """What happened to an agreement: with whom, and what."""
    parties = [seat for seat in texts(event.data, "parties") if seat != state.seat]
    names = ", ".join(state.welcome.seat_short(seat) for seat in parties)
    runs = [Run(f"{names}: ", "letter"), *event_runs(state, event)]
    sign, role = ("✗", "alarm") if text(event.data, "step") == "breached" else ("◆", "ok")
    return _bullet(sign, role, runs, width, Subject("agreement", text(event.data, "agreement")))


def _news_row(event: Event, width: int) -> Row:
    runs = [Run(text(event.data, "headline") or text(event.data, "text"), "strong")]
    if text(event.data, "source"):
        runs.append(Run(f" ({text(event.data, 'source')})", "dim"))
    return _bullet("•", "dim", runs, width, Subject("event", str(event.number)))


def _body_rows(state: SeatState, events: tuple[Event, ...], width: int) -> list[Row]:
    """One line for each motion that moved: how far it came, and how it was voted on."""
    by_motion: dict[str, list[Event]] = {}
    for event in events:
        if event.kind in ("motion_step", "vote", "motion_outcome"):
            by_motion.setdefault(f"{text(event.data, 'body')}.{text(event.data, 'motion')}", []).append(event)
    return [_motion_row(state, key, story, width) for key, story in by_motion.items()]


def _motion_row(state: SeatState, key: str, story: list[Event], width: int) -> Row:
    """A motion: what became of it, what stopped it, and who was against it, each on lines of its own."""
    body, _dot, motion = key.partition(".")
    card, body_card = state.welcome.motion(body, motion), state.welcome.body(body)
    outcomes = [event for event in story if event.kind == "motion_outcome"]
    words, role = motion_outcome_words(text(outcomes[-1].data, "outcome") if outcomes else "tabled")
    title = [
        Run("◆ ", role),
        Run(f"{body_card.short if body_card else body}: ", "strong"),
        Run(card.title if card else motion),
        Run(f"  {words}", role),
    ]
    if is_unchanged(state, key, story):
        return Row(wrap([*title[:3], *unchanged_runs(state, story)], width, indent=2), Subject("motion", key))
    lines = list(wrap(title, width, indent=2))
    for event in story:
        if event.kind == "motion_step" and not truth(event.data, "passed"):
            stopped = [Run(f"{stage_name(text(event.data, 'stage'))} ✗ ", "alarm"), Run(f"“{text(event.data, 'say')}”")]
            lines += wrap(stopped, width, indent=4, first=2)
    for vote in ("no", "abstain"):
        against = [event for event in story if event.kind == "vote" and text(event.data, "vote") == vote]
        if against:
            lines += wrap(_vote_runs(state, vote, against), width, indent=4, first=2)
    return Row(tuple(lines), Subject("motion", key))


def _vote_runs(state: SeatState, vote: str, events: list[Event]) -> list[Run]:
    words, role = vote_words(vote)
    runs = [Run(f"{words}: ", role)]
    for place, event in enumerate(events):
        said = f" “{text(event.data, 'say')}”" if text(event.data, "say") else ""
        runs.append(Run(f"{'; ' if place else ''}{state.welcome.seat_short(text(event.data, 'member'))}{said}"))
    return runs


def _move_rows(state: SeatState, moves: list[Reading], width: int) -> list[Row]:
    """The largest movements; one quantity moved by one cause in several places is told once."""
    groups: dict[tuple[object, ...], list[Reading]] = {}
    for reading in moves:
        groups.setdefault(_likeness(state, reading), []).append(reading)
    told = list(groups.values())[:MOST_MOVES]
    rows = [_group_row(state, group, width) for group in told]
    rest = len(moves) - sum(len(group) for group in told)
    if rest:
        rows.append(
            note(
                many(
                    "and {count} that moved less: it stands in the reports", "and {count} that moved less: they stand in the reports", rest
                ),
                width,
                indent=2,
            )
        )
    return rows


def _likeness(state: SeatState, reading: Reading) -> tuple[object, ...]:
    """What movements must share to be told together: quantity, direction, main cause."""
    main = max(reading.causes, key=lambda cause: abs(cause.share or 0.0), default=None)
    quantity = reading.key.rpartition(".")[2]
    rising = reading.value > (reading.previous or 0.0)
    noise = _is_noise(state, reading)
    own = reading.key if _ranged(state, reading) is not None else ""
    told = crossed_words(state, reading) or ((main.id, main.ending) if main is not None and not noise else None)
    return (quantity, rising, told, state.welcome.quantity(reading.key).unit, noise, own)


def _group_row(state: SeatState, group: list[Reading], width: int) -> Row:
    if len(group) == 1:
        return move_row(state, group[0], width)
    first = group[0]
    card = state.welcome.quantity(first.key)
    sign, role = _direction(first, card)
    runs = [Run(card.name, "strong"), Run(": ")]
    for place, reading in enumerate(group[:PLACES_IN_LINE]):
        runs += [Run(", ")] if place else []
        runs += [Run(f"{_whose(state, reading)} "), Run(_moved_words(reading, card), role)]
    rest = len(group) - PLACES_IN_LINE
    if rest > 0:
        runs.append(Run(many(" and {count} more place", " and {count} more places", rest)))
    return _bullet(sign, role, [*runs, *_cause_runs(state, first, card)], width, Subject("figure", first.key))


def move_row(state: SeatState, reading: Reading, width: int) -> Row:
    """A figure that moved, with its causes in a line."""
    card = state.welcome.quantity(reading.key)
    item = _ranged(state, reading)
    head = [Run(f"{_whose(state, reading)}: ", "strong"), Run(f"{inline_name(card)} ")]
    if item is not None:
        return _ranged_row(state, item, head, width)
    sign, role = _direction(reading, card)
    runs = [*head, Run(_moved_words(reading, card), role), *_cause_runs(state, reading, card)]
    return _bullet(sign, role, runs, width, Subject("figure", reading.key))


def _ranged_row(state: SeatState, item: Known, head: list[Run], width: int) -> Row:
    """A figure whose sources differ: the range now and before. The same flight told by a second source is not a second flight."""
    card = state.welcome.quantity(item.reading.key)
    rising = range_direction(item)
    sign, role = "▬", ""
    if rising is not None:
        sign = "▲" if rising else "▼"
        role = "" if card.better not in ("high", "low") else "better" if rising == (card.better == "high") else "worse"
    runs = [*head, Run(_("now {range}", range=value_words(state, item)), role)]
    if item.before is not None:
        runs.append(Run(_(", was {range}", range=range_words(*item.before, card))))
    return _bullet(sign, role, [*runs, Run(_(": the sources' counts differ"), "dim")], width, Subject("figure", item.reading.key))


def _whose(state: SeatState, reading: Reading) -> str:
    entity = reading.key.rpartition(".")[0]
    return _("you") if entity == state.seat else state.welcome.entity_name(entity)


def _direction(reading: Reading, card: QuantityCard) -> tuple[str, str]:
    """The sign of a movement, and its role: better or worse where most seats agree on that."""
    rising = reading.value > (reading.previous if reading.previous is not None else reading.value)
    if card.better not in ("high", "low"):
        return ("▲" if rising else "▼"), ""
    return ("▲" if rising else "▼"), "better" if card.better == ("high" if rising else "low") else "worse"


def _moved_words(reading: Reading, card: QuantityCard) -> str:
    previous = reading.previous if reading.previous is not None else reading.value
    if card.unit == "date":
        return reading_words(reading, card)
    if card.values or card.unit == "flag":
        return f"{figure(previous, card)} → {figure(reading.value, card)}"
    return signed(reading.value - previous, card.unit)


def _cause_runs(state: SeatState, reading: Reading, card: QuantityCard) -> list[Run]:
    """The causes of a movement; in their place, that the count changed, where they did not bring it about."""
    causes, crossed = reading.causes, crossed_words(state, reading)
    if crossed:
        return [Run(": "), Run(crossed)]
    answer = account(reading, card)
    if answer.within_error:
        return [Run(_(": no more than the error of its source"), "dim")]
    if not causes:
        return [Run(_(", reasons not known to you"), "dim")]
    if not answer.explains:
        measured = card.values or card.unit in ("points", "share")
        corrected = _(": the source's figure differs") if measured else _(": the count was corrected")
        return [Run(corrected if reading.report else _(", mostly for reasons not known to you"), "dim")]
    weightiest = sorted(causes, key=lambda cause: -abs(cause.share or 0))[:CAUSES_IN_LINE]
    told = sorted(weightiest, key=lambda cause: is_against(cause, reading))  # what brought it about before what held it back
    words = [_cause_words(cause, against=is_against(cause, reading)) for cause in told]
    rest = len(causes) - len(told)
    if rest:
        words.append(many("{count} more", "{count} more", rest))
    return [Run(": "), Run("; ".join(words))]


def _cause_words(cause: Cause, *, against: bool) -> str:
    words = reason_words(cause)
    return words if cause.share is None or (abs(cause.share) >= WHOLE and not against) else f"{words} ({push(cause.share)})"
