"""The turns of a cut: start days and lengths, fixed when the scenario is compiled.

The model's clock counts days from STARTEX as a float; a turn of more than a mean month (30.4375 days), or than the longest step of its cut,
drifts in several equal steps.
"""

from __future__ import annotations

import datetime

import attrs

from exercise.core.definitions import Cut

MONTH_DAYS = 30.4375
"""Mean length of a month in days; the longest step of drift."""


@attrs.frozen(slots=True)
class Step:
    """One step of drift: ``number`` counts over the whole exercise from 0; ``start`` and ``end`` are in days from STARTEX.

    The next step starts at this one's ``end``, to the last bit; ``days`` is the length that all steps of a turn share.
    """

    number: int
    start: float
    end: float
    days: float


@attrs.frozen(slots=True)
class Turn:
    """One turn: ``number`` from 1, scenario ``start`` day, length in ``days``, planned ``minutes`` of play, and its steps of drift."""

    number: int
    start: datetime.date
    days: int
    minutes: int
    day: float
    steps: tuple[Step, ...]

    @property
    def end(self) -> datetime.date:
        """The day after the turn's last day."""
        return self.start + datetime.timedelta(days=self.days)

    def holds(self, day: datetime.date) -> bool:
        """Whether the scenario day lies in this turn."""
        return self.start <= day < self.end


@attrs.frozen(slots=True)
class Calendar:
    """All turns of a cut."""

    startex: datetime.date
    turns: tuple[Turn, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step of drift, in order."""
        return tuple(step for turn in self.turns for step in turn.steps)

    @property
    def end(self) -> datetime.date:
        """The day after the last day."""
        return self.turns[-1].end

    def date(self, day: float) -> datetime.date:
        """The scenario day that is so many days after STARTEX (rounded down), within the years that a calendar has."""
        ordinal = self.startex.toordinal() + int(day // 1)
        return datetime.date.fromordinal(min(max(ordinal, datetime.date.min.toordinal()), datetime.date.max.toordinal()))

    def landing(self, delay_days: float) -> tuple[int, ...]:
        """For each step, the step at whose end an effect of that delay lands: the first that ends so much later; -1 when none does.

        The table has one entry more, for effects that begin when the last step is over: they never land.
        """
        steps = self.steps
        table: list[int] = []
        for step in steps:
            due = step.start + delay_days
            table.append(next((later.number for later in steps[step.number :] if later.end >= due), -1))
        return (*table, -1)

    def lag(self, delay_days: float) -> tuple[int, ...]:
        """For each turn, how many turn-ends back a figure of that age was taken (0: the last turn's end): the nearest, the older of two."""
        table: list[int] = []
        for turn in self.turns:
            ends = [earlier.day for earlier in self.turns[: turn.number]]
            ages = [abs(turn.day - end - delay_days) for end in reversed(ends)]
            table.append(max(back for back, age in enumerate(ages) if age == min(ages)))
        return tuple(table)


def calendar_of(cut: Cut) -> Calendar:
    """Lay out the turns of a cut."""
    turns: list[Turn] = []
    longest = MONTH_DAYS if cut.step_days is None else min(cut.step_days, MONTH_DAYS)
    day = 0
    step_number = 0
    for span in cut.calendar:
        for _ in range(span.count):
            count = max(1, -int(-span.days // longest))
            bounds = [day + span.days * part / count for part in range(count + 1)]
            steps = tuple(Step(step_number + k, bounds[k], bounds[k + 1], span.days / count) for k in range(count))
            step_number += count
            start = cut.start + datetime.timedelta(days=day)
            turns.append(Turn(len(turns) + 1, start, span.days, span.minutes, float(day), steps))
            day += span.days
    return Calendar(cut.start, tuple(turns))
