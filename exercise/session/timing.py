"""The clock of a phase: on a monotonic clock that the caller reads, stopped by pauses, extended by facilitators."""

from __future__ import annotations

import attrs


@attrs.define(slots=True)
class Timer:
    """``deadline`` is when time is up while it runs; ``rest`` what is left while it stands still; neither: there is no limit. Seconds."""

    deadline: float | None = None
    rest: float | None = None
    length: float = 0.0

    @property
    def runs(self) -> bool:
        """Whether time is passing."""
        return self.deadline is not None

    def set(self, seconds: float | None, now: float, *, runs: bool = True) -> None:
        """Give so many seconds from now, or none at all."""
        self.length = seconds or 0.0
        self.deadline = now + seconds if seconds is not None and runs else None
        self.rest = seconds if not runs else None

    def clear(self) -> None:
        """No limit any more."""
        self.deadline = self.rest = None
        self.length = 0.0

    def stop(self, now: float) -> None:
        """Stand still."""
        if self.deadline is not None:
            self.rest, self.deadline = max(0.0, self.deadline - now), None

    def go(self, now: float) -> None:
        """Go on after a stop."""
        if self.rest is not None:
            self.deadline, self.rest = now + self.rest, None

    def extend(self, seconds: float, now: float, *, runs: bool) -> None:
        """Give more time; where there was no limit, so much from now."""
        left = (self.left(now) or 0.0) + seconds
        length = self.length + seconds
        self.set(left, now, runs=runs)
        self.length = length

    def left(self, now: float) -> float | None:
        """Seconds left, or None without a limit."""
        if self.deadline is not None:
            return max(0.0, self.deadline - now)
        return self.rest

    def is_up(self, now: float) -> bool:
        """Whether time is up."""
        return self.deadline is not None and now >= self.deadline
