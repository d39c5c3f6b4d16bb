"""The OpenAPI document."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SCHEMA_KWARGS, SpectacularAPIView
from rest_framework.request import Request

PROBLEM_TYPE = "application/problem+json"
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Mengapa permintaan ditolak (RFC 9457).",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Macamnya, tidak berubah: urn:spbe:problem:…"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "Apa yang keliru dan apa yang dapat dilakukan."},
        "request_id": {"type": "string", "description": "Sebutkan bila menghubungi pengelola."},
        "errors": {
            "type": "array",
            "description": "Isian yang keliru, satu baris untuk tiap pesan.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
WHEN = {  # status: what its `type` ends in, most often, and what it means
    "400": ("invalid", "Isian atau parameter belum benar; `errors` menyebut yang mana."),
    "401": ("not_authenticated", "Belum masuk, atau token tidak berlaku."),
    "403": ("permission_denied", "Tidak berwenang."),
    "404": ("not_found", "Tidak ada, atau tidak untuk Anda."),
    "406": ("not_acceptable", "Bentuk yang diminta kepala Accept tidak tersedia."),
    "409": ("wrong_state", "Tidak sesuai dengan keadaan sekarang."),
    "410": ("unknown_position", "Posisi ini tidak pernah ada; mulai lagi dari 0."),
    "412": ("stale_version", "Sudah diubah orang lain sejak Anda membacanya."),
    "415": ("unsupported_media_type", "Bentuk isi ini tidak diterima; lihat requestBody."),
    "422": ("key_reused", "Idempotency-Key ini sudah dipakai untuk permintaan lain."),
    "428": ("version_missing", "Sertakan If-Match berisi versi yang Anda baca."),
    "429": ("throttled", "Terlalu banyak permintaan."),
}
UNCHANGED = "Belum berubah sejak yang Anda punya (If-None-Match)."
ETAG = {"description": "Versi jawaban ini, untuk If-None-Match; milik satu benda juga untuk If-Match.",
        "schema": {"type": "string", "pattern": '^(W/)?"[^"]*"$'}}  # fmt: skip
RETRY_AFTER = {"description": "Detik sampai boleh mencoba lagi.", "required": True,
               "schema": {"type": "integer", "minimum": 0}}  # fmt: skip


def complete(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """What every operation answers alike: refusals as problem+json, 304 and ETag; a hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    result["components"]["responses"] = {f"Refused{code}": _refused(code) for code in WHEN}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _refusals(method, operation)
            _versions(method, operation["responses"])
    return result


def _refusals(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    everywhere = ["400", "401", "403", "404", "406", "429"]
    for code in everywhere + (["415"] if "requestBody" in operation else []):
        responses.setdefault(code, {})
    for code in [code for code in responses if code >= "400"]:
        responses[code] = {"$ref": f"#/components/responses/Refused{code}"}
    operation["responses"] = dict(sorted(responses.items()))


def _refused(code: str) -> dict[str, Any]:
    slug, meaning = WHEN[code]
    shown: dict[str, Any] = {
        "type": f"urn:spbe:problem:{slug}",
        "title": slug.replace("_", " "),
        "status": int(code),
        "detail": meaning,
        "request_id": "4f1c2a9be0d74c55",
    }
    if code == "400":
        shown["errors"] = [{"field": "reason", "message": "Bidang ini harus diisi."}]
    said = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": shown}
    headers = {"headers": {"Retry-After": RETRY_AFTER}} if code == "429" else {}
    return {"description": meaning, "content": {PROBLEM_TYPE: said}, **headers}


def _versions(method: str, responses: dict[str, Any]) -> None:
    if method != "get":
        return
    responses.setdefault("304", {"description": UNCHANGED})
    responses.setdefault("412", {"description": "If-Match yang ikut dikirim bukan versi jawaban ini."})
    for code in ("200", "304"):
        if code in responses:
            responses[code].setdefault("headers", {})["ETag"] = ETAG


class SchemaView(SpectacularAPIView):
    """Says the same to everybody and takes a second to write, so a process writes it once per language and form."""

    written: ClassVar[dict[tuple[str, str], tuple[bytes, dict[str, str]]]] = {}

    @extend_schema(**SCHEMA_KWARGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if set(request.query_params) - {"format"}:
            return super().get(request, *args, **kwargs)
        key = get_language(), request.accepted_renderer.media_type
        if key not in self.written:
            answer = self.finalize_response(request, super().get(request, *args, **kwargs)).render()
            self.written[key] = answer.content, dict(answer.headers)
        content, headers = self.written[key]
        return HttpResponse(content, headers=headers)
