"""The data dictionary: every table and column of the mart in words, made from the schema itself."""

from collections.abc import Mapping
from types import MappingProxyType

from outcometables.mart.schema import MART, MART_VERSION
from outcometables.record.schema import Column

TABLES: Mapping[str, str] = MappingProxyType(
    {
        "people": "One row a person, without name, address or any system's own identifier.",
        "episodes": "From when to when a team held a person.",
        "contacts": "Every contact, booked, attended or missed.",
        "scores": "Every score that counts now, with its place in the person's course.",
        "measures": "What is needed to read scores: direction, reliable change, cut-off, when the next is due.",
        "risk_answers": "Answers at or above an item's risk threshold, under the definitions in force.",
        "crisis": "Contacts in a crisis.",
        "stays": "Stays in hospital, emergency departments and residential places.",
        "housing": "How a person lived, from a day on.",
        "goal_ratings": "How near a goal is, as the person or staff said.",
        "care_plan_events": "What happened to care plans and safety plans.",
        "calendar": "Every day once, so that no engine has to know a calendar.",
        "teams": "The provider's teams as they are now.",
        "organisations": "Partners.",
        "caseload": "Who worked with whom.",
        "referrals": "Who was referred, when and to which team.",
        "goals": "The goals people stated, without their words.",
        "diagnoses": "Diagnoses by code.",
        "procedures": "What was done or ordered that has a code.",
        "consents": "What a person agreed to, from when to when.",
        "signals": "A trigger was met: when, and by when somebody must begin.",
        "reviews": "What people did about signals, by its clocks; not a word anybody wrote.",
        "review_actions": "What was agreed in reviews, by its clocks.",
        "looks": "On how many occasions a day a person's record was opened; never by whom.",
    }
)

_INTRODUCTION = f"""# The mart, table by table

<!-- Made from src/outcometables/mart/schema.py. TENDING_WRITE_REFERENCE=1 pytest
     tests/reference/test_mart_dictionary.py writes it anew. -->

`tending mart` writes these tables as Parquet; [analyse the mart](../how-to/analyse-the-mart.md) opens them.
This is version {MART_VERSION}; `manifest.json` in the mart's folder says which version it holds, the day it is
complete up to (`as_of`), and for every file its rows, its length and its SHA-256. The manifest is the only way in:
files it does not name are left over or half written.

| in a column called | there is |
|---|---|
| `…_day`, `day` | whole days since 1970-01-01 in the provider's own time zone; 20000 is 4 October 2024 |
| `…_minute`, `minute` | whole minutes since 1970-01-01 00:00 UTC |
| `month` | year × 12 + month − 1 |
| `ymd`, `birth_ymd` | year × 10000 + month × 100 + day: an age is a subtraction and a division |
| `row_id` | the person's number × 2²⁰ + the row's place among that person's rows of the table |
| yes or no | 1 or 0 |

Only what counts now is here: a corrected row is gone when its correction has come. An empty cell means that it is not
known, or has not happened; a column that may be empty says so.

What the de-identified variant changes, and what it does not protect against, is in
[analyse the mart](../how-to/analyse-the-mart.md#the-de-identified-variant).
"""


def markdown() -> str:
    """The reference page.

    >>> "## goals" in markdown()
    True
    """
    return _INTRODUCTION + "".join(_section(table, columns) for table, columns in MART.items())


def _section(table: str, columns: tuple[Column, ...]) -> str:
    rows = "".join(
        f"| {each.name} | {each.dtype.__name__}{', may be empty' if each.nullable else ''} | {each.meaning} |\n"
        for each in columns
    )
    return f"\n## {table}\n\n{TABLES[table]}\n\n| column | type | meaning |\n|---|---|---|\n{rows}"
