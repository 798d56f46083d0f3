from datetime import UTC, date, datetime

import polars as pl
import pytest

from outcomestats.change.courses import Course, change_over_time
from outcometables.record import Record
from tending.base import clock
from tending.base.access.viewer import viewer_of
from tending.keep import queries as keep
from tending.measure import actions, definitions, queries, scoring
from tending.measure.coverage import queries as coverage
from tending.measure.models import InstrumentVersion, Score, ScoredPerson, Standing


def score():
    return actions.score(heads=keep.heads())


def current(name, record):
    rows = Score.objects.filter(person=record.person(name), superseded_at__isnull=True).order_by("measure", "date")
    return [(row.measure, str(row.date), row.value, row.missing_reason, row.band) for row in rows]


def test_answers_become_a_score_with_its_band_and_the_version_that_made_it(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "222222222")

    scored = score()

    assert scored.new == 1
    assert current("pat", record) == [("PHQ-9", "2026-03-02", 18.0, "", "Moderately severe")]
    row = Score.objects.get()
    assert (row.made_from, row.n_answered, row.instrument_version.code) == ("Response", 9, "PHQ-9")
    assert row.instrument_version.body["scales"][0]["range"] == [0.0, 27.0]


def test_two_unanswered_items_are_filled_in_and_three_are_a_named_reason(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "1111111..")
    record.answers("pat", "2026-04-02", "PHQ-9", "111111...")
    record.answers("pat", "2026-05-02", "PHQ-9", "911111111")

    score()

    assert current("pat", record) == [
        ("PHQ-9", "2026-03-02", 9.0, "", "Mild"),
        ("PHQ-9", "2026-04-02", None, "INCOMPLETE", ""),
        ("PHQ-9", "2026-05-02", None, "OUT_OF_RANGE", ""),
    ]


def test_every_scale_of_an_instrument_is_scored(record):
    record.answers("pat", "2026-03-02", "DIALOG", "44444444777")

    score()

    assert [(name, value) for name, _, value, _, _ in current("pat", record)] == [
        ("DIALOG", 4.0),
        ("DIALOG/TREATMENT", 7.0),
    ]


def test_answers_win_over_a_total_of_the_same_day_and_the_difference_is_known(record):
    record.total("pat", "2026-03-02", "PHQ-9", 17)
    score()
    assert current("pat", record) == [("PHQ-9", "2026-03-02", 17.0, "", "Moderately severe")]

    record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    score()

    assert current("pat", record) == [("PHQ-9", "2026-03-02", 18.0, "", "Moderately severe")]
    assert Score.objects.get(superseded_at__isnull=False).superseded_why == "ANSWERS_ARRIVED"
    day = clock.day_number(date(2026, 3, 2))
    assert coverage.disagreeing().rows() == [(record.person("pat").pk, "PHQ-9", day)]


def test_a_total_counts_where_the_answers_give_no_score(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "11.......")
    record.total("pat", "2026-03-02", "PHQ-9", 12)

    score()

    assert sorted(value for _, _, value, _, _ in current("pat", record) if value is not None) == [12.0]


def test_an_impossible_total_is_a_named_reason(record):
    record.total("pat", "2026-03-02", "PHQ-9", 99)
    score()
    assert current("pat", record) == [("PHQ-9", "2026-03-02", None, "OUT_OF_RANGE", "")]


def test_scoring_twice_is_scoring_once(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    record.total("wren", "2026-03-02", "GAD-7", 12)
    score()
    before = list(Score.objects.order_by("pk").values())

    ScoredPerson.objects.all().delete()  # even when it has to look again
    scored = score()

    assert (scored.new, scored.superseded) == (0, 0)
    assert list(Score.objects.order_by("pk").values()) == before


def test_a_correction_supersedes_the_score_and_says_why(record):
    row = record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    score()
    record.corrected(row, items={str(n): 3 for n in range(1, 10)})

    scored = score()

    assert (scored.new, scored.superseded) == (1, 1)
    assert current("pat", record) == [("PHQ-9", "2026-03-02", 27.0, "", "Severe")]
    assert Score.objects.get(value=18).superseded_why == "CORRECTED"


def test_withdrawn_answers_leave_no_score_and_no_standing(record):
    row = record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    score()
    record.withdrawn(row)

    score()

    assert current("pat", record) == []
    assert Score.objects.get().superseded_why == "WITHDRAWN"
    assert not Standing.objects.exists()


def test_answers_that_turn_out_to_be_somebody_elses_move_their_score(record):
    row = record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    score()
    later = record.corrected(row, person=record.person("wren"))
    record.moved(row.person_id)

    actions.score(heads={later.person_id: keep.heads()[later.person_id]})  # the new person first
    score()

    assert current("wren", record) == [("PHQ-9", "2026-03-02", 18.0, "", "Moderately severe")]
    assert current("pat", record) == []


def test_a_changed_definition_scores_again_and_keeps_the_old_score(record, settings, tmp_path):
    folder = tmp_path / "instruments"
    folder.mkdir()
    text = (settings.DEFINITIONS / "instruments" / "phq-9.yaml").read_text()
    (folder / "phq-9.yaml").write_text(text)
    settings.DEFINITIONS = tmp_path
    record.answers("pat", "2026-03-02", "PHQ-9", "1111111..")
    score()
    assert current("pat", record)[0][2] == 9.0

    (folder / "phq-9.yaml").write_text(
        text.replace("max_missing: 2", "max_missing: 1").replace("version: 1", "version: 2")
    )
    score()

    assert current("pat", record) == [("PHQ-9", "2026-03-02", None, "INCOMPLETE", "")]
    assert Score.objects.get(value=9).superseded_why == "NEW_DEFINITION"
    assert sorted(InstrumentVersion.objects.values_list("version", flat=True)) == [1, 2]


def test_a_record_that_moved_since_it_was_read_is_left_for_the_next_turn(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    old = keep.heads()
    record.answers("pat", "2026-04-02", "PHQ-9", "111111111")

    assert actions.score(heads=old).new == 0
    assert score().new == 2


def test_an_instrument_nobody_defined_waits_for_its_definition(record):
    record.answers("pat", "2026-03-02", "HOME-MADE", {"1": 3})
    assert score().new == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_two_answers_of_one_day_count_in_the_order_they_were_answered(record, order):
    given = [
        ("2222222..", datetime(2026, 3, 2, 18, tzinfo=UTC), "b"),
        ("111111111", datetime(2026, 3, 2, 9, tzinfo=UTC), "c"),
        ("333333333", None, "a"),
    ]
    for place in order:
        values, answered_at, key = given[place]
        record.answers("pat", "2026-03-02", "PHQ-9", values, answered_at=answered_at, key=key)
    score()

    scores = queries.frames([record.person("pat").pk])["scores"]

    assert scores.select("ordinal", "value").rows() == [(0, 27.0), (1, 9.0), (2, 18.0)]
    assert Standing.objects.get().last_value == 18.0


def test_standings_are_the_course_of_each_person(record):
    days = ["2026-01-05", "2026-02-05", "2026-02-05", "2026-03-05", "2026-04-05"]
    for name, values in (("pat", [20, 9, 9, 12, 17]), ("quinn", [8, 20, 19, 5, 3]), ("wren", [7])):
        for day, value in zip(days, values, strict=False):
            record.total(name, day, "PHQ-9", value)
    score()
    rule = definitions.in_force().measures["PHQ-9"].change

    for name in ("pat", "quinn"):
        row = Standing.objects.get(person=record.person(name))
        recent = row.recent
        course = change_over_time([d for d, _ in recent], [v for _, v in recent], rule)
        assert isinstance(course, Course)
        assert row.n_scores == course.n_scores
        for which in ("first", "best", "previous"):
            comparison = getattr(course, which)
            assert getattr(row, f"since_{which}") == comparison.change.change_class
            assert getattr(row, f"{which}_value") == comparison.change.earlier
            assert clock.day_number(getattr(row, f"{which}_date")) == comparison.earlier_day
    assert Standing.objects.get(person=record.person("wren")).since_first == "ONE_SCORE_ONLY"


def test_a_course_leads_back_to_file_and_line_and_shows_what_counted_before(record, world):
    row = record.answers("pat", "2026-03-02", "PHQ-9", "222222222")
    score()
    record.corrected(row, items={str(n): 3 for n in range(1, 10)})
    score()

    [course] = queries.series(viewer=viewer_of(world.account("alice")), person_id=record.person("pat").pk)

    assert [point.value for point in course.points] == [27.0]
    assert course.points[0].origin.line == 2
    assert course.points[0].origin.file.sha256 == "ab" * 32
    [before] = course.superseded
    assert (before.value, before.origin.line, before.superseded_why) == (18.0, 1, "The answers were corrected.")


def test_a_course_takes_the_same_number_of_queries_however_long_it_is(record, django_assert_num_queries):
    pat = record.person("pat").pk
    for month in range(1, 10):
        record.total("pat", f"2026-0{month}-02", "PHQ-9", month)
        record.total("pat", f"2026-0{month}-02", "GAD-7", month)
    score()
    with django_assert_num_queries(6):
        assert len(queries.series_of(pat)) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([18, 8], "Better by 10 (18 to 8), more than chance explains, and into the general range."),
        ([10, 16], "Worse by 6 (10 to 16), more than chance explains."),
        ([10, 12], "A little worse, by 2 (10 to 12); under 6 it may be chance."),
        ([10, 10], "The same as before: 10."),
        ([10], "One score so far: 10. A change needs two."),
    ],
)
def test_a_change_is_said_in_plain_words(record, values, words):
    for month, value in enumerate(values, start=1):
        record.total("pat", f"2026-0{month}-02", "PHQ-9", value)
    score()
    [standing] = queries.standings([record.person("pat").pk])[record.person("pat").pk]
    assert standing.verdict == words


def test_worse_follows_the_measures_direction_and_unjudged_change_says_so(record):
    record.answers("pat", "2026-01-02", "DIALOG", "44444444777")
    record.answers("pat", "2026-02-02", "DIALOG", "44444444444")
    score()
    standings = {each.measure: each for each in queries.standings([record.person("pat").pk])[record.person("pat").pk]}
    assert standings["DIALOG/TREATMENT"].since_first == "NOT_JUDGED"
    assert standings["DIALOG/TREATMENT"].verdict.startswith("Worse by 3 (7 to 4)")


def test_the_frames_are_the_records_tables(record):
    record.answers("pat", "2026-03-02", "PHQ-9", "111111113")
    record.contact("pat", "2026-03-01")
    record.episode("pat", "2026-01-01")
    score()
    people = [record.person("pat").pk]
    whole = Record.from_polars({**keep.frames(people), **queries.frames(people)})
    assert whole.risk_answers.collect().to_native().select("instrument", "item", "value").rows() == [
        ("PHQ-9", "9", 3)
    ]
    assert whole.episodes.collect().to_native()["programme"].to_list() == ["adult"]


def test_few_people_cost_the_same_number_of_queries_as_one(record, django_assert_num_queries):
    for name in ("pat", "quinn", "wren"):
        record.answers(name, "2026-03-02", "PHQ-9", "111111113")
        record.contact(name, "2026-03-01")
    score()
    everybody = [person.pk for person in record.world.people.values()]
    risk_items = sum(i.risk is not None for each in definitions.in_force().by_code.values() for i in each.items)
    for people in (everybody[:1], everybody):
        with django_assert_num_queries(8):
            keep.frames(people)
        with django_assert_num_queries(1 + risk_items):
            queries.frames(people)


def test_items_that_are_no_numbers_give_no_answer_instead_of_no_turn():
    instrument = definitions.in_force().by_code["PHQ-9"]
    matrix = scoring.answers_matrix(
        pl.Series(['{"1": 1, "2": "often", "3": null}', '{"1": 2, "9": 3, "unknown": 4}']), instrument
    )
    assert matrix[0, 0] == 1
    assert matrix[1, 8] == 3
    assert (matrix[0, 1:] != matrix[0, 1:]).all()  # NaN: not answered
