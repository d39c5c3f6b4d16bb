"""A creating request that a client may send twice: the same Idempotency-Key gives the same answer and acts once.

The header of the IETF draft “The Idempotency-Key HTTP Header Field”. What took effect is kept in the transaction of its act, so
neither is there without the other; a refusal changed nothing and is judged anew.
"""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from apps.core.models import IdempotentAnswer
from apps.core.services import keep_answer

HEADER, LONGEST = "Idempotency-Key", 200
KEPT_HEADERS = ("ETag", "Location")
TOLD = (
    "Kunci permintaan ini. Dikirim lagi dengan kunci dan isi yang sama dalam 24 jam, jawabannya sama dan tidak terjadi dua kali;"
    " isi lain ditolak 422; selagi yang pertama masih dikerjakan 409."
)


class InFlight(APIException):
    """The first request with this key is still being worked on."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "in_flight"


class OtherBody(APIException):
    """The key was used for another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"


class Repeatable:
    """Views whose POST answers a repeated Idempotency-Key without acting again; every POST of the API is one."""

    gives_secrets = False  # an answer shown once is kept nowhere

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get(HEADER)
        client = _client(request)
        if request.method != "POST" or key is None or client is None:
            return
        self._refuse_unfit(key)
        self.post = partial(answer_once, client, key, self.post, request)  # type: ignore[has-type]

    def _refuse_unfit(self, key: str) -> None:
        if self.gives_secrets:
            raise ValidationError(
                {HEADER: [_("Jawaban ini hanya tampil sekali dan tidak disimpan. Kirim tanpa kunci.")]}
            )
        if not key.strip() or len(key) > LONGEST:
            raise ValidationError({HEADER: [_("Kunci berisi 1 sampai 200 karakter.")]})


@transaction.atomic
def answer_once(
    client: str, key: str, act: Callable[..., Response], known: Request, /, request: Request, *args: Any, **kwargs: Any
) -> Response:
    """What was answered to this key, or the act's answer, kept when it took effect; InFlight, OtherBody."""
    if not _alone(client, key):
        raise InFlight(_("Permintaan pertama dengan kunci ini masih dikerjakan. Ulangi sebentar lagi."))
    kept = IdempotentAnswer.objects.filter(client=client, key=key).first()
    if kept is None:
        answer = act(request, *args, **kwargs)
        if answer.status_code < status.HTTP_400_BAD_REQUEST:
            headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
            body = json.loads(json.dumps(answer.data, cls=JSONEncoder))
            keep_answer(client, key, digest(known), status_code=answer.status_code, body=body, headers=headers)
        return answer
    if kept.request_hash != digest(known):
        raise OtherBody(_("Kunci ini sudah dipakai untuk permintaan lain. Pakai kunci baru."))
    return Response(kept.body, status=kept.status_code, headers=kept.headers)


def digest(request: Request) -> str:
    """SHA-256 of what is asked: path, version and body, files by their content."""
    body = request.data
    if isinstance(body, QueryDict):
        body = {name: [_content(value) for value in values] for name, values in sorted(body.lists())}
    asked = [request.get_full_path(), request.headers.get("If-Match", ""), body]
    return hashlib.sha256(json.dumps(asked, sort_keys=True, cls=JSONEncoder).encode()).hexdigest()


def _content(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    found = hashlib.sha256()
    for chunk in value.chunks():
        found.update(chunk)
    value.seek(0)
    return f"{value.name} {found.hexdigest()}"


def _client(request: Any) -> str | None:
    """The token, else the person in the role; nobody has no keys."""
    if request.auth is not None:
        return f"{type(request.auth).__name__}:{request.auth.pk}"
    by = request.actor
    return f"person:{by.person_id}:{by.membership_id}" if by.is_authenticated else None


def _alone(client: str, key: str) -> bool:
    """Whether no other request works under this key; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"{client} {key}"])
        return cursor.fetchone()[0]


def describe(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """The key and its refusals at every POST of the OpenAPI document; a hook of drf-spectacular."""
    for operations in result["paths"].values():
        if "post" not in operations:
            continue
        operation = operations["post"]
        operation.setdefault("parameters", []).append(
            {"in": "header", "name": HEADER, "schema": {"type": "string", "maxLength": LONGEST}, "description": TOLD}
        )
        for code in ("400", "409", "422"):
            operation["responses"].setdefault(code, {})
    return result
