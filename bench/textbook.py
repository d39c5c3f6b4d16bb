"""What a developer writes first: the sides the product is measured against, served by the same server on the same rows."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spbe_portfolio.settings")
django.setup()
settings.ROOT_URLCONF = __name__

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import filters, generics, pagination, serializers  # noqa: E402

from apps.accounts.models import Organization  # noqa: E402
from apps.inventory.models import Address, Application, ReferenceCode  # noqa: E402

SHOWN = 50
PAGE = """<table><thead><tr><th>Kode</th><th>Nama</th><th>OPD</th><th>Keadaan</th><th>Putusan</th><th>Pengguna</th><th>Biaya</th>
<th>Kelengkapan</th></tr></thead><tbody>{% for one in rows %}<tr><td>{{ one.code }}</td><td>{{ one.name }}</td>
<td>{{ one.owner.name }}</td><td>{{ one.get_status_display }}</td><td>{{ one.standing.last_verdict }}</td>
<td>{{ one.standing.active_users }}</td><td>{{ one.yearly_cost }}</td><td>{{ one.standing.completeness }}</td></tr>{% endfor %}
</tbody></table>"""
TABLE = engines["django"].from_string(PAGE)


class OwnerSerializer(serializers.ModelSerializer):
    """The office that owns a record."""

    class Meta:
        model = Organization
        fields = ("code", "name", "short_name")


class AddressSerializer(serializers.ModelSerializer):
    """Where a record is opened."""

    class Meta:
        model = Address
        fields = ("url", "kind")


class ReferenceCodeSerializer(serializers.ModelSerializer):
    """A code of the reference architecture."""

    class Meta:
        model = ReferenceCode
        fields = ("code", "name")


class ApplicationSerializer(serializers.ModelSerializer):
    """Every column of a record and the rows beside it."""

    owner = OwnerSerializer()
    addresses = AddressSerializer(many=True)
    reference_codes = ReferenceCodeSerializer(many=True)

    class Meta:
        model = Application
        exclude = ("search", "name_key", "name_core", "purpose_key")


class Pages(pagination.CursorPagination):
    """Keyset pages, so that the way of paging makes no difference."""

    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = "pk"


class ApplicationList(generics.ListAPIView):
    """Records as the textbook lists them: joined and prefetched, serialised field by field."""

    queryset = Application.objects.select_related("owner").prefetch_related("addresses", "reference_codes")
    serializer_class = ApplicationSerializer
    pagination_class = Pages
    filter_backends = ()


class ApplicationSearch(ApplicationList):
    """The same found by words as the textbook finds them: each word anywhere, in any of these columns."""

    filter_backends = (filters.SearchFilter,)
    search_fields = ("name", "functions", "description", "owner__name", "addresses__url")


def table(_request: HttpRequest) -> HttpResponse:
    """The rows of the list page, in its order, in a table and nothing around it."""
    rows = Application.objects.filter(government=Organization.objects.get(kind="government"), status="registered")
    rows = rows.select_related("owner", "standing").order_by("name", "pk")[:SHOWN]
    return HttpResponse(TABLE.render({"rows": rows}))


urlpatterns = [
    path("api/", ApplicationList.as_view()),
    path("search/", ApplicationSearch.as_view()),
    path("table/", table),
]
application = get_wsgi_application()
