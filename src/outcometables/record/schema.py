"""The record's tables and columns: the one list that exports, triggers and metrics agree on.

Days are whole numbers, counted from 1970-01-01 in the provider's own time zone, so that no engine has to
know a calendar. Only current rows are here: a corrected row leaves when its correction arrives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import narwhals.stable.v2 as nw

ColumnType = type[nw.Int8] | type[nw.Int32] | type[nw.Int64] | type[nw.Float64] | type[nw.String]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, what it means, and whether it may be empty."""

    name: str
    dtype: ColumnType
    meaning: str
    nullable: bool = False


_ROW = Column("row_id", nw.Int64, "The row's own number, unique within the table; later entries are higher.")
_PERSON = Column("person_id", nw.Int64, "The person.")


def _day(meaning: str, name: str = "day", *, nullable: bool = False) -> Column:
    return Column(name, nw.Int32, meaning, nullable)


def _word(name: str, meaning: str) -> Column:
    return Column(name, nw.String, meaning)


SCHEMA: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "people": (
            _PERSON,
            _day("The day the person was born.", "birth_day", nullable=True),
            _day("The day the person died.", "died_day", nullable=True),
        ),
        "episodes": (
            _ROW,
            _PERSON,
            Column("team_id", nw.Int64, "The team that holds the episode.", nullable=True),
            _word("programme", "The programme of that team."),
            _word("service_model", "The service model of that team."),
            _day("The first day of the episode.", "start_day"),
            _day("The day the episode ended; empty while it is open.", "end_day", nullable=True),
        ),
        "contacts": (
            _ROW,
            _PERSON,
            Column("team_id", nw.Int64, "The team of the contact.", nullable=True),
            Column("staff_id", nw.Int64, "The member of staff.", nullable=True),
            _day("The day the contact was for."),
            _word("kind", "ASSESSMENT, THERAPY, MEDICATION, CARE_COORDINATION, PEER_SUPPORT, OUTREACH …"),
            _word("status", "BOOKED, ATTENDED, NO_SHOW, CANCELLED_BY_PERSON, CANCELLED_BY_PROVIDER."),
        ),
        "scores": (
            _ROW,
            _PERSON,
            _word("measure", "PHQ-9 for a total, DIALOG/SUBSCALE for a part."),
            _day("The day the person answered."),
            Column("ordinal", nw.Int32, "0, 1, 2 … by day, then row, within the person and measure."),
            Column("value", nw.Float64, "The score, in the measure's own points."),
        ),
        "measures": (
            _word("measure", "The measure, as in scores."),
            Column("direction", nw.Int8, "1 when higher is worse, -1 when higher is better."),
            Column(
                "reliable_change",
                nw.Float64,
                "The smallest change, in points, that is more than noise; empty where nobody has published one.",
                nullable=True,
            ),
            Column("cutoff", nw.Float64, "The clinical cut-off, in points.", nullable=True),
            _day("Days from one score to the next one due.", "due_every_days", nullable=True),
        ),
        "risk_answers": (
            _ROW,
            _PERSON,
            _word("instrument", "The questionnaire."),
            _word("item", "The item's code."),
            _day("The day the person answered."),
            Column("value", nw.Int32, "The answer, at or above the item's risk threshold."),
        ),
        "crisis": (
            _ROW,
            _PERSON,
            _day("The day of the crisis contact."),
            _word("kind", "CRISIS_LINE, MOBILE_CRISIS, WALK_IN, EMERGENCY_DEPARTMENT, POLICE."),
        ),
        "stays": (
            _ROW,
            _PERSON,
            _word("kind", "PSYCHIATRIC_INPATIENT, MEDICAL_INPATIENT, EMERGENCY_DEPARTMENT …"),
            _day("The day of admission.", "admit_day"),
            _day("The day of discharge; empty while the person is there.", "discharge_day", nullable=True),
        ),
        "housing": (
            _ROW,
            _PERSON,
            _day("The day from which this was so."),
            _word("state", "STABLE, AT_RISK, TEMPORARY, SHELTER, UNSHELTERED, INSTITUTION, UNKNOWN."),
        ),
        "goal_ratings": (
            _ROW,
            _PERSON,
            Column("goal_id", nw.Int64, "The goal."),
            _day("The day of the rating."),
            Column("rating", nw.Int32, "0 (not at all) to 10 (fully reached)."),
            _word("rated_by", "PERSON or STAFF."),
        ),
        "care_plan_events": (
            _ROW,
            _PERSON,
            _day("The day of the event."),
            _word("kind", "PLAN_AGREED, PLAN_REVIEWED, SAFETY_PLAN_AGREED, MEDICATION_CHANGED …"),
        ),
    }
)
