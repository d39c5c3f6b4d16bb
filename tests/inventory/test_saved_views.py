"""Saved views: who keeps, opens, shares and changes them; the address that stays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.audit.models import Event
from apps.core.errors import StaleVersion
from apps.inventory import services
from apps.inventory.models import SavedView
from tests.deactivation.web import page, signed_in
from tests.factories import make_actor, make_agency, make_government

pytestmark = pytest.mark.django_db
VIEWS = "/aplikasi/tampilan/"


def kept(by, name="Kontrak habis", query="status=retired", **values):
    return services.save_view(by=by, name=name, query=query, **values)


def seen_by(by):
    return {view.name for view in SavedView.objects.visible_to(by)}


def test_a_view_is_ones_own_unless_shared(office):
    kept(office.operator)
    assert seen_by(office.operator) == {"Kontrak habis"}
    assert seen_by(office.reviewer) == seen_by(office.stranger) == set()


def test_shared_with_an_office_it_is_seen_there_alone(office):
    kept(office.reviewer, shared="organization", organization=office.agency)
    colleague = make_actor("agency_head", office.government, office.agency)
    assert seen_by(colleague) == seen_by(office.operator) == seen_by(office.reviewer) == {"Kontrak habis"}
    assert seen_by(office.stranger) == set()


def test_shared_with_all_it_stays_inside_the_government(office):
    kept(office.reviewer, shared="government")
    other = make_government("Kota Lain")
    assert seen_by(office.stranger) == {"Kontrak habis"}
    assert seen_by(make_actor("reviewer", other)) == set()


@pytest.mark.parametrize("role", ["operator", "agency_head", "companion", "approver", "executive", "auditor"])
def test_only_a_reviewer_shares_with_all(office, role):
    with pytest.raises(PermissionDenied):
        kept(office.person(role), shared="government")


def test_an_operator_shares_with_the_own_office_and_no_other(office):
    kept(office.operator, shared="organization", organization=office.agency)
    with pytest.raises(PermissionDenied):
        kept(office.operator, shared="organization", organization=make_agency(office.government, "Dinas Ketiga"))


def test_an_auditor_keeps_but_shares_nothing(office):
    auditor = office.person("auditor")
    kept(auditor)
    with pytest.raises(PermissionDenied):
        kept(auditor, "Bersama", shared="organization", organization=office.agency)


def test_addresses_do_not_collide_and_none_means_an_act(office):
    slugs = [kept(office.operator, name).slug for name in ("Simpan", "Antrean!", "Antrean", "…")]
    assert slugs == ["simpan-2", "antrean", "antrean-2", "tampilan"]


def test_a_name_is_needed_and_an_office_where_one_is_meant(office):
    with pytest.raises(ValidationError):
        kept(office.operator, " ")
    with pytest.raises(ValidationError):
        kept(office.reviewer, shared="organization")


def test_author_and_reviewer_change_what_all_see_others_do_not(office):
    view = kept(office.reviewer, shared="government")
    colleague = make_actor("reviewer", office.government)
    asked = {"name": "Baru", "query": "q=x", "shared": "government"}
    with pytest.raises(PermissionDenied):
        services.edit_view(view.slug, by=office.operator, version=view.version, **asked)
    changed = services.edit_view(view.slug, by=colleague, version=view.version, **asked)
    assert (changed.name, changed.slug, changed.version) == ("Baru", view.slug, view.version + 1)
    assert Event.objects.get(verb="view.edited").details["changes"]["name"] == ["Kontrak habis", "Baru"]
    with pytest.raises(StaleVersion):
        services.edit_view(view.slug, by=colleague, version=view.version, **asked)


def test_a_view_nobody_shared_is_not_there_for_others(office):
    view = kept(office.operator)
    with pytest.raises(Http404):
        services.drop_view(view.slug, by=office.reviewer, version=view.version)
    services.drop_view(view.slug, by=office.operator, version=view.version)
    assert not SavedView.objects.exists() and Event.objects.filter(verb="view.dropped").count() == 1


def test_kept_from_the_list_opened_by_its_address_and_dropped(office):
    office.registered("Antrean Puskesmas")
    office.retired("Arsip Lama")
    client = signed_in(office.reviewer)
    assert "Simpan sebagai tampilan" in page(client, "/aplikasi/?status=retired")
    typed = {"name": "Yang pensiun", "shared": "government", "query": "status=retired&halaman=3&entah=1"}
    assert client.post(VIEWS + "simpan/", typed).status_code == 302
    assert SavedView.objects.get().query == "status=retired"
    opened = client.get(VIEWS + "yang-pensiun/", follow=True).content.decode()
    assert "Arsip Lama" in opened and "Antrean Puskesmas" not in opened and "<h1>Yang pensiun</h1>" in opened
    assert "Pensiun" in page(client, VIEWS)
    stranger = signed_in(office.stranger)
    assert stranger.get(VIEWS + "yang-pensiun/ubah/").status_code == 403
    assert client.post(VIEWS + "yang-pensiun/hapus/", {"version": "1"}).status_code == 302
    assert client.get(VIEWS + "yang-pensiun/").status_code == 404


def test_a_refused_view_keeps_what_was_typed(office):
    answer = signed_in(office.reviewer).post(VIEWS + "simpan/", {"name": "", "shared": "organization", "query": "q=x"})
    assert answer.status_code == 400 and 'value="q=x"' in answer.content.decode()
