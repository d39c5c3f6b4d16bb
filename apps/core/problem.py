"""API refusals as problem+json (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from apps.core.errors import STALE, RuleViolation, StaleVersion, VersionMissing
from apps.core.logging import request_id

CONTENT_TYPE = "application/problem+json"


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map every refusal of the services and of DRF to one body; None lets an unforeseen error become a 500."""
    known = _known(error)
    if known:
        set_rollback()
        return problem(*known)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    return _from_drf(error, response)


UNSEEN = {  # what no view answered
    400: exceptions.ParseError,
    403: exceptions.PermissionDenied,
    404: exceptions.NotFound,
    500: exceptions.APIException,
}


def problem(code: int, slug: str, detail: str, errors: list[dict] | None = None) -> Response:
    """One problem+json answer; `errors` lists {"field": path, "message": text}."""
    return Response(told(code, slug, detail, errors), status=code, content_type=CONTENT_TYPE)


def as_document(code: int) -> JsonResponse:
    """The same for a request that reached no view, or whose view broke."""
    kind = UNSEEN[code]
    return JsonResponse(told(code, kind.default_code, str(kind.default_detail)), status=code, content_type=CONTENT_TYPE)


def told(code: int, slug: str, detail: str, errors: list[dict] | None = None) -> dict[str, Any]:
    """What a refusal says."""
    body: dict[str, Any] = {
        "type": f"urn:spbe:problem:{slug}",
        "title": slug.replace("_", " "),
        "status": code,
        "detail": detail,
        "request_id": request_id.get(),
    }
    if errors:
        body["errors"] = errors
    return body


def _known(error: Exception) -> tuple | None:
    match error:
        case RuleViolation():
            return status.HTTP_409_CONFLICT, error.code, error.message
        case StaleVersion():
            changed = [{"field": name, "message": _("Sudah berubah.")} for name in error.changed]
            return status.HTTP_412_PRECONDITION_FAILED, "stale_version", _(STALE), changed
        case VersionMissing():
            return 428, "version_missing", _("Sertakan kepala If-Match berisi versi yang Anda baca.")
        case ValidationError():
            return status.HTTP_400_BAD_REQUEST, "invalid", _("Isian belum benar."), _fields(error)
    return None


def _fields(error: ValidationError) -> list[dict]:
    if hasattr(error, "error_dict"):
        return [{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
    return [{"field": "", "message": text} for text in error.messages]


def _from_drf(error: Exception, response: Response) -> Response:
    slug = {Http404: "not_found", PermissionDenied: "permission_denied"}.get(type(error)) or getattr(
        error, "default_code", "error"
    )
    if isinstance(error, exceptions.ValidationError):
        answer = problem(400, "invalid", _("Isian belum benar."), list(_flat(response.data)))
    else:
        answer = problem(response.status_code, slug, str(response.data.get("detail", "")))
    for header in ("WWW-Authenticate", "Retry-After", "Allow"):
        if header in response.headers:
            answer[header] = response.headers[header]
    return answer


def _flat(value: Any, path: str = "") -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{path}[{index}]" if nested else path)
    else:
        yield {"field": path, "message": str(value)}
