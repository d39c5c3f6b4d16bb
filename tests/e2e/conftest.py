"""A running installation and a real browser for the tests that click."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from playwright.sync_api import sync_playwright

from tests.processes import Stack
from tests.webhooks.receiver import receiving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Where the installation keeps its files; every test of the session adds to them."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="session")
def receiver():
    """Another system on this machine, whose place the installation has opened."""
    with receiving() as server:
        yield server


@pytest.fixture(scope="session")
def installation(home, receiver):
    """Web, worker and beat, started once; between tests they stand still and lose their database."""
    stack = Stack(home, sweep_seconds=3)  # nineteen sweeps each second would take a fifth of a core from the clicks
    stack.environment["OUTBOUND_ALLOWED"] = f"127.0.0.1/32:{receiver.port}"
    try:
        stack.manage("collectstatic", "--noinput", "--verbosity", "0")
        yield stack
    finally:
        stack.stop()
        stack.drop()


@contextmanager
def made(home, *errands):
    """A database that installations begin with: the test database as it is, prepared; `errands` name what else is run."""
    origin = Stack(home)
    try:
        origin.create()
        origin.printed = "".join(origin.manage(*errand) for errand in (["prepare_database"], *errands))
        yield origin
    finally:
        origin.stop()
        origin.drop()


@pytest.fixture(scope="session")
def empty_installation(home, django_db_setup, django_db_blocker):
    """What an installation begins with that nobody has used."""
    with django_db_blocker.unblock(), made(home) as origin:
        yield origin


@pytest.fixture(scope="session")
def town(home, django_db_setup, django_db_blocker):
    """The small demo town, made once; a test that asks for it begins with it."""
    errands = ["seed_demo", "--small"], ["demo_accounts"]
    with django_db_blocker.unblock(), made(home, *errands) as origin:
        origin.password = re.search(r"\(kata sandi semua: (\S+)\)", origin.printed)[1]
        yield origin


@pytest.fixture
def origin(request):
    """What the installation of a test begins with."""
    return request.getfixturevalue("town" if "town" in request.fixturenames else "empty_installation")


@pytest.fixture
def stack(transactional_db, installation, origin):
    """The running installation on a database of this test."""
    installation.begin_with(origin)
    yield installation
    installation.pause()


@pytest.fixture
def browser(stack):
    """Started after the database is cloned: the browser's loop gives Django another connection than the fixtures had."""
    path = os.environ.get("CHROMIUM") or next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
    assert path, "Peramban Chromium tidak ditemukan. Jalankan: apt-get install chromium"
    # The browser's own loop must not make Django think that it runs inside one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(stack, browser):
    """Open a page of a browser of its own (own cookies), as one person's machine."""
    contexts = []

    def opened(*, width=1280, height=900, dark=False):
        context = browser.new_context(
            base_url=stack.address,
            viewport={"width": width, "height": height},
            locale="id-ID",
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield opened
    for context in contexts:
        context.close()
