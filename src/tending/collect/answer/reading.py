"""A set of answers as one canonical row, the same as a row of answers.csv."""

import json
from datetime import date

from tending.collect.mapped import Mapped


def read(content: bytes) -> Mapped:
    """The row of one submission of answers; it is our own JSON, so anything odd is an error worth seeing."""
    said = json.loads(content)
    return Mapped(
        kind="answers",
        key=f"ask-{said['ask']}",
        line=1,
        fields={
            "person_id": said["person"],
            "instrument": said["instrument"],
            "answered_date": date.fromisoformat(said["answered_date"]),
            "items": said["answers"],
        },
    )
