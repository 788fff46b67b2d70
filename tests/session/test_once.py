"""Every act is done once, whatever is lost and whoever starts again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exercise.core.decisions import Refusal
from exercise.session.once import Once
from tests.session.assembly import Assembly

COOL = {"order": "cool", "target": "north", "amount": 4}


def in_orders() -> tuple[Assembly, object, object]:
    """A room in the orders phase, its facilitator and the town's head."""
    hall = Assembly.open()
    runs, town = hall.come("facilitator"), hall.come("head", "town")
    hall.act(runs, "start")
    for phase in ("briefing", "negotiation"):
        hall.act(runs, "next", turn=1, phase=phase)
    return hall, runs, town


def test_fault_27_an_act_whose_answer_was_lost_is_acknowledged_again_and_done_once() -> None:
    """Also by a host that was started again meanwhile, to somebody on another line."""
    hall, _, town = in_orders()
    assert hall.act(town, "order", ref="a:1", **COOL)["frame"] == "ack"
    assert hall.act(town, "order", ref="a:1", **COOL)["frame"] == "ack"
    again = hall.restarted()
    back = again.enter(town.last("joined")["token"], since=town.folded["town"])
    assert again.act(back, "order", ref="a:1", **COOL)["frame"] == "ack"
    assert again.book.kinds().count("order") == 1
    assert again.act(back, "order", ref="a:2", **COOL)["code"] == "committed"


def test_fault_27_what_was_refused_does_not_come_true_when_it_is_sent_again() -> None:
    """A withdrawal is refused, the order given after it: sent again after the host was started again, the withdrawal takes nothing back."""
    hall, _, town = in_orders()
    refused = hall.act(town, "withdraw", ref="a:1", order="cool", target="north")
    assert refused["code"] == "not-committed"
    assert hall.act(town, "order", ref="a:2", **COOL)["frame"] == "ack"
    assert hall.act(town, "withdraw", ref="a:1", order="cool", target="north") == refused
    again = hall.restarted()
    back = again.enter(town.last("joined")["token"])
    assert again.act(back, "withdraw", ref="a:1", order="cool", target="north")["code"] == "before"
    assert [one["order"] for one in back.last("turn")["committed"]] == ["cool"]


def test_names_of_different_clients_never_meet() -> None:
    """The guest's a:1 is another than the town's."""
    hall, _, town = in_orders()
    guest = hall.come("head", "guest")
    assert hall.act(town, "order", ref="a:1", order="visit")["frame"] == "ack"
    assert hall.act(guest, "order", ref="a:1", order="visit")["frame"] == "ack"
    assert hall.book.kinds().count("order") == 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9), st.booleans()), max_size=30))
def test_what_came_of_an_act_is_remembered(acts: list[tuple[str, int, bool]]) -> None:
    """Whatever was done is done for ever; whatever was refused is refused; a lower number that was never heard was refused."""
    once, came = Once(), {}
    for run, number, is_done in acts:
        name = f"c/{run}:{number}"
        if once.knows(name):
            continue
        came[name] = None if is_done else Refusal("no", name)
        if is_done:
            once.did(name)
        else:
            once.refuse(name, Refusal("no", name))
    for name, why in came.items():
        assert once.knows(name)
        assert once.answer(name) == why
    again = Once()
    for name in (name for name, why in came.items() if why is None):
        again.did(name)
    for name, why in came.items():
        if again.knows(name):
            assert (again.answer(name) is None) == (why is None)


def test_an_act_without_a_name_is_heard_every_time() -> None:
    """It is nobody's."""
    once = Once()
    once.did("")
    once.refuse("", Refusal("no", "no"))
    assert not once.knows("")
