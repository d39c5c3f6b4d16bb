"""The register is restored from a copy that is older than what a client has read, and goes on; the client finds out."""

from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection, connections
from django.test import Client

from apps.inventory.models import Application, PublicationMark
from tests.inventory.following import Mirror, register
from tests.inventory.test_changes import rewritten, town

pytestmark = pytest.mark.django_db(transaction=True)
RANDOM = "right(replace(gen_random_uuid()::text, '-', ''), 16)"


def beside(*statements):
    """Statements about databases, from a connection to none of them."""
    connections.close_all()
    known = {name: value for name, value in connection.get_connection_params().items() if name != "cursor_factory"}
    link = psycopg2.connect(**{**known, "dbname": "postgres"})
    link.autocommit = True
    with link.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    link.close()


@contextmanager
def backed_up():
    """A copy of the whole database as it is now; what is made of it is thrown away."""
    original = connection.settings_dict["NAME"]
    copy = f"{original}_backup"
    beside(f'DROP DATABASE IF EXISTS "{copy}" (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    try:
        yield copy
    finally:
        beside(f'DROP DATABASE "{copy}" (FORCE)')


@contextmanager
def restored(copy):
    """The register as it was copied; what is asked inside is asked of it, what is done is done there."""
    original = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original


def rename(pk, name):
    Application.objects.filter(pk=pk).update(name=name)


def outgrown(applications, mirror):
    """A copy; two edits that the client reads and the copy lacks; the copy restored, and three other edits there.

    What the client is answered when it asks on, whether what it then says is the register, and what it says after
    beginning anew.
    """
    mirror.read_all()
    with backed_up() as copy:
        rename(applications[0], "Tersesat")
        rename(applications[1], "Tersesat Juga")
        mirror.read_all()
        with restored(copy):
            for number, pk in enumerate(applications[2:5]):
                rename(pk, f"Sesudah Pemulihan {number}")
            answer = Client().get(f"/api/v1/changes/?after={mirror.after}")
            if answer.status_code == 200:
                mirror.read_all()
            same, anew = mirror.says() == register(), Mirror(Client())
            anew.read_all()
            return answer.status_code, same, anew.says() == register()


def test_asked_only_after_the_register_has_outgrown_the_old_position():
    applications, _offices = town()
    assert outgrown(applications, Mirror(Client())) == (410, False, True)


def test_control_with_marks_that_are_not_random_the_client_ends_wrong():
    """The position alone, as a mark that is the same after the restore: it is answered, and keeps what was lost."""
    applications, _offices = town()
    with rewritten((RANDOM, "lpad(head::text, 16, '0')")):
        assert outgrown(applications, Mirror(Client())) == (200, False, True)


def test_a_mark_of_the_head_not_of_the_place_that_was_read():
    """Of a first page: the record that had moved away when it was read is back before the client."""
    applications, _offices = town()
    client = Mirror(Client(), "/api/v1/changes/?page_size=2")
    with backed_up() as copy:
        rename(applications[0], "Berpindah ke akhir")
        client.read_page()
        place = int(client.after.split("-")[0])
        with restored(copy):
            assert PublicationMark.objects.order_by("head").last().head >= place, (
                "the place itself is known to the copy"
            )
            assert Client().get(f"/api/v1/changes/?after={client.after}").status_code == 410


def test_a_copy_that_holds_all_the_client_read_goes_on():
    applications, _offices = town()
    client = Mirror(Client())
    client.read_all()
    rename(applications[0], "Belum Dibaca")
    with backed_up() as copy, restored(copy):
        rename(applications[1], "Sesudah Pemulihan")
        client.read_all()
        assert client.says() == register()


def test_a_list_and_a_detail_are_not_taken_for_those_of_before():
    """The same positions after the restore, other contents: no 304."""
    applications, _offices = town(1)
    code = Application.objects.get(pk=applications[0]).code
    paths = ("/api/v1/applications/", "/api/v1/changes/", f"/api/v1/applications/{code}/")
    with backed_up() as copy:
        rename(applications[0], "Tersesat")
        tags = {path: Client().get(path)["ETag"] for path in paths}
        assert [Client().get(path, headers={"If-None-Match": tags[path]}).status_code for path in paths] == [304] * 3
        with restored(copy):
            rename(applications[0], "Sesudah Pemulihan")
            for path in paths:
                answer = Client().get(path, headers={"If-None-Match": tags[path]})
                assert answer.status_code == 200 and "Sesudah Pemulihan" in answer.content.decode()
