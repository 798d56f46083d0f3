"""Metrics that use every count, and most of their parameters at least once."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from outcometables.definitions.loading import load_metrics

EVERYONE = SimpleNamespace(programmes=[], service_models=[])
SOME = SimpleNamespace(programmes=["ADULT"], service_models=["OUTPATIENT"])
SHIPPED = load_metrics(Path(__file__).parents[3] / "definitions")

_REFERRALS = "referrals_followed_by_contact"

_EPISODES = {"in_care_before_days": 90, "derived_leaves": True, "ends_that_leave": ["MOVED", "COMPLETED"]}
_CHANGE = {
    "within_days": 90,
    "first_score_days_before": 14,
    "first_score_within_days": 14,
    "at_least_days_apart": 21,
}

# code, count, unit, parameters, cohort: beside the metrics we ship, which are all in the battery
_METRICS = [
    ("contact-any", _REFERRALS, "DAYS", {"within_days": 14, "same_day_counts": False, "death_leaves": False}, SOME),
    (
        "contact-business",
        _REFERRALS,
        "BUSINESS_DAYS",
        {
            "within_days": 10,
            "same_day_counts": True,
            "contact_kinds": ["ASSESSMENT", "THERAPY"],
            "media": ["IN_PERSON", "VIDEO"],
            "same_team_only": True,
            "urgencies": ["ROUTINE", ""],
            "repeat_within_days": 90,
            "seen_before_days": 60,
        },
        EVERYONE,
    ),
    (
        "appointments-early",
        "appointments",
        "NONE",
        {
            "met_by": ["NO_SHOW", "CANCELLED_BY_PERSON"],
            "record_within_days": 7,
            "left_out": ["CANCELLED_BY_PROVIDER"],
            "contact_kinds": ["THERAPY", "ASSESSMENT"],
            "media": ["IN_PERSON", "VIDEO"],
            "first_days": 60,
        },
        SOME,
    ),
    (
        "attendance",
        "early_attendance",
        "COUNT",
        {
            "within_days": 30,
            "at_least": 2,
            "first_day_counts": False,
            "contact_kinds": ["THERAPY", "ASSESSMENT"],
            "same_team_only": False,
            **_EPISODES,
        },
        EVERYONE,
    ),
    ("drop-out", "early_drop_out", "DAYS", {"within_days": 90, "silent_days": 30, **_EPISODES}, EVERYONE),
    (
        "drop-out-said",
        "early_drop_out",
        "DAYS",
        {"within_days": 60, "silent_days": 0, "drop_out_reasons": ["DROPPED_OUT", "MOVED"], "death_leaves": False},
        SOME,
    ),
    (
        "change",
        "early_symptom_change",
        "HUNDREDTHS",
        {"measure": "PHQ-9", "above_cutoff_only": True, **_CHANGE, **_EPISODES},
        EVERYONE,
    ),
    (
        "change-percent",
        "early_symptom_change",
        "HUNDREDTHS",
        {"measure": "RECOVERY", "at_least_percent": 50, **_CHANGE},
        SOME,
    ),
    ("engaged", "months_engaged", "COUNT", {"at_least": 2, "contact_kinds": ["THERAPY", "OUTREACH"]}, SOME),
    (
        "engaged-team",
        "months_engaged",
        "COUNT",
        {"at_least": 1, "media": ["HOME", "PHONE", "VIDEO"], "same_team_only": True},
        EVERYONE,
    ),
    (
        "covered",
        "months_measured",
        "DAYS",
        {"measures": ["PHQ-9", "GAD-7"], "within_days": 35, "new_for_days": 14},
        EVERYONE,
    ),
    (
        "answered",
        "measures_answered",
        "DAYS",
        {
            "measure": "PHQ-9",
            "grace_days": 7,
            "first_due_after_days": 14,
            "answered_before_days": 7,
        },
        EVERYONE,
    ),
    (
        "answered-monthly",
        "measures_answered",
        "DAYS",
        {
            "measure": "SLEEP",
            "grace_days": 0,
            "first_due_after_days": 0,
            "answered_before_days": 0,
            "due_every_days": 30,
            "death_leaves": False,
        },
        SOME,
    ),
    (
        "entered",
        "entries_in_time",
        "BUSINESS_DAYS",
        {"tables": ["contacts", "scores"], "within_days": 3, "history_after_days": 10},
        EVERYONE,
    ),
    (
        "entered-contacts",
        "entries_in_time",
        "DAYS",
        {"tables": ["contacts"], "within_days": 0, "history_after_days": 0, "routine_since": date(2024, 3, 1)},
        SOME,
    ),
]

BATTERY = [
    *(
        SimpleNamespace(
            code=code, version=1, counts=counts, unit=unit, parameters=parameters, cohort=cohort, lag_days=0
        )
        for code, counts, unit, parameters, cohort in _METRICS
    ),
    *SHIPPED.values(),
]
