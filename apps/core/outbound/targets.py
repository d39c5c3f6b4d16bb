"""From a typed address to the IP addresses a connection may go to, or the reason why there is none."""

import re
import socket
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network
from queue import Empty, SimpleQueue
from typing import Self
from urllib.parse import SplitResult, quote, urlsplit

import idna
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from apps.core.outbound import addresses
from apps.core.outbound.addresses import Address, Network

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2000
# An allowed range is an office's network, never half the internet.
WIDEST = {4: 8, 6: 7}
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_BRACKETS = re.compile(r"\[[0-9a-fA-F:.]+\](?::[0-9]*)?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
_NAME_UNKNOWN = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class Reason(StrEnum):
    """Why no connection is made."""

    SYNTAX = "syntax"
    SCHEME = "scheme"
    CREDENTIALS = "credentials"
    HOST = "host"
    PORT = "port"
    ADDRESS = "address"
    NAME_GONE = "name_gone"
    NAME_UNANSWERED = "name_unanswered"


class Refused(Exception):
    """The client does not go there; nothing was sent."""

    def __init__(self, reason: Reason, subject: str = "") -> None:
        super().__init__(f"{reason}: {subject}" if subject else str(reason))
        self.reason = reason
        self.subject = subject


@dataclass(frozen=True)
class Place:
    """A range of inner addresses and the one port that is open to the client there."""

    network: Network
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "10.20.0.0/16:8080" or "[fd12::/48]:443"; ImproperlyConfigured when it is neither, or too wide."""
        range_, _colon, port = text.strip().rpartition(":")
        try:
            network, number = ip_network(range_.removeprefix("[").removesuffix("]")), int(port)
        except ValueError as error:
            raise ImproperlyConfigured(f"OUTBOUND_ALLOWED: {text!r} is not NETWORK:PORT") from error
        if network.prefixlen < WIDEST[network.version] or not 0 < number < 65536:
            raise ImproperlyConfigured(f"OUTBOUND_ALLOWED: {text!r} is too wide or has no such port")
        return cls(network, number)

    def holds(self, address: Address, port: int) -> bool:
        return port == self.port and address.version == self.network.version and address in self.network


@dataclass(frozen=True)
class Policy:
    """What the client may do; an allowed place opens that range on that port and switches nothing else off."""

    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    allowed: tuple[Place, ...] = ()
    seconds: float = 10.0  # for everything together, redirects included
    largest: int = 64 * 1024  # bytes received, heads included
    redirects: int = 5

    @classmethod
    def of_installation(cls) -> Self:
        """80 and 443, the ports and the inner places of the settings."""
        ports = frozenset(DEFAULT_PORTS.values()) | frozenset(settings.OUTBOUND_PORTS)
        return cls(ports=ports, allowed=tuple(Place.parse(text) for text in settings.OUTBOUND_ALLOWED))

    def permits(self, address: Address, port: int) -> bool:
        """Whether a connection may be made to this address and port."""
        if any(place.holds(address, port) for place in self.allowed):
            return True
        return port in self.ports and addresses.is_public(address)

    def knows_port(self, port: int) -> bool:
        return port in self.ports or any(place.port == port for place in self.allowed)


@dataclass(frozen=True)
class Target:
    """A typed address taken apart, with the IP addresses it stood for at that moment."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[Address, ...] = field(default=(), compare=False)

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def examine(url: str, policy: Policy, seconds: float | None = None) -> Target:
    """Take `url` apart, look its name up once, and hold every address of it against the policy; Refused."""
    target = parse(url)
    if not policy.knows_port(target.port):
        raise Refused(Reason.PORT, str(target.port))
    found = look_up(target.host, target.port, policy.seconds if seconds is None else seconds)
    for address in found:
        if not policy.permits(address, target.port):
            raise Refused(Reason.ADDRESS, str(address))
    return Target(target.scheme, target.host, target.port, target.path, found)


def parse(url: str) -> Target:
    """The parts of `url` in one strict reading: nothing a browser would read otherwise; Refused."""
    if not url or len(url) > LONGEST_URL or _FORBIDDEN.search(url):
        raise Refused(Reason.SYNTAX)
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise Refused(Reason.SYNTAX) from error
    if split.scheme not in DEFAULT_PORTS:
        raise Refused(Reason.SCHEME, split.scheme)
    if "@" in split.netloc:
        raise Refused(Reason.CREDENTIALS)
    if not split.hostname:
        raise Refused(Reason.HOST)
    return Target(split.scheme, _host(split), DEFAULT_PORTS[split.scheme] if port is None else port, _path(split))


def _host(split: SplitResult) -> str:
    """The name or number in its one canonical form; numbers in any other notation are refused."""
    name = split.hostname or ""
    if "[" in split.netloc or "]" in split.netloc:
        if not _BRACKETS.fullmatch(split.netloc):
            raise Refused(Reason.HOST, split.netloc)
        return _literal(name)
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            raise Refused(Reason.HOST, name) from error
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused(Reason.HOST, name)
    return _literal(name) if _NUMBER.fullmatch(labels[-1]) else name


def _literal(text: str) -> str:
    address = _as_address(text)
    if address is None:
        raise Refused(Reason.HOST, text)
    return str(address)


def _path(split: SplitResult) -> str:
    path = quote(split.path, safe="/%:@!$&'()*+,;=-._~") or "/"
    query = quote(split.query, safe="/%:@!$&'()*+,;=-._~?[]")
    return f"{path}?{query}" if query else path


def look_up(host: str, port: int, seconds: float) -> tuple[Address, ...]:
    """The addresses of a host, asked once; a name that is unknown or unanswered within `seconds` is Refused."""
    literal = _as_address(host)
    if literal is not None:
        return (literal,)
    answer: SimpleQueue = SimpleQueue()
    # The system's resolver knows no time limit, so it is asked beside us and left behind when it is late.
    threading.Thread(target=_ask, args=(host, port, answer), daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except Empty:
        raise Refused(Reason.NAME_UNANSWERED, host)
    if isinstance(found, Exception):
        gone = isinstance(found, socket.gaierror) and found.errno in _NAME_UNKNOWN
        raise Refused(Reason.NAME_GONE if gone else Reason.NAME_UNANSWERED, host) from found
    if not found:
        raise Refused(Reason.NAME_GONE, host)
    return found


def _ask(host: str, port: int, answer: SimpleQueue) -> None:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.put(tuple(dict.fromkeys(ip_address(row[4][0]) for row in rows)))
    except (OSError, ValueError) as error:
        answer.put(error)


def _as_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
