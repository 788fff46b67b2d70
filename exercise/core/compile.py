"""Content to program: lay out the numbers, lower every table, or say everything that is wrong at once.

Nothing here emits code; ``check`` stops after this. The program emits its functions when it is first run.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from exercise.core.bindings import Bound
from exercise.core.calendar import Calendar, calendar_of
from exercise.core.cuts import content_of_cut
from exercise.core.definitions import (
    NOWHERE,
    Amount,
    Content,
    Cut,
    DoctrineDefinition,
    DoctrineOrder,
    Effect,
    Expression,
    Fact,
    InjectDefinition,
    Objective,
    OrderDefinition,
    SeatDefinition,
)
from exercise.core.doctrines import chain_of
from exercise.core.layout import RULING_SLOTS, OrderInstance, ReportCopy, lay_out, motion_id, unit_of
from exercise.core.lowering import ORDINARY, Cause, Workshop, key_place, number_text
from exercise.core.machine import Machine
from exercise.core.names import truth_names, view_names
from exercise.core.outcomes import EVERYBODY, audience
from exercise.core.procedure import lower_bodies
from exercise.core.program import (
    ASSESSMENTS,
    CompiledDoctrine,
    CompiledFact,
    CompiledInject,
    CompiledLine,
    CompiledObjective,
    CompiledOrder,
    Program,
    ReportGroup,
)
from exercise.core.references import resolvable
from exercise.core.terms import lower_accepts, lower_clauses
from exercise.core.verdicts import Verdict, verdicts_of
from exercise.language import Names, Number, Value, did_you_mean, parse_unit
from exercise.language.problem import Problem

ORDER_COSTS, ORDERS, INJECTS = "orders.1.costs", "orders.2.effects", "injects"
Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value of parameters by id."""
NO_RANGES: Ranges = MappingProxyType({})


class CompileError(Exception):
    """Content that cannot become a program; ``problems`` says everything that is wrong with its expressions and references."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems in content: {problems[0]}" if problems else "content cannot be compiled")
        self.problems = problems


def compile_exercise(content: Content, cut: str = "") -> Program:
    """The program of one cut of a scenario. Raises ``CompileError`` with all the problems."""
    chosen = choose_cut(content, cut)
    program, problems = attempt_compile(content, chosen)
    if problems or program is None:
        raise CompileError(problems)
    return program


def choose_cut(content: Content, cut: str) -> Cut:
    """The cut of that id, or the default one. Raises ``CompileError`` naming the cuts there are."""
    wanted = cut or content.scenario.default_cut
    for candidate in content.cuts:
        if candidate.id == wanted:
            return candidate
    known = ", ".join(candidate.id for candidate in content.cuts)
    raise CompileError((Problem(content.scenario.place, "error", "unknown-cut", f"there is no cut {wanted}", f"cuts are {known}"),))


def attempt_compile(content: Content, cut: Cut, tuned: Ranges = NO_RANGES) -> tuple[Program | None, tuple[Problem, ...]]:
    """Compile as far as possible; the problems found, and the program when there are none.

    ``tuned`` parameters get a cell each (``layout.tuned``) that a run may set within the range given; the others are written into the code.
    """
    content, dangling = resolvable(content_of_cut(content, cut))
    calendar = calendar_of(cut)
    layout = lay_out(content, _order_instances(content), cut.start.toordinal())
    for parameter in content.parameters:
        if parameter.id in tuned:
            layout.tune(parameter, *tuned[parameter.id])
    truth = truth_names(content, layout)
    workshop = Workshop(layout, calendar, truth, list(dangling))
    views = {seat.id: view_names(content, layout, seat.id, truth) for seat in content.seats}
    compiler = _Compiler(content, calendar, workshop, views)
    program = compiler.program(cut)
    return (None if workshop.problems else program), tuple(workshop.problems)


def _order_instances(content: Content) -> tuple[OrderInstance, ...]:
    kinds: dict[str, list[str]] = {"seat": [seat.id for seat in content.seats], "body": [body.id for body in content.bodies]}
    for entity in content.entities:
        kinds.setdefault(entity.kind, []).append(entity.id)
    instances: list[OrderInstance] = []
    for order in content.orders:
        kind, _, variable = order.target.strip().partition(" ")
        targets: tuple[str | None, ...] = tuple(kinds.get(kind, ())) if kind else (None,)
        for seat in order.seats:
            own = order.id if len(order.seats) == 1 else f"{order.id}_{seat}"
            instances.append(OrderInstance(own, seat, order, kind or None, variable.strip(), targets))
    return tuple(instances)


@attrs.define(slots=True)
class _Compiler:
    """Lowers the tables of one content for one cut."""

    content: Content
    calendar: Calendar
    workshop: Workshop
    views: dict[str, Names]

    def program(self, cut: Cut) -> Program:
        """Everything lowered, in the fixed order on which causes and queries are numbered."""
        self._rules()
        verdicts = self._assessments()
        orders = tuple(self._order(instance) for instance in self.workshop.layout.orders)
        self._order_stages(orders)
        motions = lower_bodies(self.workshop, self.content.bodies)
        injects = self._injects()
        reports = self._reports()
        objectives = {seat.id: tuple(self._objective(seat, one) for one in seat.objectives) for seat in self.content.seats}
        needs = self._motion_needs()
        doctrines = self._doctrines()
        facts = tuple(self._fact(fact) for fact in self.content.facts if not fact.cut or cut.id in fact.cut)
        clauses = lower_clauses(self.workshop, self.content, self.views)
        accepts = lower_accepts(self.workshop, self.content, self.views)
        ruling_cells = self._ruling_slots()
        ruling_base = self.workshop.pending_size
        return Program(
            content=self.content,
            cut=cut,
            calendar=self.calendar,
            layout=self.workshop.layout,
            causes=tuple(self.workshop.causes),
            machine=Machine.of(self.workshop.stages, tuple(self.workshop.queries)),
            pending=tuple(self.workshop.pending),
            pending_size=ruling_base + RULING_SLOTS * len(self.calendar.steps),
            ruling_cells=ruling_cells,
            ruling_base=ruling_base,
            orders=orders,
            motions=motions,
            motion_needs=needs,
            injects=injects,
            reports=reports,
            objectives=objectives,
            doctrines=doctrines,
            clauses=clauses,
            accepts=accepts,
            facts=facts,
            verdicts=verdicts,
        )

    def _ruling_slots(self) -> tuple[int, ...]:
        """Cells that name what each lasting ruling will be taken back from; -1 while free."""
        first = self.workshop.layout.reserve(RULING_SLOTS, -1.0)
        return tuple(range(first, first + RULING_SLOTS))

    # --- rules ----------------------------------------------------------------------------------------------------------------

    def _rules(self) -> None:
        drafts: dict[str, list[object]] = {stage.id: [] for stage in self.content.stages}
        for rule in self.content.rules:
            owner = Expression(rule.for_, key_place(rule.place, "for"))
            cause = self.workshop.cause(Cause("rule", rule.id, rule.because, rule.claims, rule.source, quiet=rule.quiet))
            bound = self.workshop.bound(rule.for_, owner, rule.where)
            kernel = self.workshop.kernel(
                rule.id, bound, cause, rule.effects, let=rule.let, when=[rule.when] if rule.when else [], per=rule.per
            )
            if rule.stage not in drafts:
                at = Expression(rule.stage, key_place(rule.place, "stage"))
                self.workshop.problem(at, "unknown-stage", f"there is no stage {rule.stage}", did_you_mean(rule.stage, list(drafts)))
                continue
            drafts[rule.stage].append((kernel, cause))
        for stage in self.content.stages:
            self.workshop.stage(stage.id, drafts[stage.id])  # type: ignore[arg-type]

    def _assessments(self) -> dict[str, Verdict]:
        drafts = []
        for one in self.content.assessments:
            cause = self.workshop.cause(Cause("assessment", one.id, one.because, one.claims, one.source))
            bound = self.workshop.bound(one.for_, Expression(one.for_, key_place(one.place, "for")))
            effect = Effect(on=one.on, set=one.set, place=one.place)
            drafts.append((self.workshop.kernel(one.id, bound, cause, (effect,), let=one.let, features=frozenset({"past"})), cause))
        self.workshop.stage(ASSESSMENTS, drafts)
        return verdicts_of(self.workshop.stages[ASSESSMENTS].kernels)

    # --- orders ---------------------------------------------------------------------------------------------------------------

    def _order(self, instance: OrderInstance) -> CompiledOrder:
        order = instance.definition
        known_to = {"public": (), "target": (instance.seat, *order.shown_to)}.get(order.visibility, (instance.seat,))
        cause = self.workshop.cause(Cause("order", instance.entity, order.because, order.claims, order.source, known_to=known_to))
        bound, offered = self._order_bound(instance)
        size = self._size(order.amount)
        view = self.views[instance.seat]
        return CompiledOrder(
            instance=instance,
            bound=bound,
            targets=offered,
            cause=cause,
            needs=self.workshop.conditions(f"needs:{instance.entity}", bound, [need.when for need in order.needs], view, size),
            possible=self.workshop.conditions(f"possible:{instance.entity}", bound, [need.when for need in order.possible], None, size),
            costs=self._costs(order, instance, bound, size),
            rests=self._rests(instance, len(offered)),
        )

    def _rests(self, instance: OrderInstance, targets: int) -> tuple[int, ...]:
        """Cells of the days on which an order was last given to each target: ``last_given`` for all where only one rest is asked for.

        A rest of a day needs no cells of its own: the next turn is a day away at least. What a cut says was given before STARTEX, it says
        of no target, so that all of them rest.
        """
        layout, order = self.workshop.layout, instance.definition
        whole = layout.cell(instance.entity, "last_given")
        if order.cooldown_for == "seat" or order.cooldown_days <= 1 or targets <= 1:
            return (whole,) * targets
        first = layout.reserve(targets, layout.start[whole])
        return tuple(range(first, first + targets))

    def _order_bound(self, instance: OrderInstance) -> tuple[Bound, tuple[str | None, ...]]:
        order = instance.definition
        seat = Bound({"seat": (0, "seat")}, ((self.workshop.layout.places[instance.seat][1],),))
        bound = self.workshop.bound(order.target, Expression(order.target, key_place(order.place, "target")), order.where, seat)
        if instance.kind is None:
            return bound, (None,)
        ids = self.workshop.layout.entities.get(instance.kind, ())
        return bound, tuple(ids[row[1]] for row in bound.tuples)

    def _size(self, amount: Amount | None) -> dict[str, tuple[int, Number]]:
        if amount is None:
            return {"amount": (0, Number(parse_unit("number"), 1.0, 1.0, False))}
        return {"amount": (0, Number(parse_unit(amount.unit), amount.low, amount.high, False))}

    def _costs(self, order: OrderDefinition, instance: OrderInstance, bound: Bound, size: dict[str, tuple[int, Number]]) -> int | None:
        for cost in order.costs:
            if ("seat", cost.resource) not in self.workshop.layout.quantities:
                self.workshop.problem(cost.amount, "unknown-quantity", f"a seat has no resource {cost.resource}")
                return None

        def amounts(builder: object) -> list[Value | None]:
            return [
                self.workshop.attempt(
                    cost.amount,
                    lambda text, cost=cost: builder.amount(text, unit_of(self.workshop.layout.quantities["seat", cost.resource])),  # type: ignore[attr-defined,misc]
                )
                for cost in order.costs
            ]

        return self.workshop.query(f"costs:{instance.entity}", bound, amounts, names=self.views[instance.seat], arguments=size)

    def _order_stages(self, orders: tuple[CompiledOrder, ...]) -> None:
        costs, effects = [], []
        for order in orders:
            instance = order.instance
            definition = instance.definition
            gate = order.gate
            size = self._size(definition.amount)
            costs.append(
                (
                    self.workshop.kernel(instance.entity, order.bound, order.cause, _cost_effects(order), arguments=size, gate=gate),
                    order.cause,
                )
            )
            kernel = self.workshop.kernel(
                instance.entity,
                order.bound,
                order.cause,
                definition.effects,
                let=definition.let,
                when=[need.when for need in definition.possible],
                arguments=size,
                gate=gate,
            )
            effects.append((kernel, order.cause))
        self.workshop.stage(ORDER_COSTS, costs)
        self.workshop.stage(ORDERS, effects)

    # --- motions, injects, reports --------------------------------------------------------------------------------------------

    def _motion_needs(self) -> dict[tuple[str, str], int | None]:
        needs: dict[tuple[str, str], int | None] = {}
        places = self.workshop.layout.places
        for body in self.content.bodies:
            for motion in body.motions:
                entity = motion_id(body.id, motion.id)
                for seat in motion.may_table:
                    if seat not in places:
                        continue
                    row = (places[entity][1], places[body.id][1], places[seat][1])
                    bound = Bound({"motion": (0, "motion"), "body": (1, "body"), "seat": (2, "seat")}, (row,))
                    wanted = [need.when for need in motion.needs]
                    needs[entity, seat] = self.workshop.conditions(f"table:{entity}:{seat}", bound, wanted, self.views[seat])
        return needs

    def _injects(self) -> tuple[CompiledInject, ...]:
        drafts = []
        compiled: list[CompiledInject] = []
        for inject in self.content.injects:
            told = audience(inject.to)
            known_to = () if told == EVERYBODY else tuple(told)
            # An inject that nobody is told of is nobody's to name: without any seat in known_to it would be open to all.
            because, quiet = inject.because or inject.title, not told
            cause = self.workshop.cause(Cause("inject", inject.id, because, (), inject.source, quiet=quiet, known_to=known_to))
            gate = (self.workshop.layout.cell(inject.id, "due"),)
            no_size = self._size(None)
            effects = (*inject.effects, *_release_effects(inject))
            drafts.append((self.workshop.kernel(inject.id, ORDINARY, cause, effects, arguments=no_size, gate=gate), cause))
            condition = inject.when or inject.unless
            asked = self.workshop.conditions(f"inject:{inject.id}", ORDINARY, [condition]) if condition is not None else None
            compiled.append(CompiledInject(inject, cause, gate[0], asked))
        self.workshop.stage(INJECTS, drafts)
        return tuple(compiled)

    def _reports(self) -> tuple[ReportGroup, ...]:
        groups: dict[tuple[int, bool], list[ReportCopy]] = {}
        for copy in self.workshop.layout.reports:
            is_total = self.workshop.layout.quantities[copy.kind, copy.quantity].total
            groups.setdefault((copy.definition.delay_days, is_total), []).append(copy)
        made: list[ReportGroup] = []
        for (delay, totals), copies in sorted(groups.items()):
            name = f"reports.{delay:03d}{'.totals' if totals else ''}"
            drafts = [(self.workshop.report_kernel(copy), cause) for copy in copies for cause in [self._report_cause(copy)]]
            self.workshop.stage(name, drafts)
            sound = {kernel.id for kernel, _ in drafts if kernel is not None and not totals}
            made.append(ReportGroup(name, self.calendar.lag(float(delay)), tuple(copies), totals, self._errors(copies, sound)))
        return tuple(made)

    def _errors(self, copies: list[ReportCopy], sound: set[str]) -> dict[str, int]:
        """Queries of the errors of reports by the reports' ids; a report has one, however many seats get it."""
        errors: dict[str, int | None] = {}
        for copy in copies:
            if copy.id in sound and copy.definition.id not in errors:
                errors[copy.definition.id] = self.workshop.error_query(copy)
        return {report: query for report, query in errors.items() if query is not None}

    def _report_cause(self, copy: ReportCopy) -> int:
        report = copy.definition
        return self.workshop.cause(Cause("report", copy.id, f"measured by {report.measured_by}", (), report.source))

    # --- seats ----------------------------------------------------------------------------------------------------------------

    def _objective(self, seat: SeatDefinition, objective: Objective) -> CompiledObjective:
        bound = Bound({"seat": (0, "seat")}, ((self.workshop.layout.places[seat.id][1],),))
        points = parse_unit("points")
        before = len(self.workshop.problems)
        seen = self.workshop.query(
            f"objective:{seat.id}.{objective.id}",
            bound,
            lambda builder: [self.workshop.attempt(objective.score, lambda text: builder.amount(text, points))],
            names=self.views[seat.id],
        )
        if len(self.workshop.problems) > before:
            return CompiledObjective(objective, bound.tuples[0], None, None)
        true = self.workshop.query(
            f"truth:{seat.id}.{objective.id}",
            bound,
            lambda builder: [self.workshop.attempt(objective.score, lambda text: builder.amount(text, points))],
        )
        return CompiledObjective(objective, bound.tuples[0], seen, true)

    def _fact(self, fact: Fact) -> CompiledFact:
        unit = parse_unit(fact.unit)
        asked = self.workshop.query(
            f"fact:{fact.id}", ORDINARY, lambda builder: [self.workshop.attempt(fact.value, lambda text: builder.amount(text, unit))]
        )
        return CompiledFact(fact, asked)

    def _doctrines(self) -> dict[tuple[str, str], CompiledDoctrine]:
        by_key = {(doctrine.seat, doctrine.id): doctrine for doctrine in self.content.doctrines}
        return {key: self._doctrine(doctrine, by_key) for key, doctrine in by_key.items()}

    def _doctrine(self, doctrine: DoctrineDefinition, by_key: dict[tuple[str, str], DoctrineDefinition]) -> CompiledDoctrine:
        chain = chain_of(by_key, (doctrine.seat, doctrine.id))
        lines = tuple(
            compiled
            for link in chain
            for number, line in enumerate(link.orders)
            if (compiled := self._line(link, number, line)) is not None
        )
        view = self.views[doctrine.seat]
        bound = Bound({"seat": (0, "seat")}, ((self.workshop.layout.places[doctrine.seat][1],),))
        motions = tuple(
            (
                motion,
                self.workshop.conditions(
                    f"doctrine:{link.seat}.{link.id}.motion{number}", bound, [motion.when] if motion.when else [], view
                ),
            )
            for link in chain
            for number, motion in enumerate(link.motions)
        )
        votes = tuple(
            (vote, self.workshop.conditions(f"doctrine:{link.seat}.{link.id}.vote{number}", bound, [vote.when] if vote.when else [], view))
            for link in chain
            for number, vote in enumerate(link.votes)
        )
        return CompiledDoctrine(doctrine, bound.tuples[0], lines, motions, votes)

    def _line(self, doctrine: DoctrineDefinition, number: int, line: DoctrineOrder) -> CompiledLine | None:
        instance = next((i for i in self.workshop.layout.orders if i.seat == doctrine.seat and i.definition.id == line.order), None)
        owner = Expression(line.order, key_place(line.place, "order"))
        if instance is None:
            own = [i.definition.id for i in self.workshop.layout.orders if i.seat == doctrine.seat]
            hint = did_you_mean(line.order, own)
            self.workshop.problem(owner, "unknown-order", f"{doctrine.seat} has no order {line.order}", hint)
            return None
        seat = Bound({"seat": (0, "seat")}, ((self.workshop.layout.places[doctrine.seat][1],),))
        bound, targets = self._line_targets(line, instance, seat)
        order_unit = parse_unit(instance.definition.amount.unit if instance.definition.amount else "number")
        wanted = (
            (line.when or Expression("true", NOWHERE), lambda builder, text: builder.condition(text)),
            (line.score or Expression("50", NOWHERE), lambda builder, text: builder.amount(text, parse_unit("points"))),
            (line.amount or _default_size(instance), lambda builder, text: builder.amount(text, order_unit)),
        )
        asked = self.workshop.query(
            f"doctrine:{doctrine.seat}.{doctrine.id}.{number}",
            bound,
            lambda builder: [self.workshop.attempt(one, lambda text, lower=lower: lower(builder, text)) for one, lower in wanted],  # type: ignore[misc]
            names=self.views[doctrine.seat],
        )
        return CompiledLine(line, instance, bound.tuples, targets, asked)

    def _line_targets(self, line: DoctrineOrder, instance: OrderInstance, seat: Bound) -> tuple[Bound, tuple[str | None, ...]]:
        owner = Expression(line.target, key_place(line.place, "target" if line.target else "order"))
        if instance.kind is None:
            return seat, (None,)
        ids = self.workshop.layout.entities.get(instance.kind, ())
        nothing = Bound({**seat.variables, instance.variable: (1, instance.kind)}, ())
        if " " in line.target.strip():
            bound = self.workshop.bound(line.target, owner, None, seat)
            reached = [kind for position, kind in bound.variables.values() if position == 1]
            if reached and reached != [instance.kind]:
                message = f"{line.order} needs a {instance.kind} as its target, not a {reached[0]}"
                self.workshop.problem(owner, "unknown-target", message, f"write {instance.kind} and a name")
            if reached != [instance.kind]:
                return nothing, ()
            return bound, tuple(ids[row[1]] for row in bound.tuples)
        if line.target not in ids:
            message = f"{line.order} needs a {instance.kind} as its target, not '{line.target}'"
            self.workshop.problem(owner, "unknown-target", message, did_you_mean(line.target, ids))
            return nothing, ()
        row = (*seat.tuples[0], ids.index(line.target))
        return Bound({**seat.variables, instance.variable: (1, instance.kind)}, (row,)), (line.target,)


def _default_size(instance: OrderInstance) -> Expression:
    amount = instance.definition.amount
    return Expression(number_text(amount.default) if amount else "1", NOWHERE)


def _cost_effects(order: CompiledOrder) -> tuple[Effect, ...]:
    """What giving an order changes for its seat: its counters, and its prices unless they could not be read."""
    instance, own = order.instance, order.instance.entity
    counters = (
        Effect(on=Expression(f"{own}.times_given"), add=Expression("1")),
        Effect(on=Expression(f"{own}.last_given"), set=Expression("today()")),
        Effect(
            on=Expression(f"{own}.last_amount"),
            set=Expression("amount" if instance.definition.amount is None else f"amount / {_one(instance)}"),
        ),
    )
    prices = tuple(
        Effect(on=Expression(f"seat.{cost.resource}", cost.place), add=Expression(f"-({cost.amount.text})", cost.amount.place))
        for cost in instance.definition.costs
        if order.costs is not None
    )
    return (*counters, *prices)


def _one(instance: OrderInstance) -> str:
    amount = instance.definition.amount
    unit = amount.unit.replace(" ", "_") if amount else "number"
    return "1" if unit in ("points", "share", "number", "flag") else f"(1 {unit})"


def _release_effects(inject: InjectDefinition) -> tuple[Effect, ...]:
    return (
        Effect(on=Expression(f"{inject.id}.released"), set=Expression("1")),
        Effect(on=Expression(f"{inject.id}.released_on"), set=Expression("today()")),
    )
