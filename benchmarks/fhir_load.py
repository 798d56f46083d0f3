"""How many resources a second does `tending load fhir` take in, from the file to the record?"""

from pathlib import Path

import msgspec
from django.conf import settings

from benchmarks import fhir_export
from benchmarks.measured import Measured, timed


def measure(*, quick: bool) -> list[Measured]:
    from tending.collect import queries as collected
    from tending.web import intake

    folder = Path(settings.HOME) / "export"
    n = fhir_export.write(folder, people=500 if quick else 7_200)
    with timed() as floor:
        _parse(folder)
    with timed() as load:
        delivery = intake.receive_folder(folder, source="bench", form="FHIR", by=None)
        intake.work_off(delivery)
    with timed() as again:
        intake.work_off(intake.receive_folder(folder, source="bench", form="FHIR", by=None))
    items = collected.delivery(delivery).items
    new, quarantined = (sum(getattr(item, name) for item in items) for name in ("new", "quarantined"))
    parsed = f"msgspec parsing alone: {n / floor.seconds:,.0f}/s"
    return [
        Measured(
            f"FHIR bulk load of {n:,} resources ({new:,} rows new, {quarantined:,} set aside)",
            n / load.seconds,
            "resources/s",
            "≥ 5,000",
            f"{load.seconds / floor.seconds:.0f} × {parsed}; {n / load.cpu_seconds:,.0f} per CPU second",
        ),
        Measured(
            "the same files again",
            n / again.seconds,
            "resources/s",
            "",
            f"{n / again.cpu_seconds:,.0f} per CPU second",
        ),
    ]


def _parse(folder: Path) -> None:
    decoder = msgspec.json.Decoder()
    for path in folder.glob("*.ndjson"):
        with path.open("rb") as file:
            for line in file:
                decoder.decode(line)
