"""The record is what the files say, whatever the order, the size of the pieces or how often they are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.files import SOURCE, record, write

from tending.base import clock
from tending.base.people.models import CaseloadEntry, Person, Staff, StaffRole, Team, TeamMembership
from tending.collect.models import QuarantinedRow
from tending.keep.models import DataQualityFinding, PersonHead, Response
from tending.web import intake

pytestmark = pytest.mark.django_db
T0 = datetime(2024, 6, 1, 12, tzinfo=UTC)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_people = st.sampled_from(["P1", "P2", "P3"])
_days = st.sampled_from(["2024-02-01", "2024-03-01", "2024-04-01", "1999-01-01"])
_later = st.sampled_from(["", "2024-04-15", "2024-05-01"])


def _rows(kind: str, **cells: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, list[dict[str, Any]]]]:
    return st.tuples(st.just(kind), st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=5))


FILES = {
    "teams": _rows(
        "teams",
        team_id=st.sampled_from(["T1", "T2"]),
        name=st.sampled_from(["East", "West"]),
        programme=st.sampled_from(["Adult", "Youth"]),
    ),
    "staff": _rows(
        "staff",
        staff_id=st.sampled_from(["S1", "S2"]),
        given_name=st.sampled_from(["Alice", "Bob"]),
        role=st.sampled_from(["PRACTITIONER", "SUPERVISOR"]),
        team_id=st.sampled_from(["", "T1"]),
        from_date=_days,
        to_date=_later,
    ),
    "people": _rows(
        "people",
        person_id=_people,
        given_name=st.sampled_from(["Pat", "Quinn"]),
        family_name=st.just("X"),
        birth_date=st.sampled_from(["1990-01-01", "2024-03-15"]),
    ),
    "caseload": _rows(
        "caseload",
        caseload_id=st.sampled_from(["L1", "L2"]),
        person_id=_people,
        staff_id=st.sampled_from(["S1", "S2"]),
        caseload_role=st.just("PRIMARY"),
        from_date=_days,
        to_date=_later,
    ),
    "episodes": _rows(
        "episodes",
        episode_id=st.sampled_from(["E1", "E2"]),
        person_id=_people,
        team_id=st.sampled_from(["T1", "T2"]),
        start_date=_days,
        end_date=_later,
    ),
    "answers": _rows(
        "answers",
        response_id=st.sampled_from(["R1", "R2"]),
        person_id=st.sampled_from(["P1", "P2"]),
        instrument=st.just("PHQ-9"),
        answered_date=st.just("2024-03-01"),
        item=st.sampled_from(["1", "2", "3"]),
        value=st.integers(0, 3),
    ),
    "goals": _rows(
        "goals",
        goal_id=st.sampled_from(["G1", "G2"]),
        person_id=_people,
        stated_date=_days,
        words=st.sampled_from(["work", "=sleep"]),
        status=st.sampled_from(["ACTIVE", "ACHIEVED", "UNHEARD OF"]),
    ),
    "goal_ratings": _rows(
        "goal_ratings",
        rating_id=st.sampled_from(["GR1", "GR2"]),
        goal_id=st.sampled_from(["G1", "G2"]),
        person_id=_people,
        rated_date=_days,
        rating=st.integers(0, 12),
        rated_by=st.just("PERSON"),
    ),
}
Delivery = dict[str, list[dict[str, Any]]]
deliveries = st.lists(st.lists(st.one_of(*FILES.values()), min_size=1, max_size=4).map(dict), min_size=1, max_size=4)


@contextmanager
def nothing_before() -> Iterator[Path]:
    """An empty database and raw store, and everything undone afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch("django.conf.settings.RAW_STORE", Path(folder) / "raw"),
        transaction.atomic(),
    ):
        yield Path(folder)
        transaction.set_rollback(True)


def received(folder: Path, all_: list[Delivery]) -> list[int]:
    """Each delivery received a day after the one before."""
    ids = []
    for number, files in enumerate(all_):
        for kind, rows in files.items():
            write(folder / str(number), kind, rows)
        with clock.travelling(T0 + timedelta(days=number)):
            ids.append(intake.receive_folder(folder / str(number), source=SOURCE, form="CSV", by=None))
    return ids


def everything(without: tuple[str, ...] = ()) -> dict[str, Any]:
    """All that the files determine, without numbers that count arrivals."""
    open_ = QuarantinedRow.objects.filter(resolved_at__isnull=True).exclude(reason__in=without)
    findings = DataQualityFinding.objects.filter(gone_at__isnull=True).exclude(kind="DUPLICATE_PERSON")
    return {
        "record": record(),
        "responses": sorted(
            (row.source_key, sorted(row.items.items()), row.person.code) for row in Response.objects.current()
        ),
        "people": rows(Person, "code", "given_name", "birth_date"),
        "teams": rows(Team, "code", "name", "programme__name"),
        "staff": rows(Staff, "code", "given_name"),
        "roles": rows(StaffRole, "staff__code", "role", "team__code", "from_date", "to_date"),
        "caseload": rows(CaseloadEntry, "person__code", "staff__code", "from_date", "to_date"),
        "memberships": rows(TeamMembership, "person__code", "team__code", "from_date", "to_date"),
        "waiting": sorted(open_.values_list("kind", "submission__sha256", "line", "field", "reason", "reference")),
        "findings": sorted(findings.values_list("person__code", "kind", "message")),
        "pairs": DataQualityFinding.objects.filter(gone_at__isnull=True, kind="DUPLICATE_PERSON").count(),
    }


def rows(model: Any, *names: str) -> list[tuple[Any, ...]]:
    return sorted(model.objects.values_list(*names), key=str)


# That a file contradicts itself is noticed against what is known when it is read: a later delivery that was read
# first may have settled the question. The record is the same either way.
CONTRADICTIONS = ("DUPLICATE_ID", "CONTRADICTION")


def read_in(
    order: list[int], all_: list[Delivery], *, at_once: int = 800, times: int = 1, without: tuple[str, ...] = ()
) -> dict[str, Any]:
    with nothing_before() as folder, mock.patch.object(intake, "AT_ONCE", at_once):
        ids = received(folder, all_)
        for _ in range(times):
            for number in order:
                intake.work_off(ids[number])
        return everything(without)


@pytest.mark.slow
@few
@given(st.data())
def test_the_order_in_which_deliveries_are_read_does_not_matter(data: st.DataObject) -> None:
    all_ = data.draw(deliveries)
    order = data.draw(st.permutations(range(len(all_))))
    assert read_in(list(order), all_, without=CONTRADICTIONS) == read_in(
        list(range(len(all_))), all_, without=CONTRADICTIONS
    )


@pytest.mark.slow
@few
@given(deliveries, st.integers(1, 3))
def test_the_size_of_a_piece_does_not_matter(all_: list[Delivery], at_once: int) -> None:
    order = list(range(len(all_)))
    assert read_in(order, all_, at_once=at_once) == read_in(order, all_)


@pytest.mark.slow
@few
@given(deliveries)
def test_what_is_received_again_changes_nothing(all_: list[Delivery]) -> None:
    with nothing_before() as folder:
        for delivery_id in received(folder, all_[:1]):
            intake.work_off(delivery_id)
        before = everything(), dict(PersonHead.objects.values_list("person", "token"))
        with clock.travelling(T0 + timedelta(days=30)):
            again = intake.receive_folder(folder / "0", source=SOURCE, form="CSV", by=None)
        intake.work_off(again)
        assert (everything(), dict(PersonHead.objects.values_list("person", "token"))) == before
