"""What every test may lean on. The world and its cast live in tests/support."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Speed is for benchmarks/: a busy machine must not fail a property.
settings.register_profile("tending", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("tending"), max_examples=20)  # of make quick
settings.load_profile("tending")

os.environ.setdefault("TENDING_INSECURE", "1")  # tests speak plain HTTP to 127.0.0.1
os.environ.setdefault("TENDING_SECRET_KEY", "only for tests")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's synchronous interface runs a loop

pytest_plugins = [
    "tests.support.world",
    "tests.support.record",
    "tests.support.emptying",
    "tests.support.files",
    "tests.support.accessibility",
    "tests.support.engines",
]


def pytest_configure() -> None:
    from tests.support.disk import wait_for_no_disk

    wait_for_no_disk()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.support.calculation import mark_calculation

    mark_calculation(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from tests.support.scheduling import scheduler

    return scheduler(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from tests.support.numbers import spread

    with django_db_blocker.unblock():
        spread()


@pytest.fixture(autouse=True)
def begins_in_english() -> Iterator[None]:
    """A page asked for in Spanish leaves its language behind in the thread: the next test must not inherit it."""
    from django.utils.translation import override

    with override("en"):
        yield


@pytest.fixture(autouse=True)
def own_cache(settings):
    """Rate limits are counted in the cache: tests that run side by side must not count each other's tries."""
    from django.core.cache import caches

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    caches["default"].clear()


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Where nothing may go unrun (TENDING_TESTS_MUST_RUN), a skip is a failure, unless the data is not here."""
    if os.environ.get("TENDING_TESTS_MUST_RUN") != "1":
        return
    unrun = [r for r in terminalreporter.stats.get("skipped", []) if "not here:" not in str(r.longrepr)]
    if unrun:
        terminalreporter.section("not run, and they should have been")
        for report in unrun:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")
        terminalreporter._session.exitstatus = 1
