"""Examples of the OpenAPI document; each stands beside the shape it shows."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

KINDS = ("application/json", "multipart/form-data")


def example(value: dict[str, Any]) -> Any:
    """What a body of the decorated shape says."""

    def decorate(shape: Any) -> Any:
        shape.example = value
        said = [OpenApiExample("Contoh", value=value, media_type=kind) for kind in KINDS]
        return extend_schema_serializer(examples=said)(shape)

    return decorate
