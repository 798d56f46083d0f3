"""A definition loads, or one clear error says which file, which key and what to do."""

import datetime
from pathlib import Path

import msgspec
import pytest

from outcometables.definitions.definition import DefinitionError
from outcometables.definitions.fingerprints import fingerprint
from outcometables.definitions.instruments import Instrument
from outcometables.definitions.loading import load_instruments, load_triggers, read_definition
from outcometables.definitions.triggers import Trigger

SMALL = """
code: TWO
version: 1
title: {en: Two, es: Dos}
purpose: {en: Try, es: Probar}
items:
  - {code: "1", label: {en: One, es: Uno}}
  - {code: "2", label: {en: Two, es: Dos}, risk: {at_least: 1, kind: SELF_HARM}}
answers:
  - {value: 0, label: {en: Never, es: Nunca}}
  - {value: 1, label: {en: Often, es: "A menudo"}}
scales:
  - code: TOTAL
    title: {en: All, es: Todo}
    items: all
    method: SUM
    range: [0, 2]
    higher_is: WORSE
    missing: {rule: PRORATE, max_missing: 1}
    reliable_change: {points: 1, source: test}
    bands: [{from: 0, to: 1, label: {en: Low, es: Bajo}}, {from: 2, to: 2, label: {en: High, es: Alto}}]
    cutoff: {at_least: 2, label: {en: High, es: Alto}}
recall_days: 14
due_every_days: 30
licence: {may_show_wording: false, notice: None shipped, source: test}
source: test
reviewer: nobody
"""

TRIGGER = """
code: SCORE_WORSE
version: 1
title: {en: Score worse, es: Puntuación peor}
meaning: {en: The latest score is worse., es: La última puntuación es peor.}
condition: score_worse
parameters: {points: 5, measures: [PHQ-9]}
severity: HIGH
respond_within_hours: 72
owner_role: PRACTITIONER
cohort: {programmes: [ACT]}
quiet_days: 14
owner: Clinical lead
reason: {en: Early response, es: Respuesta temprana}
source: test
reviewer: nobody
review_date: 2026-01-31
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "instruments").mkdir()
    (tmp_path / "triggers").mkdir()
    (tmp_path / "instruments" / "two.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "triggers" / "worse.yaml").write_text(TRIGGER, encoding="utf-8")
    return tmp_path


def test_instruments_load_from_the_definitions_folder_or_their_own(folder: Path) -> None:
    from_above = load_instruments(folder)
    assert from_above == load_instruments(folder / "instruments")
    two = from_above["TWO"]
    assert two.codes_in(two.scale()) == ("1", "2")
    assert two.measure(two.scale()) == "TWO"
    assert two.scale().direction == 1
    assert two.item("2").risk is not None


def test_a_score_between_two_bands_belongs_to_the_lower_one(folder: Path) -> None:
    scale = load_instruments(folder)["TWO"].scale()
    labels = [str(band.label) if (band := scale.band_for(value)) else None for value in (0, 1, 1.5, 2)]
    assert labels == ["Low", "Low", "Low", "High"]


def test_triggers_load_with_their_defaults(folder: Path) -> None:
    trigger = load_triggers(folder)["SCORE_WORSE"]
    assert trigger.cohort.programmes == ("ACT",)
    assert trigger.cohort.service_models == ()
    assert trigger.parameters == {"points": 5, "measures": ["PHQ-9"]}
    assert trigger.review_date is not None
    assert trigger.review_date.year == 2026


@pytest.mark.parametrize(
    ("old", "new", "key", "hint"),
    [
        ("recall_days: 14", "recal_days: 14", "(the file)", "Did you mean `recall_days`?"),
        ("recall_days: 14", "", "(the file)", "Add the key `recall_days`"),
        ('{code: "1"', "{code: 1", "items[0].code", "quotes"),
        ('es: "A menudo"', "es: No", "answers[1].label.es", "quotes"),
        ("method: SUM", "method: TOTAL", "scales[0].method", "definitions.md"),
        ("range: [0, 2]", "range: [0, 3]", "scales[0]", "begin and end"),
        ("range: [0, 2]", "range: [2, 0]", "scales[0]", "low to high"),
        ("to: 1, label: {en: Low", "to: 0, label: {en: Low", "scales[0]", "leave a gap"),
        ("cutoff: {at_least: 2", "cutoff: {at_most: 2", "scales[0]", "needs `at_least`"),
        ("cutoff: {at_least: 2", "cutoff: {at_least: 9", "scales[0]", "outside `range`"),
        ("max_missing: 1}", "max_missing: 2}", "(the file)", "no answer"),
        (
            "rule: PRORATE, max_missing: 1",
            "rule: NONE, max_missing: 1",
            "scales[0].missing",
            "max_missing: 0",
        ),
        (
            "{points: 1, source: test}",
            "{reliability: 0.8, source: test}",
            "scales[0].reliable_change",
            "norm_sd",
        ),
        ("items: all", 'items: ["1", "3"]', "(the file)", "not an item"),
        ('code: "2"', 'code: "1"', "(the file)", "twice"),
        ("risk: {at_least: 1", "risk: {at_least: 7", "(the file)", "one of its answers"),
        ("version: 1", "version: 0", "(the file)", "counts from 1"),
        ("version: 1", "version: 1\nversion: 2", "line 4, column 1", "written twice"),
        ("items:", "items: [", "line", "not readable YAML"),
    ],
)
def test_a_mistake_is_one_error_with_file_key_and_fix(folder: Path, old: str, new: str, key: str, hint: str) -> None:
    file = folder / "instruments" / "two.yaml"
    file.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_instruments(folder)
    assert raised.value.file == file
    assert raised.value.key.startswith(key)
    assert hint in str(raised.value)


def test_two_files_with_one_code_name_both(folder: Path) -> None:
    (folder / "instruments" / "zwei.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"zwei\.yaml: code: TWO is already defined in two\.yaml"):
        load_instruments(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no such folder"):
        load_triggers(tmp_path)


def test_bytes_that_are_not_text_are_named(folder: Path) -> None:
    file = folder / "instruments" / "two.yaml"
    file.write_bytes(b"code: \xff\xfe\x00")
    with pytest.raises(DefinitionError, match=r"two\.yaml"):
        load_instruments(folder)


def test_the_fingerprint_follows_what_is_said_and_not_how(folder: Path) -> None:
    file = folder / "instruments" / "two.yaml"
    before = read_definition(file, Instrument)
    tidied = "# a comment\n" + SMALL.replace("range: [0, 2]", "range: [0.0, 2.0]")
    tidied = tidied.replace('{code: "1",', '{reversed: false, code: "1",')
    file.write_text(tidied, encoding="utf-8")
    assert fingerprint(read_definition(file, Instrument)) == fingerprint(before)
    changed = msgspec.structs.replace(before, version=2)
    assert fingerprint(changed) != fingerprint(before)


def test_a_trigger_fingerprint_follows_its_parameters(folder: Path) -> None:
    file = folder / "triggers" / "worse.yaml"
    before = fingerprint(read_definition(file, Trigger))
    file.write_text(TRIGGER.replace("points: 5", "points: 6"), encoding="utf-8")
    assert fingerprint(read_definition(file, Trigger)) != before


@pytest.mark.parametrize(
    ("last", "by", "as_of", "due"),
    [
        (None, "2027-05-31", "2027-05-31", False),
        (None, "2027-05-31", "2027-06-01", True),
        ("2026-01-31", None, "2027-01-31", False),
        ("2026-01-31", None, "2027-02-01", True),
        ("2026-01-31", "2028-01-31", "2027-02-01", False),
        (None, None, "2026-01-01", True),
    ],
)
def test_a_review_is_due_by_its_date_or_a_year_on(
    folder: Path, last: str | None, by: str | None, as_of: str, due: bool
) -> None:
    dates = [None if day is None else datetime.date.fromisoformat(day) for day in (last, by, as_of)]
    trigger = msgspec.structs.replace(
        load_triggers(folder)["SCORE_WORSE"], review_date=dates[0], reviewed_by_date=dates[1]
    )
    assert dates[2] is not None
    assert trigger.review_is_due(as_of=dates[2]) is due
