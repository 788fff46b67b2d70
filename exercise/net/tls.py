"""The host's own key and certificate, and how a seat knows them again.

Nobody vouches for a host in a training room: its certificate is its own, made at the first start, and the ticket holds the fingerprint. A
seat compares that before it sends anything at all, and there is no way to go on when it differs.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import os
import pathlib
import secrets
import ssl
import stat

from exercise.net.ticket import fingerprint_text

YEARS = 25
"""How long a certificate is good for: nothing but its fingerprint is ever looked at."""
FOLDER_MODE = 0o700
FILE_MODE = 0o600
NAME = "host.pem"


class TlsError(Exception):
    """The host's key cannot be used. ``hint`` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def keys_folder() -> pathlib.Path:
    """Where this user's host keeps its keys."""
    import platformdirs  # noqa: PLC0415 - a seat's program does not need it

    return pathlib.Path(platformdirs.user_data_dir("situation-room")) / "host"


def host_identity(folder: pathlib.Path | None = None) -> pathlib.Path:
    """The file with the host's key and certificate, made if there is none. It is for its owner alone.

    Raises ``TlsError`` when it cannot be made, or when others may read it.
    """
    place = (folder or keys_folder()) / NAME
    try:
        if not place.exists():
            _make(place)
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            raise TlsError(f"{place} can be read by others", f"chmod 600 {place}, or delete it: a new one is made, with a new fingerprint")
    except OSError as error:
        raise TlsError(f"{place} cannot be made or read: {error.strerror or error}", "look at the folder's owner and mode") from error
    return place


def certificate_of(identity: pathlib.Path) -> bytes:
    """The certificate of a host, as it goes over the wire. Raises ``TlsError``."""
    text = identity.read_text(encoding="ascii", errors="replace")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    start, stop = text.find(begin), text.find(end)
    if start < 0 or stop < 0:
        raise TlsError(f"{identity} holds no certificate", "delete it: a new one is made, with a new fingerprint")
    try:
        certificate = ssl.PEM_cert_to_DER_cert(text[start : stop + len(end)])
    except ValueError:
        certificate = b""
    if not certificate:
        raise TlsError(f"{identity} holds a broken certificate", "delete it: a new one is made, with a new fingerprint")
    return certificate


def fingerprint_of(certificate: bytes) -> str:
    """A certificate's fingerprint as it stands in tickets and on the sheet."""
    return fingerprint_text(hashlib.sha256(certificate).digest())


def is_known(certificate: bytes | None, fingerprint: str) -> bool:
    """Whether this is the certificate that the ticket speaks of."""
    return certificate is not None and hmac.compare_digest(fingerprint_of(certificate), fingerprint)


def host_context(identity: pathlib.Path) -> ssl.SSLContext:
    """How the host speaks TLS: 1.3 and nothing older. Raises ``TlsError``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_cert_chain(identity)
    except (OSError, ssl.SSLError) as error:
        raise TlsError(f"{identity} holds no usable key", "delete it: a new one is made, with a new fingerprint") from error
    return context


def seat_context() -> ssl.SSLContext:
    """How a seat speaks TLS. No authority is asked: whoever uses this compares the fingerprint before anything is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _make(place: pathlib.Path) -> None:
    """Write key and certificate in one step: whoever starts at the same moment uses the one that was there first."""
    place.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    place.parent.chmod(FOLDER_MODE)
    fresh = place.with_name(f".{NAME}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    try:
        os.fchmod(handle, FILE_MODE)
        os.write(handle, _fresh_identity())
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(fresh, place)
    finally:
        fresh.unlink()


def _fresh_identity() -> bytes:
    # Three tenths of a second to import, once in the life of a host.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "situation-room")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))  # clocks in a training room differ
        .not_valid_after(now + datetime.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + certificate.public_bytes(serialization.Encoding.PEM)
