"""The map as coloured cells, and the same places as a list.

Regions are filled with a texture by capacity class, so that they read without colour: hegemonic a point, captured a colon, degraded light
shade, failed heavier shade; other countries are blank. Labels carry the class letter. What the legend does not name (water, mountains,
borders) stays as it was drawn.
"""

from __future__ import annotations

import math

from exercise.presenter.figures import CLASS_LETTERS, class_mark, figure, inline_name, known, known_movement, value_words
from exercise.presenter.frames import MapLabel, QuantityCard
from exercise.presenter.known import Reading
from exercise.presenter.rows import Line, Row, Rows, Run, Subject, fit, line, line_width, note, table_row
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _

TEXTURES = {"hegemonic": "·", "captured": ":", "degraded": "░", "failed": "▒"}
UNKNOWN_LAND = "·"
WATER = "~≈"
DATE_WEIGHT = 0.03
TROUBLES = ("violence", "unrest", "ethnic_tension")
MAGNITUDES = 5
"""A count that moves by ten to this power moves as far as anything can."""

WIDEST_MAP = 60


def capacity_of(state: SeatState, entity: str) -> str:
    """A place's capacity class as this seat knows it; empty when it does not."""
    reading = state.latest(f"{entity}.capacity")
    word = "" if reading is None else figure(reading.value, state.welcome.quantity(reading.key))
    return word if word in CLASS_LETTERS else ""


def map_size(state: SeatState) -> tuple[int, int]:
    """Columns and rows of the map; (0, 0) when the scenario has none."""
    rows = state.welcome.map.rows
    return min(WIDEST_MAP, max((len(row) for row in rows), default=0)), len(rows)


def places(state: SeatState) -> tuple[str, ...]:
    """Entities that can be chosen on the map, in the order of their labels."""
    return tuple(dict.fromkeys(label.entity for label in state.welcome.map.places))


def map_lines(state: SeatState, selected: str = "") -> tuple[Line, ...]:
    """The map; the selected place's label has the role ``selected``."""
    lands = {letter: _land(state, entity, number) for number, (letter, entity) in enumerate(state.welcome.map.legend.items())}
    labels: dict[int, list[MapLabel]] = {}
    for label in state.welcome.map.places:
        labels.setdefault(label.row, []).append(label)
    return tuple(
        _map_line(state, row[:WIDEST_MAP], lands, labels.get(number, []), selected) for number, row in enumerate(state.welcome.map.rows)
    )


def _map_line(state: SeatState, row: str, lands: dict[str, Run], labels: list[MapLabel], selected: str) -> Line:
    cells = [lands.get(letter) or Run(letter, "water" if letter in WATER else "abroad-land") for letter in row]
    for label in labels:
        _write_label(state, cells, label, selected)
    return _merge(cells)


def _land(state: SeatState, entity: str, number: int) -> Run:
    """A cell of a place's land. Places take two shades in turn, so that neighbours of one class can be told apart."""
    card = state.welcome.entities.get(entity)
    if card is not None and card.kind == "country":
        return Run(" ", "abroad-land")
    word = capacity_of(state, entity)
    shade = "" if number % 2 else "-2"
    return Run(TEXTURES.get(word, UNKNOWN_LAND), f"{word or 'unknown'}-land{shade}")


def label_runs(state: SeatState, label: MapLabel, *, selected: bool) -> Line:
    """A label with its class letter."""
    name = label.label or state.welcome.entity_name(label.entity)
    word = capacity_of(state, label.entity)
    mark = class_mark(word).text if word else ""
    if selected:
        return (Run(f"▸{name} {mark}".rstrip(), "selected"),)
    return (Run(f" {name} ", "place"), Run(mark, word)) if mark else (Run(f" {name} ", "place"),)


def _write_label(state: SeatState, cells: list[Run], label: MapLabel, selected: str) -> None:
    column = max(0, label.column - 1)
    for run in label_runs(state, label, selected=label.entity == selected):
        for letter in run.text:
            if column < len(cells):
                under = "" if run.role == "selected" else f"+{cells[column].role.rpartition('+')[2]}"
                cells[column] = Run(letter, f"{run.role}{under}")
            column += 1


def _merge(cells: list[Run]) -> Line:
    runs: list[Run] = []
    for cell in cells:
        if runs and runs[-1].role == cell.role:
            runs[-1] = Run(runs[-1].text + cell.text, cell.role)
        else:
            runs.append(cell)
    return tuple(runs)


def entity_at(state: SeatState, column: int, row: int) -> str:
    """The entity under a cell: a label first, else the land; empty when there is none."""
    for label in state.welcome.map.places:
        runs = label_runs(state, label, selected=False)
        start = max(0, label.column - 1)
        if label.row == row and start <= column < start + sum(run.width for run in runs):
            return label.entity
    rows = state.welcome.map.rows
    letter = rows[row][column] if 0 <= row < len(rows) and 0 <= column < len(rows[row]) else ""
    entity = state.welcome.map.legend.get(letter, "")
    return entity if entity in places(state) else ""


def step(state: SeatState, selected: str, right: int, down: int) -> str:
    """The nearest place in a direction (one of ``right`` and ``down`` is -1 or 1); the same place when there is none."""
    labels = {label.entity: label for label in state.welcome.map.places}
    here = labels.get(selected)
    if here is None:
        return next(iter(labels), "")
    best, best_cost = selected, float("inf")
    for entity, label in labels.items():
        across, along = (label.column - here.column) / 2, float(label.row - here.row)
        ahead, aside = (across * right, abs(along)) if right else (along * down, abs(across))
        if entity != selected and ahead > 0 and ahead + 2 * aside < best_cost:
            best, best_cost = entity, ahead + 2 * aside
    return best


def legend_line(width: int) -> Line:
    """What the letters and textures mean."""
    runs: list[Run] = []
    for word, letter in CLASS_LETTERS.items():
        if runs:
            runs.append(Run("  "))
        runs += [Run(f"{TEXTURES[word]} {letter}", word), Run(f" {class_name(word)}", "dim")]
    return fit(runs, width)


def class_name(word: str) -> str:
    """A capacity class in words."""
    match word:
        case "hegemonic":
            return _("hegemonic")
        case "captured":
            return _("captured")
        case "degraded":
            return _("degraded")
        case "failed":
            return _("failed")
        case _:
            return word


def place_line(state: SeatState, entity: str, width: int) -> Line:
    """The selected place in one line: its class, then the figures that moved most."""
    if not entity:
        return fit(line((_("arrows choose a place"), "dim")), width)
    word = capacity_of(state, entity)
    runs: list[Run] = [Run("▸ ", "key"), Run(state.welcome.entity_name(entity), "strong")]
    if word:
        runs += [Run(" "), class_mark(word), Run(f" {class_name(word)}", word)]
    for key in strongest(state, entity):
        item = known(state, key)
        if item is None:
            continue
        card = state.welcome.quantity(key)
        told = [Run(" · ", "dim"), Run(inline_name(card)), Run(" "), Run(value_words(state, item), "strong")]
        moved = known_movement(item, card)
        told += [Run(" "), *moved] if moved else []
        if line_width([*runs, *told]) > width:
            break
        runs += told
    return fit(runs, width)


def place_keys(state: SeatState, entity: str) -> tuple[str, ...]:
    """Figures known about a place, in the order of the rulebook's quantities."""
    prefix = f"{entity}."
    order = {key.partition(".")[2]: number for number, key in enumerate(state.welcome.quantities)}
    found = (key for key in state.readings if key.startswith(prefix))
    return tuple(sorted(found, key=lambda key: (order.get(key[len(prefix) :], 999), key)))


def strongest(state: SeatState, entity: str) -> list[str]:
    """Figures of a place, the one that moved most for its range first."""
    keys = [key for key in place_keys(state, entity) if not key.endswith(".capacity")]
    return sorted(keys, key=lambda key: -weight_of_move(state, state.readings[key][-1]))


def weight_of_move(state: SeatState, reading: Reading) -> float:
    """How large a movement is for its quantity: a part of the range, or of the larger value when the range is open."""
    if reading.previous is None:
        return 0.0
    card = state.welcome.quantity(reading.key)
    difference = abs(reading.value - reading.previous)
    if card.values:
        return float(difference > 0)
    span = span_of(card)
    if span:
        return difference / span
    if card.unit == "date":
        return DATE_WEIGHT
    return magnitude(difference, max(abs(reading.value), abs(reading.previous)))


def magnitude(difference: float, larger: float) -> float:
    """How large a difference of counts is, 0 to 1, by its order of magnitude: one more dead does not outweigh thousands who fled."""
    relative = difference / max(larger, 1.0)
    return min(1.0, math.log10(1 + difference) / MAGNITUDES * (1 + relative) / 2)


WIDEST_SPAN = 10_000
"""A quantity whose declared range is wider than this has no range in practice."""


def span_of(card: QuantityCard) -> float:
    """The width of a quantity's range; 0 when it is open."""
    if card.low is None or card.high is None or not 0 < card.high - card.low <= WIDEST_SPAN:
        return 0.0
    return card.high - card.low


def calm(state: SeatState, entity: str) -> tuple[float, float]:
    """How little a place alarms: failed places come first, of those the most troubled; places without a known class last."""
    capacity = state.latest(f"{entity}.capacity")
    troubles = (state.latest(f"{entity}.{quantity}") for quantity in TROUBLES)
    trouble = sum(reading.value for reading in troubles if reading is not None)
    return (capacity.value if capacity is not None else math.inf, -trouble)


def place_rows(state: SeatState, width: int) -> Rows:
    """The places as a list, for narrow screens and readers."""
    chosen = places(state) or tuple(dict.fromkeys(key.rpartition(".")[0] for key in state.readings if not key.startswith(f"{state.seat}.")))
    chosen = tuple(sorted(chosen, key=lambda entity: calm(state, entity)))
    if not chosen:
        return (note(_("No place is known yet."), width),)
    name_width = min(16, max(len(state.welcome.entity_name(entity)) for entity in chosen))
    rows = []
    for entity in chosen:
        word = capacity_of(state, entity)
        runs: list[Run] = []
        for key in strongest(state, entity)[:2]:
            item, card = known(state, key), state.welcome.quantity(key)
            if item is not None:
                runs += [Run(f"{inline_name(card)} "), Run(value_words(state, item), "strong"), Run(" ")]
                runs += [*known_movement(item, card), Run("  ")]
        cells = ((Run(state.welcome.entity_name(entity)),), (class_mark(word),) if word else (Run("?", "dim"),), runs)
        rows.append(table_row(cells, (name_width, 2, max(8, width - name_width - 6)), Subject("place", entity)))
    return tuple(rows)


def place_row(state: SeatState, entity: str) -> Row:
    """A place's name with its class, as a heading that can be chosen."""
    word = capacity_of(state, entity)
    name = Run(state.welcome.entity_name(entity), "title")
    runs = (name, Run("  "), class_mark(word), Run(f" {class_name(word)}", word)) if word else (name,)
    return Row((runs,), Subject("place", entity))
