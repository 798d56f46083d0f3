"""A synthetic FHIR bulk export, the same for the same seed: resources of the kinds a provider's system sends."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FIRST = date(2024, 1, 1)
DAYS = 730
EACH = 14  # resources a person
LOINC = "http://loinc.org"
TOTALS = (("44261-6", 27), ("70274-6", 21))  # PHQ-9 and GAD-7
CLASSES = ("AMB", "AMB", "AMB", "VR", "HH", "EMER", "IMP")


def write(folder: Path, *, people: int, seed: int = 7) -> int:
    """One NDJSON file a type; how many resources there are."""
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for kind, resources in _files(people, rng).items():
        with (folder / f"{kind}.ndjson").open("w", encoding="utf-8") as file:
            for resource in resources:
                file.write(json.dumps({"resourceType": kind, **resource}, separators=(",", ":")) + "\n")
                written += 1
    return written


def _files(people: int, rng: random.Random) -> dict[str, Iterator[dict[str, Any]]]:
    return {
        "Organization": _organisations(),
        "Practitioner": _practitioners(),
        "PractitionerRole": _roles(),
        "Patient": _patients(people, rng),
        "EpisodeOfCare": _episodes(people, rng),
        "Encounter": _encounters(people, rng),
        "Appointment": _appointments(people, rng),
        "Observation": _observations(people, rng),
        "QuestionnaireResponse": _responses(people, rng),
        "Condition": _conditions(people, rng),
    }


def _day(rng: random.Random) -> str:
    return (FIRST + timedelta(days=rng.randrange(DAYS))).isoformat()


def _of(n: int) -> dict[str, str]:
    return {"reference": f"Patient/p{n}"}


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _organisations() -> Iterator[dict[str, Any]]:
    for n in range(20):
        yield {"id": f"o{n}", "name": f"Team {n}", "type": [_coded("http://x.example/type", "team")]}


def _practitioners() -> Iterator[dict[str, Any]]:
    for n in range(200):
        yield {"id": f"s{n}", "name": [{"family": f"Staff{n}", "given": ["Kim"]}]}


def _roles() -> Iterator[dict[str, Any]]:
    for n in range(200):
        yield {
            "id": f"r{n}",
            "practitioner": {"reference": f"Practitioner/s{n}"},
            "organization": {"reference": f"Organization/o{n % 20}"},
            "period": {"start": "2020-01-01"},
        }


def _patients(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {
            "id": f"p{n}",
            "name": [{"use": "official", "family": f"Family{n}", "given": [f"Given{n % 400}", "Lee"]}],
            "birthDate": date(1940 + rng.randrange(65), 1 + rng.randrange(12), 1 + rng.randrange(28)).isoformat(),
            "gender": rng.choice(("female", "male", "other")),
            "telecom": [{"system": "phone", "value": "+1 555 0100"}],
            "communication": [{"language": _coded("urn:ietf:bcp:47", "en"), "preferred": True}],
        }


def _episodes(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {
            "id": f"e{n}",
            "status": "active",
            "patient": _of(n),
            "managingOrganization": {"reference": f"Organization/o{n % 20}"},
            "careManager": {"reference": f"Practitioner/s{n % 200}"},
            "period": {"start": FIRST.isoformat()},
        }


def _encounters(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people * 6):
        day, person = _day(rng), n % people
        yield {
            "id": f"v{n}",
            "status": "finished",
            "class": {"code": rng.choice(CLASSES)},
            "type": [_coded("http://snomed.info/sct", "185349003")],
            "subject": _of(person),
            "participant": [{"individual": {"reference": f"Practitioner/s{person % 200}"}}],
            "serviceProvider": {"reference": f"Organization/o{person % 20}"},
            "period": {"start": f"{day}T14:00:00-05:00", "end": f"{day}T14:50:00-05:00"},
        }


def _appointments(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {
            "id": f"a{n}",
            "status": rng.choice(("noshow", "booked", "cancelled")),
            "start": f"{_day(rng)}T15:00:00-05:00",
            "participant": [
                {"actor": _of(n), "status": "accepted"},
                {"actor": {"reference": f"Practitioner/s{n % 200}"}, "status": "accepted"},
            ],
        }


def _observations(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people * 3):
        code, highest = TOTALS[n % 2]
        yield {
            "id": f"b{n}",
            "status": "final",
            "code": _coded(LOINC, code),
            "subject": _of(n % people),
            "effectiveDateTime": f"{_day(rng)}T09:00:00-05:00",
            "valueQuantity": {"value": rng.randrange(highest + 1), "code": "{score}"},
        }


def _responses(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {
            "id": f"q{n}",
            "status": "completed",
            "questionnaire": "http://x.example/Questionnaire/PHQ-9",
            "subject": _of(n),
            "authored": f"{_day(rng)}T10:00:00-05:00",
            "item": [{"linkId": f"/{item}", "answer": [{"valueInteger": rng.randrange(4)}]} for item in range(1, 10)],
        }


def _conditions(people: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(people):
        yield {
            "id": f"c{n}",
            "clinicalStatus": _coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
            "code": {**_coded("http://hl7.org/fhir/sid/icd-10-cm", "F33.1"), "text": "Recurrent depression"},
            "subject": _of(n),
            "onsetDateTime": _day(rng),
        }
