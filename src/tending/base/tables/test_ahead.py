import threading

import polars as pl
import pytest
from django.db import connection
from tests.support.world import make_world

from tending.base.people.models import Team
from tending.base.tables.ahead import ahead
from tending.base.tables.reading import over_arrow, read


def found_of(team_id):
    """Which thread asked, and what it read."""
    rows = read(Team.objects.filter(pk=team_id).values_list("pk"), {"id": pl.Int64})
    return threading.get_ident(), rows["id"].to_list()


def team_ids():
    return [team.pk for team in make_world().teams.values()]


@pytest.mark.django_db(transaction=True)
def test_over_arrow_a_second_thread_reads_and_nothing_is_lost_or_out_of_order():
    ids = team_ids()
    with over_arrow():
        found = list(ahead(found_of, ids))
    assert [part for part, _found in found] == ids
    assert [read for _part, (_thread, read) in found] == [[each] for each in ids]
    assert threading.get_ident() not in {thread for _part, (thread, _read) in found}


@pytest.mark.django_db
def test_inside_a_transaction_the_caller_reads_for_itself():
    ids = team_ids()
    with over_arrow():
        assert connection.in_atomic_block
        assert [found for _part, found in ahead(found_of, ids)] == [(threading.get_ident(), [each]) for each in ids]


@pytest.mark.django_db(transaction=True)
def test_the_caller_is_told_what_went_wrong_and_no_thread_stays_behind():
    ids = team_ids()

    def fails_at_the_second(team_id):
        if team_id == ids[1]:
            raise ValueError(team_id)
        return found_of(team_id)

    seen = []
    with over_arrow(), pytest.raises(ValueError, match=str(ids[1])):
        seen.extend(found for _part, found in ahead(fails_at_the_second, ids))
    assert [read for _thread, read in seen] == [[ids[0]]]
    assert seen[0][0] not in {thread.ident for thread in threading.enumerate()}
