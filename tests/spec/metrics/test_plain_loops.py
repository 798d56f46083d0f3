"""Counts written a second time, as plain loops over one person's rows: the same answers on drawn people and rules."""

from bisect import bisect_right

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.spec.metrics.population import mart_tables
from tests.spec.metrics.story import AS_OF
from tests.spec.metrics.test_cases import metric

from outcometables.mart import Mart
from outcometables.metrics import Period, opportunities

PEOPLE = 150
PERIOD = Period(AS_OF - 300, AS_OF)
TABLES = mart_tables(PEOPLE)


@pytest.fixture(scope="module")
def mart():
    return Mart.from_polars(TABLES, as_of=AS_OF)


def rows_of(table):
    by_person = {}
    for row in TABLES[table].iter_rows(named=True):
        by_person.setdefault(row["person_id"], []).append(row)
    return by_person


CONTACTS, EPISODES, SCORES = rows_of("contacts"), rows_of("episodes"), rows_of("scores")
DIED = {row["person_id"]: row["died_day"] for row in TABLES["people"].iter_rows(named=True)}
CALENDAR = {row["day"]: row for row in TABLES["calendar"].iter_rows(named=True)}
MONTHS = {}
for row in CALENDAR.values():
    MONTHS.setdefault(row["month"], []).append(row["day"])


def found(mart, counts, unit, parameters):
    rows = opportunities(mart, [metric(counts, unit, parameters)], period=PERIOD)["the-metric"]
    said = rows.select("row_id", "day", "why_not", "outcome", "reason", "value")
    return sorted(said.rows(), key=str)


def outcome(met, closes):
    return "MET" if met else "OPEN" if closes >= AS_OF else "NOT_MET"


REFERRAL_RULES = st.fixed_dictionaries(
    {
        "within_days": st.integers(1, 40),
        "same_day_counts": st.booleans(),
        "repeat_within_days": st.sampled_from([0, 1, 90]),
        "seen_before_days": st.sampled_from([0, 30, 180]),
        "declined_leaves": st.booleans(),
        "withdrawn_leaves": st.booleans(),
        "death_leaves": st.booleans(),
    }
)


def referral(row, others, unit, rules):
    day, died = row["day"], DIED[row["person_id"]]
    business = unit == "BUSINESS_DAYS"
    count = (lambda later: CALENDAR[later]["business_ordinal"]) if business else (lambda later: later)
    closes = day
    while count(closes + 1) - count(day) <= rules["within_days"]:
        closes += 1
    attended = [
        each["day"]
        for each in CONTACTS.get(row["person_id"], [])
        if each["status"] == "ATTENDED" and each["day"] <= AS_OF
    ]
    answers = [each for each in attended if each > day or (each == day and rules["same_day_counts"])]
    answer = min(answers, default=None)

    def came_first(event):
        return event is not None and event <= AS_OF and event <= closes and (answer is None or event < answer)

    earlier = [
        each
        for each in others
        if (each["day"], each["row_id"]) < (day, row["row_id"]) and each["day"] > day - rules["repeat_within_days"]
    ]
    why_not = ""
    if rules["repeat_within_days"] and earlier:
        why_not = "REPEAT"
    elif rules["seen_before_days"] and any(day - rules["seen_before_days"] <= each < day for each in attended):
        why_not = "SEEN_BEFORE"
    elif (row["status"] == "DECLINED" and rules["declined_leaves"]) or (
        row["status"] == "WITHDRAWN" and rules["withdrawn_leaves"]
    ):
        closed = row["closed_day"]
        if came_first(closed) or (closed is None and answer is None):
            why_not = row["status"]
    if not why_not and rules["death_leaves"] and came_first(died):
        why_not = "DIED"
    if why_not:
        return (row["row_id"], day, why_not, "", "", None)
    told = outcome(answer is not None and answer <= closes, closes)
    reason = ("NOT_SEEN" if answer is None else "LATE") if told == "NOT_MET" else ""
    return (row["row_id"], day, "", told, reason, None if answer is None else count(answer) - count(day))


@settings(max_examples=25)
@given(rules=REFERRAL_RULES, unit=st.sampled_from(["DAYS", "BUSINESS_DAYS"]))
def test_referrals_followed_by_contact(mart, rules, unit):
    wanted = []
    for theirs in rows_of("referrals").values():
        known = [row for row in theirs if row["day"] <= AS_OF]
        asked = [row for row in known if row["day"] >= PERIOD.first_day]
        wanted += [referral(row, known, unit, rules) for row in asked]
    assert found(mart, "referrals_followed_by_contact", unit, rules) == sorted(wanted, key=str)


def month(episode, days, measures, rules):
    first, last = days[0], days[-1]
    died, end = DIED[episode["person_id"]], episode["end_day"]
    end = end if end is not None and end <= AS_OF else None
    died = died if died is not None and died <= AS_OF else None
    if episode["start_day"] > last or (end is not None and end <= first) or (died is not None and died < first):
        return None
    # A score is looked at where its month is one of those that reach this one.
    reach = rules["within_days"] // 28 + 2
    theirs = [
        each["day"]
        for each in SCORES.get(episode["person_id"], [])
        if each["measure"] in measures
        and each["day"] <= min(last, AS_OF)
        and CALENDAR[each["day"]]["month"] > CALENDAR[last]["month"] - reach
    ]
    age = last - max(theirs) if theirs else None
    gone = (end is not None and end <= last) or (died is not None and died <= last)
    if gone or episode["start_day"] > last - rules["new_for_days"]:
        return (episode["row_id"], first, "LEFT" if gone else "NEW", "", "", None)
    told = outcome(age is not None and age <= rules["within_days"], last)
    reason = ("NEVER_OR_LONG_AGO" if age is None else "TOO_OLD") if told == "NOT_MET" else ""
    return (episode["row_id"], first, "", told, reason, age)


@settings(max_examples=15)
@given(within=st.integers(1, 100), new=st.integers(0, 40), measures=st.sampled_from([["PHQ-9"], ["GAD-7", "SLEEP"]]))
def test_months_measured(mart, within, new, measures):
    rules = {"measures": measures, "within_days": within, "new_for_days": new}
    asked = [days for days in MONTHS.values() if PERIOD.first_day <= days[0] <= AS_OF]
    episodes = [row for theirs in EPISODES.values() for row in theirs if row["start_day"] <= AS_OF]
    wanted = [told for row in episodes for days in asked if (told := month(row, days, measures, rules)) is not None]
    assert found(mart, "months_measured", "DAYS", rules) == sorted(wanted, key=str)


def due_days(person, measure, every, rules):
    """Every day the measure fell due for somebody, with the answer that came next and the episode that asks."""
    scores = sorted(
        (each["day"], each["row_id"])
        for each in SCORES.get(person, [])
        if each["measure"] == measure and each["day"] <= AS_OF
    )
    days = sorted({day for day, _ in scores})
    last_of = dict(scores)  # of a day the last row
    episodes = sorted(
        (row for row in EPISODES.get(person, []) if row["start_day"] <= AS_OF), key=lambda row: row["row_id"]
    )
    for row in episodes:
        answer = next((day for day in days if day >= row["start_day"] - rules["answered_before_days"]), None)
        yield row["row_id"], row["start_day"] + rules["first_due_after_days"], answer, row
    for day in days if every else []:
        inside = [
            row for row in episodes if row["start_day"] <= day and (row["end_day"] is None or row["end_day"] > day)
        ]
        if inside:
            place = bisect_right(days, day)
            yield last_of[day], day + every, days[place] if place < len(days) else None, inside[0]


@settings(max_examples=25)
@given(
    rules=st.fixed_dictionaries(
        {
            "grace_days": st.integers(0, 20),
            "first_due_after_days": st.integers(0, 20),
            "answered_before_days": st.integers(0, 20),
        }
    ),
    measure=st.sampled_from([("PHQ-9", 14), ("GAD-7", 14), ("SLEEP", None)]),
)
def test_measures_answered(mart, rules, measure):
    wanted = []
    for person in EPISODES:
        for row_id, day, answer, episode in due_days(person, *measure, rules):
            if not PERIOD.first_day <= day <= AS_OF:
                continue
            closes = day + rules["grace_days"]

            def came_first(event, answer=answer, closes=closes):
                return event is not None and event <= min(AS_OF, closes) and (answer is None or event < answer)

            if came_first(episode["end_day"]) or came_first(DIED[person]):
                wanted.append((row_id, day, "LEFT" if came_first(episode["end_day"]) else "DIED", "", "", None))
                continue
            late = None if answer is None else answer - day
            told = outcome(late is not None and late <= rules["grace_days"], closes)
            reason = ("NOT_ANSWERED" if late is None else "LATE") if told == "NOT_MET" else ""
            wanted.append((row_id, day, "", told, reason, late))
    asked = rules | {"measure": measure[0]}
    assert found(mart, "measures_answered", "DAYS", asked) == sorted(wanted, key=str)


def test_the_drawn_people_show_something():
    assert pl.Series([len(rows) for rows in SCORES.values()]).mean() > 2
