"""The causes of a figure as frames and documents tell them."""

from __future__ import annotations

import attrs

from exercise.presenter.frames import Data, items, number, text, texts, truth


@attrs.frozen(slots=True)
class Cause:
    """Something that moved a figure, as far as this seat may know it.

    ``share`` is its part of all movement, -1 to 1, negative when it pulled the figure down; ``amount`` is what it did exactly, in the
    quantity's unit. Either may be None: reports tell shares, public and own figures amounts. One with a ``span`` took effect after so long;
    an ``ending`` is the taking back of what lasted for it.
    """

    kind: str
    id: str
    because: str
    share: float | None
    amount: float | None
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    ending: bool = False
    span: str = ""


def read_causes(data: Data) -> tuple[Cause, ...]:
    """The causes of a figure; where amounts are told, each one's share of all movement is worked out from them."""
    told = items(data, "causes")
    return tuple(read_cause(each, share) for each, share in zip(told, percents([number(each, "amount") for each in told]), strict=True))


def percents(amounts: list[float]) -> list[float | None]:
    """Each amount's share of all movement in whole percents, a hundred together: what rounding leaves goes to the largest rests."""
    total = sum(abs(amount) for amount in amounts)
    if not 0 < total < float("inf"):
        return [None] * len(amounts)
    exact = [100 * abs(amount) / total for amount in amounts]
    whole_ones = [int(each) for each in exact]
    by_rest = sorted(range(len(exact)), key=lambda place: whole_ones[place] - exact[place])
    for place in by_rest[: 100 - sum(whole_ones)]:
        whole_ones[place] += 1
    return [(-percent if amount < 0 else percent) / 100 for percent, amount in zip(whole_ones, amounts, strict=True)]


def read_cause(data: Data, worked_out: float | None = None) -> Cause:
    """A cause as data tell it; ``worked_out`` is its share where only amounts are told."""
    amount = number(data, "amount") if isinstance(data.get("amount"), int | float) else None
    percent = data.get("share")
    share = float(percent) / 100 if isinstance(percent, int | float) else worked_out if amount is not None else None
    return Cause(
        kind=text(data, "kind"),
        id=text(data, "id"),
        because=text(data, "because"),
        share=share,
        amount=amount,
        claims=texts(data, "claims"),
        sources=texts(data, "sources"),
        ending=truth(data, "ending"),
        span=text(data, "span"),
    )
