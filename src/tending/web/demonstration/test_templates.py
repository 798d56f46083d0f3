"""Does what we write fit what the intake asks for: its columns, codes, references and orders, and the instruments?"""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outcometables.definitions import loading
from tending.collect.templates import NOT_GIVEN, TEMPLATES, Type
from tending.web.demonstration import provider, templates
from tending.web.demonstration.course.measures import MEASURES

DEFINITIONS = Path(__file__).parents[4] / "definitions"
# Optional columns and kinds that the demonstration leaves out, as many providers will.
LEFT_OUT = {("contacts", "code"), ("stays", "code"), ("diagnoses", "certainty"), ("diagnoses", "activity")}
TOLD = {kind: template for kind, template in TEMPLATES.items() if kind != "procedures"}
MISTAKEN = {("contacts", "kind"), ("housing", "state")}  # columns that hold a planted unknown code


@pytest.fixture(scope="module")
def riverbend():
    return provider.generate(people=1200, seed=11, today=date(2026, 11, 23))


def test_the_templates_are_those_of_the_intake():
    ours = {name: columns for name, columns in templates.COLUMNS.items()}
    assert ours == {
        kind: tuple(c.name for c in template.columns if (kind, c.name) not in LEFT_OUT)
        for kind, template in TOLD.items()
    }
    assert not any(TEMPLATES[kind].column(name).required for kind, name in LEFT_OUT)


CODED = [
    (kind, c)
    for kind, template in TOLD.items()
    for c in template.columns
    if c.type is Type.CODE and (kind, c.name) not in LEFT_OUT
]


@pytest.mark.parametrize(("kind", "column"), CODED, ids=lambda value: getattr(value, "name", value))
def test_codes_are_known(riverbend, kind, column):
    values = set(riverbend.table(kind)[column.name].drop_nulls().unique())
    assert values, "the column must hold something"
    unknown = values - set(column.codes)
    assert len(unknown) == ((kind, column.name) in MISTAKEN)


def test_required_cells_are_filled_and_words_fit(riverbend):
    for kind, template in TOLD.items():
        table = riverbend.table(kind)
        for column in (one for one in template.columns if (kind, one.name) not in LEFT_OUT):
            cells = table[column.name]
            assert not (column.required and cells.null_count()), f"{kind}.{column.name}"
            if column.type in (Type.ID, Type.TEXT):
                assert (cells.cast(pl.String).str.len_chars().max() or 0) <= column.length, f"{kind}.{column.name}"


def test_keys_and_orders_of_the_intake_hold(riverbend):
    for kind, template in TOLD.items():
        frame = riverbend.frames[kind]
        key = [*template.key, "item"] if kind == "answers" else list(template.key)
        assert not frame.select(key).is_duplicated().any(), kind
        for first, second in template.order:
            assert frame.filter(pl.col(first) > pl.col(second)).is_empty(), f"{kind}: {first}, {second}"


def test_demographics_use_the_intakes_words_for_not_given(riverbend):
    for column in ("gender_identity", "race_ethnicity", "language"):
        assert set(NOT_GIVEN) <= set(riverbend.table("people")[column].cast(pl.String))


def test_questionnaires_are_those_defined():
    defined = loading.load_instruments(DEFINITIONS)
    for measure in MEASURES:
        instrument = defined[measure.code]
        assert measure.n_items in (0, len(instrument.items)), measure.code
        if measure.n_items:
            values = [answer.value for answer in instrument.answers]
            assert (measure.lowest, measure.top) == (
                len(instrument.items) * min(values),
                len(instrument.items) * max(values),
            )
        else:
            low, high = next(scale.range for scale in instrument.scales if scale.code == "TOTAL")
            assert (measure.lowest, measure.top) == (low, high)


def test_every_open_episode_has_one_practitioner_now_and_never_two_at_once(riverbend):
    frames = riverbend.frames
    primary = frames["caseload"].filter(pl.col("caseload_role") == "PRIMARY").sort("person_id", "from_date")
    now = primary.filter(pl.col("to_date").is_null())
    assert sorted(now["person_id"]) == sorted(frames["episodes"].filter(pl.col("end_date").is_null())["person_id"])
    until = pl.col("to_date").shift(1).over("person_id")
    assert primary.with_columns(until=until).filter(pl.col("until") >= pl.col("from_date")).is_empty()


def test_nobody_works_after_leaving_or_before_arriving(riverbend):
    left = riverbend.truth["handover"]
    day = date.fromisoformat(left["from_date"])
    contacts = riverbend.table("contacts").filter(pl.col("starts_at").str.len_chars() > 0)
    on = pl.col("starts_at").str.slice(0, 10).str.to_date()
    assert contacts.filter((pl.col("staff_id") == left["left"]) & (on >= day)).is_empty()
    assert contacts.filter((pl.col("staff_id") == left["took_over"]) & (on < day) & (on.dt.year() > 2000)).is_empty()
    assert contacts.filter(pl.col("staff_id") == left["took_over"]).height > 20
