"""The line mode's commands: what a line typed means, and what it prints. No terminal here: lines in, rows out.

Rows that can be acted on are printed with a number; ``why 3`` is about line 3 of the last list.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from exercise.presenter.bodies import body_card_rows, no_vote_words
from exercise.presenter.briefing import briefing_rows
from exercise.presenter.command_list import DECIDING, commands
from exercise.presenter.desk import Desk
from exercise.presenter.ending import ending_rows
from exercise.presenter.happenings import happening_rows
from exercise.presenter.history import history_rows
from exercise.presenter.mail import answer_to, mail_rows, recipients
from exercise.presenter.map_view import place_rows
from exercise.presenter.naming import Match, Named, match, plain_words
from exercise.presenter.orders import (
    Draft,
    begin,
    breadcrumbs,
    card_rows,
    menu_rows,
    needs_target,
    order_rows,
    read_amount,
    refusal,
    why_not,
)
from exercise.presenter.orders import target_rows as targets_of
from exercise.presenter.parley import TALKS, Parley, hear_answer, unquoted
from exercise.presenter.register import register_rows
from exercise.presenter.reports import ReportView, report_rows
from exercise.presenter.room_state import held_words, role_words, stop_words
from exercise.presenter.rows import Row, Rows, Run, Subject, note, wrap
from exercise.presenter.seat_state import SeatState
from exercise.presenter.status import duties, in_lines, status_line
from exercise.presenter.turn_end import next_phase, turn_end_rows
from exercise.presenter.waiting import LONGEST_NAME, waiting_rows
from exercise.presenter.why import why_rows
from exercise.presenter.words import _

VOTES = {"yes": "yes", "y": "yes", "no": "no", "n": "no", "abstain": "abstain", "a": "abstain"}


@attrs.define(slots=True)
class Lines:
    """A seat's line mode: ``listed`` are the subjects of the last list, by number from 1."""

    desk: Desk
    width: int = 80
    listed: tuple[Subject, ...] = ()
    asked_to_end: bool = False
    quit: bool = False
    parley: Parley = attrs.field(factory=Parley)

    @property
    def state(self) -> SeatState:
        """What the seat knows."""
        return self.desk.state

    def hear(self, line: str) -> Rows:
        """Do what a line says; the rows to print."""
        if self.parley.is_asking:
            return hear_answer(self, line)
        word, _space, rest = line.strip().partition(" ")
        if not word:
            return ()
        found = _match(word.lower())
        if found is None:
            return self._say(_("“{word}” is not a command; help lists them.", word=word))
        if self.state.room.only_watches and found in DECIDING:
            return self._say(role_words(self.state.room.role, "note"))
        was_asked, self.asked_to_end = self.asked_to_end, False
        if found == "done":
            return self._done(sure=was_asked)
        self.desk.did(found)
        return TALKS[found](self, rest.strip()) if found in TALKS else _ACTIONS[found](self, rest.strip())

    # --- lists ----------------------------------------------------------------------------------------------------------------

    def _say(self, text: str) -> Rows:
        return (note(text, self.width, role=""),)

    def listing(self, rows: Rows) -> Rows:
        """Rows with numbers in front of those that can be acted on."""
        subjects: list[Subject] = []
        shown: list[Row] = []
        for row in rows:
            if row.subject is None:
                shown.append(row)
                continue
            subjects.append(row.subject)
            head = Run(f"{len(subjects):>3} ", "key")
            lines = ((head, *row.lines[0]), *((Run("    "), *line) for line in row.lines[1:]))
            shown.append(Row(tuple(lines), row.subject))
        self.listed = tuple(subjects)
        return tuple(shown)

    def _subject(self, words: str) -> Subject | None:
        number = words.partition(" ")[0]
        if number.isdigit() and 0 < int(number) <= len(self.listed):
            return self.listed[int(number) - 1]
        return None

    @property
    def _room(self) -> int:
        return max(20, self.width - 4)

    def look(self, _rest: str = "") -> Rows:
        """Status, and what is to do."""
        todo = [Row(((Run(f"- {in_lines(self.state, duty)}"),),)) for duty in duties(self.state)]
        return (Row((status_line(self.state, self.width, now=self.desk.clock()),)), *todo)

    def help(self, _rest: str) -> Rows:
        """Every command."""
        return tuple(
            Row(wrap([Run(f"{each.word} {each.after}".strip(), "key"), Run(f": {each.help}")], self.width, indent=4)) for each in commands()
        )

    def brief(self, _rest: str) -> Rows:
        """The briefing."""
        return self.listing(briefing_rows(self.state, self._room))

    def what(self, _rest: str) -> Rows:
        """What happened."""
        return self.listing(happening_rows(self.state, self._room))

    def reports(self, rest: str) -> Rows:
        """Figures."""
        return self.listing(report_rows(self.state, self._room, ReportView(find=rest)))

    def map(self, _rest: str) -> Rows:
        """Places."""
        return self.listing(place_rows(self.state, self._room))

    def mail(self, _rest: str) -> Rows:
        """News and messages, which then count as read."""
        rows = self.listing(mail_rows(self.state, self._room, keys=False))
        self.desk.read()
        return rows

    def orders(self, _rest: str) -> Rows:
        """Committed orders and resources."""
        return self.listing(order_rows(self.state, self._room, keys=False))

    def menu(self, _rest: str) -> Rows:
        """The menu."""
        return self.listing(menu_rows(self.state, self._room))

    def bodies(self, _rest: str) -> Rows:
        """Bodies with their motions."""
        bodies = self.state.welcome.bodies
        return self.listing(tuple(row for body in bodies for row in body_card_rows(self.state, body, self._room, keys=False)))

    def end(self, _rest: str) -> Rows:
        """The end summary."""
        return self.listing(ending_rows(self.state, self._room, self.desk.replay))

    # --- about a line ---------------------------------------------------------------------------------------------------------

    def why(self, rest: str) -> Rows:
        """Causes of a line."""
        subject = self._subject(rest)
        if subject is None:
            return self._say(_("Give the number of a line of the last list, such as: why 3."))
        if subject.kind == "choice":
            return card_rows(self.state, begin(self.state, subject.id), self.width)
        return why_rows(self.state, subject, self.width)

    def history(self, rest: str) -> Rows:
        """History of a figure."""
        subject = self._subject(rest)
        if subject is None or subject.kind != "figure":
            return self._say(_("Give the number of a figure of the last list, such as: history 3."))
        return history_rows(self.state, subject.id, self.width)

    def register(self, _rest: str) -> Rows:
        """The register of risks."""
        return self.listing(register_rows(self.state, self._room))

    # --- acts -----------------------------------------------------------------------------------------------------------------

    def order(self, rest: str) -> Rows:
        """Commit an order."""
        draft = self._composed(rest)
        if not isinstance(draft, Draft):
            return draft
        why = refusal(self.state, draft)
        if why:
            return self._say(_("Not possible: {why}", why=why))
        words = self._given_words()
        self.desk.give(draft)
        return self._say(f"{words} {breadcrumbs(self.state, draft)}")

    def _given_words(self) -> str:
        """What becomes of an order that is given now."""
        if self.state.may("order") or not self.state.room.is_hosted:
            return _("Sent:")
        return _("Suggested:") if self.state.room.role == "member" else _("Kept, not sent yet (orders are taken in a later phase):")

    def send(self, _rest: str) -> Rows:
        """Commit what was kept."""
        if not self.state.drafts:
            return self._say(_("Nothing is kept."))
        if not self.state.may("order"):
            return self._say(_("Orders are not taken now; they are kept."))
        self.desk.send_drafts()
        return self._say(_("Sent."))

    def who(self, _rest: str) -> Rows:
        """The room."""
        if not self.state.room.is_hosted:
            return self._say(_("You play alone at this terminal."))
        return waiting_rows(self.state, self.width, now=self.desk.clock())

    def name(self, rest: str) -> Rows:
        """What the others call you."""
        if not self.state.room.is_hosted:
            return self._say(_("You play alone at this terminal."))
        if not rest or len(rest) > LONGEST_NAME:
            return self._say(_("Give a name of at most {count} characters, such as: name Aida.", count=LONGEST_NAME))
        self.desk.call(rest)
        return self._say(_("The others call you {name}.", name=rest))

    def pause(self, rest: str) -> Rows:
        """Stop for everybody."""
        if self.state.room.status != "running":
            return self._say(stop_words(self.state.room) or _("Nothing runs that could be paused."))
        self.desk.pause(rest)
        return self._say(_("Pause asked for."))

    def take_note(self, rest: str) -> Rows:
        """An evaluator's note."""
        if not self.state.room.may_note:
            return self._say(_("Evaluators of a hosted exercise take notes."))
        if not rest:
            return self._say(_("There is nothing in it."))
        self.desk.note(rest)
        return self._say(_("Noted."))

    def take(self, rest: str) -> Rows:
        """Take up a suggestion."""
        subject = self._subject(rest)
        if subject is None or subject.kind != "suggestion":
            return self._say(_("Give the number of a suggestion from the list that orders prints."))
        self.desk.take_up(int(subject.id))
        return self._say(_("Taken up."))

    def _composed(self, rest: str) -> Draft | Rows:
        """The order that words say in full, or what to answer."""
        meant = self._order_meant(rest)
        if meant.clear is None:
            return self._which(meant, _("There is no such order; menu lists them."))
        draft, words = begin(self.state, meant.clear.id), meant.rest
        if needs_target(self.state, draft) and words:
            target = match(words, self._targets(draft))
            if target.clear is None:
                return self._which(target, _("“{words}” is no target of it.", words=" ".join(words)))
            draft, words = begin(self.state, draft.order, target.clear.id), target.rest
        if needs_target(self.state, draft):
            return self._targets_to_say(draft)
        if words and draft.amount is not None:
            draft, wrong = read_amount(self.state, draft, words[0])
            if wrong:
                return self._say(wrong)
            words = words[1:]
        if words:
            return self._say(_("“{words}” is too much; nothing was sent.", words=" ".join(words)))
        return draft

    def _targets_to_say(self, draft: Draft) -> Rows:
        """What can be said after the order; where it can be given to nothing, why."""
        nowhere = why_not(self.state, draft.order)
        if nowhere:
            return self._say(_("Not possible: {why}", why=nowhere))
        return (*self._say(_("Say which target:")), *(Row(row.lines) for row in targets_of(self.state, draft, self._room)))

    def _order_meant(self, rest: str) -> Match:
        """The order that words name: a number of the last list or else of the menu, or a name or its beginning."""
        words = rest.split()
        if words and words[0].isdigit():
            subject = self._subject(rest)
            if subject is None or subject.kind != "choice" or self.state.welcome.order(subject.id) is None:
                menu = [row.subject for row in menu_rows(self.state, self._room) if row.subject is not None]
                subject = menu[int(words[0]) - 1] if 0 < int(words[0]) <= len(menu) else None
            card = self.state.welcome.order(subject.id) if subject is not None else None
            return Match((Named(card.order, card.title),) if card is not None else (), tuple(words[1:]))
        return match(words, [Named(card.order, card.title) for card in self.state.welcome.menu])

    def _targets(self, draft: Draft) -> list[Named]:
        offered = [offer.target for offer in self.state.offers if offer.order == draft.order and offer.target]
        return [Named(target, self.state.welcome.entity_name(target)) for target in offered]

    def _which(self, meant: Match, nothing: str) -> Rows:
        """Say that nothing is meant, or what could be."""
        if not meant.found:
            return self._say(nothing)
        return self._say(_("Which one? {names}", names="; ".join(each.name for each in meant.found)))

    def withdraw(self, rest: str) -> Rows:
        """Take back an order."""
        subject = self._subject(rest)
        if subject is not None and subject.kind == "suggestion":
            self.desk.dismiss(int(subject.id))
            return self._say(_("Dismissed."))
        if subject is None or subject.kind not in ("order", "draft"):
            return self._say(_("Give the number of an order from the list that orders prints."))
        order, _bar, target = subject.id.partition("|")
        if subject.kind == "draft":
            self.desk.forget(order, target)
            return self._say(_("Dropped."))
        self.desk.withdraw(order, target)
        return self._say(_("Withdrawal sent."))

    def table(self, rest: str) -> Rows:
        """Table a motion."""
        meant = self._motion(rest)
        if meant.clear is None:
            return self._which(meant, _("Give the number of a motion from the list that bodies prints, or a body and a motion."))
        if meant.rest:
            return self._say(_("“{words}” is too much; nothing was sent.", words=" ".join(meant.rest)))
        state = self.state.motions.get(meant.clear.id)
        if state is None or not state.can_table:
            return self._say(state.why if state is not None and state.why else _("You cannot table it now."))
        self.desk.table(state.body, state.motion)
        return self._say(_("Sent: you table “{motion}”.", motion=meant.clear.name))

    def vote(self, rest: str) -> Rows:
        """Vote on a motion."""
        meant = self._motion(rest)
        vote = VOTES.get(meant.rest[0].lower()) if meant.rest else None
        if meant.clear is None and meant.found:
            return self._which(meant, "")
        if meant.clear is None or vote is None:
            return self._say(_("Give the number of a motion and yes, no or abstain, such as: vote 2 no."))
        state = self.state.motions.get(meant.clear.id)
        if state is None or not state.can_vote:
            return self._say(no_vote_words(state))
        self.desk.vote(state.body, state.motion, vote, " ".join(meant.rest[1:]))
        return self._say(_("Vote sent."))

    def _motion(self, rest: str) -> Match:
        """The motion that words name: a number of the last list, or a body and a motion, or a motion alone."""
        words = rest.split()
        subject = self._subject(rest)
        bodies = self.state.welcome.bodies
        every = [Named(card.id, card.title, (card.motion,)) for body in bodies for card in body.motions]
        if subject is not None and subject.kind == "motion":
            return Match(tuple(each for each in every if each.id == subject.id), tuple(words[1:]))
        named = match(words, [Named(body.id, body.name, (body.short,)) for body in bodies])
        if named.clear is not None and named.rest:
            body = named.clear.id
            meant = match(named.rest, [each for each in every if each.id.startswith(f"{body}.")])
            if meant.found:
                return meant
        return match(words, every)

    def write(self, rest: str) -> Rows:
        """Send a message."""
        word, _space, text = rest.partition(" ")
        names = {plain_words(seat): seat for seat, _name in recipients(self.state)}
        names |= {plain_words(name): seat for seat, name in recipients(self.state)}
        names |= {plain_words(self.state.welcome.seat_short(seat)): seat for seat, _name in recipients(self.state)}
        seat = names.get(plain_words(word))
        if seat is None:
            known = ", ".join(seat for seat, _name in recipients(self.state))
            return self._say(_("Write to one of: {seats}", seats=known))
        if not unquoted(text):
            return self._say(_("There is nothing to send yet."))
        self.desk.write((seat,), unquoted(text))
        return self._say(_("Message sent."))

    def reply(self, rest: str) -> Rows:
        """Answer a message."""
        subject = self._subject(rest)
        _number, _space, text = rest.partition(" ")
        text = unquoted(text)
        if subject is None or subject.kind != "message" or not text:
            return self._say(_("Give the number of a message from the list that mail prints, and your answer."))
        self.desk.write(answer_to(self.state, self.state.letters[int(subject.id)]), text)
        return self._say(_("Message sent."))

    def _done(self, *, sure: bool) -> Rows:
        if not self.state.may("ready") or self.state.ready:
            held = held_words() if self.state.is_held else ""
            return self._say(stop_words(self.state.room) or held or _("No turn is open for you."))
        if self.state.room.is_hosted and not self.state.may("order"):
            self.desk.end_turn()
            return self._say(_("You are ready. Back takes it back."))
        if not sure:
            self.asked_to_end = True
            ask = _("Type done again if you are.") if next_phase(self.state) else _("Type done again to end your turn.")
            return (*turn_end_rows(self.state, self.width, "back"), *self._say(ask))
        self.desk.end_turn()
        return self._say(_("You are done with this phase.") if next_phase(self.state) else _("Your turn is done."))

    def back(self, _rest: str) -> Rows:
        """Take the end of the turn back."""
        if not self.state.ready:
            return self._say(_("Your turn is not ended."))
        self.desk.take_back()
        return self._say(_("Taken back."))

    def leave(self, _rest: str) -> Rows:
        """Leave."""
        self.quit = True
        return ()


_ACTIONS: dict[str, Callable[[Lines, str], Rows]] = {
    "look": Lines.look,
    "help": Lines.help,
    "brief": Lines.brief,
    "what": Lines.what,
    "reports": Lines.reports,
    "map": Lines.map,
    "mail": Lines.mail,
    "orders": Lines.orders,
    "menu": Lines.menu,
    "order": Lines.order,
    "withdraw": Lines.withdraw,
    "bodies": Lines.bodies,
    "table": Lines.table,
    "vote": Lines.vote,
    "why": Lines.why,
    "history": Lines.history,
    "register": Lines.register,
    "write": Lines.write,
    "reply": Lines.reply,
    "back": Lines.back,
    "send": Lines.send,
    "who": Lines.who,
    "name": Lines.name,
    "pause": Lines.pause,
    "note": Lines.take_note,
    "take": Lines.take,
    "end": Lines.end,
    "quit": Lines.leave,
}
_OTHER_WORDS = {"?": "help", "exit": "quit", "news": "mail", "messages": "mail", "add": "order", "ready": "done"}


def _match(word: str) -> str | None:
    """The command that a word stands for: itself, another word for it, or the only one that begins with it."""
    words = [*_ACTIONS, *TALKS, "done"]
    if word in words:
        return word
    if word in _OTHER_WORDS:
        return _OTHER_WORDS[word]
    begun = [each for each in words if each.startswith(word)]
    return begun[0] if len(begun) == 1 else None
