"""The register of risks shows what the seat knows of each, and says where nobody told it."""

from __future__ import annotations

import attrs

from exercise.presenter.register import register_rows
from exercise.presenter.rows import text_of
from exercise.presenter.seat_state import SeatState


def with_register(state: SeatState, *listed: str) -> SeatState:
    """The state with these quantities of regions in a register."""
    cards = {key: attrs.evolve(card, register="Risks" if key in listed else "") for key, card in state.welcome.quantities.items()}
    return attrs.evolve(state, welcome=attrs.evolve(state.welcome, quantities=cards))


def test_an_exercise_without_a_register_says_so(first_turn: SeatState) -> None:
    """No empty page."""
    assert "keeps no register" in text_of(register_rows(first_turn, 100))


def test_each_place_shows_its_risks_with_their_figures(first_turn: SeatState) -> None:
    """Name, bar, figure and source of what was reported; a figure can be chosen, what was not reported cannot."""
    reported = {key.partition(".")[2] for key in first_turn.readings if key.startswith("osh_city.")}
    known = next(key for key in first_turn.welcome.quantities if key.partition(".")[0] == "region" and key.partition(".")[2] in reported)
    unknown = next(
        key
        for key, card in first_turn.welcome.quantities.items()
        if key.startswith("region.") and key.partition(".")[2] not in reported and card.name
    )
    rows = register_rows(with_register(first_turn, known, unknown), 100)
    told = text_of(rows)
    latest = first_turn.latest(f"osh_city.{known.partition('.')[2]}")
    assert latest is not None
    assert first_turn.welcome.quantities[known].name in told
    assert latest.measured_by in told
    assert any(row.subject is not None and row.subject.id == latest.key for row in rows)
    assert "no report" in told
    assert not any(row.subject is not None and row.subject.id.endswith(f".{unknown.partition('.')[2]}") for row in rows)
    assert all(len(line) <= 100 for line in told.splitlines())
