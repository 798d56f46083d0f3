"""Is what is written a record a real system could have exported, with only the mistakes we planted?"""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tending.web.demonstration import dirt, provider, templates

TODAY = date(2026, 11, 23)  # a Monday
LATER = {"contacts.starts_at", "consents.expires_date"}  # may lie after today


@pytest.fixture(scope="module")
def riverbend():
    return provider.generate(people=1200, seed=5, today=TODAY)


@pytest.fixture(scope="module")
def folder(riverbend, tmp_path_factory):
    where = tmp_path_factory.mktemp("riverbend")
    riverbend.write(where)
    return where


def read(folder, name):
    return pl.read_csv(folder / f"{name}.csv", infer_schema=False)


def test_the_same_numbers_give_the_same_files(folder, tmp_path):
    provider.generate(people=1200, seed=5, today=TODAY).write(tmp_path)
    names = [path.name for path in sorted(folder.iterdir())]
    assert names == sorted([f"{name}.csv" for name in templates.COLUMNS] + ["truth.json"])
    assert all((tmp_path / name).read_bytes() == (folder / name).read_bytes() for name in names)


def test_another_seed_is_another_provider(riverbend):
    other = provider.generate(people=1200, seed=6, today=TODAY)
    assert not other.frames["contacts"].equals(riverbend.frames["contacts"])


def test_columns_are_those_of_the_templates_in_order(folder):
    for name, columns in templates.COLUMNS.items():
        assert tuple(read(folder, name).columns) == columns


def test_identifiers_are_unique(folder):
    for name, columns in templates.COLUMNS.items():
        key = ["response_id", "item"] if name == "answers" else [columns[0]]
        key = ["staff_id", "role", "team_id", "from_date"] if name == "staff" else key
        table = read(folder, name)
        assert table.select(key).is_duplicated().sum() == 0, name


REFERENCES = [
    (name, column, target)
    for name, columns in templates.COLUMNS.items()
    for column in columns[1:]
    for target in {
        "person_id": ["people"], "staff_id": ["staff"], "team_id": ["teams"], "organisation_id": ["organisations"],
        "source_organisation_id": ["organisations"], "referral_id": ["referrals"], "goal_id": ["goals"],
    }.get(column, [])
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "target"), REFERENCES)
def test_every_reference_resolves_but_the_planted_one(riverbend, folder, name, column, target):
    known = read(folder, target)[templates.COLUMNS[target][0]]
    lost = read(folder, name).filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(known.implode()))
    planted = [m.row_id for m in riverbend.mistakes if m.table == name and m.column == column]
    assert lost[templates.COLUMNS[name][0]].to_list() == planted


def test_a_response_belongs_to_one_person_and_is_kept_together(folder):
    answers = read(folder, "answers")
    people = answers.group_by("response_id").agg(pl.col("person_id", "answered_date", "instrument").n_unique())
    assert people.select(pl.exclude("response_id").max()).row(0) == (1, 1, 1)
    assert answers["response_id"].rle_id().n_unique() == answers["response_id"].n_unique()


@pytest.mark.parametrize(
    ("name", "earlier", "later"),
    [
        ("staff", "from_date", "to_date"),
        ("caseload", "from_date", "to_date"),
        ("referrals", "referred_date", "closed_date"),
        ("episodes", "start_date", "end_date"),
        ("stays", "admitted_at", "discharged_at"),
        ("goals", "stated_date", "closed_date"),
        ("consents", "given_date", "expires_date"),
        ("consents", "given_date", "revoked_date"),
        ("people", "birth_date", "death_date"),
    ],
)
def test_nothing_ends_before_it_begins(riverbend, name, earlier, later):
    frame = riverbend.frames[name]
    assert frame.filter(pl.col(later) < pl.col(earlier)).is_empty()
    assert frame[later].null_count() < frame.height, "the test must have something to compare"


def test_only_booked_visits_and_expiries_lie_ahead(riverbend):
    for name, frame in riverbend.frames.items():
        for column, kind in frame.schema.items():
            if kind.is_temporal() and f"{name}.{column}" not in LATER:
                ahead = frame.filter(pl.col(column).cast(pl.Date) > TODAY)
                assert ahead.is_empty(), f"{name}.{column}"


def test_the_past_is_decided_and_the_next_fortnight_is_booked(riverbend):
    contacts = riverbend.frames["contacts"].with_columns(day=pl.col("starts_at").dt.date())
    booked = pl.col("status") == "BOOKED"
    assert contacts.filter(booked & (pl.col("day") < TODAY)).is_empty()
    assert contacts.filter(~booked & (pl.col("day") > TODAY)).is_empty()
    ahead = contacts.filter(booked)
    assert ahead["day"].max() >= TODAY + timedelta(days=7)
    open_people = riverbend.frames["episodes"].filter(pl.col("end_date").is_null())["person_id"].n_unique()
    assert ahead["person_id"].n_unique() > 0.7 * open_people


def test_contacts_lie_within_business_hours_and_support(riverbend):
    contacts = riverbend.frames["contacts"]
    at = pl.col("starts_at")
    assert contacts.select((at.dt.weekday() <= 5).mean())[0, 0] > 0.99
    assert contacts.select(at.dt.hour().is_between(8, 19).all())[0, 0]
    held = contacts.join(riverbend.frames["episodes"], on="person_id")
    inside = (at.dt.date() >= pl.col("start_date")) & (at.dt.date() <= pl.col("end_date").fill_null(date(2100, 1, 1)))
    assert held.group_by("contact_id").agg(inside.any())["starts_at"].all()


def test_an_episode_follows_its_referral_and_none_overlap(riverbend):
    episodes, referrals = riverbend.frames["episodes"], riverbend.frames["referrals"]
    joined = episodes.join(referrals, on="referral_id", suffix="_referral")
    assert joined.height == episodes.height
    assert (joined["start_date"] >= joined["referred_date"]).all()
    assert (joined["person_id"] == joined["person_id_referral"]).all()
    spells = episodes.sort("person_id", "start_date")
    before = pl.col("end_date").shift(1).over("person_id")
    again = spells.with_columns(before=before, nth=pl.int_range(pl.len()).over("person_id")).filter(pl.col("nth") > 0)
    assert again.height > 5
    assert (again["before"] < again["start_date"]).all()


def test_the_dead_have_no_later_records(riverbend):
    died = riverbend.frames["people"].filter(pl.col("death_date").is_not_null())
    later = riverbend.frames["contacts"].join(died.select("person_id", "death_date"), on="person_id")
    assert later.filter(pl.col("starts_at").dt.date() > pl.col("death_date")).is_empty()


def test_answers_lie_in_their_range_but_the_planted_one(riverbend, folder):
    top = {"PHQ-9": (0, 3), "GAD-7": (0, 3), "DIALOG": (1, 7), "QPR-15": (0, 4), "AUDIT-C": (0, 4)}
    answers = read(folder, "answers").with_columns(pl.col("value").cast(pl.Int32))
    low = pl.col("instrument").replace_strict({code: low for code, (low, _) in top.items()})
    high = pl.col("instrument").replace_strict({code: high for code, (_, high) in top.items()})
    out = answers.filter((pl.col("value") < low) | (pl.col("value") > high))
    planted = [m.row_id for m in riverbend.mistakes if m.kind == "OUT_OF_RANGE"]
    assert (out["response_id"] + "/" + out["item"]).to_list() == planted
    assert 0 < answers["value"].null_count() < 0.01 * answers.height


def test_nothing_told_of_people_to_spare_is_mistaken(riverbend):
    stays = riverbend.frames["stays"].filter(pl.col("discharged_at").is_not_null())
    one = stays["person_id"][0]
    spare = [person for person in riverbend.frames["people"]["person_id"] if person != one]
    made = dirt.mistakes(riverbend.frames, np.random.default_rng(1), spare=spare)
    (wrong,) = (mistake.row_id for mistake in made if mistake.table == "stays")
    assert wrong in {
        templates.identifier("stay_id", stay) for stay in stays.filter(pl.col("person_id") == one)["stay_id"]
    }


def test_each_planted_mistake_stands_on_paper(riverbend, folder):
    assert len(riverbend.mistakes) == 7
    for mistake in riverbend.mistakes:
        table = read(folder, mistake.table)
        key, _, item = mistake.row_id.partition("/")
        row = table.filter(pl.col(table.columns[0]) == key)
        row = row.filter(pl.col("item") == item) if item else row
        assert row[mistake.column].to_list() == [mistake.written]


def test_duplicates_share_a_birth_date(riverbend, folder):
    people = read(folder, "people")
    pairs = riverbend.truth["dirt"]["duplicates"]
    assert len(pairs) == 3
    for pair in pairs:
        two = people.filter(pl.col("person_id").is_in([pair["person_id"], pair["duplicate_of"]]))
        assert two.height == 2
        assert two["birth_date"].n_unique() == 1


def test_too_few_people_is_refused_in_words():
    with pytest.raises(ValueError, match="at least 100 people, not 10"):
        provider.generate(people=10, today=TODAY)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=offset) for offset in range(1, 7)])
def test_any_day_of_the_week_can_be_today(day):
    made = provider.generate(people=150, seed=2, today=day)
    contacts = made.frames["contacts"].filter(pl.col("status") != "BOOKED")
    latest = contacts["starts_at"].dt.date().max()
    assert day - timedelta(days=3) <= latest <= day
