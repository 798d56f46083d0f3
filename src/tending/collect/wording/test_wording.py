"""Official wording comes from the file the provider brings, whole and with its copyright line, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest

from outcometables.definitions.loading import load_instruments
from tending.base.audit.models import AuditEvent
from tending.collect.fhir.mapping.catalogue import Catalogue
from tending.collect.models import QuestionnaireWording, Submission
from tending.collect.wording import questionnaire
from tending.collect.wording.actions import load_wording
from tending.collect.wording.queries import wording
from tending.collect.wording.questionnaire import WordingRefused

ROOT = Path(__file__).resolve().parents[4]
PHQ9 = ROOT.parent / "shared" / "data" / "questionnaires" / "phq9_loinc.json"
INSTRUMENTS = load_instruments(ROOT / "definitions")
CATALOGUE = Catalogue(INSTRUMENTS)
LOINC = "http://loinc.org"


@pytest.fixture(autouse=True)
def _raw_store(settings, tmp_path):
    settings.RAW_STORE = tmp_path / "raw"


def brought(name: str = "PHQ-9", **changes: Any) -> dict[str, Any]:
    """A questionnaire as a provider brings it, in invented words."""
    instrument = INSTRUMENTS[name]
    items = [
        {
            "linkId": str(number),
            "text": f"Question {item.code}?",
            "code": [{"system": LOINC, "code": item.loinc}] if item.loinc else [],
            "answerOption": [
                {
                    "extension": [
                        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": answer.value}
                    ],
                    "valueCoding": {"code": f"a{answer.value}", "display": f"Answer {answer.value}"},
                }
                for answer in instrument.answers_to(item)
            ],
        }
        for number, item in enumerate(instrument.items, start=1)
    ]
    panel = [{"system": LOINC, "code": instrument.loinc.panel}] if instrument.loinc.panel else []
    return {
        "resourceType": "Questionnaire",
        "title": "Our questionnaire",
        "code": panel,
        "copyright": "Somebody, 2001.",
        "item": [{"linkId": "group", "item": items}],
        **changes,
    }


def saved(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "questionnaire.json"
    path.write_text(json.dumps(content))
    return path


def refused(content: bytes | dict[str, Any]) -> WordingRefused:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(WordingRefused) as caught:
        questionnaire.read(raw, CATALOGUE)
    assert caught.value.fix
    return caught.value


def test_the_words_are_kept_with_their_copyright_and_used_from_then_on(db, tmp_path):
    assert wording(instrument="PHQ-9", language="en") is None
    loaded = load_wording(by=None, path=saved(tmp_path, brought()))
    assert (loaded.instrument, loaded.language, loaded.items, loaded.copyright_from_file) == ("PHQ-9", "en", 9, True)
    found = wording(instrument="PHQ-9", language="en-US")
    assert found is not None
    assert (found.items["9"], found.answer("9", 3), found.copyright) == ("Question 9?", "Answer 3", "Somebody, 2001.")
    assert wording(instrument="PHQ-9", language="es") is None
    assert str(loaded) == (
        "From now on PHQ-9 (en, 9 items) is asked in its official wording.\n"
        "Printed with it, from the file: Somebody, 2001."
    )
    assert AuditEvent.objects.filter(what__contains="official wording of PHQ-9").count() == 1


def test_loading_the_same_words_again_changes_nothing_and_other_words_take_their_place(db, tmp_path):
    load_wording(by=None, path=saved(tmp_path, brought()))
    again = load_wording(by=None, path=saved(tmp_path, brought()))
    assert again.already
    assert (QuestionnaireWording.objects.count(), Submission.objects.count()) == (1, 1)
    other = load_wording(by=None, path=saved(tmp_path, brought(title="A newer form")))
    assert not other.already
    found = wording(instrument="PHQ-9", language="en")
    assert found is not None
    assert found.title == "A newer form"


def test_spanish_words_are_kept_apart(db, tmp_path):
    load_wording(by=None, path=saved(tmp_path, brought(language="es-MX", title="Cuestionario")))
    found = wording(instrument="PHQ-9", language="es")
    assert found is not None
    assert found.title == "Cuestionario"


def test_without_a_copyright_line_a_free_instrument_carries_its_own_notice():
    read = questionnaire.read(json.dumps(brought(copyright=" ")).encode(), CATALOGUE)
    assert not read.copyright_from_file
    assert read.copyright == INSTRUMENTS["PHQ-9"].licence.notice


def test_without_a_copyright_line_a_licensed_instrument_is_refused():
    licensed = brought("CORE-10", url="https://example.org/Questionnaire/core-10", copyright=None)
    assert "copyright" in str(refused(licensed))
    licensed["copyright"] = "Printed under our licence."
    assert questionnaire.read(json.dumps(licensed).encode(), CATALOGUE).instrument.code == "CORE-10"


def test_an_instrument_is_found_by_its_items_when_no_panel_is_named():
    assert questionnaire.read(json.dumps(brought(code=[])).encode(), CATALOGUE).instrument.code == "PHQ-9"


def test_answers_that_differ_from_item_to_item_are_kept_by_item():
    content = brought("AUDIT-C")
    options = content["item"][0]["item"][0]["answerOption"]
    options[0]["valueCoding"]["display"] = "Only here"
    read = questionnaire.read(json.dumps(content).encode(), CATALOGUE)
    assert (read.answers["1:0"], read.answers["2:0"]) == ("Only here", "Answer 0")


def test_an_item_or_an_answer_that_is_missing_is_named():
    without_item = brought()
    del without_item["item"][0]["item"][8]
    assert "for item 9" in str(refused(without_item))
    without_answer = brought()
    del without_answer["item"][0]["item"][4]["answerOption"][3]
    assert "Item 5 has no words for the answer 3" in str(refused(without_answer))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "no FHIR Questionnaire"),
        (b"\xff\xfe{", "no FHIR Questionnaire"),
        (b"[]", "no FHIR Questionnaire"),
        (b'{"resourceType": "Patient"}', "holds a Patient"),
        (b'{"resourceType": "Questionnaire", "item": {}}', "no FHIR Questionnaire"),
        (b'{"resourceType": "Questionnaire", "code": [{"system": "http://loinc.org", "code": "1-8"}]}', "1-8"),
        (b" " * (questionnaire.LARGEST + 1), "larger than"),
    ],
)
def test_whatever_is_no_questionnaire_of_ours_is_refused_in_words(content, says):
    assert says in str(refused(content))


def test_a_file_that_is_not_there_is_refused(db, tmp_path):
    with pytest.raises(WordingRefused, match=r"nothing\.json cannot be opened"):
        load_wording(by=None, path=tmp_path / "nothing.json")


@pytest.mark.skipif(not PHQ9.exists(), reason="the shared example questionnaire is not beside this checkout")
def test_the_real_phq_9_is_read_whole():
    read = questionnaire.read(PHQ9.read_bytes(), CATALOGUE)
    assert read.instrument.code == "PHQ-9"
    assert sorted(read.items, key=int) == [str(number) for number in range(1, 10)]
    assert sorted(read.answers) == ["0", "1", "2", "3"]
    assert not read.copyright_from_file  # the file brings none: the definition's notice is printed
