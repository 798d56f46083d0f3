import os

import pytest

from tending.show.charts import images
from tending.show.charts.test_score_chart import chart


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def drawn_for(scope: str, *points: tuple[int, float]) -> images.Drawing:
    return images.Drawing(scope=scope, data=chart(*points))


def test_an_image_is_drawn_once_and_then_read():
    wanted = drawn_for("person-1", (0, 9), (30, 4))
    first = images.image(wanted, "wide")
    assert first.startswith(b"<svg")
    assert images.kept("person-1", wanted.digest("wide")) == first
    path = next((images._folder()).glob("??/*.svg"))
    path.write_bytes(b"<svg>kept</svg>")
    assert images.image(wanted, "wide") == b"<svg>kept</svg>"


def test_the_address_says_what_is_drawn_for_whom_and_how():
    one = drawn_for("person-1", (0, 9), (30, 4))
    digests = {
        one.digest("wide"),
        one.digest("narrow-dark"),
        drawn_for("person-1", (0, 9), (30, 5)).digest("wide"),
        drawn_for("person-2", (0, 9), (30, 4)).digest("wide"),
    }
    assert len(digests) == 4
    assert one.digest("wide") == drawn_for("person-1", (0, 9), (30, 4)).digest("wide")


def test_a_digest_leads_nowhere_under_somebody_elses_address():
    wanted = drawn_for("person-1", (0, 9))
    images.image(wanted, "wide")
    assert images.kept("person-2", wanted.digest("wide")) is None
    assert images.kept("person-1", "0" * 40) is None


def test_the_address_cannot_be_worked_out_without_the_sites_secret(settings):
    before = drawn_for("person-1", (0, 9)).digest("wide")
    settings.SECRET_KEY = "another site"
    assert drawn_for("person-1", (0, 9)).digest("wide") != before


def test_old_drawings_and_the_oldest_beyond_the_limit_are_forgotten():
    for number in range(4):
        images.image(drawn_for("person-1", (0, number)), "wide")
    files = sorted(images._folder().glob("??/*.svg"))
    os.utime(files[0], (0, 0))
    assert images.prune() == 1
    assert images.prune(most=1) == 2
    assert len(list(images._folder().glob("??/*.svg"))) == 1
