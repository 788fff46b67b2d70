"""A seat's line through bad weather: cuts at any byte, silence, sleep, a host that dies. Nothing is lost and nothing is done twice."""

from __future__ import annotations

import contextlib
import json
import pathlib
import random
import stat
import threading
import time

import pytest

from exercise.net import client
from exercise.net.client import Line, Way
from exercise.net.conversation import Conversation, LineError
from exercise.net.keepsake import Keepsake
from exercise.net.lines import Limits
from tests.net.hall import COOL, LOOPBACK, Ear, acts_recorded, hall, joined, proxy, until


def begin(*ears: Ear) -> None:
    """Everybody is ready and the exercise runs."""
    for ear in ears:
        assert ear.ask("ready")["frame"] == "ack"
    for ear in ears:
        until(lambda ear=ear: ear.last("session")["status"] == "running")


def is_whole(place, ear: Ear) -> bool:
    """Whether a seat heard its whole stream, less turn frames that a later one made idle, in order and nothing twice."""
    heard = ear.numbered()
    numbers = [one["seq"] for one in heard]
    published = {one["seq"]: one for one in place.stream(ear.link.stream)}
    missed = [one for seq, one in published.items() if seq not in set(numbers)]
    return (
        numbers == sorted(set(numbers))
        and numbers[-1] == max(published)
        and all(one == published[one["seq"]] for one in heard)
        and all(one["frame"] == "turn" for one in missed)
    )


# --- coming in --------------------------------------------------------------------------------------------------------------------------


def test_a_wrong_ticket_is_refused_with_the_host_s_own_words(tmp_path: pathlib.Path) -> None:
    """And the line does not try again."""
    with hall(tmp_path) as place:
        line = Line(place.way, "lusab-babad-gutih")
        with pytest.raises(LineError, match="opens nothing here") as refused:
            line.open()
        assert refused.value.code == "ticket"
        line.close()
        line.close()


def test_a_host_that_is_not_there_is_named_with_what_to_look_at() -> None:
    """After a few tries."""
    line = Line(Way(LOOPBACK, 9, "a" * 25), "lusab-babad-gutih")
    with pytest.raises(LineError, match=r"127\.0\.0\.1:9 cannot be reached \(connection refused\)") as refused:
        line.open(patience_s=0.5)
    assert "host running" in refused.value.hint
    line.close()


def test_the_same_ticket_brings_back_a_program_that_crashed(tmp_path: pathlib.Path) -> None:
    """What is kept is for its owner alone, and is nobody else's ticket; without it the ticket is spent."""
    with hall(tmp_path / "host") as place:
        words = place.words("head", "town")
        kept = Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats")
        assert kept.path is not None
        with joined(place, words, keepsake=kept) as line:
            Ear(line.links["town"]).ask("message", to="all", text="first")
        again = Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats")
        assert (again.token, again.code) == (kept.token, kept.code) != ("", "")
        assert (stat.S_IMODE(kept.path.stat().st_mode), stat.S_IMODE(kept.path.parent.stat().st_mode)) == (0o600, 0o700)
        assert words not in kept.path.read_text()
        with joined(place, words, keepsake=again) as line:
            ear = Ear(line.links["town"])
            assert ear.ask("message", to="all", text="second")["frame"] == "ack", "names of acts are new after a crash"
            assert line.joined["code"] == kept.code
            assert is_whole(place, ear)
        assert [one["text"] for one in acts_recorded(place.book, "message")] == ["first", "second"]
        stranger = Line(place.way, words)
        with pytest.raises(LineError, match="spent"):
            stranger.open()
        stranger.close()


def test_a_program_that_died_before_it_read_the_answer_may_ask_again(tmp_path: pathlib.Path) -> None:
    """The name that a ticket is exchanged under is written down before the ticket is shown."""
    with hall(tmp_path / "host") as place:
        words = place.words("head", "town")
        kept = Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats")
        hello = Conversation(words, "1", keepsake=kept).hello()
        place.server.do(lambda now: (place.room.connect(-1, now), place.room.receive(-1, hello, now), place.room.lose(-1, now)))
        with joined(place, words, keepsake=Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats")) as line:
            assert line.links


@pytest.mark.parametrize("content", ["", "{", "[]", '{"program": 1}', '{"program": "a", "token": "00", "code": "x"}'])
def test_a_broken_keepsake_is_as_good_as_none(tmp_path: pathlib.Path, content: str) -> None:
    """Also a token that the host does not know: the ticket opens the door then."""
    with hall(tmp_path / "host") as place:
        words = place.words("head", "town")
        path = Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats").path
        assert path is not None
        path.parent.mkdir(parents=True)
        path.write_text(content)
        with joined(place, words, keepsake=Keepsake.of_ticket(place.fingerprint, words, tmp_path / "seats")) as line:
            assert line.state == "live"


def test_a_seat_s_screen_keeps_what_is_its_own_beside_the_token(tmp_path: pathlib.Path) -> None:
    """For its owner alone, each of a ticket's seats apart; what cannot be read is nothing; without a folder nothing is kept."""
    town, guest = (Keepsake.of_ticket("f", "w", tmp_path).shelf(seat) for seat in ("town", "guest"))
    assert town is not None
    assert guest is not None
    assert town.recall() == {}
    town.keep({"read": [3]})
    again = Keepsake.of_ticket("f", "w", tmp_path).shelf("town")
    assert again is not None
    assert again.recall() == {"read": [3]}
    assert guest.recall() == {}
    assert stat.S_IMODE(town.path.stat().st_mode) == 0o600
    for content in (b"", b"[1]", b"\xff"):
        town.path.write_bytes(content)
        assert again.recall() == {}
    assert Keepsake().shelf("town") is None


def test_a_seat_that_was_taken_over_does_not_fight_for_it(tmp_path: pathlib.Path) -> None:
    """Who comes in elsewhere with the same token replaces the line; that one is told and stays away, and every act of it is answered."""
    with hall(tmp_path / "host") as place:
        words = place.words("head", "town")
        kept = Keepsake()
        with joined(place, words, keepsake=kept) as first:
            ear = Ear(first.links["town"])
            with joined(place, words, keepsake=kept) as second:
                until(lambda: first.state == "refused")
                assert ear.ask("ready")["code"] == "line"
                assert "somewhere else" in ear.last("notice")["text"]
                assert second.state == "live"
                time.sleep(0.5)
                assert place.here() == 1


# --- bad weather ------------------------------------------------------------------------------------------------------------------------


def test_fault_24_a_line_that_is_cut_at_any_byte_loses_nothing_and_doubles_nothing(tmp_path: pathlib.Path, campaign) -> None:
    """Two seats play two turns while their connections break at random bytes: every act is done once, both streams are whole.

    4 exercises (200 with --long).
    """
    for seed in range(campaign(4, 200)):
        play_in_bad_weather(tmp_path, random.Random(seed))


def play_in_bad_weather(folder: pathlib.Path, weather: random.Random) -> None:
    """Two turns, and what must hold after them."""
    with contextlib.ExitStack() as stack:
        place = stack.enter_context(hall(folder))
        between = stack.enter_context(proxy(place))
        words = [place.words("head", seat) for seat in ("town", "guest")]
        one, two = (stack.enter_context(joined(place, each, way=between.way(place))) for each in words)
        town, guest = Ear(one.links["town"]), Ear(two.links["guest"])
        begin(town, guest)
        said = []
        for number in range(12):
            between.cut_after = sum(between.passed.values()) + weather.randrange(1, 3_000)
            said.append(f"message {number}")
            town.say("message", to="all", text=said[-1])
            guest.say("order", order="plot", target="south", amount=float(number + 1))
            guest.say("withdraw", order="plot", target="south")
            if weather.random() < 0.3:
                between.cut()
        for turn in (2, 3):
            town.say("ready")
            guest.say("ready")
            until(lambda turn=turn: town.last("turn")["turn"] == turn)
        between.cut_after = None
        between.cut()
        until(lambda: is_whole(place, town) and is_whole(place, guest))
        assert town.states().count("lost") > 0
        assert [one["text"] for one in acts_recorded(place.book, "message")] == said
        orders = [one["amount"] for one in acts_recorded(place.book, "order") if one["by"] == "human"]
        assert orders == [float(number + 1) for number in range(12)]
        refs = [entry.data["ref"] for entry in place.book.entries if "ref" in entry.data]
        assert len(refs) == len(set(refs))


def test_fault_24_an_order_whose_answer_was_lost_is_done_once(tmp_path: pathlib.Path) -> None:
    """The host has recorded it, the connection breaks before the answer: it is sent again and acknowledged again."""
    with (
        hall(tmp_path) as place,
        proxy(place) as between,
        joined(place, place.words("head", "town", "guest"), way=between.way(place)) as line,
    ):
        town, guest = Ear(line.links["town"]), Ear(line.links["guest"])
        begin(town, guest)
        between.muted = True
        ref = town.say(**COOL)
        until(lambda: acts_recorded(place.book, "order"))
        assert not [one for one in town.frames if one.get("ref") == ref]
        between.muted = False
        between.cut()
        assert town.answer(ref)["frame"] == "ack"
        assert len(acts_recorded(place.book, "order")) == 1
        assert place.here() == 1


def test_fault_24_a_seat_is_back_soon(tmp_path: pathlib.Path) -> None:
    """Within a second after a cut, within five after silence; what it wrote meanwhile is sent."""
    with hall(tmp_path) as place, proxy(place) as between, joined(place, place.words("head", "town"), way=between.way(place)) as line:
        ear = Ear(line.links["town"])
        between.refusing = True
        between.cut()
        until(lambda: line.state == "lost")
        ref = ear.say("message", to="all", text="written in the tunnel")
        time.sleep(0.5)
        between.refusing = False
        began = time.monotonic()
        assert ear.answer(ref)["frame"] == "ack"
        assert time.monotonic() - began < 5
        assert ear.states()[-2:] == ["lost", "live"]


def test_fault_28_a_seat_notices_that_nothing_comes_back(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is open and silent is given up after the ping's time, and another one made."""
    monkeypatch.setattr(client, "PING_S", 0.2)
    monkeypatch.setattr(client, "PING_TIMEOUT_S", 0.4)
    with hall(tmp_path) as place, proxy(place) as between, joined(place, place.words("head", "town"), way=between.way(place)) as line:
        ear = Ear(line.links["town"])
        ear.ask("message", to="all", text="before")
        between.frozen.set()
        ref = ear.say("message", to="all", text="into the void")
        between.frozen = threading.Event()
        assert ear.answer(ref)["frame"] == "ack"
        assert [one["text"] for one in acts_recorded(place.book, "message")] == ["before", "into the void"]
        assert is_whole(place, ear)


def test_fault_41_a_laptop_that_slept_asks_at_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock jumped: connections from before are not believed, though nothing says that they are dead; the token brings it back."""
    monkeypatch.setattr(client, "WATCH_S", 0.05)
    with hall(tmp_path) as place, proxy(place) as between, joined(place, place.words("head", "town"), way=between.way(place)) as line:
        ear = Ear(line.links["town"])
        ear.ask("message", to="all", text="before")
        between.frozen.set()
        between.frozen = threading.Event()
        opened, clock = between.opened, time.time
        monkeypatch.setattr(client.time, "time", lambda: clock() + 3600)
        until(lambda: between.opened > opened and line.state == "live")
        assert ear.ask("message", to="all", text="after")["frame"] == "ack"
        assert is_whole(place, ear)


def test_fault_41_another_address_and_another_way_are_the_same_seat(tmp_path: pathlib.Path) -> None:
    """The path from before is dead, as after a change of Wi-Fi; over a new one the seat resumes by its token, and the old line is closed."""
    with (
        hall(tmp_path) as place,
        proxy(place) as before,
        proxy(place) as after,
        joined(place, place.words("head", "town"), way=before.way(place)) as line,
    ):
        ear = Ear(line.links["town"])
        ear.ask("message", to="all", text="before")
        before.frozen.set()
        line.way = after.way(place)
        line.reconnect()
        assert ear.ask("message", to="all", text="after")["frame"] == "ack"
        assert place.here() == 1
        assert is_whole(place, ear)


def test_fault_41_over_ipv6(tmp_path: pathlib.Path) -> None:
    """A host on an IPv6 address, and a ticket that names it in brackets."""
    with hall(tmp_path, bind="::1") as place, joined(place, place.words("head", "town")) as line:
        assert str(place.way).startswith("[::1]:")
        assert Ear(line.links["town"]).ask("message", to="all", text="hello")["frame"] == "ack"


def test_fault_41_a_host_on_all_addresses_is_found_over_both(tmp_path: pathlib.Path) -> None:
    """``--bind ::`` takes IPv4 as well."""
    with hall(tmp_path, bind="::") as place:
        for address, seat in ((LOOPBACK, "town"), ("::1", "guest")):
            with joined(place, place.words("head", seat), way=Way(address, place.server.port, place.fingerprint)) as line:
                assert line.state == "live"


def test_a_host_that_is_started_again_has_everybody_back(tmp_path: pathlib.Path) -> None:
    """In mid-turn, on the same port, from the log and what was kept: the same numbers, the order stands, what waited is done, within 5 s."""
    with hall(tmp_path) as place:
        port = place.server.port
        line = Line(place.way, place.words("head", "town", "guest"))
        line.open()
        town, guest = Ear(line.links["town"]), Ear(line.links["guest"])
        begin(town, guest)
        assert town.ask(**COOL)["frame"] == "ack"
        before = place.stream("town")
    until(lambda: line.state == "lost")
    ref = guest.say("order", order="plot", target="south", amount=2.0)
    with hall(tmp_path, port=port, after=place) as again:
        began = time.monotonic()
        assert guest.answer(ref)["frame"] == "ack"
        assert time.monotonic() - began < 5
        assert again.stream("town")[: len(before)] == before
        town.say("ready")
        guest.say("ready")
        until(lambda: town.last("turn")["turn"] == 2)
        until(lambda: is_whole(again, town) and is_whole(again, guest))
        assert [one["order"] for one in acts_recorded(again.book, "order") if one["by"] == "human"] == ["cool", "plot"]
        line.close()


def test_a_slow_line_of_a_second_delay_plays_all_the_same(tmp_path: pathlib.Path) -> None:
    """And says how long its answers take."""
    with hall(tmp_path) as place, proxy(place) as between:
        between.delay_s = 0.1
        with joined(place, place.words("head", "town"), way=between.way(place)) as line:
            ear = Ear(line.links["town"])
            assert ear.ask("message", to="all", text="slowly")["frame"] == "ack"


def test_how_long_answers_take_is_told(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In milliseconds, as part of how the line stands."""
    monkeypatch.setattr(client, "PING_S", 0.1)
    monkeypatch.setattr(client, "WATCH_S", 0.05)
    with hall(tmp_path, limits=Limits()) as place, joined(place, place.words("head", "town")) as line:
        ear = Ear(line.links["town"])
        until(lambda: (ear.last("link")["ms"] or 0) > 0)
        assert ear.last("link")["live"] is True


# --- without a socket -------------------------------------------------------------------------------------------------------------------


def test_a_conversation_asks_for_what_it_has_not_heard() -> None:
    """By stream; frames heard before are not told again, and one out of another's stream is told to nobody."""
    talk = Conversation("words", "1", session="s")
    assert json.loads(talk.hello())["since"] == {}
    talk.hear(json.dumps({"frame": "joined", "seats": ["a"], "streams": ["a"], "token": "t", "code": "c"}))
    heard: list[dict] = []
    talk.links["a"].listen(lambda frame: heard.append(dict(frame)))
    for seq in (1, 2, 2, 4):
        talk.hear(json.dumps({"frame": "outcome", "stream": "a", "seq": seq}))
    talk.hear(json.dumps({"frame": "outcome", "stream": "b", "seq": 9}))
    assert [one["seq"] for one in heard if "seq" in one] == [1, 2, 4]
    again = json.loads(talk.hello())
    assert (again["since"], again["secret"]) == ({"a": 4}, "t")
    assert "t" not in [one.get("token") for one in heard]


def test_a_conversation_sends_again_what_was_not_answered_in_order() -> None:
    """On every new connection; nothing before the host has let us in; an answer is for whoever asked, by their own name for it."""
    talk = Conversation("words", "1", session="s")
    letter = json.dumps({"frame": "joined", "seats": ["a", "b"], "streams": ["a", "b"], "token": "t", "code": "c"})
    talk.hear(letter)
    heard: list[dict] = []
    talk.links["a"].listen(lambda frame: heard.append(dict(frame)))
    talk.links["a"].send({"act": "ready", "ref": "mine"})
    talk.links["b"].send({"act": "ready", "ref": "mine"})
    first = talk.to_send()
    assert [(json.loads(one)["ref"], json.loads(one)["seat"]) for one in first] == [("s:1", "a"), ("s:2", "b")]
    assert talk.to_send() == []
    talk.hello()
    assert talk.to_send() == []
    talk.hear(letter)
    assert talk.to_send() == first
    talk.hear('{"frame": "ack", "ref": "s:1"}')
    talk.hear('{"frame": "ack", "ref": "s:1"}')
    assert [one for one in heard if one["frame"] == "ack"] == [{"frame": "ack", "ref": "mine"}]
    talk.hello()
    talk.hear(letter)
    assert talk.to_send() == first[1:]


@pytest.mark.parametrize("text", ["", "[]", "nonsense", "{}", '{"frame": 1}', b"\xff"])
def test_a_host_that_talks_nonsense_is_left(text) -> None:
    """With one clear line."""
    with pytest.raises(LineError, match="cannot be read"):
        Conversation("words", "1").hear(text)


def test_whoever_comes_with_a_resume_code_is_shown_it_again() -> None:
    """The host says it once; the next machine is the one that may break. A key alone tells no code."""
    joined = json.dumps({"frame": "joined", "seats": ["a"], "streams": ["a"], "token": "", "code": ""})
    for shown, code in (("Lusab babad GUTIH", "lusab-babad-gutih"), ("", "")):
        talk = Conversation(shown, "0")
        talk.hear(joined)
        assert talk.joined["code"] == code
