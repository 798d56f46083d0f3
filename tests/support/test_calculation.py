"""What is left out on the second database opens none: planted sources and the files themselves."""

import pytest

from tests.support.calculation import ROOT, imports_application, is_calculation


@pytest.mark.parametrize(
    "source",
    [
        "from django.db import models",
        "import tending",
        "    from tending.base import clock",
        "import pytest\nfrom tests.support.world import World\n",
    ],
)
def test_who_imports_the_application_may_open_its_database(source):
    assert imports_application(source)


@pytest.mark.parametrize(
    "source", ["import numpy as np", '"""As tending does."""', "from outcomestats.change import pairs"]
)
def test_who_imports_the_libraries_alone_opens_none(source):
    assert not imports_application(source)


def test_the_folders_are_told_apart():
    assert is_calculation(ROOT / "tests/spec/triggers/test_cases.py")
    assert not is_calculation(ROOT / "tests/property/test_intake_properties.py")
    assert not is_calculation(ROOT / "tests/architecture/test_rules_between_rooms.py")
