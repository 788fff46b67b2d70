"""Bodies: one card each, with every motion as a ladder, votes with reasons, and what would change it."""

from __future__ import annotations

import attrs

from exercise.presenter.dates import day_words, short_day
from exercise.presenter.figures import sized_words
from exercise.presenter.frames import BodyCard, MotionCard, text, truth
from exercise.presenter.known import Event, MotionState
from exercise.presenter.legible import clip, paragraphs
from exercise.presenter.procedure import outcome_words, stage_name, vote_words
from exercise.presenter.rows import BLANK, Line, Row, Rows, Run, Subject, fit, heading, line, note, wrap
from exercise.presenter.seat_state import SeatState, unread
from exercise.presenter.sittings import is_fresh, on_agenda, sitting_rows, tally_words, waits_for_votes
from exercise.presenter.status import open_votes
from exercise.presenter.words import _

MUCH_UNREAD = 3
"""From so many news and messages on somebody may want to be done with them in one."""
LOW = 10
"""A pane of so few lines shows a line for each body instead of cards."""


CLOSED = ("adopted", "refused", "lapsed")
"""Where a motion stands once it is decided."""
LEAST_TITLE = 20
"""Cells that a motion's title keeps before other words of its line go."""


@attrs.frozen(slots=True)
class Step:
    """A rung of a motion's ladder: ``passed`` is None while it has not been reached. ``number`` tells rungs of one name apart, from 1."""

    name: str
    passed: bool | None
    say: str = ""
    number: int = 0

    @property
    def label(self) -> str:
        """The rung's name on screen."""
        return f"{stage_name(self.name)} {self.number}" if self.number else stage_name(self.name)


@attrs.frozen(slots=True)
class Story:
    """What this seat knows of a motion's last passage through its body; ``earliest`` is the first day on which it can be decided."""

    status: str
    steps: tuple[Step, ...]
    votes: tuple[Event, ...]
    outcome: str
    say: str
    earliest: str = ""


def story(state: SeatState, card: MotionCard) -> Story:
    """A motion's ladder and votes, from what bodies were seen to do since it was last tabled."""
    events = _latest_passage(state, card)
    motion = state.motions.get(card.id)
    outcomes = [event for event in events if event.kind == "motion_outcome"]
    final = [event for event in outcomes if text(event.data, "outcome") in ("adopted", "refused", "lapsed")]
    status = _status(state, card, motion, final)
    steps = [Step("tabled", passed=None if status == "none" else True)]
    steps += _climbed(card, events)
    votes = _latest_votes(events)
    decided = None if not votes else status == "adopted" if final else None
    steps.append(Step("vote", passed=decided))
    outcome = text(final[-1].data, "outcome") if final else ""
    last = outcomes[-1].data if outcomes else {}
    return Story(status, tuple(steps), votes, outcome, text(last, "say"), text(last, "earliest"))


def _status(state: SeatState, card: MotionCard, motion: MotionState | None, final: list[Event]) -> str:
    if motion is not None and motion.status != "none":
        return motion.status
    if card.id in state.tabled or is_fresh(state, card.id):
        return "tabled"
    return text(final[-1].data, "outcome") if final else "none"


def _latest_passage(state: SeatState, card: MotionCard) -> list[Event]:
    """Events of the motion, less those of earlier passages that ended."""
    kept: list[Event] = []
    ended = False
    for event in state.events:
        if event.kind not in ("motion_step", "vote", "motion_outcome"):
            continue
        if (text(event.data, "body"), text(event.data, "motion")) != (card.body, card.motion):
            continue
        if ended and event.turn != kept[-1].turn:
            kept, ended = [], False
        kept.append(event)
        ended = ended or (event.kind == "motion_outcome" and text(event.data, "outcome") in ("adopted", "refused", "lapsed"))
    return kept


def _climbed(card: MotionCard, events: list[Event]) -> list[Step]:
    """Each test with how it went last. Tests of one name are told apart by their order, since each sitting asks them in order."""
    told = [event for event in events if event.kind == "motion_step"]
    latest = max((event.turn for event in told), default=0)
    stages = [rung.stage for rung in card.rungs]
    steps = []
    for place, rung in enumerate(card.rungs):
        twins, number = stages.count(rung.stage), stages[:place].count(rung.stage)
        mine = [event for event in told if text(event.data, "stage") == rung.stage and (twins == 1 or event.turn == latest)]
        mine = mine[-1:] if twins == 1 else mine[number : number + 1]
        passed = truth(mine[0].data, "passed") if mine else None
        say = text(mine[0].data, "say") or rung.say if mine and not passed else ""
        steps.append(Step(rung.stage, passed, say, number + 1 if twins > 1 else 0))
    return steps


def _latest_votes(events: list[Event]) -> tuple[Event, ...]:
    newest = {text(event.data, "member"): event for event in events if event.kind == "vote"}
    return tuple(newest.values())


def ladder(tale: Story) -> Line:
    """``tabled ✓ ▸ host's request ✓ ▸ mandate ✗ ▸ vote ·``."""
    runs: list[Run] = []
    blocked = False
    for step in tale.steps:
        if runs:
            runs.append(Run(" ▸ ", "dim"))
        sign, role = {True: ("✓", "ok"), False: ("✗", "alarm"), None: ("·", "dim")}[step.passed]
        runs.append(Run(f"{step.label} {sign}", "dim" if blocked and step.passed is None else role))
        blocked = blocked or step.passed is False
    return tuple(runs)


def body_rows(state: SeatState, width: int, height: int = 100) -> Rows:
    """The pane: cards, or one line for each body where the pane is low."""
    bodies = state.welcome.bodies
    if not bodies:
        return (note(_("No organization decides anything in this exercise."), width),)
    if height <= LOW:
        return tuple(_short_row(state, body, width) for body in bodies)
    return tuple(row for body in bodies for row in body_card_rows(state, body, width))


def _short_row(state: SeatState, body: BodyCard, width: int) -> Row:
    """A body and its most telling motion, in one line."""
    ranked = sorted(body.motions, key=lambda card: _rank(state, card))
    longest = max(len(each.short) for each in state.welcome.bodies)
    name = Run(f"{body.short:<{min(longest, 10)}}", "strong")
    told = next((card for card in ranked if story(state, card).status != "none"), None)
    if told is None:
        may = any(state.motions[card.id].can_table for card in body.motions if card.id in state.motions)
        words = _("nothing tabled; you may") if may and not state.room.only_watches else _("nothing tabled")
        return Row((fit((name, Run(" "), Run(words, "dim")), width),), Subject("body", body.id))
    tale = story(state, told)
    failed = next((step for step in tale.steps if step.passed is False and step.say), None)
    waits = f" {waiting_words(state, tale)}".rstrip()
    if told.id in state.votes:
        status, said = own_vote(state, told), waits
    elif told.id in open_votes(state):
        status, said = Run(_("▸ vote now"), "alarm"), waits
    elif failed is not None:
        status, said = Run(f"{failed.label} ✗", "alarm"), f" “{failed.say}”"
    else:
        status, said = Run(*outcome_words(tale.status)), waits
    if said == waits and name.width + status.width + Run(said).width + LEAST_TITLE > width:
        said = ""
    room = width - name.width - status.width - 3 - (Run(said).width if said == waits else 0)
    runs = [name, Run(" "), Run(clip(told.title, max(0, room))), Run("  "), status, Run(said, "dim")]
    return Row((fit(runs, width),), Subject("body", body.id))


def waiting_words(state: SeatState, tale: Story) -> str:
    """What a tabled motion that passed its tests waits for: its day, those who object, or the body's next sitting."""
    if tale.status != "tabled" or any(step.passed is False for step in tale.steps):
        return ""
    if state.phase == "ended":
        return _("was not decided by the end")
    against = [state.welcome.seat_short(text(event.data, "member")) for event in tale.votes if text(event.data, "vote") == "no"]
    if tale.earliest > state.date:
        return _("can be decided from {day}", day=day_words(tale.earliest))
    if against:
        return _("held up by {seats}", seats=", ".join(against))
    return _("is decided when the turn is resolved, if the body sits")


def _rank(state: SeatState, card: MotionCard) -> tuple[int, int]:
    tale = story(state, card)
    order = {"tabled": 0, "adopted": 1, "refused": 1, "lapsed": 1}
    latest = max((event.seq for event in _latest_passage(state, card)), default=0)
    return (0 if card.id in open_votes(state) else 1 + order.get(tale.status, 2), -latest)


def in_order(state: SeatState, body: BodyCard) -> tuple[MotionCard, ...]:
    """A body's motions: the open ones first, then the closed ones, newest first, then those that nobody has tabled."""
    cards = {card.id: (story(state, card).status, state.motions.get(card.id)) for card in body.motions}
    open_ = [card for card in body.motions if cards[card.id][0] == "tabled"]
    closed = [card for card in body.motions if cards[card.id][0] in CLOSED]
    closed.sort(key=lambda card: motion.decided_on if (motion := cards[card.id][1]) is not None else "", reverse=True)
    return (*open_, *closed, *(card for card in body.motions if card not in open_ and card not in closed))


def own_vote(state: SeatState, card: MotionCard) -> Run:
    """This seat's vote on a motion, and that it stands from an earlier turn."""
    words, role = vote_words(state.votes[card.id])
    if card.id in state.standing:
        return Run(_("your vote: {vote} (standing)", vote=words), role)
    return Run(_("you voted {vote}", vote=words), role)


def body_card_rows(state: SeatState, body: BodyCard, width: int, *, keys: bool = True) -> Rows:
    """A body: its rule in a sentence, its members, and each motion as a ladder; ``keys`` where there are any to name."""
    rows = [Row(wrap([Run(body.short, "title"), Run(f"  {body.name}", "strong")], width, indent=2), Subject("body", body.id))]
    if body.rule_text:
        rows.append(Row(wrap([Run(body.rule_text)], width, indent=2, first=2)))
    members = "; ".join(_member_words(state, member) for member in body.members)
    rows.append(Row(wrap([Run(_("members  "), "dim"), Run(members, "dim")], width, indent=11, first=2)))
    for card in in_order(state, body):
        rows += _motion_rows(state, card, width, keys=keys)
    rows.append(BLANK)
    return tuple(rows)


def _member_words(state: SeatState, member: tuple[str, str, float]) -> str:
    seat, name, weight = member
    words = _("you") if seat == state.seat else name or state.welcome.seat_name(seat)
    return words if weight == 1 else f"{words} ({weight:g})"


def _motion_rows(state: SeatState, card: MotionCard, width: int, *, keys: bool = True) -> Rows:
    """A motion in the card: its title and standing, and its ladder once it is tabled."""
    tale = story(state, card)
    motion = state.motions.get(card.id)
    words, role = outcome_words(tale.status)
    runs = [Run("◆ ", role), Run(card.title, "strong"), Run("  "), Run(words, role)]
    if tale.status == "tabled" and motion is not None and motion.tabled_on:
        runs.append(Run(_(" {day}", day=short_day(motion.tabled_on)), "dim"))
    if card.id in state.votes:
        runs += [Run("  "), own_vote(state, card)]
    elif card.id in open_votes(state):
        runs.append(Run(_("  ▸ you may vote: y") if keys else _("  ▸ you may vote"), "alarm"))
    elif motion is not None and motion.can_table and tale.status != "tabled" and not state.room.only_watches:
        runs.append(Run(_("  t tables it") if keys else _("  you can table it"), "key"))
    lines = [*wrap(runs, width, indent=4, first=2)]
    if tale.status != "none":
        lines += wrap(ladder(tale), width, indent=6, first=4)
        for step in tale.steps:
            if step.passed is False and step.say:
                lines += wrap([Run(f"{step.label}: ", "dim"), Run(f"“{step.say}”")], width, indent=6, first=4)
        if waiting_words(state, tale):
            lines += wrap([Run(waiting_words(state, tale), "dim")], width, indent=6, first=4)
    if on_agenda(state, card.id):
        lines += wrap([Run(tally_words(state, card), "strong")], width, indent=6, first=4)
    return (Row(tuple(lines), Subject("motion", card.id)),)


def first_motion(state: SeatState, body: BodyCard) -> MotionCard | None:
    """The motion of a body that this seat most likely wants: one open to its vote, one that it may table, or the most telling."""
    ranked = sorted(body.motions, key=lambda card: _rank(state, card))
    mine = [card for card in ranked if card.id in open_votes(state)]
    mine += [card for card in ranked if card.id in state.motions and state.motions[card.id].can_table]
    return next(iter((*mine, *ranked)), None)


def body_motions(state: SeatState, body: BodyCard, width: int) -> Rows:
    """A body's motions, to choose one."""
    return tuple(row for card in in_order(state, body) for row in _motion_rows(state, card, width))


def idle_keys(state: SeatState) -> frozenset[str]:
    """Actions for which this seat has no use now: a footer leaves them out, and has room for those that it has a use for."""
    idle = {"threads"} if len(unread(state)) >= MUCH_UNREAD else {"read_all"}
    if state.room.only_watches:
        idle |= {"add_order", "withdraw", "commit", "write", "reply", "table_motion", "vote"}
    if not state.room.may_note:
        idle.add("note")
    if state.phase == "ended":
        idle |= {"add_order", "withdraw", "commit"}
    if not any(motion.can_table for motion in state.motions.values()):
        idle.add("table_motion")
    if not any(motion.can_vote for motion in state.motions.values()):
        idle.add("vote")
    return frozenset(idle)


def can_be_voted(state: SeatState, key: str) -> bool:
    """Whether the seat can vote on a motion now."""
    motion = state.motions.get(key)
    return motion is not None and motion.can_vote


def no_vote_words(motion: MotionState | None) -> str:
    """Why this seat cannot vote on a motion, as a sentence."""
    if motion is None or not motion.no_vote:
        return _("You cannot vote on it now.")
    return _("You cannot vote on it: {why}.", why=motion.no_vote)


def motion_rows(state: SeatState, card: MotionCard, width: int, *, keys: bool = True) -> Rows:
    """A motion in full: text, ladder, votes with reasons, what would change it, and what this seat may do; ``keys`` where they work."""
    tale = story(state, card)
    body = state.welcome.body(card.body)
    words, role = outcome_words(tale.status)
    rows = [
        Row(((Run(f"{body.short if body else card.body}: ", "title"), Run(card.title, "title")),)),
        *(Row(wrap([Run(block)], width)) for block in paragraphs(card.text)),
        BLANK,
        Row(wrap([Run(f"{words}  ", role), *ladder(tale)], width, indent=2)),
    ]
    rows += _size_rows(state, card, width)
    rows += [
        Row(wrap([Run(f"{step.label} ✗ ", "alarm"), Run(f"“{step.say}”")], width, indent=4, first=2))
        for step in tale.steps
        if step.passed is False and step.say
    ]
    if waiting_words(state, tale):
        rows.append(note(_("It {waits}.", waits=waiting_words(state, tale)), width, indent=2, role=""))
    if tale.say:
        rows.append(Row(wrap([Run(tale.say, "dim")], width, indent=2, first=2)))
    live = sitting_rows(state, card, width)
    rows += live or vote_rows(state, tale, width)
    rows += [BLANK, heading(_("What would change it")), *_change_rows(state, tale, card, width)]
    rows += [BLANK, *_may_rows(state, card, width, keys=keys)]
    rows.append(note(_("Motions are judged before this turn's orders take effect."), width))
    return tuple(rows)


def _size_rows(state: SeatState, card: MotionCard, width: int) -> Rows:
    motion = state.motions.get(card.id)
    if not card.size:
        return ()
    now = motion.size if motion is not None and motion.size else card.size
    size, first = size_words(now, card.size_unit), size_words(card.size, card.size_unit)
    words = _("size {size}", size=size)
    if now != card.size:
        words = _("size {size}, {first} when it was first asked for", size=size, first=first)
    return (note(words, width, indent=2, role=""),)


def size_words(size: float, unit: str) -> str:
    """A motion's size with its unit."""
    return sized_words(size, unit)


def vote_rows(state: SeatState, tale: Story, width: int) -> Rows:
    """Votes with their reasons."""
    if not tale.votes:
        return ()
    rows = [BLANK, heading(_("Votes"))]
    for event in tale.votes:
        words, role = vote_words(text(event.data, "vote"))
        runs = [Run(f"{state.welcome.seat_name(text(event.data, 'member'))} ", "strong"), Run(words, role)]
        if text(event.data, "say"):
            runs.append(Run(f"  “{text(event.data, 'say')}”"))
        rows.append(Row(wrap(runs, width, indent=4, first=2), Subject("event", str(event.number))))
    return tuple(rows)


def _change_rows(state: SeatState, tale: Story, card: MotionCard, width: int) -> Rows:
    """What stands in the way, as far as it was said: failed tests first, then objections, then tests not reached."""
    failed = [(step.label, step.say) for step in tale.steps if step.passed is False and step.say]
    against = [event for event in tale.votes if text(event.data, "vote") == "no" and text(event.data, "say")]
    objections = [(state.welcome.seat_name(text(event.data, "member")), text(event.data, "say")) for event in against]
    points = [_("the {stage}, once this changes: “{say}”", stage=stage, say=say) for stage, say in failed]
    points += [_("{seat}, once it gives up: “{say}”", seat=seat, say=say) for seat, say in objections]
    if not points:
        ahead = [(step, rung.say) for rung, step in zip(card.rungs, tale.steps[1:], strict=False) if step.passed is None and rung.say]
        points = [_("{stage}: it fails if “{say}”", stage=step.label, say=say) for step, say in ahead]
    rows = [_point(point, width) for point in dict.fromkeys(points)]
    body = state.welcome.body(card.body)
    if body is not None and body.rule_text:
        rows.append(_point(body.rule_text, width))
    return tuple(rows)


def _point(words: str, width: int) -> Row:
    return Row(wrap([Run("• ", "dim"), Run(words)], width, indent=4, first=2))


def _may_rows(state: SeatState, card: MotionCard, width: int, *, keys: bool) -> Rows:
    motion = state.motions.get(card.id)
    if motion is None:
        return (note(_("Your seat has no part in it."), width),)
    if card.id in state.votes:
        words, _role = vote_words(state.votes[card.id])
        told = _("You have voted: {vote}. It stands until you change it or the motion is decided.", vote=words)
        if card.id in state.standing:
            told = _("Your vote: {vote} (standing). It counts at every sitting until you change it or the motion is decided.", vote=words)
        changes = (
            ()
            if not keys
            else (
                Row(
                    (
                        line(
                            ("y", "key"),
                            _(" yes  "),
                            ("n", "key"),
                            _(" no  "),
                            ("a", "key"),
                            _(" abstain  "),
                            ("e", "key"),
                            _(" say why first"),
                        ),
                    )
                ),
            )
        )
        return (note(told, width, role="ok"), *changes)
    if state.phase == "ended":
        return (note(_("The exercise is over; nothing is left to decide."), width),)
    rows: list[Row] = []
    if card.id in state.tabled:
        rows.append(note(_("You have tabled it this turn."), width, role="ok"))
    elif motion.can_table:
        rows.append(Row((line(("t", "key"), _(" tables it")),)) if keys else note(_("You can table it."), width))
    if waits_for_votes(state, card.id):
        return (note(_("Members vote on it from the next turn on."), width),)
    if motion.can_vote:
        if motion.status != "tabled" and card.id not in state.tabled and not is_fresh(state, card.id):
            rows.append(note(_("It is not tabled; a vote you cast now counts if it is tabled this turn."), width))
        choices = line(
            ("y", "key"), _(" yes  "), ("n", "key"), _(" no  "), ("a", "key"), _(" abstain  "), ("e", "key"), _(" say why first")
        )
        rows.append(Row((choices,)) if keys else note(_("You can vote on it."), width))
    elif motion.no_vote and motion.status != "none" and rows:
        rows.append(note(no_vote_words(motion), width))
    if rows:
        return tuple(rows)
    reasons = dict.fromkeys(filter(None, (motion.why, motion.no_vote)))
    return (note("; ".join(reasons) or _("You can neither table it nor vote on it now."), width),)
