"""QR codes for terminals: two rows of modules to a line."""

from __future__ import annotations

MARKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
"""Dark modules of the upper and the lower row -> what is drawn: the light ones, so that a dark screen needs no colours for it."""
QUIET = 2
"""Light modules around it; a terminal's own margin does the rest."""


def qr_lines(content: str) -> tuple[str, ...]:
    """The lines of a QR code, all of one width."""
    import segno  # noqa: PLC0415 - takes as long as all presenters together, and few ever look at a ticket

    rows = [[bool(cell) for cell in row] for row in segno.make(content, error="l", micro=False).matrix_iter(border=QUIET)]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    return tuple(
        "".join(MARKS[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
