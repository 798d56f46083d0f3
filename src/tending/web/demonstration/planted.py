"""The known truth: every effect the demonstration contains, as one frozen set of parameters.

Nothing else in the package holds an effect size, so what is printed in truth.json is what was simulated.
"""

from dataclasses import dataclass

OUTPATIENT, COMMUNITY, YOUTH = "Adult outpatient", "Community support", "Youth and young adult"


@dataclass(frozen=True, slots=True)
class Team:
    """One team's truth. Improvement is in PHQ-9 points gained by week 12 for the average person."""

    name: str
    programme: str
    service_model: str
    site: str
    share_of_people: float
    improvement: float
    no_show: float
    measure_completed: float
    crisis_per_week: float
    response_hours: float
    response_in_time: float
    n_practitioners: int


TEAMS = (
    Team("Harbor Outpatient", OUTPATIENT, "Outpatient therapy", "Harbor House",
         0.23, 6.4, 0.19, 0.93, 0.0034, 14.0, 0.93, 4),
    Team("Mill Street Outpatient", OUTPATIENT, "Outpatient therapy", "Mill Street Center",
         0.24, 3.6, 0.17, 0.82, 0.0040, 52.0, 0.62, 4),
    Team("Cedar Ridge Outpatient", OUTPATIENT, "Integrated care", "Cedar Ridge Center",
         0.20, 5.2, 0.14, 0.90, 0.0034, 26.0, 0.84, 4),
    Team("Riverbend ACT", COMMUNITY, "Assertive community treatment", "Mill Street Center",
         0.08, 2.6, 0.05, 0.88, 0.0115, 8.0, 0.95, 4),
    Team("Bridgeway Community Support", COMMUNITY, "Community support", "Harbor House",
         0.11, 2.8, 0.10, 0.84, 0.0078, 30.0, 0.80, 3),
    Team("First Steps", YOUTH, "Early intervention", "Cedar Ridge Center",
         0.14, 5.8, 0.17, 0.88, 0.0057, 22.0, 0.86, 4),
)  # fmt: skip
HARBOR, MILL, CEDAR, ACT, BRIDGEWAY, FIRST_STEPS = range(6)
PEOPLE_PER_SQUAD = 1500  # beyond this many people the six teams are repeated, so that caseloads stay human


@dataclass(frozen=True, slots=True)
class Planted:
    """Effects that a later page should be able to find, and the sizes it should find."""

    # How people's distress changes.
    practitioner_sd: float = 0.6
    person_sd: float = 3.2
    squad_sd: float = 0.5
    start_severity_slope: float = 0.25
    stall_team: int = FIRST_STEPS
    stall_after_weeks: int = 8
    # One population waits longer at one site.
    gap_language: str = "es"
    gap_site: str = "Mill Street Center"
    median_wait_days: float = 9.0
    gap_extra_days: float = 13.0
    # A partner hospital whose discharge notices come late, and what late notice costs.
    late_hospital: int = 1
    prompt_notice_hours: float = 12.0
    late_notice_hours: float = 120.0
    never_notified: float = 0.05
    follow_up_hazard_ratio: float = 0.55
    after_discharge_hazard_ratio: float = 2.0
    # A change of practice that worked, and one that did not.
    worked_team: int = HARBOR
    worked_days_ago: int = 270
    worked_no_show_odds_ratio: float = 0.45
    idle_team: int = CEDAR
    idle_days_ago: int = 210
    idle_no_show_odds_ratio: float = 1.0
    # What goes before a crisis, as ratios of the weekly hazard.
    crisis_per_distress_point: float = 0.10
    crisis_in_relapse: float = 5.0
    relapse_counts_above: float = 4.0
    crisis_per_risk_sd: float = 1.5  # for people one deviation readier to endorse the self-harm item
    crisis_unstable_housing: float = 1.9
    crisis_recent_housing_slip: float = 1.8
    crisis_recent_crisis: float = 2.2
    crisis_missed_twice: float = 2.2
    crisis_after_response: float = 0.65
    relapse_per_week: float = 0.0035
    response_halves_relapse_to: float = 0.5
    # What goes before losing touch.
    drop_out_per_week: float = 0.0020
    drop_out_after_missed: tuple[float, ...] = (0.0, 0.004, 0.03, 0.08, 0.18)
    drop_out_deprived_ratio: float = 1.5
    # How late answers reach the record: one team still enters paper.
    paper_team: int = BRIDGEWAY
    paper_lag_days: int = 10
    paper_lag_missing: float = 0.6


PLANTED = Planted()

CHANGE_WORKED = {
    "title": "Next-day calls after a missed visit, and a reminder the evening before",
    "why": "People said a call from someone they know made it easier to come back.",
}
CHANGE_IDLE = {
    "title": "Evening appointments on two days a week",
    "why": "People in work were thought to miss visits for want of evening times.",
}
