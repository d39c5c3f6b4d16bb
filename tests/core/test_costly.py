"""What is costly is found once a minute for each question; what is cheap, every time."""

import threading
from itertools import count

import pytest

from apps.core import costly as module
from apps.core.costly import costly


@pytest.fixture(autouse=True)
def nothing_known(settings):
    settings.COSTLY_AFTER = -1
    module.forget()
    yield
    module.forget()


def test_a_costly_answer_is_kept_with_its_moment(db):
    numbers = count(1)
    assert costly("a", lambda: next(numbers)) == (1, None)
    again, told_at = costly("a", lambda: next(numbers))
    assert again == 1
    assert told_at is not None


def test_each_question_has_its_own_answer(db):
    assert costly(("a", 1), lambda: "first")[0] == "first"
    assert costly(("a", 2), lambda: "second")[0] == "second"


def test_a_cheap_answer_is_not_kept(db, settings):
    settings.COSTLY_AFTER = 3600
    numbers = count(1)
    assert [costly("a", lambda: next(numbers)) for _time in range(2)] == [(1, None), (2, None)]


def test_an_answer_is_found_anew_after_its_minute(db, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 0)
    numbers = count(1)
    assert [costly("a", lambda: next(numbers))[0] for _time in range(2)] == [1, 2]


def test_a_refused_question_leaves_no_answer(db):
    with pytest.raises(LookupError):
        costly("a", lambda: {}["nothing"])
    assert costly("a", lambda: "found") == ("found", None)


def test_the_longest_unasked_is_forgotten(db, monkeypatch):
    monkeypatch.setattr(module, "AT_MOST", 2)
    for key in ("a", "b", "a", "c"):
        costly(key, lambda key=key: key)
    assert list(module._places) == ["a", "c"]


def test_who_asks_while_it_is_found_waits_for_it(db, monkeypatch):
    monkeypatch.setattr(module.clock, "now", lambda: module.datetime(2026, 11, 22))
    found, begun, go_on = count(1), threading.Event(), threading.Event()

    def find():
        begun.set()
        go_on.wait(10)
        return next(found)

    answers: list[int] = []
    askers = [threading.Thread(target=lambda: answers.append(costly("a", find)[0])) for _one in range(3)]
    askers[0].start()
    begun.wait(10)
    for asker in askers[1:]:
        asker.start()
    go_on.set()
    for asker in askers:
        asker.join(10)
    assert answers == [1, 1, 1]
