"""Conditional GET (RFC 9110, 13): an answer that the client has already is not sent again."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, patch_vary_headers

API = "/api/v1/"
BY_READER = ("Authorization", "Cookie", "Accept-Language")


def tag_of(request: HttpRequest, *state: object) -> str:
    """The weak ETag of what this address answers while `state` stands: a list's, known before the list is read."""
    asked = "\n".join(map(str, (request.build_absolute_uri(), *state)))
    return f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'


def asks_conditionally(request: HttpRequest) -> bool:
    """Whether the answer may depend on its tag, so that the tag is worth knowing before the rest."""
    return any(name in request.META for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"))


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 when the client named this state, else None."""
    answer = get_conditional_response(request, etag=tag)
    return told(answer, tag) if answer else None


def told(answer: HttpResponse, tag: str) -> HttpResponse:
    """The answer with its tag, to be asked for again each time it is used: caches keep nothing longer than it is true."""
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    patch_vary_headers(answer, BY_READER)
    return answer


class ConditionalApiMiddleware(ConditionalGetMiddleware):
    """Answers of the API that no view has given a tag get one of their content: the work is done, the way is spared."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not request.path_info.startswith(API) or response.has_header("ETag"):
            return response
        patch_vary_headers(response, BY_READER)
        return super().process_response(request, response)
