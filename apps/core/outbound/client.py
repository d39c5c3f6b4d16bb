"""The request itself: to the examined address and no other, within one budget of time and bytes."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import httpcore
from cryptography import x509

from apps.core.outbound.targets import Policy, Target, examine

USER_AGENT = "PortofolioSPBE/1.0"
REDIRECTS = {301, 302, 303, 307, 308}
_CHUNK = 8192


class Unanswered(Exception):
    """The address was allowed, but no answer came; `kind` is connect, timeout, tls, certificate or protocol."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Answer:
    """What came back; `hops` are the addresses asked, the last one gave this answer."""

    status: int
    headers: dict[str, str]
    body: bytes
    hops: tuple[str, ...]
    milliseconds: int
    certificate_ends: datetime | None = None

    @property
    def url(self) -> str:
        return self.hops[-1]


def fetch(
    url: str,
    policy: Policy | None = None,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    content: bytes = b"",
    agent: str = USER_AGENT,
    trusting: bool = False,
) -> Answer:
    """Ask `url`, following redirects that pass the same examination; Refused, Unanswered.

    `headers` and `content` go to the first address only, `agent` to all. `trusting` accepts any certificate: for asking whether somebody answers,
    never for sending or believing anything.
    """
    policy = policy or Policy.of_installation()
    budget = _Budget(policy)
    hops: list[str] = []
    while True:
        target = examine(url, policy, budget.left())
        hops.append(target.url)
        sent = {"User-Agent": agent, **(headers or {} if len(hops) == 1 else {})}
        body = content if len(hops) == 1 else b""
        answer = _ask(target, budget, method, sent, trusting, tuple(hops), body)
        url = urljoin(target.url, answer.headers.get("location", ""))
        if answer.status not in REDIRECTS or "location" not in answer.headers or len(hops) > policy.redirects:
            return answer


class _Budget:
    """Seconds and bytes for the whole of a request with its redirects."""

    def __init__(self, policy: Policy) -> None:
        self.started = time.monotonic()
        self.seconds = policy.seconds
        self.bytes = policy.largest

    def left(self) -> float:
        """Seconds; never nothing, which a socket would read as no limit or as not to wait."""
        return max(self.started + self.seconds - time.monotonic(), 0.001)

    def spent(self) -> bool:
        return self.bytes <= 0 or time.monotonic() >= self.started + self.seconds

    def milliseconds(self) -> int:
        return round((time.monotonic() - self.started) * 1000)


class _Stream(httpcore.NetworkStream):
    """A connection that stops when the budget is spent, however slowly the bytes drip."""

    def __init__(self, stream: httpcore.NetworkStream, budget: _Budget) -> None:
        self.stream, self.budget = stream, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.budget.spent():
            raise httpcore.ReadTimeout
        received = self.stream.read(min(max_bytes, self.budget.bytes), self.budget.left())
        self.budget.bytes -= len(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.budget.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> "_Stream":
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, self.budget.left()), self.budget)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


class _Pinned(httpcore.NetworkBackend):
    """Connects to the examined addresses whatever name it is given; looks up nothing."""

    def __init__(self, target: Target, budget: _Budget) -> None:
        self.target, self.budget = target, budget
        self.backend = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        failure: Exception = httpcore.ConnectError()
        for place, address in enumerate(self.target.addresses):
            share = self.budget.left() / (len(self.target.addresses) - place)
            try:
                return _Stream(self.backend.connect_tcp(str(address), self.target.port, share), self.budget)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable | None = None
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError


def _ask(
    target: Target,
    budget: _Budget,
    method: str,
    headers: dict[str, str],
    trusting: bool,
    hops: tuple[str, ...],
    content: bytes,
) -> Answer:
    """One request to one examined target."""
    sent = {"Host": target.authority, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **headers}
    if content:
        sent["Content-Length"] = str(len(content))
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    context = _context(trusting) if target.scheme == "https" else None
    try:
        with (
            httpcore.ConnectionPool(ssl_context=context, network_backend=_Pinned(target, budget)) as pool,
            pool.stream(method, url, headers=list(sent.items()), content=content) as response,
        ):
            milliseconds = budget.milliseconds()
            ends = _certificate_ends(response)
            heads = {_text(name).lower(): _text(value) for name, value in response.headers}
            return Answer(response.status, heads, _body(response, budget), hops, milliseconds, ends)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise Unanswered(_kind(error)) from error


def _body(response: httpcore.Response, budget: _Budget) -> bytes:
    """As much of the body as the budget holds; what came is kept when it is spent."""
    received = bytearray()
    try:
        for part in response.iter_stream():
            received += part
    except httpcore.TimeoutException:
        if not budget.spent():
            raise
    return bytes(received)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _kind(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "timeout"
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(cause, ssl.SSLError):
        return "tls"
    return "protocol" if isinstance(error, httpcore.ProtocolError) else "connect"


@lru_cache
def _context(trusting: bool) -> ssl.SSLContext:
    """The system's certificates; a trusting one speaks with old and badly certified servers too."""
    if not trusting:
        return ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def _certificate_ends(response: httpcore.Response) -> datetime | None:
    """When the server's certificate expires."""
    wrapped = response.extensions["network_stream"].get_extra_info("ssl_object")
    encoded = wrapped.getpeercert(True) if wrapped else None
    try:
        return x509.load_der_x509_certificate(encoded).not_valid_after_utc if encoded else None
    except ValueError:
        return None
