"""A running installation and a real browser for the tests that click."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.processes import Stack

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def static_root(tmp_path_factory):
    return tmp_path_factory.mktemp("static")


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
def stack(transactional_db, django_db_blocker, tmp_path, static_root):
    """Web, worker and beat on an empty, prepared database."""
    with django_db_blocker.unblock():
        stack = Stack(tmp_path)
        stack.environment["STATIC_ROOT"] = str(static_root)
        stack.create()
    try:
        stack.manage("prepare_database")
        if not any(static_root.iterdir()):
            stack.manage("collectstatic", "--noinput", "--verbosity", "0")
        for name in ("web", "worker", "beat"):
            stack.start(name)
        yield stack
    finally:
        stack.stop()
        with django_db_blocker.unblock():
            stack.drop()


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
