from datetime import date, datetime, timedelta

import pytest

from tending.base import clock
from tending.base.access.viewer import viewer_of
from tending.base.people.models import TeamMembership
from tending.keep import queries as keep
from tending.measure import actions as measure
from tending.notice import actions, queries
from tending.notice.models import Signal, SignalEvidence, TriggerVersion, TurnedPerson

DAY = date(2026, 3, 20)
NOW = clock.at(DAY, 9)


def signals(code: str):
    return list(Signal.objects.filter(trigger=code).order_by("pk"))


@pytest.fixture
def worse(record):
    """Pat, in care since January, has a PHQ-9 total that rose from 8 to 18, and was seen last week."""
    record.episode("pat", "2026-01-05")
    record.contact("pat", "2026-03-13")
    record.total("pat", "2026-01-10", "PHQ-9", 8)
    record.total("pat", "2026-03-13", "PHQ-9", 18, key="latest")
    record.total("pat", "2026-03-13", "GAD-7", 5)
    return record


def test_a_worse_score_signals_with_its_evidence_clock_team_and_version(worse):
    assert worse.notice(DAY).signals == 1

    [signal] = Signal.objects.all()
    assert (signal.trigger, signal.severity, signal.owner_role) == ("phq-9-worsening", "HIGH", "PRACTITIONER")
    assert signal.noticed_at == NOW
    assert signal.respond_by == NOW + timedelta(hours=72)
    assert (signal.as_of, signal.team.code) == (DAY, "east")
    assert signal.evidence_key == "scores:ehr:scorereceived:latest:PHQ-9"
    assert signal.trigger_version.body["parameters"]["within_days"] == 14
    rows = SignalEvidence.objects.order_by("date", "role").values_list("role", "anchor", "measure", "value")
    assert list(rows) == [
        ("BEST", False, "PHQ-9", 8.0),
        ("FIRST", False, "PHQ-9", 8.0),
        ("PREVIOUS", False, "PHQ-9", 8.0),
        ("LATEST", True, "PHQ-9", 18.0),
    ]


def test_the_same_evidence_never_signals_twice(worse):
    worse.notice(DAY)
    TurnedPerson.objects.all().delete()

    assert worse.notice(DAY).signals == 0
    assert worse.notice(DAY + timedelta(days=3)).signals == 0  # still true on a later day
    assert Signal.objects.count() == 1


def test_a_corrected_total_is_the_same_evidence(worse):
    worse.notice(DAY)
    row = worse.total("pat", "2026-03-14", "PHQ-9", 19)
    worse.notice(DAY)
    assert [each.repeat_of_id is not None for each in signals("phq-9-worsening")] == [False, True]

    worse.corrected(row, value=20)

    assert worse.notice(DAY).signals == 0


def test_new_evidence_inside_the_quiet_period_is_kept_and_points_to_the_first(worse):
    worse.notice(DAY)
    worse.total("pat", "2026-03-25", "PHQ-9", 20)

    noticed = worse.notice(date(2026, 3, 25))

    first, second = signals("phq-9-worsening")
    assert (noticed.signals, noticed.repeats) == (1, 1)
    assert second.repeat_of == first
    waiting = queries.signals_to_answer(answered=Signal.objects.none().values("pk"))
    assert [each.id for each in waiting if each.trigger == "phq-9-worsening"] == [first.pk]
    assert queries.signals_to_answer(answered=Signal.objects.values("pk")) == ()


@pytest.mark.parametrize(("day", "repeats"), [(date(2026, 4, 2), True), (date(2026, 4, 3), False)])
def test_the_quiet_period_is_fourteen_days_from_the_first_signal(worse, day, repeats):
    worse.notice(DAY)
    worse.total("pat", "2026-03-25", "PHQ-9", 20)
    worse.notice(date(2026, 3, 25))  # a repeat does not make the quiet period longer
    worse.total("pat", str(day), "PHQ-9", 21)

    worse.notice(day)

    assert (signals("phq-9-worsening")[-1].repeat_of_id is not None) == repeats


def changed(settings, tmp_path, code, *changes):
    """The definitions with one trigger's file changed."""
    folder = tmp_path / "definitions"
    for kind in ("instruments", "triggers"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for file in (settings.DEFINITIONS / kind).glob("*.yaml"):
            (folder / kind / file.name).write_text(file.read_text())
    file = folder / "triggers" / f"{code}.yaml"
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    settings.DEFINITIONS = folder


def test_a_changed_definition_is_a_new_version_and_asks_everybody_again(worse, settings, tmp_path):
    worse.notice(DAY)
    changed(
        settings, tmp_path, "phq-9-worsening", ("version: 1", "version: 2"), ("within_days: 14", "within_days: 21")
    )

    noticed = worse.notice(DAY)

    assert noticed.people == 1
    assert noticed.signals == 0  # the same evidence, whichever version saw it first
    assert sorted(TriggerVersion.objects.filter(code="phq-9-worsening").values_list("version", flat=True)) == [1, 2]
    assert Signal.objects.get().trigger_version.version == 1


def test_a_trigger_that_became_more_urgent_asks_again_even_in_the_quiet_period(worse, settings, tmp_path):
    worse.notice(DAY)
    changed(
        settings, tmp_path, "phq-9-worsening", ("version: 1", "version: 2"), ("severity: HIGH", "severity: URGENT")
    )

    worse.notice(DAY)

    assert [(each.severity, each.repeat_of_id) for each in signals("phq-9-worsening")] == [
        ("HIGH", None),
        ("URGENT", None),
    ]


def test_a_day_alone_can_make_a_signal(worse):
    worse.notice(DAY)
    assert signals("no-contact-30d") == []

    worse.notice(date(2026, 4, 13))

    [signal] = signals("no-contact-30d")
    assert signal.evidence.get().date == date(2026, 3, 13)


def test_a_risk_answer_is_noticed_for_somebody_who_has_left(record):
    record.answers("wren", "2026-03-19", "PHQ-9", "000000001", key="risk")
    TeamMembership.objects.filter(person=record.person("wren")).update(to_date=date(2026, 3, 1))

    record.notice(DAY)

    [signal] = signals("self-harm-answer")
    assert (signal.severity, signal.team.code) == ("URGENT", "west")  # the last team that knew them
    evidence = signal.evidence.get()
    assert (evidence.frame, evidence.measure, evidence.value) == ("risk_answers", "PHQ-9/9", 1.0)


def test_the_team_is_the_one_that_began_last(worse, world):
    TeamMembership.objects.create(person=world.people["pat"], team=world.teams["west"], from_date=date(2026, 2, 1))
    worse.notice(DAY)
    assert Signal.objects.get().team.code == "west"


def test_a_signal_leads_to_the_file_and_the_line_that_counted_then(worse, world):
    worse.notice(DAY)
    row = type(worse.total("quinn", "2026-03-13", "PHQ-9", 3)).objects.get(source_key__endswith="latest")
    later = worse.corrected(row, value=19)
    type(row).objects.filter(pk=later.pk).update(recorded_at=NOW + timedelta(days=1))

    detail = queries.signal_detail(viewer=viewer_of(world.account("alice")), signal_id=Signal.objects.get().pk)

    anchor = detail.evidence[0]
    assert anchor.anchor
    assert (anchor.value, anchor.origin.line, anchor.origin.file.sha256) == (18.0, row.line, "ab" * 32)
    assert anchor.corrected_since
    assert detail.signal.title == "Low mood is getting worse"


def test_signals_are_seen_by_those_who_support_the_person_and_nobody_else(worse, world):
    worse.notice(DAY)
    signal_id, pat = Signal.objects.get().pk, world.people["pat"].pk
    assert len(queries.signals_of_person(viewer=viewer_of(world.account("alice")), person_id=pat)) == 1
    for name in ("bob", "boris", "ada"):
        viewer = viewer_of(world.account(name))
        assert queries.signal_detail(viewer=viewer, signal_id=signal_id) is None
        with pytest.raises(Exception, match="No such person"):
            queries.signals_of_person(viewer=viewer, person_id=pat)


def test_one_signal_costs_the_same_number_of_queries_however_much_evidence_it_has(
    worse, world, django_assert_num_queries
):
    for week in range(1, 9):
        worse.contact("quinn", str(DAY - timedelta(days=week)), status="NO_SHOW")
    worse.episode("quinn", "2026-01-05")
    worse.notice(DAY)
    viewer = viewer_of(world.account("alice"))
    [many] = signals("repeated-missed-visits")
    assert many.evidence.count() > 4
    with django_assert_num_queries(6):  # the signal, its repeats, its evidence, the rows, the two of their files
        queries.signal_detail(viewer=viewer, signal_id=many.pk)


def test_in_words_of_the_reader(worse, world):
    from django.utils import translation

    worse.notice(DAY)
    with translation.override("es"):
        [signal] = queries.signals_of_person(
            viewer=viewer_of(world.account("alice")), person_id=world.people["pat"].pk
        )
    assert signal.title == "El ánimo está empeorando"


def test_a_record_that_moved_during_the_turn_is_turned_again(worse):
    day = DAY
    with clock.travelling(NOW):
        heads = keep.heads()
        measure.score(heads=heads)
        worse.contact("pat", "2026-03-19")
        actions.notice(heads=heads, as_of=day)
        assert list(keep.heads(unless=queries.turned(as_of=day))) == [worse.person("pat").pk]


def test_noticed_at_is_an_instant_the_database_gives_back(worse):
    worse.notice(DAY)
    assert isinstance(Signal.objects.get().noticed_at, datetime)
    assert Signal.objects.filter(noticed_at=NOW).exists()


def test_a_score_that_got_much_worse_since_is_no_repeat(worse):
    worse.notice(DAY)
    worse.total("pat", "2026-03-24", "PHQ-9", 23)
    worse.notice(date(2026, 3, 24))
    worse.total("pat", "2026-03-27", "PHQ-9", 24)  # six above the first, inside the quiet period
    worse.notice(date(2026, 3, 27))
    worse.total("pat", "2026-03-28", "PHQ-9", 26)  # the worse one is the first of a quiet period of its own
    worse.notice(date(2026, 3, 28))

    first, small, much, after = signals("phq-9-worsening")
    assert (first.repeat_of, small.repeat_of, much.repeat_of, after.repeat_of) == (None, first, None, much)


def test_from_at_risk_to_a_shelter_is_no_repeat(record):
    record.episode("pat", "2026-01-05")
    record.contact("pat", "2026-03-13")
    record.housing("pat", "2026-01-06", "STABLE")
    record.housing("pat", "2026-03-10", "AT_RISK")
    record.notice(date(2026, 3, 12))
    record.housing("pat", "2026-03-14", "SHELTER")
    record.notice(date(2026, 3, 15))

    at_risk, shelter = signals("housing-slipping")
    assert (at_risk.repeat_of, shelter.repeat_of) == (None, None)
    values = SignalEvidence.objects.filter(signal=shelter).order_by("role").values_list("role", "value")
    assert list(values) == [("BEFORE", 1.0), ("NOW", 3.0)]
