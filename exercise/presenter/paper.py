"""An exercise on paper, for when the network dies for good: what each seat knows now, its menu with codes, and slips to fill in.

A seat's sheets are made from its own state alone, which is the fold of its own stream, so that they hold nobody else's secrets. Sheets are
plain data (a page is its blocks in order) that somebody else turns into a document:

    heading {text} · text {text} · lines {lines} · facts {facts: [label, words]} · break {}
    table   {columns: [title], rows: [cells | {group: title}], narrow: columns that take no more than they need}, and where it is so:
            small print; columns_on_sheet: 2; under: the last column stands under the others where a sheet is no wider than a screen
    slip    {title, seat, when, wide: over both columns, fields: [{label, width of 12, value, lines, boxes}]}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from exercise.presenter.bodies import ladder, own_vote, story, waiting_words
from exercise.presenter.codes import Codes, codes_of, numbered
from exercise.presenter.dates import age_words, days_between, long_day, short_age, short_day
from exercise.presenter.figures import Known, budget_words, known, known_movement, reading_words, source_words, value_words
from exercise.presenter.frames import MotionCard, OrderCard, text
from exercise.presenter.happenings import order_words, resolved_turn, summary_rows
from exercise.presenter.known import Letter
from exercise.presenter.legible import legible
from exercise.presenter.mail import correspondents
from exercise.presenter.map_view import class_name, place_keys
from exercise.presenter.orders import Draft, left_of, offers_of, price_tag, price_words, purpose_words, range_words, seen_by, why_not
from exercise.presenter.procedure import outcome_words
from exercise.presenter.reports import entities
from exercise.presenter.rows import plain
from exercise.presenter.seat_state import SeatState
from exercise.presenter.words import _, many

Block = dict[str, Any]
Page = dict[str, Any]

WIDE = 400
"""Cells in which rows are laid out here, so that only the printer breaks their lines."""
MOST_LETTERS = 30
"""Messages printed: the newest ones."""
MESSAGE_SLIPS = 2


def seat_page(state: SeatState) -> Page:
    """Everything that a seat needs to go on without a network."""
    codes = codes_of([state.welcome])
    seat = state.welcome.seat
    blocks = [
        _facts(state),
        _text(
            _(
                "The exercise goes on, on paper. Write one order on each slip: its number on your menu, its target's code, the amount. "
                "Sign it, fold it and hand it to the facilitator, who types it in as it stands. Use the message slip for letters and for "
                "what you say in public. Everything on these sheets is yours alone; give them back when the network is there again."
            )
        ),
        *_committed(state),
        *_happened(state),
        *_letters(state),
        *_menu(state, codes),
        *_bodies(state, codes),
        *_aims(state),
        *_reports(state),
        {"block": "break"},
        *_slips(state, codes),
    ]
    return _page(state, seat.name, codes.seat(seat.id), _("For {seat} only", seat=seat.name), blocks)


def _page(state: SeatState, title: str, code: str, mark: str, blocks: Iterable[Block]) -> Page:
    welcome = state.welcome
    exercise = welcome.title if welcome.cut_title in welcome.title else f"{welcome.title}: {welcome.cut_title}"
    page: Page = _legible(
        {"title": title, "code": code, "mark": mark, "exercise": exercise, "when": turn_words(state), "blocks": list(blocks)},
    )
    return page


def turn_words(state: SeatState) -> str:
    """``turn 4 of 14, Sun 13 June 2010``."""
    return _("turn {turn} of {turns}, {day}", turn=state.turn, turns=len(state.welcome.calendar), day=long_day(state.date))


def _legible(value: Any) -> Any:
    """Every text of plain data as one line that commands nothing."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {key: _legible(each) for key, each in value.items()}
    return [_legible(each) for each in value] if isinstance(value, list | tuple) else value


def _heading(words: str) -> Block:
    return {"block": "heading", "text": words}


def _text(words: str) -> Block:
    return {"block": "text", "text": words}


def _lines(lines: Iterable[str]) -> Block:
    return {"block": "lines", "lines": list(lines)}


def _table(columns: Sequence[str], rows: Sequence[Any], narrow: Sequence[int] = ()) -> Block:
    return {"block": "table", "columns": list(columns), "rows": list(rows), "narrow": list(narrow)}


# --- where the seat stands ----------------------------------------------------------------------------------------------------------


def phase_words(state: SeatState) -> str:
    """The phase as a word; an exercise without phases of its own takes everything at once."""
    names = {"briefing": _("briefing"), "negotiation": _("negotiation"), "orders": _("orders"), "sittings": _("sittings of bodies")}
    return names.get(state.phase, state.phase)


def _facts(state: SeatState) -> Block:
    days = many("{count} day", "{count} days", state.days)
    facts = [
        (_("turn"), _("{turn} of {turns}", turn=state.turn, turns=len(state.welcome.calendar))),
        (_("day"), f"{long_day(state.date)} ({days})"),
        (_("phase"), phase_words(state)),
        (_("orders"), many("{count} in a turn", "{count} in a turn", state.welcome.allowance)),
    ]
    for resource in state.welcome.resources:
        left = left_of(state, resource.quantity)
        if left is not None:
            facts.append((resource.name.lower(), budget_words(left, resource.unit)))
    return {"block": "facts", "facts": [list(fact) for fact in facts]}


def _committed(state: SeatState) -> list[Block]:
    given = [
        [order_words(state, attrs.asdict(one)), price_words(state, Draft(one.order, one.target, one.amount))] for one in state.committed
    ]
    head = _heading(_("On record for this turn"))
    if given:
        left = max(0, state.welcome.allowance - len(given))
        return [head, _table([_("order"), _("cost")], given, [1]), _text(many("{count} order is left.", "{count} orders are left.", left))]
    return [head, _text(_("No order yet."))]


def _happened(state: SeatState) -> list[Block]:
    told = [words for row in summary_rows(state, WIDE, -1, headings=False) if (words := _in_one_line(row.text))]
    news = [event for event in state.news if event.turn >= state.turn - 1]
    blocks: list[Block] = []
    if told and resolved_turn(state):
        blocks += [_heading(_("What changed in turn {turn} and why", turn=resolved_turn(state))), _lines(told)]
    if news:
        rows = [[text(event.data, "source"), _post(text(event.data, "headline"), text(event.data, "text"))] for event in news]
        blocks += [_heading(_("News")), _table([_("from"), _("news")], rows, [0])]
    return blocks


def _in_one_line(words: str) -> str:
    """A row's words on one line; what stood apart is parted by a dot."""
    return " ".join(re.sub(r"(?<=\S) {2,}", " · ", line.strip()) for line in words.split("\n")).strip()


def _post(headline: str, body: str) -> str:
    return headline if not body or body == headline else f"{headline}. {body}" if headline else body


def _letters(state: SeatState) -> list[Block]:
    """The newest messages; those to this seat that it has not answered say so."""
    if not state.letters:
        return []
    rows = [
        [
            _("turn {turn}", turn=each.turn),
            correspondents(state, each),
            f"{each.text}{_(' (not answered)') if is_open(state, each) else ''}",
        ]
        for each in state.letters[-MOST_LETTERS:]
    ]
    return [_heading(_("Messages")), _table(["", _("from and to"), _("message")], rows[::-1], [0])]


def is_open(state: SeatState, letter: Letter) -> bool:
    """Whether a message asks for this seat's answer: it came to it from another seat, which it has not written to since."""
    if not letter.sender or letter.sender == state.seat or letter.sender not in {each.id for each in state.welcome.seats}:
        return False
    return not any(each.sender == state.seat and letter.sender in each.to for each in state.letters[letter.number + 1 :])


def _bodies(state: SeatState, codes: Codes) -> list[Block]:
    blocks: list[Block] = []
    for body in state.welcome.bodies:
        rows = [_motion(state, card, codes) for card in body.motions]
        members = ", ".join(_("you") if seat == state.seat else name for seat, name, _weight in body.members)
        blocks += [_heading(body.name), _text(f"{body.rule_text} {_('Members: {names}.', names=members)}")]
        blocks.append(_table([_("code"), _("motion"), _("where it stands"), _("you")], rows, [0]))
    return blocks


def _motion(state: SeatState, card: MotionCard, codes: Codes) -> list[str]:
    tale, motion = story(state, card), state.motions.get(card.id)
    words, _role = outcome_words(tale.status)
    stands = [words]
    if motion is not None and tale.status == "tabled" and motion.tabled_on:
        stands.append(short_day(motion.tabled_on))
    if tale.status != "none":
        stands += [f"({plain(ladder(tale))})", *(f"“{step.say}”" for step in tale.steps if step.passed is False and step.say)]
        stands.append(waiting_words(state, tale))
    may = []
    if card.id in state.votes:
        may.append(own_vote(state, card).text)
    elif motion is not None and motion.can_vote:
        may.append(_("you can vote"))
    if motion is not None and motion.can_table:
        may.append(_("you can table it"))
    return [codes.motion(card.body, card.motion), card.title, " ".join(filter(None, stands)), "; ".join(may)]


def _aims(state: SeatState) -> list[Block]:
    scores = {score.objective: score.score for score in state.scores}
    rows: list[Any] = []
    for private, title in ((False, _("in public")), (True, _("in private"))):
        aims = [aim for aim in state.welcome.seat.objectives if aim.private is private]
        rows += [{"group": title}] if aims else []
        rows += [[aim.title, "" if scores.get(aim.id) is None else f"{scores[aim.id]:.0f}"] for aim in aims]
    return (
        [_heading(_("What you want, and how it stands of 100 as you can judge")), _table([_("aim"), _("points")], rows, [1])]
        if rows
        else []
    )


# --- reports ------------------------------------------------------------------------------------------------------------------------


def _reports(state: SeatState) -> list[Block]:
    rows: list[Any] = []
    for entity in entities(state):
        found = [item for key in place_keys(state, entity) if (item := known(state, key)) is not None]
        rows += [{"group": state.welcome.entity_name(entity)}] if found else []
        rows += [_figure(state, item) for item in found]
    if not rows:
        return []
    columns = [_("figure"), _("value"), _("change"), _("source, and how old")]
    return [_heading(_("Reports, as you know them")), {**_table(columns, rows, [1, 2]), "columns_on_sheet": 2}]


def _figure(state: SeatState, item: Known) -> list[str]:
    card = state.welcome.quantity(item.reading.key)
    value = value_words(state, item)
    value = class_name(value) if item.reading.key.endswith(".capacity") else value
    old = item.age is not None and item.age > 0
    age = f"{short_day(item.reading.as_of)} ({short_age(item.age)})" if old else age_words(item.age)
    if not item.disputed:
        source = source_words(item)
    else:
        source = "; ".join(
            f"{reading.measured_by} {reading_words(reading, card)}"
            for reading in state.by_source(item.reading.key)
            if (days_between(reading.as_of, item.reading.as_of) or 0) <= max(3, state.days)
        )
    return [card.name, value, plain(known_movement(item, card)), ", ".join(filter(None, (source, age)))]


# --- the menu and the slips -----------------------------------------------------------------------------------------------------------


def _menu(state: SeatState, codes: Codes) -> list[Block]:
    rows: list[Any] = []
    purpose = ""
    for number, card in numbered(state.welcome.menu):
        if card.purpose != purpose:
            purpose = card.purpose
            rows.append({"group": purpose_words(purpose)})
        rows.append(_offered(state, card, number, codes))
    if not rows:
        return []
    named = dict.fromkeys(target for card in state.welcome.menu for target, _name in card.targets)
    seats = ", ".join(f"{each.code} {each.name}" for each in codes.seats if each.id != state.seat)
    blocks = [
        _heading(_("Your orders")),
        {**_table([_("no."), _("order"), _("target"), _("amount"), _("cost"), _("what to know")], rows, [0, 2]), "under": True},
    ]
    if named:
        blocks.append(
            _text(_("Targets: {names}.", names=", ".join(f"{codes.place(each)} {state.welcome.entity_name(each)}" for each in named)))
        )
    return [*blocks, _text(_("Seats, for messages: {names}.", names=seats))]


def _offered(state: SeatState, card: OrderCard, number: str, codes: Codes) -> list[str]:
    """A line of the menu; an order that cannot be given now says why, and a target that cannot be chosen stands in brackets."""
    legal = {offer.target for offer in offers_of(state, card.order) if offer.legal}
    why = why_not(state, card.order)
    targets = [codes.place(each) if each in legal or why else f"({codes.place(each)})" for each, _name in card.targets]
    size = "" if card.amount is None else ": ".join(filter(None, (card.amount.what, range_words(card.amount))))
    cost = price_tag(state, card) if why or card.amount is None else _cost_range(state, card, min(legal))
    told = [_("not now: {why}", why=why) if why else "", card.expects, seen_by(state, card)]
    return [
        number,
        card.title,
        " ".join(targets),
        size,
        cost,
        " ".join(f"{each[:1].upper()}{each[1:].rstrip('.')}." for each in told if each),
    ]


def _cost_range(state: SeatState, card: OrderCard, target: str) -> str:
    assert card.amount is not None
    least, most = (price_words(state, Draft(card.order, target, each)) for each in (card.amount.low, card.amount.high))
    return least if least == most else _("{least} to {most}", least=least or "0", most=most)


def _field(label: str, width: int, value: str = "", lines: int = 1, boxes: Sequence[str] = ()) -> Block:
    return {"label": label, "width": width, "value": value, "lines": lines, "boxes": list(boxes)}


def _slips(state: SeatState, codes: Codes) -> list[Block]:
    """Order slips, as many as orders in a turn; a vote slip for each motion that can be voted on; one to table; messages."""
    slips = [
        _slip(
            state,
            _("Order {number} of {count}", number=number, count=state.welcome.allowance),
            [
                _field(_("no."), 3),
                _field(_("target"), 4),
                _field(_("amount"), 5),
                _field(_("conditions and remarks, for the facilitator"), 12, lines=2),
            ],
            codes,
        )
        for number in range(1, state.welcome.allowance + 1)
    ]
    for body in state.welcome.bodies:
        for card in body.motions:
            if votes_now(state, card):
                fields = [_field(_("motion"), 12, f"{codes.motion(body.id, card.motion)} — {card.title}")]
                fields += [_field(_("vote"), 12, lines=0, boxes=[_("yes"), _("no"), _("abstain")]), _field(_("why"), 12, lines=2)]
                slips.append(_slip(state, _("Vote"), fields, codes))
    if any(motion.can_table for motion in state.motions.values()):
        slips.append(_slip(state, _("Motion to table"), [_field(_("code of body and motion"), 12)], codes))
    message = [_field(_("to: codes of seats, or"), 12, boxes=[_("all"), _("the press"), _("facilitator")]), _field(_("text"), 12, lines=6)]
    slips += [{**_slip(state, _("Message"), message, codes), "wide": True}] * MESSAGE_SLIPS
    return [_heading(_("Slips to cut out")), *slips]


def votes_now(state: SeatState, card: MotionCard) -> bool:
    """Whether a motion on the table waits for this seat's vote, or may have it changed."""
    motion = state.motions.get(card.id)
    return motion is not None and motion.can_vote and (motion.status == "tabled" or card.id in state.tabled)


def _slip(state: SeatState, title: str, fields: Sequence[Block], codes: Codes) -> Block:
    seat = state.welcome.seat
    name = f"{codes.seat(seat.id)} — {seat.name}"
    signed = [_field(_("signed"), 8), _field(_("time"), 4)]
    return {"block": "slip", "title": title, "seat": name, "when": _("turn {turn}", turn=state.turn), "fields": [*fields, *signed]}


# --- the facilitator's sheet ----------------------------------------------------------------------------------------------------------


def facilitator_page(states: Mapping[str, SeatState], played: Mapping[str, str], injects: Sequence[Mapping[str, str]]) -> Page:
    """What to collect, the codes of all seats, the next injects. ``played`` says in words who moves a seat; ``injects`` have number, due,
    title, to (ids of seats), text and expected.
    """
    codes = codes_of(state.welcome for state in states.values())
    first = next(iter(states.values()))
    blocks = [
        _facilitator_facts(first),
        _heading(_("What to collect")),
        _table(
            [_("code"), _("seat"), _("moved by"), _("on record"), _("slips"), _("votes due"), _("done")],
            [_collected(state, codes, played.get(seat, "")) for seat, state in states.items()],
            [0, 4, 6],
        ),
        _heading(_("How to type a slip in")),
        _table([_("slip"), _("line"), _("for instance")], _ways(states, codes), [0]),
        _text(
            _(
                "Capitals do not matter. An id, or as much of a name as is clear, may stand for a code. A condition on a slip is for you: "
                "hold the slip back until it is met, or ask."
            )
        ),
        *_injects(injects, codes),
        {"block": "break"},
        *_all_codes(states, codes),
    ]
    return _page(first, _("Facilitator"), "", _("FACILITATOR ONLY"), blocks)


def _facilitator_facts(state: SeatState) -> Block:
    days = many("{count} day", "{count} days", state.days)
    minutes = many("{count} minute", "{count} minutes", state.minutes)
    facts = [
        [_("turn"), _("{turn} of {turns}", turn=state.turn, turns=len(state.welcome.calendar))],
        [_("day"), f"{long_day(state.date)} ({days})"],
        [_("phase"), phase_words(state)],
        [_("planned"), minutes],
    ]
    return {"block": "facts", "facts": facts}


def _collected(state: SeatState, codes: Codes, by: str) -> list[str]:
    orders = "; ".join(order_words(state, attrs.asdict(one)) for one in state.committed) or _("nothing")
    due = [codes.motion(card.body, card.motion) for body in state.welcome.bodies for card in body.motions if votes_now(state, card)]
    due = [f"{code} □" for code in due]
    done = "☒" if state.ready else "□"
    return [codes.seat(state.seat), state.welcome.seat.name, by, orders, "□ " * state.welcome.allowance, ", ".join(due), done]


def _ways(states: Mapping[str, SeatState], codes: Codes) -> list[list[str]]:
    """A line for each sort of slip, with codes of this exercise."""
    seat, menu = next((each for each in codes.menus.items() if each[1]), ("", ()))
    code, others = codes.seat(seat), [each.code for each in codes.seats if each.id != seat]
    ways = []
    if menu:
        number, card = next((each for each in menu if each[1].targets), menu[0])
        target = f" {codes.place(card.targets[0][0])}" if card.targets else ""
        amount = f" {card.amount.default:g}" if card.amount is not None else ""
        ways.append([_("order"), _("SEAT NUMBER [TARGET] [AMOUNT]"), f"{code} {number}{target}{amount}".lower()])
        ways.append([_("taking it back"), _("withdraw SEAT NUMBER [TARGET]"), f"withdraw {code} {number}{target}".lower()])
    body = next((body for state in states.values() for body in state.welcome.bodies if body.motions), None)
    if body is not None:
        motion = codes.motion(body.id, body.motions[0].motion)
        ways.append([_("motion"), _("table SEAT BODY MOTION"), f"table {code} {motion}".lower()])
        ways.append([_("vote"), _('vote SEAT BODY MOTION yes|no|abstain ["reason"]'), f"vote {code} {motion} no".lower()])
    to = ",".join(others[:2]).lower() or "all"
    ways.append([_("message"), _('say SEAT SEATS|all "text"'), f'say {code.lower()} {to} "{_("We agree.")}"'])
    ways.append([_("statement"), _('press SEAT "text"'), f'press {code.lower()} "{_("No comment.")}"'])
    ways.append([_("seat is done"), _("done SEAT"), f"done {code}".lower()])
    return ways


def _injects(injects: Sequence[Mapping[str, str]], codes: Codes) -> list[Block]:
    if not injects:
        return [_heading(_("Injects")), _text(_("None is left."))]
    rows = [[each["number"], each["due"], _inject(each), " ".join(codes.seat(seat) for seat in each["to"].split())] for each in injects]
    columns = [_("no."), _("due"), _("title, what players read, and what a trained player would do"), _("to")]
    return [_heading(_("Injects that may still come, the next ones first")), {**_table(columns, rows, [0]), "small": True}]


def _inject(told: Mapping[str, str]) -> str:
    title = told["title"] if told["title"].endswith(("?", "!", ".")) else f"{told['title']}."
    expected = _("Expected: {what}", what=told["expected"]) if told["expected"] else ""
    return " ".join(filter(None, (title, told["text"], expected)))


def _all_codes(states: Mapping[str, SeatState], codes: Codes) -> list[Block]:
    first = next(iter(states.values())).welcome
    blocks = [_heading(_("Codes"))]
    named = [
        each
        for each in codes.places
        if any(each.id == target for menu in codes.menus.values() for _n, card in menu for target, _t in card.targets)
    ]
    blocks.append(_text(_("Seats: {names}.", names=", ".join(f"{each.code} {each.name}" for each in codes.seats))))
    if named:
        blocks.append(_text(_("Targets: {names}.", names=", ".join(f"{each.code} {each.name}" for each in named))))
    for body in first.bodies:
        motions = ", ".join(f"{codes.motion(body.id, card.motion)} {card.title}" for card in body.motions)
        blocks.append(_text(f"{body.name}: {motions}."))
    rows: list[Any] = []
    for seat, menu in codes.menus.items():
        rows.append({"group": f"{codes.seat(seat)} {first.seat_name(seat)}"})
        for number, card in menu:
            size = "" if card.amount is None else range_words(card.amount)
            rows.append([number, card.title, " ".join(codes.place(each) for each, _name in card.targets), size])
    return [*blocks, {**_table([_("no."), _("order"), _("target"), _("amount")], rows, [0]), "columns_on_sheet": 2}]
