"""Looking through an exercise turn by turn: truth beside what a chosen seat knew.

A ``Chronicle`` gives what a log holds, already recomputed; nothing is played here. The truth and what a seat knew both become a
``SeatState``, so that the map, the reports and their causes are the seat's own presenters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import attrs

from exercise.presenter.dates import days_later, long_day
from exercise.presenter.figures import NEVER_DAYS, amount_words, figure, known, plain_amount, reading_words, value_role, value_words
from exercise.presenter.frames import Data, Welcome, read_welcome, text
from exercise.presenter.happenings import order_words, summary_rows
from exercise.presenter.history import spark_line
from exercise.presenter.known import Reading
from exercise.presenter.map_view import place_keys, place_row, span_of, weight_of_move
from exercise.presenter.procedure import vote_words
from exercise.presenter.reports import entities
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, Subject, fit, heading, note, spread, table_row, wrap
from exercise.presenter.seat_state import SeatState, fold_all
from exercise.presenter.tabs import Tab
from exercise.presenter.words import _

GAP = 0.1
"""Known and true are said to differ by more than this part of a figure's range."""


class ChronicleError(Exception):
    """The exercise cannot be looked at; the text says why, in one line for people."""


class Chronicle(Protocol):
    """A recorded exercise, recomputed. Any of its methods may raise ``ChronicleError``.

    Turns count from 1. In ``show`` and ``stream`` a turn means the moment at which it opened, so that 1 is STARTEX and ``last_turn + 1``
    the end of the last closed turn; in the others it means the whole turn. All of these may be slow and are called from several threads.
    """

    @property
    def last_turn(self) -> int:
        """Number of the last closed turn."""

    def card(self) -> Data:
        """A welcome frame for nobody: scenario, cut, calendar, seats, bodies, map, entities, quantities, sources; no menu needed."""

    def show(self, turn: int) -> Mapping[str, Mapping[str, float]]:
        """The true world: entity -> quantity -> value (listed values by index, dates as days)."""

    def stream(self, seat: str, turn: int) -> Iterable[Data]:
        """The frames that a seat had received when the turn opened, the welcome first, with ``seq`` and ``branch``."""

    def decisions(self, turn: int) -> Iterable[Data]:
        """What was decided in a turn, in recorded order.

        Each is ``{"act": "order" | "motion" | "vote" | "message" | "inject" | "ruling", "seat", "by", "title", ...}`` with the fields of
        the log's entry.
        """

    def outcomes(self, turn: int) -> Iterable[Data]:
        """Every outcome of closing a turn, to whomever it went, as ``outcome`` objects of a stream (``kind`` and data together).

        An ``order_result`` names its ``seat`` as well, which it need not do in the seat's own stream.
        """

    def contributions(self, key: str, turn: int) -> Iterable[Data]:
        """What moved a true figure (``entity.quantity``) in a turn, in order.

        Each is ``{"kind", "id", "because", "claims", "sources", "before", "after", "step", "stage", "margins", "crossings"}``;
        with ``ending`` and ``span`` where it came late or ended. A margin is ``{"text", "left", "right"}``, a crossing ``{"quantity",
        "value", "threshold", "line", "line_margin", "crossed"}``: where an axis of an assessed class stood.
        """

    def alternatives(self) -> Iterable[Data]:
        """What could have moved a seat otherwise: ``{"seat", "doctrine"}`` each; the seat ``all`` stands for every one that has it."""

    def what_if(self, turn: int, seat: str, doctrine: str) -> Data:
        """The exercise with a seat moved by a doctrine from a turn on, under the same luck, beside the exercise as it went.

        ``{"ends": [[name, as it went, what if] ...], "decided": [line ...], "refused": [line ...]}``; in ``decided`` a line begins with
        ``-`` for what was decided only as it went, with ``+`` for what only the other future holds.
        """

    def by_hand(self, turn: int) -> str:
        """Make a log that leaves a turn open for people to play it anew; returns the command that goes on there."""


@attrs.frozen(slots=True)
class ReplayView:
    """What the viewer shows: the turn that opens, whose eyes (empty: the truth alone), and whether only differences are listed."""

    turn: int = 1
    eyes: str = ""
    gaps_only: bool = False


@attrs.frozen(slots=True)
class Scene:
    """A turn as it opened: the truth, what the chosen seat knew (None without one), and what was then decided and came of it."""

    view: ReplayView
    last_turn: int
    truth: SeatState
    eyes: SeatState | None
    decisions: tuple[Data, ...]
    outcomes: tuple[Data, ...]

    @property
    def welcome(self) -> Welcome:
        """The exercise's card."""
        return self.truth.welcome


def scene(chronicle: Chronicle, view: ReplayView) -> Scene:
    """Gather a scene; as slow as the chronicle is."""
    turn = min(max(1, view.turn), chronicle.last_turn + 1)
    closes = turn <= chronicle.last_turn
    return Scene(
        view=attrs.evolve(view, turn=turn),
        last_turn=chronicle.last_turn,
        truth=truth_state(chronicle, turn),
        eyes=fold_all(SeatState(), chronicle.stream(view.eyes, turn)) if view.eyes else None,
        decisions=tuple(chronicle.decisions(turn)) if closes else (),
        outcomes=tuple(chronicle.outcomes(turn)) if closes else (),
    )


def truth_state(chronicle: Chronicle, turn: int) -> SeatState:
    """The true world as if a seat had perfect reports of everything, with the change since the turn before."""
    welcome = read_welcome(chronicle.card())
    plan = next((each for each in welcome.calendar if each.turn == turn), None)
    date = plan.start if plan is not None else ""
    startex = welcome.calendar[0].start if welcome.calendar else ""
    now, before = chronicle.show(turn), chronicle.show(turn - 1) if turn > 1 else {}
    readings: dict[str, tuple[Reading, ...]] = {}
    for entity, values in now.items():
        for quantity, value in values.items():
            key = f"{entity}.{quantity}"
            previous = before.get(entity, {}).get(quantity)
            day = day_after(startex, value) if welcome.quantity(key).unit == "date" else ""
            readings[key] = (Reading(key, "", float(value), previous, date, _("truth"), turn, (), 1, day),)
    return SeatState(welcome=welcome, welcomed=True, turn=turn, date=date, phase="replay", readings=readings)


def day_after(startex: str, days: float) -> str:
    """The scenario day so many days after STARTEX; empty for never."""
    return "" if abs(days) > NEVER_DAYS else days_later(startex, round(days))


def seats_of(welcome: Welcome) -> tuple[str, ...]:
    """Whose eyes can be taken: nobody's first, which is the truth."""
    return ("", *(seat.id for seat in welcome.seats if seat.playable))


def next_eyes(now: Scene, steps: int) -> ReplayView:
    """The view with the next seat's eyes."""
    choices = seats_of(now.welcome)
    at = choices.index(now.view.eyes) if now.view.eyes in choices else 0
    return attrs.evolve(now.view, eyes=choices[(at + steps) % len(choices)])


def eyes_name(now: Scene) -> str:
    """Whose eyes, in words."""
    return now.welcome.seat_name(now.view.eyes) if now.view.eyes else _("the truth alone")


# --- lines ----------------------------------------------------------------------------------------------------------------------


def replay_line(now: Scene, width: int) -> Line:
    """What is replayed and where it stands."""
    ended = now.view.turn > now.last_turn
    where = _("after turn {turn}", turn=now.last_turn) if ended else _("turn {turn} of {turns}", turn=now.view.turn, turns=now.last_turn)
    left = [
        Run(" "),
        Run(_("REPLAY"), "phase"),
        Run(" · ", "dim"),
        Run(now.welcome.title, "title"),
        Run(" · ", "dim"),
        Run(where, "strong"),
    ]
    if now.truth.date:
        left += [Run(" · ", "dim"), Run(long_day(now.truth.date), "strong")]
    return spread(left, (), width)


def eyes_line(now: Scene, width: int) -> Line:
    """Whose eyes stand beside the truth."""
    left = [Run(" "), Run(_("eyes"), "dim"), Run(" ◂ ", "key"), Run(eyes_name(now), "seat"), Run(" ▸", "key")]
    right = [Run(_("differences only"), "alarm"), Run(" ")] if now.view.gaps_only else []
    return spread(left, right, width)


def replay_tabs() -> tuple[Tab, ...]:
    """The viewer's four pages."""
    return (
        Tab("knowledge", _("Known")),
        Tab("decisions", _("Decided")),
        Tab("results", _("What came of it"), brief=_("Results")),
        Tab("truth", _("Map")),
    )


def _stops(now: Scene, width: int) -> list[tuple[int, str]]:
    """The stops of the line of turns: (column, label)."""
    turns = now.last_turn + 1
    step = max(2, min(8, (width - 6) // max(1, turns - 1)))
    return [(1 + (turn - 1) * step, _("end") if turn == turns else str(turn)) for turn in range(1, turns + 1)]


def time_line(now: Scene, width: int) -> Line:
    """The turns as a line, with the place where the viewer stands."""
    runs: list[Run] = []
    at = 0
    for turn, (column, label) in enumerate(_stops(now, width), 1):
        here = turn == now.view.turn
        mark = f"▸{label}" if here else label
        runs += [Run("─" * (column - at) if at else " " * column, "dim"), Run(mark, "selected" if here else "dim")]
        at = column + len(mark)
    return fit(runs, width)


def turn_at(now: Scene, width: int, column: int) -> int:
    """The turn nearest to a column of the line of turns."""
    nearest = min(enumerate(_stops(now, width), 1), key=lambda stop: abs(stop[1][0] - column))
    return nearest[0]


# --- panes ----------------------------------------------------------------------------------------------------------------------


def gap_of(state: SeatState, key: str, truth: float) -> float | None:
    """How far a seat's figure is from the truth, as a part of the range; None when the seat knows nothing of it."""
    item = known(state, key)
    card = state.welcome.quantity(key)
    if item is None or card.unit == "date":
        return None
    distance = max(0.0, item.low - truth, truth - item.high) if item.disputed else abs(item.reading.value - truth)
    if card.values:
        return 1.0 if round(distance) else 0.0
    span = span_of(card)
    return distance / span if span else distance / max(abs(truth), abs(item.reading.value), 1.0)


def knowledge_rows(now: Scene, width: int) -> Rows:
    """Place by place: what was true, and what the chosen seat knew."""
    rows: list[Row] = []
    for entity in entities(now.truth):
        lines = [row for key in place_keys(now.truth, entity) if (row := _knowledge_row(now, key, width)) is not None]
        if lines:
            rows += [place_row(now.truth, entity), *lines]
    if rows:
        return (_head(now, width), *rows)
    return (note(_("The seat knew nothing that differed."), width) if now.view.gaps_only else note(_("Nothing is recorded."), width),)


def _widths(width: int) -> tuple[int, int, int, int]:
    return (max(14, min(30, width - 36)), -10, -14, 8)


def _head(now: Scene, width: int) -> Row:
    seat = now.welcome.seat_short(now.view.eyes) if now.view.eyes else ""
    return table_row(((), (Run(_("true"), "dim"),), (Run(seat, "dim"),), ()), _widths(width), gap=1)


def _knowledge_row(now: Scene, key: str, width: int) -> Row | None:
    card = now.welcome.quantity(key)
    reading = now.truth.readings[key][-1]
    gap = gap_of(now.eyes, key, reading.value) if now.eyes is not None else None
    if now.view.gaps_only and (gap is None or gap < GAP):
        return None
    if gap is None and weight_of_move(now.truth, reading) == 0 and reading.value == 0:
        return None
    item = known(now.eyes, key) if now.eyes is not None else None
    told = (
        Run(value_words(now.eyes, item), "" if gap is None or gap < GAP else "alarm")
        if item is not None and now.eyes is not None
        else Run("")
    )
    mark = Run("≠" if gap is not None and gap >= GAP else "", "alarm")
    cells = ((Run(f"  {card.name}"),), (Run(reading_words(reading, card), value_role(reading.value, card)),), (told,), (mark,))
    return table_row(cells, _widths(width), Subject("figure", key), gap=1)


def decision_rows(now: Scene, width: int) -> Rows:
    """What seats decided in this turn; the chosen seat's own decisions are marked."""
    rows = [_decision_row(now, each, width) for each in now.decisions]
    if rows:
        return tuple(rows)
    ended = now.view.turn > now.last_turn
    return (note(_("No turn follows.") if ended else _("Nobody decided anything."), width),)


def _decision_row(now: Scene, data: Data, width: int) -> Row:
    seat = text(data, "seat") or text(data, "from")
    mine = bool(seat) and seat == now.view.eyes
    who = now.welcome.seat_short(seat) if seat else _("facilitator")
    runs = [Run("▸ " if mine else "  ", "key"), Run(f"{who}: ", "strong" if mine else "letter"), *_decision_words(now, data)]
    if text(data, "by") == "doctrine":
        runs.append(Run(_("  doctrine"), "dim"))
    return Row(wrap(runs, width, indent=4))


def _decision_words(now: Scene, data: Data) -> list[Run]:
    body, motion = text(data, "body"), text(data, "motion")
    card, body_card = now.welcome.motion(body, motion), now.welcome.body(body)
    name = f"{body_card.short if body_card else body}, “{card.title if card else motion}”"
    match text(data, "act"):
        case "order":
            return [Run(text(data, "title") or order_words(now.truth, data)), Run(_target_words(now, data), "strong")]
        case "motion":
            return [Run(_("tables {motion}", motion=name))]
        case "vote":
            words, role = vote_words(text(data, "vote"))
            return [Run(_("votes on {motion}: ", motion=name)), Run(words, role)]
        case "message":
            return [Run(f"“{text(data, 'text')}”")]
        case "ruling":
            return [Run(_("rules: {reason}", reason=text(data, "reason")), "private")]
        case _:
            return [Run(text(data, "title") or text(data, "inject") or text(data, "act"))]


def _target_words(now: Scene, data: Data) -> str:
    target, amount = text(data, "target"), data.get("amount")
    words = f" → {now.welcome.entity_name(target)}" if target else ""
    if not isinstance(amount, int | float):
        return words
    unit = text(data, "unit")
    return f"{words}, {amount_words(float(amount), unit) if unit else plain_amount(float(amount))}"


def result_rows(now: Scene, width: int) -> Rows:
    """What came of the turn for everybody: results, bodies, news; then the largest true movements of the turn."""
    frames = [{"seq": number, "frame": "outcome", "turn": now.view.turn, "outcome": each} for number, each in enumerate(now.outcomes, 1)]
    state = fold_all(SeatState(welcome=now.welcome, welcomed=True, turn=now.view.turn), (each for each in frames if _tells(each)))
    rows = summary_rows(state, width, 0)
    return rows or (note(_("Nothing came of it."), width),)


def _tells(frame: Mapping[str, Any]) -> bool:
    return frame["outcome"].get("kind") in ("order_result", "motion_step", "vote", "motion_outcome", "news")


@attrs.frozen(slots=True)
class Belief:
    """A figure as a seat knew it when a turn opened: its value, and in words (a range when its sources disagreed)."""

    value: float
    words: str


@attrs.frozen(slots=True)
class Course:
    """A figure over all turns, from STARTEX to the end: the truth, and what the chosen seat knew."""

    truths: tuple[float, ...]
    beliefs: tuple[Belief | None, ...]


def course(chronicle: Chronicle, now: Scene, key: str) -> Course:
    """Gather a figure's course; as slow as the chronicle is."""
    entity, _dot, quantity = key.rpartition(".")
    turns = range(1, now.last_turn + 2)
    truths = tuple(float(chronicle.show(turn).get(entity, {}).get(quantity, 0.0)) for turn in turns)
    beliefs: list[Belief | None] = []
    state = SeatState()
    for turn in turns if now.view.eyes else ():
        state = fold_all(state, chronicle.stream(now.view.eyes, turn))  # frames folded before are passed over
        item = known(state, key)
        beliefs.append(None if item is None else Belief(item.reading.value, value_words(state, item)))
    return Course(truths, tuple(beliefs))


def curve_rows(now: Scene, key: str, told: Course, width: int) -> Rows:
    """A figure over all turns: bars for the truth and for what the chosen seat knew, then turn by turn."""
    card = now.welcome.quantity(key)
    rows: list[Row] = [heading(f"{card.name}, {now.welcome.entity_name(key.rpartition('.')[0])}")]
    if not card.values and card.unit != "date":
        rows += _curves(now, key, told)
    rows.append(BLANK)
    for number, truth in enumerate(told.truths):
        belief = told.beliefs[number] if told.beliefs else None
        label = _("end") if number == now.last_turn else _("turn {turn}", turn=number + 1)
        cells = (
            (Run(label, "key" if number + 1 == now.view.turn else "dim"),),
            (Run(figure(truth, card), value_role(truth, card)),),
            (Run(belief.words if belief is not None else ""),),
        )
        rows.append(table_row(cells, (10, -12, -max(8, min(16, width - 26)))))
    return tuple(rows)


def _curves(now: Scene, key: str, told: Course) -> list[Row]:
    card = now.welcome.quantity(key)
    low, high = (card.low, card.high) if span_of(card) else (min(told.truths), max(told.truths))
    rows = [Row(((Run(f"{_('true'):<12}", "dim"), Run(spark_line(list(told.truths), low, high), "bar")),))]
    if any(told.beliefs):
        line = "".join(" " if belief is None else spark_line([belief.value], low, high) for belief in told.beliefs)
        rows.append(Row(((Run(f"{now.welcome.seat_short(now.view.eyes):<12}", "dim"), Run(line, "against")),)))
    return rows
