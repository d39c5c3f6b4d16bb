"""Filtersets as large as what is asked of them."""

from functools import lru_cache

from django_filters import FilterSet


@lru_cache(maxsize=256)
def narrowed(whole: type[FilterSet], names: frozenset[str]) -> type[FilterSet]:
    """The filterset with these of its filters alone: it copies all it has, and the fields of its form, for each request."""
    part = type(whole.__name__, (whole,), {"__module__": whole.__module__, "__doc__": whole.__doc__})
    part.base_filters = {name: kept for name, kept in whole.base_filters.items() if name in names}
    return part
