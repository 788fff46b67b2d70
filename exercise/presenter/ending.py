"""ENDEX: what you knew beside what was true, how your objectives came out, and what is needed to check the exercise."""

from __future__ import annotations

import math

import attrs

from exercise.presenter.agreements import others_words, status_words
from exercise.presenter.bodies import story
from exercise.presenter.briefing import score_runs
from exercise.presenter.figures import figure, inline_name
from exercise.presenter.frames import truth
from exercise.presenter.happenings import order_words
from exercise.presenter.known import Ending, Event, Reading, Score
from exercise.presenter.map_view import place_row, span_of
from exercise.presenter.procedure import outcome_words
from exercise.presenter.reports import entities
from exercise.presenter.rows import BLANK, Row, Rows, Run, Subject, heading, note, spread, table_row, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _
from exercise.record.commitment import keeps_promise, promise_mark

MOST_GAPS = 12
NEAR = 0.05
DEATHS = ".deaths"
BADLY = 0.25
"""A gap of this part of a figure's scale is a bad one."""
A_FEW = 10
HUNDREDS = 2
"""Differences of open counts weigh in full from hundreds on: one dead instead of none is not wholly wrong."""


@attrs.frozen(slots=True)
class Gap:
    """A figure as last known and as it was; ``size`` is how wide that gap is, 0 to 1; ``near``: within a twentieth of range or truth."""

    reading: Reading
    truth: float
    size: float
    near: bool


def gaps(state: SeatState) -> list[Gap]:
    """Every figure this seat had, beside the truth: deaths that were badly misreported first, then the widest gap for its scale."""
    if state.ending is None:
        return []
    found = []
    for key, true in state.ending.truth.items():
        reading = state.latest(key)
        if reading is not None and not key.startswith(f"{state.seat}."):
            found.append(_gap(state, reading, true))
    return sorted(found, key=lambda gap: (not _is_misreported_death(gap), -gap.size, gap.reading.key))


def _is_misreported_death(gap: Gap) -> bool:
    """Whether it is a count of deaths that was far from the truth, by its own measure and not by one or two."""
    distance = abs(gap.reading.value - gap.truth)
    return _is_deaths(gap) and distance >= max(A_FEW, BADLY * max(gap.reading.value, gap.truth))


def _is_deaths(gap: Gap) -> bool:
    return gap.reading.key.endswith(DEATHS)


def _gap(state: SeatState, reading: Reading, truth: float) -> Gap:
    card = state.welcome.quantity(reading.key)
    distance = abs(reading.value - truth)
    if card.values or card.unit == "date":
        return Gap(reading, truth, 1.0 if round(distance) else 0.0, near=not round(distance))
    larger = max(abs(reading.value), abs(truth), 1.0)
    span = span_of(card)
    wrong = distance / span if span else distance / larger * min(1.0, math.log10(1 + distance) / HUNDREDS) ** 2
    return Gap(reading, truth, wrong, near=distance <= NEAR * (span or larger))


def mean_score(scores: tuple[Score, ...], weights: dict[str, float], *, private: bool) -> float | None:
    """The weighted mean of the public or of the private objectives, 0 to 100; None when there are none."""
    chosen = [score for score in scores if score.private is private]
    total = sum(weights.get(score.objective, 1.0) for score in chosen)
    return sum(score.score * weights.get(score.objective, 1.0) for score in chosen) / total if total else None


def ending_rows(state: SeatState, width: int, replay: str = "") -> Rows:
    """The end summary; ``replay`` is the command that looks at the exercise again, where it is known."""
    if state.ending is None:
        return (note(_("The exercise has not ended."), width),)
    parts = (
        _objective_rows(state, width),
        _gap_rows(state, width),
        _motion_rows(state, width),
        _agreed_rows(state, width),
        _given_rows(state, width),
    )
    rows = [row for part in parts if part for row in (*part, BLANK)]
    return (*rows, *_proof_rows(state, width, replay))


def _objective_rows(state: SeatState, width: int) -> Rows:
    ending = state.ending
    scores = ending.objectives if ending is not None else ()
    weights = {aim.id: aim.weight for aim in state.welcome.seat.objectives}
    titles = {aim.id: aim.title for aim in state.welcome.seat.objectives}
    rows: list[Row] = []
    for private, title in ((False, _("Objectives, in public")), (True, _("Interests, in private"))):
        mean = mean_score(scores, weights, private=private)
        if mean is None:
            continue
        rows += [BLANK] if rows else []
        rows.append(Row((spread((Run(title, "title"),), (Run(_("together"), "dim"), Run("  "), *score_runs(mean)), width),)))
        for score in scores:
            if score.private is private:
                left = (Run(f"  {titles.get(score.objective, score.objective)}", "private" if private else ""),)
                right = [*_thought_runs(score), *score_runs(score.score)]
                rows.append(Row((spread(left, right, width),), Subject("objective", score.objective)))
    return tuple(rows)


def _thought_runs(score: Score) -> list[Run]:
    """What the seat itself thought, where that was something else."""
    if score.seen is None or round(score.seen) == round(score.score):
        return []
    return [Run(_("you thought {score}", score=f"{score.seen:.0f}"), "dim"), Run("  ")]


def _gap_rows(state: SeatState, width: int) -> Rows:
    found = gaps(state)
    rows: list[Row] = [heading(_("What you knew, and what was true"))]
    if not found:
        return (*rows, note(_("Nothing you knew can be compared."), width))
    widths = (max(20, min(44, width - 2 - 12 - 12 - 6)), -12, -12)
    rows.append(table_row(((), (Run(_("you knew"), "dim"),), (Run(_("true"), "dim"),)), widths))
    rows += _together_row(state, found, widths)
    for gap in found[:MOST_GAPS]:
        card = state.welcome.quantity(gap.reading.key)
        name = f"{state.welcome.entity_name(gap.reading.key.rpartition('.')[0])}: {inline_name(card)}"
        role = "" if gap.near else "alarm"
        cells = ((Run(name),), (Run(figure(gap.reading.value, card)),), (Run(figure(gap.truth, card), role or "strong"),))
        rows.append(table_row(cells, widths, Subject("figure", gap.reading.key)))
    close = sum(1 for gap in found if gap.near)
    rows.append(note(_("{close} of {all} figures were within a twentieth of the truth.", close=close, all=len(found)), width))
    return tuple(rows)


def _together_row(state: SeatState, found: list[Gap], widths: tuple[int, int, int]) -> list[Row]:
    """The dead of all places in one line."""
    dead = [gap for gap in found if _is_deaths(gap)]
    if len(dead) < 2:
        return []
    card = state.welcome.quantity(dead[0].reading.key)
    known, true = sum(gap.reading.value for gap in dead), sum(gap.truth for gap in dead)
    role = "strong" if abs(known - true) <= NEAR * max(known, true, 1.0) else "alarm"
    name = _("{quantity}, all places together", quantity=card.name)
    return [table_row(((Run(name, "strong"),), (Run(figure(known, card)),), (Run(figure(true, card), role),)), widths)]


def _motion_rows(state: SeatState, width: int) -> Rows:
    """What became of every motion that was tabled."""
    rows: list[Row] = []
    for body in state.welcome.bodies:
        for card in body.motions:
            tale = story(state, card)
            if tale.status == "none":
                continue
            words, role = outcome_words(tale.status) if tale.status != "tabled" else (_("not decided"), "dim")
            left = (Run(f"  {body.short}: ", "dim"), Run(card.title))
            rows.append(Row((spread(left, (Run(words, role),), width),), Subject("motion", card.id)))
    return (heading(_("What became of the motions")), *rows) if rows else ()


def _agreed_rows(state: SeatState, width: int) -> Rows:
    """What became of the agreements that this seat was in, and how it was in truth where its parties saw it otherwise."""
    rows: list[Row] = []
    for each in state.talks.agreements.values():
        if state.seat not in each.parties or not each.since:
            continue
        words, role = status_words(each.status)
        rows.append(Row((spread((Run(f"  {others_words(state, each)}"),), (Run(words, role),), width),), Subject("agreement", each.id)))
        for term in each.terms:
            if term.truth and term.truth != term.status:
                told = _(
                    "{clause} {seen}; in truth: {truth}",
                    clause=term.says,
                    seen=status_words(term.status)[0],
                    truth=status_words(term.truth)[0],
                )
                rows.append(note(told, width, indent=4, role="alarm"))
    return (heading(_("What became of your agreements")), *rows) if rows else ()


def _given_rows(state: SeatState, width: int) -> Rows:
    """The seat's own orders: in which turns each was carried out, and in which it was not."""
    done: dict[str, list[Event]] = {}
    for event in state.events:
        if event.kind == "order_result":
            done.setdefault(order_words(state, {**event.data, "amount": None}), []).append(event)
    rows: list[Row] = []
    for words, events in done.items():
        carried = ", ".join(str(event.turn) for event in events if truth(event.data, "done"))
        failed = ", ".join(str(event.turn) for event in events if not truth(event.data, "done"))
        runs = [Run(words)]
        runs += [Run(_("  turn {turns}", turns=carried), "dim")] if carried else []
        runs += [Run(_("  not carried out in turn {turns}", turns=failed), "alarm")] if failed else []
        rows.append(Row(wrap([Run("  "), *runs], width, indent=4), Subject("event", str(events[-1].number))))
    return (heading(_("Your orders")), *rows) if rows else ()


def _proof_rows(state: SeatState, width: int, replay: str) -> Rows:
    ending = state.ending
    if ending is None:
        return ()
    rows = [heading(_("To look again"))]
    replay = replay or (f"exercise replay {ending.log}" if ending.log else "")
    if replay:
        rows.append(Row(wrap([Run(_("  replay    "), "dim"), Run(replay)], width, indent=12)))
    if ending.seed:
        rows.append(Row(wrap([Run(_("  seed      "), "dim"), Run(ending.seed), *_promise_runs(state, ending)], width, indent=12)))
    if ending.digest:
        rows.append(Row(wrap([Run(_("  digest    "), "dim"), Run(ending.digest)], width, indent=12)))
    if ending.head:
        rows.append(Row(wrap([Run(_("  head      "), "dim"), Run(ending.head)], width, indent=12)))
    return tuple(rows)


def _promise_runs(state: SeatState, ending: Ending) -> list[Run]:
    """Whether the seed is the one that was promised before play, where one was."""
    promised = state.welcome.seed_commitment
    if not promised:
        return []
    if ending.seed.isdecimal() and keeps_promise(promised, int(ending.seed), ending.salt):
        return [Run(_("  as promised before play ({promise})", promise=promise_mark(promised)), "dim")]
    return [Run(_("  is NOT the one that was promised before play ({promise})", promise=promise_mark(promised)), "alarm")]


def truth_rows(state: SeatState, width: int) -> Rows:
    """Every figure known beside the truth, place by place."""
    ending = state.ending
    if ending is None:
        return ()
    rows: list[Row] = []
    for entity in entities(state):
        keys = [key for key in ending.truth if key.startswith(f"{entity}.") and state.latest(key) is not None]
        if not keys:
            continue
        rows.append(place_row(state, entity))
        for key in keys:
            reading = state.readings[key][-1]
            card = state.welcome.quantity(key)
            cells = ((Run(f"  {card.name}"),), (Run(figure(reading.value, card)),), (Run(figure(ending.truth[key], card), "strong"),))
            rows.append(table_row(cells, (max(16, width - 28), -12, -12), Subject("figure", key)))
    return tuple(rows)
