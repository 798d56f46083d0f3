"""Turning the loop twice is turning it once, and the order in which rows arrived does not matter."""

import random
from datetime import date, timedelta

import pytest

from tending.base import clock
from tending.keep import models as keep
from tending.measure.models import Score, ScoredPerson, Standing
from tending.notice.models import Signal, SignalEvidence, TurnedPerson
from tending.review.models import Review, ReviewSignal
from tending.web.turn import Turned, turn

DAY = date(2026, 3, 20)
NAMES = ("pat", "quinn", "wren")
WORDS = {"status": ("ATTENDED", "NO_SHOW", "BOOKED"), "state": ("STABLE", "AT_RISK", "SHELTER")}


def some_rows(rng):
    """Deeds that write a random record: a name of a writer and what to give it."""
    rows = [("episode", (name, "2025-11-01"), {"key": f"e-{name}"}) for name in NAMES]
    for n in range(120):
        name = rng.choice(NAMES)
        day = str(DAY - timedelta(days=rng.choice((0, 1, 1, 5, 20, 50, 90, 120))))
        deed = rng.choice(("contact", "answers", "total", "crisis", "housing"))
        given = {"key": f"{n}"}
        if deed == "contact":
            arguments, given["status"] = (name, day), rng.choice(WORDS["status"])
        elif deed == "answers":
            values = "".join(rng.choice("00123.") for _ in range(9))
            arguments = (name, day, "PHQ-9", values)
        elif deed == "total":
            arguments = (name, day, rng.choice(("PHQ-9", "GAD-7")), rng.randrange(22))
        elif deed == "crisis":
            arguments = (name, day)
        else:
            arguments = (name, day, rng.choice(WORDS["state"]))
        rows.append((deed, arguments, given))
    return rows


def write(record, rows):
    for deed, arguments, given in rows:
        getattr(record, deed)(*arguments, **dict(given))


def made():
    """Everything the loop made, by natural keys."""
    return {
        "scores": sorted(
            Score.objects.filter(superseded_at=None).values_list(
                "measure", "source_key", "value", "missing_reason", "band"
            ),
            key=str,
        ),
        "standings": sorted(
            map(
                str,
                Standing.objects.values_list(
                    "person__code", "measure", "n_scores", "last_value", "since_first", "recent"
                ),
            )
        ),
        "signals": sorted(
            Signal.objects.values_list("trigger", "person__code", "evidence_key", "severity", "team__code")
        ),
        "evidence": sorted(
            map(str, SignalEvidence.objects.values_list("signal__evidence_key", "role", "source_key", "value"))
        ),
        "reviews": sorted(ReviewSignal.objects.values_list("signal__trigger", "review__person__code")),
    }


def forget():
    Signal.objects.filter(repeat_of__isnull=False).delete()
    for model in (ReviewSignal, Review, SignalEvidence, Signal, TurnedPerson, Score, ScoredPerson, Standing):
        model.objects.all().delete()
    for model in (
        keep.Episode,
        keep.Contact,
        keep.Response,
        keep.ScoreReceived,
        keep.CrisisContact,
        keep.HousingState,
    ):
        model.objects.all().delete()


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_arrival_does_not_matter(record, seed):
    rng = random.Random(seed)
    rows = some_rows(rng)
    with clock.travelling(clock.at(DAY, 12)):
        write(record, rows)
        turn()
        expected = made()
        assert expected["signals"]
        forget()

        rng.shuffle(rows)
        write(record, rows)
        turn()

        assert made() == expected


@pytest.mark.parametrize("seed", range(3))
def test_turning_twice_is_turning_once(record, seed):
    write(record, some_rows(random.Random(seed)))
    with clock.travelling(clock.at(DAY, 12)):
        turn()
        expected = made()

        assert turn() == Turned()
        TurnedPerson.objects.all().delete()  # even when it has to look again
        ScoredPerson.objects.all().delete()
        again = turn()

    assert (again.scores, again.scores_superseded, again.signals, again.reviews) == (0, 0, 0, 0)
    assert made() == expected


def test_scores_and_standings_do_not_depend_on_when_the_loop_turned(record):
    rows = some_rows(random.Random(9))
    with clock.travelling(clock.at(DAY, 12)):
        for start in range(0, len(rows), 20):
            write(record, rows[start : start + 20])
            turn()
        step_by_step = made()
        forget()
        write(record, rows)
        turn()

    assert (made()["scores"], made()["standings"]) == (step_by_step["scores"], step_by_step["standings"])


def test_one_person_is_turned_alone(record):
    write(record, some_rows(random.Random(2)))
    with clock.travelling(clock.at(DAY, 12)):
        turned = turn(people=[record.person("pat").pk])
        assert turned.people == 1
        assert set(Score.objects.values_list("person__code", flat=True)) == {"PAT"}
        turn()
        assert set(Score.objects.values_list("person__code", flat=True)) == {"PAT", "QUINN", "WREN"}
