"""The door process as a host keeps it: waited for, watched, started once more, stopped."""

from __future__ import annotations

import sys

import pytest

from exercise.cli.common import Wrong
from exercise.cli.doors import Doors
from tests.net.hall import until

TOLD = '{"ssh": {"address": "", "port": 2222, "fingerprint": "SHA256:abc"}, "web": {"address": "127.0.0.1", "port": 8443, "url": "https://127.0.0.1:8443/"}}'


def door(then: str) -> list[str]:
    """A door process that says where it is and then does something."""
    return [sys.executable, "-c", f"import sys, time, os; print({TOLD!r}, flush=True); {then}"]


def test_a_host_knows_where_its_doors_are() -> None:
    """From the door's own first line; the process ends with the host."""
    alerts: list[str] = []
    doors = Doors.begin(door("time.sleep(60)"), alerts.append)
    assert (doors.port("ssh"), doors.port("web"), doors.ssh_fingerprint) == (2222, 8443, "SHA256:abc")
    assert doors.web_url == "https://127.0.0.1:8443/"
    doors.close()
    doors.close()
    assert doors._process is not None
    assert doors._process.poll() is not None
    assert alerts == []


def test_doors_that_stop_are_opened_once_more_and_the_facilitators_are_told() -> None:
    """Twice, and then they stay closed; the exercise goes on."""
    alerts: list[str] = []
    doors = Doors.begin(door("time.sleep(0.2); sys.exit(3)"), alerts.append)
    until(lambda: len(alerts) == 2)
    assert "exit 3" in alerts[0]
    assert "once more" in alerts[0]
    assert "stay closed" in alerts[1]
    doors.close()


def test_doors_that_ran_for_a_while_are_opened_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exercise takes hours: what stopped in the first has nothing to do with what stops in the second."""
    monkeypatch.setattr("exercise.cli.doors.STEADY_S", 0.2)
    alerts: list[str] = []
    doors = Doors.begin(door("time.sleep(0.4)"), alerts.append)
    until(lambda: len(alerts) >= 4)
    doors.close()
    assert all("once more" in alert for alert in alerts)


@pytest.mark.parametrize("script", ["import sys; sys.exit('no such port')", "print('not JSON')"])
def test_doors_that_cannot_be_opened_are_an_error(script: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What the process itself said stands on stderr."""
    with pytest.raises(Wrong, match="could not be opened"):
        Doors.begin([sys.executable, "-c", script], lambda _: None)
    if "sys.exit" in script:
        assert "no such port" in capfd.readouterr().err


def test_a_door_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host leaves no process behind."""
    monkeypatch.setattr("exercise.cli.doors.STOP_S", 0.3)
    doors = Doors.begin(door("import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"), lambda _: None)
    doors.close()
    assert doors._process is not None
    assert doors._process.poll() is not None
