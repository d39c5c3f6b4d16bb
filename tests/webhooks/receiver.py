"""A system that receives webhooks on this machine, and checks signatures with what the specification says and nothing of ours."""

import base64
import hashlib
import hmac
import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler


class Receiver(socketserver.ThreadingTCPServer):
    """Keeps each request; answers with `statuses` in turn, the last one for ever; holds an answer back until `released`."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *statuses, hold=False):
        self.statuses, self.seen, self.hold = list(statuses) or [204], [], hold
        self.came, self.released = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), _Receiving)

    @property
    def port(self):
        return self.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/terima?dari=register"

    def handle_error(self, request, client_address):
        pass


class _Receiving(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(({name.lower(): value for name, value in self.headers.items()}, body, self.path))
        self.server.came.set()
        if self.server.hold:
            self.server.released.wait(30)
        statuses = self.server.statuses
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{self.server.port}/lain")
        text = b"RAHASIA-PENERIMA"
        self.send_header("X-Rahasia", "RAHASIA-KEPALA")
        self.send_header("Content-Length", "0" if status == 204 else str(len(text)))
        self.end_headers()
        if status != 204:
            self.wfile.write(text)

    def do_GET(self):
        self.server.seen.append((dict(self.headers), b"", self.path))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def receiving(*statuses, settings=None, hold=False):
    """A receiver whose place the installation has opened."""
    with Receiver(*statuses, hold=hold) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        if settings:
            settings.OUTBOUND_ALLOWED = [f"127.0.0.1/32:{server.port}"]
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()


def verifies(secret, headers, body):
    """Standard Webhooks: one of the signatures is HMAC-SHA256 of id.timestamp.body with the base64 after whsec_."""
    key = base64.b64decode(secret[len("whsec_") :])
    said = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    expected = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    given = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, value in given)


def event_of(body):
    return json.loads(body)
