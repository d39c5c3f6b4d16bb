"""Asking one route as one person, and what the answer means for rights."""

import json

from django.db import transaction
from django.urls import reverse

OPEN, FORBIDDEN, HIDDEN, SIGN_IN, NO_METHOD = "open", "forbidden", "hidden", "sign in", "no such method"
REASON = "Alasan yang cukup panjang"
STALE = 999_999  # a version no row has
MEANINGS = {401: SIGN_IN, 403: FORBIDDEN, 404: HIDDEN, 405: NO_METHOD}


def ask(client, route, method, arguments, body=None, *, junk=False):
    """The answer of a route; whatever it did is undone.

    `body` is what is asked (GET) or typed. Without it an act comes without version and with nothing filled in; with `junk`
    it comes with a stale version and a field nobody knows. Who may act hears of that (400, 409, 412, 428), who may not
    hears only that.
    """
    address = reverse(route, kwargs=arguments)
    with transaction.atomic():
        answer = _ask(client, address, method, body, junk, is_api=route.startswith("api-"))
        transaction.set_rollback(True)
    return answer


def send(client, route, method, arguments, body, version):
    """An act as somebody would do it who has read the object: with its version, a reason and what the act asks."""
    address = reverse(route, kwargs=arguments)
    if method == "GET":
        return client.get(address)
    if route.startswith("api-"):
        headers = {"If-Match": f'"{version}"'}
        return client.generic(method, address, json.dumps(body), content_type="application/json", headers=headers)
    act = route.partition(":")[2]
    return client.post(address, {"version": version, "reason": REASON, f"{act}-reason": REASON, **body})


def _ask(client, address, method, body, junk, *, is_api):
    if method == "GET":
        return client.get(address, body)
    if is_api:
        headers = {"If-Match": f'"{STALE}"'} if junk else {}
        content = '{"nonsense": 1}' if junk else "{}"
        return client.generic(method, address, content, content_type="application/json", headers=headers)
    if method == "POST":
        return client.post(address, {"version": STALE, "nonsense": "1"} if junk else body or {})
    return client.generic(method, address)


def meaning(answer, method="GET"):
    """What an answer says about the person's right."""
    if answer.status_code == 302 and answer["Location"].startswith("/masuk/?"):
        return SIGN_IN
    unready = answer.path == "/readyz" and answer.status_code == 503
    assert answer.status_code < 500 or unready, (method, answer.path, answer.status_code)
    said = MEANINGS.get(answer.status_code, OPEN)
    assert method != "GET" or said != OPEN or answer.status_code < 400 or unready, (answer.path, answer.status_code)
    return said
