"""What must not be reached, and whoever tries: a listener, every connect of this process, and a resolver of our own."""

import socket
import socketserver
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from itertools import cycle

REAL_LOOK_UP = socket.getaddrinfo
_watch = None


class Canary(socketserver.ThreadingTCPServer):
    """Listens on every address of this machine, IPv4 and IPv6, and counts who comes."""

    address_family = socket.AF_INET6
    allow_reuse_address = daemon_threads = True

    def __init__(self):
        self.visits = 0
        super().__init__(("::", 0), _Singing)

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    @property
    def port(self):
        return self.server_address[1]

    def verify_request(self, request, client_address):
        self.visits += 1
        return True


class _Singing(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving(server):
    """The server in a thread of its own."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _hear(event, arguments):
    if event == "socket.connect" and _watch is not None:
        address = arguments[1][:2] if isinstance(arguments[1], tuple) else arguments[1]
        _watch.append(address)
        if (
            isinstance(address, tuple)
            and not ip_address(address[0].partition("%")[0]).is_loopback
            and address[0] not in HERE
        ):
            raise ConnectionRefusedError("the test lets nothing leave this machine")


HERE = ("0.0.0.0", "::", "::ffff:127.0.0.1", "::ffff:7f00:1")
sys.addaudithook(_hear)


@contextmanager
def watching():
    """Every (address, port) a socket of this process is sent to, as the interpreter itself reports it."""
    global _watch
    _watch = []
    try:
        yield _watch
    finally:
        _watch = None


class Resolver:
    """Stands in for the system's resolver: a name gives its next list of addresses each time it is asked."""

    def __init__(self, names):
        self.names = {name: cycle(answers) for name, answers in names.items()}
        self.asked = []

    def __call__(self, host, port, *args, **kwargs):
        host = host.decode() if isinstance(host, bytes) else host
        self.asked.append(host)
        answers = self.names.get(host.lower().removesuffix("."))
        if answers is None:
            return REAL_LOOK_UP(host, port, type=socket.SOCK_STREAM, flags=_literal_only(host))
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return [_row(address, port) for address in found]


def _literal_only(host):
    return 0 if host == "localhost" else socket.AI_NUMERICHOST


def _row(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    place = (address, port, 0, 0) if ":" in address else (address, port)
    return family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place
