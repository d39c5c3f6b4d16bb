"""Machines that keep pulling leave room: beyond the limit they are told to come back, people and writers are not."""

import threading
from contextlib import contextmanager

import orjson
import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core.crowding import CrowdingMiddleware

ASK = RequestFactory()
LIST = "/api/v1/applications/"
PATIENCE = 10


class SlowView:
    """Answers nobody until it is let go, and says how many are inside."""

    def __init__(self):
        self.inside = threading.Semaphore(0)
        self.go = threading.Event()

    def __call__(self, _request):
        self.inside.release()
        self.go.wait(PATIENCE)
        return HttpResponse("ok")


@contextmanager
def crowd(settings, readers, at_once=2, waiting=0):
    """`readers` machines inside a slow view, behind the limit; they leave with the block."""
    settings.API_READERS_AT_ONCE, settings.API_READERS_WAITING = at_once, waiting
    view = SlowView()
    door = CrowdingMiddleware(view)
    threads = [threading.Thread(target=door, args=[ASK.get(LIST)]) for _reader in range(readers)]
    for thread in threads:
        thread.start()
    for _thread in threads:
        assert view.inside.acquire(timeout=PATIENCE)
    try:
        yield door, view, threads
    finally:
        view.go.set()
        for thread in threads:
            thread.join(PATIENCE)


def answered(door, view, request):
    """What a request gets that does not have to wait for the others."""
    view.go.set()
    return door(request)


def test_one_too_many_is_told_when_to_come_back(settings):
    with crowd(settings, 2) as (door, _view, _threads):
        refused = door(ASK.get(LIST))
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    assert refused["Content-Type"] == "application/problem+json"
    assert orjson.loads(refused.content)["type"] == "urn:spbe:problem:busy"


def test_with_more_room_nobody_is_refused(settings):
    """The control: it is the limit that refuses, not the crowd."""
    with crowd(settings, 2, at_once=3) as (door, view, _threads):
        assert answered(door, view, ASK.get(LIST)).status_code == 200


@pytest.mark.parametrize(
    "request_of",
    [
        lambda settings: ASK.post(LIST),
        lambda settings: ASK.patch(f"{LIST}APL-2026-0000001/"),
        lambda settings: ASK.get("/aplikasi/"),
        lambda settings: ASK.get("/katalog/"),
    ],
    ids=["write", "edit", "page", "public page"],
)
def test_writers_and_pages_pass_the_crowd(settings, request_of):
    with crowd(settings, 2) as (door, view, _threads):
        assert answered(door, view, request_of(settings)).status_code == 200


def test_a_person_with_a_session_passes_the_crowd(settings):
    asked = ASK.get(LIST)
    asked.COOKIES[settings.SESSION_COOKIE_NAME] = "sesi"
    with crowd(settings, 2) as (door, view, _threads):
        assert answered(door, view, asked).status_code == 200


def test_who_leaves_makes_room(settings):
    with crowd(settings, 2) as (door, view, threads):
        assert door(ASK.get(LIST)).status_code == 429
        view.go.set()
        for thread in threads:
            thread.join(PATIENCE)
        assert door(ASK.get(LIST)).status_code == 200


def test_who_waits_is_let_in_when_one_leaves(settings):
    with crowd(settings, 2, waiting=1) as (door, view, _threads):
        got = []
        patient = threading.Thread(target=lambda: got.append(door(ASK.get(LIST)).status_code))
        patient.start()
        view.go.set()
        patient.join(PATIENCE)
    assert got == [200]


def test_a_taken_chair_is_no_place_to_wait(settings):
    with crowd(settings, 1, at_once=1, waiting=1) as (door, _view, _threads):
        assert door.chairs.acquire(blocking=False)  # somebody sits there
        assert door(ASK.get(LIST)).status_code == 429


def test_an_error_inside_gives_the_place_back(settings):
    settings.API_READERS_AT_ONCE = 1

    def fails(_request):
        raise RuntimeError

    door = CrowdingMiddleware(fails)
    for _time in range(3):
        with pytest.raises(RuntimeError):
            door(ASK.get(LIST))
