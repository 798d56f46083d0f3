"""Real exports, where they lie beside the checkout: every row, every resource that is not read, every trap."""

from collections import Counter
from pathlib import Path

import pytest

from tending.collect.fhir import reading

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
SYNTHEA = SHARED / "synthea_bulk"
ECQM = SHARED / "ecqm_cms159"


needs_shared = pytest.mark.skipif(not SYNTHEA.is_dir(), reason="the shared data folder is not beside this checkout")


def all_of(folder: Path) -> tuple[Counter[str], Counter[str], list[str]]:
    files = sorted(folder.glob("*.ndjson"))
    survey = reading.survey_of(files)
    kinds: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    faults = []
    for file in files:
        found = reading.read(file, survey=survey)
        for chunk in found.chunks:
            kinds.update(row.kind for row in chunk.rows)
            faults += [one.reason for one in chunk.faults]
        notes += found.notes
    return kinds, notes, faults


@needs_shared
def test_the_synthetic_export_is_read_whole_with_its_traps():
    kinds, notes, faults = all_of(SYNTHEA)
    assert faults == []
    assert kinds == {
        "people": 50,
        "staff": 44,
        "teams": 10,
        "organisations": 10,
        "contacts": 1353,
        "stays": 119,
        "crisis_contacts": 26,
        "scores": 215,
        "housing": 233,
        "diagnoses": 577,
        "goals": 159,
        "care_plan_events": 183,
        "procedures": 1509,
    }
    assert notes == {
        "NOT_READ Location": 15,
        "NOT_READ MedicationRequest": 527,
        "NOT_READ CareTeam.participant (role not told)": 183,
        "NOT_READ Organization (who pays)": 7,
        "NOT_READ Observation 28245-9 Abuse Status [OMAHA]": 23,
        "NOT_READ Observation 55758-7 Patient Health Questionnaire 2 item (PHQ-2) total score [Reported]": 162,
        "NOT_READ Observation 63513-6 Are you covered by health insurance or some other kind of health care plan "
        "[PhenX]": 23,
        "NOT_READ Observation 72166-2 Tobacco smoking status": 223,
        "NOT_READ Observation 76690-7 Sexual orientation": 23,
        "NOT_READ Observation 82667-7 Total score [DAST-10]": 59,
        "NOT_WHOLE Observation GAD-7": 1,
    }


@needs_shared
def test_the_measure_bundles_are_read_whole_but_for_what_their_authors_made_wrong():
    kinds, notes, faults = all_of(ECQM)
    assert kinds == {"people": 34, "scores": 58, "diagnoses": 41, "contacts": 38, "stays": 5, "procedures": 6}
    # Two totals of 300, one score and one encounter whose status is "unknown".
    assert sorted(faults) == ["OUT_OF_RANGE", "OUT_OF_RANGE", "UNKNOWN_STATUS", "UNKNOWN_STATUS"]
    assert notes["NOT_READ ServiceRequest (not a referral)"] == 1  # a hospice order that was revoked
    assert sum(count for note, count in notes.items() if note.startswith("CLASS_NOT_KNOWN")) == 3
