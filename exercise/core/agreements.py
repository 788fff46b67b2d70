"""Agreements as the world holds them: the terms that were signed, and how each of them stands.

An agreement is a value. What the parties can know of it (``status``) and what is so (``truth``) stand beside each other: a breach that
nobody of them could see is a breach in truth and open, or kept, to them. Agreements have no cells: which seats will agree on how many
clauses cannot be laid out beforehand without a slot for every set of seats, and a shared pool of slots would make one pair's refusal tell
of another's agreements. They are in the world's digest, and nothing that rules read depends on them but through the cells that they move.
"""

from __future__ import annotations

import attrs

OPEN, KEPT, BREACHED, WITHHELD, LAPSED = "open", "kept", "breached", "withheld", "lapsed"
"""How a clause stands: not yet due, kept, broken, not paid because its condition is not met, or over without having come up."""
IN_FORCE, EXPIRED = "in force", "expired"
"""How an agreement stands, beside kept and breached; expired: over, with a clause that was neither kept nor broken."""

MOST_PARTIES = 6
MOST_CLAUSES = 12
"""Clauses of one agreement."""
MOST_RUNNING = 8
"""Agreements that can run at once between the same parties."""
LONGEST_DAYS = 3_660


@attrs.frozen(slots=True)
class Clause:
    """A term as the parties filled it in. What its kind does not have is empty: see ``exercise.core.clauses``.

    ``motion`` is body.motion; ``by_days`` counts from the day on which the agreement came into force.
    """

    clause: str
    giver: str = ""
    receiver: str = ""
    target: str | None = None
    amount: float | None = None
    line: float | None = None
    by_days: int | None = None
    vote: str = ""
    motion: str = ""


@attrs.frozen(slots=True)
class Standing:
    """How a clause stands: ``status`` as the parties know it, ``truth`` as it is, the day it was settled and, where a figure decided, the
    ``reading``.
    """

    status: str = OPEN
    truth: str = OPEN
    day: float | None = None
    reading: float | None = None


@attrs.frozen(slots=True)
class Landing:
    """The end of a lasting effect: what is added to a cell at the end of a step, and the number of its cause."""

    step: int
    cell: int
    amount: float
    cause: int


@attrs.frozen(slots=True)
class Agreement:
    """Terms between seats. ``parties`` are sorted; ``since`` is the day, from STARTEX, on which it came into force, ``until`` the one
    on which it ends. ``disclosed`` says that a party has published it.
    """

    id: str
    by: str
    parties: tuple[str, ...]
    secret: bool
    since: float
    days: int
    clauses: tuple[Clause, ...]
    standing: tuple[Standing, ...]
    status: str = IN_FORCE
    disclosed: bool = False
    landings: tuple[Landing, ...] = ()

    @property
    def until(self) -> float:
        """The day on which it ends."""
        return self.since + self.days

    @property
    def is_running(self) -> bool:
        """Whether it binds anybody."""
        return self.status == IN_FORCE

    @property
    def is_public(self) -> bool:
        """Whether everybody may know of it."""
        return self.disclosed or not self.secret

    def is_open_to(self, seat: str) -> bool:
        """Whether a seat may know of it."""
        return self.is_public or seat in self.parties


def name_of(by: str, parties: tuple[str, ...], number: int) -> str:
    """The id of an agreement: who proposed it, between whom, and the how-many-eth between exactly these.

    Nothing in it is counted over what one of the parties may not see.
    """
    return f"{by}:{'+'.join(sorted(parties))}#{number}"


def packed(agreements: tuple[Agreement, ...]) -> bytes:
    """What a digest takes in of agreements; nothing where there are none."""
    return repr([attrs.astuple(one) for one in agreements]).encode() if agreements else b""
