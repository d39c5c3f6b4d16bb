import pytest

from apps.core import clock
from apps.webhooks import services
from tests import factories

EVERYTHING = [
    "id.go.spbe.application.registered",
    "id.go.spbe.application.changed",
    "id.go.spbe.application.retired",
    "id.go.spbe.case.decided",
    "id.go.spbe.catalogue.changed",
    "id.go.spbe.quarter.closed",
]


@pytest.fixture(autouse=True)
def clock_at_rest(request):
    yield
    if request.node.get_closest_marker("django_db"):
        clock.reset()


@pytest.fixture
def administrator(government):
    return factories.make_actor("administrator", government)


@pytest.fixture
def subscribed(government, administrator):
    """Called with a receiver: a subscription of the government to everything, and its secret."""

    def make(receiver, **changes):
        terms = {"organization": government, "name": "Dasbor", "url": receiver.url, "types": EVERYTHING}
        return services.subscribe(by=administrator, **{**terms, **changes})

    return make
