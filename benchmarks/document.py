"""What benchmarks that hold a scenario against its record share: the tables' place in a document, and the line on fitted numbers."""

from __future__ import annotations

import pathlib
import re

from exercise.core.program import Program
from exercise.rehearsal.record import fitted_parameters

FIRST_SEED = 20001
"""Seeds from here on were never used for fitting, which was done below 10000."""
BEGIN, END = "<!-- tables begin -->", "<!-- tables end -->"


def put_tables(document: pathlib.Path, text: str) -> None:
    """Put the text between the document's two marks."""
    told = document.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)
    document.write_text(pattern.sub(lambda _: f"{BEGIN}\n{text}\n{END}", told), encoding="utf-8")


def fitted_line(program: Program) -> str:
    """Which parameters and tables of the cut say that they were set against the record."""
    ids = fitted_parameters(program)
    return f"{len(ids)} parameters of this cut say `fitted = true`: {', '.join(f'`{one}`' for one in ids)}."
