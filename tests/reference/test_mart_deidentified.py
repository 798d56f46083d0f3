"""The de-identified variant: what has to stay, stays exactly; what must not be there is not."""

from datetime import date

import polars as pl
import pytest
from tests.spec.triggers.population import population
from tests.spec.triggers.story import AS_OF
from tests.support.engines import filled

import outcometables
from outcometables.mart import MART, MartError, calendar, mart_schema, write_mart
from outcometables.mart.business_days import Holiday
from outcometables.mart.cut import BEGINS
from outcometables.mart.deidentified import LEAST, WEEKS, deidentify
from outcometables.mart.manifest import MANIFEST, read_manifest
from outcometables.mart.surrogates import shifts, surrogates
from outcometables.mart.withheld import DESCRIBED, WITHHELD

PEOPLE = 1_500
SECRET = b"a secret of the tests"


def made() -> dict[str, pl.DataFrame]:
    """A record with something in every table that is about people, and words that nearly nobody shares."""
    tables = filled(population(PEOPLE, seed=3))
    number = pl.int_range(pl.len())
    tables["people"] = tables["people"].with_columns(
        birth_ymd=(1919 + number % 90).cast(pl.Int32) * 10_000 + 517,
        sex=pl.when(number == 7)
        .then(pl.lit("INTERSEX"))
        .when(number % 2 == 0)
        .then(pl.lit("FEMALE"))
        .otherwise(pl.lit("MALE")),
        language=pl.when(number % 5 == 0).then(pl.lit("es")).otherwise(pl.lit("en")),
        race_ethnicity=pl.when(number % 400 == 1).then(pl.lit("Lenape")).otherwise(pl.lit("White")),
        **{name: pl.lit("NOT_ASKED") for name in ("gender_identity", "payer", "deprivation_quintile")},
    )
    for table in ("contacts", "crisis", "stays"):
        day = "admit_day" if table == "stays" else "day"
        minute = "admit_minute" if table == "stays" else "minute"
        tables[table] = tables[table].with_columns((pl.col(day).cast(pl.Int64) * 1440 + 617).alias(minute))
    tables["contacts"] = tables["contacts"].with_columns(
        code=pl.when(pl.col("row_id") == 3).then(pl.lit("RARE")).otherwise(pl.lit("90834")),
        arrived_day=pl.lit(19_990, dtype=pl.Int32),
    )
    tables["scores"] = tables["scores"].with_columns(arrived_day=pl.lit(19_990, dtype=pl.Int32))
    for name, frame in tables.items():
        if "row_id" in frame.columns:  # as the exporter numbers them
            place = pl.int_range(pl.len()).over("person_id")
            tables[name] = frame.sort("person_id", "row_id").with_columns(row_id=pl.col("person_id") * 2**20 + place)
    people = tables["people"]["person_id"].to_list()
    signals = [
        (n + 1, n, n % 5, "t", "HIGH", AS_OF - n, 1440 * n, AS_OF - n, 1440 * n, AS_OF, 0, n + 1) for n in people
    ]
    reviews = [
        (
            n + 1,
            n,
            2,
            "HIGH",
            "CLOSED",
            AS_OF - 200,
            *[1440 * 19_800] * 3,
            AS_OF,
            None,
            None,
            1440 * AS_OF,
            AS_OF,
            None,
            None,
            1,
            1,
        )
        for n in people
    ]
    more = {"signals": signals, "reviews": reviews, "looks": [(n * 2**20, n, AS_OF - 300, 4) for n in people]}
    more["teams"] = [(n, f"Harbor {n}", "ADULT", "OUTPATIENT", "Mill Street") for n in range(30)]
    more["organisations"] = [(4, "Mercy Hospital", "HOSPITAL")]
    for table, rows in more.items():
        tables[table] = pl.DataFrame(rows, schema=mart_schema(table), orient="row")
    tables["calendar"] = calendar(
        date(2023, 1, 1), date(2026, 1, 1), [Holiday("x", date(2024, 7, 4), date(2024, 7, 4))]
    )
    return tables


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marts")
    write_mart(folder / "own", made(), as_of=AS_OF, people_a_part=512)
    deidentify(folder / "own", folder / "other", secret=SECRET)
    return folder


@pytest.fixture(scope="module")
def own(folders):
    return tables(folders / "own")


@pytest.fixture(scope="module")
def other(folders):
    return tables(folders / "other")


def tables(folder):
    mart = outcometables.open(folder, whole=True)
    return {table: mart[table].collect().to_native() for table in MART}


def pairs(own, other):
    """Who is who, and how far each was moved: known to whoever has the secret."""
    people = own["people"]["person_id"].to_list()
    number, shift = surrogates(SECRET, "person", people), shifts(SECRET, people, WEEKS)
    return pl.DataFrame(
        {"person_id": people, "new": [number[n] for n in people], "shift": [shift[n] for n in people]}
    )


def test_it_ends_half_a_year_earlier_and_nothing_is_later(folders, other):
    manifest = read_manifest(folders / "other")
    assert (manifest.as_of, manifest.deidentified) == (AS_OF - 7 * WEEKS, True)
    for table, day in BEGINS.items():
        assert (other[table][day].max() or 0) <= manifest.as_of, table
    for table, day in (
        ("episodes", "end_day"),
        ("stays", "discharge_day"),
        ("reviews", "closed_day"),
        ("people", "died_day"),
    ):
        assert (other[table][day].max() or 0) <= manifest.as_of, table
    assert other["people"].height == PEOPLE


def test_spans_within_a_person_are_exactly_what_they_were(own, other):
    """Every contact that is left lies as many days before the next as it did, on the same day of the week."""
    who = pairs(own, other)
    expected = (
        own["contacts"]
        .join(who, on="person_id")
        .select(
            pl.col("new").alias("person_id"),
            (pl.col("day") - pl.col("shift")).cast(pl.Int32).alias("day"),
            (pl.col("new") * 2**20 + pl.col("row_id") % 2**20).alias("row_id"),
            "kind",
            "status",
        )
        .filter(pl.col("day") <= AS_OF - 7 * WEEKS)
        .sort("row_id")
    )
    found = other["contacts"].select(expected.columns).sort("row_id")
    assert expected.height > 1_000
    assert found.rows() == expected.rows()
    assert set(who["shift"]) == {7 * week for week in range(WEEKS + 1)}


def test_measures_of_people_come_out_alike(own, other):
    """Attendance and scores by team do not change where no row was cut: the same sums, under other numbers."""
    cut = AS_OF - 7 * WEEKS
    who = pairs(own, other)
    kept = own["scores"].join(who, on="person_id").filter(pl.col("day") - pl.col("shift") <= cut)
    assert other["scores"].height == kept.height
    assert sorted(other["scores"]["value"]) == sorted(kept["value"])


def test_numbers_lead_to_nobody(own, other):
    assert other["people"]["person_id"].sort().to_list() == list(range(1, PEOPLE + 1))
    order = pairs(own, other).sort("person_id")["new"]
    assert abs(pl.DataFrame({"a": order, "b": range(PEOPLE)}).select(pl.corr("a", "b")).item()) < 0.1
    assert not set(other["teams"]["name"]) & set(own["teams"]["name"])
    assert set(other["teams"]["site"]) == {"Site 1"}
    assert other["organisations"].rows() == [(1, "Partner 1", "HOSPITAL")]
    answered = other["signals"].drop_nulls("review_id")["review_id"]
    assert set(other["reviews"]["review_id"]) & set(answered)


def test_what_would_tell_how_far_somebody_was_moved_is_gone(other):
    for table in ("contacts", "scores"):
        assert other[table]["arrived_day"].null_count() == other[table].height
    for table, minute in (("contacts", "minute"), ("crisis", "minute"), ("stays", "admit_minute")):
        assert (other[table][minute] % 60).unique().to_list() == [0]


def test_nobody_is_older_than_ninety_and_births_are_years(other):
    born = other["people"]["birth_ymd"].drop_nulls()
    year_now = 2024  # of the mart's last day, half a year before 4 October 2024
    assert born.min() // 10_000 == year_now - 90
    assert set(born % 10_000) == {701}
    assert other["people"].filter(pl.col("birth_day").is_null() != pl.col("birth_ymd").is_null()).is_empty()


def test_every_combination_of_words_and_ten_years_of_age_is_shared(other):
    people = other["people"].with_columns(band=(2024 - pl.col("birth_ymd") // 10_000) // 10)
    shared = people.group_by(*DESCRIBED, "band").len()
    few = shared.filter(pl.col("len") < LEAST)
    assert few.select(DESCRIBED).unique().rows() in ([], [(WITHHELD,) * len(DESCRIBED)])
    assert few["band"].null_count() == few.height
    assert "INTERSEX" not in set(people["sex"])
    assert "Lenape" not in set(people["race_ethnicity"])
    assert "RARE" not in set(other["contacts"]["code"])


def test_ends_that_had_not_come_yet_take_their_consequences_with_them(other):
    reviews = other["reviews"]
    assert set(reviews["state"]) <= {"OPENED", "UNDER_WAY", "ACTING", "CLOSED"}
    still_open = reviews.filter(pl.col("closed_day").is_null())
    # All were closed on the last day, which only those who were moved back by all weeks know of.
    assert 0 < reviews.height - still_open.height < 0.1 * PEOPLE
    assert set(reviews["closed_day"].drop_nulls()) == {AS_OF - 7 * WEEKS}
    assert (set(still_open["decided"]), still_open["closed_minute"].null_count()) == ({0}, still_open.height)


def test_two_exports_cannot_be_laid_over_each_other(folders, tmp_path):
    deidentify(folders / "own", tmp_path / "one")
    deidentify(folders / "own", tmp_path / "two")
    one, two = tables(tmp_path / "one")["looks"], tables(tmp_path / "two")["looks"]
    assert one.rows() != two.rows()
    assert b"secret" not in (tmp_path / "one" / MANIFEST).read_bytes()


def test_what_is_deidentified_already_is_refused(folders, tmp_path):
    with pytest.raises(MartError, match="de-identified already"):
        deidentify(folders / "other", tmp_path)
