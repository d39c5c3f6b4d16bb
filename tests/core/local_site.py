"""A small web server on this machine that answers, redirects, drips and floods as asked."""

import socketserver
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class Site(socketserver.ThreadingTCPServer):
    """On 127.0.0.1; keeps each request's (method, path, headers) in `seen`."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, certificate=None):
        self.seen = []
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Answering)
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def port(self):
        return self.server_address[1]

    def page(self, path):
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def redirecting(self, target, status=302):
        return self.page(f"/pindah?status={status}&ke={quote(target, safe='')}")

    def answering(self, status):
        return self.page(f"/status?status={status}")

    def handle_error(self, request, client_address):
        pass


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        split = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(split.query).items()}
        getattr(self, {"/pindah": "move", "/banjir": "flood", "/tetes": "drip"}.get(split.path, "plain"))(asked)

    do_HEAD = do_GET

    def plain(self, asked):
        known = asked.get("etag")
        same = known and self.headers.get("If-None-Match") == f'"{known}"'
        status = 304 if same else int(asked.get(self.command.lower(), asked.get("status", 200)))
        self.send_response(status)
        if known:
            self.send_header("ETag", f'"{known}"')
        self.send_header("Content-Length", "0" if status == 304 else "5")
        self.end_headers()
        if self.command == "GET" and status != 304:
            self.wfile.write(b"halo\n")

    def move(self, asked):
        self.send_response(int(asked["status"]))
        self.send_header("Location", asked["ke"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def flood(self, asked):
        self.send_response(200)
        self.end_headers()
        for _turn in range(10_000):
            self.wfile.write(b"x" * 65536)

    def drip(self, asked):
        """A byte of an endless head now and then."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.released.wait(0.05):
            self.wfile.write(b"X")
            self.wfile.flush()

    def log_message(self, *args):
        pass


def certificate(path, *, days=40, name="127.0.0.1"):
    """A self-signed certificate with its key in one file; the instant it ends."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now + timedelta(days=days)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(min(now, ends) - timedelta(days=400))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return ends
