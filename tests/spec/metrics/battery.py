"""Metrics that use every count, and most of their parameters at least once."""

from pathlib import Path
from types import SimpleNamespace

from outcometables.definitions.loading import load_metrics

EVERYONE = SimpleNamespace(programmes=[], service_models=[])
SOME = SimpleNamespace(programmes=["ADULT"], service_models=["OUTPATIENT"])
SHIPPED = load_metrics(Path(__file__).parents[3] / "definitions")

_REFERRALS = "referrals_followed_by_contact"

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
