"""Triggers that use every condition, and most of their parameters at least once."""

from types import SimpleNamespace

EVERYONE = SimpleNamespace(programmes=[], service_models=[])
SOME = SimpleNamespace(programmes=["ADULT"], service_models=["FACT"])

_MISSED_ONCE = {"at_least": 1, "within_days": 30, "consecutive": True}
_WORSENING = {"measures": ["PHQ-9"], "against": ["FIRST", "BEST", "PREVIOUS"], "within_days": 14}

_TRIGGERS = [
    ("phq-9", "score_worsening", _WORSENING, EVERYONE),
    ("gad-7", "score_worsening", _WORSENING | {"measures": ["GAD-7"]}, EVERYONE),
    ("recovery", "score_worsening", _WORSENING | {"measures": ["RECOVERY", "SLEEP"], "within_days": 60}, SOME),
    ("missed", "missed_visits", {"at_least": 2, "within_days": 60, "consecutive": True}, EVERYONE),
    (
        "missed-any",
        "missed_visits",
        {"at_least": 3, "within_days": 60, "consecutive": False, "count_cancellations": True},
        SOME,
    ),
    ("crisis", "crisis_contacts", {"at_least": 2, "within_days": 30, "rising": True}, EVERYONE),
    ("police", "crisis_contacts", {"at_least": 1, "within_days": 30, "kinds": ["POLICE"]}, EVERYONE),
    ("housing", "housing_instability", {"within_days": 30}, EVERYONE),
    ("risk", "risk_answer", {"within_days": 14}, EVERYONE),
    ("risk-adult", "risk_answer", {"within_days": 14, "instruments": ["PHQ-9"]}, SOME),
    ("discharge", "not_seen_after_discharge", {"days": 7, "same_day_counts": False}, EVERYONE),
    (
        "discharge-3",
        "not_seen_after_discharge",
        {"days": 3, "same_day_counts": True, "later_contact_clears": False},
        EVERYONE,
    ),
    ("silent", "no_contact", {"days": 30}, EVERYONE),
    ("overdue", "measure_overdue", {"measures": ["PHQ-9", "GAD-7"], "grace_days": 7}, EVERYONE),
    ("goals", "goal_ratings_falling", {"by_at_least": 3, "within_days": 30}, EVERYONE),
    (
        "two-signs",
        "combination",
        {
            "at_least": 2,
            "within_days": 30,
            "signs": [
                {"condition": "missed_visits", "parameters": _MISSED_ONCE},
                {
                    "condition": "score_worsening",
                    "parameters": _WORSENING | {"within_days": 30, "times_reliable_change": 0.5},
                },
                {"condition": "measure_overdue", "parameters": {"measures": ["PHQ-9"], "grace_days": 7}},
                {"condition": "housing_instability", "parameters": {"within_days": 30}},
            ],
        },
        EVERYONE,
    ),
]

BATTERY = [
    SimpleNamespace(code=code, condition=condition, parameters=parameters, cohort=cohort)
    for code, condition, parameters, cohort in _TRIGGERS
]
