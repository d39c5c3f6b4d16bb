"""The guide says what is sent, and its verification holds for a real delivery."""

import re
from pathlib import Path

import pytest

from apps.webhooks import rules, services
from tests.webhooks.receiver import receiving

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


def test_it_names_every_type():
    table = GUIDE.partition("| `type`")[2].partition("\n\n")[0]
    named, noun = set(), ""
    for word in re.findall(r"`([a-z_]*\.[a-z_]+)`", table):
        noun = word.split(".")[0] or noun
        named.add(f"{rules.PREFIX}{noun}.{word.split('.')[1]}")
    assert named == set(rules.TYPES)
