"""The guide says what is sent, and its verification holds for a real delivery."""

import os
import re
import shutil
import signal
import socket
import subprocess
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from apps.webhooks import rules, services
from apps.webhooks.services.sending import headers_of
from tests.processes import await_that, free_port
from tests.webhooks.receiver import receiving
from tools.processes import die_with_parent

GUIDE = (Path(__file__).resolve().parents[2] / "docs/how-to/receive-webhooks.md").read_text()


@pytest.mark.django_db
def test_its_python_takes_what_is_sent_and_nothing_else(administrator, subscribed, settings):
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    said = {}
    exec(code, said)
    with receiving(settings=settings) as receiver:
        row, secret = subscribed(receiver)
        services.try_out(row.code, by=administrator)
        services.send_due(seconds=5)
    headers, body, _path = receiver.seen[0]
    assert said["is_genuine"](secret, headers, body)
    assert not said["is_genuine"](secret, headers, body + b" ")
    assert not said["is_genuine"]("whsec_" + "A" * 43 + "=", headers, body)
    assert not said["is_genuine"](secret, {**headers, "webhook-timestamp": "1"}, body)


def listens(port):
    with closing(socket.socket()) as asking:
        return not asking.connect_ex(("127.0.0.1", port))


@contextmanager
def php_receiver(folder, port, secret):
    """The guide's receiver behind the server that PHP brings."""
    (code,) = re.findall(r"```php\n(.*?)```", GUIDE, re.DOTALL)
    (folder / "terima.php").write_text(code)
    process = subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{port}", folder / "terima.php"],
        env={"PATH": os.environ["PATH"], "KUNCI_WEBHOOK": secret},
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, signal.SIGKILL),
    )
    try:
        await_that(lambda: listens(port), saying="PHP there")
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db
@pytest.mark.skipif(not shutil.which("php"), reason="there is no PHP on this machine")
def test_its_php_takes_what_is_sent_and_nothing_else(administrator, subscribed, settings, tmp_path):
    port = free_port()
    settings.OUTBOUND_ALLOWED = [f"127.0.0.1/32:{port}"]
    row, secret = subscribed(SimpleNamespace(url=f"http://127.0.0.1:{port}/terima"))
    (ping, other) = (services.try_out(row.code, by=administrator) for _turn in range(2))
    with php_receiver(tmp_path, port, secret):
        assert services.send_due(seconds=5) == 2
        headers, body = headers_of(ping), ping.body.encode()
        answers = {name: httpx.post(row.url, headers=sent, content=said).status_code for name, sent, said in (
            ("as it was", headers, body),
            ("another body", headers, body + b" "),
            ("another id", {**headers, "webhook-id": str(other.pk)}, body),
            ("another signature", {**headers, "webhook-signature": "v1," + "A" * 43 + "="}, body),
            ("two signatures", {**headers, "webhook-signature": "v1,x " + headers["webhook-signature"]}, body),
            ("long ago", {**headers, "webhook-timestamp": "1"}, body),
            ("nothing of ours", {}, body),
        )}  # fmt: skip
    assert set(row.deliveries.values_list("status", "tries__status_code")) == {("sent", 204)}
    assert {name for name, status in answers.items() if status == 204} == {"as it was", "two signatures"}
    assert {status for status in answers.values() if status != 204} == {401}


def test_it_names_every_type():
    table = GUIDE.partition("| `type`")[2].partition("\n\n")[0]
    named, noun = set(), ""
    for word in re.findall(r"`([a-z_]*\.[a-z_]+)`", table):
        noun = word.split(".")[0] or noun
        named.add(f"{rules.PREFIX}{noun}.{word.split('.')[1]}")
    assert named == set(rules.TYPES)
