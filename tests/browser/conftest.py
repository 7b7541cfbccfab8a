"""A browser for all tests of pages, and the places they look at; without a browser they say why they are skipped."""

import contextlib
import os

import make_screenshots
import pytest

from browser import places

REQUIRED = os.environ.get("HUSHMAP_BROWSER") == "required"


@pytest.fixture(scope="session")
def browser():
    """One browser; each test opens windows of its own in it."""
    if make_screenshots.program() is None:
        said = f"no browser is here ({', '.join(make_screenshots.PROGRAMS)})"
        if REQUIRED:
            pytest.fail(f"{said}, and HUSHMAP_BROWSER=required")
        pytest.skip(f"{said}; HUSHMAP_BROWSER=required makes this a failure")
    with make_screenshots.browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Makes each place once, when it is first asked for; the explorer runs until the tests end."""
    found = {}
    with contextlib.ExitStack() as running:

        def make(name):
            if name not in found:
                folder = tmp_path_factory.mktemp(name)
                make_it = places.ON_DISK.get(name)
                found[name] = make_it(folder) if make_it else running.enter_context(places.explorer(folder))
            return found[name]

        yield make


@pytest.fixture(params=[*places.ON_DISK, "explorer"])
def place(request, made):
    """Each place in turn."""
    return made(request.param)
