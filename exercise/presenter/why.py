"""Why: for any thing on a screen, the causes that this seat may know, with rule, claim and source; and plainly when it may not."""

from __future__ import annotations

from collections.abc import Callable

from exercise.presenter.account import account, moved_in, push, reason_words
from exercise.presenter.agreements import full_rows
from exercise.presenter.bodies import motion_rows
from exercise.presenter.came_of import effect_rows
from exercise.presenter.causes import Cause
from exercise.presenter.classes import Side, axis_reading, line_words, side_words, sides
from exercise.presenter.dates import short_day
from exercise.presenter.figures import (
    age_run,
    class_mark,
    figure,
    inline_name,
    known,
    known_movement,
    movement,
    signed,
    value_role,
    value_words,
)
from exercise.presenter.frames import Data, number, text, truth
from exercise.presenter.happenings import order_words
from exercise.presenter.known import Event, Reading
from exercise.presenter.mail import letter_rows, news_rows
from exercise.presenter.orders import Draft, card_rows, given_rows
from exercise.presenter.procedure import vote_words
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, Subject, heading, line_width, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

BAR_WIDTH = 10


def why_rows(state: SeatState, subject: Subject, width: int) -> Rows:
    """The why panel about a thing."""
    panel = _PANELS.get(subject.kind)
    return _unknown(width) if panel is None else panel(state, subject.id, width)


def why_title(state: SeatState, subject: Subject) -> str:
    """The panel's title: what is opened to be read is no explanation."""
    if subject.kind == "message":
        return _("Message")
    if subject.kind == "agreement":
        return _("Agreement")
    number = int(subject.id) if subject.kind == "event" and subject.id.isdigit() else len(state.events)
    return _("News") if number < len(state.events) and state.events[number].kind == "news" else _("Why")


def _unknown(width: int) -> Rows:
    return (note(_("There is nothing to explain here. Move to a figure, a line of what happened, a motion or an order."), width),)


def _body_rows(state: SeatState, body: str, width: int) -> Rows:
    card = state.welcome.body(body)
    if card is None:
        return _unknown(width)
    words = [heading(card.name), Row(wrap([Run(card.rule_text)], width)), BLANK]
    return (*words, note(_("Open one of its motions to see how far it came and what stands in its way."), width))


def _place_rows(state: SeatState, entity: str, width: int) -> Rows:
    """A place: what it is, and why its class is what it is."""
    card = state.welcome.entities.get(entity)
    about = [Row(wrap([Run(card.about)], width)), BLANK] if card is not None and card.about else []
    key = f"{entity}.capacity"
    if state.latest(key) is None:
        return (heading(state.welcome.entity_name(entity)), *about, note(_("Nothing is known to you about its offices."), width))
    return (*about, *figure_rows(state, key, width))


def figure_rows(state: SeatState, key: str, width: int) -> Rows:
    """A figure: value, source and age, what moved it, and what other sources say."""
    item = known(state, key)
    card = state.welcome.quantity(key)
    title = f"{card.name}, {state.welcome.entity_name(key.rpartition('.')[0])}"
    if item is None:
        return (heading(title), note(_("Nothing about this has reached your seat."), width))
    reading = item.reading
    value = value_words(state, item) if card.unit == "date" else figure(reading.value, card)
    runs: list[Run] = [Run(value, value_role(reading.value, card)), Run("  "), *known_movement(item, card)]
    if item.disputed:
        runs[0] = Run(value_words(state, item), runs[0].role)
    if card.values:
        runs.insert(0, class_mark(value))
        runs.insert(1, Run(" "))
    rows = [heading(title), Row(wrap([*runs, Run("  "), *_source_runs(reading), Run(" · ", "dim"), age_run(item)], width))]
    if card.meaning:
        rows.append(note(f"{card.meaning[:1].upper()}{card.meaning[1:]}", width))
    return (*rows, BLANK, *_cause_section(state, reading, width), *_other_sources(state, key, width))


def _source_runs(reading: Reading) -> list[Run]:
    if reading.measured_by:
        return [Run(_("source: {source}", source=reading.measured_by), "dim")]
    return [Run(_("on record") if not reading.report else _("as reported"), "dim")]


def _told(state: SeatState, reading: Reading) -> Reading:
    """The newest reading of the same source that carries causes, when the last one did not move."""
    if reading.causes or reading.value != reading.previous:
        return reading
    for earlier in reversed(state.readings[reading.key]):
        if earlier.report == reading.report and earlier.causes:
            return earlier
    return reading


def _cause_section(state: SeatState, reading: Reading, width: int, name: str = "") -> Rows:
    """What moved a figure; ``name`` names it where it is not the panel's own."""
    it = name or _("it")
    told = _told(state, reading)
    if told.previous is not None and sides(state, told):
        return _class_section(state, told, width)
    card = state.welcome.quantity(reading.key)
    answer = account(told, card)
    if answer.within_error or (told.causes and not answer.explains):
        return _unexplained_section(state, told, width)
    if told.causes:
        title = _("Why {it} moved", it=it)
        if card.unit == "date":
            title = _("Why {it} changed", it=it)
        elif told.previous is not None and not card.values and card.unit != "flag" and told.value != told.previous:
            change = signed(told.value - told.previous, card.unit)
            title = _("Why {it} moved by {change} in turn {turn}", it=it, change=change, turn=moved_in(state, told))
        return (heading(title), *cause_rows(state, told.causes, width))
    if reading.previous is None:
        return (note(_("This is the first figure you have; nothing to compare it with yet."), width),)
    if reading.value == reading.previous:
        return (note(_("It did not move since the last figure."), width),)
    words = _("Why it moved is not known to your seat: no cause of it was shown to you. Other reports, or a seat that knows, may tell.")
    return (note(words, width, role="disputed"),)


def _class_section(state: SeatState, told: Reading, width: int) -> Rows:
    """Why a class is what it is: on which side of its line each axis stands, and what moved those that changed it."""
    changed = told.value != told.previous
    title = _("Why it changed in turn {turn}", turn=moved_in(state, told)) if changed else _("What it goes by")
    rows = [heading(title)]
    for side in sides(state, told):
        mark = Run("▲ " if side.above else "▼ ", "strong") if side.crossed else Run("• ", "dim")
        words = [mark, Run(side_words(state, side), "strong" if side.crossed else "")]
        if side.crossed:
            words.append(Run(_("; it changes sides {margin} beyond that line", margin=line_words(side.axis.margin)), "dim"))
        figure_row = Row(_axis_figure(state, side, told, width), Subject("figure", side.key))
        rows += [Row(wrap(words, width, indent=2)), figure_row]
    for side in sides(state, told):
        found = axis_reading(state, side, told) if side.crossed else None
        if found is not None:
            name = inline_name(state.welcome.quantity(side.key))
            rows += [BLANK, *_cause_section(state, found, width, name)]
    return tuple(rows)


def _axis_figure(state: SeatState, side: Side, told: Reading, width: int) -> tuple[Line, ...]:
    """What this seat was told of an axis, and whether that agrees with the class: both are estimates."""
    reading = axis_reading(state, side, told)
    if reading is None:
        return wrap([Run(_("no figure of it has reached you"), "dim")], width, indent=4, first=2)
    card = state.welcome.quantity(side.key)
    runs = [
        Run(_("your figure: {value}  ", value=figure(reading.value, card))),
        *movement(reading, card),
        Run("  "),
        *_source_runs(reading),
    ]
    if (reading.value >= side.axis.line) != side.above:
        runs.append(Run(_(" · it says otherwise: both are estimates"), "disputed"))
    return wrap(runs, width, indent=4, first=2)


def _unexplained_section(state: SeatState, told: Reading, width: int) -> Rows:
    """A figure that went another way than what is known to have acted, or much further: the count changed, not only the thing counted."""
    card = state.welcome.quantity(told.key)
    before, change = told.previous if told.previous is not None else told.value, told.value - (told.previous or 0.0)
    answer = account(told, card)
    rest = answer.rest
    if card.values:
        words = _("The source says {now} where it said {before}.", now=figure(told.value, card), before=figure(before, card))
    else:
        words = _("The source's figure differs by {change} from the one before.", change=signed(change, card.unit))
    if answer.within_error:
        reason = _("It errs by about {error}, so this may be no movement at all.", error=figure(told.error, card))
    elif rest is None or card.values:
        reason = _("Nothing you know explains that: the count was rough or late, or what moved it is kept from you.")
    else:
        reason = _(
            "{rest} of it is not explained by anything you know: a rough or late count, or causes kept from you.",
            rest=signed(rest, card.unit),
        )
    title = (
        _("No more than the error of its source")
        if answer.within_error
        else _("The count changed in turn {turn}", turn=moved_in(state, told))
    )
    rows = [heading(title), note(f"{words} {reason}", width, role="disputed")]
    if not told.causes:
        return tuple(rows)
    return (*rows, BLANK, heading(_("What acted meanwhile")), *cause_rows(state, told.causes, width))


def cause_rows(state: SeatState, causes: tuple[Cause, ...], width: int) -> Rows:
    """Causes with their share as a bar, the rule's reason, and its claims and sources."""
    return tuple(_cause_row(state, cause, width) for cause in sorted(causes, key=lambda each: -abs(each.share or 0)))


def _cause_row(state: SeatState, cause: Cause, width: int) -> Row:
    bar = _bar(cause.share)
    margin = line_width(bar)
    lines = wrap([*bar, Run(reason_words(cause))], width, indent=margin)
    detail = _basis(state, cause)
    small = wrap([Run(detail, "dim")], width, indent=margin, first=margin) if detail else ()
    return Row((*lines, *small))


def _bar(share: float | None) -> list[Run]:
    if share is None:
        return [Run("• ", "dim")]
    filled = min(BAR_WIDTH, max(1, round(abs(share) * BAR_WIDTH)))
    role = "bar" if share >= 0 else "against"
    return [Run("█" * filled, role), Run("░" * (BAR_WIDTH - filled), "dim"), Run(f" {push(share):>7}  ", "strong")]


def _basis(state: SeatState, cause: Cause) -> str:
    parts = [cause.id] if cause.because and cause.id else []
    for claim in cause.claims:
        words = state.welcome.claims.get(claim, "")
        parts.append(f"{claim}: {words}" if words else claim)
    parts += [source_words(state, source) for source in cause.sources]
    return " · ".join(parts)


def source_words(state: SeatState, source: str) -> str:
    """A source as ``Author: Title (year)``, or its id when the stream did not introduce it."""
    card = state.welcome.sources.get(source)
    if card is None:
        return source
    words = f"{card.author}: {card.title}" if card.author else card.title
    return f"{words} ({card.year})" if card.year else words


def _other_sources(state: SeatState, key: str, width: int) -> Rows:
    readings = state.by_source(key)
    if len(readings) < 2:
        return ()
    card = state.welcome.quantity(key)
    rows = [BLANK, heading(_("What each source says"))]
    for reading in readings:
        words = [Run(f"{figure(reading.value, card):>12}  ", "strong"), Run(reading.measured_by or _("on record")), Run("  ")]
        rows.append(Row(wrap([*words, Run(short_day(reading.as_of), "dim")], width, indent=14)))
    return tuple(rows)


def _event_rows(state: SeatState, number: str, width: int) -> Rows:
    event = state.events[int(number)] if number.isdigit() and int(number) < len(state.events) else None
    if event is None:
        return _unknown(width)
    match event.kind:
        case "news":
            return news_rows(state, event, width)
        case "order_result":
            return _result_rows(state, event, width)
        case "vote":
            return _vote_event_rows(state, event.data, width)
        case "order_seen":
            return _seen_rows(state, event, width)
        case _:
            return _motion_panel(state, f"{text(event.data, 'body')}.{text(event.data, 'motion')}", width)


def _seen_rows(state: SeatState, event: Event, width: int) -> Rows:
    rows = [heading(state.welcome.seat_name(text(event.data, "seat")))]
    rows.append(Row(wrap([Run(text(event.data, "text") or order_words(state, event.data))], width)))
    return (*rows, BLANK, note(_("What it does to the figures you know shows in your reports, as far as they carry causes."), width))


def _result_rows(state: SeatState, event: Event, width: int) -> Rows:
    data = event.data
    done = truth(data, "done")
    rows = [heading(order_words(state, data))]
    rows.append(Row(((Run("✓ ", "ok"), Run(_("carried out"))) if done else (Run("✗ ", "alarm"), Run(_("not carried out"), "alarm")),)))
    if text(data, "why"):
        rows.append(Row(wrap([Run(text(data, "why"))], width)))
    if done and text(data, "seat") in {"", state.seat}:
        rows += [BLANK, heading(_("What came of it, as far as you know")), *effect_rows(state, event, width)]
    if not done:
        rows += [BLANK, note(_("It was legal as far as your seat could know; in truth something was in the way."), width)]
    amount = number(data, "amount") if data.get("amount") is not None else None
    draft = Draft(text(data, "order"), text(data, "target"), amount)
    return (*rows, BLANK, *(given_rows(state, draft, event.turn, width) if done else card_rows(state, draft, width)[1:]))


def _vote_event_rows(state: SeatState, data: Data, width: int) -> Rows:
    words, role = vote_words(text(data, "vote"))
    head = Row(((Run(f"{state.welcome.seat_name(text(data, 'member'))} ", "title"), Run(words, role)),))
    said = text(data, "say") or _("gave no reason")
    return (head, Row(wrap([Run(f"“{said}”" if text(data, "say") else said)], width)))


def objective_rows(state: SeatState, objective: str, width: int) -> Rows:
    """An objective: what is wanted and how it stands."""
    aim = next((each for each in state.welcome.seat.objectives if each.id == objective), None)
    score = next((each for each in state.scores if each.objective == objective), None)
    if aim is None:
        return _unknown(width)
    kind = _("a private interest") if aim.private else _("a public objective")
    rows = [heading(aim.title), note(_("{kind}, weight {weight}", kind=kind, weight=f"{aim.weight:g}"), width)]
    if score is not None:
        rows.append(Row(((Run(f"{score.score:.0f}", "strong"), Run(_(" of 100 points, by what you know now"))),)))
    return (*rows, BLANK, note(_("It is scored from figures that reach your seat; the debrief shows what was true."), width))


def _message_rows(state: SeatState, number: str, width: int) -> Rows:
    found = number.isdigit() and int(number) < len(state.letters)
    return letter_rows(state, state.letters[int(number)], width) if found else _unknown(width)


def _motion_panel(state: SeatState, motion: str, width: int) -> Rows:
    body, _dot, name = motion.partition(".")
    card = state.welcome.motion(body, name)
    return _unknown(width) if card is None else motion_rows(state, card, width, keys=False)


def _order_panel(state: SeatState, order: str, width: int) -> Rows:
    name, _mark, target = order.partition("|")
    amount = next((each.amount for each in state.committed if (each.order, each.target) == (name, target)), None)
    return card_rows(state, Draft(name, target, amount), width)


def _agreement_rows(state: SeatState, id: str, width: int) -> Rows:
    found = state.talks.agreements.get(id)
    return _unknown(width) if found is None else full_rows(state, found, width, keys=False)


_PANELS: dict[str, Callable[[SeatState, str, int], Rows]] = {
    "figure": figure_rows,
    "place": _place_rows,
    "event": _event_rows,
    "message": _message_rows,
    "motion": _motion_panel,
    "order": _order_panel,
    "body": _body_rows,
    "objective": objective_rows,
    "agreement": _agreement_rows,
}
