"""The OpenAPI document."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SCHEMA_KWARGS, SpectacularAPIView
from rest_framework.request import Request


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
