"""Frames of a small exercise in Osh, June 2010, as the seat of Uzbekistan receives them: for tests of presenters and screens.

Figures are in the range of what was reported at the time; names of quantities, orders and bodies are the shipped scenario's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Frame = dict[str, Any]

MAP_ROWS = """
kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
kkkkkkkkkkkkkkkkkkkkkkkkkkkCCCCkkkkkkkkkkkkkkkkkkkkkkkkkkkcc
kkkkkkkkkkkkkkkkkkkkkkkkCCCCCbbCkkkCCCCCCCNNNNNNNkkkkkkkkccc
kkkkkkkkkkkTTTTTTTTTkkkCCCCCCCCCCCCNNNNNNNNNNNNNNNNNkkkkccc
kkkkkkkkkkkTTTTTTTTTTTTTCCCCCNNNNNNNNNNNNNNNNNNNNNNNNNNNkcc
kkkkkkkkkkuuJJJJJJJJTJJCCCCCNNNNNNNNNNNNNNNNNNNNNNNNNNNNNccc
kkkkkkkuuJJJJJJJJJJJJJJJJJNNNNNNNNNNNNNNNNNNNNNNNNNNNNcccccc
kkkkuuuuJJJJJJJJJJJJJJJJJJJJJJNNNNNNNNNNNNNNNNNNNNNNcccccccccc
kkuuuuuuuuuJJJJJJJJJJJJJJJJJNNNNNNNNNNNNNNNNNNNccccccccccccc
uuuuuuuuuuuuuuuuuJJJJJJOOOJNNNNNNNNNNNNNNNNNcccccccccccccccc
uuutuuutttuuuuuAAAAAAAOOOOOONNNNNNNNNNNNNcccccccccccccccccc
uuuttttttuuuuuuuuAAooOOOOOOOOONNNccNNNNccccccccccccccccccccc
uuuttttttuuBBBuuBOOOOOOOOOOOOccccccccccccccccccccccccccccccc
utttBBBBBBBBBBBBBBOOOOOOOOcccccccccccccccccccccccccccccccccc
tttBBBBBBBBBBBBBBBBOOOOOOOcccccccccccccccccccccccccccccccccc
ttttttttttBBttOOOOOOOOOOOOcccccccccccccccccccccccccccccccccc
tttttttttttttttttttttttttccccccccccccccccccccccccccccccccccc
tttttttttttttttttttttttttccccccccccccccccccccccccccccccccccc""".strip("\n").split("\n")

LEGEND = {
    "b": "bishkek",
    "C": "chui",
    "T": "talas",
    "N": "naryn_issyk_kul",
    "J": "jalal_abad",
    "o": "osh_city",
    "O": "osh",
    "B": "batken",
    "A": "andijan",
    "u": "uzbekistan_state",
    "k": "kazakhstan_state",
    "t": "tajikistan_state",
    "c": "china_state",
}

PLACES = [
    ("bishkek", 25, 2, "Bishkek"),
    ("chui", 36, 2, "Chui"),
    ("talas", 14, 3, "Talas"),
    ("naryn_issyk_kul", 33, 6, "Naryn, Issyk-Kul"),
    ("jalal_abad", 14, 7, "Jalal-Abad"),
    ("osh_city", 19, 11, "OSH CITY"),
    ("osh", 21, 13, "Osh"),
    ("batken", 7, 13, "Batken"),
    ("andijan", 15, 10, "Andijan"),
    ("kazakhstan_state", 40, 0, "KAZAKHSTAN"),
    ("uzbekistan_state", 1, 8, "UZBEKISTAN"),
    ("tajikistan_state", 6, 16, "TAJIKISTAN"),
    ("china_state", 42, 13, "CHINA"),
]

NAMES = {
    "osh_city": "Osh city",
    "osh": "Osh region",
    "jalal_abad": "Jalal-Abad",
    "batken": "Batken",
    "talas": "Talas",
    "chui": "Chui",
    "bishkek": "Bishkek",
    "naryn_issyk_kul": "Naryn and Issyk-Kul",
    "andijan": "Andijan",
}
COUNTRIES = {
    "kyrgyzstan": "Kyrgyzstan",
    "uzbekistan_state": "Uzbekistan (state)",
    "kazakhstan_state": "Kazakhstan (state)",
    "tajikistan_state": "Tajikistan",
    "china_state": "China (state)",
}
SEATS = [
    ("kyrgyz_government", "Kyrgyz interim government", "Bishkek", True),
    ("southern_authorities", "Southern authorities", "South", True),
    ("security_agencies", "Security agencies", "Agencies", True),
    ("uzbek_community", "Uzbek community", "Community", True),
    ("uzbekistan", "Uzbekistan", "Tashkent", True),
    ("kazakhstan", "Kazakhstan", "Astana", True),
    ("russia", "Russia", "Moscow", True),
    ("united_states", "United States", "Washington", True),
    ("european_union", "European Union", "Brussels", True),
    ("china", "China", "Beijing", True),
    ("csto_secretariat", "CSTO secretariat", "CSTO sec.", True),
    ("osce_institutions", "OSCE institutions", "OSCE inst.", True),
    ("belarus", "Belarus", "Minsk", False),
]

QUANTITIES: dict[str, tuple[str, str, float, float, str, str]] = {
    "region.capability": ("Capability", "points", 0, 100, "institutions, people, money and technical means relative to the task", "high"),
    "region.willingness": ("Willingness", "points", 0, 100, "drive to make policy and to use the means well", "high"),
    "region.ethnic_tension": ("Ethnic tension", "points", 0, 100, "how far people of different groups fear and blame each other", "low"),
    "region.unrest": ("Unrest", "points", 0, 100, "crowds in the street", "low"),
    "region.violence": ("Violence", "points", 0, 100, "intensity of attacks on people and houses", "low"),
    "region.order_forces": ("Reliable forces", "points", 0, 100, "weight of reliable forces relative to need", "high"),
    "region.deaths": ("Dead", "people", 0, 1e10, "people killed, counted from the start", "low"),
    "region.displaced": ("Displaced inside", "people", 0, 1e10, "people now displaced inside the country", "low"),
    "region.border_crossed": ("Crossed to Uzbekistan", "people", 0, 1e10, "people who crossed the border, counted from the start", "low"),
    "country.border_open": ("Border open", "points", 0, 100, "how open its border is to people who flee", "neither"),
    "country.refugees_hosted": ("Refugees hosted", "people", 0, 1e10, "people who fled and are on its soil now", "low"),
    "seat.funds": ("Funds", "million dollars", -1e7, 1e7, "money at hand", "high"),
    "seat.standing": ("Standing", "points", 0, 100, "political capital that orders and motions spend", "high"),
    "seat.reserve": ("Reserve", "points", 0, 100, "forces and staff at hand", "high"),
    "seat.image": ("Image abroad", "points", 0, 100, "reputation abroad", "high"),
    "seat.home_risk": ("Risk at home", "points", 0, 100, "risk to the seat's own position at home", "low"),
}
CLASSES = ["failed", "degraded", "captured", "hegemonic"]


def quantities() -> Frame:
    """The welcome frame's quantities."""
    described: Frame = {
        key: {"name": name, "unit": unit, "low": low, "high": high, "meaning": meaning, "better": better, "values": []}
        for key, (name, unit, low, high, meaning, better) in QUANTITIES.items()
    }
    described["region.capacity"] = {
        "name": "State capacity",
        "unit": "points",
        "low": 0,
        "high": 3,
        "meaning": "class read from capability and willingness",
        "better": "high",
        "values": CLASSES,
    }
    return described


def order(order_id: str, title: str, purpose: str, text: str, expects: str, visibility: str, **more: Any) -> Frame:
    """A card of the menu."""
    return {
        "order": order_id,
        "title": title,
        "purpose": purpose,
        "text": text,
        "expects": expects,
        "visibility": visibility,
        "shown_to": [],
        "cooldown_days": 0,
        "target_kind": "",
        "targets": [],
        "amount": None,
        "costs": [],
        **more,
    }


def menu() -> list[Frame]:
    """What Uzbekistan can do."""
    money = {"resource": "funds", "name": "Funds", "unit": "million dollars", "text": "amount"}
    standing = {"resource": "standing", "name": "Standing", "unit": "points", "text": "4"}
    regions = [{"id": key, "name": NAMES[key]} for key in ("osh_city", "osh", "jalal_abad")]
    return [
        order(
            "open_border",
            "Open the border to those who flee",
            "relief",
            "Crossings open, narrow or wide. At 60 points women, children and the wounded pass; at 100 everybody. Lives are saved and the "
            "world thanks you. The valley on your side fills up.",
            "People cross to safety; more strain and fear at home",
            "public",
            cooldown_days=1,
            costs=[standing],
            amount={"unit": "points", "low": 20, "high": 100, "default": 60, "step": 10, "what": "how far the crossings open"},
        ),
        order(
            "build_camps",
            "Build camps",
            "relief",
            "Tents, water and kitchens on your side for people who crossed.",
            "Fewer people without a roof",
            "public",
            costs=[money],
            amount={"unit": "million dollars", "low": 1, "high": 10, "default": 2, "step": 0.5, "what": "money for camps"},
        ),
        order(
            "send_relief",
            "Send relief across the border",
            "relief",
            "Trucks with food and medicine to a region.",
            "People are fed; your name is known there",
            "public",
            costs=[money],
            target_kind="region",
            targets=regions,
            amount={"unit": "million dollars", "low": 1, "high": 20, "default": 5, "step": 1, "what": "relief sent"},
        ),
        order(
            "warn_moscow",
            "Warn Moscow against troops in the valley",
            "diplomacy",
            "A word before the CSTO decides is worth more than a vote after it.",
            "Moscow hesitates; it may offer promises",
            "target",
            shown_to=["russia", "csto_secretariat"],
            costs=[standing],
        ),
        order(
            "quiet_valley",
            "Keep your own valley quiet",
            "security",
            "Talks with elders and more police in Andijan and Namangan. Nobody is told.",
            "Less risk at home; some abuse",
            "covert",
            costs=[{**standing, "resource": "reserve", "name": "Reserve", "text": "10"}],
        ),
        order(
            "close_border",
            "Close the border",
            "security",
            "Crossings shut. Whoever stands before them stays there.",
            "Less strain at home; bad pictures",
            "public",
            cooldown_days=2,
            costs=[standing],
        ),
    ]


def bodies() -> list[Frame]:
    """CSTO, SCO and OSCE."""
    names = {seat: name for seat, name, _short, _playable in SEATS}

    def members(*seats: str) -> list[Frame]:
        return [{"seat": seat, "name": names.get(seat, seat), "weight": 1.0} for seat in seats]

    return [
        {
            "id": "csto",
            "name": "Collective Security Treaty Organization",
            "short": "CSTO",
            "rule_text": "Presidents decide by agreement of all, at the formal request of the member concerned; the treaty speaks of "
            "attack from outside.",
            "members": members("russia", "kazakhstan", "uzbekistan", "kyrgyz_government", "belarus"),
            "motions": [
                {
                    "motion": "deploy_peacekeepers",
                    "title": "Send peacekeepers to the south",
                    "may_table": False,
                    "size": 1500,
                    "size_unit": "people",
                    "text": "A collective force of the rapid-reaction brigades keeps the parties apart in Osh and Jalal-Abad.",
                    "tests": [
                        {"stage": "request", "say": "no formal request of the member concerned"},
                        {"stage": "mandate", "say": "reads only attack from outside or power seized from outside"},
                        {"stage": "means", "say": "helicopters, transport and fuel are lacking"},
                    ],
                },
                {
                    "motion": "aid_package",
                    "title": "Vehicles, helicopters and fuel",
                    "may_table": False,
                    "size": 0,
                    "size_unit": "",
                    "text": "Equipment and advisers for the Kyrgyz forces.",
                    "tests": [{"stage": "request", "say": "nobody asked for it"}],
                },
            ],
        },
        {
            "id": "sco",
            "name": "Shanghai Cooperation Organization",
            "short": "SCO",
            "rule_text": "Heads of state agree, slowly; what one of them does not want never reaches the table.",
            "members": members("china", "russia", "kazakhstan", "uzbekistan", "kyrgyz_government"),
            "motions": [
                {
                    "motion": "statement",
                    "title": "A statement on the events",
                    "may_table": True,
                    "size": 0,
                    "size_unit": "",
                    "text": "Concern, sovereignty, non-interference.",
                    "tests": [{"stage": "agenda", "say": "a member keeps it off the agenda"}],
                },
            ],
        },
        {
            "id": "osce_pc",
            "name": "OSCE Permanent Council",
            "short": "OSCE",
            "rule_text": "All fifty-six agree, or nothing is decided.",
            "members": members("russia", "united_states", "european_union", "uzbekistan", "kyrgyz_government", "kazakhstan"),
            "motions": [
                {
                    "motion": "police_group",
                    "title": "Police advisers to Osh and Jalal-Abad",
                    "may_table": False,
                    "size": 52,
                    "size_unit": "people",
                    "text": "Fifty-two unarmed advisers for four months.",
                    "tests": [
                        {"stage": "host_consent", "say": "the host does not agree"},
                        {"stage": "local_consent", "say": "the street is against it"},
                    ],
                },
            ],
        },
    ]


def welcome(**more: Any) -> Frame:
    """The first frame."""
    entities: Frame = {key: {"name": name, "kind": "region", "about": ""} for key, name in NAMES.items()}
    entities |= {key: {"name": name, "kind": "country", "about": ""} for key, name in COUNTRIES.items()}
    entities |= {seat: {"name": name, "kind": "seat", "about": ""} for seat, name, _short, _playable in SEATS}
    entities["osh_city"]["about"] = "The largest city of the south, 258,000 people, about half of them Uzbeks."
    calendar = [{"turn": turn, "start": f"2010-06-{9 + turn:02d}", "days": 1, "minutes": 6} for turn in range(1, 10)]
    return {
        "frame": "welcome",
        "scenario": {
            "id": "osh-2010",
            "title": "Osh 2010",
            "summary": "A fight in the southern city of Osh becomes mass violence.",
            "content_note": "This exercise is about real events in which several hundred people were killed.",
        },
        "cut": {"id": "june-days", "title": "June days", "minutes": 90},
        "calendar": calendar,
        "allowance": 3,
        "seat": {
            "id": "uzbekistan",
            "name": "Uzbekistan",
            "short": "Tashkent",
            "briefing": "It is Thursday 10 June 2010. You are the government of Uzbekistan.\n\nAcross the border in Kyrgyzstan an interim "
            "government of street politicians has ruled since April. You want them quiet.",
            "public_aims": ["Shelter for women, children and the wounded", "Peace in the valley"],
            "private_interests": ["No foreign troops in the valley", "Refugees who go home soon"],
            "red_lines": ["A foreign force in the Ferghana valley without your say"],
            "objectives": [
                {"id": "shelter", "title": "Shelter those who must flee", "weight": 1.0, "private": False},
                {"id": "calm", "title": "A calm valley", "weight": 2.0, "private": False},
                {"id": "no_force", "title": "No foreign troops near the valley", "weight": 2.0, "private": True},
            ],
        },
        "seats": [{"id": seat, "name": name, "short": short, "playable": playable} for seat, name, short, playable in SEATS],
        "resources": [
            {"quantity": key.partition(".")[2], "name": name, "unit": unit, "meaning": meaning}
            for key, (name, unit, _low, _high, meaning, _better) in QUANTITIES.items()
            if key.startswith("seat.")
        ],
        "menu": menu(),
        "bodies": bodies(),
        "map": {
            "rows": MAP_ROWS,
            "legend": LEGEND,
            "places": [{"entity": entity, "column": column, "row": row, "label": label} for entity, column, row, label in PLACES],
        },
        "entities": entities,
        "quantities": quantities(),
        "sources": {
            "w24": {"title": "Uzbekistan closes border to refugees", "author": "BBC News", "year": 2010, "url": ""},
            "watts-2015": {
                "title": "Identifying and Mitigating Risks in Security Sector Assistance",
                "author": "Watts",
                "year": 2015,
                "url": "",
            },
        },
        **more,
    }


def report(entity: str, quantity: str, value: float, previous: float | None, as_of: str, by: str, *causes: Frame, **more: Any) -> Frame:
    """A report's outcome."""
    name = f"{by}:{quantity}".replace(" ", "_")
    kind = "country" if entity in COUNTRIES else "region"
    return {
        "kind": "report",
        "cause": name,
        "report": name,
        "entity": entity,
        "quantity": f"{kind}.{quantity}",
        "value": value,
        "previous": previous,
        "as_of": as_of,
        "measured_by": by,
        "causes": list(causes),
        **more,
    }


def cause(share: int, because: str, rule: str, *, claims: tuple[str, ...] = (), sources: tuple[str, ...] = ()) -> Frame:
    """A cause of a report."""
    return {"kind": "rule", "id": rule, "because": because, "claims": list(claims), "sources": list(sources), "share": share}


def news(headline: str, text: str, source: str) -> Frame:
    """An inject's outcome."""
    return {"kind": "news", "cause": "inject", "headline": headline, "text": text, "source": source, "method": "television", "number": 1}


def first_reports() -> list[Frame]:
    """What is known at STARTEX."""
    day = "2010-06-10"
    found = []
    classes = {
        "osh_city": 1,
        "osh": 1,
        "jalal_abad": 1,
        "batken": 1,
        "bishkek": 2,
        "chui": 1,
        "talas": 1,
        "naryn_issyk_kul": 1,
        "andijan": 3,
    }
    for entity, value in classes.items():
        found.append(report(entity, "capacity", value, None, day, "embassy"))
    for entity, tension, unrest in (("osh_city", 67, 42), ("osh", 58, 24), ("jalal_abad", 57, 21), ("batken", 33, 4), ("andijan", 28, 3)):
        found.append(report(entity, "ethnic_tension", tension, None, day, "border service"))
        found.append(report(entity, "unrest", unrest, None, day, "border service"))
        found.append(report(entity, "violence", 8 if entity == "osh_city" else 2, None, day, "television"))
        found.append(report(entity, "order_forces", 42, None, "2010-06-04", "military attaché"))
    return found


def second_reports() -> list[Frame]:
    """What is known a turn later."""
    day = "2010-06-11"
    leak = cause(45, "rumours of attacks spread faster than any denial", "posture.rumours", claims=("SCN-12",))
    few = cause(35, "reliable forces are too few for the task", "violence.too_few", claims=("CAP-07",), sources=("watts-2015",))
    talks = cause(-10, "elders keep some streets apart", "posture.mediation")
    unseen = {"kind": "undisclosed", "id": "undisclosed", "because": "causes not known to you", "claims": [], "sources": [], "share": 10}
    return [
        report("osh_city", "capacity", 0, 1, day, "embassy"),
        report("jalal_abad", "capacity", 0, 1, day, "embassy"),
        report("osh_city", "ethnic_tension", 81, 67, day, "border service", leak, few, talks, unseen),
        report("osh_city", "unrest", 74, 42, day, "border service", few, leak),
        report("osh_city", "violence", 66, 8, day, "television", few),
        report("osh", "ethnic_tension", 70, 58, day, "border service", leak),
        report("jalal_abad", "ethnic_tension", 66, 57, day, "border service", leak),
        report("jalal_abad", "violence", 9, 2, day, "television"),
        report("osh_city", "deaths", 75, None, day, "hospitals"),
        report("osh_city", "deaths", 400, None, day, "Uzbek community"),
        report(
            "osh_city",
            "border_crossed",
            20_000,
            0,
            day,
            "own count",
            cause(45, "abuse in Osh drives people out", "displacement.flight"),
            cause(35, "the roads to the border are open", "displacement.roads"),
            cause(20, "rumours", "displacement.rumours"),
        ),
        {
            "kind": "public",
            "cause": "",
            "entity": "uzbekistan_state",
            "quantity": "country.border_open",
            "value": 60,
            "previous": 0,
            "causes": [
                {
                    "kind": "order",
                    "id": "open_border",
                    "because": "Tashkent opened the crossings",
                    "claims": ["ORG-22"],
                    "sources": ["w24"],
                    "amount": 60.0,
                }
            ],
        },
        {
            "kind": "own",
            "cause": "",
            "entity": "uzbekistan",
            "quantity": "seat.image",
            "value": 36,
            "previous": 30,
            "causes": [
                {
                    "kind": "order",
                    "id": "open_border",
                    "because": "Tashkent opened the crossings",
                    "claims": [],
                    "sources": [],
                    "amount": 6.0,
                }
            ],
        },
    ]


def own(**changes: float) -> Frame:
    """The seat's own figures."""
    return {"funds": 20.0, "standing": 60.0, "reserve": 65.0, "image": 30.0, "home_risk": 25.0, **changes}


def legal() -> list[Frame]:
    """What the host offers."""

    def offer(order_id: str, target: str | None, costs: Frame, why: str = "", most: Frame | None = None) -> Frame:
        return {"order": order_id, "target": target, "legal": not why, "why": why, "costs": costs, "costs_most": most or costs}

    return [
        offer("open_border", None, {"standing": 4.0}),
        offer("build_camps", None, {"funds": 1.0}, most={"funds": 10.0}),
        offer("send_relief", "osh_city", {"funds": 1.0}, why="the road to Osh city is cut", most={"funds": 20.0}),
        offer("send_relief", "osh", {"funds": 1.0}, most={"funds": 20.0}),
        offer("send_relief", "jalal_abad", {"funds": 1.0}, most={"funds": 20.0}),
        offer("warn_moscow", None, {"standing": 4.0}),
        offer("quiet_valley", None, {"reserve": 10.0}),
        offer("close_border", None, {"standing": 4.0}, why="the border is not open"),
    ]


def motion_states(**changes: Frame) -> list[Frame]:
    """Where motions stand; ``changes`` by motion id."""
    states = []
    for body in bodies():
        for motion in body["motions"]:
            state = {
                "body": body["id"],
                "motion": motion["motion"],
                "status": "none",
                "tabled_on": None,
                "size": motion["size"],
                "can_table": motion["may_table"],
                "why": "" if motion["may_table"] else "your seat cannot table it",
                "can_vote": True,
                "my_vote": "",
                "tabled_by_me": False,
            }
            states.append({**state, **changes.get(motion["motion"], {})})
    return states


def turn(number: int, *, committed: tuple[Frame, ...] = (), **more: Any) -> Frame:
    """A turn frame with its phase open."""
    scores = [("shelter", 52.0, False), ("calm", 61.0, False), ("no_force", 100.0, True)]
    return {
        "frame": "turn",
        "turn": number,
        "date": f"2010-06-{9 + number:02d}",
        "days": 1,
        "minutes": 6,
        "phase": "orders",
        "ready": False,
        "legal": legal(),
        "motions": motion_states(),
        "own": own(),
        "objectives": [{"objective": name, "score": score, "private": private} for name, score, private in scores],
        "committed": list(committed),
        **more,
    }


def opening() -> list[Frame]:
    """Frames from the welcome to the first open turn."""
    told = [
        news("Fight near a casino in Osh", "Young men of both groups fought near a casino. Crowds gather; shots are heard.", "television"),
        news("Rumour: students attacked in a dormitory", "The rumour runs through villages by telephone. Nobody has seen it.", "telephone"),
    ]
    outcomes = [{"frame": "outcome", "turn": 1, "outcome": each} for each in (*told, *first_reports())]
    return [welcome(), *outcomes, turn(1)]


def step(body: str, motion: str, stage: str, *, passed: bool, say: str = "") -> Frame:
    """A motion's step."""
    return {
        "kind": "motion_step",
        "cause": "",
        "body": body,
        "motion": motion,
        "title": motion,
        "stage": stage,
        "passed": passed,
        "say": say,
    }


def vote(member: str, choice: str, say: str = "") -> Frame:
    """A vote on the peacekeepers."""
    return {"kind": "vote", "cause": "", "body": "csto", "motion": "deploy_peacekeepers", "member": member, "vote": choice, "say": say}


def second_turn() -> list[Frame]:
    """Frames from the close of turn 1 to the open turn 2, after the border was opened."""
    closing = [
        {
            "kind": "order_result",
            "cause": "open_border",
            "order": "open_border",
            "title": "Open the border to those who flee",
            "target": None,
            "amount": 60.0,
            "unit": "points",
            "done": True,
            "why": "",
        },
        {
            "kind": "order_result",
            "cause": "send_relief",
            "order": "send_relief",
            "title": "Send relief",
            "target": "osh",
            "amount": 5.0,
            "unit": "million dollars",
            "done": False,
            "why": "the trucks were turned back at a barricade",
        },
        {
            "kind": "order_seen",
            "cause": "x",
            "seat": "russia",
            "order": "aid",
            "title": "Fly in relief",
            "target": "osh_city",
            "amount": 2.0,
            "text": "Russia flies relief to Osh",
        },
        step("csto", "deploy_peacekeepers", "tabled", passed=True),
        step("csto", "deploy_peacekeepers", "request", passed=True),
        step("csto", "deploy_peacekeepers", "mandate", passed=False, say="reads only attack from outside or power seized from outside"),
        vote("russia", "abstain", "the roots of the trouble are internal"),
        vote("kazakhstan", "yes"),
        vote("uzbekistan", "no", "no foreign force in the valley"),
        vote("kyrgyz_government", "yes"),
        vote("belarus", "no", "there is no lawful government to help"),
        {
            "kind": "motion_outcome",
            "cause": "",
            "body": "csto",
            "motion": "deploy_peacekeepers",
            "title": "",
            "outcome": "tabled",
            "size": 1455.0,
            "size_unit": "people",
            "objections": 2,
        },
    ]
    tabled = {"status": "tabled", "tabled_on": "2010-06-10", "size": 1455.0}
    injects = [news("CSTO secretaries meet in Moscow tomorrow", "The Kyrgyz side asked for it on 12 June.", "letter")]
    outcomes = [{"frame": "outcome", "turn": 1, "outcome": each} for each in closing]
    outcomes += [{"frame": "outcome", "turn": 2, "outcome": each} for each in (*injects, *second_reports())]
    letter = {
        "frame": "message",
        "from": "russia",
        "to": ["uzbekistan"],
        "text": "We will not move without you. What do you need?",
        "turn": 2,
    }
    return [*outcomes, turn(2, motions=motion_states(deploy_peacekeepers=tabled), own=own(image=36.0, standing=56.0)), letter]


def end() -> Frame:
    """The last frame."""
    truth = {
        "osh_city": {"ethnic_tension": 88.0, "violence": 71.0, "capacity": 0.0, "deaths": 310.0, "border_crossed": 31_000.0},
        "osh": {"ethnic_tension": 69.0},
        "jalal_abad": {"ethnic_tension": 71.0, "capacity": 0.0},
    }
    objectives = [
        {"objective": "shelter", "title": "Shelter those who must flee", "score": 71.0, "seen": 64.0, "private": False, "weight": 1.0},
        {"objective": "calm", "title": "A calm valley", "score": 22.0, "seen": 30.0, "private": False, "weight": 2.0},
        {
            "objective": "no_force",
            "title": "No foreign troops near the valley",
            "score": 100.0,
            "seen": 100.0,
            "private": True,
            "weight": 2.0,
        },
    ]
    return {"frame": "end", "turn": 9, "objectives": objectives, "truth": truth, "digest": "9f2c" * 16, "seed": 7, "log": "osh-2010.jsonl"}


def numbered(frames: list[Frame], start: int = 1, branch: int = 0) -> Iterator[Frame]:
    """Frames with their place in the stream."""
    for seq, frame in enumerate(frames, start):
        yield {"seq": seq, "branch": branch, **frame}
