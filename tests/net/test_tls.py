"""The host's certificate and the seat that knows it: whoever shows another one is sent nothing, and nothing goes on in plain text."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import pathlib
import socket
import ssl

import pytest

from exercise.net import tls
from exercise.net.background import Background
from exercise.net.client import Line, Way
from exercise.net.conversation import LineError
from exercise.net.tls import TlsError, certificate_of, fingerprint_of, host_context, host_identity, is_known
from tests.net.hall import LOOPBACK, hall, raw


def test_a_host_makes_its_key_once_and_for_itself_alone(tmp_path: pathlib.Path) -> None:
    """0600 in a folder of 0700, whatever the umask; the second start finds the same fingerprint."""
    before = os.umask(0)
    try:
        identity = host_identity(tmp_path / "keys")
    finally:
        os.umask(before)
    assert (identity.stat().st_mode & 0o777, identity.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    certificate = certificate_of(identity)
    assert certificate_of(host_identity(tmp_path / "keys")) == certificate
    assert [one.name for one in identity.parent.iterdir()] == ["host.pem"]
    assert fingerprint_of(certificate) != fingerprint_of(certificate_of(host_identity(tmp_path / "others")))


def test_hosts_that_start_at_the_same_moment_use_one_key(tmp_path: pathlib.Path) -> None:
    """Whoever comes second takes what is there, also in the middle of making its own."""
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: certificate_of(host_identity(tmp_path)), range(8)))
    assert len(set(found)) == 1


def test_a_key_that_others_may_read_is_not_used(tmp_path: pathlib.Path) -> None:
    """It says what to do."""
    host_identity(tmp_path).chmod(0o644)
    with pytest.raises(TlsError, match="can be read by others") as refusal:
        host_identity(tmp_path)
    assert "chmod 600" in refusal.value.hint


@pytest.mark.parametrize("content", ["", "nonsense", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"])
def test_a_broken_key_is_named(tmp_path: pathlib.Path, content: str) -> None:
    """Not a traceback."""
    identity = host_identity(tmp_path)
    identity.write_text(content)
    with pytest.raises(TlsError, match=r"host\.pem holds"):
        certificate_of(identity)
    with pytest.raises(TlsError, match=r"host\.pem holds"):
        host_context(identity)


def test_only_the_whole_fingerprint_is_known(tmp_path: pathlib.Path) -> None:
    """Not a beginning of it, and nobody without a certificate."""
    certificate = certificate_of(host_identity(tmp_path))
    mark = fingerprint_of(certificate)
    assert is_known(certificate, mark)
    assert not is_known(certificate, mark[:-1])
    assert not is_known(certificate, "")
    assert not is_known(None, mark)


class Stranger:
    """Somebody who answers in the host's place, and writes down every byte that reaches them."""

    def __init__(self, context: ssl.SSLContext | None, greeting: bytes = b"") -> None:
        self.heard = b""
        self.met = 0
        self._greeting = greeting
        self._writers: set[asyncio.StreamWriter] = set()
        self._background = Background("stranger")
        self._server = self._background.start(asyncio.start_server(self._serve, LOOPBACK, 0, ssl=context)).result()
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.met += 1
        self._writers.add(writer)
        writer.write(self._greeting)
        try:
            while data := await reader.read(4096):
                self.heard += data
        except OSError:
            pass
        writer.close()

    def close(self) -> None:
        """Answer nobody any more, and hang up on whoever is still there."""

        async def work() -> None:
            self._server.close()
            await asyncio.sleep(0.05)  # whoever was being let in is there then
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.sleep(0.01)  # an aborted transport closes its socket on the loop's next turn

        self._background.start(work()).result()
        self._background.stop()


def test_fault_38_a_man_in_the_middle_is_sent_nothing(tmp_path: pathlib.Path) -> None:
    """His own certificate stops the seat for good before it has said a word: no ticket, no request, no second try, no way to go on."""
    real = fingerprint_of(certificate_of(host_identity(tmp_path / "host")))
    stranger = Stranger(host_context(host_identity(tmp_path / "stranger")))
    line = Line(Way(LOOPBACK, stranger.port, real), "lusab-babad-gutih")
    try:
        with pytest.raises(LineError, match="fingerprint differs") as stopped:
            line.open()
        assert stopped.value.code == "stranger"
        assert "do not go on" in stopped.value.hint
        assert line.state == "refused"
    finally:
        line.close()
        stranger.close()
    assert stranger.met <= 1
    assert stranger.heard == b""


def test_fault_38_a_host_that_was_joined_and_then_replaced_is_sent_nothing(tmp_path: pathlib.Path) -> None:
    """A seat that comes back after a cut looks at the certificate again: no token, no act for whoever took the place of its host."""
    with hall(tmp_path / "host") as place:
        line = Line(place.way, place.words("head", "town"))
        line.open()
        stranger = Stranger(host_context(host_identity(tmp_path / "stranger")))
        line.way = Way(LOOPBACK, stranger.port, place.fingerprint)
        try:
            line.links["town"].send({"act": "ready", "ref": "1"})
            line.reconnect()
            frames: list[dict] = []
            done = concurrent.futures.Future()
            line.links["town"].listen(lambda frame: (frames.append(dict(frame)), frame.get("state") == "refused" and done.set_result(True)))
            assert done.result(timeout=20)
        finally:
            line.close()
            stranger.close()
    assert stranger.met <= 1
    assert stranger.heard == b""


def test_fault_39_a_client_without_tls_gets_nowhere(tmp_path: pathlib.Path) -> None:
    """The host answers plain text with nothing that anybody could talk to, and nobody is let in."""
    with hall(tmp_path) as place:
        words = place.words("head", "town")
        with socket.create_connection((LOOPBACK, place.server.port)) as plain:
            plain.settimeout(10)
            plain.sendall(f"GET / HTTP/1.1\r\nHost: room\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n{words}".encode())
            answer = b""
            try:
                while data := plain.recv(4096):
                    answer += data
            except ConnectionResetError:
                pass
        assert b"HTTP" not in answer
        assert place.here() == 0
        assert place.server.do(lambda _now: [one.state for one in place.room.door.tickets.values()]) == ["unused"]


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"SSH-2.0-x\r\n"])
def test_fault_39_a_seat_says_nothing_in_plain_text(monkeypatch: pytest.MonkeyPatch, greeting: bytes) -> None:
    """Whatever answers without TLS hears the opening of a TLS handshake and no word of ours."""
    monkeypatch.setattr("exercise.net.client.OPEN_S", 1.0)
    stranger = Stranger(None, greeting)
    line = Line(Way(LOOPBACK, stranger.port, "a" * 25), "lusab-babad-gutih")
    try:
        with pytest.raises(LineError) as stopped:
            line.open(patience_s=0.5)
        assert stopped.value.code in ("stranger", "unreachable")
    finally:
        line.close()
        stranger.close()
    assert b"lusab" not in stranger.heard
    assert b"GET" not in stranger.heard


def test_fault_39_an_older_tls_is_refused(tmp_path: pathlib.Path) -> None:
    """1.3 and nothing below, on both sides."""
    with hall(tmp_path) as place:
        old = tls.seat_context()
        old.minimum_version = ssl.TLSVersion.TLSv1_2
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with socket.create_connection((LOOPBACK, place.server.port)) as line, pytest.raises((ssl.SSLError, ConnectionError)):
            old.wrap_socket(line, server_hostname="room").recv(1)
        with raw(place, place.words("observer")):
            assert place.here() == 1
    assert tls.seat_context().minimum_version == ssl.TLSVersion.TLSv1_3
